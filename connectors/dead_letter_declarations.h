// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRegularExpression>
#include <QString>

#include <functional>
#include <vector>

namespace connectors {

/// A stream, or all whose names fit, that holds dead letters whatever it is called.
struct DeclaredQueue {
    QRegularExpression stream; ///< fits the whole name
    QString of;                ///< the stream whose letters these are; may be empty
    QString consumer;          ///< who gave up on them; may be empty
};

/// What people have said about the dead-letter queues of one connection. It goes before whatever is recognised.
struct DeadLetterDeclarations {
    std::vector<DeclaredQueue> queues;            ///< the first that fits counts
    std::vector<QRegularExpression> notQueues;    ///< streams that are none, whatever else is said or seen

    [[nodiscard]] bool isNoQueue(const QString &stream) const
    {
        for (const QRegularExpression &name : notQueues)
            if (name.match(stream).hasMatch())
                return true;
        return false;
    }

    /// Null where it is not declared, or declared to be none.
    [[nodiscard]] const DeclaredQueue *find(const QString &stream) const
    {
        for (const DeclaredQueue &queue : queues)
            if (queue.stream.match(stream).hasMatch())
                return isNoQueue(stream) ? nullptr : &queue;
        return nullptr;
    }
};

/// Asked whenever queues are looked for, on a thread where it may read a file.
using DeclarationSource = std::function<DeadLetterDeclarations()>;

} // namespace connectors
