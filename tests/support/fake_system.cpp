// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_system.h"

#include "tests/support/answered.h"

#include <QPromise>

#include <algorithm>
#include <iterator>

namespace tests {

using namespace connectors;

namespace {

class FakeConnector final : public Connector, public ConsumerCatalog, public StreamCatalog
{
public:
    explicit FakeConnector(FakeSystem &system) : m_system(system) { }

    QFuture<Result<SystemIdentity>> identify(std::stop_token) override
    {
        const std::lock_guard lock(m_system.mutex);
        SystemIdentity identity;
        identity.systemId = m_system.systemId;
        identity.product = QStringLiteral("Fake");
        return answered<SystemIdentity>(identity);
    }
    Traffic traffic() const override { return {}; }
    ConsumerCatalog *consumerCatalog() override { return this; }
    StreamCatalog *streamCatalog() override { return this; }
    QString whyNot(Ability ability) const override { return ability == Ability::CheckpointChange ? QString() : QStringLiteral("A fake cannot."); }

    QFuture<Result<std::vector<ConsumerSummary>>> listConsumers(std::stop_token) override
    {
        const std::lock_guard lock(m_system.mutex);
        return answered<std::vector<ConsumerSummary>>(std::vector<ConsumerSummary>{{m_system.consumer, QStringLiteral("group"), m_system.activity}});
    }

    QFuture<Result<ConsumerStates>> consumerStates(ConsumerStateRequest request, std::stop_token stop) override
    {
        const std::lock_guard lock(m_system.mutex);
        ++m_system.reads;
        if (m_system.beforeRead)
            m_system.beforeRead();
        if (m_system.isHanging)
            return untilStopped(stop);
        if (m_system.readFault && m_system.readsBeforeFault-- <= 0)
            return answered<ConsumerStates>(tl::unexpected(*m_system.readFault));
        if (!request.consumers.empty() && request.consumers.front() != m_system.consumer)
            return answered<ConsumerStates>(failure(ErrorCode::NotFound, QStringLiteral("There is no consumer “%1”.").arg(request.consumers.front())));
        ConsumerState state;
        state.summary = {m_system.consumer, QStringLiteral("group"), m_system.activity};
        state.members = m_system.members;
        for (const auto &[id, checkpoint] : m_system.checkpoints) {
            ConsumerPosition position;
            position.stream = id.stream;
            position.partition = id.partition;
            position.checkpoint = checkpoint.position;
            position.metadata = checkpoint.metadata;
            position.isMetadataExact = checkpoint.isMetadataExact;
            if (const auto range = m_system.ranges.find(id); range != m_system.ranges.end()) {
                position.start = range->second.start;
                position.end = range->second.end;
            }
            state.positions.push_back(position);
        }
        ConsumerStates states{{state}, {}};
        for (const auto &[name, stream] : request.consumers.empty() ? m_system.otherConsumers : std::map<QString, QString>()) {
            ConsumerState other;
            other.summary = {name, QStringLiteral("group"), ConsumerActivity::Active};
            ConsumerPosition position;
            position.stream = stream;
            other.positions = {position};
            states.consumers.push_back(other);
        }
        return answered<ConsumerStates>(states);
    }

    QFuture<Result<StreamList>> listStreams(StreamListRequest request, std::stop_token) override
    {
        const std::lock_guard lock(m_system.mutex);
        std::map<QString, StreamInfo> streams;
        for (const auto &[id, range] : m_system.ranges) {
            if (std::find(request.streams.begin(), request.streams.end(), id.stream) == request.streams.end() && !request.streams.empty())
                continue;
            StreamInfo &stream = streams[id.stream];
            stream.stream = id.stream;
            stream.cleanupPolicy = m_system.cleanupPolicy;
            stream.retentionMs = m_system.retentionMs;
            PartitionExtent extent;
            extent.partition = id.partition;
            extent.start = range.start;
            extent.end = range.end;
            stream.partitions.push_back(extent);
        }
        StreamList list;
        for (const auto &[name, stream] : streams)
            list.streams.push_back(stream);
        return answered<StreamList>(list);
    }

    QFuture<Result<std::vector<TimePosition>>> positionsAt(QString stream, EpochMs time, std::stop_token) override
    {
        const std::lock_guard lock(m_system.mutex);
        std::vector<TimePosition> positions;
        for (const auto &[id, range] : m_system.ranges) {
            if (id.stream != stream)
                continue;
            TimePosition position;
            position.partition = id.partition;
            const auto &times = m_system.times[id];
            const auto found = std::find_if(times.begin(), times.end(), [&](EpochMs one) { return one >= time; });
            if (found != times.end())
                position.position = range.start + (found - times.begin());
            positions.push_back(position);
        }
        return answered<std::vector<TimePosition>>(positions);
    }

private:
    QFuture<Result<ConsumerStates>> untilStopped(std::stop_token stop)
    {
        const auto promise = std::make_shared<QPromise<Result<ConsumerStates>>>();
        promise->start();
        const auto end = [promise] { promise->finish(); };
        m_system.hanging.push_back(std::make_shared<std::stop_callback<decltype(end)>>(std::move(stop), end));
        return promise->future();
    }

    FakeSystem &m_system;
};

class FakeWriter final : public CheckpointWriter
{
public:
    explicit FakeWriter(FakeSystem &system) : m_system(system) { }

    Result<std::vector<CheckpointOutcome>> apply(const QString &, const std::vector<CheckpointChange> &changes) override
    {
        const std::lock_guard lock(m_system.mutex);
        ++m_system.applies;
        if (m_system.applyFault && !m_system.isAppliedBeforeFault)
            return tl::unexpected(*m_system.applyFault);
        std::vector<CheckpointOutcome> outcomes;
        for (const CheckpointChange &change : changes) {
            const PartitionId id{change.stream, change.partition};
            const auto fault = m_system.partFaults.find(id);
            if (fault != m_system.partFaults.end() && m_system.partFaultCount-- > 0) {
                outcomes.push_back({change.stream, change.partition, fault->second});
                continue;
            }
            if (change.target)
                m_system.checkpoints[id] = {*change.target, change.metadata};
            else
                m_system.checkpoints.erase(id);
            outcomes.push_back({change.stream, change.partition, {}});
        }
        if (m_system.applyFault)
            return tl::unexpected(*m_system.applyFault);
        return outcomes;
    }

private:
    FakeSystem &m_system;
};

} // namespace

void FakeSystem::put(const QString &stream, int partition, qint64 start, qint64 end, std::optional<qint64> checkpoint, const QByteArray &metadata)
{
    const PartitionId id{stream, partition};
    ranges[id] = {start, end};
    if (checkpoint)
        checkpoints[id] = {*checkpoint, metadata};
}

std::optional<qint64> FakeSystem::at(const QString &stream, int partition)
{
    const std::lock_guard lock(mutex);
    const auto found = checkpoints.find({stream, partition});
    return found == checkpoints.end() ? std::nullopt : std::optional(found->second.position);
}

Result<std::shared_ptr<Connector>> FakeFactory::open(const ConnectionSpec &spec)
{
    const std::lock_guard lock(m_system.mutex);
    m_system.opened = spec;
    return std::make_shared<FakeConnector>(m_system);
}

Result<std::unique_ptr<CheckpointWriter>> FakeFactory::openCheckpointWriter(const ConnectionSpec &)
{
    return std::make_unique<FakeWriter>(m_system);
}

std::vector<ConnectionSpec> FakeFactory::named(const QString &name) const
{
    const std::lock_guard lock(m_system.mutex);
    std::vector<ConnectionSpec> found;
    std::copy_if(m_system.saved.begin(), m_system.saved.end(), std::back_inserter(found), [&](const ConnectionSpec &spec) { return spec.name == name; });
    return found;
}

ConnectionSpec fakeSpec(Environment environment)
{
    ConnectionSpec spec;
    spec.name = QStringLiteral("prod-eu");
    spec.hosts = {QStringLiteral("localhost:9092")};
    spec.environment = environment;
    return spec;
}

} // namespace tests
