// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace tests {

/// A message as the protocol's own writer makes it.
struct CorpusMessage {
    QString file; ///< "question/read": folder and name in the corpus
    QByteArray bytes;
};

/// One of each kind, with every field set. The corpus is these, and what a fuzzer found.
[[nodiscard]] std::vector<CorpusMessage> corpusMessages();

} // namespace tests
