// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/pgstore_connector.h"

#include "connectors/pgstore/catalog_queries.h"
#include "connectors/pgstore/consumer_queries.h"
#include "connectors/pgstore/event_read.h"
#include "connectors/pgstore/event_rows.h"
#include "connectors/pgstore/store_writer.h"
#include "connectors/postgres/transaction.h"
#include "connectors/read_threads.h"
#include "connectors/stream_scope.h"
#include "connectors/task_thread.h"

#include <QHash>

namespace connectors::pgstore {

namespace {

constexpr int AppendAttempts = 100; ///< whoever fails has let somebody else through

/// What is left is for libpq.
ConnectionSpec withoutPolicy(ConnectionSpec spec)
{
    spec.properties.remove(SnapshotPolicy::propertyName());
    return spec;
}

/// The connection that all short questions share, opened by the first. Lives on one TaskThread.
struct LookingSession {
    std::unique_ptr<StoreConnection> store;
    std::unique_ptr<CatalogQueries> catalog;
    std::unique_ptr<ConsumerQueries> consumers;
    QString storeId; ///< of the first one that was opened
};

std::vector<qint64> positionsOf(const std::vector<EventAddress> &addresses)
{
    std::vector<qint64> positions;
    positions.reserve(addresses.size());
    for (const EventAddress &address : addresses)
        positions.push_back(address.position);
    return positions;
}

class PgStoreConnector final : public Connector,
                               public StreamCatalog,
                               public EventReader,
                               public EventWriter,
                               public ConsumerCatalog,
                               public DeadLetterSource,
                               public SnapshotSource
{
public:
    PgStoreConnector(postgres::Options options, bool mayCreate, SnapshotPolicy policy)
        : m_options(std::move(options))
        , m_policy(policy)
        , m_mayCreate(mayCreate)
        , m_reads(std::make_unique<ReadThreads>([this](const ReadRequest &request, const EventChannelPtr &channel) {
            EventRead(m_options, request, channel, m_traffic).run();
        }))
        , m_lookThread(std::make_unique<TaskThread>())
    {
    }

    ~PgStoreConnector() override
    {
        m_reads.reset();
        m_lookThread.reset();
        m_writeThread.reset();
    }

    QFuture<Result<SystemIdentity>> identify(std::stop_token stop) override
    {
        return look<SystemIdentity>(stop, [](LookingSession &session) {
            std::ignore = session.store->database.query("SELECT 1"); // the probe to trust: it is still there
            SystemIdentity identity;
            identity.systemId = session.store->storeId;
            identity.product = QStringLiteral("Streamgauge event store on PostgreSQL");
            identity.version = session.store->database.serverVersionText();
            identity.userName = session.store->database.userName();
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

    EventChannelPtr read(ReadRequest request) override { return m_reads->start(std::move(request)); }

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
        return look<EventBatchPtr>(stop, [addresses = std::move(addresses)](LookingSession &session) { return timesAt(session, addresses); });
    }

    QFuture<Result<std::vector<ConsumerSummary>>> listConsumers(std::stop_token stop) override
    {
        return look<std::vector<ConsumerSummary>>(stop, [](LookingSession &session) { return session.consumers->listConsumers(); });
    }

    QFuture<Result<ConsumerStates>> consumerStates(ConsumerStateRequest request, std::stop_token stop) override
    {
        return look<ConsumerStates>(stop, [request](LookingSession &session) { return session.consumers->consumerStates(request); });
    }

    QFuture<Result<std::vector<DeadLetterQueue>>> deadLetterQueues(std::stop_token stop) override
    {
        return look<std::vector<DeadLetterQueue>>(stop, [](LookingSession &session) { return pgstore::deadLetterQueues(*session.store); });
    }

    QFuture<Result<std::vector<DeadLetter>>> letters(QString queueStream, qint64 limit, std::stop_token stop) override
    {
        return look<std::vector<DeadLetter>>(stop, [=](LookingSession &session) { return deadLetters(*session.store, queueStream, limit); });
    }

    QFuture<Result<std::optional<Snapshot>>> newestSnapshot(QString stream, QString fold, qint64 atMostVersion, std::stop_token stop) override
    {
        return look<std::optional<Snapshot>>(stop, [=](LookingSession &session) { return pgstore::newestSnapshot(*session.store, stream, fold, atMostVersion); });
    }

    QFuture<Result<std::vector<Snapshot>>> listSnapshots(QString stream, std::stop_token stop) override
    {
        return look<std::vector<Snapshot>>(stop, [=](LookingSession &session) { return pgstore::listSnapshots(*session.store, stream); });
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
    EventBatchPtr eventsAt(LookingSession &session, const std::vector<EventAddress> &addresses, qint64 previewBytes)
    {
        QHash<qint64, EventBatchPtr> found;
        readPositions(*session.store, positionsOf(addresses), [&](const postgres::Rows &rows) {
            m_traffic.add(1, rows.bytes());
            for (int row = 0; row < rows.count(); ++row) {
                EventBatchBuilder whole;
                addRow(whole, rows, row);
                found.insert(rows.integer(row, 0), previewsOf(whole.take(), previewBytes));
            }
            return true;
        });
        EventBatchBuilder builder;
        for (const EventAddress &address : addresses) {
            const EventBatchPtr event = found.value(address.position);
            if (event && StreamScope(address.stream).contains(event->streamOf(0)))
                builder.addFrom(*event, 0, previewBytes);
        }
        return builder.take();
    }

    static EventBatchPtr timesAt(LookingSession &session, const std::vector<EventAddress> &addresses)
    {
        QByteArrayList positions;
        for (const EventAddress &address : addresses)
            positions += QByteArray::number(address.position);
        const postgres::Rows rows = session.store->database.query("SELECT position, stream, recorded_at FROM events WHERE position = ANY ($1::bigint[])",
                                                                  postgres::Parameters().addArray(positions));
        QHash<qint64, int> rowOf;
        for (int row = 0; row < rows.count(); ++row)
            rowOf.insert(rows.integer(row, 0), row);
        EventBatchBuilder builder;
        for (const EventAddress &address : addresses) {
            const int row = rowOf.value(address.position, -1);
            if (row < 0 || !StreamScope(address.stream).contains(rows.string(row, 1)))
                continue;
            EventRecord record;
            record.stream = builder.internStream(rows.string(row, 1));
            record.position = address.position;
            record.time = rows.integer(row, 2);
            builder.add(record);
        }
        return builder.take();
    }

    template<typename T, typename Question>
    QFuture<Result<T>> look(std::stop_token stop, Question question)
    {
        return m_lookThread->run<T>(stop, [this, question = std::move(question)](const std::function<bool()> &isCancelled) -> Result<T> {
            const bool wasOpen = m_looking.store && m_looking.store->database.isUsable();
            Result<T> answer = ask<T>(question, isCancelled);
            // The server may have been restarted since the last question, which nobody tells before the next one.
            const bool isLost = !answer && wasOpen && answer.error().code == ErrorCode::CannotConnect;
            return isLost ? ask<T>(question, isCancelled) : answer;
        });
    }

    template<typename T, typename Question>
    Result<T> ask(const Question &question, const std::function<bool()> &isCancelled)
    {
        return guarded([&] {
            if (!m_looking.store || !m_looking.store->database.isUsable())
                openSession(isCancelled);
            m_traffic.add(1, 0);
            m_looking.store->database.setCancelledCheck(isCancelled);
            const auto forget = std::unique_ptr<postgres::Database, void (*)(postgres::Database *)>(
                &m_looking.store->database, [](postgres::Database *database) { database->setCancelledCheck({}); });
            return question(m_looking);
        });
    }

    void openSession(const std::function<bool()> &isCancelled)
    {
        const bool isFirst = m_looking.storeId.isEmpty();
        LookingSession session;
        session.storeId = m_looking.storeId;
        m_looking.catalog.reset();
        m_looking.consumers.reset();
        m_looking.store.reset();
        if (m_mayCreate && isFirst)
            std::ignore = openForWriting(m_options, true, isCancelled);
        session.store = openForLooking(m_options, isCancelled);
        if (!isFirst && session.store->storeId != session.storeId)
            fail(ErrorCode::NotFound, QStringLiteral("%1 was replaced by another event store while it was open.").arg(session.store->place()),
                 QStringLiteral("Open the connection again."));
        session.storeId = session.store->storeId;
        session.catalog = std::make_unique<CatalogQueries>(*session.store);
        session.consumers = std::make_unique<ConsumerQueries>(*session.store);
        m_looking = std::move(session);
    }

    std::vector<AppendedEvent> appendNow(const std::vector<NewEvent> &events)
    {
        for (int attempt = 1;; ++attempt) {
            const bool wasOpen = m_writing && m_writing->database.isUsable();
            try {
                return appendOnce(events);
            } catch (const postgres::SqlError &failed) {
                if (!StoreWriter::isAnothersAppend(failed) || attempt >= AppendAttempts)
                    throw;
            } catch (const ThrownError &failed) {
                // Nothing was stored before the commit, which fails with another code.
                if (failed.error.code != ErrorCode::CannotConnect || !wasOpen)
                    throw;
            }
        }
    }

    std::vector<AppendedEvent> appendOnce(const std::vector<NewEvent> &events)
    {
        if (!m_writing || !m_writing->database.isUsable()) {
            m_writing.reset();
            m_writing = openForWriting(m_options, m_mayCreate);
        }
        m_traffic.add(1, 0);
        postgres::Transaction transaction(m_writing->database, postgres::Transaction::Kind::Write);
        std::vector<AppendedEvent> appended = StoreWriter(*m_writing, m_policy).append(events);
        transaction.commit();
        return appended;
    }

    const postgres::Options m_options;
    const SnapshotPolicy m_policy;
    const bool m_mayCreate;
    TrafficCounter m_traffic;
    EventPages m_pages;
    LookingSession m_looking;                   ///< on m_lookThread only
    std::unique_ptr<StoreConnection> m_writing; ///< on m_writeThread only
    std::unique_ptr<ReadThreads> m_reads;
    std::unique_ptr<TaskThread> m_lookThread;
    std::mutex m_writeThreadMutex;
    std::unique_ptr<TaskThread> m_writeThread; ///< made by the first append: most connections only look
};

} // namespace

Result<std::shared_ptr<Connector>> openEventStore(const ConnectionSpec &spec, const Credentials &credentials)
{
    const auto policy = SnapshotPolicy::of(spec.properties);
    if (!policy)
        return tl::unexpected(policy.error());
    return postgres::optionsOf(withoutPolicy(spec), credentials).map([&](postgres::Options options) -> std::shared_ptr<Connector> {
        return std::make_shared<PgStoreConnector>(std::move(options), spec.mayCreate, *policy);
    });
}

} // namespace connectors::pgstore
