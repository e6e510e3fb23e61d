// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/demo_projections.h"

#include "connectors/eventstore/event_store_connector.h"
#include "connectors/readmodel/sqlite_read_model.h"
#include "connectors/readmodel/sqlite_read_model_writer.h"
#include "models/projection/table_fill.h"
#include "models/replay/sleep.h"

#include <QDateTime>
#include <QDir>
#include <QSaveFile>

#include <algorithm>

namespace session::demo {

using namespace connectors;
using models::projection::ProjectionFile;
using models::projection::ProjectionSource;
using models::projection::TableFill;

namespace {

constexpr std::chrono::milliseconds BetweenLooks{1'000};

QString folderOf(const ConnectionSpec &store)
{
    return store.path + u"-projections";
}

Result<QString> writeFile(const ConnectionSpec &store, const ShopProjection &projection)
{
    const QString path = folderOf(store) + u'/' + projection.name + u".json";
    QSaveFile file(path);
    if (!QDir().mkpath(folderOf(store)) || !file.open(QIODevice::WriteOnly) || file.write(projection.versions.back()) < 0 || !file.commit())
        return failure(ErrorCode::StorageFailed, QStringLiteral("%1 could not be written: %2.").arg(path, file.errorString()));
    return path;
}

Rebuild firstRebuild(const ShopProjection &projection, const ProjectionFile &file)
{
    Rebuild rebuild;
    rebuild.job = QStringLiteral("shop%1").arg(qHash(projection.name, size_t{0}) % 10'000, 4, 10, QLatin1Char('0'));
    rebuild.projection = file.name;
    rebuild.version = file.version;
    for (const TableSpec &table : file.tables)
        rebuild.tables.push_back(table.name);
    rebuild.created = QDateTime::currentMSecsSinceEpoch();
    rebuild.heartbeat = rebuild.created;
    return rebuild;
}

/// The first version, as the shop's projector has built it long ago.
Result<void> build(Connector &store, const ConnectionSpec &target, const ShopProjection &projection, const std::stop_token &stop)
{
    const auto file = models::projection::parseProjection(projection.versions.front(), projection.name);
    if (!file)
        return tl::unexpected(file.error());
    const auto writer = readmodel::openSqliteReadModelWriter(target, file->tables);
    const Rebuild rebuild = firstRebuild(projection, *file);
    if (Result<void> begun = writer->begin(rebuild); !begun)
        return begun;
    auto source = ProjectionSource::open(store, *file, stop);
    if (!source)
        return tl::unexpected(source.error());
    if (Result<void> filled = TableFill(*source, *file, *writer, {}, {}).run(stop, {}); !filled)
        return filled;
    return writer->finishFilling().and_then([&] { return writer->swap(rebuild.job).map([](const SwapReport &) { }); });
}

/// The version that lives, kept up to date for as long as nobody else takes its place.
class LiveTables final
{
public:
    LiveTables(Connector &store, const ConnectionSpec &target, ShopProjection projection)
        : m_store(store)
        , m_target(target)
        , m_projection(std::move(projection))
    {
    }
    ~LiveTables() { letGo(); }
    LiveTables(const LiveTables &) = delete;
    LiveTables &operator=(const LiveTables &) = delete;

    void keepUp(const std::stop_token &stop)
    {
        if (!m_filling && !take(stop))
            return;
        const Result<void> kept = m_filling->run(stop, {}).and_then([this] { return m_writer->beat(); });
        if (!kept) // most often because another version was swapped in
            forget();
    }

private:
    [[nodiscard]] bool take(const std::stop_token &stop)
    {
        const auto rebuilds = readmodel::openSqliteReadModel(m_target)->rebuilds();
        const auto live = rebuilds ? std::find_if(rebuilds->rbegin(), rebuilds->rend(), [this](const Rebuild &each) { return each.projection == m_projection.name && each.state == RebuildState::Swapped; })
                                   : std::vector<Rebuild>::const_reverse_iterator();
        if (!rebuilds || live == rebuilds->rend())
            return false;
        const auto version = static_cast<size_t>(std::clamp(live->version, 1, static_cast<int>(m_projection.versions.size())) - 1);
        auto file = models::projection::parseProjection(m_projection.versions[version], m_projection.name);
        if (!file)
            return false;
        m_file = std::move(*file);
        m_writer = readmodel::openSqliteReadModelWriter(m_target, m_file.tables);
        auto taken = m_writer->takeOver(live->job);
        auto source = taken ? ProjectionSource::open(m_store, m_file, stop) : Result<ProjectionSource>(tl::unexpected(taken.error()));
        if (!source) {
            forget();
            return false;
        }
        m_source = std::make_unique<ProjectionSource>(std::move(*source));
        m_filling = std::make_unique<TableFill>(*m_source, m_file, *m_writer, taken->checkpoint, models::projection::FillOptions());
        return true;
    }

    void letGo()
    {
        if (m_filling)
            std::ignore = m_writer->letGo();
        forget();
    }

    void forget()
    {
        m_filling.reset();
        m_source.reset();
        m_writer.reset();
    }

    Connector &m_store;
    const ConnectionSpec m_target;
    const ShopProjection m_projection;
    ProjectionFile m_file;
    std::unique_ptr<ReadModelWriter> m_writer;
    std::unique_ptr<ProjectionSource> m_source;
    std::unique_ptr<TableFill> m_filling;
};

bool isBuilt(const std::vector<Rebuild> &rebuilds, const ShopProjection &projection)
{
    return std::any_of(rebuilds.begin(), rebuilds.end(), [&projection](const Rebuild &each) { return each.projection == projection.name && each.state == RebuildState::Swapped; });
}

} // namespace

DemoProjector::DemoProjector(ConnectionSpec store, std::function<void(const std::vector<DemoProjection> &)> made)
    : m_store(std::move(store))
    , m_made(std::move(made))
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

DemoProjector::~DemoProjector()
{
    m_thread.request_stop();
    m_thread.join();
}

ConnectionSpec DemoProjector::targetOf(const ConnectionSpec &store)
{
    ConnectionSpec target = store;
    target.name = QStringLiteral("demo read models");
    target.path = store.path + u"-readmodels";
    return target;
}

void DemoProjector::run(const std::stop_token &stop)
{
    const auto store = eventstore::openEventStore(m_store);
    if (!store)
        return;
    const ConnectionSpec target = targetOf(m_store);
    const auto built = readmodel::openSqliteReadModel(target)->rebuilds();
    std::vector<DemoProjection> made;
    std::vector<std::unique_ptr<LiveTables>> live;
    for (const ShopProjection &projection : shopProjections()) {
        const auto path = writeFile(m_store, projection);
        const bool isThere = path && ((built && isBuilt(*built, projection)) || build(**store, target, projection, stop));
        if (!isThere)
            continue;
        made.push_back({*path, target});
        live.push_back(std::make_unique<LiveTables>(**store, target, projection));
    }
    m_made(made);
    while (models::replay::sleepFor(BetweenLooks, stop)) {
        for (const auto &each : live)
            each->keepUp(stop);
    }
}

} // namespace session::demo
