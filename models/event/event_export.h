// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/event/event_column.h"
#include "models/event/event_rows.h"
#include "models/job/job.h"

#include <QFuture>

namespace models::event {

enum class ExportFormat { Ndjson, Csv };

/// What is to be written, without the bodies: they are read again, 500 at a time, fewer where they are large, and large ones in pages. Made of a table that
/// may go on meanwhile, and as cheap as a SortInput.
struct ExportRequest {
    std::vector<QString> streams; ///< by EventEntry::stream
    EventChunks events;
    EventRows rows;
    std::vector<RowSpan> spans; ///< of the rows, in the order of the file
    ExportFormat format = ExportFormat::Ndjson;
    std::vector<EventColumn> columns; ///< of a CSV, to which csvColumns() adds
    QString path;

    [[nodiscard]] qint64 count() const; ///< of events
};

struct ExportOutcome {
    qint64 written = 0;
    qint64 gone = 0; ///< no longer stored
};

/// Writes on another thread; the file is replaced only when it is complete. NDJSON as `streamgaugectl events` prints it.
/// Errors: Cancelled, StorageFailed with the path, or what reading says.
[[nodiscard]] QFuture<connectors::Result<ExportOutcome>> exportEvents(std::shared_ptr<connectors::Connector> connector, ExportRequest request,
                                                                      std::shared_ptr<models::job::JobProgress> progress);

/// What a CSV has where these are shown: an event is found again by stream, partition and position, so those that are not among
/// them stand beside the position, or in front where that is not shown either.
[[nodiscard]] std::vector<EventColumn> csvColumns(std::vector<EventColumn> shown);

/// One line of CSV without its end. A field that a spreadsheet would take for a formula gets an apostrophe in front.
[[nodiscard]] QByteArray csvLine(const QStringList &fields);

} // namespace models::event
