// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/canonical_json.h"
#include "models/replay/approval.h"
#include "models/replay/checkpoint_csv.h"
#include "models/replay/reset_planner.h"
#include "tests/support/fake_system.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace connectors;
using namespace models::replay;

namespace {

const QString Orders = QStringLiteral("orders");

/// A plan as one line a row: what a table of the window shows.
QStringList printed(const Plan &plan)
{
    const auto text = [](std::optional<qint64> number) { return number ? QString::number(*number) : QStringLiteral("-"); };
    QStringList lines;
    for (const PlanRow &row : plan.rows) {
        const QString refused = row.refused ? QStringLiteral("%1 %2..%3").arg(row.refused->code, text(row.refused->start), text(row.refused->end)) : QString();
        lines.append(QStringLiteral("%1/%2 %3>%4 again %5 skip %6 %7").arg(row.stream).arg(row.partition)
                         .arg(text(row.before), text(row.after), text(row.replayed), text(row.skipped), refused).trimmed());
    }
    return lines;
}

} // namespace

class TestPlan final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_system = std::make_unique<FakeSystemPtr>();
        FakeSystemPtr &system = *m_system;
        system.put(Orders, 0, 10, 100, 90);
        system.put(Orders, 1, 0, 50, 20);
        system.put(Orders, 2, 0, 5, {});
        system.times[{Orders, 0}] = std::vector<EpochMs>(90, 1000);
        system.times[{Orders, 1}] = std::vector<EpochMs>(50, 500);
    }

    void resolvesEveryTarget_data()
    {
        QTest::addColumn<ResetTarget>("target");
        QTest::addColumn<QStringList>("rows");
        const auto at = [](auto spec) { return ResetTarget(PositionSpec(spec)); };
        QTest::newRow("earliest") << at(Earliest{}) << QStringList{QStringLiteral("orders/0 90>10 again 80 skip 0"), QStringLiteral("orders/1 20>0 again 20 skip 0"), QStringLiteral("orders/2 ->0 again - skip -")};
        QTest::newRow("latest") << at(Latest{}) << QStringList{QStringLiteral("orders/0 90>100 again 0 skip 10"), QStringLiteral("orders/1 20>50 again 0 skip 30"), QStringLiteral("orders/2 ->5 again - skip -")};
        QTest::newRow("position beyond an end") << at(AtPosition{40}) << QStringList{QStringLiteral("orders/0 90>40 again 50 skip 0"), QStringLiteral("orders/1 20>40 again 0 skip 20"), QStringLiteral("orders/2 ->- again - skip - outOfRange 0..5")};
        QTest::newRow("position below a start") << at(AtPosition{5}) << QStringList{QStringLiteral("orders/0 90>- again - skip - outOfRange 10..100"), QStringLiteral("orders/1 20>5 again 15 skip 0"), QStringLiteral("orders/2 ->5 again - skip -")};
        QTest::newRow("time without a match") << at(AtTime{700}) << QStringList{QStringLiteral("orders/0 90>10 again 80 skip 0"), QStringLiteral("orders/1 20>- again - skip - noMatch 0..50"), QStringLiteral("orders/2 ->- again - skip - noMatch 0..5")};
        QTest::newRow("shift back, only where there is a checkpoint") << ResetTarget(ShiftBy{-20}) << QStringList{QStringLiteral("orders/0 90>70 again 20 skip 0"), QStringLiteral("orders/1 20>0 again 20 skip 0")};
        QTest::newRow("shift out of range") << ResetTarget(ShiftBy{-30}) << QStringList{QStringLiteral("orders/0 90>60 again 30 skip 0"), QStringLiteral("orders/1 20>- again - skip - outOfRange 0..50")};
        QTest::newRow("shift beyond 64 bits") << ResetTarget(ShiftBy{std::numeric_limits<qint64>::max()}) << QStringList{QStringLiteral("orders/0 90>- again - skip - outOfRange 10..100"), QStringLiteral("orders/1 20>- again - skip - outOfRange 0..50")};
        QTest::newRow("file") << ResetTarget(std::vector<CheckpointLine>{{{Orders, 1}, 7}, {{Orders, 9}, 1}, {{QStringLiteral("gone"), 0}, 1}})
                              << QStringList{QStringLiteral("gone/0 ->- again - skip - unknownStream -..-"), QStringLiteral("orders/1 20>7 again 13 skip 0"), QStringLiteral("orders/9 ->- again - skip - unknownPartition -..-")};
    }

    void resolvesEveryTarget()
    {
        QFETCH(ResetTarget, target);
        QFETCH(QStringList, rows);
        ResetRequest request{m_system->consumer, {Orders}, false, {}, target, {}};
        if (std::holds_alternative<std::vector<CheckpointLine>>(target))
            request.streams.clear();
        const auto plan = made(request);
        QVERIFY(plan);
        QCOMPARE(printed(*plan), rows);
        QCOMPARE(m_system->applies, 0);
    }

    void refusesAnUnknownConsumer()
    {
        const auto plan = made({QStringLiteral("paymnts"), {Orders}, false, {}, PositionSpec(Earliest{}), {}});
        QCOMPARE(plan.error().code, ErrorCode::NotFound);
    }

    void refusesAnUnknownPartitionAndStream()
    {
        QCOMPARE(printed(*made({m_system->consumer, {Orders}, false, {1, 99}, PositionSpec(Earliest{}), {}})),
                 (QStringList{QStringLiteral("orders/1 20>0 again 20 skip 0"), QStringLiteral("orders/99 ->- again - skip - unknownPartition -..-")}));
        QCOMPARE(printed(*made({m_system->consumer, {QStringLiteral("nope")}, false, {}, PositionSpec(Earliest{}), {}})),
                 QStringList{QStringLiteral("nope/0 ->- again - skip - unknownStream -..-")});
    }

    void makesNoPlanOfHalfAPicture()
    {
        m_system->readFault = Error{ErrorCode::TimedOut, QStringLiteral("no answer"), {}, true};
        QCOMPARE(made({m_system->consumer, {Orders}, false, {}, PositionSpec(Earliest{}), {}}).error().code, ErrorCode::TimedOut);
    }

    void namesTheOtherConsumersOfTheStreamsThatChange()
    {
        m_system->otherConsumers = {{QStringLiteral("audit"), Orders}, {QStringLiteral("billing"), Orders}, {QStringLiteral("mail"), QStringLiteral("elsewhere")}};
        const auto plan = made({m_system->consumer, {Orders}, false, {}, PositionSpec(Earliest{}), {}});
        QCOMPARE(plan->otherConsumers, (std::vector<QString>{QStringLiteral("audit"), QStringLiteral("billing")}));
        QCOMPARE(planFromJson(toJson(*plan))->otherConsumers, plan->otherConsumers);
    }

    void namesTheOtherConsumersWhereNothingChangesToo()
    {
        m_system->otherConsumers = {{QStringLiteral("audit"), Orders}, {QStringLiteral("mail"), QStringLiteral("elsewhere")}};
        const auto refused = made({m_system->consumer, {Orders}, false, {99}, PositionSpec(Earliest{}), {}});
        QVERIFY(std::none_of(refused->rows.begin(), refused->rows.end(), [](const auto &row) { return row.isChange(); }));
        QCOMPARE(refused->otherConsumers, std::vector<QString>{QStringLiteral("audit")});
    }

    void warnsWhereRetentionOvertakes()
    {
        constexpr qint64 Hour = 3'600'000;
        const EpochMs now = QDateTime::currentMSecsSinceEpoch();
        m_system->retentionMs = 7 * 24 * Hour;
        std::vector<EpochMs> &times = m_system->times[{Orders, 0}];
        times.assign(90, now - 2 * Hour); // from position 10 on
        m_system->times[{Orders, 1}].assign(50, now - 2 * Hour);
        QVERIFY(!warningsOf(Earliest{}).contains(QStringLiteral("Retention")));
        std::fill_n(times.begin(), 30, now - (7 * 24 - 20) * Hour); // 30 have 20 hours left
        QVERIFY2(warningsOf(Earliest{}).contains(QStringLiteral("up to 30 of the events of orders that are to be processed again within 24 h")), qPrintable(warningsOf(Earliest{})));
        QVERIFY(!warningsOf(AtPosition{45}).contains(QStringLiteral("Retention"))); // it begins after them
        QVERIFY(!warningsOf(Latest{}).contains(QStringLiteral("Retention")));
        m_system->cleanupPolicy = QStringLiteral("compact");
        QVERIFY(!warningsOf(Earliest{}).contains(QStringLiteral("Retention")));
    }

    void aFirstCheckpointSaysWhatItPassesOver()
    {
        const auto all = [this](const PositionSpec &target) {
            const auto plan = made({m_system->consumer, {Orders}, false, {}, target, {}});
            return QStringList(plan->warnings.begin(), plan->warnings.end()).join(u'\n');
        };
        QVERIFY2(all(Latest{}).contains(QStringLiteral("of up to 5 events that lie before their first one, “payments” will read none")), qPrintable(all(Latest{})));
        QVERIFY(!all(Earliest{}).contains(QStringLiteral("first one")));
    }

    void aStreamInWhichThereIsNoCheckpointIsWarnedOf()
    {
        m_system->put(QStringLiteral("compacted.users"), 0, 0, 7, {});
        const QString words = QStringLiteral("“payments” has no checkpoint in any partition of compacted.users, as if it had never read it: it will get its first ones there.");
        const auto plan = made({m_system->consumer, {Orders, QStringLiteral("compacted.users")}, false, {0}, PositionSpec(Earliest{}), {}});
        QCOMPARE(std::count(plan->warnings.begin(), plan->warnings.end(), words), 1);
        QVERIFY(!warningsOf(Earliest{}).contains(QStringLiteral("has no checkpoint in any partition")));
    }

    void aReaderThatIsNotNamedIsSaidToRead()
    {
        m_system->activity = ConsumerActivity::Active; // as a group of Kafka's new protocol
        QVERIFY2(warningsOf(Earliest{}).contains(QStringLiteral("by members that this system does not name now")), qPrintable(warningsOf(Earliest{})));
    }

    void keepsTheOtherCheckpointsAndSaysWhatMoves()
    {
        m_system->put(QStringLiteral("other"), 0, 0, 9, 4, "meta");
        m_system->cleanupPolicy = QStringLiteral("compact");
        m_system->beforeRead = [this] { m_system->checkpoints[{Orders, 0}].position += 1; };
        const auto plan = made({m_system->consumer, {Orders}, false, {0}, PositionSpec(Earliest{}), {}});
        QCOMPARE(plan->untouched.size(), size_t{2});
        QCOMPARE(plan->untouched.front().stream, QStringLiteral("orders"));
        const QString warnings = QStringList(plan->warnings.begin(), plan->warnings.end()).join(u'\n');
        QVERIFY2(warnings.contains(QStringLiteral("compacted")), qPrintable(warnings));
        QVERIFY2(warnings.contains(QStringLiteral("moved while")), qPrintable(warnings));
        QVERIFY(plan->reversible.startsWith(QStringLiteral("partly")));
    }

    void whereNothingCanBeAppliedNothingIsPromised()
    {
        const auto reversible = [this](const PositionSpec &target, const std::vector<int> &partitions) {
            return made({m_system->consumer, {Orders}, false, partitions, target, {}})->reversible;
        };
        QCOMPARE(reversible(AtPosition{999}, {}), QStringLiteral("no, because there is nothing to apply: every row is refused"));
        QCOMPARE(reversible(AtPosition{90}, {}), QStringLiteral("no, because there is nothing to apply: every row is refused or would not change"));
        QCOMPARE(reversible(AtPosition{90}, {0}), QStringLiteral("no, because there is nothing to apply: every checkpoint is there already"));
        QVERIFY(reversible(AtPosition{95}, {}).startsWith(QStringLiteral("fully"))); // two rows are refused, one can be done
    }

    void hashIsThatOfTheCanonicalText()
    {
        Plan plan;
        plan.planId = QStringLiteral("p");
        plan.consumer = QStringLiteral("c");
        plan.rows.push_back({Orders, 0, 9007199254740993, "m", true, 1, {}, 0, 2, 1, 0, {}, false});
        QCOMPARE(QString::fromUtf8(models::journal::canonicalJson(toJson(plan))), m_golden);
        QCOMPARE(hashOf(plan), models::journal::sha256Hex(m_golden.toUtf8()));
        plan.rows.front().after = 2;
        QVERIFY(hashOf(plan) != models::journal::sha256Hex(m_golden.toUtf8()));
    }

    void aPlanFileComesBackWholeAndIsNeverEdited()
    {
        const auto plan = made({m_system->consumer, {Orders}, false, {}, PositionSpec(AtPosition{5}), QStringLiteral("5")});
        const QByteArray file = toPlanFile(*plan);
        QCOMPARE(planFromFile(file).value(), *plan);
        QByteArray edited = file;
        edited.replace("\"after\": 5", "\"after\": 6");
        QVERIFY(edited != file);
        QCOMPARE(planFromFile(edited).error().code, ErrorCode::Refused);
        QByteArray broken = file;
        broken.replace("\"hash\": ", "\"hash\": 0x");
        QVERIFY(broken != file);
        QCOMPARE(planFromFile(broken).error().code, ErrorCode::Refused);
        QVERIFY(planFromFile(broken).error().message.contains(QStringLiteral("was changed after it was made")));
        QCOMPARE(planFromFile("{").error().code, ErrorCode::InvalidInput);
    }

    void aPlanFileThatIsNotUnderstoodWholeIsRefused_data()
    {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("a kind of system") << QStringLiteral("spec.kind") << QJsonValue(7);
        QTest::newRow("an environment") << QStringLiteral("environment") << QJsonValue(99);
        QTest::newRow("the tag") << QStringLiteral("spec.environment") << QJsonValue(-1);
        QTest::newRow("a partition beyond 32 bits") << QStringLiteral("row.partition") << QJsonValue(qint64(4294967296)); // would be read as 0
        QTest::newRow("half a position") << QStringLiteral("row.after") << QJsonValue(7.5);
        QTest::newRow("something more") << QStringLiteral("also") << QJsonValue(true);
    }

    void aPlanFileThatIsNotUnderstoodWholeIsRefused()
    {
        QFETCH(QString, member);
        QFETCH(QJsonValue, value);
        const auto plan = planReset(*connector(), tests::fakeSpec(), {m_system->consumer, {Orders}, false, {}, PositionSpec(AtPosition{5}), {}}, {});
        QJsonObject object = toJson(*plan);
        const QString inner = member.section(u'.', 1);
        if (member.startsWith(u"spec.")) {
            QJsonObject spec = object[QStringLiteral("spec")].toObject();
            spec[inner] = value;
            object[QStringLiteral("spec")] = spec;
        } else if (member.startsWith(u"row.")) {
            QJsonArray rows = object[QStringLiteral("rows")].toArray();
            QJsonObject first = rows[0].toObject();
            first[inner] = value;
            rows[0] = first;
            object[QStringLiteral("rows")] = rows;
        } else {
            object[member] = value;
        }
        const QString hash = models::journal::sha256Hex(models::journal::canonicalJson(object)); // whoever writes a file writes its hash
        QVERIFY(!planFromFile(QJsonDocument(QJsonObject{{QStringLiteral("hash"), hash}, {QStringLiteral("plan"), object}}).toJson()));
    }

    void twoPlansOfOneRequestAreTwo()
    {
        const ResetRequest request{m_system->consumer, {Orders}, false, {}, PositionSpec(Earliest{}), {}};
        QVERIFY(hashOf(*made(request)) != hashOf(*made(request)));
    }

    void readsKafkasOwnFile()
    {
        QCOMPARE(parseCheckpointCsv("orders,0,17\r\n\n\"a,b\",3,9223372036854775807\n").value(),
                 (std::vector<CheckpointLine>{{{Orders, 0}, 17}, {{QStringLiteral("a,b"), 3}, 9223372036854775807}}));
        QVERIFY(parseCheckpointCsv("orders,0,17\norders,x,1\n").error().message.contains(QStringLiteral("Line 2")));
        QVERIFY(parseCheckpointCsv("orders,0,17\norders,0,18\n").error().message.contains(QStringLiteral("second time")));
        QVERIFY(!parseCheckpointCsv("orders,0,92233720368547758070\n"));
        QVERIFY(!parseCheckpointCsv(""));
        QVERIFY(!parseCheckpointCsv("\xff,0,1"));
    }

    void productionAsksForTheWordsAndAReason()
    {
        const auto plan = planReset(*connector(), tests::fakeSpec(Environment::Untagged),
                                    {m_system->consumer, {Orders}, false, {0}, PositionSpec(Latest{}), {}}, {});
        const auto code = [&](const QString &words, const QString &reason, ConfirmationForm form) {
            return checkApproval(*plan, approve(*plan, words, reason, false), form).has_value();
        };
        QCOMPARE(requiredConfirmation(*plan, ConfirmationForm::Effect), QStringLiteral("prod-eu SKIP 10"));
        QVERIFY(!code({}, QStringLiteral("r"), ConfirmationForm::Effect));
        QVERIFY(!code(QStringLiteral("prod-eu 10"), QStringLiteral("r"), ConfirmationForm::Effect));
        QVERIFY(!code(QStringLiteral("prod-eu SKIP 10"), QStringLiteral(" "), ConfirmationForm::Effect));
        QVERIFY(code(QStringLiteral("prod-eu SKIP 10"), QStringLiteral("r"), ConfirmationForm::Effect));
        QVERIFY(!code(QStringLiteral("prod-eu"), QStringLiteral("r"), ConfirmationForm::ConsumerName));
        QVERIFY(code(QStringLiteral("payments"), QStringLiteral("r"), ConfirmationForm::ConsumerName));
    }

    void anApprovalIsForOnePlanAndExpires()
    {
        const ResetRequest request{m_system->consumer, {Orders}, false, {0}, PositionSpec(Earliest{}), {}};
        const auto plan = made(request);
        Approval approval = approve(*plan, {}, {}, false);
        QVERIFY(checkApproval(*plan, approval, ConfirmationForm::Effect));
        QVERIFY(!checkApproval(*made(request), approval, ConfirmationForm::Effect));
        approval.until = QDateTime::currentMSecsSinceEpoch() - 1;
        QVERIFY(!checkApproval(*plan, approval, ConfirmationForm::Effect));
    }

private:
    using FakeSystemPtr = tests::FakeSystem;

    std::shared_ptr<Connector> connector() { return *tests::FakeFactory(*m_system).open({}); }
    Result<Plan> made(const ResetRequest &request) { return planReset(*connector(), tests::fakeSpec(), request, {}); }

    QString warningsOf(const PositionSpec &target)
    {
        const auto plan = made({m_system->consumer, {Orders}, false, {0, 1}, target, {}});
        return QStringList(plan->warnings.begin(), plan->warnings.end()).join(u'\n');
    }

    std::unique_ptr<FakeSystemPtr> m_system;
    const QString m_golden = QStringLiteral(
        R"({"consumer":"c","consumerKind":"","created":0,"environment":0,)"
        R"("format":1,"isMovedOnAccepted":false,"isOutOfRangeRestored":false,"kind":"reset","leaderEpochs":null,"members":[],"otherConsumers":[],"planId":"p","product":"","request":"","reversible":"","rows":)"
        R"([{"after":1,"afterMetadata":"","before":9007199254740993,"beforeMetadata":"bQ==","end":2,"isBeforeExact":true,"isRestoringMetadata":false,"partition":0,"refused":null,"replayed":1,"skipped":0,"start":0,"stream":"orders"}],)"
        R"("spec":{"environment":0,"hosts":[],"kind":0,"name":"","path":"","properties":{},"userName":""},"systemId":"","undoes":"","untouched":[],"userName":"","warnings":[]})");
};

QTEST_GUILESS_MAIN(TestPlan)
#include "tst_plan.moc"
