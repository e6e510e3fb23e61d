// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"
#include "tests/support/kafka_groups.h"
#include "tests/support/kafka_server.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <csignal>

using connectors::PartitionId;
using tests::CtlProcess;
using tests::CtlRun;
using tests::KafkaMember;
using tests::memberNames;

namespace {

constexpr qint64 Records = 40;
constexpr qint64 StartOfFirst = 5;

QStringList sorted(const char *names)
{
    QStringList list = QString::fromLatin1(names).split(u' ', Qt::SkipEmptyParts);
    list.sort();
    return list;
}

/// How many handles of librdkafka a program has: each has one thread of this name.
int kafkaHandlesOf(const QProcess &program)
{
    int handles = 0;
    for (const QString &thread : QDir(QStringLiteral("/proc/%1/task").arg(program.processId())).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile name(QStringLiteral("/proc/%1/task/%2/comm").arg(QString::number(program.processId()), thread));
        handles += name.open(QIODevice::ReadOnly) && name.readAll().startsWith("rdk:main") ? 1 : 0;
    }
    return handles;
}

void signalServer(const tests::FreshKafka &server, int signal)
{
    QFile pid(server.folder() + QStringLiteral("/pid"));
    if (!pid.open(QIODevice::ReadOnly) || ::kill(pid.readAll().trimmed().toInt(), signal) != 0)
        qFatal("The broker cannot be signalled.");
}

/// A table of so many lines, in which nothing can move the cursor, turn the text around or begin a line of its own.
bool isPlainTable(const QByteArray &out, qsizetype lines)
{
    const QString text = QString::fromUtf8(out);
    const auto isUnsafe = [](QChar c) {
        const ushort code = c.unicode();
        return (code < 0x20 && code != u'\n') || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
    };
    return text.count(u'\n') == lines && std::none_of(text.cbegin(), text.cend(), isUnsafe);
}

} // namespace

/// lag, members, reset, apply, journal and undo of the command line against a real Kafka: every field and every exit status.
class TestCtlKafkaGroups final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void lagTellsEveryPartitionToTheField();
    void lagTellsWhoReadsAndHowOldTheEventIs();
    void aTopicThatCannotBeReadLeavesTheTimeLagsOfTheOthers();
    void aSignalWhileTimeLagsAreReadEndsWithWhatIsKnown();
    void aGroupWithoutAnyCheckpointHasOneRow();
    void whatIsNotThereOrNotReachedHasItsStatus_data();
    void whatIsNotThereOrNotReachedHasItsStatus();
    void membersAreToldWithTheirPartitions();
    void aPlanChangesNothingAndIsToldToTheField();
    void productionWantsTheNameAndAReason();
    void aResetIsVerifiedAndUndoDeletesWhatWasNotThere();
    void anOffsetOutOfRangeIsRefusedAndMayBeLeftOut();
    void kafkasOwnLinesAreTaken();
    void aGroupThatIsReadIsRefusedThenWaitedFor();
    void whatMovedSincePlanningIsShownAndNothingIsChanged();
    void aPlanFileRunsOnceAlsoWhenTwoApplyItAtOnce();
    void aConsumerThatHasMovedOnIsPutBackOnlyWhenThatIsSaid();
    void aJournalThatCannotBeWrittenStopsEverything();
    void aFullDiskStopsEverything();
    void hostileNamesAreShownAndKeptExactly_data();
    void hostileNamesAreShownAndKeptExactly();

private:
    [[nodiscard]] CtlRun ctl(const QString &words, const QStringList &more = {}) { return m_ctl->run(words.split(u' ', Qt::SkipEmptyParts) + more); }
    [[nodiscard]] CtlRun reset(const QString &words) { return ctl(QStringLiteral("reset %1 %2 --stream %3 --json ").arg(m_address, m_group, m_topic) + words); }
    [[nodiscard]] QString committed() const
    {
        QStringList texts;
        for (const auto &[id, position] : m_groups->committed(m_group))
            texts += QStringLiteral("%1:%2").arg(id.partition).arg(position.first);
        return texts.join(u' ');
    }
    [[nodiscard]] static QString resultOf(const CtlRun &run) { return run.json()[u"result"].toString(); }

    QString m_bootstrap;
    QString m_address;
    QString m_topic;
    QString m_group;
    std::unique_ptr<tests::KafkaGroups> m_groups;
    std::unique_ptr<CtlProcess> m_ctl;
};

void TestCtlKafkaGroups::initTestCase()
{
    REQUIRE_KAFKA();
    m_bootstrap = tests::kafkaBootstrap();
    m_address = QStringLiteral("kafka://") + m_bootstrap;
    m_topic = tests::uniqueName(QStringLiteral("ctl"));
    m_groups = std::make_unique<tests::KafkaGroups>(m_bootstrap);
    tests::KafkaProducer producer(m_bootstrap);
    producer.createTopic(m_topic, 3);
    std::vector<tests::TestRecord> records;
    for (int partition = 0; partition < 3; ++partition)
        records.insert(records.end(), static_cast<size_t>(Records), tests::TestRecord{partition, "k", R"({"eventType":"OrderPlaced"})", {}, 0});
    producer.write(m_topic, records);
    producer.deleteRecordsBefore(m_topic, 0, StartOfFirst);
}

void TestCtlKafkaGroups::init()
{
    m_ctl = std::make_unique<CtlProcess>();
    m_group = tests::uniqueName(QStringLiteral("group"));
    m_groups->commit({{m_group, {{{m_topic, 0}, 20}, {{m_topic, 1}, Records}}}}); // and none in the third
}

void TestCtlKafkaGroups::lagTellsEveryPartitionToTheField()
{
    const CtlRun lag = ctl(QStringLiteral("lag %1 --json --group %2").arg(m_address, m_group));
    QCOMPARE(lag.status, 0);
    const QJsonArray rows = lag.json().array();
    QCOMPARE(rows.size(), 3);
    for (int partition = 0; partition < 3; ++partition) {
        const QJsonValue row = rows[partition];
        QCOMPARE(memberNames(row), sorted("group stream partition checkpoint start safeHead end lag lost timeLagMs state verdict since member host rateIn rateOut runwayMs heldBackBy"));
        QCOMPARE(row[u"group"].toString(), m_group);
        QCOMPARE(row[u"stream"].toString(), m_topic);
        QCOMPARE(row[u"partition"].toInt(-1), partition);
        QCOMPARE(row[u"start"].toInteger(-1), partition == 0 ? StartOfFirst : 0);
        QCOMPARE(row[u"end"].toInteger(-1), Records);
        QCOMPARE(row[u"safeHead"].toInteger(-1), Records);
        for (const QString &unknown : {QStringLiteral("timeLagMs"), QStringLiteral("verdict"), QStringLiteral("since"), QStringLiteral("member"), QStringLiteral("host"),
                                       QStringLiteral("rateIn"), QStringLiteral("rateOut"), QStringLiteral("runwayMs")})
            QVERIFY2(row[unknown].isNull(), qPrintable(unknown));
    }
    QCOMPARE(rows[0][u"checkpoint"].toInteger(-1), 20);
    QCOMPARE(rows[0][u"lag"].toInteger(-1), 20);
    QCOMPARE(rows[0][u"state"].toString(), QStringLiteral("noMembers"));
    QCOMPARE(rows[1][u"lag"].toInteger(-1), 0);
    QCOMPARE(rows[1][u"state"].toString(), QStringLiteral("caughtUp"));
    QVERIFY(rows[2][u"checkpoint"].isNull() && rows[2][u"lag"].isNull());
    QCOMPARE(rows[2][u"state"].toString(), QStringLiteral("neverStarted"));
}

void TestCtlKafkaGroups::lagTellsWhoReadsAndHowOldTheEventIs()
{
    KafkaMember member(m_bootstrap, m_group, m_topic, QStringLiteral("pod-1"));
    QVERIFY(member.read(1) == 1);
    const CtlRun lag = ctl(QStringLiteral("lag %1 --json --members --time-lag --group %2").arg(m_address, m_group));
    QCOMPARE(lag.status, 0);
    for (const QJsonValue &row : lag.json().array()) {
        QVERIFY(row[u"member"].toString().startsWith(QStringLiteral("pod-1")));
        QVERIFY(!row[u"host"].toString().isEmpty());
    }
    QVERIFY(lag.json()[0][u"timeLagMs"].toInteger(-1) > 0);
    QCOMPARE(lag.json()[1][u"timeLagMs"].toInteger(-1), 0);
}

void TestCtlKafkaGroups::aTopicThatCannotBeReadLeavesTheTimeLagsOfTheOthers()
{
    const tests::FreshKafka server;
    tests::KafkaProducer producer(server.bootstrap());
    for (const QString &topic : {QStringLiteral("broken"), QStringLiteral("whole")}) {
        producer.createTopic(topic, 1);
        producer.write(topic, {{0, {}, "\"to be damaged\"", {}, 0}});
    }
    {
        // The first member of all waits until the server can keep checkpoints.
        KafkaMember first(server.bootstrap(), QStringLiteral("billing"), QStringLiteral("whole"), QStringLiteral("billing-1"));
        QCOMPARE(first.read(1), 1);
    }
    tests::KafkaGroups(server.bootstrap()).commit({{QStringLiteral("billing"), {{{QStringLiteral("broken"), 0}, 0}, {{QStringLiteral("whole"), 0}, 0}}}});
    QFile log(server.folder() + QStringLiteral("/data/broken-0/00000000000000000000.log"));
    QVERIFY(log.open(QIODevice::ReadWrite));
    const qint64 at = log.readAll().indexOf("damaged");
    QVERIFY(at > 0);
    log.seek(at);
    log.putChar('D');
    log.close();
    const CtlRun lag = ctl(QStringLiteral("lag kafka://%1 --json --time-lag --group billing").arg(server.bootstrap()));
    QCOMPARE(lag.status, 4);
    const QJsonArray rows = lag.json().array();
    QCOMPARE(rows.size(), 2);
    QVERIFY(rows[0][u"timeLagMs"].isNull());
    QCOMPARE(rows[0][u"lag"].toInteger(-1), 1);
    QVERIFY(rows[1][u"timeLagMs"].toInteger(-1) > 0);
    QVERIFY2(lag.err.contains(QStringLiteral("“broken”")) && !lag.err.contains(QStringLiteral("“whole”")), qPrintable(lag.err));
}

void TestCtlKafkaGroups::aSignalWhileTimeLagsAreReadEndsWithWhatIsKnown()
{
    constexpr int Topics = 5; // each is asked for before the first is read, so that this takes a while
    constexpr int MostAttempts = 30;
    const tests::FreshKafka server;
    tests::KafkaProducer producer(server.bootstrap());
    std::vector<tests::TestCommit> commits;
    for (int i = 0; i < Topics; ++i) {
        const QString topic = QStringLiteral("orders-%1").arg(i);
        producer.createTopic(topic, 1);
        producer.write(topic, {{0, {}, "\"x\"", {}, 0}});
        commits.push_back({{topic, 0}, 0});
    }
    {
        // The first member of all waits until the server can keep checkpoints.
        KafkaMember first(server.bootstrap(), QStringLiteral("billing"), QStringLiteral("orders-0"), QStringLiteral("billing-1"));
        QCOMPARE(first.read(1), 1);
    }
    tests::KafkaGroups(server.bootstrap()).commit({{QStringLiteral("billing"), commits}});
    const QStringList words = QStringLiteral("lag kafka://%1 --json --time-lag --group billing").arg(server.bootstrap()).split(u' ');
    QProcess whole;
    m_ctl->start(&whole, words);
    int handles = 0; // the last one that is made reads the events
    while (!whole.waitForFinished(1))
        handles = std::max(handles, kafkaHandlesOf(whole));
    QCOMPARE(whole.exitCode(), 0);

    bool wasReading = false;
    for (int attempt = 0; attempt < MostAttempts && !wasReading; ++attempt) {
        // What was seen of the first run may be one too many or too few, as they come and go.
        const int wanted = handles + (attempt % 3 == 1 ? -1 : attempt % 3 == 2 ? 1 : 0);
        QProcess lag;
        m_ctl->start(&lag, words);
        QVERIFY(lag.waitForStarted());
        while (!lag.waitForFinished(1) && kafkaHandlesOf(lag) < wanted) { }
        if (lag.state() == QProcess::NotRunning)
            continue; // it was faster
        signalServer(server, SIGSTOP);
        ::kill(static_cast<pid_t>(lag.processId()), SIGINT);
        const bool hasEnded = lag.waitForFinished(8'000);
        signalServer(server, SIGCONT);
        QVERIFY2(hasEnded && lag.exitStatus() == QProcess::NormalExit, "it did not end by itself");
        const CtlRun run{lag.exitCode(), lag.readAllStandardOutput(), QString::fromUtf8(lag.readAllStandardError())};
        QVERIFY2(run.status == 4 || (run.status == 0 && run.err.isEmpty()), qPrintable(run.err));
        wasReading = run.err.contains(QStringLiteral("interrupted before every time lag was read"));
        // All or nothing.
        QVERIFY2(run.out.isEmpty() || run.json().array().size() == Topics, run.out.constData());
        if (wasReading)
            QCOMPARE(run.json()[0][u"lag"].toInteger(-1), 1);
    }
    QVERIFY(wasReading);
}

void TestCtlKafkaGroups::aGroupWithoutAnyCheckpointHasOneRow()
{
    const QString fresh = tests::uniqueName(QStringLiteral("fresh"));
    {
        KafkaMember member(m_bootstrap, fresh, m_topic, QStringLiteral("pod-1"));
        QVERIFY(member.read(1) == 1);
    } // it left without a commit
    const CtlRun lag = ctl(QStringLiteral("lag %1 --json --group %2").arg(m_address, fresh));
    QCOMPARE(lag.status, 0);
    QCOMPARE(lag.json().array().size(), 1);
    QVERIFY(lag.json()[0][u"stream"].isNull() && lag.json()[0][u"checkpoint"].isNull() && lag.json()[0][u"lag"].isNull());
}

void TestCtlKafkaGroups::whatIsNotThereOrNotReachedHasItsStatus_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<int>("status");
    QTest::newRow("lag of an unknown group") << QStringLiteral("lag ADDRESS --group no-such") << 1;
    QTest::newRow("members of an unknown group") << QStringLiteral("members ADDRESS no-such") << 1;
    QTest::newRow("reset of an unknown group") << QStringLiteral("reset ADDRESS no-such --stream TOPIC --to earliest --execute") << 1;
    QTest::newRow("undo of an unknown record") << QStringLiteral("undo 4711") << 1;
    QTest::newRow("apply of an unknown plan") << QStringLiteral("apply no-such-plan") << 1;
    QTest::newRow("reset without a target") << QStringLiteral("reset ADDRESS GROUP --stream TOPIC") << 2;
    QTest::newRow("lag of a closed port") << QStringLiteral("lag kafka://127.0.0.1:1 --timeout 2s") << 3;
    QTest::newRow("members at a closed port") << QStringLiteral("members kafka://127.0.0.1:1 x --timeout 2s") << 3;
    QTest::newRow("reset at a closed port") << QStringLiteral("reset kafka://127.0.0.1:1 x --all-streams --to latest --timeout 2s") << 3;
}

void TestCtlKafkaGroups::whatIsNotThereOrNotReachedHasItsStatus()
{
    QFETCH(QString, words);
    QFETCH(int, status);
    const CtlRun run = ctl(words.replace(QStringLiteral("ADDRESS"), m_address).replace(QStringLiteral("TOPIC"), m_topic).replace(QStringLiteral("GROUP"), m_group));
    QCOMPARE(run.status, status);
    QVERIFY(!run.err.isEmpty());
    QVERIFY(!m_groups->isListed(QStringLiteral("no-such"))); // looking or failing makes no group
}

void TestCtlKafkaGroups::membersAreToldWithTheirPartitions()
{
    const CtlRun none = ctl(QStringLiteral("members %1 %2 --json").arg(m_address, m_group));
    QCOMPARE(none.status, 0);
    QVERIFY(none.json().isArray() && none.json().array().isEmpty());
    KafkaMember member(m_bootstrap, m_group, m_topic, QStringLiteral("pod-1"));
    QVERIFY(member.read(1) == 1);
    const CtlRun one = ctl(QStringLiteral("members %1 %2 --json").arg(m_address, m_group));
    QCOMPARE(one.status, 0);
    const QJsonValue row = one.json()[0];
    QCOMPARE(memberNames(row), sorted("member clientId host partitions"));
    QCOMPARE(row[u"clientId"].toString(), QStringLiteral("pod-1"));
    QCOMPARE(row[u"partitions"].toArray().size(), 3);
    QCOMPARE(memberNames(row[u"partitions"].toArray().first()), sorted("stream partition"));
    QCOMPARE(row[u"partitions"][0][u"stream"].toString(), m_topic);
}

void TestCtlKafkaGroups::aPlanChangesNothingAndIsToldToTheField()
{
    const QString before = committed();
    const CtlRun plan = reset(QStringLiteral("--to earliest"));
    QCOMPARE(plan.status, 0);
    QCOMPARE(memberNames(plan.json().object()), sorted("planId hash reversible warnings rows"));
    const QJsonArray rows = plan.json()[u"rows"].toArray();
    QCOMPARE(rows.size(), 3);
    QCOMPARE(memberNames(rows[0]), sorted("stream partition before after replayed skipped refused"));
    QCOMPARE(rows[0][u"after"].toInteger(-1), StartOfFirst);
    QCOMPARE(rows[0][u"replayed"].toInteger(-1), 20 - StartOfFirst);
    QCOMPARE(rows[1][u"replayed"].toInteger(-1), Records);
    QVERIFY(rows[2][u"before"].isNull() && rows[2][u"replayed"].isNull());
    QCOMPARE(committed(), before);
}

void TestCtlKafkaGroups::productionWantsTheNameAndAReason()
{
    const QString before = committed();
    const QString production = QStringLiteral("reset %1?environment=production %2 --all-streams --to latest --execute --json").arg(m_address, m_group);
    for (const QString &missing : {QString(), QStringLiteral(" --confirm %1").arg(m_group), QStringLiteral(" --reason OPS-1")}) {
        const CtlRun refused = ctl(production + missing);
        QCOMPARE(refused.status, 1);
        QVERIFY(!refused.json()[u"executed"].toBool(true) && refused.json()[u"refused"].isObject());
    }
    QCOMPARE(committed(), before);
    QCOMPARE(ctl(production + QStringLiteral(" --confirm %1 --reason OPS-1").arg(m_group)).status, 0);
    QCOMPARE(committed(), QStringLiteral("0:40 1:40 2:40"));
}

void TestCtlKafkaGroups::aResetIsVerifiedAndUndoDeletesWhatWasNotThere()
{
    const QString before = committed();
    const CtlRun done = reset(QStringLiteral("--to 7 --execute"));
    QCOMPARE(done.status, 0);
    QCOMPARE(memberNames(done.json().object()), sorted("planId hash reversible warnings rows executed journalId result"));
    QCOMPARE(resultOf(done), QStringLiteral("DONE"));
    QCOMPARE(committed(), QStringLiteral("0:7 1:7 2:7"));
    const QString id = done.json()[u"journalId"].toString();
    const CtlRun record = ctl(QStringLiteral("journal --json"), {id});
    QCOMPARE(record.status, 0);
    QCOMPARE(memberNames(record.json().object()),
             sorted("journalId planId hash kind state connection systemId target who host reason created approved finished rows undoes undoneBy"));
    QCOMPARE(record.json()[u"hash"].toString(), done.json()[u"hash"].toString());
    QCOMPARE(record.json()[u"state"].toString(), QStringLiteral("DONE"));
    QCOMPARE(record.json()[u"rows"][0][u"now"].toInteger(-1), 7);
    QCOMPARE(ctl(QStringLiteral("undo --json"), {id}).status, 0); // a plan only
    QCOMPARE(committed(), QStringLiteral("0:7 1:7 2:7"));
    const CtlRun undone = ctl(QStringLiteral("undo --execute --json"), {id});
    QCOMPARE(undone.status, 0);
    QCOMPARE(resultOf(undone), QStringLiteral("DONE"));
    QCOMPARE(committed(), before);
    QCOMPARE(ctl(QStringLiteral("journal --json"), {id}).json()[u"undoneBy"].toString(), undone.json()[u"journalId"].toString());
    const CtlRun verified = ctl(QStringLiteral("journal --verify --json"));
    QCOMPARE(verified.status, 0);
    QVERIFY(verified.json()[u"intact"].toBool());
}

void TestCtlKafkaGroups::anOffsetOutOfRangeIsRefusedAndMayBeLeftOut()
{
    const QString before = committed();
    const CtlRun refused = reset(QStringLiteral("--to 3 --execute")); // below the start of the first partition
    QCOMPARE(refused.status, 1);
    const QJsonValue refusal = refused.json()[u"rows"][0][u"refused"];
    QCOMPARE(memberNames(refusal), sorted("code message start end"));
    QCOMPARE(refusal[u"code"].toString(), QStringLiteral("outOfRange"));
    QCOMPARE(refusal[u"start"].toInteger(-1), StartOfFirst);
    QCOMPARE(refusal[u"end"].toInteger(-1), Records);
    QCOMPARE(committed(), before);
    QCOMPARE(reset(QStringLiteral("--to 3 --execute --skip-refused")).status, 0);
    QCOMPARE(committed(), QStringLiteral("0:20 1:3 2:3"));
}

void TestCtlKafkaGroups::kafkasOwnLinesAreTaken()
{
    QFile csv(m_ctl->path(QStringLiteral("offsets.csv")));
    QVERIFY(csv.open(QIODevice::WriteOnly));
    csv.write(m_topic.toUtf8() + ",0,11\n" + m_topic.toUtf8() + ",2,12\n");
    csv.close();
    QCOMPARE(ctl(QStringLiteral("reset %1 %2 --execute --from-file").arg(m_address, m_group), {csv.fileName()}).status, 0);
    QCOMPARE(committed(), QStringLiteral("0:11 1:40 2:12"));
}

void TestCtlKafkaGroups::aGroupThatIsReadIsRefusedThenWaitedFor()
{
    auto member = std::make_unique<KafkaMember>(m_bootstrap, m_group, m_topic, QStringLiteral("pod-1"));
    QVERIFY(member->read(1) == 1);
    const CtlRun refused = reset(QStringLiteral("--to 9 --execute"));
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.json()[u"refused"][u"message"].toString().contains(QStringLiteral("pod-1")), refused.out.constData());
    QProcess waiting;
    m_ctl->start(&waiting, QStringLiteral("reset %1 %2 --stream %3 --to 9 --execute --wait 60s --json").arg(m_address, m_group, m_topic).split(u' '));
    QByteArray said;
    const auto tellsWhoIsLeft = [&] {
        said += waiting.readAllStandardError();
        return said.contains("pod-1");
    };
    QTRY_VERIFY_WITH_TIMEOUT(tellsWhoIsLeft(), 30'000);
    member.reset();
    QVERIFY(waiting.waitForFinished(60'000));
    QCOMPARE(waiting.exitCode(), 0);
    QCOMPARE(committed(), QStringLiteral("0:9 1:9 2:9"));
}

void TestCtlKafkaGroups::whatMovedSincePlanningIsShownAndNothingIsChanged()
{
    const QString planId = reset(QStringLiteral("--to 9")).json()[u"planId"].toString();
    m_groups->commit({{m_group, {{{m_topic, 0}, 21}}}});
    const CtlRun late = ctl(QStringLiteral("apply --json"), {planId});
    QCOMPARE(late.status, 1);
    QCOMPARE(late.json()[u"refused"][u"code"].toString(), QStringLiteral("conflict"));
    QVERIFY2(late.err.contains(QStringLiteral("20")) && late.err.contains(QStringLiteral("21")), qPrintable(late.err));
    QCOMPARE(committed(), QStringLiteral("0:21 1:40"));
}

void TestCtlKafkaGroups::aPlanFileRunsOnceAlsoWhenTwoApplyItAtOnce()
{
    const QString file = m_ctl->path(QStringLiteral("plan.json"));
    QCOMPARE(reset(QStringLiteral("--to 9 --plan ") + file).status, 0);
    QProcess first;
    QProcess second;
    for (QProcess *each : {&first, &second})
        m_ctl->start(each, {QStringLiteral("apply"), file, QStringLiteral("--json")});
    for (QProcess *each : {&first, &second})
        QVERIFY(each->waitForFinished(60'000) && each->exitStatus() == QProcess::NormalExit);
    QCOMPARE(QSet<int>({first.exitCode(), second.exitCode()}), QSet<int>({0, 1}));
    QCOMPARE(committed(), QStringLiteral("0:9 1:9 2:9"));
    QCOMPARE(ctl(QStringLiteral("journal --json --target ") + m_group).json().array().size(), 1);
    QCOMPARE(ctl(QStringLiteral("journal --verify")).status, 0);
    const CtlRun again = ctl(QStringLiteral("apply --json"), {file});
    QCOMPARE(again.status, 1);
    QVERIFY(again.json()[u"refused"].isObject());
}

void TestCtlKafkaGroups::aConsumerThatHasMovedOnIsPutBackOnlyWhenThatIsSaid()
{
    const QString before = committed();
    const QString id = reset(QStringLiteral("--to 9 --execute")).json()[u"journalId"].toString();
    m_groups->commit({{m_group, {{{m_topic, 0}, 15}}}});
    const CtlRun refused = ctl(QStringLiteral("undo --execute --json"), {id});
    QCOMPARE(refused.status, 1);
    QCOMPARE(refused.json()[u"rows"][0][u"refused"][u"code"].toString(), QStringLiteral("movedOn"));
    const CtlRun undone = ctl(QStringLiteral("undo --execute --moved-on --json"), {id});
    QCOMPARE(undone.status, 0);
    // 6 of the 11 and the 31 events that the reset brought back.
    QVERIFY2(undone.out.contains("By the checkpoints, 6 of 42 events have already been processed again"), undone.out.constData());
    QCOMPARE(committed(), before);
}

void TestCtlKafkaGroups::aJournalThatCannotBeWrittenStopsEverything()
{
    const QString before = committed();
    QFile inTheWay(m_ctl->path(QStringLiteral("streamgauge")));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly)); // a file where the journal's folder should be
    inTheWay.close();
    const CtlRun refused = reset(QStringLiteral("--to 9 --execute"));
    QCOMPARE(refused.status, 1);
    QVERIFY(!refused.err.isEmpty());
    QCOMPARE(committed(), before);
}

void TestCtlKafkaGroups::aFullDiskStopsEverything()
{
    const QString before = committed();
    const QString planId = reset(QStringLiteral("--to 9")).json()[u"planId"].toString();
    QVERIFY(!planId.isEmpty());
    const CtlRun refused = m_ctl->runOnAFullDisk({QStringLiteral("apply"), planId});
    QCOMPARE(refused.status, 1);
    QVERIFY(!refused.err.isEmpty());
    QCOMPARE(committed(), before);
    QCOMPARE(ctl(QStringLiteral("journal --verify")).status, 0);
    // When there is room again the same plan is applied.
    QCOMPARE(ctl(QStringLiteral("apply"), {planId}).status, 0);
    QCOMPARE(committed(), QStringLiteral("0:9 1:9 2:9"));
}

void TestCtlKafkaGroups::hostileNamesAreShownAndKeptExactly_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("shown");
    QTest::newRow("bold") << QStringLiteral("<b>x</b>") << QStringLiteral("<b>x</b>");
    QTest::newRow("image") << QStringLiteral("<img src=file:///dev/zero>") << QStringLiteral("<img src=file:///dev/zero>");
    QTest::newRow("turned around") << QStringLiteral("a\u202eb\u2066c\u061cd") << QStringLiteral("a\\u202eb\\u2066c\\u061cd");
    QTest::newRow("escape sequence") << QStringLiteral("\u001b[2J\u0007\u009b1m") << QStringLiteral("\\u001b[2J\\u0007\\u009b1m");
    QTest::newRow("lines") << QStringLiteral("a\nb\r\tc\u2028d") << QStringLiteral("a\\nb\\r\\tc\\u2028d");
    QTest::newRow("quotes and placeholders") << QStringLiteral("%1 %2 \"'\\ {}") << QStringLiteral("%1 %2 \"'\\ {}");
    QTest::newRow("long") << QString(3000, u'g') << QString(3000, u'g');
}

void TestCtlKafkaGroups::hostileNamesAreShownAndKeptExactly()
{
    QFETCH(QString, name);
    QFETCH(QString, shown);
    const QString unique = tests::uniqueName(QStringLiteral("-")); // the server may have been used before
    m_group = name + unique;
    shown += unique;
    m_groups->commit({{m_group, {{{m_topic, 0}, 20}, {{m_topic, 1}, Records}}}});
    const QString before = committed();

    const CtlRun lag = m_ctl->run({QStringLiteral("lag"), m_address, QStringLiteral("--group"), m_group, QStringLiteral("--json")});
    QCOMPARE(lag.status, 0);
    QCOMPARE(lag.json()[0][u"group"].toString(), m_group);
    const CtlRun lagTable = m_ctl->run({QStringLiteral("lag"), m_address, QStringLiteral("--group"), m_group});
    QVERIFY2(isPlainTable(lagTable.out, 4) && lagTable.out.contains(shown.toUtf8()), lagTable.out.constData());
    {
        // A client names itself too.
        KafkaMember member(m_bootstrap, m_group, m_topic, name);
        QVERIFY(member.read(1) == 1);
        QCOMPARE(m_ctl->run({QStringLiteral("members"), m_address, m_group, QStringLiteral("--json")}).json()[0][u"clientId"].toString(), name);
        const CtlRun members = m_ctl->run({QStringLiteral("members"), m_address, m_group});
        QVERIFY2(isPlainTable(members.out, 2) && members.out.contains(shown.chopped(unique.size()).toUtf8()), members.out.constData());
        const CtlRun active = m_ctl->run({QStringLiteral("reset"), m_address, m_group, QStringLiteral("--stream"), m_topic, QStringLiteral("--to"), QStringLiteral("9")});
        QCOMPARE(active.status, 0);
        QVERIFY2(active.out.contains("is being read by one member now") && isPlainTable(active.out, active.out.count('\n')), active.out.constData());
    }
    const CtlRun done = m_ctl->run({QStringLiteral("reset"), m_address, m_group, QStringLiteral("--stream"), m_topic, QStringLiteral("--to"), QStringLiteral("9"), QStringLiteral("--wait"),
                                    QStringLiteral("60s"), QStringLiteral("--execute"), QStringLiteral("--json")});
    QVERIFY2(done.status == 0, qPrintable(done.err));
    QCOMPARE(committed(), QStringLiteral("0:9 1:9 2:9"));
    const QString id = done.json()[u"journalId"].toString();
    QCOMPARE(ctl(QStringLiteral("journal --json"), {id}).json()[u"target"].toString(), m_group);
    const CtlRun journal = ctl(QStringLiteral("journal --target"), {m_group});
    QVERIFY2(isPlainTable(journal.out, 3) && journal.out.contains(shown.toUtf8()), journal.out.constData());
    QCOMPARE(ctl(QStringLiteral("undo --execute"), {id}).status, 0);
    QCOMPARE(committed(), before);
    const CtlRun missing = m_ctl->run({QStringLiteral("members"), m_address, m_group + QStringLiteral("x\u202e")});
    QCOMPARE(missing.status, 1);
    QVERIFY2(isPlainTable(missing.err.toUtf8(), missing.err.count(u'\n')), qPrintable(missing.err));
}

QTEST_GUILESS_MAIN(TestCtlKafkaGroups)
#include "tst_ctl_kafka_groups.moc"
