// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"
#include "models/history/series.h"

#include <QHash>
#include <QSet>

#include <map>
#include <memory>

struct sqlite3;

namespace models::history {

enum class SampleKind { Consumer = 0, DeadLetters = 1 };

/// Where one partition stood at a poll, absolute, so that "where was the consumer at 02:29" can be answered. Null: unknown.
struct Sample {
    QString name; ///< the consumer, or the dead-letter queue
    QString stream;
    int partition = 0;
    std::optional<qint64> checkpoint;
    std::optional<qint64> start;
    std::optional<qint64> end;
    std::optional<qint64> scopeLag; ///< counted by the system where positions have gaps
    bool isUnknown = false; ///< could not be read at this poll: what was known last stands, and is never a sum without it
    bool isBesideSums = false; ///< it has a lag of its own and no part in that of all, see models::lag::isInSums()
};

/// Everything one poll of a kind told.
struct PollSamples {
    SampleKind kind = SampleKind::Consumer;
    connectors::EpochMs time = 0;
    std::vector<Sample> samples;
    bool isComplete = true; ///< false: what is missing in it is unknown, not gone
};

struct SeriesQuery {
    SampleKind kind = SampleKind::Consumer;
    QString name;              ///< empty: all
    bool isByName = false;     ///< one line a name, instead of their sum, which is without what is beside sums
    connectors::EpochMs from = 0;
    connectors::EpochMs to = 0;
    int pixels = 500;
};

/// By name; the key of a sum is empty. Values are lag (consumers) or depth (dead letters).
using SeriesByName = std::map<QString, std::vector<SeriesPoint>>;

/// The SQLite file of one system. Rows are written when a value changes, a heartbeat at every poll; a gap between
/// heartbeats is a gap in the line. Full resolution for a day, then one a minute for 30 days, then one an hour for a
/// year. Several programs may write the same file (WAL). Blocks: belongs to the history's own thread.
class HistoryFile final
{
public:
    /// An empty path keeps everything in memory. Unreadable: corrupt; Unsupported: written by a newer version. A file
    /// that cannot be written is opened for reading; record() then says StorageFailed.
    [[nodiscard]] static connectors::Result<std::unique_ptr<HistoryFile>> open(const QString &path);
    ~HistoryFile();
    Q_DISABLE_COPY_MOVE(HistoryFile)

    [[nodiscard]] connectors::Result<void> record(const PollSamples &poll);
    [[nodiscard]] connectors::Result<SeriesByName> query(const SeriesQuery &query) const;
    /// Events per second that a consumer can read, from where its checkpoints were at the polls of [from, to): the pace that
    /// nine in ten of the polls at which it moved stayed below, so that one jump (a reset) does not count; few single steps
    /// between standstills do not either. Null: it was never seen reading. Cost as query().
    [[nodiscard]] connectors::Result<std::optional<double>> readingRate(const QString &consumer, connectors::EpochMs from, connectors::EpochMs to) const;
    /// Drops what the resolution of its age does not keep. Cost: the rows since the last time, and a scan of the keys.
    [[nodiscard]] connectors::Result<void> thin(connectors::EpochMs now);

private:
    explicit HistoryFile(QString path);
    [[nodiscard]] connectors::Result<void> prepare();
    [[nodiscard]] connectors::Result<qint64> version() const;
    [[nodiscard]] connectors::Result<void> execute(const char *sql) const;
    [[nodiscard]] tl::unexpected<connectors::Error> sqlError(const QString &doing) const;
    [[nodiscard]] connectors::Result<qint64> seriesId(SampleKind kind, const Sample &sample);
    [[nodiscard]] connectors::Result<void> loadLast(SampleKind kind);
    [[nodiscard]] connectors::Result<void> write(const PollSamples &poll);

    const QString m_path;
    sqlite3 *m_database = nullptr;
    QHash<QString, qint64> m_ids;
    struct Values {
        std::optional<qint64> checkpoint, start, end, scopeLag;
        bool isBesideSums = false;
        bool operator==(const Values &) const = default;
    };
    QHash<qint64, Values> m_last; ///< what this program wrote last, by series
    QHash<qint64, SampleKind> m_kinds;
    QSet<int> m_loaded; ///< kinds whose last values were read from the file
};

} // namespace models::history
