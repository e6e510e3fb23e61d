// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_table_model.h"
#include "tests/models/event/event_batches.h"
#include "tests/support/fake_event_connector.h"
#include "tests/support/qt_warnings_fail.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace models::event;
using Kind = EventColumn::Kind;

class TestEventTableModel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail.emplace();
        m_model = std::make_unique<EventTableModel>(EventList::ChunkEvents * 2);
        m_tester = std::make_unique<QAbstractItemModelTester>(m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    }

    void cleanup()
    {
        m_tester.reset();
        m_model.reset();
        m_warningsFail.reset();
    }

    void whatCameTogetherIsAnnouncedTogether()
    {
        QSignalSpy inserted(m_model.get(), &QAbstractItemModel::rowsInserted);
        m_model->append(tests::orderEvents(0, 1000));
        m_model->append(tests::orderEvents(1000, 1000));
        QCOMPARE(m_model->rowCount(), 0);
        m_model->announce();
        QCOMPARE(inserted.size(), 1);
        QCOMPARE(m_model->rowCount(), 2000);
        QCOMPARE(row(9), QStringLiteral("1700000009000 9 PaymentFailed order-9 flow-3 16"));
    }

    void aSearchLeavesWhatContainsTheTextAndGoesOnWithWhatComes()
    {
        m_model->append(tests::orderEvents(0, 1000));
        m_model->announce();
        QSignalSpy finished(m_model.get(), &EventTableModel::searchFinished);
        m_model->setSearch(QStringLiteral("paymentfailed"));
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(m_model->rowCount(), 100);
        QCOMPARE(m_model->sequenceOf(3), 39);
        QCOMPARE(m_model->rowOf(39), 3);
        QCOMPARE(m_model->rowOf(40), -1);
        m_model->append(tests::orderEvents(1000, 100));
        m_model->announce();
        QTRY_COMPARE(m_model->rowCount(), 110);
        m_model->setSearch({});
        QCOMPARE(m_model->rowCount(), 1100);
    }

    void whereASearchEndsVeryManyRowsComeBackInSeveralTurns()
    {
        constexpr int Many = 1'100'000;
        connectors::EventBatchBuilder builder;
        connectors::EventRecord record;
        record.stream = builder.internStream(QStringLiteral("orders"));
        for (int position = 0; position < Many; ++position) {
            record.position = position;
            builder.add(record);
        }
        EventTableModel model;
        model.append(builder.take());
        model.setSearch(QStringLiteral("no such thing"));
        QTRY_VERIFY_WITH_TIMEOUT(!model.isSearching(), 60'000);
        QCOMPARE(model.rowCount(), 0);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy finished(&model, &EventTableModel::searchFinished);
        model.setSearch({});
        model.announce(); // as a read does that goes on
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(model.rowCount(), Many);
        QCOMPARE(model.sequenceOf(Many - 1), Many - 1);
        QVERIFY(inserted.size() > 1);
    }

    void whatIsReadAgainIsShownAlsoWhileTheTableIsSorted()
    {
        auto connector = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
        for (int i = 0; i < 3; ++i)
            connector->add(QStringLiteral("orders"), {QStringLiteral("e%1").arg(i), QStringLiteral("OrderPlaced"), {}, {}, {}, QStringLiteral("key-%1").arg(i)});
        m_model->reset(connector);
        m_model->append(tests::orderEvents(0, 3));
        m_model->announce();
        m_model->cache().reset(connector);
        QSignalSpy sorted(m_model.get(), &EventTableModel::sorted);
        m_model->sortBy(Kind::Position, Qt::DescendingOrder);
        QTRY_COMPARE(sorted.size(), 1);
        m_model->setColumns({{Kind::Key, {}}});
        QSignalSpy changed(m_model.get(), &QAbstractItemModel::dataChanged);
        std::ignore = m_model->index(2, 0).data();
        QTRY_COMPARE(changed.size(), 1);
        QVERIFY(changed[0][0].toModelIndex().row() <= 2 && changed[0][1].toModelIndex().row() >= 2);
        QCOMPARE(m_model->index(2, 0).data().toString(), QStringLiteral("key-0"));
    }

    void aCellHoldsNoMoreThanCanBeShown()
    {
        connectors::EventBatchBuilder builder;
        connectors::EventRecord record;
        record.stream = builder.internStream(QStringLiteral("orders"));
        record.key = builder.addBytes(std::string(1'000'000, 'k'));
        record.payload = builder.addBytes("{\"text\":\"" + std::string(1'000'000, 'x') + "\"}");
        record.format = connectors::BodyFormat::Json;
        builder.add(record);
        m_model->append(builder.take());
        m_model->announce();
        m_model->setColumns({{Kind::Key, {}}, {Kind::Field, QStringLiteral("/text")}});
        for (const int column : {0, 1}) {
            const QString text = m_model->index(0, column).data().toString();
            QVERIFY2(text.size() > 1000 && text.size() < 10'000, qPrintable(QString::number(text.size())));
            QVERIFY(text.endsWith(u'…')); // not to be taken for the value
        }
    }

    void aSearchFindsPartsOfIds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("rows");
        QTest::newRow("event id") << QStringLiteral("8000-000000000042") << 1;
        QTest::newRow("aggregate") << QStringLiteral("ORDER-42") << 1;
        QTest::newRow("part of several") << QStringLiteral("flow-1") << 33; // flow-1, flow-10 … flow-19
        QTest::newRow("nothing") << QStringLiteral("no such thing") << 0;
    }

    void aSearchFindsPartsOfIds()
    {
        QFETCH(QString, text);
        QFETCH(int, rows);
        m_model->append(tests::orderEvents(0, 100));
        m_model->announce();
        m_model->setSearch(text);
        QTRY_VERIFY(!m_model->isSearching());
        QCOMPARE(m_model->rowCount(), rows);
    }

    void aSearchFindsAPosition()
    {
        m_model->append(tests::orderEvents(5'000'000, 10));
        m_model->announce();
        m_model->setSearch(QStringLiteral("5000003"));
        QTRY_VERIFY(!m_model->isSearching());
        QCOMPARE(m_model->rowCount(), 1);
        QCOMPARE(m_model->sequenceOf(0), 3);
    }

    void theOldestMakeRoomAndTheSelectionStaysWithItsEvent()
    {
        m_model->append(tests::orderEvents(0, EventList::ChunkEvents * 2));
        m_model->announce();
        const QPersistentModelIndex selected(m_model->index(EventList::ChunkEvents + 5, 0));
        m_model->append(tests::orderEvents(EventList::ChunkEvents * 2, 10));
        m_model->announce();
        QCOMPARE(m_model->rowCount(), static_cast<int>(EventList::ChunkEvents) + 10);
        QCOMPARE(m_model->dropped(), EventList::ChunkEvents);
        QCOMPARE(selected.row(), 5);
        QCOMPARE(selected.data(EventTableModel::SequenceRole).toLongLong(), EventList::ChunkEvents + 5);
    }

    void rowsGoIntoAnotherOrderAndBackAndTheSelectionStaysWithItsEvent()
    {
        m_model->append(tests::orderEvents(0, 100));
        m_model->announce();
        const QPersistentModelIndex selected(m_model->index(10, 0));
        QSignalSpy sorted(m_model.get(), &EventTableModel::sorted);
        m_model->sortBy(Kind::Type, Qt::DescendingOrder);
        QTRY_COMPARE(sorted.size(), 1);
        QCOMPARE(m_model->sequenceOf(0), 9); // PaymentFailed, equal ones as they came
        QCOMPARE(m_model->sequenceOf(1), 19);
        QCOMPARE(selected.data(EventTableModel::SequenceRole).toLongLong(), 10);
        m_model->append(tests::orderEvents(100, 1));
        m_model->announce();
        QCOMPARE(m_model->sequenceOf(100), 100);
        m_model->sortBy(std::nullopt, Qt::AscendingOrder);
        QCOMPARE(m_model->sequenceOf(9), 9);
        QCOMPARE(selected.row(), 10);
    }

    void aColumnThatIsNotInMemoryIsReadAgain()
    {
        auto connector = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
        for (int i = 0; i < 3; ++i)
            connector->add(QStringLiteral("orders"), {QStringLiteral("e%1").arg(i), QStringLiteral("OrderPlaced"), {}, {}, {}, QStringLiteral("key-%1").arg(i)});
        m_model->reset(connector);
        m_model->setColumns({{Kind::Position, {}}, {Kind::Key, {}}, {Kind::Field, QStringLiteral("/eventId")}});
        m_model->append(tests::orderEvents(0, 1));
        m_model->append(tests::orderEvents(1, 4));
        m_model->announce();
        QCOMPARE(m_model->index(0, 1).data().toString(), QStringLiteral("key-0")); // came by with the read

        m_model->cache().reset(connector);
        QCOMPARE(m_model->index(2, 2).data(EventTableModel::StateRole).toInt(), static_cast<int>(EventTableModel::CellState::Loading));
        QTRY_COMPARE(m_model->index(2, 2).data().toString(), QStringLiteral("e2"));
        std::ignore = m_model->index(4, 1).data(); // the connector has three events only
        QTRY_COMPARE(m_model->index(4, 1).data(EventTableModel::StateRole).toInt(), static_cast<int>(EventTableModel::CellState::Gone));
        QVERIFY(!m_model->index(4, 1).data().isValid());
    }

    void anEventIsFoundByItsPlaceAndByItsTime()
    {
        m_model->append(tests::orderEvents(0, 10, 2));
        QCOMPARE(m_model->find({QStringLiteral("orders"), 2, 7}), 7);
        QCOMPARE(m_model->find({QStringLiteral("orders"), 1, 7}), -1);
        QCOMPARE(m_model->list().findTime(1'700'000'002'500), 3);
        QCOMPARE(m_model->list().findTime(1'800'000'000'000), -1);
    }

private:
    QString row(int number) const
    {
        QStringList cells;
        for (int column = 0; column < m_model->columnCount(); ++column)
            cells += m_model->index(number, column).data().toString();
        return cells.join(u' ');
    }

    std::unique_ptr<EventTableModel> m_model;
    std::unique_ptr<QAbstractItemModelTester> m_tester;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

QTEST_GUILESS_MAIN(TestEventTableModel)
#include "tst_event_table_model.moc"
