// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

namespace session {

/// The document in an open file that a person may edit. An error is the end of a sentence with the line: “line 3 is not
/// JSON.” Not beyond 4 MiB, and not so deep that the library could not bear it. `text` is what was read; may be null.
[[nodiscard]] tl::expected<nlohmann::ordered_json, QString> readJson(QFile &file, QByteArray *text = nullptr);

/// The line, from 1 on, of the byte.
[[nodiscard]] int lineOf(const QByteArray &text, size_t byte);

} // namespace session
