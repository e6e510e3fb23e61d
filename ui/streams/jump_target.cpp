// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/jump_target.h"

#include "models/event/position_text.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace ui::streams {

using connectors::AtTime;
using connectors::PartitionExtent;
using connectors::StreamInfo;
namespace text = ui::widgets::text;

namespace {

struct JumpWords {
    Q_DECLARE_TR_FUNCTIONS(JumpWords)
};

constexpr size_t NamedPartitions = 4;

bool isKnown(const PartitionExtent &extent)
{
    return extent.start && extent.end;
}

bool holds(const PartitionExtent &extent, qint64 position)
{
    return !isKnown(extent) || (position >= *extent.start && position < *extent.end);
}

QString extentWords(const PartitionExtent &extent)
{
    if (!isKnown(extent))
        return JumpWords::tr("what it holds could not be read");
    if (*extent.start >= *extent.end)
        return JumpWords::tr("holds nothing now; its next position is %1").arg(text::exact(*extent.end));
    return JumpWords::tr("holds %1 … %2").arg(text::exact(*extent.start), text::exact(*extent.end - 1));
}

/// The partitions that a target may mean; of all streams.
std::vector<const PartitionExtent *> partitionsFor(const JumpTarget &target, const std::vector<StreamInfo> &streams)
{
    std::vector<const PartitionExtent *> found;
    for (const StreamInfo &stream : streams)
        for (const PartitionExtent &extent : stream.partitions)
            if (!target.partition || extent.partition == *target.partition)
                found.push_back(&extent);
    return found;
}

QString noPartitionWords(int wanted, const std::vector<StreamInfo> &streams, const QString &source)
{
    const QString number = text::exact(wanted);
    if (streams.size() != 1 || streams.front().partitions.empty())
        return JumpWords::tr("Nothing in %1 has a partition %2.").arg(source, number);
    const auto &partitions = streams.front().partitions;
    if (partitions.size() == 1)
        return JumpWords::tr("%1 has no partition %2, only partition %3.").arg(source, number, text::exact(partitions.front().partition));
    return JumpWords::tr("%1 has no partition %2; it has %3 … %4.").arg(source, number, text::exact(partitions.front().partition), text::exact(partitions.back().partition));
}

QString noPositionWords(const QString &position, const std::vector<const PartitionExtent *> &partitions, const QString &source, bool isOneStream)
{
    if (!isOneStream) {
        const auto last = std::max_element(partitions.cbegin(), partitions.cend(), [](const auto *a, const auto *b) { return a->end.value_or(0) < b->end.value_or(0); });
        return JumpWords::tr("Position %1 is not in %2; the highest there is %3.").arg(position, source, text::exact(std::max<qint64>(0, (*last)->end.value_or(0) - 1)));
    }
    QStringList words;
    for (size_t i = 0; i < std::min(partitions.size(), NamedPartitions); ++i)
        words += JumpWords::tr("partition %1 %2").arg(text::exact(partitions[i]->partition), extentWords(*partitions[i]));
    if (partitions.size() > NamedPartitions)
        words += JumpWords::tr("and so on, %1 partitions in all").arg(text::exact(std::ssize(partitions)));
    return JumpWords::tr("Position %1 is not in %2: %3.").arg(position, source, words.join(QStringLiteral("; ")));
}

QString noTimeWords(connectors::EpochMs time, const std::vector<const PartitionExtent *> &partitions, const QString &source)
{
    std::optional<connectors::EpochMs> first;
    std::optional<connectors::EpochMs> last;
    for (const PartitionExtent *extent : partitions) {
        if (isKnown(*extent) && *extent->start >= *extent->end)
            continue;
        if (!extent->firstTime || !extent->lastTime)
            return {};
        first = std::min(first.value_or(*extent->firstTime), *extent->firstTime);
        last = std::max(last.value_or(*extent->lastTime), *extent->lastTime);
    }
    if (!first || (time >= *first && time <= *last))
        return {};
    return JumpWords::tr("%1 has no event at %2: it holds those from %3 to %4.").arg(source, text::localTime(time), text::localTime(*first), text::localTime(*last));
}

} // namespace

connectors::Result<std::optional<JumpTarget>> parseJump(const QString &written, connectors::EpochMs now)
{
    bool isPartition = false;
    bool isPosition = false;
    const int partition = written.section(u':', 0, 0).trimmed().toInt(&isPartition);
    const qint64 position = written.section(u':', 1).trimmed().toLongLong(&isPosition);
    if (isPartition && isPosition)
        return JumpTarget{partition, position};
    const auto spec = models::event::parsePosition(written, now);
    if (!spec)
        return tl::unexpected(spec.error());
    if (const auto *at = std::get_if<connectors::AtPosition>(&*spec))
        return JumpTarget{std::nullopt, at->position};
    if (const auto *at = std::get_if<AtTime>(&*spec))
        return JumpTarget{std::nullopt, *at};
    return std::nullopt;
}

QString missingWords(const JumpTarget &target, const std::vector<StreamInfo> &streams, const QString &source)
{
    const std::vector<const PartitionExtent *> partitions = partitionsFor(target, streams);
    if (streams.empty())
        return {};
    if (partitions.empty())
        return noPartitionWords(target.partition.value_or(0), streams, source);
    if (const auto *at = std::get_if<AtTime>(&target.place))
        return noTimeWords(at->time, partitions, source);
    const qint64 position = *target.position();
    const bool isThere = std::any_of(partitions.cbegin(), partitions.cend(), [position](const auto *extent) { return holds(*extent, position); });
    return isThere ? QString() : noPositionWords(text::exact(position), partitions, source, streams.size() == 1);
}

std::vector<connectors::PartitionRead> rangesAround(const std::vector<connectors::TimePosition> &positions, const std::vector<connectors::StreamInfo> &streams,
                                                    qint64 events)
{
    constexpr qint64 LeastOnASide = 20;
    const qint64 around = std::max(LeastOnASide, events / 2 / std::max<qint64>(1, static_cast<qint64>(positions.size())));
    std::vector<connectors::PartitionRead> ranges;
    for (const connectors::StreamInfo &stream : streams) {
        for (const connectors::PartitionExtent &extent : stream.partitions) {
            const auto found = std::find_if(positions.cbegin(), positions.cend(), [&extent](const auto &each) { return each.partition == extent.partition; });
            const auto position = found != positions.cend() && found->position ? found->position : extent.end;
            if (position)
                ranges.push_back({stream.stream, extent.partition, std::max(*position - around, extent.start.value_or(0)), *position + around, 0, 0});
        }
    }
    return ranges;
}

} // namespace ui::streams
