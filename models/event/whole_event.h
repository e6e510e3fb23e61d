// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"

#include <span>

namespace models::event {

// What a preview lacks (connectors::ReadRequest::previewBytes), read in pages. These block: not on the GUI thread. Errors: what
// reading says, NotFound where the event is no longer stored, Conflict where another one is in its place.

/// Where bytes go; false: no more of them are wanted.
using WriteBytes = std::function<bool(const QByteArray &bytes)>;

/// The event with nothing cut, as the only one of a batch; all of it is in memory then. A part that has more than `mostBytes`
/// stays cut.
[[nodiscard]] connectors::Result<connectors::EventBatchPtr> wholeEvent(connectors::EventReader &reader, const connectors::EventBatch &batch, qsizetype row,
                                                                       const std::stop_token &stop,
                                                                       qint64 mostBytes = std::numeric_limits<qint64>::max());

/// eventJson() of the event with nothing cut. Of its body a page is in memory at a time. The error of the first page comes
/// before anything is written.
[[nodiscard]] connectors::Result<void> writeEventJson(connectors::EventReader &reader, const connectors::EventBatch &batch, qsizetype row,
                                                      const WriteBytes &write, const std::stop_token &stop);

/// The bytes of a body from `offset` on, page by page. `size`: what it must have in all.
[[nodiscard]] connectors::Result<void> writeBody(connectors::EventReader &reader, const connectors::EventAddress &address, qint64 offset, qint64 size,
                                                 const WriteBytes &write, const std::stop_token &stop);

/// Calls `use` with each of the events that is still stored, in the order asked, of its parts a page each at most. Asks for fewer
/// at once where one answer cannot carry them all.
[[nodiscard]] connectors::Result<void> forEachFetched(connectors::EventReader &reader, std::span<const connectors::EventAddress> addresses,
                                                      const std::function<connectors::Result<void>(const connectors::EventBatch &batch, qsizetype row)> &use,
                                                      const std::stop_token &stop);

} // namespace models::event
