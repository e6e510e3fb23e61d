// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"
#include "models/projection/row_change.h"

#include <unordered_map>

namespace models::projection {

/// Folds changes into rows in memory, a chunk of events at a time: what a chunk touches is loaded, changed here as often as it
/// comes, and written once. Rows stay in memory for the chunks that follow, up to a bound. A change by an event at or below the
/// position of its row has been applied already and changes nothing. Not thread-safe.
class Fold final
{
public:
    /// `isEmpty`: nothing is stored yet, so that no row has to be loaded that was not seen here. `mostBytes` is about what
    /// the rows may take between two chunks.
    Fold(const ProjectionFile &file, bool isEmpty, qint64 mostBytes);

    /// Rows that the changes are about and that are not here. They are to be loaded before.
    [[nodiscard]] std::vector<connectors::RowKey> missing(const std::vector<RowChange> &changes) const;
    /// What is stored under the key; null: nothing.
    void load(const connectors::RowKey &key, std::optional<connectors::Row> row);
    /// All that one event does, or nothing of it: InvalidInput where a number does not fit any more.
    [[nodiscard]] connectors::Result<void> apply(const std::vector<RowChange> &changesOfAnEvent);
    /// What has changed since the last call, and is now taken for stored.
    [[nodiscard]] std::vector<connectors::ChangedRow> takeChanged();
    /// Every row that exists is here, so that nothing has to be loaded.
    [[nodiscard]] bool isComplete() const { return m_isComplete; }
    [[nodiscard]] qint64 bytesInMemory() const { return m_bytes; } ///< about

private:
    struct Entry {
        std::optional<connectors::Row> row;
        bool isChanged = false;
        qint64 lookedAtFor = 0;  ///< the latest event by m_events, and
        bool isUpToDate = false; ///< whether that event had been applied to it before
    };
    struct KeyHash {
        size_t operator()(const connectors::RowKey &key) const;
    };
    [[nodiscard]] connectors::Result<void> applyOne(const RowChange &change);
    void putBack(const connectors::RowKey &key, std::optional<connectors::Row> row);
    [[nodiscard]] connectors::Result<std::vector<std::pair<size_t, connectors::Cell>>> sumsOf(const RowChange &change, const std::optional<connectors::Row> &row) const;
    void put(connectors::Cell value, connectors::Cell *cell);
    void touch(std::pair<const connectors::RowKey, Entry> *row);
    void forgetIfTooMany();

    const ProjectionFile &m_file;
    const qint64 m_mostBytes;
    bool m_isComplete; ///< every row that exists is here
    qint64 m_bytes = 0;
    qint64 m_events = 0; ///< applied by this object
    std::unordered_map<connectors::RowKey, Entry, KeyHash> m_rows;
    std::vector<std::pair<const connectors::RowKey, Entry> *> m_changed; ///< of m_rows
};

} // namespace models::projection
