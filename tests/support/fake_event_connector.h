// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <QMap>
#include <QPromise>

#include <atomic>
#include <limits>
#include <thread>

namespace tests {

/// One event of a FakeEventConnector; the body is a native envelope made of these.
struct FakeEvent {
    QString id;
    QString type;
    QString cause;
    QString flow;
    QString aggregate;
    QString key;
};

/// A connection with streams of one partition in memory: catalog and reader with exact search. Reads on a thread of its own.
class FakeEventConnector final : public connectors::Connector, public connectors::StreamCatalog, public connectors::EventReader
{
public:
    explicit FakeEventConnector(QString name);
    ~FakeEventConnector() override;

    /// Events get positions 0, 1 … and log times one second apart, over all streams in the order of the calls.
    void add(const QString &stream, const FakeEvent &event);
    /// From now on reads fail so.
    void failWith(connectors::Error error) { m_error = std::move(error); }
    /// From now on reads deliver what is there, and fail so in the end.
    void leaveOutWith(connectors::Error error) { m_missing = std::move(error); }
    /// From now on reads deliver nothing and end only when they are cancelled.
    void hang() { m_isHanging = true; }
    /// So many reads are answered first.
    void hangAfter(int reads) { m_readsBeforeHanging = reads; }
    /// From now on nothing is answered about streams until they are released.
    void holdLists() { m_isHoldingLists = true; }
    void releaseLists();
    /// What has been read so far: "orders [0,5)"; for checking that a search is bounded.
    [[nodiscard]] qint64 scanned() const { return m_scanned; }
    [[nodiscard]] int reads() const { return m_reads; }
    /// How often the internal streams were asked for too.
    [[nodiscard]] int internalLists() const { return m_internalLists; }

    QFuture<connectors::Result<connectors::SystemIdentity>> identify(std::stop_token stop) override;
    [[nodiscard]] connectors::Traffic traffic() const override { return {}; }
    connectors::StreamCatalog *streamCatalog() override { return this; }
    connectors::EventReader *eventReader() override { return this; }
    [[nodiscard]] QString whyNot(connectors::Ability) const override { return QStringLiteral("A fake has streams only."); }

    QFuture<connectors::Result<connectors::StreamList>> listStreams(connectors::StreamListRequest request, std::stop_token stop) override;
    QFuture<connectors::Result<std::vector<connectors::TimePosition>>> positionsAt(QString stream, connectors::EpochMs time,
                                                                                   std::stop_token stop) override;
    connectors::EventChannelPtr read(connectors::ReadRequest request) override;
    QFuture<connectors::Result<connectors::EventBatchPtr>> fetch(std::vector<connectors::EventAddress> addresses, qint64 previewBytes, std::stop_token stop) override;
    QFuture<connectors::Result<connectors::EventPage>> fetchPage(connectors::PageRequest request, std::stop_token stop) override;

private:
    struct Stored {
        FakeEvent event;
        connectors::EpochMs time = 0;
    };
    [[nodiscard]] connectors::StreamList listOf(const connectors::StreamListRequest &request);
    [[nodiscard]] static qint64 boundOf(const connectors::PositionSpec &bound, const std::vector<Stored> &events, qint64 otherwise);
    [[nodiscard]] connectors::EventBatchPtr eventsAt(const std::vector<connectors::EventAddress> &addresses);
    void run(const connectors::ReadRequest &request, const connectors::EventChannelPtr &channel);

    const QString m_name;
    connectors::EventPages m_pages;
    QMap<QString, std::vector<Stored>> m_streams;
    connectors::EpochMs m_nextTime = 0;
    std::optional<connectors::Error> m_error;
    std::optional<connectors::Error> m_missing;
    std::atomic<bool> m_isHanging = false;
    int m_readsBeforeHanging = std::numeric_limits<int>::max();
    bool m_isHoldingLists = false;
    std::vector<std::pair<connectors::StreamListRequest, QPromise<connectors::Result<connectors::StreamList>>>> m_heldLists;
    std::atomic<qint64> m_scanned = 0;
    std::atomic<int> m_reads = 0;
    int m_internalLists = 0;
    std::mutex m_mutex;
    std::vector<std::pair<connectors::EventChannelPtr, std::jthread>> m_threads;
};

} // namespace tests
