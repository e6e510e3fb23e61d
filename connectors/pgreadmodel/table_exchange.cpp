// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgreadmodel/table_exchange.h"

#include "connectors/pgreadmodel/index_pairs.h"
#include "connectors/pgreadmodel/table_losses.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace connectors::pgreadmodel {

using postgres::Parameters;
using postgres::quotedName;

namespace {

constexpr int LockAttempts = 6;
constexpr qint64 LongestLockWaitMs = 2'000; ///< in one attempt
constexpr std::chrono::milliseconds LockPause{200}; ///< for those who waited behind us

/// One table with its three names.
struct Place {
    QString live;
    QString aside;  ///< what the live one is called afterwards
    QString rising; ///< what is called so becomes the live one
    ExchangedTables ids = {};
    std::vector<IndexPair> indexes = {};
    size_t firstName = 0; ///< of its indexes, among those of all tables
};

bool isOfOthers(const postgres::SqlError &error)
{
    return error.sqlState == "55P03" || error.isOfTheMoment();
}

QString joined(const std::vector<QString> &names)
{
    return QStringList(names.begin(), names.end()).join(QStringLiteral(", "));
}

class Exchange final
{
public:
    Exchange(Session &session, const Rebuild &rebuild, bool isBack)
        : m_session(session)
        , m_rebuild(rebuild)
        , m_isBack(isBack)
    {
    }

    SwapReport run()
    {
        find();
        prepare();
        lock();
        const std::vector<Dependant> dependants = writtenDown();
        for (const Dependant &each : dependants)
            carryOut(each, each.before);
        for (const Place &place : m_places)
            rename(place);
        SwapReport report;
        for (const Dependant &each : dependants) {
            carryOut(each, each.after);
            if (each.isTold)
                report.recreated.push_back(each.kind + u' ' + each.name);
        }
        for (const Place &place : m_places)
            tellIndexes(place, &report);
        return report;
    }

private:
    [[nodiscard]] std::pair<QString, QString> namesOf(const Rebuild &named, size_t table) const
    {
        const QString old = oldName(named, table);
        const QString shadow = shadowName(named, table);
        return m_isBack ? std::pair(shadow, old) : std::pair(old, shadow);
    }

    /// Cut like those of tables where they are long.
    [[nodiscard]] AsideNames indexNames() const
    {
        return [this](const QString &name, size_t number) {
            Rebuild named;
            named.job = m_rebuild.job;
            named.tables.resize(number + 1);
            named.tables[number] = name;
            return namesOf(named, number);
        };
    }

    void find()
    {
        std::vector<qint64> lives;
        for (size_t i = 0; i < m_rebuild.tables.size(); ++i) {
            const auto [aside, rising] = namesOf(m_rebuild, i);
            Place place{m_rebuild.tables[i], aside, rising};
            place.ids.live = m_session.idOf(place.live);
            place.ids.rising = m_session.idOf(place.rising);
            if (!m_isBack && place.ids.rising == 0)
                fail(ErrorCode::Refused, QStringLiteral("The rebuilt table “%1” is gone. Nothing was swapped.").arg(rising), QStringLiteral("Drop the rebuild %1 and begin anew.").arg(m_rebuild.job));
            if (place.ids.live != 0)
                requireOrdinaryTable(m_session, place.live, place.ids.live);
            lives.push_back(place.ids.live);
            m_places.push_back(std::move(place));
        }
        for (Place &place : m_places)
            place.ids.lives = arrayOf(lives);
    }

    void prepare()
    {
        size_t names = m_places.size(); // the first ones are those of the tables
        for (Place &place : m_places) {
            place.firstName = names;
            if (isBoth(place))
                place.indexes = pairIndexes(m_session, place.ids, m_session.qualified(place.rising), indexNames(), place.firstName);
            names += place.indexes.size();
            if (!m_isBack) // so that the first question is planned as well as the last one was
                m_session.database().execute("ANALYZE " + m_session.qualified(place.rising));
        }
    }

    void lock()
    {
        postgres::Database &database = m_session.database();
        const qint64 patience = database.query("SELECT setting::bigint FROM pg_settings WHERE name = 'deadlock_timeout'").integer(0, 0) * 4 / 5;
        m_patience = std::chrono::milliseconds(std::clamp(patience, qint64{1}, LongestLockWaitMs));
        database.execute("SAVEPOINT locks");
        for (int attempt = 1;; ++attempt) {
            try {
                lockOnce();
                database.execute(patienceLeft()); // for what else is locked by putting things in place
                return;
            } catch (const postgres::SqlError &failed) {
                if (!isOfOthers(failed))
                    throw;
                database.execute("ROLLBACK TO SAVEPOINT locks");
                if (attempt == LockAttempts)
                    failInUse();
            }
            std::this_thread::sleep_for(LockPause);
        }
    }

    /// All locks of an attempt share its time: whoever waits for the first one waits no longer than that.
    [[nodiscard]] QByteArray patienceLeft() const
    {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(m_attemptEnd - std::chrono::steady_clock::now());
        return "SET LOCAL lock_timeout = " + QByteArray::number(std::max<qint64>(1, left.count())) + "; ";
    }

    void lockOnce()
    {
        m_attemptEnd = std::chrono::steady_clock::now() + m_patience;
        QByteArrayList views;
        QByteArrayList tables;
        for (const Place &place : m_places) {
            views += viewLocksOf(m_session, place.ids);
            tables += referringTablesOf(m_session, place.ids);
            for (const auto &[name, id] : {std::pair(place.live, place.ids.live), std::pair(place.rising, place.ids.rising)}) {
                if (id != 0)
                    tables += m_session.qualified(name);
            }
        }
        for (QByteArrayList *const each : {&views, &tables}) {
            std::sort(each->begin(), each->end());
            each->erase(std::unique(each->begin(), each->end()), each->end());
        }
        for (const QByteArray &view : std::as_const(views))
            m_session.database().execute(patienceLeft() + view);
        for (const QByteArray &table : std::as_const(tables))
            m_session.database().execute(patienceLeft() + "LOCK TABLE ONLY " + table + " IN ACCESS EXCLUSIVE MODE");
        for (const Place &place : m_places) {
            if (m_session.idOf(place.live) != place.ids.live || m_session.idOf(place.rising) != place.ids.rising)
                fail(ErrorCode::Conflict, QStringLiteral("“%1” became another table meanwhile. Nothing was swapped.").arg(place.live), QStringLiteral("Try again."), true);
        }
    }

    [[noreturn]] void failInUse()
    {
        static constexpr const char *Holders = "SELECT DISTINCT a.pid, a.application_name FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
                                               "WHERE l.locktype = 'relation' AND l.granted AND l.relation = ANY ($1::oid[]) AND l.pid <> pg_backend_pid() ORDER BY 1 LIMIT 5";
        const postgres::Rows rows = m_session.database().query(Holders, Parameters().add(m_places.front().ids.lives));
        std::vector<QString> holders;
        holders.reserve(static_cast<size_t>(rows.count()));
        for (int row = 0; row < rows.count(); ++row)
            holders.push_back(rows.string(row, 0) + QStringLiteral(" “") + rows.string(row, 1) + u'”');
        const QString who = holders.empty() ? QString() : QStringLiteral(" (server process %1)").arg(joined(holders));
        fail(ErrorCode::Conflict, QStringLiteral("Other transactions%1 use %2 all the time, so nothing was swapped and nothing was changed.").arg(who, joined(m_rebuild.tables)),
             QStringLiteral("Try again when there are no long transactions."), true);
    }

    /// What hangs on the live tables, as it is now that nobody can change it.
    std::vector<Dependant> writtenDown()
    {
        std::vector<Dependant> all;
        for (Place &place : m_places) {
            if (place.ids.live == 0)
                continue;
            std::vector<QString> obstacles = isBoth(place) ? obstaclesOf(m_session, place.ids) : outsidersOf(m_session, place.ids.live, {});
            if (!obstacles.empty())
                fail(ErrorCode::Refused, QStringLiteral("%1 cannot be put on the table that would become “%2”. Nothing was swapped.").arg(joined(obstacles), place.live),
                     QStringLiteral("Drop what is named here, swap, and make it again."));
            if (!isBoth(place))
                continue;
            place.indexes = pairIndexes(m_session, place.ids, m_session.qualified(place.rising), indexNames(), place.firstName);
            for (Dependant &each : dependantsOf(m_session, place.ids)) {
                if (std::find(all.begin(), all.end(), each) == all.end()) // a view may read two of the tables
                    all.push_back(std::move(each));
            }
        }
        return all;
    }

    void rename(const Place &place)
    {
        postgres::Database &database = m_session.database();
        const QByteArray live = m_session.qualified(place.live);
        const QByteArray rising = m_session.qualified(place.rising);
        if (isBoth(place)) {
            for (const QByteArray &statement : clearingOf(m_session, place.ids.rising))
                database.execute(statement);
            for (size_t i = 0; i < place.indexes.size(); ++i)
                exchangeIndexNames(m_session, place.indexes[i], live, rising, indexNames()(place.indexes[i].name, place.firstName + i).first);
        }
        if (place.ids.live != 0)
            database.execute("ALTER TABLE " + live + " RENAME TO " + quotedName(place.aside));
        if (place.ids.rising != 0) // a projection that was new had no table before
            database.execute("ALTER TABLE " + rising + " RENAME TO " + quotedName(place.live));
    }

    void carryOut(const Dependant &dependant, const QByteArray &sql)
    {
        if (sql.isEmpty())
            return;
        try {
            m_session.database().execute(sql);
        } catch (const postgres::SqlError &failed) {
            if (isOfOthers(failed) || failed.error.isRetryable)
                throw;
            fail(ErrorCode::Refused, QStringLiteral("The %1 “%2” cannot be put on the rebuilt table: %3 Nothing was swapped.").arg(dependant.kind, dependant.name, failed.error.message),
                 QStringLiteral("Give the projection file what it needs, or drop the %1 first.").arg(dependant.kind));
        }
    }

    void tellIndexes(const Place &place, SwapReport *report)
    {
        for (const IndexPair &each : place.indexes) {
            if (!each.comment.isEmpty())
                m_session.database().execute(each.comment);
            if (!each.isPrimary)
                report->recreated.push_back(QStringLiteral("index ") + each.name);
        }
    }

    static bool isBoth(const Place &place) { return place.ids.live != 0 && place.ids.rising != 0; }

    Session &m_session;
    const Rebuild &m_rebuild;
    const bool m_isBack;
    std::vector<Place> m_places;
    std::chrono::milliseconds m_patience{0}; ///< of one attempt to lock
    std::chrono::steady_clock::time_point m_attemptEnd;
};

} // namespace

SwapReport exchangeTables(Session &session, const Rebuild &rebuild, bool isBack)
{
    return Exchange(session, rebuild, isBack).run();
}

} // namespace connectors::pgreadmodel
