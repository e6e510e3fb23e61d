// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/dead_letter_declarations.h"
#include "connectors/dead_letter_source.h"
#include "connectors/event_reader.h"
#include "connectors/kafka/edge_records.h"
#include "connectors/kafka/task_pool.h"

#include <QHash>

namespace connectors::kafka {

/// Topics that hold dead letters: declared, else recognised by the headers of their newest event, else by their name. Every other topic is
/// looked into once a connection (one small read, some 200 topics a question), so that a queue with an ordinary name is found
/// too. An event that was sent back to its own topic with its headers makes no queue of that topic.
class KafkaDeadLetters final : public DeadLetterSource
{
public:
    KafkaDeadLetters(std::shared_ptr<Clients> clients, std::shared_ptr<EdgeClient> edges, EventReader &reader, TaskPool &tasks, DeclarationSource declarations);

    QFuture<Result<std::vector<DeadLetterQueue>>> deadLetterQueues(std::stop_token stop) override;
    QFuture<Result<std::vector<DeadLetter>>> letters(QString queueStream, qint64 limit, std::stop_token stop) override;

    /// What was seen of topics so far.
    struct Seen {
        std::mutex mutex;
        QHash<QString, bool> isQueue; ///< by topic, from headers
    };

private:
    const std::shared_ptr<Clients> m_clients;
    const std::shared_ptr<EdgeClient> m_edges;
    const std::shared_ptr<Seen> m_seen;
    const DeclarationSource m_declarations;
    EventReader &m_reader;
    TaskPool &m_tasks;
};

} // namespace connectors::kafka
