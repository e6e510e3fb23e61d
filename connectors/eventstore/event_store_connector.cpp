// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/event_store_connector.h"

#include "connectors/eventstore/catalog_queries.h"
#include "connectors/eventstore/consumer_queries.h"
#include "connectors/eventstore/event_read.h"
#include "connectors/eventstore/event_rows.h"
#include "connectors/eventstore/scope.h"
#include "connectors/eventstore/snapshot_keeper.h"
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "connectors/read_threads.h"
#include "connectors/task_thread.h"
#include "connectors/thrown_error.h"

#include <QDateTime>
#include <QFileInfo>

namespace connectors::eventstore {

namespace {

EpochMs nowMs()
{
    return QDateTime::currentMSecsSinceEpoch();
}

/// The connection that all short questions share, opened by the first. Lives on one TaskThread.
struct LookingSession {
    QString storeId;
    std::unique_ptr<sqlite::Database> database;
    std::unique_ptr<CatalogQueries> catalog;
};

struct WritingSession {
    std::unique_ptr<sqlite::Database> database;
    std::unique_ptr<StoreWriter> writer; ///< its statements keep the file open: goes first
};

class EventStoreConnector final : public Connector,
                                  public StreamCatalog,
                                  public EventReader,
                                  public EventWriter,
                                  public ConsumerCatalog,
                                  public DeadLetterSource,
                                  public SnapshotSource
{
public:
    EventStoreConnector(const ConnectionSpec &spec, SnapshotPolicy policy)
        : m_path(spec.path)
        , m_policy(policy)
        , m_mayCreate(spec.mayCreate)
        , m_hadSideFiles(QFileInfo::exists(spec.path + u"-wal"))
        , m_reads(std::make_unique<ReadThreads>([this](const ReadRequest &request, const EventChannelPtr &channel) { runRead(request, channel); }))
        , m_lookThread(std::make_unique<TaskThread>())
    {
    }

    ~EventStoreConnector() override
    {
        m_reads.reset();
        m_lookThread.reset();
        m_writeThread.reset();
        const bool hasOpened = m_looking.database != nullptr || m_writing.database != nullptr || m_hasRead;
        m_looking = {};
        m_writing.writer.reset();
        m_writing = {};
        if (hasOpened && !m_hadSideFiles && QFileInfo::exists(m_path + u"-wal"))
            removeIdleSideFiles(m_path);
    }

    QFuture<Result<SystemIdentity>> identify(std::stop_token stop) override
    {
        return look<SystemIdentity>(stop, [](LookingSession &session) {
            SystemIdentity identity;
            identity.systemId = storeId(*session.database);
            identity.product = QStringLiteral("Streamgauge event store");
            identity.version = QString::number(session.database->queryInteger("PRAGMA user_version"));
            return identity;
        });
    }

    Traffic traffic() const override { return m_traffic.traffic(); }
    StreamCatalog *streamCatalog() override { return this; }
    EventReader *eventReader() override { return this; }
    EventWriter *eventWriter() override { return this; }
    ConsumerCatalog *consumerCatalog() override { return this; }
    DeadLetterSource *deadLetterSource() override { return this; }
    SnapshotSource *snapshotSource() override { return this; }
    QString whyNot(Ability) const override { return {}; }

    QFuture<Result<StreamList>> listStreams(StreamListRequest request, std::stop_token stop) override
    {
        return look<StreamList>(stop, [request](LookingSession &session) { return session.catalog->listStreams(request); });
    }

    QFuture<Result<std::vector<TimePosition>>> positionsAt(QString stream, EpochMs time, std::stop_token stop) override
    {
        return look<std::vector<TimePosition>>(stop, [=](LookingSession &session) { return session.catalog->positionsAt(stream, time); });
    }

    EventChannelPtr read(ReadRequest request) override
    {
        m_hasRead = true;
        return m_reads->start(std::move(request));
    }

    QFuture<Result<EventBatchPtr>> fetch(std::vector<EventAddress> addresses, qint64 previewBytes, std::stop_token stop) override
    {
        return look<EventBatchPtr>(
            stop, [addresses = std::move(addresses), previewBytes, this](LookingSession &session) { return eventsAt(session, addresses, previewBytes); });
    }

    QFuture<Result<EventPage>> fetchPage(PageRequest request, std::stop_token stop) override
    {
        return look<EventPage>(stop, [request = std::move(request), this](LookingSession &session) {
            Result<EventPage> page = m_pages.page(request, [&]() -> Result<EventBatchPtr> { return eventsAt(session, {request.address}, 0); });
            if (!page)
                throw ThrownError{page.error()};
            return *page;
        });
    }

    QFuture<Result<EventBatchPtr>> fetchTimes(std::vector<EventAddress> addresses, std::stop_token stop) override
    {
        return look<EventBatchPtr>(stop, [addresses = std::move(addresses)](LookingSession &session) {
            sqlite::Statement statement(*session.database, "SELECT stream, recorded_at FROM events WHERE position = ?1");
            EventBatchBuilder builder;
            for (const EventAddress &address : addresses) {
                if (statement.bind(1, address.position).step() && Scope(address.stream).contains(statement.string(0))) {
                    EventRecord record;
                    record.stream = builder.internStream(statement.string(0));
                    record.position = address.position;
                    record.time = statement.integer(1);
                    builder.add(record);
                }
                statement.reset();
            }
            return builder.take();
        });
    }

    QFuture<Result<std::vector<ConsumerSummary>>> listConsumers(std::stop_token stop) override
    {
        return look<std::vector<ConsumerSummary>>(stop, [](LookingSession &session) { return eventstore::listConsumers(*session.database, nowMs()); });
    }

    QFuture<Result<ConsumerStates>> consumerStates(ConsumerStateRequest request, std::stop_token stop) override
    {
        return look<ConsumerStates>(stop, [request](LookingSession &session) {
            return eventstore::consumerStates(*session.database, request, nowMs());
        });
    }

    QFuture<Result<std::vector<DeadLetterQueue>>> deadLetterQueues(std::stop_token stop) override
    {
        return look<std::vector<DeadLetterQueue>>(stop, [](LookingSession &session) { return eventstore::deadLetterQueues(*session.database); });
    }

    QFuture<Result<std::vector<DeadLetter>>> letters(QString queueStream, qint64 limit, std::stop_token stop) override
    {
        return look<std::vector<DeadLetter>>(stop, [=](LookingSession &session) { return deadLetters(*session.database, queueStream, limit); });
    }

    QFuture<Result<std::optional<Snapshot>>> newestSnapshot(QString stream, QString fold, qint64 atMostVersion, std::stop_token stop) override
    {
        return look<std::optional<Snapshot>>(stop, [=](LookingSession &session) { return eventstore::newestSnapshot(*session.database, stream, fold, atMostVersion); });
    }

    QFuture<Result<std::vector<Snapshot>>> listSnapshots(QString stream, std::stop_token stop) override
    {
        return look<std::vector<Snapshot>>(stop, [=](LookingSession &session) { return eventstore::listSnapshots(*session.database, stream); });
    }

    QFuture<Result<std::vector<AppendedEvent>>> append(std::vector<NewEvent> events) override
    {
        const std::lock_guard lock(m_writeThreadMutex);
        if (!m_writeThread)
            m_writeThread = std::make_unique<TaskThread>();
        using Appended = std::vector<AppendedEvent>;
        return m_writeThread->run<Appended>({}, [this, events = std::move(events)](const std::function<bool()> &) -> Result<Appended> {
            return guarded([&] { return appendNow(events); });
        });
    }

private:
    /// On the read's own thread, with a connection to the file of its own.
    void runRead(const ReadRequest &request, const EventChannelPtr &channel)
    {
        auto opened = guarded([this] { return openForLooking(m_path); });
        if (opened)
            EventRead(**opened, request, channel, m_traffic).run();
        else
            channel->finish(tl::unexpected<Error>(opened.error()));
    }

    EventBatchPtr eventsAt(LookingSession &session, const std::vector<EventAddress> &addresses, qint64 previewBytes)
    {
        sqlite::Statement statement(*session.database, QByteArray("SELECT ") + EventColumns + " FROM events WHERE position = ?1");
        EventBatchBuilder builder;
        for (const EventAddress &address : addresses) {
            if (statement.bind(1, address.position).step() && Scope(address.stream).contains(statement.string(1))) {
                EventBatchBuilder whole; // not in the batch itself, which would keep its room
                addRow(whole, statement);
                m_traffic.add(0, whole.arenaBytes());
                builder.addFrom(*whole.take(), 0, previewBytes);
            }
            statement.reset();
        }
        return builder.take();
    }

    template<typename T, typename Question>
    QFuture<Result<T>> look(std::stop_token stop, Question question)
    {
        return m_lookThread->run<T>(stop, [this, question = std::move(question)](const std::function<bool()> &isCancelled) -> Result<T> {
            return guarded([&] {
                if (!m_looking.database || m_looking.database->hasMoved())
                    openSession();
                m_traffic.add(1, 0);
                m_looking.database->setCancelledCheck(isCancelled);
                const auto forget = std::unique_ptr<sqlite::Database, void (*)(sqlite::Database *)>(
                    m_looking.database.get(), [](sqlite::Database *database) { database->setCancelledCheck({}); });
                return question(m_looking);
            });
        });
    }

    /// Again where the file has moved: a copy of the same store may be there now.
    void openSession()
    {
        const bool isFirst = m_looking.storeId.isEmpty();
        if (m_mayCreate && isFirst && QFileInfo(m_path).size() == 0)
            std::ignore = openForWriting(m_path, true);
        LookingSession session;
        session.database = openForLooking(m_path);
        session.storeId = storeId(*session.database);
        if (!isFirst && session.storeId != m_looking.storeId)
            requireUnmoved(*m_looking.database);
        session.catalog = std::make_unique<CatalogQueries>(*session.database);
        m_looking = std::move(session);
    }

    std::vector<AppendedEvent> appendNow(const std::vector<NewEvent> &events)
    {
        if (!m_writing.database) {
            WritingSession session;
            session.database = openForWriting(m_path, m_mayCreate);
            session.writer = std::make_unique<StoreWriter>(*session.database, m_policy);
            m_writing = std::move(session);
        }
        requireUnmoved(*m_writing.database);
        m_traffic.add(1, 0);
        sqlite::Transaction transaction(*m_writing.database, sqlite::Transaction::Kind::Write);
        std::vector<AppendedEvent> appended = m_writing.writer->append(events, nowMs());
        transaction.commit();
        return appended;
    }

    const QString m_path;
    const SnapshotPolicy m_policy;
    const bool m_mayCreate;
    const bool m_hadSideFiles;
    std::atomic<bool> m_hasRead = false;
    TrafficCounter m_traffic;
    EventPages m_pages;
    LookingSession m_looking; ///< on m_lookThread only
    WritingSession m_writing; ///< on m_writeThread only
    std::unique_ptr<ReadThreads> m_reads;
    std::unique_ptr<TaskThread> m_lookThread;
    std::mutex m_writeThreadMutex;
    std::unique_ptr<TaskThread> m_writeThread; ///< made by the first append: most connections only look
};

Result<SnapshotPolicy> policyOf(const ConnectionSpec &spec)
{
    if (spec.path.isEmpty())
        return failure(ErrorCode::InvalidInput, QStringLiteral("The address names no file."), QStringLiteral("Write it as sqlite:PATH."));
    for (auto property = spec.properties.keyBegin(); property != spec.properties.keyEnd(); ++property)
        if (*property != SnapshotPolicy::propertyName())
            return failure(ErrorCode::InvalidInput, QStringLiteral("An event store has no property “%1”.").arg(*property),
                           QStringLiteral("Leave it out; a store in a file has only %1.").arg(SnapshotPolicy::propertyName()));
    return SnapshotPolicy::of(spec.properties);
}

} // namespace

Result<std::shared_ptr<Connector>> openEventStore(const ConnectionSpec &spec)
{
    const auto policy = policyOf(spec);
    if (!policy)
        return tl::unexpected<Error>(policy.error());
    return std::make_shared<EventStoreConnector>(spec, *policy);
}

} // namespace connectors::eventstore
