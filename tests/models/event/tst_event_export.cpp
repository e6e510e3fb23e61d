// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_export.h"
#include "tests/support/fake_event_connector.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using models::event::EventColumn;
using Kind = EventColumn::Kind;

class TestEventExport final : public QObject
{
    Q_OBJECT

private:
    static QStringList names(const std::vector<EventColumn> &columns)
    {
        QStringList result;
        for (const EventColumn &column : columns)
            result += column.key();
        return result;
    }

private Q_SLOTS:
    void aCsvSaysWhereEachEventIs_data()
    {
        QTest::addColumn<QStringList>("shown");
        QTest::addColumn<QStringList>("written");
        QTest::newRow("the first columns") << QStringList{u"time"_qs, u"position"_qs, u"type"_qs} << QStringList{u"time"_qs, u"stream"_qs, u"partition"_qs, u"position"_qs, u"type"_qs};
        QTest::newRow("all of the place") << QStringList{u"position"_qs, u"type"_qs, u"partition"_qs, u"stream"_qs} << QStringList{u"position"_qs, u"type"_qs, u"partition"_qs, u"stream"_qs};
        QTest::newRow("the stream only") << QStringList{u"stream"_qs, u"type"_qs} << QStringList{u"partition"_qs, u"position"_qs, u"stream"_qs, u"type"_qs};
        QTest::newRow("nothing of the place") << QStringList{u"header:position"_qs} << QStringList{u"stream"_qs, u"partition"_qs, u"position"_qs, u"header:position"_qs};
    }

    void aCsvSaysWhereEachEventIs()
    {
        QFETCH(const QStringList, shown);
        QFETCH(const QStringList, written);
        std::vector<EventColumn> columns;
        for (const QString &key : shown)
            columns.push_back(*EventColumn::fromKey(key));
        QCOMPARE(names(models::event::csvColumns(columns)), written);
    }

    void eventsOfSeveralStreamsAreToldApartAndNoneIsAFormula()
    {
        const QTemporaryDir folder;
        const auto shop = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
        shop->add(QStringLiteral("orders"), {u"o1"_qs, u"=cmd()"_qs, {}, {}, {}, {}});
        shop->add(QStringLiteral("=payments"), {u"p1"_qs, u"Paid"_qs, {}, {}, {}, {}});
        models::event::ExportRequest request;
        request.streams = {QStringLiteral("orders"), QStringLiteral("=payments")};
        request.places = {{0, 0, 0}, {1, 0, 0}};
        request.format = models::event::ExportFormat::Csv;
        request.columns = {{Kind::Position, {}}, {Kind::Type, {}}};
        request.path = folder.filePath(QStringLiteral("events.csv"));
        const auto outcome = models::event::exportEvents(shop, request, std::make_shared<models::job::JobProgress>()).result();
        QVERIFY(outcome);
        QCOMPARE(outcome->written, 2);
        QFile file(request.path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("stream,partition,position,eventType\norders,0,0,'=cmd()\n'=payments,0,0,Paid\n"));
    }
};

QTEST_GUILESS_MAIN(TestEventExport)
#include "tst_event_export.moc"
