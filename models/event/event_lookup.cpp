// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_lookup.h"

#include "connectors/deliver.h"

namespace models::event {

EventLookup::EventLookup(QObject *parent)
    : QObject(parent)
{
}

EventLookup::~EventLookup()
{
    m_stop.request_stop();
}

void EventLookup::cancel()
{
    m_stop.request_stop();
    m_stop = {};
    ++m_generation;
}

void EventLookup::look(const std::shared_ptr<connectors::Connector> &connector, const connectors::EventAddress &address)
{
    cancel();
    const quint64 generation = m_generation;
    connectors::EventReader *reader = connector ? connector->eventReader() : nullptr;
    if (!reader) {
        const QString reason = connector ? connector->whyNot(connectors::Ability::EventReader) : QStringLiteral("The connection is closed.");
        QMetaObject::invokeMethod(this, [this, generation, reason] {
            if (generation == m_generation)
                Q_EMIT failed({connectors::ErrorCode::Unsupported, reason, {}, false});
        }, Qt::QueuedConnection);
        return;
    }
    // The answer holds on to the connector: closing the connection must not take it away from under its own reader.
    connectors::deliver(reader->fetch({address}, connectors::PageBytes, m_stop.get_token()), this,
                        [this, generation, address, connector](const connectors::Result<connectors::EventBatchPtr> &result) {
                            if (generation != m_generation)
                                return;
                            if (!result)
                                Q_EMIT failed(result.error());
                            else if ((*result)->count() == 0)
                                Q_EMIT gone(address);
                            else
                                Q_EMIT found({*result, 0});
                        });
}

} // namespace models::event
