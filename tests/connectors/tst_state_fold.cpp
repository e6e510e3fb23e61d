// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/snapshot_policy.h"
#include "connectors/state_fold.h"

#include <QTest>

using namespace connectors;

class TestStateFold final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theContentIsTheDataOfAnEnvelopeElseTheBody()
    {
        const std::string_view native = R"({"eventId":"e","data":{"a":1}})";
        const std::string_view plain = R"({"a":1})";
        QCOMPARE(*fold::contentOf(native), plain);
        QCOMPARE(*fold::contentOf(plain), plain);
        QCOMPARE(*fold::contentOf("[1]"), std::string_view("[1]"));
        QVERIFY(!fold::contentOf("{"));
        QVERIFY(!fold::contentOf(""));
    }

    void anotherRuleHasAnotherName()
    {
        const QString plain = fold::ruleName();
        QCOMPARE(plain.size(), 16);
        QCOMPARE(fold::ruleName({}), plain);
        QVERIFY(fold::ruleName("OrderPlaced 1 2") != plain);
        QVERIFY(fold::ruleName("OrderPlaced 1 2") != fold::ruleName("OrderPlaced 1 3"));
    }

    void aPolicyKeepsToItsRange_data()
    {
        QTest::addColumn<QString>("given");
        QTest::addColumn<int>("every"); // 0: refused
        QTest::newRow("fewest") << u"100"_qs << 100;
        QTest::newRow("most") << u"500"_qs << 500;
        QTest::newRow("too few") << u"99"_qs << 0;
        QTest::newRow("too many") << u"501"_qs << 0;
        QTest::newRow("no number") << u"often"_qs << 0;
        QTest::newRow("empty") << QString() << 0;
        QTest::newRow("below zero") << u"-250"_qs << 0;
        QTest::newRow("no whole number") << u"250.5"_qs << 0;
    }

    void aPolicyKeepsToItsRange()
    {
        QFETCH(QString, given);
        QFETCH(int, every);
        const auto policy = SnapshotPolicy::of({{SnapshotPolicy::propertyName(), given}});
        QCOMPARE(policy.has_value(), every > 0);
        if (policy)
            QCOMPARE(policy->every, every);
        else
            QCOMPARE(policy.error().code, ErrorCode::InvalidInput);
    }

    void withoutWordsItIsEvery250()
    {
        QCOMPARE(SnapshotPolicy::of({})->every, 250);
    }
};

QTEST_GUILESS_MAIN(TestStateFold)
#include "tst_state_fold.moc"
