// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/snapshot_keeper.h"

#include "connectors/json_merge.h"
#include "connectors/json_text.h"
#include "connectors/state_fold.h"

#include <algorithm>

namespace connectors::pgstore {

using postgres::Parameters;
using postgres::Rows;

namespace {

constexpr qint64 FoldedAtOnce = 100; ///< events in memory

} // namespace

SnapshotKeeper::SnapshotKeeper(StoreConnection &store, SnapshotPolicy policy)
    : m_store(store)
    , m_policy(policy)
    , m_fold(fold::ruleName())
{
}

void SnapshotKeeper::appended(const QString &stream, qint64 version, qint64 position, std::optional<EpochMs> now)
{
    if (version % m_policy.every != 0)
        return;
    qint64 from = 0;
    json::MergedValue state;
    if (const auto base = newestSnapshot(m_store, stream, m_fold, version - 1)) {
        const std::string_view text(base->state.constData(), static_cast<size_t>(base->state.size()));
        if (json::check(text) == json::Verdict::Valid) {
            from = base->streamVersion;
            state = json::MergedValue(text);
        }
    }
    if (version - from > m_policy.mostEvents)
        return;
    for (; from < version; from += FoldedAtOnce) {
        const Rows events = m_store.database.query("SELECT payload FROM events WHERE stream = $1 AND stream_version > $2 AND stream_version <= $3 ORDER BY stream_version",
                                                   Parameters().add(stream).add(from).add(std::min(version, from + FoldedAtOnce)));
        for (int row = 0; row < events.count(); ++row)
            if (const auto content = fold::contentOf(events.text(row, 0)))
                state.merge(*content);
    }
    const std::string text = state.text();
    if (text.empty() || static_cast<qint64>(text.size()) > m_policy.mostStateBytes)
        return;
    Parameters values;
    values.add(stream).add(version).add(position).add(m_fold).add(QByteArray(text.data(), static_cast<qsizetype>(text.size())));
    now ? values.add(*now) : values.addNull();
    m_store.database.query("INSERT INTO snapshots (stream, stream_version, position, fold, state, created_at)"
                           " VALUES ($1, $2, $3, $4, $5, coalesce($6::bigint, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)) ON CONFLICT DO NOTHING",
                           values);
}

std::optional<Snapshot> newestSnapshot(StoreConnection &store, const QString &stream, const QString &fold, qint64 atMostVersion)
{
    const Rows rows = store.database.query("SELECT stream_version, position, state, created_at FROM snapshots"
                                           " WHERE stream = $1 AND fold = $2 AND stream_version <= $3 ORDER BY stream_version DESC LIMIT 1",
                                           Parameters().add(stream).add(fold).add(atMostVersion));
    if (rows.count() == 0)
        return std::nullopt;
    return Snapshot{stream, rows.integer(0, 0), rows.integer(0, 1), fold, rows.string(0, 2).toUtf8(), rows.integer(0, 3)};
}

std::vector<Snapshot> listSnapshots(StoreConnection &store, const QString &stream)
{
    const Rows rows = store.database.query("SELECT stream_version, position, fold, created_at FROM snapshots WHERE stream = $1 ORDER BY stream_version, fold",
                                           Parameters().add(stream));
    std::vector<Snapshot> snapshots;
    snapshots.reserve(static_cast<size_t>(rows.count()));
    for (int row = 0; row < rows.count(); ++row)
        snapshots.push_back({stream, rows.integer(row, 0), rows.integer(row, 1), rows.string(row, 2), {}, rows.integer(row, 3)});
    return snapshots;
}

} // namespace connectors::pgstore
