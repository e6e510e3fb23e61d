// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/event/disposal.h"

#include <QObject>
#include <QSet>
#include <QTimer>

#include <deque>
#include <memory>

namespace models::event {

/// One event with its body, in a batch that is shared.
struct CachedEvent {
    connectors::EventBatchPtr batch;
    qsizetype row = 0;
};

/// The bodies of events in a list, by sequence number: a little of what was read lately, and what was asked for, read again by
/// its place; of large ones the beginning. At most 512 MiB. One request is outstanding at a time; what is asked for last comes first, because that
/// is what is on the screen now. Lives on the GUI thread.
class EventCache final : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 LimitBytes = 512LL * 1024 * 1024;
    static constexpr qint64 ReadLimitBytes = 64LL * 1024 * 1024; ///< of it for what merely came by

    explicit EventCache(QObject *parent = nullptr);
    ~EventCache() override;

    /// Forgets everything; from now on bodies come from this connector (null: from nowhere).
    void reset(std::shared_ptr<connectors::Connector> connector);
    /// The batch that events first, first + 1, … of the list came in.
    void keepRead(qint64 first, connectors::EventBatchPtr batch);

    [[nodiscard]] std::optional<CachedEvent> find(qint64 sequence) const;
    /// The system was asked and no longer has it.
    [[nodiscard]] bool isGone(qint64 sequence) const { return m_gone.contains(sequence); }
    /// Answers with received(), soon. What is found from then on is no larger than `previewBytes`, see ReadRequest.
    void request(qint64 sequence, const connectors::EventAddress &address, qint64 size, qint64 previewBytes = connectors::TablePreviewBytes);
    /// What is at hand of the event is no table's preview: more of it is not to be had here.
    [[nodiscard]] bool isPaged(qint64 sequence) const { return m_paged.contains(sequence); }
    [[nodiscard]] qint64 memoryBytes() const { return m_readBytes + m_fetchedBytes; }

Q_SIGNALS:
    void received(const QList<qint64> &sequences); ///< they are there now, or gone
    void failed(const connectors::Error &error);

private:
    struct Wanted {
        qint64 sequence = 0;
        connectors::EventAddress address;
        qint64 bytes = 0; ///< of its body, as far as they are read
        qint64 previewBytes = 0;
    };
    struct Unit {
        qint64 first = 0; ///< of a batch that came by
        connectors::EventBatchPtr batch;
        QList<qint64> sequences; ///< of a batch that was asked for
    };
    void fetchNext();
    void receive(const std::vector<Wanted> &asked, const connectors::Result<connectors::EventBatchPtr> &result);
    void trim();

    Disposal m_disposal;
    std::shared_ptr<connectors::Connector> m_connector;
    std::deque<Unit> m_read;    ///< ascending
    std::deque<Unit> m_fetched; ///< oldest first
    QHash<qint64, CachedEvent> m_bySequence; ///< of m_fetched
    QSet<qint64> m_paged; ///< of m_bySequence: asked for with more than a table's preview
    QSet<qint64> m_gone;
    std::vector<Wanted> m_wanted; ///< newest last
    QSet<qint64> m_pending;       ///< wanted or under way
    QTimer m_gate;
    bool m_isFetching = false;
    qint64 m_readBytes = 0;
    qint64 m_fetchedBytes = 0;
    quint64 m_generation = 0;
    std::stop_source m_stop;
};

} // namespace models::event
