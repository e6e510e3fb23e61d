// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/aggregate/verification.h"
#include "tests/models/aggregate/aggregate_store.h"

#include <QTest>

using namespace models::aggregate;
using tests::AggregateStore;
using tests::counting;
using tests::openAggregate;

class TestAggregateVerification final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void soundSnapshotsAreFoundSound()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(342));
        const auto open = openAggregate(store, u"counter"_qs);
        qint64 seen = 0;
        const auto found = verify(*open.folder, {}, [&seen](qint64 events) { seen = events; });
        QVERIFY2(found, found ? "" : qPrintable(found.error().message));
        QVERIFY(found->isSound());
        QCOMPARE(found->compared, 3);
        QCOMPARE(found->events, 342);
        QCOMPARE(seen, 342);
        QCOMPARE(found->ofOtherRules, 0);
    }

    void eachThatDiffersIsNamed()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(542));
        store.execute(R"(UPDATE snapshots SET state = '{"n":7,"x":1}' WHERE stream_version = 200;
                         UPDATE snapshots SET state = '{ "n" : 300.0 }' WHERE stream_version = 300;
                         UPDATE snapshots SET position = 1 WHERE stream_version = 400;
                         INSERT INTO snapshots VALUES ('counter', 100, 100, 'another', '{}', 0))");
        const auto open = openAggregate(store, u"counter"_qs);
        const auto found = verify(*open.folder, {});
        QVERIFY(found.has_value());
        QCOMPARE(found->compared, 4); // without the misplaced one
        QCOMPARE(found->ofOtherRules, 1);
        QCOMPARE(found->differing.size(), size_t(2));
        QCOMPARE(found->differing[0].snapshot.version, 400);
        QVERIFY(found->differing[0].isMisplaced);
        QCOMPARE(found->differing[1].snapshot.version, 200);
        QCOMPARE(found->differing[1].difference.changes[0], (StateChange{ChangeKind::Changed, u"/n"_qs, "200", "7"}));
        QCOMPARE(found->differing[1].difference.changes[1], (StateChange{ChangeKind::Added, u"/x"_qs, {}, "1"}));
    }

    void whatCameAfterOpeningIsLeftOut()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(150));
        const auto open = openAggregate(store, u"counter"_qs);
        store.append(u"counter"_qs, counting(100));
        const auto found = verify(*open.folder, {});
        QCOMPARE(found->compared, 1);
        QCOMPARE(found->newer, 1);
        QVERIFY(found->isSound());
    }

    void withoutSnapshotsThereIsNothingToCompare()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(20));
        const auto found = verify(*openAggregate(store, u"counter"_qs).folder, {});
        QCOMPARE(found->compared, 0);
        QVERIFY(found->isSound());
    }
};

QTEST_GUILESS_MAIN(TestAggregateVerification)
#include "tst_aggregate_verification.moc"
