// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/connector_closer.h"
#include "models/job/job_list.h"
#include "models/journal/journal_reader.h"
#include "models/replay/change.h"

#include <QPointer>
#include <QThreadPool>

namespace models::replay {

/// How often things are looked at again; tests make it quick.
struct Pace {
    std::chrono::milliseconds waitInterval{2'000};    ///< while a consumer is waited for
    std::chrono::milliseconds retryDelay{500};
    std::chrono::milliseconds takeUpInterval{5'000};  ///< after it, while somebody looks
    std::chrono::milliseconds takeUpAlarm{300'000};   ///< nothing has moved for so long
    WatchPace watch = {};                             ///< the rest of what is done after it
    std::chrono::milliseconds settleTime{SettleTime};
    std::chrono::milliseconds planGoodFor{120'000};   ///< a plan that nobody approved is made again for who comes after that
};

/// The changes of one window and its journal. Lives on the GUI thread; planning and the machine run on threads of their
/// own, one a change. At the end it asks what waits to stop, and waits until the step in hand is written down.
class ReplaySession final : public QObject
{
    Q_OBJECT

public:
    /// The factory must be thread-safe and outlive the session.
    ReplaySession(connectors::ConnectionFactory &factory, QString journalPath, QObject *parent = nullptr, Pace pace = {});
    ~ReplaySession() override;

    /// Changes that are begun from now on are shown here as jobs while they are applied; the list may go before them.
    void setJobs(job::JobList *jobs) { m_jobs = jobs; }

    /// The change of this consumer that was begun, or a new one. Never null.
    [[nodiscard]] Change *resetOf(const connectors::ConnectionSpec &spec, const QString &consumer);
    /// What a record leads to: putting it back, its plan, or how it stands. `open` as in openRecord().
    [[nodiscard]] Change *ofRecord(const QString &journalId, const std::vector<connectors::ConnectionSpec> &open);
    [[nodiscard]] const std::vector<std::unique_ptr<Change>> &changes() const { return m_changes; }
    [[nodiscard]] bool isApplying() const; ///< something is under way that should be asked about before quitting
    /// What waits is given up, and a step in hand is the last one.
    void cancelAll();
    /// The user has closed this connection: nothing more is asked there by itself.
    void closeConnection(const QString &name);

    [[nodiscard]] journal::JournalReader &journal() { return *m_journal; }
    /// Finds out by reading what became of an interrupted change, then reads the journal again.
    void findOut(const QString &journalId);
    /// Who finds that out of changes of other kinds; asked on a thread of the session. Empty: not its kind.
    using OtherSettler = std::function<std::optional<connectors::Result<RunOutcome>>(const QString &journalId)>;
    void setOtherSettler(OtherSettler settler) { m_otherSettler = std::move(settler); }

    // for Change
    [[nodiscard]] connectors::ConnectionFactory &factory() const { return m_factory; }
    [[nodiscard]] const QString &journalPath() const { return m_journal->path(); }
    [[nodiscard]] const std::vector<connectors::ConnectionSpec> &openConnections() const { return m_open; }
    [[nodiscard]] const Pace &pace() const { return m_pace; }
    [[nodiscard]] job::JobList *jobs() const { return m_jobs; }
    [[nodiscard]] QThreadPool *threads() { return &m_threads; }
    [[nodiscard]] const connection::ConnectorCloser &closer() const { return m_closer; }

Q_SIGNALS:
    void applyingEnded(); ///< of the last change that was being applied
    void foundOut(const QString &journalId, const connectors::Result<models::replay::RunOutcome> &result);

private:
    Change *adopt(std::unique_ptr<Change> change);

    connectors::ConnectionFactory &m_factory;
    const Pace m_pace;
    QPointer<job::JobList> m_jobs;
    std::unique_ptr<journal::JournalReader> m_journal;
    std::vector<connectors::ConnectionSpec> m_open;
    connection::ConnectorCloser m_closer;
    std::vector<std::unique_ptr<Change>> m_changes;
    bool m_wasApplying = false;
    std::stop_source m_findStop; ///< of findOut()
    OtherSettler m_otherSettler;
    QThreadPool m_threads;
};

} // namespace models::replay
