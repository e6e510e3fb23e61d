// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/take_up_watch.h"

#include "connectors/deliver.h"

#include <QDateTime>

#include <algorithm>

namespace models::replay {

using namespace connectors;

TakeUpWatch::TakeUpWatch(QString consumer, TakeUp takeUp, WatchPace pace, QObject *parent)
    : QObject(parent)
    , m_consumer(std::move(consumer))
    , m_pace(pace)
    , m_takeUp(std::move(takeUp))
{
    m_timer.setInterval(m_pace.whileHidden);
    connect(&m_timer, &QTimer::timeout, this, &TakeUpWatch::ask);
    m_timer.start();
}

TakeUpWatch::~TakeUpWatch()
{
    m_stop.request_stop();
}

void TakeUpWatch::lookThrough(std::shared_ptr<Connector> connector)
{
    if (m_state != WatchState::Watching)
        return;
    m_connector = std::move(connector);
    ask();
}

void TakeUpWatch::setShown(bool isShown)
{
    if (m_isShown == isShown || m_state != WatchState::Watching)
        return;
    m_isShown = isShown;
    m_timer.start(isShown ? m_pace.whileShown : m_pace.whileHidden);
    if (isShown)
        ask(); // what was seen a minute ago is not what somebody who comes back wants to know
}

void TakeUpWatch::closeConnection()
{
    if (m_state == WatchState::Watching)
        end(WatchState::ConnectionClosed);
}

void TakeUpWatch::ask()
{
    ConsumerCatalog *catalog = m_connector ? m_connector->consumerCatalog() : nullptr;
    if (m_isOutstanding || !catalog)
        return;
    m_isOutstanding = true;
    ConsumerStateRequest request;
    request.consumers = {m_consumer};
    connectors::deliver(catalog->consumerStates(request, m_stop.get_token()), this,
                        [this](const Result<ConsumerStates> &result) { receive(result); });
}

void TakeUpWatch::receive(const Result<ConsumerStates> &result)
{
    m_isOutstanding = false;
    if (m_state != WatchState::Watching)
        return;
    m_error.reset();
    const EpochMs now = QDateTime::currentMSecsSinceEpoch();
    add(result, now);
    const auto age = [now](EpochMs since) { return std::chrono::milliseconds(now - since); };
    if (m_takeUp.isCaughtUp())
        end(WatchState::Settled);
    else if (age(m_takeUp.lastMovement()) >= m_pace.longestStill || age(m_takeUp.begun()) >= m_pace.longest)
        end(WatchState::GivenUp);
    else
        Q_EMIT changed();
}

void TakeUpWatch::add(const Result<ConsumerStates> &result, EpochMs now)
{
    const auto isIt = [this](const ConsumerState &one) { return one.summary.consumer == m_consumer; };
    const ConsumerState *state = nullptr;
    if (result) {
        const auto found = std::find_if(result->consumers.begin(), result->consumers.end(), isIt);
        state = found == result->consumers.end() ? nullptr : &*found;
    }
    const bool isGone = result ? !state : result.error().code == ErrorCode::NotFound;
    if (isGone && m_takeUp.isToBeGone())
        m_takeUp.add(ConsumerState(), now); // a system may forget a consumer with its last checkpoint
    else if (!result)
        m_error = result.error();
    else if (isGone)
        m_error = Error{ErrorCode::NotFound, QStringLiteral("The system does not list “%1” any more.").arg(m_consumer), {}, true};
    else if (state->problem)
        m_error = *state->problem;
    else
        m_takeUp.add(*state, now);
}

void TakeUpWatch::end(WatchState state)
{
    m_state = state;
    m_timer.stop();
    m_stop.request_stop();
    m_connector.reset();
    Q_EMIT changed();
}

} // namespace models::replay
