// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal_database.h"
#include "models/journal/journal_sink.h"
#include "models/journal/record.h"

namespace models::journal {

/// What verify() found.
struct Verification {
    qint64 entries = 0;
    std::optional<qint64> firstBad; ///< id of the first entry that does not fit the chain
    QString problem;                ///< empty: every entry is as it was written
    [[nodiscard]] bool isIntact() const { return problem.isEmpty(); }
    bool operator==(const Verification &) const = default;
};

/// The durable record of every change: an append-only list of entries, each holding the SHA-256 of the one before. An
/// append is one BEGIN IMMEDIATE that reads the last hash, so several processes may write at once; it is on the disk
/// when append() returns. Blocking file I/O, one thread a handle: never used on the GUI thread.
class Journal final
{
public:
    /// `$XDG_DATA_HOME/streamgauge/journal.db`.
    [[nodiscard]] static QString defaultPath();
    /// Without the second copy at `sinkPlace`, if there is to be one, no entry is written. The factory is for a place that is no file.
    [[nodiscard]] static connectors::Result<std::unique_ptr<Journal>> open(const QString &path, const QString &sinkPlace = JournalSink::configuredPlace(),
                                                                           connectors::ConnectionFactory *factory = nullptr);
    /// The same with the sink that is configured, wherever it is.
    [[nodiscard]] static connectors::Result<std::unique_ptr<Journal>> open(const QString &path, connectors::ConnectionFactory &factory)
    {
        return open(path, JournalSink::configuredPlace(), &factory);
    }
    /// For looking only; works on a read-only file. Null where there is no journal yet.
    [[nodiscard]] static connectors::Result<std::unique_ptr<Journal>> openToRead(const QString &path);

    /// Stores a plan and gives its journal id. A plan id that is there already is Conflict.
    [[nodiscard]] connectors::Result<QString> add(const PlannedChange &change);
    [[nodiscard]] connectors::Result<void> append(const QString &journalId, State state, const QJsonObject &body = {});

    /// By journal id or plan id; NotFound otherwise.
    [[nodiscard]] connectors::Result<Record> find(const QString &id) const;
    [[nodiscard]] connectors::Result<std::vector<Record>> records() const; ///< newest first
    [[nodiscard]] connectors::Result<Verification> verify() const;

    [[nodiscard]] const QString &path() const { return m_path; }

private:
    Journal(std::unique_ptr<JournalDatabase> database, QString path, JournalSink sink)
        : m_database(std::move(database)), m_path(std::move(path)), m_sink(std::move(sink)) { }
    [[nodiscard]] connectors::Result<void> appendEntry(qint64 job, State state, const QJsonObject &body);

    std::unique_ptr<JournalDatabase> m_database;
    const QString m_path;
    JournalSink m_sink;
};

} // namespace models::journal
