// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/throughput.h"

#include <algorithm>

namespace models::connection {

namespace {

bool isCategory(const connectors::StreamInfo &stream)
{
    return stream.kind == QStringLiteral("category");
}

/// Where streams are listed one by one, a category holds their events once more.
bool countsTwice(const connectors::StreamInfo &category, const connectors::StreamList &list)
{
    const QString prefix = category.stream.chopped(category.stream.endsWith(u'*') ? 1 : 0);
    return std::any_of(list.streams.cbegin(), list.streams.cend(),
                       [&prefix](const connectors::StreamInfo &each) { return !isCategory(each) && !each.isInternal && each.stream.startsWith(prefix); });
}

} // namespace

void Throughput::addStreams(const connectors::StreamList &streams, connectors::EpochMs time)
{
    Positions ends;
    for (const connectors::StreamInfo &stream : streams.streams) {
        if (stream.isInternal || (isCategory(stream) && countsTwice(stream, streams)))
            continue;
        for (const connectors::PartitionExtent &extent : stream.partitions) {
            // Counted events where positions have gaps: another stream's events move the end too.
            const std::optional<qint64> end = extent.events ? extent.events : extent.end;
            if (end)
                ends.emplace(Key{stream.stream, stream.stream, extent.partition}, *end);
        }
    }
    if (std::optional<Step> step = advance(m_in, std::move(ends), time))
        addStep(m_in, std::move(*step));
}

void Throughput::addConsumers(const connectors::ConsumerStates &states, connectors::EpochMs time)
{
    Positions checkpoints;
    for (const connectors::ConsumerState &consumer : states.consumers)
        for (const connectors::ConsumerPosition &position : consumer.positions)
            if (position.checkpoint)
                checkpoints.emplace(Key{consumer.summary.consumer, position.stream, position.partition}, *position.checkpoint);
    if (std::optional<Step> step = advance(m_out, std::move(checkpoints), time)) {
        leaveOutJumps(states, *step);
        addStep(m_out, std::move(*step));
    }
}

void Throughput::leaveOutJumps(const connectors::ConsumerStates &states, Step &step)
{
    std::set<QString> moved;
    for (const connectors::ConsumerState &consumer : states.consumers) {
        const auto events = step.events.find(consumer.summary.consumer);
        if (consumer.summary.activity != connectors::ConsumerActivity::Empty || events == step.events.end() || events->second <= 0)
            continue;
        moved.insert(events->first);
        if (!m_movedWhileEmpty.contains(events->first))
            step.jumped.insert(events->first);
    }
    m_movedWhileEmpty = std::move(moved);
}

std::optional<double> Throughput::in(const QString &stream) const
{
    const auto found = m_in.byName.find(stream);
    return found == m_in.byName.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> Throughput::out(const QString &consumer) const
{
    const auto found = m_out.byName.find(consumer);
    return found == m_out.byName.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Throughput::Step> Throughput::advance(Series &series, Positions positions, connectors::EpochMs time) const
{
    if (time < series.lastAt) // the clock was set back
        series = {};
    if (series.lastAt != 0 && time - series.lastAt < m_pace.leastGap)
        return std::nullopt;
    std::optional<Step> step;
    if (series.lastAt != 0) {
        step = Step{series.lastAt, time, {}, {}};
        for (const auto &[key, position] : positions) {
            const auto earlier = series.last.find(key);
            if (earlier != series.last.end())
                step->events[key.name] += static_cast<double>(std::max<qint64>(0, position - earlier->second));
        }
    }
    series.last = std::move(positions);
    series.lastAt = time;
    return step;
}

void Throughput::addStep(Series &series, Step step) const
{
    std::erase_if(series.steps, [since = step.to - m_pace.window](const Step &each) { return each.from < since; });
    series.steps.push_back(std::move(step));
    struct Progress {
        double events = 0;
        double seconds = 0;
    };
    std::map<QString, Progress> progress;
    for (const Step &each : series.steps) {
        for (const auto &[name, events] : each.events) {
            if (each.jumped.contains(name))
                continue;
            progress[name].events += events;
            progress[name].seconds += static_cast<double>(each.to - each.from) / 1000.0;
        }
    }
    series.all = 0;
    series.byName.clear();
    for (const auto &[name, events] : series.steps.back().events) {
        const Progress &of = progress[name];
        const double rate = of.seconds > 0 ? of.events / of.seconds : 0;
        series.byName[name] = rate;
        *series.all += rate;
    }
}

} // namespace models::connection
