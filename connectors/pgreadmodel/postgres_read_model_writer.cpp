// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/postgres_read_model_writer.h"

#include "connectors/pgreadmodel/dependants.h"
#include "connectors/pgreadmodel/rebuild_records.h"
#include "connectors/pgreadmodel/row_store.h"
#include "connectors/pgreadmodel/table_exchange.h"
#include "connectors/pgreadmodel/table_names.h"
#include "connectors/postgres/transaction.h"
#include "connectors/tables/rebuild_order.h"

#include <algorithm>
#include <tuple>

namespace connectors::pgreadmodel {

using postgres::Transaction;

namespace {

class PostgresReadModelWriter final : public ReadModelWriter
{
public:
    PostgresReadModelWriter(ConnectionSpec spec, postgres::Options options, std::vector<TableSpec> tables)
        : m_spec(std::move(spec))
        , m_options(std::move(options))
        , m_tables(std::move(tables))
    {
    }

    Result<void> begin(const Rebuild &rebuild) override
    {
        return guarded([&] {
            requireNames(m_tables);
            Session &there = session();
            Transaction transaction(there.database(), Transaction::Kind::Write);
            lockRebuilds(there);
            createRebuildsTable(there);
            tables::requireNoOther(rebuildsIn(there), rebuild);
            for (size_t i = 0; i < m_tables.size(); ++i)
                there.database().execute(createTable(m_tables[i], there.qualified(shadowName(rebuild, i))));
            Rebuild stored = insertRebuild(there, rebuild);
            transaction.commit();
            own(std::move(stored));
            m_isEmpty = true;
        });
    }

    Result<Rebuild> takeOver(const QString &job) override
    {
        return guarded([&] {
            requireNames(m_tables);
            Session &there = session();
            Transaction transaction(there.database(), Transaction::Kind::Write);
            const Rebuild known = lockedRebuild(there, job);
            const EpochMs now = there.now();
            tables::requireNoOwner(known, now);
            Rebuild next = known;
            ++next.epoch;
            next.heartbeat = now;
            next = updateRebuild(there, known, next);
            transaction.commit();
            own(next);
            return next;
        });
    }

    Result<void> letGo() override
    {
        return guarded([&] { advance([](Rebuild &next) { next.heartbeat = 0; }); });
    }

    Result<std::vector<std::optional<Row>>> load(const std::vector<RowKey> &keys) override
    {
        return guarded([&] {
            owned();
            std::vector<std::optional<Row>> rows(keys.size());
            for (size_t table = 0; table < m_stores.size(); ++table) {
                std::vector<const RowKey *> wanted;
                std::vector<size_t> places;
                for (size_t i = 0; i < keys.size(); ++i) {
                    if (keys[i].table != table)
                        continue;
                    wanted.push_back(&keys[i]);
                    places.push_back(i);
                }
                if (wanted.empty())
                    continue;
                std::vector<std::optional<Row>> found = m_stores[table]->find(wanted);
                for (size_t i = 0; i < found.size(); ++i)
                    rows[places[i]] = std::move(found[i]);
            }
            return rows;
        });
    }

    Result<void> store(std::vector<ChangedRow> rows, const RebuildCheckpoint &checkpoint) override
    {
        return guarded([&] {
            Session &there = owned();
            // An index that grows in its order is written page after page, and two writers would never wait for each other crosswise.
            std::sort(rows.begin(), rows.end(), [](const ChangedRow &a, const ChangedRow &b) { return std::tie(a.key.table, a.key.parts) < std::tie(b.key.table, b.key.parts); });
            Transaction transaction(there.database(), Transaction::Kind::Write);
            Rebuild next = m_rebuild;
            next.checkpoint = checkpoint;
            next.heartbeat = 1; // becomes now
            next = updateRebuild(there, m_rebuild, next); // first: who is no longer the owner writes nothing
            for (size_t table = 0; table < m_stores.size(); ++table)
                storeOf(table, rows);
            m_isEmpty = false;
            transaction.commit();
            m_rebuild = std::move(next);
        });
    }

    Result<void> beat() override
    {
        return guarded([&] { advance([](Rebuild &next) { next.heartbeat = 1; }); });
    }

    Result<void> finishFilling() override
    {
        return guarded([&] {
            advance([](Rebuild &next) {
                next.state = RebuildState::Filled;
                next.heartbeat = 0;
            });
        });
    }

    Result<SwapReport> swap(const QString &job) override
    {
        return guarded([&] { return exchange(job, RebuildState::Swapped); });
    }

    Result<SwapReport> swapBack(const QString &job) override
    {
        return guarded([&] { return exchange(job, RebuildState::SwappedBack); });
    }

    Result<void> drop(const QString &job) override
    {
        return guarded([&] {
            Session &there = session();
            Transaction transaction(there.database(), Transaction::Kind::Write);
            lockRebuilds(there);
            const Rebuild rebuild = lockedRebuild(there, job);
            QByteArrayList beside;
            for (size_t i = 0; i < rebuild.tables.size(); ++i)
                beside += there.qualified(tables::isOldBeside(rebuild) ? oldName(rebuild, i) : shadowName(rebuild, i));
            requireAlone(there, rebuild);
            there.database().execute("DROP TABLE IF EXISTS " + beside.join(", "));
            Rebuild before;
            if (const std::optional<Rebuild> other = tables::strandedOther(rebuildsIn(there), rebuild, &before))
                std::ignore = updateRebuild(there, before, *other);
            deleteRebuild(there, job);
            if (rebuildsIn(there).empty()) // so that nothing of ours stays behind
                dropRebuildsTable(there);
            transaction.commit();
        });
    }

private:
    Session &session()
    {
        if (!m_session || !m_session->database().isUsable()) {
            m_stores.clear();
            m_session.reset();
            auto opened = std::make_unique<Session>(m_spec, m_options, postgres::Database::Access::Write);
            opened->requireSchema();
            m_session = std::move(opened);
        }
        return *m_session;
    }

    /// With the statements of the tables that are written, which do not outlive a connection.
    Session &owned()
    {
        Session &there = session();
        if (m_rebuild.job.isEmpty())
            fail(ErrorCode::InvalidInput, QStringLiteral("No rebuild was begun or taken over here."));
        for (size_t i = m_stores.size(); i < m_tables.size(); ++i) {
            const QString name = m_rebuild.state == RebuildState::Swapped ? m_rebuild.tables[i] : shadowName(m_rebuild, i);
            m_stores.push_back(std::make_unique<RowStore>(there, m_tables[i], name, i));
        }
        return there;
    }

    void own(Rebuild rebuild)
    {
        m_rebuild = std::move(rebuild);
        m_isEmpty = false;
        m_stores.clear();
        owned();
    }

    void storeOf(size_t table, const std::vector<ChangedRow> &rows)
    {
        std::vector<const ChangedRow *> put;
        std::vector<const ChangedRow *> removed;
        for (const ChangedRow &each : rows) {
            if (each.key.table == table)
                (each.row ? put : removed).push_back(&each);
        }
        m_stores[table]->put(put, m_isEmpty);
        if (!m_isEmpty)
            m_stores[table]->remove(removed);
    }

    template<typename Change>
    void advance(Change change)
    {
        Session &there = session();
        Transaction transaction(there.database(), Transaction::Kind::Write);
        Rebuild next = m_rebuild;
        change(next);
        next = updateRebuild(there, m_rebuild, next);
        transaction.commit();
        m_rebuild = std::move(next);
    }

    SwapReport exchange(const QString &job, RebuildState state)
    {
        Session &there = session();
        Transaction transaction(there.database(), Transaction::Kind::Write);
        const Rebuild known = lockedRebuild(there, job);
        tables::requireExchangeable(known, state);
        const bool isOwned = m_rebuild.job == job;
        Rebuild next = known;
        next.state = state;
        ++next.epoch;
        next.heartbeat = 0;
        next.swapped = there.now();
        next = updateRebuild(there, isOwned ? m_rebuild : known, next);
        Rebuild before;
        if (const std::optional<Rebuild> other = tables::settledOther(rebuildsIn(there), known, state, &before))
            std::ignore = updateRebuild(there, before, *other);
        SwapReport report = exchangeTables(there, known, state == RebuildState::SwappedBack);
        transaction.commit();
        if (isOwned) // whoever goes on writing takes it over again
            m_rebuild = std::move(next);
        m_stores.clear();
        return report;
    }

    /// DROP TABLE would say the same without names.
    static void requireAlone(Session &there, const Rebuild &rebuild)
    {
        std::vector<qint64> tables;
        for (size_t i = 0; i < rebuild.tables.size(); ++i)
            tables.push_back(there.idOf(tables::isOldBeside(rebuild) ? oldName(rebuild, i) : shadowName(rebuild, i)));
        for (const qint64 table : tables) {
            const std::vector<QString> others = table == 0 ? std::vector<QString>() : outsidersOf(there, table, tables);
            if (!others.empty())
                fail(ErrorCode::Refused, QStringLiteral("The tables of the rebuild %1 cannot be dropped, because others need them: %2.").arg(rebuild.job, QStringList(others.begin(), others.end()).join(QStringLiteral(", "))),
                     QStringLiteral("Drop what is named here first."));
        }
    }

    const ConnectionSpec m_spec;
    const postgres::Options m_options;
    const std::vector<TableSpec> m_tables;
    std::unique_ptr<Session> m_session;
    Rebuild m_rebuild;
    bool m_isEmpty = false; ///< the tables were made here, and nothing was stored yet
    std::vector<std::unique_ptr<RowStore>> m_stores;
};

} // namespace

Result<std::unique_ptr<ReadModelWriter>> openPostgresReadModelWriter(const ConnectionSpec &spec, const Credentials &credentials, std::vector<TableSpec> tables)
{
    auto options = postgres::optionsOf(spec, credentials);
    if (!options)
        return tl::unexpected(options.error());
    return std::make_unique<PostgresReadModelWriter>(spec, *std::move(options), std::move(tables));
}

} // namespace connectors::pgreadmodel
