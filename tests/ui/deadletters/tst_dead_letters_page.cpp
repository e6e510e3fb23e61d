// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/connection/workspace.h"
#include "models/deadletter/group_table_model.h"
#include "models/deadletter/queue_table_model.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/deadletters/dead_letters_page.h"
#include "ui/widgets/state_view.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using connectors::DeadLetter;
using models::deadletter::GroupTableModel;
using tests::FakeDeadLetterConnector;
using ui::deadletters::DeadLettersPage;

namespace {

DeadLetter letter(qint64 position, const QString &reason)
{
    DeadLetter made;
    made.address = {QStringLiteral("orders.dlq"), 0, position};
    made.reason = reason;
    made.originalStream = QStringLiteral("orders");
    made.diedAt = QDateTime::currentMSecsSinceEpoch() - 60'000;
    return made;
}

std::shared_ptr<FakeDeadLetterConnector> shopWithLetters()
{
    auto shop = std::make_shared<FakeDeadLetterConnector>();
    shop->setQueues({{QStringLiteral("orders.dlq"), QStringLiteral("payments"), connectors::DeadLetterEvidence::StreamName, 3, 10, 20}});
    DeadLetter declined = letter(2, QStringLiteral("<b>declined</b> <img src=file:///dev/zero>"));
    declined.original = connectors::EventAddress{QStringLiteral("orders"), 3, 1204};
    declined.correlationId = QStringLiteral("flow-1");
    shop->setLetters(QStringLiteral("orders.dlq"), {declined, letter(1, QStringLiteral("late by 3 s")), letter(0, QStringLiteral("late by 9 s"))});
    return shop;
}

connectors::ConnectionSpec spec()
{
    connectors::ConnectionSpec made;
    made.name = QStringLiteral("shop");
    return made;
}

} // namespace

class TestDeadLettersPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_workspace = std::make_unique<models::connection::Workspace>(m_opener);
        m_page = std::make_unique<DeadLettersPage>(*m_workspace);
        m_page->resize(1100, 700);
        m_page->show();
    }

    void cleanup()
    {
        m_page.reset();
        m_workspace.reset();
    }

    void theGroupsHaveRoomInASmallWindowAndMoreColumnsInALargeOne()
    {
        m_workspace->add(spec(), shopWithLetters());
        auto *groups = find<QTableView>(QStringLiteral("letterGroups"));
        QTRY_VERIFY(groups->isVisible() && groups->model()->rowCount() > 0);
        m_page->resize(1112, 690); // of a window of 1280 × 800
        QTRY_COMPARE(groups->horizontalScrollBar()->maximum(), 0);
        for (const int column : {GroupTableModel::ReasonColumn, GroupTableModel::ExceptionColumn, GroupTableModel::CountColumn, GroupTableModel::LastColumn})
            QVERIFY(!groups->isColumnHidden(column));
        m_page->resize(2400, 1200);
        for (int column = 0; column < GroupTableModel::ColumnCount; ++column)
            QTRY_VERIFY(!groups->isColumnHidden(column));
        QCOMPARE(groups->horizontalScrollBar()->maximum(), 0);
    }

    void withoutAConnectionItSaysSo()
    {
        QCOMPARE(find<ui::widgets::StateView>({})->title(), QStringLiteral("No connection is open"));
    }

    void withoutAQueueItSaysHowOneIsRecognised()
    {
        m_workspace->add(spec(), std::make_shared<FakeDeadLetterConnector>());
        QTRY_COMPARE(find<ui::widgets::StateView>({})->title(), QStringLiteral("No dead-letter queue was found"));
        QVERIFY(find<ui::widgets::StateView>({})->explanation().contains(QStringLiteral(".dlq")));
    }

    void theQueuesHaveRoomInASmallWindow()
    {
        m_page->resize(1112, 690); // of a window of 1280 × 800
        m_workspace->add(spec(), shopWithLetters());
        const auto *queues = find<QTableView>(QStringLiteral("deadLetterQueues"));
        QTRY_COMPARE(queues->model()->rowCount(), 1);
        QTRY_COMPARE(queues->horizontalScrollBar()->maximum(), 0);
        using Column = models::deadletter::QueueTableModel::Column;
        QVERIFY(queues->isColumnHidden(Column::ConnectionColumn)); // there is one
        connectors::ConnectionSpec other = spec();
        other.name = QStringLiteral("other shop");
        m_workspace->add(other, shopWithLetters());
        QTRY_COMPARE(queues->model()->rowCount(), 2);
        QVERIFY(!queues->isColumnHidden(Column::ConnectionColumn));
        QTRY_COMPARE(queues->horizontalScrollBar()->maximum(), 0);
        QVERIFY(queues->columnWidth(Column::QueueColumn) >= queues->fontMetrics().horizontalAdvance(QStringLiteral("orders.dlq")));
    }

    void aReasonOfSeveralLinesIsShownWhole()
    {
        m_page->resize(1112, 690);
        auto shop = shopWithLetters();
        shop->setLetters(QStringLiteral("orders.dlq"), {letter(2, QStringLiteral("Cannot read the address of the order: there is neither a postal code nor a town in it"))});
        m_workspace->add(spec(), shop);
        auto *reason = find<QLabel>(QStringLiteral("letterReason"));
        QTRY_VERIFY(reason->text().startsWith(QStringLiteral("Cannot read")));
        QTRY_VERIFY(reason->height() >= reason->heightForWidth(reason->width()));
        QVERIFY(reason->height() > 3 * reason->fontMetrics().height() / 2); // it takes two lines
        const auto *facts = find<QScrollArea>(QStringLiteral("letterFacts"));
        QTRY_COMPARE(facts->verticalScrollBar()->maximum(), 0);
    }

    void whatCouldNotBeReadIsAnErrorWithAWayOut()
    {
        auto shop = std::make_shared<FakeDeadLetterConnector>();
        shop->failWith({connectors::ErrorCode::TimedOut, QStringLiteral("shop did not answer."), QStringLiteral("Try again."), true});
        m_workspace->add(spec(), shop);
        QTRY_COMPARE(find<ui::widgets::StateView>({})->title(), QStringLiteral("Dead letters could not be read"));
    }

    void lettersAreGroupedByCauseAndSplitOnDemand()
    {
        m_workspace->add(spec(), shopWithLetters());
        auto *groups = find<QTableView>(QStringLiteral("letterGroups"));
        QTRY_COMPARE(groups->model()->rowCount(), 2);
        QCOMPARE(find<QTableView>(QStringLiteral("deadLetters"))->model()->rowCount(), 2);
        QCOMPARE(m_page->attentionCount(), 1);
        find<QComboBox>(QStringLiteral("letterGrouping"))->setCurrentIndex(1);
        QCOMPARE(groups->model()->rowCount(), 3);
        QVERIFY(find<QLabel>(QStringLiteral("letterSummary"))->text().startsWith(QStringLiteral("3 letters in orders.dlq")));
    }

    void aQueueOfASystemUnderTwoNamesCountsOnce()
    {
        m_workspace->add(spec(), shopWithLetters());
        QTRY_COMPARE(m_page->attentionCount(), 1);
        auto other = spec();
        other.name = QStringLiteral("the same");
        m_workspace->add(other, shopWithLetters());
        QTRY_VERIFY(m_workspace->find(other.name)->deadLetterQueues().hasValue());
        QTest::qWait(0);
        QCOMPARE(m_page->attentionCount(), 1);
    }

    void aLetterLeadsToItsOriginalAndItsTraceAndIsPlainText()
    {
        const tests::QtWarningsFail warningsFail;
        m_workspace->add(spec(), shopWithLetters());
        auto *groups = find<QTableView>(QStringLiteral("letterGroups"));
        QTRY_COMPARE(groups->model()->rowCount(), 2);
        groups->selectRow(1);
        auto *reason = find<QLabel>(QStringLiteral("letterReason"));
        QTRY_COMPARE(reason->text(), QStringLiteral("<b>declined</b> <img src=file:///dev/zero>"));
        QCOMPARE(reason->textFormat(), Qt::PlainText);

        QTRY_VERIFY(find<QPushButton>(QStringLiteral("openOriginal"))->width() > 40); // laid out
        QSignalSpy places(m_page.get(), &DeadLettersPage::placeRequested);
        QTest::mouseClick(find<QPushButton>(QStringLiteral("openOriginal")), Qt::LeftButton);
        QTRY_COMPARE(find<QLabel>(QStringLiteral("event-place"))->text(), QStringLiteral("orders.dlq 0:2"));
        QTest::mouseClick(find<QPushButton>(QStringLiteral("event-trace")), Qt::LeftButton);
        QCOMPARE(places.size(), 2);
        QCOMPARE(places[0][0].value<ui::frame::Place>().address, std::optional(connectors::EventAddress{QStringLiteral("orders"), 3, 1204}));
        QCOMPARE(places[1][0].value<ui::frame::Place>().object, QStringLiteral("flow-1"));
        QTest::mouseClick(find<QPushButton>(QStringLiteral("copyLetter")), Qt::LeftButton);
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("orders 3:1204")));
    }

    void whatCanBeDoneWithALetterIsAmongTheCommandsToo()
    {
        const auto command = [this](const char *name) { return m_page->findChild<QAction *>(QLatin1String(name)); };
        QVERIFY(!command("letters-open")->isEnabled()); // nothing is chosen
        m_workspace->add(spec(), shopWithLetters());
        auto *groups = find<QTableView>(QStringLiteral("letterGroups"));
        QTRY_COMPARE(groups->model()->rowCount(), 2);
        groups->selectRow(1);
        QTRY_VERIFY(command("letters-original")->isEnabled());
        QSignalSpy places(m_page.get(), &DeadLettersPage::placeRequested);
        for (const char *name : {"letters-open", "letters-original", "letters-trace", "letters-copy"}) {
            QVERIFY2(m_page->commands().contains(command(name)), name);
            QVERIFY2(find<QTableView>(QStringLiteral("deadLetters"))->actions().contains(command(name)), name);
            command(name)->trigger();
        }
        QCOMPARE(places.size(), 3);
        QCOMPARE(places[0][0].value<ui::frame::Place>().address, std::optional(connectors::EventAddress{QStringLiteral("orders.dlq"), 0, 2}));
        QCOMPARE(places[1][0].value<ui::frame::Place>().address, std::optional(connectors::EventAddress{QStringLiteral("orders"), 3, 1204}));
        QCOMPARE(places[2][0].value<ui::frame::Place>().object, QStringLiteral("flow-1"));
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("orders 3:1204")));
        groups->selectRow(0); // its letters do not say where the original is
        QTRY_VERIFY(!command("letters-original")->isEnabled());
    }

    void aLetterWithoutAnOriginalSaysWhyTheButtonIsGrey()
    {
        m_workspace->add(spec(), shopWithLetters());
        QTRY_COMPARE(find<QTableView>(QStringLiteral("deadLetters"))->model()->rowCount(), 2);
        auto *open = find<QPushButton>(QStringLiteral("openOriginal"));
        QVERIFY(!open->isEnabled());
        QVERIFY(!open->toolTip().isEmpty());
    }

    void aPlaceNamesItsQueue()
    {
        m_workspace->add(spec(), shopWithLetters());
        m_page->goTo({QStringLiteral("dead-letters"), QStringLiteral("shop"), QStringLiteral("orders.dlq"), {}});
        QTRY_COMPARE(m_page->place().object, QStringLiteral("orders.dlq"));
    }

private:
    template<typename T>
    T *find(const QString &name)
    {
        T *widget = m_page->findChild<T *>(name);
        if (!widget)
            qFatal("no widget %s", qPrintable(name));
        return widget;
    }

    tests::NoOpener m_opener;
    std::unique_ptr<models::connection::Workspace> m_workspace;
    std::unique_ptr<DeadLettersPage> m_page;
};

QTEST_MAIN(TestDeadLettersPage)
#include "tst_dead_letters_page.moc"
