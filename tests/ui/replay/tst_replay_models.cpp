// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_warnings_fail.h"
#include "ui/replay/outcome_table_model.h"
#include "ui/replay/plan_table_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace models::replay;
using ui::replay::OutcomeTableModel;
using ui::replay::PlanTableModel;

namespace {

PlanRow row(const QString &stream, int partition, qint64 before, qint64 after)
{
    PlanRow made;
    made.stream = stream;
    made.partition = partition;
    made.before = before;
    made.after = after;
    made.replayed = std::max<qint64>(0, before - after);
    made.skipped = std::max<qint64>(0, after - before);
    return made;
}

QString printed(const QAbstractItemModel &model)
{
    QStringList lines;
    for (int at = 0; at < model.rowCount(); ++at) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column)
            cells += model.index(at, column).data().toString();
        lines += cells.join(u'|');
    }
    return lines.join(u'\n');
}

} // namespace

class TestReplayModels final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void aPlanShowsWhatChangesFirst()
    {
        const tests::QtWarningsFail warningsFail;
        PlanTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
        Plan plan;
        plan.rows = {row(QStringLiteral("a"), 0, 5, 5), row(QStringLiteral("a"), 1, 9, 9), row(QStringLiteral("<i>b</i>"), 2, 9, 4)};
        plan.rows[1].after.reset();
        plan.rows[1].refused = Refusal{QStringLiteral("noMatch"), QStringLiteral("too late"), 0, 9};
        plan.untouched = {row(QStringLiteral("c"), 0, 3, 3)};
        model.setPlan(plan);
        QCOMPARE(printed(model), QStringLiteral("<i>b</i>|2|9|4|process again 5||\na|1|9|–|refused (0 to 9): too late||\na|0|5|5|no change||\nc|0|3|–|not in this plan||"));
        // Tool tips would be taken for rich text if they were not escaped.
        QVERIFY(model.index(0, 0).data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;i&gt;")));
        QCOMPARE(model.firstAffected(0), std::optional(connectors::EventAddress{QStringLiteral("<i>b</i>"), 2, 4}));
        QVERIFY(!model.firstAffected(2));
        models::connection::CheckpointEvent event;
        event.stream = QStringLiteral("<i>b</i>");
        event.address = {QStringLiteral("<i>b</i>-1"), 2, 6};
        event.eventType = QStringLiteral("OrderPlaced");
        event.aggregateId = QStringLiteral("order-17");
        model.setFirstEvents({event});
        QCOMPARE(model.index(0, PlanTableModel::FirstColumn).data().toString(), QStringLiteral("OrderPlaced order-17"));
        QCOMPARE(model.firstAffected(0)->position, 6);
        plan.rows = {row(QStringLiteral("a"), 0, 5, 9)};
        model.setPlan(plan);
        QCOMPARE(model.firstAffected(0)->position, 5); // the first that is skipped
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void anOutcomeShowsWhatHappenedSince()
    {
        const tests::QtWarningsFail warningsFail;
        OutcomeTableModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Warning);
        model.setOutcomes({{row(QStringLiteral("a"), 0, 90, 10), 10, RowResult::Done, {}}, {row(QStringLiteral("a"), 1, 9, 4), 7, RowResult::Diverged, QStringLiteral("said so")}});
        QCOMPARE(printed(model), QStringLiteral("a|0|90|10|10|done|\na|1|9|4|7|DIVERGED: neither explains it: said so|"));
        TakeUpRow moved;
        moved.row = row(QStringLiteral("a"), 0, 90, 10);
        moved.now = 30;
        moved.end = 100;
        moved.state = TakeUpState::Moving;
        model.setTakeUp({moved});
        QCOMPARE(model.index(0, OutcomeTableModel::SinceColumn).data().toString(), QStringLiteral("read on to 30, 70 left"));
        moved.now = 100;
        moved.state = TakeUpState::CaughtUp;
        moved.hasJumped = true;
        model.setTakeUp({moved});
        // Between two looks: it cannot be told from a stored old place.
        QVERIFY(model.index(0, OutcomeTableModel::SinceColumn).data().toString().contains(QStringLiteral("may have been read, or stored again")));
    }
};

QTEST_MAIN(TestReplayModels)
#include "tst_replay_models.moc"
