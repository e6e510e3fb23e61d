// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"

#include "models/journal/journal.h"
#include "models/replay/plan.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonObject>
#include <QSet>
#include <QTest>

using tests::CtlProcess;
using tests::CtlRun;
using tests::memberNames;

namespace {

QStringList sorted(const char *names)
{
    QStringList list = QString::fromLatin1(names).split(u' ');
    list.sort();
    return list;
}

QStringList words(const QByteArray &text)
{
    return QString::fromLatin1(text).split(u' ', Qt::SkipEmptyParts);
}

} // namespace

/// reset, apply, journal and undo on a shop at rest; its connection is not tagged, so it counts as production.
class TestCtlChange : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void aPlanChangesNothing();
    void productionNeedsTheNameAndAReason();
    void aResetIsAppliedAndPutBackExactly();
    void aPlanFileIsAppliedOnce();
    void anEditedPlanFileIsRefused();
    void aPlanIsAppliedByItsId();
    void aCheckpointThatMovedMeanwhileSendsThePlanBack();
    void whatCannotBeDoneIsRefusedWithTheRange();
    void aPlanInWhichNothingCanBeDoneIsNotOffered();
    void refusedRowsMayBeLeftOut();
    void aGroupThatDoesNotExistIsNotFound();
    void checkpointsComeFromKafkasOwnLines();
    void theJournalIsListedFilteredAndVerified();
    void missingTargetsAreUsageErrors_data();
    void missingTargetsAreUsageErrors();
    void aJournalThatCannotBeWrittenStopsEverything();
    void withoutTheJournalsSecondCopyNothingStarts();
    void whatWasSentIsNeverSaidNotToBe();
    void aConnectionThatIsProductionNowIsConfirmed();
    void aConnectionThatLeadsElsewhereIsPlannedAgain();
    void aChangeIsPutBackWhereItsConnectionLeadsNow();
    void aPlanFromElsewhereGetsNoPassword();
    void anApprovalIsGoodForAWhile();

private:
    [[nodiscard]] CtlRun run(const char *command, const QStringList &more = {}) { return m_ctl->run(words(command) + more); }
    [[nodiscard]] CtlRun reset(const QByteArray &more)
    {
        return m_ctl->run(QStringList{QStringLiteral("reset"), m_address, QStringLiteral("payment")} + words(more));
    }
    [[nodiscard]] qint64 checkpoint();

    /// Saves the shop's store as “shop”, tagged so.
    void save(const QString &path, const char *environment);

    std::unique_ptr<CtlProcess> m_ctl;
    QString m_address;
};

void TestCtlChange::init()
{
    m_ctl = std::make_unique<CtlProcess>();
    m_address = m_ctl->makeShop(600);
    QVERIFY(!m_address.isEmpty());
}

qint64 TestCtlChange::checkpoint()
{
    return m_ctl->run({QStringLiteral("lag"), m_address, QStringLiteral("--group"), QStringLiteral("payment"), QStringLiteral("--json")})
        .json().array().first()[u"checkpoint"].toInteger(-1);
}

void TestCtlChange::aPlanChangesNothing()
{
    const qint64 before = checkpoint();
    const CtlRun plan = reset("--all-streams --to earliest --json");
    QCOMPARE(plan.status, 0);
    QCOMPARE(memberNames(plan.json().object()), sorted("planId hash reversible warnings rows"));
    const QJsonValue row = plan.json()[u"rows"].toArray().first();
    QCOMPARE(memberNames(row), sorted("stream partition before after replayed skipped refused"));
    QCOMPARE(row[u"before"].toInteger(), before);
    QVERIFY(row[u"after"].toInteger() < before && row[u"replayed"].toInteger() > 0 && row[u"refused"].isNull());
    QCOMPARE(checkpoint(), before);
}

void TestCtlChange::productionNeedsTheNameAndAReason()
{
    const qint64 before = checkpoint();
    for (const char *options : {"", "--confirm payment", "--reason why", "--confirm stock --reason why"}) {
        const CtlRun refused = reset(QByteArray("--all-streams --shift -5 --execute --json ") + options);
        QCOMPARE(refused.status, 1);
        QCOMPARE(refused.json()[u"executed"].toBool(true), false);
        QVERIFY(!refused.json()[u"refused"][u"message"].toString().isEmpty());
    }
    QCOMPARE(checkpoint(), before);
}

void TestCtlChange::aResetIsAppliedAndPutBackExactly()
{
    const qint64 before = checkpoint();
    const CtlRun done = reset("--stream saga-* --shift -5 --execute --confirm payment --reason OPS-1 --json");
    QCOMPARE(done.status, 0);
    QCOMPARE(memberNames(done.json().object()), sorted("planId hash reversible warnings rows executed journalId result"));
    QCOMPARE(done.json()[u"result"].toString(), QStringLiteral("DONE"));
    QCOMPARE(checkpoint(), before - 5);
    const QString id = done.json()[u"journalId"].toString();
    const CtlRun plan = run("undo --json", {id});
    QCOMPARE(plan.status, 0);
    QCOMPARE(plan.json()[u"rows"].toArray().first()[u"after"].toInteger(), before);
    QCOMPARE(checkpoint(), before - 5);
    const CtlRun undone = run("undo --execute --confirm payment --reason OPS-1 --json", {id});
    QCOMPARE(undone.status, 0);
    QCOMPARE(undone.json()[u"result"].toString(), QStringLiteral("DONE"));
    QCOMPARE(checkpoint(), before);
    const QJsonDocument record = run("journal --json", {id}).json();
    QCOMPARE(record[u"undoneBy"].toString(), undone.json()[u"journalId"].toString());
}

void TestCtlChange::aPlanFileIsAppliedOnce()
{
    const qint64 before = checkpoint();
    const QString file = m_ctl->path(QStringLiteral("plan.json"));
    QCOMPARE(m_ctl->run({QStringLiteral("reset"), m_address, QStringLiteral("payment"), QStringLiteral("--all-streams"), QStringLiteral("--shift"),
                         QStringLiteral("-3"), QStringLiteral("--plan"), file}).status, 0);
    QCOMPARE(run("apply --confirm payment --reason x", {file}).status, 0);
    QCOMPARE(checkpoint(), before - 3);
    const CtlRun again = run("apply --confirm payment --reason x --json", {file});
    QCOMPARE(again.status, 1);
    QVERIFY(again.json()[u"refused"].isObject());
    QCOMPARE(checkpoint(), before - 3);
}

void TestCtlChange::anEditedPlanFileIsRefused()
{
    const qint64 before = checkpoint();
    QFile file(m_ctl->path(QStringLiteral("plan.json")));
    QCOMPARE(m_ctl->run({QStringLiteral("reset"), m_address, QStringLiteral("payment"), QStringLiteral("--all-streams"), QStringLiteral("--to"),
                         QString::number(before - 3), QStringLiteral("--plan"), file.fileName()}).status, 0);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray text = file.readAll();
    text.replace(QByteArray("\"after\": " + QByteArray::number(before - 3)), QByteArray("\"after\": " + QByteArray::number(before - 4)));
    file.seek(0);
    file.write(text);
    file.close();
    const CtlRun refused = run("apply --confirm payment --reason x", {file.fileName()});
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.err.contains(QStringLiteral("The plan in %1 was changed after it was made").arg(file.fileName())), qPrintable(refused.err));
    QVERIFY2(refused.err.contains(QStringLiteral("Make the plan again")), qPrintable(refused.err));
    QCOMPARE(checkpoint(), before);
}

void TestCtlChange::aPlanIsAppliedByItsId()
{
    const qint64 before = checkpoint();
    const QString id = reset("--all-streams --shift -2 --json").json()[u"planId"].toString();
    QCOMPARE(run("apply --confirm payment --reason x", {id}).status, 0);
    QCOMPARE(checkpoint(), before - 2);
    QCOMPARE(run("apply --confirm payment --reason x no-such-plan").status, 1);
}

void TestCtlChange::aCheckpointThatMovedMeanwhileSendsThePlanBack()
{
    const qint64 before = checkpoint();
    const QString id = reset("--all-streams --shift -2 --json").json()[u"planId"].toString();
    QCOMPARE(reset("--all-streams --shift -7 --execute --confirm payment --reason x").status, 0);
    const CtlRun late = run("apply --confirm payment --reason x --json", {id});
    QCOMPARE(late.status, 1);
    QCOMPARE(late.json()[u"refused"][u"code"].toString(), QStringLiteral("conflict"));
    QVERIFY(late.err.contains(QString::number(before)) && late.err.contains(QString::number(before - 7)));
    QCOMPARE(checkpoint(), before - 7);
}

void TestCtlChange::whatCannotBeDoneIsRefusedWithTheRange()
{
    const qint64 before = checkpoint();
    for (const char *target : {"--to 999999", "--shift 999999", "--to 2999-01-01"}) {
        const CtlRun refused = reset(QByteArray("--all-streams --execute --confirm payment --reason x --json ") + target);
        QCOMPARE(refused.status, 1);
        const QJsonValue refusal = refused.json()[u"rows"].toArray().first()[u"refused"];
        QCOMPARE(memberNames(refusal), sorted("code message start end"));
        QVERIFY(refusal[u"end"].toInteger() >= before);
        QVERIFY(refused.json()[u"refused"].isObject());
    }
    QCOMPARE(checkpoint(), before);
}

void TestCtlChange::aPlanInWhichNothingCanBeDoneIsNotOffered()
{
    const CtlRun shown = reset("--all-streams --to 999999 --json");
    QCOMPARE(shown.status, 1);
    QVERIFY2(shown.json()[u"reversible"].toString().startsWith(QStringLiteral("no, because")), shown.out.constData());
    QVERIFY(shown.json()[u"planId"].isNull() && shown.json()[u"hash"].isNull());
    QCOMPARE(shown.json()[u"refused"][u"code"].toString(), QStringLiteral("refused"));
    const CtlRun table = reset("--all-streams --to 999999");
    QCOMPARE(table.status, 1);
    QVERIFY2(!table.out.contains("\nplan ") && !table.out.contains("\nhash "), table.out.constData());
    QVERIFY2(!table.err.contains(QStringLiteral("--skip-refused")), qPrintable(table.err)); // nothing would be left
    const CtlRun tried = reset("--all-streams --to 999999 --execute --skip-refused --confirm payment --reason x --json");
    QCOMPARE(tried.status, 1);
    QVERIFY(tried.json()[u"journalId"].isNull() && !tried.json()[u"executed"].toBool(true));
    const CtlRun there = reset("--all-streams --to " + QByteArray::number(checkpoint()) + " --json");
    QCOMPARE(there.status, 0);
    QVERIFY(there.json()[u"planId"].isNull());
    QVERIFY2(there.err.contains(QStringLiteral("there is nothing to change")), qPrintable(there.err));
    const CtlRun done = reset("--all-streams --execute --json --to " + QByteArray::number(checkpoint()));
    QCOMPARE(done.status, 0);
    QVERIFY2(done.err.contains(QStringLiteral("there is nothing to change")), qPrintable(done.err));
    QVERIFY(done.json()[u"journalId"].isNull() && done.json()[u"result"].isNull() && !done.json()[u"executed"].toBool(true));
    QVERIFY(done.json()[u"refused"].isUndefined());
    const QString file = m_ctl->path(QStringLiteral("plan.json"));
    QCOMPARE(reset("--all-streams --to " + QByteArray::number(checkpoint()) + " --plan " + file.toLocal8Bit()).status, 0);
    const CtlRun applied = run("apply --confirm payment --reason x", {file});
    QCOMPARE(applied.status, 1);
    QVERIFY2(applied.err.contains(QStringLiteral("there is nothing to change")), qPrintable(applied.err));
    QCOMPARE(run("journal --json").json().array().size(), 0);
}

void TestCtlChange::refusedRowsMayBeLeftOut()
{
    const qint64 before = checkpoint();
    const char *command = "--stream saga-* --stream no-such --to earliest --execute --confirm payment --reason x";
    QCOMPARE(reset(command).status, 1);
    QCOMPARE(checkpoint(), before);
    QCOMPARE(reset(QByteArray(command) + " --skip-refused").status, 0);
    QVERIFY(checkpoint() < before);
}

void TestCtlChange::aGroupThatDoesNotExistIsNotFound()
{
    const CtlRun missing = m_ctl->run(QStringList{QStringLiteral("reset"), m_address} + words("paiment --all-streams --to earliest --execute --confirm paiment --reason x --json"));
    QCOMPARE(missing.status, 1);
    QCOMPARE(missing.json()[u"refused"][u"code"].toString(), QStringLiteral("notFound"));
    const CtlRun groups = m_ctl->run({QStringLiteral("lag"), m_address, QStringLiteral("--json")});
    QVERIFY(!groups.out.contains("paiment"));
}

void TestCtlChange::checkpointsComeFromKafkasOwnLines()
{
    QFile csv(m_ctl->path(QStringLiteral("offsets.csv")));
    QVERIFY(csv.open(QIODevice::WriteOnly));
    csv.write("saga-*,0,17\n");
    csv.close();
    const CtlRun plan = m_ctl->run({QStringLiteral("reset"), m_address, QStringLiteral("payment"), QStringLiteral("--from-file"), csv.fileName(), QStringLiteral("--json")});
    QCOMPARE(plan.status, 0);
    QCOMPARE(plan.json()[u"rows"].toArray().first()[u"after"].toInteger(), 17);
    QVERIFY(csv.open(QIODevice::WriteOnly));
    csv.write("saga-*,zero,17\n");
    csv.close();
    QCOMPARE(m_ctl->run({QStringLiteral("reset"), m_address, QStringLiteral("payment"), QStringLiteral("--from-file"), csv.fileName()}).status, 2);
}

void TestCtlChange::theJournalIsListedFilteredAndVerified()
{
    QCOMPARE(run("journal --json").json().array().size(), 0);
    QCOMPARE(reset("--all-streams --shift -1 --execute --confirm payment --reason OPS-7").status, 0);
    const QJsonArray records = run("journal --json").json().array();
    QCOMPARE(records.size(), 1);
    QCOMPARE(memberNames(records.first()), sorted("journalId planId hash kind state connection systemId target who host reason created approved finished rows undoes undoneBy"));
    QCOMPARE(records.first()[u"state"].toString(), QStringLiteral("DONE"));
    QCOMPARE(records.first()[u"reason"].toString(), QStringLiteral("OPS-7"));
    QCOMPARE(records.first()[u"target"].toString(), QStringLiteral("payment"));
    QCOMPARE(run("journal --target stock --json").json().array().size(), 0);
    QCOMPARE(run("journal --since -1h --json").json().array().size(), 1);
    QCOMPARE(run("journal --since 2999-01-01 --json").json().array().size(), 0);
    QCOMPARE(run("journal --since 12").status, 2);
    QCOMPARE(run("journal 99").status, 1);
    QCOMPARE(run("journal resolve").status, 2);
    QCOMPARE(run("journal resolve 1 --json").json()[u"state"].toString(), QStringLiteral("DONE"));
    QCOMPARE(run("journal --verify").status, 0);
    QCOMPARE(run("journal --verify --json").json()[u"intact"].toBool(), true);
}

void TestCtlChange::missingTargetsAreUsageErrors_data()
{
    QTest::addColumn<QByteArray>("options");
    QTest::newRow("no target") << QByteArray("--all-streams");
    QTest::newRow("no streams") << QByteArray("--to earliest");
    QTest::newRow("two targets") << QByteArray("--all-streams --to earliest --shift 1");
    QTest::newRow("both kinds of streams") << QByteArray("--all-streams --stream x --to earliest");
    QTest::newRow("no position") << QByteArray("--all-streams --to sometime");
    QTest::newRow("no number") << QByteArray("--all-streams --shift many");
    QTest::newRow("no partition") << QByteArray("--all-streams --to earliest --partition -1");
}

void TestCtlChange::missingTargetsAreUsageErrors()
{
    QFETCH(QByteArray, options);
    QCOMPARE(reset(options).status, 2);
}

void TestCtlChange::aJournalThatCannotBeWrittenStopsEverything()
{
    const qint64 before = checkpoint();
    QFile inTheWay(m_ctl->path(QStringLiteral("streamgauge")));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly)); // a file where the journal's folder should be
    inTheWay.close();
    const CtlRun refused = reset("--all-streams --shift -1 --execute --confirm payment --reason x");
    QCOMPARE(refused.status, 1);
    QVERIFY(!refused.err.isEmpty());
    QCOMPARE(checkpoint(), before);
    // What could not be stored has nothing by which it could be applied.
    const CtlRun shown = reset("--all-streams --shift -1 --json");
    QCOMPARE(shown.status, 1);
    QVERIFY2(shown.json()[u"planId"].isNull() && shown.json()[u"hash"].isNull(), shown.out.constData());
    QVERIFY(shown.json()[u"refused"].isObject());
    const CtlRun table = reset("--all-streams --shift -1");
    QVERIFY2(!table.out.contains("\nplan ") && !table.err.contains(QStringLiteral("streamgaugectl apply")), table.out.constData());
    QVERIFY2(table.err.contains(QStringLiteral("could not be written to the journal")), qPrintable(table.err));
}

void TestCtlChange::withoutTheJournalsSecondCopyNothingStarts()
{
    const QString copy = m_ctl->path(QStringLiteral("copy.jsonl"));
    m_ctl->setVariable(QStringLiteral("STREAMGAUGE_JOURNAL_SINK"), copy);
    const CtlRun planned = reset("--all-streams --to earliest --json");
    QCOMPARE(planned.status, 0);
    const QString planId = planned.json()[QStringLiteral("planId")].toString();
    const qint64 before = checkpoint();
    m_ctl->setVariable(QStringLiteral("STREAMGAUGE_JOURNAL_SINK"), QStringLiteral("/nonexistent/copy.jsonl"));
    const CtlRun refused = m_ctl->run({QStringLiteral("apply"), planId, QStringLiteral("--confirm"), QStringLiteral("payment"), QStringLiteral("--reason"), QStringLiteral("OPS-1")});
    QVERIFY(refused.status != 0);
    QVERIFY2(refused.err.contains(QStringLiteral("/nonexistent/copy.jsonl")), qPrintable(refused.err));
    QCOMPARE(checkpoint(), before);
    m_ctl->setVariable(QStringLiteral("STREAMGAUGE_JOURNAL_SINK"), copy);
    const CtlRun applied = m_ctl->run({QStringLiteral("apply"), planId, QStringLiteral("--confirm"), QStringLiteral("payment"), QStringLiteral("--reason"), QStringLiteral("OPS-1")});
    QVERIFY2(applied.status == 0, qPrintable(applied.err));
    QFile file(copy);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray lines = file.readAll();
    for (const char *state : {"PLANNED", "APPROVED", "INTENT", "DONE"})
        QVERIFY2(lines.contains(QByteArray(state)), state);
}

void TestCtlChange::whatWasSentIsNeverSaidNotToBe()
{
    // Files may grow so far and no farther, a little farther each time, so that every entry of the journal fails once.
    QSet<QString> results;
    for (int blocks = 64; blocks <= 400; blocks += 16) {
        for (const char *suffix : {"", "-wal", "-shm"})
            QFile::remove(m_ctl->path(QStringLiteral("streamgauge/journal.db") + QLatin1String(suffix)));
        const qint64 before = checkpoint();
        const CtlRun run = m_ctl->runOnAFullDisk({QStringLiteral("reset"), m_address, QStringLiteral("payment"), QStringLiteral("--all-streams"), QStringLiteral("--shift"), QStringLiteral("-1"),
                                                  QStringLiteral("--execute"), QStringLiteral("--confirm"), QStringLiteral("payment"), QStringLiteral("--reason"), QStringLiteral("x"), QStringLiteral("--json")},
                                                 blocks);
        const QString result = run.json()[u"result"].toString();
        results.insert(result);
        if (checkpoint() != before)
            QVERIFY2(run.json()[u"executed"].toBool(), run.out.constData());
        if (result == u"UNKNOWN")
            QCOMPARE(run.status, 4);
    }
    QVERIFY2(results.contains(QStringLiteral("UNKNOWN")), qPrintable(results.values().join(u' ')));
    QVERIFY(results.contains(QStringLiteral("DONE")));
}

void TestCtlChange::save(const QString &path, const char *environment)
{
    QVERIFY(QDir().mkpath(m_ctl->path(QStringLiteral("streamgauge"))));
    QFile file(m_ctl->path(QStringLiteral("streamgauge/connections.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QStringLiteral("{\"version\": 1, \"connections\": [{\"name\": \"shop\", \"url\": \"%1?environment=%2\"}]}").arg(path, QLatin1String(environment)).toUtf8());
}

void TestCtlChange::aConnectionThatIsProductionNowIsConfirmed()
{
    const qint64 before = checkpoint();
    save(m_address, "development");
    const QString id = run("reset shop payment --all-streams --shift -2 --json").json()[u"planId"].toString();
    save(m_address, "production");
    QCOMPARE(run("apply", {id}).status, 1);
    QCOMPARE(checkpoint(), before);
    QCOMPARE(run("apply --confirm payment --reason x", {id}).status, 0);
    QCOMPARE(run("undo --execute", {id}).status, 1);
    QCOMPARE(run("undo --execute --confirm payment --reason x", {id}).status, 0);
    QCOMPARE(checkpoint(), before);
    // What was planned on production is put back as such, whatever it is called now.
    const QString done = run("reset shop payment --all-streams --shift -1 --execute --confirm payment --reason x --json").json()[u"journalId"].toString();
    save(m_address, "development");
    QCOMPARE(run("undo --execute", {done}).status, 1);
    QCOMPARE(checkpoint(), before - 1);
}

void TestCtlChange::aConnectionThatLeadsElsewhereIsPlannedAgain()
{
    const qint64 before = checkpoint();
    save(m_address, "development");
    const QString id = run("reset shop payment --all-streams --shift -2 --json").json()[u"planId"].toString();
    save(QStringLiteral("sqlite:") + m_ctl->path(QStringLiteral("elsewhere.db")), "development");
    const CtlRun refused = run("apply --json", {id});
    QCOMPARE(refused.status, 1);
    QVERIFY2(refused.err.contains(QStringLiteral("has changed since the plan was made")), qPrintable(refused.err));
    QCOMPARE(checkpoint(), before);
}

void TestCtlChange::aChangeIsPutBackWhereItsConnectionLeadsNow()
{
    const qint64 before = checkpoint();
    save(m_address, "development");
    const QString id = run("reset shop payment --all-streams --shift -2 --execute --json").json()[u"journalId"].toString();
    QVERIFY(QFile::rename(m_ctl->path(QStringLiteral("shop.db")), m_ctl->path(QStringLiteral("moved.db"))));
    m_address = QStringLiteral("sqlite:") + m_ctl->path(QStringLiteral("moved.db"));
    save(m_address, "development");
    const CtlRun undone = run("undo --execute", {id});
    QVERIFY2(undone.status == 0, qPrintable(undone.err));
    QCOMPARE(checkpoint(), before);
}

void TestCtlChange::aPlanFromElsewhereGetsNoPassword()
{
    models::replay::Plan plan;
    plan.planId = QStringLiteral("p-1");
    plan.consumer = QStringLiteral("payment");
    plan.spec.name = QStringLiteral("prod-eu");
    plan.spec.hosts = {QStringLiteral("127.0.0.1:1")};
    plan.spec.userName = QStringLiteral("anna");
    plan.spec.properties = {{QStringLiteral("security.protocol"), QStringLiteral("SASL_SSL")}, {QStringLiteral("sasl.mechanism"), QStringLiteral("PLAIN")}};
    QFile file(m_ctl->path(QStringLiteral("plan.json")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(toPlanFile(plan));
    file.close();
    m_ctl->setVariable(QStringLiteral("STREAMGAUGE_PASSWORD"), QStringLiteral("hunter2"));
    for (int attempt = 0; attempt < 2; ++attempt) { // also when the first may have left something behind
        const CtlRun refused = run("apply", {file.fileName()});
        QCOMPARE(refused.status, 1);
        QVERIFY2(refused.err.contains(QStringLiteral("no password is sent to an address out of a file")), qPrintable(refused.err));
    }
    QCOMPARE(run("journal --json").json().array().size(), 0);
    // The window keeps it, to be read and approved; that makes it no more our own.
    const auto journal = models::journal::Journal::open(m_ctl->path(QStringLiteral("streamgauge/journal.db")));
    QVERIFY((*journal)->add({plan.planId, hashOf(plan), wordOf(plan.kind), plan.spec.name, plan.systemId, plan.consumer, {}, {}, {}, toJson(plan), true}));
    const CtlRun kept = run("apply", {plan.planId});
    QCOMPARE(kept.status, 1);
    QVERIFY2(kept.err.contains(QStringLiteral("no password is sent to an address out of a file")), qPrintable(kept.err));
}

void TestCtlChange::anApprovalIsGoodForAWhile()
{
    const qint64 before = checkpoint();
    for (const char *wrong : {"--for 0s", "--for 25h", "--for soon"})
        QCOMPARE(reset(QByteArray("--all-streams --shift -1 --execute --confirm payment --reason x ") + wrong).status, 2);
    QCOMPARE(checkpoint(), before);
    QCOMPARE(reset("--all-streams --shift -1 --execute --confirm payment --reason x --for 8h").status, 0);
    QCOMPARE(checkpoint(), before - 1);
    // what begins with a dash is taken as the window writes it
    QCOMPARE(m_ctl->run({QStringLiteral("reset"), QStringLiteral("--stream=-s"), QStringLiteral("--to=earliest"), QStringLiteral("--"), m_address, QStringLiteral("-c")}).status, 1);
}

QTEST_GUILESS_MAIN(TestCtlChange)
#include "tst_ctl_change.moc"
