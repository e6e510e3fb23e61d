// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/aggregate/aggregate_history.h"

#include "connectors/json_text.h"
#include "models/event/whole_event.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

namespace models::aggregate {

using namespace connectors;

namespace {

struct HistoryText {
    Q_DECLARE_TR_FUNCTIONS(AggregateHistory)
};

constexpr size_t MostCompensated = 1000; ///< of one event

std::optional<std::string_view> memberOf(std::string_view object, const char *name)
{
    if (json::kindOf(object) != json::Kind::Object)
        return std::nullopt;
    return json::find(object, {json::Step{name, std::nullopt}});
}

std::vector<QString> idsIn(std::string_view value)
{
    std::vector<QString> ids;
    const auto add = [&ids](std::string_view text) {
        if (json::kindOf(text) == json::Kind::String)
            ids.push_back(QString::fromStdString(json::unquoted(text)));
        return ids.size() < MostCompensated;
    };
    if (json::kindOf(value) == json::Kind::Array)
        json::forEachElement(value, add);
    else
        std::ignore = add(value);
    return ids;
}

/// One text for many events that have the same.
class SharedTexts final
{
public:
    QString shared(std::string_view text)
    {
        const QString given = QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
        return *m_texts.insert(given, given);
    }

private:
    QHash<QString, QString> m_texts;
};

class HistoryReading final
{
public:
    HistoryReading(EventReader &reader, const std::stop_token &stop, const ReadObserver &observer)
        : m_reader(reader)
        , m_stop(stop)
        , m_observer(observer)
    {
    }

    Result<void> read(AggregateHistory *history)
    {
        ReadRequest request = requestFor(*history, 0, std::numeric_limits<qint64>::max());
        request.previewBytes = TablePreviewBytes;
        const EventChannelPtr channel = m_reader.read(std::move(request));
        const std::stop_callback cancelled(m_stop, [channel] { channel->cancel(); });
        while (const EventBatchPtr batch = channel->waitPop()) {
            for (qsizetype row = 0; row < batch->count(); ++row)
                if (const Result<void> added = add(history, batch, row); !added) {
                    channel->cancel();
                    return added;
                }
            if (m_observer)
                m_observer(history->versions());
        }
        if (m_stop.stop_requested())
            return failure(ErrorCode::Cancelled, HistoryText::tr("Reading the aggregate was cancelled."));
        const Result<ReadReport> report = channel->result();
        return report ? Result<void>() : Result<void>(tl::unexpected(report.error()));
    }

private:
    Result<void> add(AggregateHistory *history, EventBatchPtr batch, qsizetype row)
    {
        if (history->versions() >= MostEvents)
            return failure(ErrorCode::Refused, HistoryText::tr("“%1” has more than %2 events, which is more than an aggregate is opened with.").arg(history->id.left(200)).arg(MostEvents),
                           HistoryText::tr("Look at it as a stream."));
        if (batch->record(row).isCut()) { // what it takes back may stand behind the cut
            auto whole = event::wholeEvent(m_reader, *batch, row, m_stop, MostBodyBytes);
            if (!whole)
                return tl::unexpected(whole.error());
            batch = std::move(*whole);
            row = 0;
        }
        const EventRecord &record = batch->record(row);
        const auto text = [&](Slice slice) {
            const std::string_view view = batch->text(slice);
            return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
        };
        AggregateEvent event;
        event.stream = m_texts.shared(batch->streamOf(row).toStdString());
        event.position = record.position;
        event.time = record.time;
        event.eventId = text(record.eventId);
        event.eventType = m_texts.shared(batch->text(record.eventType));
        event.correlationId = m_texts.shared(batch->text(record.correlationId));
        event.ownVersion = record.version;
        event.schemaVersion = record.schemaVersion;
        event.size = record.size;
        event.compensates = compensatedIds(*batch, row);
        history->events.push_back(std::move(event));
        return {};
    }

    EventReader &m_reader;
    const std::stop_token m_stop;
    const ReadObserver &m_observer;
    SharedTexts m_texts;
};

void linkCompensations(AggregateHistory *history)
{
    const bool isNeeded = std::any_of(history->events.cbegin(), history->events.cend(), [](const AggregateEvent &event) { return !event.compensates.empty(); });
    if (!isNeeded)
        return;
    QHash<QString, qint64> versions;
    for (qint64 version = 1; version <= history->versions(); ++version)
        versions.insert(history->at(version).eventId, version);
    for (qint64 version = 1; version <= history->versions(); ++version) {
        AggregateEvent &event = history->events[static_cast<size_t>(version - 1)];
        for (const QString &id : event.compensates) {
            const qint64 compensated = versions.value(id, 0);
            event.compensatedVersions.push_back(compensated);
            if (compensated > 0)
                history->events[static_cast<size_t>(compensated - 1)].compensatedBy.push_back(version);
        }
    }
}

} // namespace

QString whyNoAggregates(Connector &connector)
{
    if (connector.snapshotSource() && connector.eventReader())
        return {};
    const QString why = connector.whyNot(connector.eventReader() ? Ability::SnapshotSource : Ability::EventReader);
    return why.isEmpty() ? HistoryText::tr("This system keeps no aggregates.") : why;
}

std::vector<QString> compensatedIds(const EventBatch &batch, qsizetype row)
{
    for (const Header &header : batch.headers(row))
        if (header.name == "metadata" && !header.isNull && json::check(header.value) == json::Verdict::Valid)
            if (const auto named = memberOf(header.value, "compensates"))
                return idsIn(*named);
    const EventRecord &record = batch.record(row);
    const std::string_view body = batch.text(record.payload);
    if (record.isBodyCut() || json::check(body) != json::Verdict::Valid)
        return {};
    // A member of that name in a body that is no envelope is a matter of the application's own.
    const auto named = memberOf(body, "compensates");
    return named && memberOf(body, "data") ? idsIn(*named) : std::vector<QString>();
}

ReadRequest requestFor(const AggregateHistory &history, qint64 from, qint64 to)
{
    ReadRequest request;
    request.from = AtPosition{from};
    if (to < std::numeric_limits<qint64>::max())
        request.to = AtPosition{to};
    if (history.isStream)
        request.streams = {history.id};
    else
        request.search = ExactSearch{SearchField::AggregateId, {history.id.toUtf8()}};
    return request;
}

Result<AggregateHistory> readHistory(Connector &connector, const QString &id, const std::stop_token &stop, const ReadObserver &observer)
{
    EventReader *reader = connector.eventReader();
    if (const QString why = whyNoAggregates(connector); !why.isEmpty())
        return failure(ErrorCode::Unsupported, why);
    if (id.isEmpty() || id.startsWith(u'$') || id.endsWith(u"-*"))
        return failure(ErrorCode::InvalidInput, HistoryText::tr("“%1” is no aggregate: such a name stands for a group of streams.").arg(id.left(200)),
                       HistoryText::tr("Name one stream, or the id that an aggregate's events carry."));
    AggregateHistory history{id, true, {}};
    Result<void> read = HistoryReading(*reader, stop, observer).read(&history);
    if (!read && read.error().code == ErrorCode::NotFound) {
        history = {id, false, {}};
        read = HistoryReading(*reader, stop, observer).read(&history);
    }
    if (!read)
        return tl::unexpected(read.error());
    if (history.events.empty())
        return failure(ErrorCode::NotFound, HistoryText::tr("There is no stream called “%1”, and no event of an aggregate with that id.").arg(id.left(200)),
                       HistoryText::tr("Check the id; capital letters matter."));
    linkCompensations(&history);
    return history;
}

} // namespace models::aggregate
