// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"
#include "tests/support/child_processes.h"
#include "tests/support/kafka_groups.h"
#include "tests/support/kafka_server.h"

#include <QFile>
#include <QJsonObject>
#include <QTest>

#include <csignal>
#include <tuple>
#include <utility>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using tests::CtlProcess;
using tests::CtlRun;

namespace {

constexpr qint64 Records = 40;
constexpr int Patience = 60'000;

/// A streamgaugectl that stands still at a failpoint of its change until it may go on.
class HeldChange final
{
public:
    HeldChange(CtlProcess &ctl, const QString &failpoint)
        : m_ctl(ctl)
        , m_pipe(ctl.path(QStringLiteral("failpoint")).toLocal8Bit())
    {
        ::mkfifo(m_pipe.constData(), 0600);
        m_ctl.setVariable(QStringLiteral("STREAMGAUGE_FAILPOINT"), failpoint + u'=' + QString::fromLocal8Bit(m_pipe));
    }
    ~HeldChange() { std::ignore = goOn(); }
    Q_DISABLE_COPY_MOVE(HeldChange)

    void start(const QStringList &arguments) { m_ctl.start(&m_process, arguments); }
    /// Whether it stands at its failpoint.
    [[nodiscard]] bool isThere()
    {
        if (m_held < 0)
            m_held = ::open(m_pipe.constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
        return m_held >= 0;
    }
    void kill(int signal) const { ::kill(static_cast<pid_t>(m_process.processId()), signal); }
    void signalWorkers(int signal) const { tests::signalChildren(signal, m_process.processId()); }
    /// Whether it has taken notice of the signal, which is only then no longer pending.
    [[nodiscard]] bool hasSeen(int signal) const
    {
        QFile status(QStringLiteral("/proc/%1/status").arg(m_process.processId()));
        if (!status.open(QIODevice::ReadOnly))
            return false;
        const QByteArray text = status.readAll();
        const qsizetype at = text.indexOf("ShdPnd:\t");
        return at >= 0 && (text.mid(at + 8, 16).toULongLong(nullptr, 16) & (1ULL << (signal - 1))) == 0;
    }
    /// From now on none of its files can grow, as on a full disk.
    [[nodiscard]] bool fillDisk() const
    {
        const rlimit none{1, RLIM_INFINITY};
        return ::prlimit(static_cast<pid_t>(m_process.processId()), RLIMIT_FSIZE, &none, nullptr) == 0;
    }
    [[nodiscard]] CtlRun goOn()
    {
        if (m_held >= 0)
            ::close(std::exchange(m_held, -1));
        m_ctl.setVariable(QStringLiteral("STREAMGAUGE_FAILPOINT"), {});
        return CtlProcess::finish(m_process);
    }

private:
    CtlProcess &m_ctl;
    const QByteArray m_pipe;
    QProcess m_process;
    int m_held = -1;
};

} // namespace

/// What happens to a change of the command line between its intent and its end, on a real Kafka: signals, and a disk that fills.
class TestCtlKafkaInFlight final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void aDiskThatFillsBeforeTheResultLeavesAChangeThatReadingSettles();
    void aSignalWhileTheChangeIsSentLetsItBeFinished_data() { addSignals(); }
    void aSignalWhileTheChangeIsSentLetsItBeFinished();
    void aSignalBetweenTwoStepsLeavesAPartThatCanBeFinished_data() { addSignals(); }
    void aSignalBetweenTwoStepsLeavesAPartThatCanBeFinished();
    void aSignalBeforeTheIntentChangesNothing_data() { addSignals(); }
    void aSignalBeforeTheIntentChangesNothing();
    void aSignalWhileMembersAreWaitedForChangesNothing();
    void whatFailingWorkersLeaveIsFoundOutByReading_data();
    void whatFailingWorkersLeaveIsFoundOutByReading();

private:
    static void addSignals()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl+C") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
    }
    [[nodiscard]] CtlRun ctl(const QString &words, const QString &more = {}) { return m_ctl->run(words.split(u' ', Qt::SkipEmptyParts) + (more.isEmpty() ? QStringList() : QStringList{more})); }
    [[nodiscard]] QStringList resetWords(const QString &words) const
    {
        return QStringLiteral("reset %1 %2 --stream %3 --json ").arg(m_address, m_group, m_topic).append(words).split(u' ', Qt::SkipEmptyParts);
    }
    [[nodiscard]] QString committed() const
    {
        QStringList texts;
        for (const auto &[id, position] : m_groups->committed(m_group))
            texts += QStringLiteral("%1:%2").arg(id.partition).arg(position.first);
        return texts.join(u' ');
    }
    [[nodiscard]] QString stateOf(const QString &id) { return ctl(QStringLiteral("journal --json"), id).json()[u"state"].toString(); }

    QString m_address;
    QString m_topic;
    QString m_group;
    std::unique_ptr<tests::KafkaGroups> m_groups;
    std::unique_ptr<CtlProcess> m_ctl;
};

void TestCtlKafkaInFlight::initTestCase()
{
    REQUIRE_KAFKA();
    std::signal(SIGXFSZ, SIG_IGN); // handed on to the children: a full disk ends no program
    m_address = QStringLiteral("kafka://") + tests::kafkaBootstrap();
    m_topic = tests::uniqueName(QStringLiteral("in-flight"));
    m_groups = std::make_unique<tests::KafkaGroups>(tests::kafkaBootstrap());
    tests::KafkaProducer producer(tests::kafkaBootstrap());
    producer.createTopic(m_topic, 2);
    for (int partition = 0; partition < 2; ++partition)
        producer.write(m_topic, std::vector<tests::TestRecord>(static_cast<size_t>(Records), {partition, "k", R"({"eventType":"OrderPlaced"})", {}, 0}));
}

void TestCtlKafkaInFlight::init()
{
    m_ctl = std::make_unique<CtlProcess>();
    m_group = tests::uniqueName(QStringLiteral("group"));
    m_groups->commit({{m_group, {{{m_topic, 0}, 20}}}}); // and none in the second, so that putting back has a second step
}

void TestCtlKafkaInFlight::aDiskThatFillsBeforeTheResultLeavesAChangeThatReadingSettles()
{
    HeldChange change(*m_ctl, QStringLiteral("apply.set.before"));
    change.start(resetWords(QStringLiteral("--to 9 --execute")));
    QTRY_VERIFY_WITH_TIMEOUT(change.isThere(), Patience);
    QVERIFY(change.fillDisk());
    const CtlRun unknown = change.goOn();
    QCOMPARE(unknown.status, 4);
    QCOMPARE(unknown.json()[u"result"].toString(), QStringLiteral("UNKNOWN"));
    QVERIFY2(unknown.err.contains(QStringLiteral("its result could not be written down")) && unknown.err.contains(QStringLiteral("journal resolve")), qPrintable(unknown.err));
    QCOMPARE(committed(), QStringLiteral("0:9 1:9"));
    // There is room again: until somebody has found out, the group is not changed again.
    const QString id = unknown.json()[u"journalId"].toString();
    QCOMPARE(stateOf(id), QStringLiteral("INTENT"));
    const CtlRun next = m_ctl->run(resetWords(QStringLiteral("--to 5 --execute")));
    QCOMPARE(next.status, 1);
    QVERIFY2(next.err.contains(QStringLiteral("is not settled yet")), qPrintable(next.err));
    const CtlRun resolved = ctl(QStringLiteral("journal resolve --json"), id);
    QCOMPARE(resolved.status, 0);
    QCOMPARE(resolved.json()[u"state"].toString(), QStringLiteral("DONE"));
    QCOMPARE(ctl(QStringLiteral("undo --execute"), id).status, 0);
    QCOMPARE(committed(), QStringLiteral("0:20"));
    QCOMPARE(ctl(QStringLiteral("journal --verify")).status, 0);
}

void TestCtlKafkaInFlight::aSignalWhileTheChangeIsSentLetsItBeFinished()
{
    QFETCH(int, signal);
    const QString planId = m_ctl->run(resetWords(QStringLiteral("--to 9"))).json()[u"planId"].toString();
    HeldChange change(*m_ctl, QStringLiteral("apply.set.before"));
    change.start({QStringLiteral("apply"), QStringLiteral("--json"), planId});
    QTRY_VERIFY_WITH_TIMEOUT(change.isThere(), Patience);
    change.kill(signal);
    QTRY_VERIFY_WITH_TIMEOUT(change.hasSeen(signal), Patience);
    const CtlRun done = change.goOn();
    QCOMPARE(done.status, 0);
    QCOMPARE(done.json()[u"result"].toString(), QStringLiteral("DONE"));
    QCOMPARE(stateOf(done.json()[u"journalId"].toString()), QStringLiteral("DONE"));
    QCOMPARE(committed(), QStringLiteral("0:9 1:9"));
}

void TestCtlKafkaInFlight::aSignalBetweenTwoStepsLeavesAPartThatCanBeFinished()
{
    QFETCH(int, signal);
    const QString reset = m_ctl->run(resetWords(QStringLiteral("--to 9 --execute"))).json()[u"journalId"].toString();
    HeldChange change(*m_ctl, QStringLiteral("apply.set.after"));
    change.start({QStringLiteral("undo"), reset, QStringLiteral("--execute"), QStringLiteral("--json")});
    QTRY_VERIFY_WITH_TIMEOUT(change.isThere(), Patience);
    change.kill(signal);
    QTRY_VERIFY_WITH_TIMEOUT(change.hasSeen(signal), Patience);
    const CtlRun partial = change.goOn();
    QCOMPARE(partial.status, 4);
    QCOMPARE(partial.json()[u"result"].toString(), QStringLiteral("PARTIAL"));
    QCOMPARE(stateOf(partial.json()[u"journalId"].toString()), QStringLiteral("PARTIAL"));
    QCOMPARE(committed(), QStringLiteral("0:20 1:9"));
    QCOMPARE(ctl(QStringLiteral("undo --execute"), reset).status, 0);
    QCOMPARE(committed(), QStringLiteral("0:20"));
}

void TestCtlKafkaInFlight::aSignalBeforeTheIntentChangesNothing()
{
    QFETCH(int, signal);
    const QString planId = m_ctl->run(resetWords(QStringLiteral("--to 9"))).json()[u"planId"].toString();
    HeldChange change(*m_ctl, QStringLiteral("approve.after"));
    change.start({QStringLiteral("apply"), QStringLiteral("--json"), planId});
    QTRY_VERIFY_WITH_TIMEOUT(change.isThere(), Patience);
    change.kill(signal);
    QTRY_VERIFY_WITH_TIMEOUT(change.hasSeen(signal), Patience);
    const CtlRun cancelled = change.goOn();
    QCOMPARE(cancelled.status, 4);
    QVERIFY(!cancelled.json()[u"executed"].toBool(true));
    QCOMPARE(cancelled.json()[u"refused"][u"code"].toString(), QStringLiteral("cancelled"));
    QCOMPARE(committed(), QStringLiteral("0:20"));
    // Nothing was sent: the plan has not been used.
    QCOMPARE(stateOf(planId), QStringLiteral("PLANNED"));
    QCOMPARE(ctl(QStringLiteral("apply"), planId).status, 0);
    QCOMPARE(committed(), QStringLiteral("0:9 1:9"));
}

void TestCtlKafkaInFlight::aSignalWhileMembersAreWaitedForChangesNothing()
{
    auto member = std::make_unique<tests::KafkaMember>(tests::kafkaBootstrap(), m_group, m_topic, QStringLiteral("pod-1"));
    QVERIFY(member->read(1) == 1);
    const QString planId = m_ctl->run(resetWords(QStringLiteral("--to 9"))).json()[u"planId"].toString();
    QProcess waiting;
    m_ctl->start(&waiting, {QStringLiteral("apply"), planId, QStringLiteral("--wait"), QStringLiteral("60s"), QStringLiteral("--json")});
    QByteArray said;
    const auto tellsWhoIsLeft = [&] {
        said += waiting.readAllStandardError();
        return said.contains("pod-1");
    };
    QTRY_VERIFY_WITH_TIMEOUT(tellsWhoIsLeft(), Patience);
    QCOMPARE(stateOf(planId), QStringLiteral("WAITING"));
    ::kill(static_cast<pid_t>(waiting.processId()), SIGINT);
    QVERIFY(waiting.waitForFinished(Patience));
    QCOMPARE(waiting.exitStatus(), QProcess::NormalExit);
    QCOMPARE(waiting.exitCode(), 4);
    QCOMPARE(committed(), QStringLiteral("0:20"));
    QCOMPARE(stateOf(planId), QStringLiteral("PLANNED"));
    member.reset();
    QCOMPARE(ctl(QStringLiteral("apply"), planId).status, 0);
    QCOMPARE(committed(), QStringLiteral("0:9 1:9"));
}

void TestCtlKafkaInFlight::whatFailingWorkersLeaveIsFoundOutByReading_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<QString>("failpoint");
    for (const char *failpoint : {"intent.set.after", "apply.set.before", "apply.set.after", "verify.read.before"}) {
        QTest::addRow("killed at %s", failpoint) << SIGKILL << QString::fromLatin1(failpoint);
        QTest::addRow("crashed at %s", failpoint) << SIGSEGV << QString::fromLatin1(failpoint);
    }
    for (const char *failpoint : {"apply.set.before", "verify.read.before"}) // each costs the time in which it might answer yet
        QTest::addRow("stopped at %s", failpoint) << SIGSTOP << QString::fromLatin1(failpoint);
}

void TestCtlKafkaInFlight::whatFailingWorkersLeaveIsFoundOutByReading()
{
    QFETCH(int, signal);
    QFETCH(QString, failpoint);
    HeldChange change(*m_ctl, failpoint);
    change.start(resetWords(QStringLiteral("--to 9 --execute --isolate")));
    QTRY_VERIFY_WITH_TIMEOUT(change.isThere(), Patience);
    change.signalWorkers(signal);
    const CtlRun told = change.goOn();
    const QString id = told.json()[u"journalId"].toString();
    QString state = stateOf(id);
    QCOMPARE(told.status == 0, told.json()[u"result"].toString() == QStringLiteral("DONE"));
    if (state == QStringLiteral("UNKNOWN") || state == QStringLiteral("INTENT"))
        state = ctl(QStringLiteral("journal resolve --json"), id).json()[u"state"].toString();
    const bool isDone = state == QStringLiteral("DONE");
    QVERIFY2(isDone || state == QStringLiteral("NOT_APPLIED"), qPrintable(state + u' ' + told.err));
    QCOMPARE(committed(), isDone ? QStringLiteral("0:9 1:9") : QStringLiteral("0:20"));
    QCOMPARE(m_ctl->run(resetWords(QStringLiteral("--to 5 --execute --isolate"))).status, 0);
    QCOMPARE(committed(), QStringLiteral("0:5 1:5"));
    QCOMPARE(ctl(QStringLiteral("journal --verify")).status, 0);
}

QTEST_GUILESS_MAIN(TestCtlKafkaInFlight)
#include "tst_ctl_kafka_in_flight.moc"
