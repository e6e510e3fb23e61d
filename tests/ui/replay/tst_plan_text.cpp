// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/plan_text.h"
#include "ui/replay/what_step.h"

#include <QTest>

using namespace models::replay;
using namespace ui::replay;

namespace {

PlanRow row(int partition, std::optional<qint64> before, std::optional<qint64> after)
{
    PlanRow made;
    made.stream = QStringLiteral("orders");
    made.partition = partition;
    made.before = before;
    made.after = after;
    if (before && after) {
        made.replayed = std::max<qint64>(0, *before - *after);
        made.skipped = std::max<qint64>(0, *after - *before);
    }
    return made;
}

Plan plan(std::vector<PlanRow> rows)
{
    Plan made;
    made.planId = QStringLiteral("p-1");
    made.consumer = QStringLiteral("pay'ments");
    made.spec.name = QStringLiteral("prod-eu");
    made.rows = std::move(rows);
    return made;
}

} // namespace

class TestPlanText final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void theHeadlineCountsWhatChangesAndWhatDoesNot()
    {
        QVERIFY(headline(plan({row(7, 90, 10), row(8, 5, 5)})).endsWith(QStringLiteral("1 of 2 partitions changes, 1 does not")));
        QVERIFY(headline(plan({row(7, 90, 10), row(8, 5, 5), row(9, 5, 5)})).endsWith(QStringLiteral("1 of 3 partitions changes, 2 do not")));
        QVERIFY(headline(plan({row(7, 90, 10), row(8, 6, 5)})).endsWith(QStringLiteral("all 2 partitions change")));
    }

    void aPlanThatIsNotOfNowSaysSo()
    {
        Plan made = plan({});
        made.created = 1'000'000;
        QCOMPARE(ageText(made, made.created + 59'000), QString());
        QVERIFY(ageText(made, made.created + 240'000).startsWith(QStringLiteral("Planned 4 min")));
    }

    void effectsAreEstimatedOnlyFromWhatWasSeen()
    {
        const Plan back = plan({row(7, 12'530, 100)});
        QVERIFY(replayedText(back, 69.0).contains(QStringLiteral("(≈ 3 min")));
        QVERIFY(replayedText(back, std::nullopt).contains(QStringLiteral("not known")));
        QVERIFY(skippedText(back).isEmpty());
        QVERIFY(skippedText(plan({row(7, 100, 151)})).contains(QStringLiteral("SKIP 51")));
    }

    void whoReadsIsSaidAsItIsNow()
    {
        using connectors::ConsumerActivity;
        Plan made = plan({row(7, 90, 10)});
        connectors::ConsumerState now;
        now.summary.activity = ConsumerActivity::Empty;
        QCOMPARE(membersText(made, nullptr), QStringLiteral("none ✓"));
        made.members = {{QStringLiteral("m-1"), QStringLiteral("pod-1"), QStringLiteral("/10.0.0.1"), {}}, {}, {}};
        QCOMPARE(membersText(made, &now), QStringLiteral("3: pod-1 on /10.0.0.1,  on ,  on  · after approval this waits until they have stopped"));
        now.members.emplace();
        QCOMPARE(membersText(made, &now), QStringLiteral("none ✓ (was 3)"));
        now.summary.activity = ConsumerActivity::Active; // as a group of Kafka's new protocol
        QVERIFY(membersText(made, &now).startsWith(QStringLiteral("somebody reads")));
        now.summary.activity = ConsumerActivity::NotTold;
        QVERIFY(membersText(made, &now).startsWith(QStringLiteral("this system does not tell")));
    }

    void learnedEffectsAreEstimatesAndSayWhatTheyComeFrom()
    {
        Plan back = plan({row(7, 12'430, 0)});
        LearnedEffects learned;
        QVERIFY(effectsText(learned, back).startsWith(QStringLiteral("not known: none")));
        learned.withoutId = 3;
        QVERIFY(effectsText(learned, back).startsWith(QStringLiteral("not known: the events carry no id")));
        learned.sampled = 500;
        learned.traces = 4100;
        QCOMPARE(effectsText(learned, back), QStringLiteral("in the 500 that were looked at, no event names one of these as its cause (learned from 4100 traces of 12430 events, taken from the oldest to the newest)"));
        learned.effects = {{QStringLiteral("Payment<b>"), 500}, {QString(), 50}};
        QCOMPARE(effectsText(learned, back), QStringLiteral("≈ 12430 Payment<b>, ≈ 1243 events without a type (learned from 4100 traces of 12430 events, taken from the oldest to the newest)"));
        learned.isNewestOnly = true;
        QVERIFY(effectsText(learned, back).endsWith(QStringLiteral("(learned from 4100 traces of the newest of 12430 events)")));
        learned.isComplete = false;
        back.otherConsumers = {QStringLiteral("audit")};
        QVERIFY(effectsText(learned, back).endsWith(QStringLiteral(" · or more: not all that came after them was searched · by this consumer or another of these streams")));
    }

    void everyRowHasItsWords_data()
    {
        QTest::addColumn<PlanRow>("planned");
        QTest::addColumn<QString>("words");
        PlanRow refused = row(0, 1, {});
        refused.refused = Refusal{QStringLiteral("outOfRange"), QStringLiteral("<b>70</b> is outside"), 0, 50};
        QTest::newRow("back") << row(0, 90, 80) << QStringLiteral("process again 10");
        QTest::newRow("on") << row(0, 80, 90) << QStringLiteral("SKIP 10");
        QTest::newRow("same") << row(0, 80, 80) << QStringLiteral("no change");
        QTest::newRow("first") << row(0, {}, 80) << QStringLiteral("set the first checkpoint");
        QTest::newRow("delete") << row(0, 80, {}) << QStringLiteral("delete the checkpoint: there was none before");
        QTest::newRow("refused") << refused << QStringLiteral("refused (0 to 50): <b>70</b> is outside");
    }

    void everyRowHasItsWords()
    {
        QFETCH(PlanRow, planned);
        QFETCH(QString, words);
        QCOMPARE(rowText(planned), words);
    }

    void theCommandQuotesWhatAShellWouldTakeApart()
    {
        ResetRequest request;
        request.streams = {QStringLiteral("a b"), QStringLiteral("$(x)")};
        request.text = QStringLiteral("-30m");
        QCOMPARE(commandText(plan({}), &request, {}), QStringLiteral("streamgaugectl reset 'prod-eu' 'pay'\\''ments' --stream 'a b' --stream '$(x)' --to=-30m"));
        QCOMPARE(commandText(plan({}), &request, QStringLiteral("/tmp/a.csv")),
                 QStringLiteral("streamgaugectl reset 'prod-eu' 'pay'\\''ments' --stream 'a b' --stream '$(x)' --from-file '/tmp/a.csv'"));
        QCOMPARE(commandText(plan({}), nullptr, {}), QStringLiteral("streamgaugectl apply p-1"));
        Plan hostile = plan({});
        hostile.planId = QStringLiteral("p; rm '~'"); // out of a file
        QCOMPARE(commandText(hostile, nullptr, {}), QStringLiteral("streamgaugectl apply 'p; rm '\\''~'\\'''"));
        Plan dashed = plan({});
        dashed.consumer = QStringLiteral("-c");
        request.streams = {QStringLiteral("-s")};
        QCOMPARE(commandText(dashed, &request, {}), QStringLiteral("streamgaugectl reset --stream='-s' --to=-30m -- 'prod-eu' '-c'"));
        Plan undo = plan({});
        undo.kind = PlanKind::Undo;
        undo.undoes = QStringLiteral("7");
        undo.isMovedOnAccepted = true;
        QCOMPARE(commandText(undo, nullptr, {}), QStringLiteral("streamgaugectl undo 7 --moved-on"));
    }

    void theCommandTakesTheReasonAlong()
    {
        ResetRequest request;
        request.streams = {QStringLiteral("orders")};
        request.text = QStringLiteral("earliest");
        QCOMPARE(commandText(plan({}), &request, {}, QStringLiteral("it's OPS-7")),
                 QStringLiteral("streamgaugectl reset 'prod-eu' 'pay'\\''ments' --stream 'orders' --to=earliest --reason 'it'\\''s OPS-7'"));
        QCOMPARE(commandText(plan({}), nullptr, {}, QStringLiteral("-1")), QStringLiteral("streamgaugectl apply p-1 --reason='-1'"));
        Plan undo = plan({});
        undo.kind = PlanKind::Undo;
        undo.undoes = QStringLiteral("7");
        QCOMPARE(commandText(undo, nullptr, {}, QStringLiteral("too far")), QStringLiteral("streamgaugectl undo 7 --reason 'too far'"));
    }

    void theCommandNamesAnAddressWithItsProperties()
    {
        ResetRequest request;
        request.isAllStreams = true;
        request.text = QStringLiteral("earliest");
        Plan made = plan({});
        made.consumer = QStringLiteral("payments");
        made.spec.hosts = {QStringLiteral("b:9092")};
        made.spec.userName = QStringLiteral("anna");
        made.spec.name = QStringLiteral("kafka://anna@b:9092");
        made.spec.environment = connectors::Environment::Development;
        made.spec.properties = {{QStringLiteral("security.protocol"), QStringLiteral("SASL_SSL")}};
        QCOMPARE(commandText(made, &request, {}),
                 QStringLiteral("streamgaugectl reset 'kafka://anna@b:9092?environment=development&security.protocol=SASL_SSL' 'payments' --all-streams --to=earliest"));
    }

    void aNameWithAPlaceholderInItIsKept()
    {
        Plan made = plan({row(7, 90, 10)});
        made.rows[0].stream = QStringLiteral("a%2%3");
        made.otherConsumers = {QStringLiteral("b%1")};
        const QString summary = summaryText(made, connectors::Environment::Production, std::nullopt, true);
        QVERIFY(summary.contains(QStringLiteral("a%2%3 partition 7: 90 → 10")));
        QVERIFY(summary.contains(QStringLiteral("1, not touched: b%1")));
        QVERIFY(summary.contains(models::replay::hashOf(made)));
        QVERIFY(!summaryText(made, connectors::Environment::Production, std::nullopt, false).contains(models::replay::hashOf(made)));
    }

    void learningOnProductionSaysWhatItReads()
    {
        QCOMPARE(learningCostText(), QStringLiteral("not looked for unasked on production: it reads up to 300 MB, in at most 15 s"));
    }

    void partitionsAreListsAndRanges()
    {
        QCOMPARE(*parsePartitions(QStringLiteral("0, 3,5-7")), (std::vector<int>{0, 3, 5, 6, 7}));
        QVERIFY(parsePartitions({})->empty());
        for (const char *wrong : {"x", "-1", "3-1", "1-2-3", "0-999999999", "1.5"})
            QVERIFY2(!parsePartitions(QString::fromLatin1(wrong)), wrong);
    }
};

QTEST_MAIN(TestPlanText)
#include "tst_plan_text.moc"
