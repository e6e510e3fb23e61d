// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/fetch_waker.h"

namespace connectors::kafka {

FetchWaker::FetchWaker(TopicConsumer &consumer, qint64 queueBytes)
    : m_consumer(consumer)
    , m_queueBytes(queueBytes)
{
}

void FetchWaker::look(const ReadParts &parts, qint64 averageBytes)
{
    const qint64 bytes = m_consumer.waiting() * averageBytes;
    if (bytes > m_queueBytes / 2)
        m_wasFull = true;
    if (!m_wasFull || bytes > m_queueBytes / 4)
        return;
    m_wasFull = false;
    std::set<int> woken;
    for (const auto &[id, part] : parts.reading()) {
        if (woken.insert(part->leader).second)
            m_consumer.wakeLeader(id);
    }
}

} // namespace connectors::kafka
