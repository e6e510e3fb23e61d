// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/trace/trace_dsl.h"
#include "ui/traces/event_table_model.h"
#include "ui/traces/flow_list_model.h"
#include "ui/traces/search_words.h"
#include "ui/traces/type_legend.h"

#include <QAbstractItemModelTester>
#include <QTest>

using models::trace::FlowSummary;
using models::trace::KnownAs;
using models::trace::SearchedStream;
using models::trace::Trace;
using models::trace::TraceRequest;
using ui::traces::EventTableModel;
using ui::traces::FlowListModel;

namespace {

FlowSummary flow(const QString &name, qint64 events)
{
    FlowSummary summary;
    summary.name = name;
    summary.events = events;
    summary.isWhole = true;
    summary.begin = 0;
    summary.end = 4200;
    summary.streams = {QStringLiteral("orders"), QStringLiteral("payments")};
    return summary;
}

QString printed(const QAbstractItemModel &model)
{
    QStringList rows;
    for (int row = 0; row < model.rowCount(); ++row)
        rows += model.index(row, 0).data().toString() + u'=' + model.index(row, 0).data(FlowListModel::DetailRole).toString();
    return rows.join(QStringLiteral("; "));
}

} // namespace

class TestTraceModels final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void flowsAreOpenedThenFoundBesideThenSeenEachOnce()
    {
        FlowListModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setSeen({flow(QStringLiteral("a"), 3), flow(QStringLiteral("b"), 1)});
        model.addOpened(flow(QStringLiteral("b"), 2));
        model.setFoundBeside({QStringLiteral("c"), QStringLiteral("a")}, {});
        QCOMPARE(printed(model), QStringLiteral("b=2 events · 4.2 s · 2 streams; c=found too, not opened yet; a=3 events · 4.2 s · 2 streams"));
        model.setFoundBeside({}, {});
        model.setSeen({flow(QStringLiteral("d"), 1)});
        QCOMPARE(printed(model), QStringLiteral("b=2 events · 4.2 s · 2 streams; d=1 event · 4.2 s · 2 streams"));
        model.addOpened(flow(QStringLiteral("b"), 9));
        QCOMPARE(model.rowOf(QStringLiteral("b")), 0);
        QCOMPARE(model.flow(0).events, 9);
    }

    void theOldestOpenedFlowsLeave()
    {
        FlowListModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        for (int i = 0; i < FlowListModel::MaximumOpened + 5; ++i)
            model.addOpened(flow(QString::number(i), 1));
        QCOMPARE(model.rowCount(), FlowListModel::MaximumOpened);
        QCOMPARE(model.rowOf(QStringLiteral("4")), -1);
        QCOMPARE(model.rowOf(QStringLiteral("5")), FlowListModel::MaximumOpened - 1);
    }

    void aFlowSaysWhatIsWrongAndIsPlainText()
    {
        FlowListModel model;
        FlowSummary bad = flow(QStringLiteral("<b>x</b>"), 3);
        bad.failures = 2;
        bad.isWhole = false;
        model.addOpened(bad);
        const QModelIndex index = model.index(0);
        QVERIFY(index.data(FlowListModel::HasFailureRole).toBool());
        QVERIFY(index.data(FlowListModel::DetailRole).toString().startsWith(QStringLiteral("3+ events")));
        QVERIFY(index.data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;b&gt;x")));
        QVERIFY(index.data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("with failures")));
    }

    void eventsAreRowsInTime()
    {
        EventTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        Trace trace = tests::traceFrom(QStringLiteral("a A at=100\nb <b>B</b> < a of=order-1 in=pay at=4300\n"));
        trace.events.push_back(trace.events.back());
        trace.events.back().time = connectors::NoNumber;
        const auto joined = models::trace::joinTrace(trace);
        QCOMPARE(joined->numbers.durationMs, std::optional<qint64>(4200));
        model.setTrace(joined);
        QStringList cells;
        for (const int column : {EventTableModel::AfterColumn, EventTableModel::TypeColumn, EventTableModel::AggregateColumn, EventTableModel::StreamColumn,
                                 EventTableModel::PositionColumn, EventTableModel::IdColumn})
            cells += model.index(1, column).data().toString();
        QCOMPARE(cells.join(u'|'), QStringLiteral("+4.2 s|<b>B</b>|order-1|pay|0:1|b"));
        QCOMPARE(model.index(2, EventTableModel::TimeColumn).data().toString(), QStringLiteral("–"));
        QVERIFY(model.index(1, EventTableModel::TypeColumn).data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;b&gt;")));
        model.setTrace(nullptr);
        QCOMPARE(model.rowCount(), 0);
    }

    void whatWasSearchedIsSaidByStream()
    {
        Trace trace;
        trace.connections = {QStringLiteral("shop")};
        trace.searched = {{0, QStringLiteral("orders.events"), {{0, 0, 1'204'000, 1'204'000, true}}}};
        QCOMPARE(ui::traces::searchedText(trace), QStringLiteral("Searched orders.events 0 … 1,204,000, complete"));
        trace.searched.push_back({0, QStringLiteral("<b>"), {{0, 5, 9, 4, false}}});
        QCOMPARE(ui::traces::searchedText(trace), QStringLiteral("Searched 1,204,004 events, 1 of 2 streams complete"));
        QCOMPARE(ui::traces::searchedLines(trace, 5).last(), QStringLiteral("<b> 5 … 9, not complete"));
        QCOMPARE(ui::traces::searchedLines(trace, 1).last(), QStringLiteral("and 1 more streams"));
        trace.searched.push_back({0, QStringLiteral("pay"), {{0, 0, 9, 9, true}, {1, 3, 4, 1, true}}});
        QCOMPARE(ui::traces::searchedLines(trace, 5).last(), QStringLiteral("pay 10 events in 2 partitions, complete"));
        trace.searched.back().partitions.back().isComplete = false;
        QCOMPARE(ui::traces::searchedLines(trace, 5).last(), QStringLiteral("pay 10 events in 2 partitions, 1 of them not complete"));
        trace.connections.push_back(QStringLiteral("other"));
        QCOMPARE(ui::traces::searchedLines(trace, 5).first(), QStringLiteral("orders.events (shop) 0 … 1,204,000, complete"));
    }

    void aHintSaysHowATextIsUnderstood()
    {
        QVERIFY(ui::traces::hintFor(QStringLiteral("orders/3@7"), KnownAs::Anything).contains(QStringLiteral("orders 3:7")));
        QVERIFY(ui::traces::hintFor(QStringLiteral("4711"), KnownAs::Anything).startsWith(QStringLiteral("Tried as")));
        QVERIFY(ui::traces::hintFor(QStringLiteral("4711"), KnownAs::Key).contains(QStringLiteral("key")));
        QVERIFY(ui::traces::hintFor({}, KnownAs::Anything).isEmpty());
    }

    void theLegendOrdersTypesByFrequency()
    {
        const Trace trace = tests::traceFrom(QStringLiteral("a Rare\nb Often\nc Often\nd Also\n"));
        ui::traces::TypeLegend legend;
        legend.setTrace(&trace);
        QStringList names;
        for (const auto &[name, count] : legend.types())
            names += name + QString::number(count);
        QCOMPARE(names.join(u' '), QStringLiteral("Often2 Also1 Rare1"));
        legend.resize(60, 20); // no room for all: counted
        QVERIFY(!legend.grab().isNull());
        QVERIFY(legend.accessibleDescription().contains(QStringLiteral("2 × Often")));
    }
};

int main(int argc, char **argv)
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); // the texts above have its separators
    QApplication app(argc, argv);
    TestTraceModels test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_trace_models.moc"
