// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/history/history_file.h"

#include <QFuture>
#include <QObject>
#include <QThreadPool>

namespace models::history {

/// What was watched, of all systems: one file a system in one folder, read and written on one thread of its own, in the
/// order of the calls. Lives on the GUI thread; nothing here blocks it, but the destructor, which waits for what is queued.
class History final : public QObject
{
    Q_OBJECT

public:
    /// An empty folder keeps everything in memory (the demo's system is new at every start).
    explicit History(QString folder, QObject *parent = nullptr);
    ~History() override;

    void record(const QString &systemId, PollSamples poll);
    [[nodiscard]] QFuture<connectors::Result<SeriesByName>> query(const QString &systemId, const SeriesQuery &query);
    /// See HistoryFile::readingRate().
    [[nodiscard]] QFuture<connectors::Result<std::optional<double>>> readingRate(const QString &systemId, const QString &consumer, connectors::EpochMs from,
                                                                                 connectors::EpochMs to);

Q_SIGNALS:
    void recorded(const QString &systemId);
    /// Once a file and kind of trouble: a history that cannot be written must not talk at every poll.
    void failed(const connectors::Error &error);

private:
    struct Files; ///< touched on the history's own thread only
    void report(const connectors::Error &error);

    const QString m_folder;
    std::shared_ptr<Files> m_files;
    QThreadPool m_thread; ///< one thread: the order of calls is the order of work
    QStringList m_reported;
};

} // namespace models::history
