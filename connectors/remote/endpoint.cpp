// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/endpoint.h"

#include "connectors/remote/batch_pieces.h"
#include "connectors/remote/frame.h"

#include <thread>

namespace connectors::remote {

Endpoint::Endpoint(Connector &connector, SendBytes send, Events allowed)
    : m_connector(connector)
    , m_send(std::move(send))
    , m_allowed(allowed)
{
}

Greeting Endpoint::greeting() const
{
    Greeting greeting;
    for (int i = 0; i <= static_cast<int>(Ability::SnapshotSource); ++i)
        greeting.whyNot.push_back(m_connector.whyNot(static_cast<Ability>(i)));
    greeting.abilities = {m_connector.streamCatalog() != nullptr,   m_connector.eventReader() != nullptr,
                          eventWriter() != nullptr,                 m_connector.consumerCatalog() != nullptr,
                          m_connector.deadLetterSource() != nullptr,
                          false, // what changes checkpoints is a process of its own
                          m_connector.snapshotSource() != nullptr};
    return greeting;
}

void Endpoint::receive(const QByteArray &message)
{
    const Reader in = Reader::question(message);
    const Call call = in.call();
    if (!in.isSound())
        reply(0, Reply::Malformed, [](Writer &) {});
    else if (call == Call::Ping)
        reply(in.id(), Reply::Pong, [](Writer &) {});
    else if (call == Call::Cancel || call == Call::Credit || call == Call::AskProgress)
        follow(in.id(), call);
    else
        ask(in);
}

void Endpoint::close()
{
    {
        const std::lock_guard lock(m_closing);
        m_isClosed = true;
    }
    std::map<quint32, std::stop_source> questions;
    std::map<quint32, std::shared_ptr<ReadPump>> reads;
    {
        const std::lock_guard lock(m_mutex);
        questions = m_questions;
        reads = m_reads;
    }
    for (auto &[id, stop] : questions)
        stop.request_stop();
    for (const auto &[id, read] : reads)
        read->cancel();
}

void Endpoint::follow(quint32 id, Call call)
{
    std::shared_ptr<ReadPump> read;
    std::optional<std::stop_source> stop;
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = m_reads.find(id); found != m_reads.end())
            read = found->second;
        else if (const auto question = m_questions.find(id); question != m_questions.end())
            stop = question->second;
    }
    if (stop && call == Call::Cancel)
        stop->request_stop();
    if (!read) // answered meanwhile
        return;
    if (call == Call::Cancel)
        read->cancel();
    else if (call == Call::Credit)
        read->addCredit();
    else
        read->sendProgress();
}

void Endpoint::ask(const Reader &in)
{
    StreamCatalog *catalog = m_connector.streamCatalog();
    EventReader *reader = m_connector.eventReader();
    EventWriter *writer = eventWriter();
    ConsumerCatalog *consumers = m_connector.consumerCatalog();
    DeadLetterSource *deadLetters = m_connector.deadLetterSource();
    SnapshotSource *snapshots = m_connector.snapshotSource();
    switch (in.call()) {
    case Call::Identify:
        return question<SystemIdentity>(in, Ability::StreamCatalog, true, [this](std::stop_token stop) { return m_connector.identify(stop); });
    case Call::ListStreams:
        return question<StreamList>(
            in, Ability::StreamCatalog, catalog, [=](std::stop_token stop, auto request) { return catalog->listStreams(request, stop); },
            StreamListRequest());
    case Call::PositionsAt:
        return question<std::vector<TimePosition>>(
            in, Ability::StreamCatalog, catalog, [=](std::stop_token stop, auto stream, auto time) { return catalog->positionsAt(stream, time, stop); },
            QString(), EpochMs());
    case Call::Fetch:
        return question<EventBatchPtr>(
            in, Ability::EventReader, reader,
            [=](std::stop_token stop, auto addresses, auto previewBytes) { return reader->fetch(addresses, previewBytes, stop); },
            std::vector<EventAddress>(), qint64());
    case Call::FetchPage:
        return question<EventPage>(
            in, Ability::EventReader, reader, [=](std::stop_token stop, auto request) { return reader->fetchPage(request, stop); }, PageRequest());
    case Call::FetchTimes:
        return question<EventBatchPtr>(
            in, Ability::EventReader, reader, [=](std::stop_token stop, auto addresses) { return reader->fetchTimes(addresses, stop); },
            std::vector<EventAddress>());
    case Call::Append:
        return question<std::vector<AppendedEvent>>(
            in, Ability::EventWriter, writer, [=](std::stop_token, auto events) { return writer->append(events); }, std::vector<NewEvent>());
    case Call::ListConsumers:
        return question<std::vector<ConsumerSummary>>(in, Ability::ConsumerCatalog, consumers,
                                                      [=](std::stop_token stop) { return consumers->listConsumers(stop); });
    case Call::ConsumerStates:
        return question<ConsumerStates>(
            in, Ability::ConsumerCatalog, consumers, [=](std::stop_token stop, auto request) { return consumers->consumerStates(request, stop); },
            ConsumerStateRequest());
    case Call::DeadLetterQueues:
        return question<std::vector<DeadLetterQueue>>(in, Ability::DeadLetterSource, deadLetters,
                                                      [=](std::stop_token stop) { return deadLetters->deadLetterQueues(stop); });
    case Call::Letters:
        return question<std::vector<DeadLetter>>(
            in, Ability::DeadLetterSource, deadLetters, [=](std::stop_token stop, auto queue, auto limit) { return deadLetters->letters(queue, limit, stop); },
            QString(), qint64());
    case Call::NewestSnapshot:
        return question<std::optional<Snapshot>>(
            in, Ability::SnapshotSource, snapshots,
            [=](std::stop_token stop, auto stream, auto fold, auto atMost) { return snapshots->newestSnapshot(stream, fold, atMost, stop); }, QString(), QString(), qint64());
    case Call::ListSnapshots:
        return question<std::vector<Snapshot>>(
            in, Ability::SnapshotSource, snapshots, [=](std::stop_token stop, auto stream) { return snapshots->listSnapshots(stream, stop); }, QString());
    case Call::Read: return startRead(in);
    default: return reply(in.id(), Reply::Malformed, [](Writer &) {});
    }
}

template<typename T, typename Ask, typename... Arguments>
void Endpoint::question(const Reader &in, Ability ability, bool isAble, Ask ask, Arguments... arguments)
{
    const quint32 id = in.id();
    if (!in(arguments...))
        return reply(id, Reply::Malformed, [](Writer &) {});
    if (!isAble)
        return answer<T>(id, failure(ErrorCode::Unsupported, m_connector.whyNot(ability)));
    // Not by then(): Qt 6.4 runs what is attached at the very moment of finishing twice, the second time without its promise.
    std::thread([weak = weak_from_this(), id, future = ask(newQuestion(id), std::move(arguments)...)]() mutable {
        future.waitForFinished();
        const bool isAnswered = !future.isCanceled() && future.resultCount() > 0;
        const Result<T> result = isAnswered ? future.takeResult() : Result<T>(failure(ErrorCode::Cancelled, QStringLiteral("The question was cancelled.")));
        if (const auto self = weak.lock())
            self->template answer<T>(id, result);
    }).detach();
}

template<typename T>
void Endpoint::answer(quint32 id, const Result<T> &result)
{
    forget(id);
    if constexpr (std::same_as<T, EventBatchPtr>) {
        if (result && !fitsMessage(**result)) {
            const Error error = tooLarge(**result);
            return reply(id, Reply::Error, [&error](Writer &out) { out.whole(error); });
        }
    }
    if (result)
        reply(id, ReplyWith<T>, [&result](Writer &out) { out.whole(*result); });
    else
        reply(id, Reply::Error, [&result](Writer &out) { out.whole(result.error()); });
}

void Endpoint::startRead(const Reader &in)
{
    const quint32 id = in.id();
    ReadRequest request;
    if (!in(request))
        return reply(id, Reply::Malformed, [](Writer &) {});
    if (isUnderWay(id)) // said twice by a caller who lost another end meanwhile
        return;
    EventReader *reader = m_connector.eventReader();
    if (!reader)
        return answer<ReadReport>(id, failure(ErrorCode::Unsupported, m_connector.whyNot(Ability::EventReader)));
    const auto weak = weak_from_this();
    const auto read = std::make_shared<ReadPump>(reader->read(std::move(request)), [weak, id](Reply kind, const std::function<void(Writer &)> &write) {
        if (const auto self = weak.lock())
            self->reply(id, kind, write);
    });
    {
        const std::lock_guard lock(m_mutex);
        m_reads.emplace(id, read);
    }
    read->start([weak, id] {
        if (const auto self = weak.lock())
            self->forget(id);
    });
}

void Endpoint::reply(quint32 id, Reply kind, const std::function<void(Writer &)> &write)
{
    Traffic traffic;
    {
        const std::lock_guard lock(m_closing);
        if (m_isClosed)
            return;
        traffic = m_connector.traffic();
    }
    Writer out(id, kind, traffic);
    write(out);
    const QByteArray bytes = out.bytes();
    if (bytes.size() <= MaxFrameBytes)
        return m_send(bytes);
    m_send(Writer(id, Reply::Error, traffic).whole(tooLong(QStringLiteral("The answer is"), bytes.size())).bytes());
}

bool Endpoint::isUnderWay(quint32 id) const
{
    const std::lock_guard lock(m_mutex);
    return m_reads.contains(id);
}

std::stop_token Endpoint::newQuestion(quint32 id)
{
    const std::lock_guard lock(m_mutex);
    return m_questions[id].get_token();
}

void Endpoint::forget(quint32 id)
{
    const std::lock_guard lock(m_mutex);
    m_questions.erase(id);
    m_reads.erase(id);
}

} // namespace connectors::remote
