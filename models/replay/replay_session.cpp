// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/replay_session.h"

#include "connectors/deliver.h"

#include <QtConcurrent>

#include <algorithm>
#include <utility>

namespace models::replay {

using connectors::ConnectionSpec;
using connectors::Result;

namespace {

constexpr int MostThreads = 64; ///< a waiting change holds one for a quarter of an hour
constexpr size_t KeptChanges = 50;

} // namespace

ReplaySession::ReplaySession(connectors::ConnectionFactory &factory, QString journalPath, QObject *parent, Pace pace)
    : QObject(parent)
    , m_factory(factory)
    , m_pace(pace)
    , m_journal(std::make_unique<journal::JournalReader>(std::move(journalPath)))
{
    m_threads.setMaxThreadCount(MostThreads);
    m_journal->read(); // what was interrupted is known from the start
}

ReplaySession::~ReplaySession()
{
    cancelAll();
    m_threads.waitForDone();
}

Change *ReplaySession::resetOf(const ConnectionSpec &spec, const QString &consumer)
{
    const auto newest = std::find_if(m_changes.rbegin(), m_changes.rend(), [&](const auto &change) {
        return change->recordId().isEmpty() && change->spec().name == spec.name && change->consumer() == consumer;
    });
    if (newest != m_changes.rend())
        return newest->get();
    return adopt(std::make_unique<Change>(*this, spec, consumer, QString()));
}

Change *ReplaySession::ofRecord(const QString &journalId, const std::vector<ConnectionSpec> &open)
{
    m_open = open;
    const auto known = std::find_if(m_changes.begin(), m_changes.end(), [&](const auto &change) { return change->recordId() == journalId; });
    if (known != m_changes.end()) {
        const bool isRecordItself = (*known)->stage() == Stage::Ended && (*known)->journalId() == journalId;
        if ((*known)->stage() == Stage::Asking || isRecordItself)
            (*known)->planFromRecord(false);
        return known->get();
    }
    Change *change = adopt(std::make_unique<Change>(*this, ConnectionSpec(), QString(), journalId));
    change->planFromRecord(false);
    return change;
}

Change *ReplaySession::adopt(std::unique_ptr<Change> change)
{
    if (m_changes.size() >= KeptChanges) {
        const auto settled = std::find_if(m_changes.begin(), m_changes.end(), [](const auto &one) { return one->stage() == Stage::Asking || one->stage() == Stage::Ended; });
        if (settled != m_changes.end())
            m_changes.erase(settled);
    }
    connect(change.get(), &Change::changed, this, [this] {
        const bool wasApplying = std::exchange(m_wasApplying, isApplying());
        if (wasApplying && !m_wasApplying)
            Q_EMIT applyingEnded();
    });
    m_changes.push_back(std::move(change));
    return m_changes.back().get();
}

bool ReplaySession::isApplying() const
{
    return std::any_of(m_changes.begin(), m_changes.end(), [](const auto &change) { return change->stage() == Stage::Applying; });
}

void ReplaySession::cancelAll()
{
    for (const auto &change : m_changes)
        change->cancel();
    m_findStop.request_stop();
    m_findStop = std::stop_source(); // for what is asked after
}

void ReplaySession::closeConnection(const QString &name)
{
    for (const auto &change : m_changes) {
        if (change->spec().name == name)
            change->closeConnection();
    }
}

void ReplaySession::findOut(const QString &journalId)
{
    const auto answer = QtConcurrent::run(&m_threads, [&factory = m_factory, path = journalPath(), journalId, stop = m_findStop.get_token(),
                                                        settleTime = m_pace.settleTime, other = m_otherSettler] {
        const auto settled = other ? other(journalId) : std::nullopt;
        return settled ? *settled : replay::findOut(factory, path, journalId, stop, settleTime);
    });
    connectors::deliver(answer, this, [this, journalId](const Result<RunOutcome> &result) {
        m_journal->read();
        Q_EMIT foundOut(journalId, result);
    });
}

} // namespace models::replay
