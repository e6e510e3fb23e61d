// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/read_parts.h"

namespace connectors::kafka {

/// librdkafka 2.0 stops fetching while its queue is full and looks again only once a second, if nothing else happens at the
/// broker's thread: a reader that empties the queue faster would stand still for most of the time. So when a queue that was
/// nearly full has become nearly empty, each leader is asked something small, which makes its thread look.
class FetchWaker final
{
public:
    FetchWaker(TopicConsumer &consumer, qint64 queueBytes);

    /// `averageBytes` of a record so far. To be called now and then while records are being taken.
    void look(const ReadParts &parts, qint64 averageBytes);

private:
    TopicConsumer &m_consumer;
    const qint64 m_queueBytes;
    bool m_wasFull = false;
};

} // namespace connectors::kafka
