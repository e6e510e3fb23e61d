// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_writer.h"

namespace ctl {

/// One line of `append`: either `{"stream","eventType","payload",…}`, or a native envelope at the top level whose other
/// members, as they are written, are the payload. `stream` is the option's, else the event's, else its aggregateId.
/// Bodies are never re-serialised: numbers stay as written. Errors say what is wrong, not where: the caller knows the line.
[[nodiscard]] connectors::Result<connectors::NewEvent> parseEventLine(const QByteArray &line, const QString &stream);

} // namespace ctl
