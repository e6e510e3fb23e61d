// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/take_up_watch.h"

#include "connectors/deliver.h"

#include <QDateTime>

#include <algorithm>

namespace models::replay {

using namespace connectors;

TakeUpWatch::TakeUpWatch(std::shared_ptr<Connector> connector, QString consumer, TakeUp takeUp, std::chrono::milliseconds interval, QObject *parent)
    : QObject(parent)
    , m_connector(std::move(connector))
    , m_consumer(std::move(consumer))
    , m_takeUp(std::move(takeUp))
{
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &TakeUpWatch::ask);
    m_timer.start();
    ask();
}

TakeUpWatch::~TakeUpWatch()
{
    m_stop.request_stop();
}

void TakeUpWatch::ask()
{
    ConsumerCatalog *catalog = m_connector->consumerCatalog();
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
    m_error.reset();
    if (!result) {
        m_error = result.error();
    } else {
        const auto state = std::find_if(result->consumers.begin(), result->consumers.end(),
                                        [this](const ConsumerState &one) { return one.summary.consumer == m_consumer; });
        if (state == result->consumers.end())
            m_error = Error{ErrorCode::NotFound, QStringLiteral("The system does not list “%1” any more.").arg(m_consumer), {}, true};
        else if (state->problem)
            m_error = *state->problem;
        else
            m_takeUp.add(*state, QDateTime::currentMSecsSinceEpoch());
    }
    if (m_takeUp.isCaughtUp())
        m_timer.stop();
    Q_EMIT changed();
}

} // namespace models::replay
