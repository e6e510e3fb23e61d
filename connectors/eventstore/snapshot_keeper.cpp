// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/snapshot_keeper.h"

#include "connectors/json_merge.h"
#include "connectors/json_text.h"
#include "connectors/state_fold.h"

namespace connectors::eventstore {

namespace {

constexpr const char *NewestSnapshot = "SELECT stream_version, position, state, created_at FROM snapshots"
                                       " WHERE stream = ?1 AND fold = ?2 AND stream_version <= ?3 ORDER BY stream_version DESC LIMIT 1";

/// A store of version 1 has no such table, and may get one while it is looked at.
bool hasSnapshots(sqlite::Database &database)
{
    return database.queryInteger("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'snapshots'") > 0;
}

} // namespace

SnapshotKeeper::SnapshotKeeper(sqlite::Database &database, SnapshotPolicy policy)
    : m_policy(policy)
    , m_fold(fold::ruleName())
    , m_base(database, NewestSnapshot)
    , m_events(database, "SELECT payload FROM events INDEXED BY events_stream WHERE stream = ?1 AND stream_version > ?2 AND stream_version <= ?3"
                         " ORDER BY stream_version")
    , m_insert(database, "INSERT INTO snapshots (stream, stream_version, position, fold, state, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                         " ON CONFLICT DO NOTHING")
{
}

void SnapshotKeeper::appended(const QString &stream, qint64 version, qint64 position, EpochMs now)
{
    if (version % m_policy.every != 0)
        return;
    qint64 from = 0;
    json::MergedValue state;
    if (m_base.bind(1, stream).bind(2, m_fold).bind(3, version - 1).step()) {
        if (const std::string_view base = m_base.text(2); json::check(base) == json::Verdict::Valid) {
            from = m_base.integer(0);
            state = json::MergedValue(base);
        }
    }
    m_base.reset();
    if (version - from > m_policy.mostEvents)
        return;
    m_events.bind(1, stream).bind(2, from).bind(3, version);
    while (m_events.step())
        if (const auto content = fold::contentOf(m_events.text(0)))
            state.merge(*content);
    const std::string text = state.text();
    if (text.empty() || static_cast<qint64>(text.size()) > m_policy.mostStateBytes)
        return;
    m_insert.bind(1, stream).bind(2, version).bind(3, position).bind(4, m_fold).bind(5, std::string_view(text)).bind(6, now).run();
}

std::optional<Snapshot> newestSnapshot(sqlite::Database &database, const QString &stream, const QString &fold, qint64 atMostVersion)
{
    if (!hasSnapshots(database))
        return std::nullopt;
    sqlite::Statement newest(database, NewestSnapshot);
    if (!newest.bind(1, stream).bind(2, fold).bind(3, atMostVersion).step())
        return std::nullopt;
    const std::string_view state = newest.text(2);
    return Snapshot{stream, newest.integer(0), newest.integer(1), fold, QByteArray(state.data(), static_cast<qsizetype>(state.size())), newest.integer(3)};
}

std::vector<Snapshot> listSnapshots(sqlite::Database &database, const QString &stream)
{
    std::vector<Snapshot> snapshots;
    if (!hasSnapshots(database))
        return snapshots;
    sqlite::Statement all(database, "SELECT stream_version, position, fold, created_at FROM snapshots WHERE stream = ?1 ORDER BY stream_version, fold");
    all.bind(1, stream);
    while (all.step())
        snapshots.push_back({stream, all.integer(0), all.integer(1), all.string(2), {}, all.integer(3)});
    return snapshots;
}

} // namespace connectors::eventstore
