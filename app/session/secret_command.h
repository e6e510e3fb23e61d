// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/result.h"

#include <QStringList>

#include <chrono>
#include <stop_token>

namespace session {

enum class Printed { Password, Token };

/// What a program prints that keeps a password or gets a token: the text on its stdout, without the line's end. Run without a shell and
/// without input. NotAuthenticated where it cannot be started, does not end in time, prints nothing, too much or no text, or ends with
/// another status than 0; the error has the last words of its stderr, and nothing of what it printed. Blocks.
[[nodiscard]] connectors::Result<QString> secretFromCommand(const QStringList &command, const std::stop_token &stop = {},
                                                            std::chrono::milliseconds patience = std::chrono::seconds(30), Printed what = Printed::Password);

/// Where one secret is given and not said which: it is the one that the spec's way of logging in needs.
void putSecret(const connectors::ConnectionSpec &spec, const QString &secret, connectors::Credentials *credentials);

} // namespace session
