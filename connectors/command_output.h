// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include <tl/expected.hpp>

#include <chrono>
#include <stop_token>

namespace connectors {

/// What a program prints on its stdout, at most so many bytes. Run without a shell and without input. The error is how it failed, as the end of
/// a sentence that begins with its name ("ended with status 2 (log in first)."): it has the last words of its stderr, and nothing of what
/// it printed. Blocks.
[[nodiscard]] tl::expected<QByteArray, QString> outputOf(const QStringList &command, qsizetype mostBytes, std::chrono::milliseconds patience,
                                                         const std::stop_token &stop);

} // namespace connectors
