// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_connector.h"
#include "models/lag/lag_state.h"
#include "tests/support/kafka_groups.h"
#include "tests/support/kafka_server.h"
#include "tests/support/store_fixture.h"

#include <QTest>

using namespace connectors;
using models::lag::LagState;
using tests::answerOf;
using tests::TestCommit;

namespace {

constexpr int Patience = 60'000;
constexpr int Partitions = 6;

/// Null where the group is not in the list.
const ConsumerState *find(const ConsumerStates &states, const QString &group)
{
    for (const ConsumerState &state : states.consumers) {
        if (state.summary.consumer == group)
            return &state;
    }
    return nullptr;
}

const ConsumerPosition *find(const ConsumerState &state, const PartitionId &id)
{
    for (const ConsumerPosition &position : state.positions) {
        if (position.stream == id.stream && position.partition == id.partition)
            return &position;
    }
    return nullptr;
}

QString numberText(const std::optional<qint64> &number)
{
    return number ? QString::number(*number) : QStringLiteral("-");
}

} // namespace

class TestLagProbe final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_KAFKA();
        m_bootstrap = tests::kafkaBootstrap();
        m_producer = std::make_unique<tests::KafkaProducer>(m_bootstrap);
        m_groups = std::make_unique<tests::KafkaGroups>(m_bootstrap);
        m_connector = *kafka::openKafka(tests::kafkaSpec(m_bootstrap), {});
    }

    void cleanupTestCase()
    {
        m_connector.reset();
        m_groups.reset();
        m_producer.reset();
    }

    void aClosedPortIsNotAnEmptyList()
    {
        // Port 1 needs a privilege to listen on, and nobody does.
        const auto closed = *kafka::openKafka(tests::kafkaSpec(QStringLiteral("127.0.0.1:1")), {});
        const auto listed = answerOf(closed->consumerCatalog()->listConsumers({}));
        QVERIFY(!listed);
        QCOMPARE(listed.error().code, ErrorCode::CannotConnect);
        QVERIFY2(listed.error().message.contains(QStringLiteral("127.0.0.1:1")), qPrintable(listed.error().message));
        const auto states = answerOf(closed->consumerCatalog()->consumerStates({}, {}));
        QVERIFY(!states);
        QCOMPARE(states.error().code, ErrorCode::CannotConnect);
    }

    void anUnknownGroupIsNotFound()
    {
        const auto states = read({QStringLiteral("no-such-group")});
        QCOMPARE(states.error().code, ErrorCode::NotFound);
        QVERIFY(states.error().message.contains(QStringLiteral("no-such-group")));
        QVERIFY(!m_groups->isListed(QStringLiteral("no-such-group")));
    }

    void lookingLeavesNoGroupBehind()
    {
        m_groups->commit({{tests::uniqueName(QStringLiteral("seen")), {{{topic(1, 1), 0}, 0}}}});
        QVERIFY(read({}));
        QVERIFY(!m_groups->isListed(QStringLiteral("streamgauge-never-joins")));
    }

    void everyPartitionOfAStreamHasARow()
    {
        const QString name = topic(3, 10);
        const QString group = tests::uniqueName(QStringLiteral("half"));
        m_groups->commit({{group, {{{name, 1}, 4}}}});
        const auto states = read({group});
        QVERIFY(states);
        const ConsumerState &state = states->consumers.front();
        QCOMPARE(state.summary.activity, ConsumerActivity::Empty);
        QCOMPARE(state.positions.size(), size_t(3));
        QCOMPARE(numberText(state.positions[0].checkpoint), QStringLiteral("-"));
        QCOMPARE(state.positions[1].checkpoint, std::optional<qint64>(4));
        QCOMPARE(state.positions[1].end, std::optional<qint64>(10));
        QCOMPARE(state.positions[1].safeHead, std::optional<qint64>(10));
        QVERIFY(state.members && state.members->empty());
    }

    void metadataThatTheLibraryGarblesIsMarked()
    {
        const QString name = topic(2, 1);
        const QString group = tests::uniqueName(QStringLiteral("meta"));
        m_groups->commit({{group, {{{name, 0}, 1, QByteArray("ab\0cd", 5)}, {{name, 1}, 1, "whole"}}}});
        const auto states = read({group});
        QVERIFY(states);
        const ConsumerState &state = states->consumers.front();
        QCOMPARE(state.positions[0].metadata, QByteArray("ab"));
        QVERIFY(!state.positions[0].isMetadataExact);
        QCOMPARE(state.positions[1].metadata, QByteArray("whole"));
        QVERIFY(state.positions[1].isMetadataExact);
    }

    void anOpenTransactionHoldsTheSafeHeadBack()
    {
        const QString name = topic(1, 5);
        tests::KafkaProducer transactional(m_bootstrap, tests::uniqueName(QStringLiteral("tx")));
        transactional.begin();
        transactional.write(name, {tests::TestRecord{0, "k", "v", {}, 0}});
        const QString group = tests::uniqueName(QStringLiteral("held"));
        m_groups->commit({{group, {{{name, 0}, 5}}}});
        const auto states = read({group});
        transactional.end(true);
        QVERIFY(states);
        QCOMPARE(states->consumers.front().positions[0].safeHead, std::optional<qint64>(5));
        QCOMPARE(states->consumers.front().positions[0].end, std::optional<qint64>(6));
        // Now its end is a control record: one short of it, everything has been read.
        m_groups->commit({{group, {{{name, 0}, 6}}}});
        // The broker writes it after it has answered.
        QTRY_COMPARE_WITH_TIMEOUT(firstPosition(group).end, std::optional<qint64>(7), Patience);
        // A record that could not be read in time is read at the next look.
        QTRY_VERIFY_WITH_TIMEOUT(firstPosition(group).isTransactional, Patience);
        m_groups->commit({{group, {{{name, 0}, 5}}}});
        const ConsumerPosition before = firstPosition(group);
        QCOMPARE(before.end, std::optional<qint64>(7));
        QVERIFY(!before.isTransactional);
    }

    void aMemberIsToldWithHostAndPartitions()
    {
        const QString name = topic(2, 3);
        const QString group = tests::uniqueName(QStringLiteral("live"));
        const tests::ConsoleConsumer newProtocol(m_bootstrap, group + QStringLiteral("-new"), name, QStringLiteral("consumer"));
        tests::KafkaMember member(m_bootstrap, group, name, QStringLiteral("pod-1"));
        QCOMPARE(member.read(6), 6);
        const auto states = read({group});
        QVERIFY(states);
        const ConsumerState &state = states->consumers.front();
        QCOMPARE(state.summary.activity, ConsumerActivity::Active);
        QVERIFY(state.members);
        QCOMPARE(state.members->size(), size_t(1));
        QCOMPARE(state.members->front().clientId, QStringLiteral("pod-1"));
        QVERIFY(state.members->front().host.contains(QStringLiteral("127.0.0.1")));
        QCOMPARE(state.members->front().partitions, (std::vector<PartitionId>{{name, 0}, {name, 1}}));
        // It has no checkpoint yet, but its streams are known by its partitions.
        QCOMPARE(state.positions.size(), size_t(2));
        QVERIFY(!state.positions[0].checkpoint);

        QTRY_COMPARE_WITH_TIMEOUT(only(group + QStringLiteral("-new")).summary.activity, ConsumerActivity::Active, Patience);
        const ConsumerState unread = only(group + QStringLiteral("-new"));
        QVERIFY(!unread.members);
        QVERIFY(unread.membersProblem.contains(QStringLiteral("not readable with this library")));
        QVERIFY(unread.summary.kind.contains(QStringLiteral("new protocol")));
    }

    void agreesWithKafkasOwnToolOn500Groups()
    {
        const QString prefix = tests::uniqueName(QStringLiteral("g"));
        const QString plain = topic(Partitions, 100);
        const QString cut = topic(Partitions, 40);
        for (int p = 0; p < Partitions; p += 2)
            m_producer->deleteRecordsBefore(cut, p, 20);
        const QString transactional = transactionalTopic();
        m_groups->commit(commitsOf500Groups(prefix, plain, cut, transactional));
        tests::KafkaMember silent(m_bootstrap, prefix + QStringLiteral("-silent"), plain, QStringLiteral("silent"));
        tests::KafkaMember reader(m_bootstrap, prefix + QStringLiteral("-old"), plain, QStringLiteral("reader"));
        const tests::ConsoleConsumer newProtocol(m_bootstrap, prefix + QStringLiteral("-new"), plain, QStringLiteral("consumer"));
        QCOMPARE(silent.read(100 * Partitions), 100 * Partitions);
        QCOMPARE(reader.read(100 * Partitions), 100 * Partitions);
        reader.commit();
        const auto hasCaughtUp = [&] {
            const auto committed = m_groups->committed(prefix + QStringLiteral("-new"));
            return committed.size() == size_t(Partitions) && std::all_of(committed.begin(), committed.end(), [](const auto &one) { return one.second.first == 100; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(hasCaughtUp(), Patience);

        const tests::ToolRows tool = tests::describeAllGroups(m_bootstrap);
        const auto states = read({});
        QVERIFY(states);
        int compared = 0;
        for (const auto &[key, row] : tool) {
            if (!key.first.startsWith(prefix))
                continue;
            const ConsumerState *state = find(*states, key.first);
            QVERIFY2(state, qPrintable(key.first));
            const ConsumerPosition *position = find(*state, key.second);
            QVERIFY2(position, qPrintable(key.first));
            QCOMPARE(compare(*state, *position, row), QString());
            ++compared;
        }
        QVERIFY2(compared > 2000, qPrintable(QString::number(compared)));
        // And nothing is told that the tool does not know.
        for (const ConsumerState &state : states->consumers) {
            for (const ConsumerPosition &position : state.positions) {
                if (state.summary.consumer.startsWith(prefix) && position.checkpoint)
                    QVERIFY2(tool.contains({state.summary.consumer, {position.stream, position.partition}}), qPrintable(state.summary.consumer));
            }
        }
        QCOMPARE(find(*states, prefix + QStringLiteral("-silent"))->summary.activity, ConsumerActivity::Active);
        QCOMPARE(find(*states, prefix + QStringLiteral("-new"))->summary.activity, ConsumerActivity::Active);
    }

private:
    Result<ConsumerStates> read(std::vector<QString> groups)
    {
        ConsumerStateRequest request;
        request.consumers = std::move(groups);
        request.withSafeHead = true;
        return answerOf(m_connector->consumerCatalog()->consumerStates(request, {}));
    }

    /// Empty where the group cannot be read yet.
    ConsumerState only(const QString &group)
    {
        const auto states = read({group});
        return states && states->consumers.size() == 1 ? states->consumers.front() : ConsumerState();
    }

    ConsumerPosition firstPosition(const QString &group)
    {
        const ConsumerState state = only(group);
        return state.positions.empty() ? ConsumerPosition() : state.positions.front();
    }

    QString topic(int partitions, int records)
    {
        const QString name = tests::uniqueName(QStringLiteral("lag"));
        m_producer->createTopic(name, partitions);
        std::vector<tests::TestRecord> all;
        for (int p = 0; p < partitions; ++p)
            all.insert(all.end(), static_cast<size_t>(records), tests::TestRecord{p, "k", "v", {}, 0});
        m_producer->write(name, all);
        return name;
    }

    /// Two partitions of 10 records and a control record.
    QString transactionalTopic()
    {
        const QString name = topic(2, 0);
        tests::KafkaProducer producer(m_bootstrap, tests::uniqueName(QStringLiteral("tx")));
        producer.begin();
        std::vector<tests::TestRecord> records(10, tests::TestRecord{0, "k", "v", {}, 0});
        records.insert(records.end(), 10, tests::TestRecord{1, "k", "v", {}, 0});
        producer.write(name, records);
        producer.end(true);
        return name;
    }

    /// 497: with the three live ones 500. Everywhere, in some partitions only, below the start, ahead of the end, one short
    /// of a transaction's control record.
    static std::map<QString, std::vector<TestCommit>> commitsOf500Groups(const QString &prefix, const QString &plain, const QString &cut, const QString &transactional)
    {
        std::map<QString, std::vector<TestCommit>> commits;
        for (int i = 0; i < 497; ++i) {
            std::vector<TestCommit> &group = commits[prefix + QStringLiteral("-%1").arg(i)];
            const int kind = i % 5;
            for (int p = 0; p < (kind == 1 ? Partitions / 2 : kind == 4 ? 2 : Partitions); ++p) {
                const QString &name = kind == 2 ? cut : kind == 4 ? transactional : plain;
                const qint64 offset = kind == 2 ? i % 41 : kind == 3 ? 100 + i % 50 : kind == 4 ? i % 12 : (i * 7 + p * 13) % 101;
                group.push_back({{name, p}, offset, i % 7 == 0 ? QByteArray("note") : QByteArray()});
            }
        }
        return commits;
    }

    /// What is different, in words; empty: nothing.
    static QString compare(const ConsumerState &state, const ConsumerPosition &position, const tests::ToolRow &row)
    {
        const QString place = state.summary.consumer + u' ' + position.stream + u' ' + QString::number(position.partition);
        const auto lag = models::lag::partitionLag(position, state.summary.activity);
        if (position.checkpoint != row.offset || position.end != row.end)
            return QStringLiteral("%1: %2 of %3, the tool says %4 of %5").arg(place, numberText(position.checkpoint), numberText(position.end), numberText(row.offset), numberText(row.end));
        const bool isAhead = row.lag && *row.lag < 0;
        if (isAhead != (lag.state == LagState::AheadOfLog) || lag.lag != (isAhead ? std::nullopt : row.lag))
            return QStringLiteral("%1: lag %2 (%3), the tool says %4").arg(place, numberText(lag.lag), models::lag::stateName(lag.state), numberText(row.lag));
        if (!state.members || row.member == u'-')
            return {};
        for (const ConsumerMember &member : *state.members) {
            if (member.member == row.member && member.host == row.host)
                return {};
        }
        return QStringLiteral("%1: member %2 is missing").arg(place, row.member);
    }

    QString m_bootstrap;
    std::unique_ptr<tests::KafkaProducer> m_producer;
    std::unique_ptr<tests::KafkaGroups> m_groups;
    std::shared_ptr<Connector> m_connector;
};

QTEST_GUILESS_MAIN(TestLagProbe)
#include "tst_lag_probe.moc"
