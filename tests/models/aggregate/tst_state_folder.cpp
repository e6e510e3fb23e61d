// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/aggregate/aggregate_store.h"

#include <QRandomGenerator>
#include <QTest>

using namespace models::aggregate;
using connectors::ErrorCode;
using tests::AggregateStore;
using tests::counting;
using tests::openAggregate;

namespace {

/// "730 from 700 and 30: {…}"
QString textOf(const connectors::Result<FoldedState> &state)
{
    if (!state)
        return state.error().message;
    return QStringLiteral("%1 from %2 and %3: %4").arg(state->version).arg(state->snapshot ? state->snapshot->version : 0).arg(state->foldedEvents).arg(QString::fromUtf8(state->state));
}

/// A member of a few names, which come again: a value, an object of the same, an array, or null.
QByteArray randomValue(QRandomGenerator &random, int depth);

QByteArray randomObject(QRandomGenerator &random, int depth)
{
    QByteArrayList members;
    QStringList used;
    for (int i = 0; i < random.bounded(4); ++i) {
        const QString name = QStringLiteral("abcde").mid(random.bounded(5), 1);
        if (used.contains(name))
            continue;
        used += name;
        members += '"' + name.toUtf8() + "\":" + randomValue(random, depth);
    }
    return '{' + members.join(',') + '}';
}

QByteArray randomValue(QRandomGenerator &random, int depth)
{
    switch (random.bounded(depth > 0 ? 7 : 5)) {
    case 0: return "null";
    case 1: return "90071992547409" + QByteArray::number(random.bounded(1000));
    case 2: return QByteArray::number(random.bounded(100)) + ".10";
    case 3: return "\"t" + QByteArray::number(random.bounded(10)) + '"';
    case 4: return "[" + QByteArray::number(random.bounded(3)) + ",null]";
    default: return randomObject(random, depth - 1);
    }
}

} // namespace

class TestStateFolder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStateIsWhatTheEventsHaveLeft()
    {
        AggregateStore store;
        const QByteArray native = R"({"eventId":"x","data":{"total":1234567890123456789012345678.0123456789,"open":true}})";
        store.append(u"order-1"_qs, {native, "{\"note\":\"late\"}", "{\"data\":{\"open\":null,\"n\":9007199254740993}}"});
        store.append(u"order-2"_qs, {"{\"other\":1}"});
        const auto open = openAggregate(store, u"order-1"_qs);
        const QString first = QStringLiteral("1 from 0 and 1: {\"total\":1234567890123456789012345678.0123456789,\"open\":true}");
        const QString last = QStringLiteral("3 from 0 and 3: {\"total\":1234567890123456789012345678.0123456789,\"note\":\"late\",\"n\":9007199254740993}");
        QCOMPARE(textOf(open.folder->stateAt(1, {})), first);
        const auto state = open.folder->stateAt(3, {});
        QCOMPARE(textOf(state), last);
        QCOMPARE(state->changes.changes.size(), size_t(2));
        QCOMPARE(state->changes.changes[0], (StateChange{ChangeKind::Removed, u"/open"_qs, "true", {}}));
        QCOMPARE(state->changes.changes[1], (StateChange{ChangeKind::Added, u"/n"_qs, {}, "9007199254740993"}));
    }

    void theNewestSnapshotAtOrBelowIsUsed_data()
    {
        QTest::addColumn<int>("version");
        QTest::addColumn<QString>("state");
        QTest::newRow("before the first") << 99 << u"99 from 0 and 99: {\"n\":99}"_qs;
        QTest::newRow("at one") << 100 << u"100 from 100 and 0: {\"n\":100}"_qs;
        QTest::newRow("just after one") << 101 << u"101 from 100 and 1: {\"n\":101}"_qs;
        QTest::newRow("long after one") << 342 << u"342 from 300 and 42: {\"n\":342}"_qs;
    }

    void theNewestSnapshotAtOrBelowIsUsed()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(342));
        const auto open = openAggregate(store, u"counter"_qs);
        QFETCH(int, version);
        QTEST(textOf(open.folder->stateAt(version, {})), "state");
        const auto state = open.folder->stateAt(version, {});
        QCOMPARE(state->changes.changes, (std::vector{StateChange{ChangeKind::Changed, u"/n"_qs, QByteArray::number(version - 1), QByteArray::number(version)}}));
        QVERIFY(!open.folder->stateAt(version, {}, StateFolder::Snapshots::Ignore)->snapshot);
    }

    /// A policy must never make a result wrong.
    void withAndWithoutSnapshotsIsTheSame_data()
    {
        QTest::addColumn<quint32>("seed");
        for (quint32 seed = 1; seed <= 12; ++seed)
            QTest::addRow("seed %u", seed) << seed;
    }

    void withAndWithoutSnapshotsIsTheSame()
    {
        QFETCH(quint32, seed);
        QRandomGenerator random(seed);
        AggregateStore store(100 + random.bounded(60));
        const int count = 250 + random.bounded(200);
        for (int appended = 0; appended < count;) { // transactions of any size
            std::vector<QByteArray> bodies;
            for (int i = random.bounded(1, 120); i > 0 && appended < count; --i, ++appended)
                bodies.push_back(random.bounded(30) == 0 ? randomValue(random, 1) : randomObject(random, 2));
            store.append(u"a"_qs, bodies);
        }
        const auto open = openAggregate(store, u"a"_qs);
        std::vector<QByteArray> full;
        const auto each = [&full](qint64, const connectors::json::MergedValue &state) -> connectors::Result<void> {
            full.push_back(QByteArray::fromStdString(state.text()));
            return {};
        };
        QVERIFY(open.folder->forEachState(count, each, {}).has_value());
        QCOMPARE(std::ssize(full), count);
        int fromSnapshots = 0;
        for (int version = 1; version <= count; version += 1 + random.bounded(9)) {
            const auto state = open.folder->stateAt(version, {});
            QVERIFY2(state, state ? "" : qPrintable(state.error().message));
            QCOMPARE(state->state, full[static_cast<size_t>(version - 1)]);
            const std::string before = version > 1 ? full[static_cast<size_t>(version - 2)].toStdString() : std::string();
            QCOMPARE(state->changes, differenceOf(before, state->state.toStdString()));
            fromSnapshots += state->snapshot.has_value() ? 1 : 0;
        }
        QVERIFY(fromSnapshots > 0);
    }

    void aSnapshotOfOtherEventsIsNotUsed()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(120));
        store.execute("UPDATE snapshots SET position = position + 1");
        QCOMPARE(textOf(openAggregate(store, u"counter"_qs).folder->stateAt(110, {})), u"110 from 0 and 110: {\"n\":110}"_qs);
    }

    void aSnapshotOfAnotherRuleIsNotUsed()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(120));
        store.execute("UPDATE snapshots SET fold = 'another'");
        QCOMPARE(textOf(openAggregate(store, u"counter"_qs).folder->stateAt(110, {})), u"110 from 0 and 110: {\"n\":110}"_qs);
    }

    void eventsAreBroughtToTheNewestVersion()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(120));
        const QByteArray rename = R"([{"eventType": "ThingHappened", "from": 1, "to": 2, "rename": {"/n": "/number"}}])";
        const auto upcasts = Upcasts::of({tests::projectionWith(u"a.json"_qs, rename)});
        // Not from the store's own snapshot, which knows of no upcasts.
        QCOMPARE(textOf(openAggregate(store, u"counter"_qs, *upcasts).folder->stateAt(110, {})), u"110 from 0 and 110: {\"number\":110}"_qs);
    }

    void anEventWithoutAnUpcastIsSaidToBeMissing()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(2));
        connectors::NewEvent odd = tests::newEvent(u"counter"_qs, u"odd"_qs, 3);
        odd.schemaVersion = 3;
        store.append({odd});
        const QByteArray steps = R"([{"eventType": "ThingHappened", "from": 1, "to": 2}, {"eventType": "ThingHappened", "from": 4, "to": 5}])";
        const auto upcasts = Upcasts::of({tests::projectionWith(u"a.json"_qs, steps)});
        QVERIFY(upcasts.has_value());
        const auto state = openAggregate(store, u"counter"_qs, *upcasts).folder->stateAt(3, {});
        QCOMPARE(state->unfoldedCount, 3); // from 2 no step leads on to 4 either
        QCOMPARE(state->unfolded.back(), (UnfoldedEvent{3, UnfoldedEvent::Reason::NoUpcast}));
        QVERIFY(state->state.isEmpty());
    }

    void anAggregateMayBeInManyStreams()
    {
        AggregateStore store;
        for (int i = 1; i <= 6; ++i) {
            connectors::NewEvent event = tests::newEvent(i % 2 == 0 ? u"orders"_qs : u"payments"_qs, u"e-%1"_qs.arg(i), i);
            event.aggregateId = i == 4 ? u"other"_qs : u"order 17"_qs;
            store.append({event});
        }
        const auto open = openAggregate(store, u"order 17"_qs);
        QVERIFY(!open.history->isStream);
        QCOMPARE(open.history->versions(), 5);
        QCOMPARE(open.history->at(4).stream, u"payments"_qs);
        QCOMPARE(textOf(open.folder->stateAt(4, {})), u"4 from 0 and 4: {\"n\":5}"_qs);
    }

    void whatIsNotThereIsSaid()
    {
        AggregateStore store;
        store.append(u"order-1"_qs, counting(3));
        const auto connector = store.open();
        QCOMPARE(readHistory(*connector, u"order-2"_qs, {}).error().code, ErrorCode::NotFound);
        for (const auto &group : {u"$all"_qs, u"order-*"_qs, QString()})
            QCOMPARE(readHistory(*connector, group, {}).error().code, ErrorCode::InvalidInput);
        const auto open = openAggregate(store, u"order-1"_qs);
        for (const qint64 version : {0, 4, -1}) {
            const auto refused = open.folder->stateAt(version, {});
            QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
            QVERIFY(refused.error().advice.contains(u"1 to 3"));
        }
    }

    void compensationsAreLinkedBothWays()
    {
        AggregateStore store;
        std::vector<connectors::NewEvent> events;
        for (int i = 1; i <= 5; ++i)
            events.push_back(tests::newEvent(u"a"_qs, u"e-%1"_qs.arg(i), i));
        events[2].metadata = R"({"by":"x","compensates":"e-1"})";
        events[3].payload = R"({"compensates":["e-2","elsewhere"],"data":{"n":4}})";
        events[4].payload = R"({"compensates":"e-1"})"; // no envelope: a matter of its own
        store.append(events);
        const auto open = openAggregate(store, u"a"_qs);
        QCOMPARE(open.history->at(3).compensates, std::vector{u"e-1"_qs});
        QCOMPARE(open.history->at(1).compensatedBy, std::vector<qint64>{3});
        QCOMPARE(open.history->at(4).compensates, (std::vector{u"e-2"_qs, u"elsewhere"_qs}));
        QCOMPARE(open.history->at(2).compensatedBy, std::vector<qint64>{4});
        QVERIFY(open.history->at(5).compensates.empty());
        QCOMPARE(open.history->at(4).compensatedVersions, (std::vector<qint64>{2, 0}));
    }

    void whatIsLargeIsFoldedWhole()
    {
        AggregateStore store;
        const QByteArray large(3'000'000, 'x');
        connectors::NewEvent event = tests::newEvent(u"a"_qs, u"large"_qs);
        event.payload = "{\"text\":\"" + large + "\",\"n\":1}";
        event.metadata = "{\"note\":\"" + QByteArray(20'000, 'h') + "\",\"compensates\":\"e\"}";
        store.append({event});
        const auto open = openAggregate(store, u"a"_qs);
        QCOMPARE(open.history->at(1).compensates, std::vector{u"e"_qs});
        QCOMPARE(open.folder->stateAt(1, {})->state, event.payload);
    }

    void cancellingEndsIt()
    {
        AggregateStore store;
        store.append(u"a"_qs, counting(10));
        const auto open = openAggregate(store, u"a"_qs);
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(open.folder->stateAt(5, stop.get_token()).error().code, ErrorCode::Cancelled);
        QCOMPARE(readHistory(*open.connector, u"a"_qs, stop.get_token()).error().code, ErrorCode::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestStateFolder)
#include "tst_state_folder.moc"
