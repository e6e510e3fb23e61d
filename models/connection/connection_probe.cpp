// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/connection_probe.h"

#include "connectors/answer_of.h"

#include <QtConcurrentRun>

namespace models::connection {

namespace {

using connectors::Ability;

ProbeOutcome notThere(ProbeStep step, const connectors::Connector &connector, Ability ability)
{
    return {step, true, connectors::Error{connectors::ErrorCode::Unsupported, connector.whyNot(ability), {}, false}, {}, -1};
}

ProbeOutcome tryStreams(connectors::Connector &connector, std::stop_token stop)
{
    ProbeOutcome outcome{ProbeStep::ListStreams, true, {}, {}, -1};
    if (!connector.streamCatalog())
        return notThere(outcome.step, connector, Ability::StreamCatalog);
    const auto list = answerOf(connector.streamCatalog()->listStreams({}, stop));
    if (!list)
        outcome.error = list.error();
    else if (!list->problems.empty())
        outcome.error = list->problems.front();
    if (list)
        outcome.count = static_cast<qint64>(list->streams.size());
    return outcome;
}

ProbeOutcome tryConsumers(connectors::Connector &connector, std::stop_token stop)
{
    ProbeOutcome outcome{ProbeStep::ListConsumers, true, {}, {}, -1};
    if (!connector.consumerCatalog())
        return notThere(outcome.step, connector, Ability::ConsumerCatalog);
    const auto list = answerOf(connector.consumerCatalog()->listConsumers(stop));
    if (!list)
        outcome.error = list.error();
    else
        outcome.count = static_cast<qint64>(list->size());
    return outcome;
}

ProbeOutcome tryReading(connectors::Connector &connector, std::stop_token stop)
{
    ProbeOutcome outcome{ProbeStep::ReadEvents, true, {}, {}, -1};
    if (!connector.eventReader() || !connector.streamCatalog())
        return notThere(outcome.step, connector, Ability::EventReader);
    const auto list = answerOf(connector.streamCatalog()->listStreams({}, stop));
    if (!list || list->streams.empty()) {
        outcome.wasTried = false;
        return outcome;
    }
    // The newest event of the first stream that has any is enough to know that reading is allowed.
    const auto stream = std::find_if(list->streams.begin(), list->streams.end(), [](const connectors::StreamInfo &info) {
        return std::any_of(info.partitions.begin(), info.partitions.end(),
                           [](const connectors::PartitionExtent &extent) { return extent.start && extent.end && *extent.end > *extent.start; });
    });
    if (stream == list->streams.end()) {
        outcome.wasTried = false;
        return outcome;
    }
    connectors::ReadRequest request;
    request.streams = {stream->stream};
    request.from = connectors::Newest{1};
    request.limit = 1;
    request.previewBytes = connectors::TablePreviewBytes; // whether it can be read, not what it says
    const auto channel = connector.eventReader()->read(request);
    while (channel->waitPop()) { }
    const auto report = channel->result();
    if (!report)
        outcome.error = report.error();
    else
        outcome.count = report->scanned;
    return outcome;
}

ProbeOutcome tryDeadLetters(connectors::Connector &connector, std::stop_token stop)
{
    ProbeOutcome outcome{ProbeStep::FindDeadLetters, true, {}, {}, -1};
    if (!connector.deadLetterSource())
        return notThere(outcome.step, connector, Ability::DeadLetterSource);
    const auto queues = answerOf(connector.deadLetterSource()->deadLetterQueues(stop));
    if (!queues)
        outcome.error = queues.error();
    else
        outcome.count = static_cast<qint64>(queues->size());
    return outcome;
}

} // namespace

QFuture<std::vector<ProbeOutcome>> probe(std::shared_ptr<connectors::Connector> connector, std::stop_token stop)
{
    return QtConcurrent::run([connector = std::move(connector), stop] {
        std::vector<ProbeOutcome> outcomes;
        const auto identity = answerOf(connector->identify(stop));
        if (!identity) {
            outcomes.push_back({ProbeStep::Connect, true, identity.error(), {}, -1});
            return outcomes;
        }
        outcomes.push_back({ProbeStep::Connect, true, {}, QStringList{identity->product, identity->version}.join(u' ').trimmed(), -1});
        for (const auto &step : {tryStreams, tryConsumers, tryReading, tryDeadLetters}) {
            if (stop.stop_requested())
                break;
            outcomes.push_back(step(*connector, stop));
        }
        return outcomes;
    });
}

} // namespace models::connection
