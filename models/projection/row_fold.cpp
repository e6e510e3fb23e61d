// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/row_fold.h"

#include <algorithm>
#include <limits>

namespace models::projection {

using namespace connectors;

namespace {

std::vector<FoldedTable> orderedByKey(std::vector<ChangedRow> changed, size_t tables)
{
    std::erase_if(changed, [](const ChangedRow &each) { return !each.row; });
    std::sort(changed.begin(), changed.end(), [](const ChangedRow &a, const ChangedRow &b) { return std::tie(a.key.table, a.key.parts) < std::tie(b.key.table, b.key.parts); });
    std::vector<FoldedTable> folded(tables);
    for (size_t i = 0; i < tables; ++i)
        folded[i].table = i;
    for (ChangedRow &each : changed)
        folded[each.key.table].rows.push_back(std::move(*each.row));
    return folded;
}

} // namespace

Result<FoldedRows> foldRows(Connector &connector, const ProjectionFile &file, qint64 mostBytes, qint64 maxBytesPerSecond, const std::stop_token &stop, const SourceObserver &observer)
{
    auto source = ProjectionSource::open(connector, file, stop);
    if (!source)
        return tl::unexpected(source.error());
    RuleApplier rules(file, source->envelope());
    Fold fold(file, true, std::numeric_limits<qint64>::max());
    FoldedRows folded;
    qint64 rankOffset = 0;
    const auto apply = [&](const EventBatch &batch, qsizetype row) -> Result<void> {
        ++folded.events;
        const auto changes = rules.changesOf(batch, row, rankOffset);
        if (!changes)
            return tl::unexpected(changes.error());
        if (fold.bytesInMemory() > mostBytes) {
            return failure(ErrorCode::Refused, QStringLiteral("The rows take more than %1 MiB of memory.").arg(mostBytes >> 20),
                           QStringLiteral("See how many there are with “projection plan”."));
        }
        return fold.apply(*changes);
    };
    const auto parts = source->positionsNow({}, stop);
    if (!parts)
        return tl::unexpected(parts.error());
    for (const SourcePosition &part : *parts) {
        rankOffset = part.rankOffset;
        if (const auto report = source->read(part, maxBytesPerSecond, apply, stop, observer); !report)
            return tl::unexpected(report.error());
    }
    if (folded.events == 0)
        return tl::unexpected(noEvents(file));
    folded.tables = orderedByKey(fold.takeChanged(), file.tables.size());
    return folded;
}

} // namespace models::projection
