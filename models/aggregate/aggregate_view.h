// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/aggregate/state_lines.h"
#include "models/aggregate/verification.h"
#include "models/job/job_list.h"

#include <QPointer>

#include <thread>

namespace models::aggregate {

/// A state as it is shown.
struct ShownState {
    FoldedState folded;
    std::vector<StateLine> lines; ///< at most ShownLines
};

/// One aggregate for a window: its events, its state at the version that is looked at, what came of verifying. Lives on the GUI
/// thread; everything is read and folded on threads of its own, and an answer that something newer was asked after is dropped.
class AggregateView final : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype ShownLines = 3000; ///< more of a state is copied, or printed by the command line

    explicit AggregateView(job::JobList &jobs, UpcastSource upcasts = {}, QObject *parent = nullptr);
    ~AggregateView() override; ///< ends what is under way

    /// Reads the events and the state at `version`, or at the newest where it is 0 or beyond. Ends what is under way.
    void open(std::shared_ptr<connectors::Connector> connector, const QString &id, qint64 version = 0);
    /// The same, at the version of the event at that place.
    void openAt(std::shared_ptr<connectors::Connector> connector, const QString &id, qint64 position);
    /// Folds to another version. Of those that are asked for while one is folded only the last is folded too.
    void showVersion(qint64 version);
    void verify();
    void cancel();
    /// Nothing is open any more.
    void close();

    [[nodiscard]] bool isOpening() const { return m_isOpening; }
    [[nodiscard]] bool isVerifying() const { return m_isVerifying; }
    /// Null until opened.
    [[nodiscard]] const std::shared_ptr<const AggregateHistory> &history() const { return m_history; }
    [[nodiscard]] const std::shared_ptr<connectors::Connector> &connector() const { return m_connector; }
    /// The version that is looked at; 0: none. state() may still be of another one.
    [[nodiscard]] qint64 version() const { return m_version; }
    /// Null until the first is folded.
    [[nodiscard]] const std::optional<ShownState> &state() const { return m_state; }
    [[nodiscard]] const std::optional<Verification> &verification() const { return m_verification; }
    /// Why there is no history, or no state, or no verification; null where nothing failed.
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; }
    [[nodiscard]] const job::Job *job() const { return m_job; }

Q_SIGNALS:
    void openingStarted();
    void opened();        ///< history() is there, or error()
    void stateReceived(); ///< a state() is there, of version() or, while that one is being folded, of one that was asked for before; or error()
    void verificationStarted();
    void verified();      ///< verification() is there, or error()

private:
    struct Opened {
        std::shared_ptr<const AggregateHistory> history;
        std::shared_ptr<StateFolder> folder; ///< of m_connector, or of one that is not wanted any more
    };
    struct Running {
        quint64 number = 0;
        std::stop_source stop;
        std::jthread thread;
    };
    void start(std::shared_ptr<connectors::Connector> connector, const QString &id, const std::function<qint64(const AggregateHistory &)> &choose);
    void receive(quint64 generation, const connectors::Result<Opened> &result, qint64 version);
    void foldNext();
    void receiveState(quint64 generation, const connectors::Result<ShownState> &result);
    void receiveVerification(quint64 generation, const connectors::Result<Verification> &result);
    void endJob(const connectors::Result<void> &result);
    void launch(std::stop_source stop, std::function<void()> work);
    void join(quint64 number);

    job::JobList &m_jobs;
    const UpcastSource m_upcasts;
    std::vector<Running> m_threads;
    quint64 m_lastThread = 0;
    quint64 m_generation = 0; ///< of what is open
    std::shared_ptr<connectors::Connector> m_connector;
    std::shared_ptr<StateFolder> m_folder;
    std::shared_ptr<const AggregateHistory> m_history;
    qint64 m_version = 0;
    qint64 m_folding = 0; ///< the version that is being folded; 0: none
    std::optional<ShownState> m_state;
    std::optional<Verification> m_verification;
    std::optional<connectors::Error> m_error;
    QPointer<job::Job> m_job; ///< of opening or verifying
    bool m_isOpening = false;
    bool m_isVerifying = false;
};

} // namespace models::aggregate
