// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_cache.h"

namespace models::event {

/// Reads one event again by its place, of its parts a page each (connectors::PageBytes), for whoever shows one at a time. The newest question counts: a late answer to an
/// earlier one is dropped. Lives on the GUI thread.
class EventLookup final : public QObject
{
    Q_OBJECT

public:
    explicit EventLookup(QObject *parent = nullptr);
    ~EventLookup() override;

    /// Answers with one of the signals, never before it returns.
    void look(const std::shared_ptr<connectors::Connector> &connector, const connectors::EventAddress &address);
    void cancel();

Q_SIGNALS:
    void found(const models::event::CachedEvent &event);
    void gone(const connectors::EventAddress &address); ///< the system no longer has it
    void failed(const connectors::Error &error);

private:
    std::stop_source m_stop;
    quint64 m_generation = 0;
};

} // namespace models::event
