// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/connection/workspace.h"
#include "models/deadletter/group_table_model.h"
#include "models/deadletter/letter_feed.h"
#include "models/deadletter/letter_table_model.h"
#include "models/deadletter/queue_table_model.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace models::deadletter;
using connectors::DeadLetter;
using tests::FakeDeadLetterConnector;

namespace {

QString printed(const QAbstractItemModel &model)
{
    QStringList lines;
    for (int row = 0; row < model.rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model.columnCount(); ++column) {
            const QVariant value = model.index(row, column).data();
            cells += value.isNull() ? QStringLiteral("–") : value.toString();
        }
        lines += cells.join(u'|');
    }
    return lines.join(u'\n');
}

connectors::ConnectionSpec spec(const QString &name)
{
    connectors::ConnectionSpec made;
    made.name = name;
    return made;
}

} // namespace

class TestDeadLetterModels final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void queuesOfAllConnectionsAreListedTheDeepestFirst()
    {
        const tests::QtWarningsFail warningsFail;
        models::connection::Workspace workspace(m_opener);
        QueueTableModel model(workspace);
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        auto shop = std::make_shared<FakeDeadLetterConnector>();
        shop->setQueues({{QStringLiteral("orders.dlq"), QStringLiteral("payments"), connectors::DeadLetterEvidence::StreamName, 3, 10, 20},
                         {QStringLiteral("stock.dlq"), {}, connectors::DeadLetterEvidence::StreamName, 7, {}, {}}});
        workspace.add(spec(QStringLiteral("shop")), shop);
        QTRY_COMPARE(printed(model), QStringLiteral("stock.dlq|shop||7|–|–|2\norders.dlq|shop|payments|3|10|20|2"));
        QCOMPARE(model.totalDepth(), 10);
        QCOMPARE(model.rowOf(QStringLiteral("shop"), QStringLiteral("orders.dlq")), std::optional(1));
        QCOMPARE(model.rowOf(QStringLiteral("other"), QStringLiteral("orders.dlq")), std::nullopt);
    }

    void aDepthThatCouldNotBeReadIsUnknownAndNeverZero()
    {
        models::connection::Workspace workspace(m_opener);
        QueueTableModel model(workspace);
        auto shop = std::make_shared<FakeDeadLetterConnector>();
        shop->setQueues({{QStringLiteral("orders.dlq"), {}, connectors::DeadLetterEvidence::StreamName, 3, {}, {}}});
        auto *connection = workspace.add(spec(QStringLiteral("shop")), shop);
        QTRY_COMPARE(model.totalDepth(), 3);
        shop->failWith({connectors::ErrorCode::TimedOut, QStringLiteral("No answer."), {}, true});
        connection->refresh();
        QTRY_COMPARE(model.unknownDepths(), 1);
        QVERIFY(model.index(0, QueueTableModel::DepthColumn).data().isNull());
        QCOMPARE(model.problems().size(), 1u);
    }

    void queuesLeaveWithTheirConnection()
    {
        models::connection::Workspace workspace(m_opener);
        QueueTableModel model(workspace);
        auto shop = std::make_shared<FakeDeadLetterConnector>();
        shop->setQueues({{QStringLiteral("orders.dlq"), {}, connectors::DeadLetterEvidence::StreamName, 3, {}, {}}});
        workspace.add(spec(QStringLiteral("shop")), shop);
        QTRY_COMPARE(model.rowCount(), 1);
        workspace.close(QStringLiteral("shop"));
        QTRY_COMPARE(model.rowCount(), 0);
    }

    void theFeedDropsALateAnswerForAnotherQueue()
    {
        auto shop = std::make_shared<FakeDeadLetterConnector>();
        DeadLetter first;
        first.reason = QStringLiteral("first");
        DeadLetter second;
        second.reason = QStringLiteral("second");
        shop->setLetters(QStringLiteral("a"), {first});
        shop->setLetters(QStringLiteral("b"), {second});
        models::connection::Connection connection(spec(QStringLiteral("shop")), shop);
        LetterFeed feed;
        shop->holdAnswers();
        feed.load(&connection, QStringLiteral("a"));
        feed.load(&connection, QStringLiteral("b"));
        QVERIFY(feed.isLoading());
        shop->releaseAnswers();
        QTRY_VERIFY(!feed.isLoading());
        QCOMPARE(feed.letters().size(), 1u);
        QCOMPARE(feed.letters()[0].reason, QStringLiteral("second"));
    }

    void lettersAndGroupsAreTables()
    {
        const tests::QtWarningsFail warningsFail;
        LetterTableModel letters;
        GroupTableModel groups;
        const QAbstractItemModelTester letterTester(&letters, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QAbstractItemModelTester groupTester(&groups, QAbstractItemModelTester::FailureReportingMode::QtTest);
        DeadLetter letter;
        letter.address = {QStringLiteral("orders.dlq"), 0, 17};
        letter.reason = QStringLiteral("<b>declined</b> 7");
        letter.exceptionClass = QStringLiteral("CardDeclined");
        letter.originalStream = QStringLiteral("orders");
        letter.original = connectors::EventAddress{QStringLiteral("orders"), 3, 1204};
        letter.eventType = QStringLiteral("OrderPlaced");
        letter.key = QStringLiteral("order-17");
        letter.diedAt = 1000;
        letters.setLetters({letter});
        groups.setGroups(groupLetters({letter}, Grouping::ByCause));
        QCOMPARE(printed(letters), QStringLiteral("1000|<b>declined</b> 7|orders 3:1204|OrderPlaced|order-17||–|0:17|–"));
        QCOMPARE(printed(groups), QStringLiteral("<b>declined</b> ‹n›|CardDeclined|orders|OrderPlaced|1|1000|1000"));
        QCOMPARE(letters.rowOf(letter.address), 0);
        QCOMPARE(groups.rowOf(groups.group(0)), 0);
    }

private:
    tests::NoOpener m_opener;
};

QTEST_GUILESS_MAIN(TestDeadLetterModels)
#include "tst_dead_letter_models.moc"
