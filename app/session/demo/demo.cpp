// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/demo.h"

#include "app/session/demo/shop.h"
#include "app/session/demo/warehouse.h"
#include "connectors/eventstore/consumer_queries.h"
#include "connectors/eventstore/store_file.h"

#include <QDateTime>
#include <QDir>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>

namespace session {

using namespace connectors;
using namespace connectors::eventstore;
using namespace connectors::sqlite;
using connectors::EpochMs;

namespace {

constexpr EpochMs HistoryStepMs = 250;
constexpr EpochMs LiveStepMs = 100;
constexpr EpochMs HeartbeatMs = 2000;
constexpr EpochMs LongestStepMs = 5000; ///< after the machine slept, the night is not made up for
constexpr int StepsPerTransaction = 40;
constexpr double HistoryMargin = 1.06;  ///< orders under way at the end have not made all their events yet

EpochMs nowMs()
{
    return QDateTime::currentMSecsSinceEpoch();
}

DemoMoment momentOf(sqlite::Database &database, EpochMs time)
{
    connectors::ConsumerStateRequest request;
    request.withMembers = false;
    return {time, consumerStates(database, request, time), deadLetterQueues(database)};
}

/// False when the demo was stopped meanwhile.
bool makeHistory(sqlite::Database &database, demo::Shop &shop, const DemoOptions &options, std::vector<DemoMoment> *moments,
                 const std::function<void()> &begun, std::stop_token stop)
{
    if (options.historyEvents <= 0 || shop.eventCount() > 0)
        return true;
    const auto length = static_cast<EpochMs>(HistoryMargin * static_cast<double>(options.historyEvents) * 1000 / options.eventsPerSecond);
    const EpochMs end = options.historyEnd.value_or(nowMs());
    // Half-made history is of no worth, so nobody needs to wait for the disk before it is whole.
    database.execute("PRAGMA synchronous = OFF");
    StoreWriter writer(database);
    demo::Warehouse warehouse(options.seed, writer);
    const qint64 transactions = 1 + length / (HistoryStepMs * StepsPerTransaction);
    qint64 warehouseLeft = options.warehouseEvents;
    for (EpochMs time = end - length; time < end && !stop.stop_requested();) {
        sqlite::Transaction transaction(database, sqlite::Transaction::Kind::Write);
        for (int i = 0; i < StepsPerTransaction && time < end; ++i, time += HistoryStepMs)
            shop.step(time, HistoryStepMs);
        const qint64 share = std::min(1 + options.warehouseEvents / transactions, warehouseLeft);
        warehouse.live(share, time);
        warehouseLeft -= share;
        transaction.commit();
        begun();
        moments->push_back(momentOf(database, time));
    }
    database.execute("PRAGMA synchronous = FULL");
    return !stop.stop_requested();
}

void sleepUnlessStopped(std::stop_token stop, EpochMs time)
{
    std::mutex mutex;
    std::condition_variable_any wakeup;
    std::unique_lock lock(mutex);
    wakeup.wait_for(lock, stop, std::chrono::milliseconds(time), [] { return false; });
}

void goLive(sqlite::Database &database, demo::Shop &shop, std::stop_token stop)
{
    EpochMs last = nowMs();
    EpochMs lastHeartbeat = 0;
    while (!stop.stop_requested()) {
        const EpochMs now = std::max(nowMs(), last);
        sqlite::Transaction transaction(database, sqlite::Transaction::Kind::Write);
        shop.step(now, std::min(now - last, LongestStepMs));
        if (now - lastHeartbeat >= HeartbeatMs) {
            shop.heartbeat(now);
            lastHeartbeat = now;
        }
        transaction.commit();
        last = now;
        sleepUnlessStopped(stop, LiveStepMs);
    }
    sqlite::Transaction transaction(database, sqlite::Transaction::Kind::Write);
    shop.leave();
    transaction.commit();
}

} // namespace

Demo::Demo(DemoOptions options)
    : m_options(std::move(options))
{
    m_options.eventsPerSecond = std::clamp(m_options.eventsPerSecond, 1.0, 10'000.0);
}

Demo::~Demo()
{
    stop();
}

connectors::Result<void> Demo::start()
{
    m_path = m_options.storePath;
    if (m_path.isEmpty()) {
        m_folder = std::make_unique<QTemporaryDir>(QDir::tempPath() + u"/streamgauge-demo-XXXXXX");
        if (!m_folder->isValid())
            return connectors::failure(connectors::ErrorCode::StorageFailed,
                                       QStringLiteral("The demo's store cannot be made: %1.").arg(m_folder->errorString()),
                                       QStringLiteral("Free space in %1, or name a file with --demo-store.").arg(QDir::tempPath()));
        m_path = m_folder->filePath(QStringLiteral("shop.db"));
    }
    auto checked = connectors::guarded([this] {
        const auto database = openForWriting(m_path, true);
        demo::Shop(*database, m_options.seed, m_options.eventsPerSecond);
    });
    if (!checked)
        return checked;
    m_thread = std::jthread([this](std::stop_token stop) { run(stop); });
    constexpr std::chrono::seconds LongestWait{2}; // a busy disk: then the store is opened empty
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, LongestWait, [this] { return m_hasBegun || m_error; });
    return checked;
}

void Demo::stop()
{
    m_thread.request_stop();
    if (m_thread.joinable())
        m_thread.join();
}

connectors::ConnectionSpec Demo::spec() const
{
    connectors::ConnectionSpec spec;
    spec.name = QStringLiteral("demo shop");
    spec.kind = connectors::SystemKind::EventStoreSqlite;
    spec.path = m_path;
    spec.environment = connectors::Environment::AssumedDevelopment;
    return spec;
}

bool Demo::waitForHistory(int milliseconds)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait_for(lock, std::chrono::milliseconds(milliseconds), [this] { return m_hasHistory || m_error; });
    return m_hasHistory;
}

std::optional<connectors::Error> Demo::error() const
{
    const std::lock_guard lock(m_mutex);
    return m_error;
}

/// A lock or a full disk passes; the shop tries again until it does, and says so meanwhile.
void Demo::run(std::stop_token stop)
{
    while (!stop.stop_requested()) {
        const auto result = connectors::guarded([&] { work(stop); });
        if (result)
            return;
        {
            const std::lock_guard lock(m_mutex);
            m_error = result.error();
        }
        m_changed.notify_all();
        if (!result.error().isRetryable)
            return;
        sleepUnlessStopped(stop, 1000);
    }
}

void Demo::tellBegun()
{
    {
        const std::lock_guard lock(m_mutex);
        m_hasBegun = true;
    }
    m_changed.notify_all();
}

void Demo::work(std::stop_token stop)
{
    const auto database = openForWriting(m_path, false);
    demo::Shop shop(*database, m_options.seed, m_options.eventsPerSecond);
    std::vector<DemoMoment> moments;
    if (!makeHistory(*database, shop, m_options, &moments, [this] { tellBegun(); }, stop))
        return;
    tellBegun(); // a store that has its history already
    if (m_options.historyMade)
        m_options.historyMade(std::move(moments));
    {
        const std::lock_guard lock(m_mutex);
        m_hasHistory = true;
        m_error.reset();
    }
    m_changed.notify_all();
    goLive(*database, shop, stop);
}

} // namespace session
