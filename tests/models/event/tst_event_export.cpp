// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_export.h"
#include "tests/support/fake_event_connector.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using models::event::EventColumn;
using Kind = EventColumn::Kind;

namespace {

using namespace connectors;

constexpr int Known = 1200;

/// Has an event at every position up to Known, and remembers how many were asked for at once.
class CountingConnector final : public Connector, public EventReader
{
public:
    std::vector<size_t> rounds;

    QFuture<Result<SystemIdentity>> identify(std::stop_token) override { return QtFuture::makeReadyFuture(Result<SystemIdentity>(SystemIdentity())); }
    [[nodiscard]] Traffic traffic() const override { return {}; }
    EventReader *eventReader() override { return this; }
    [[nodiscard]] QString whyNot(Ability) const override { return {}; }
    EventChannelPtr read(ReadRequest) override { return std::make_shared<EventChannel>(); }
    QFuture<Result<EventPage>> fetchPage(PageRequest, std::stop_token) override { return {}; }
    QFuture<Result<EventBatchPtr>> fetch(std::vector<EventAddress> addresses, qint64, std::stop_token) override
    {
        rounds.push_back(addresses.size());
        EventBatchBuilder builder;
        for (const EventAddress &address : addresses) {
            EventRecord record;
            record.stream = builder.internStream(address.stream);
            record.position = address.position;
            if (address.position < Known)
                builder.add(record);
        }
        return QtFuture::makeReadyFuture(Result<EventBatchPtr>(builder.take()));
    }
};

} // namespace

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

    static std::vector<size_t> roundsOf(size_t events)
    {
        std::vector<size_t> rounds((Known + 3) / events, events);
        rounds.push_back((Known + 3) % events);
        return rounds;
    }

    static void exportAll(models::event::ExportRequest &request)
    {
        request.rows.grow(static_cast<int>(request.events.end()));
        request.spans = {{0, request.rows.count() - 1}};
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
        request.events.append({});
        request.events.append({.stream = 1});
        exportAll(request);
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

    void theRowsThatWereChosenAreWrittenAsTheTableShowsThem()
    {
        const QTemporaryDir folder;
        models::event::ExportRequest request;
        request.streams = {QStringLiteral("orders")};
        for (int position = 0; position < 10; ++position)
            request.events.append({.position = position});
        request.rows.showAll(0);
        request.rows.reorder({9, 8, 7, 6, 5, 4, 3, 2, 1, 0});
        request.spans = {{1, 2}, {5, 5}, {8, 9}};
        request.format = models::event::ExportFormat::Csv;
        request.columns = {{Kind::Position, {}}};
        request.path = folder.filePath(QStringLiteral("events.csv"));
        QCOMPARE(request.count(), 5);
        const auto outcome = models::event::exportEvents(std::make_shared<CountingConnector>(), request, std::make_shared<models::job::JobProgress>()).result();
        QVERIFY(outcome);
        QFile file(request.path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("stream,partition,position\norders,0,8\norders,0,7\norders,0,4\norders,0,1\norders,0,0\n"));
    }

    void largeBodiesAreReadInSmallRounds_data()
    {
        QTest::addColumn<qint64>("size");
        QTest::addColumn<std::vector<size_t>>("rounds");
        QTest::newRow("small") << qint64(420) << std::vector<size_t>{500, 500, 203};
        QTest::newRow("larger than a round") << qint64(40'000'000) << roundsOf(8);
        QTest::newRow("a hundred kilobytes") << qint64(100'000) << roundsOf(83);
    }

    void largeBodiesAreReadInSmallRounds()
    {
        QFETCH(qint64, size);
        QFETCH(std::vector<size_t>, rounds);
        const QTemporaryDir folder;
        models::event::ExportRequest request;
        request.streams = {QStringLiteral("orders")};
        for (int position = 0; position < Known + 3; ++position)
            request.events.append({.position = position, .size = static_cast<quint32>(size)});
        exportAll(request);
        request.path = folder.filePath(QStringLiteral("events.ndjson"));
        const auto connector = std::make_shared<CountingConnector>();
        const auto outcome = models::event::exportEvents(connector, request, std::make_shared<models::job::JobProgress>()).result();
        QVERIFY(outcome);
        QCOMPARE(connector->rounds, rounds);
        QCOMPARE(outcome->written, Known);
        QCOMPARE(outcome->gone, 3);
        QFile file(request.path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArrayList lines = file.readAll().trimmed().split('\n');
        QCOMPARE(lines.size(), Known);
        for (int position = 0; position < Known; ++position) {
            const QByteArray told = "\"position\":" + QByteArray::number(position) + ',';
            QVERIFY(lines[position].contains(told));
        }
    }
};

QTEST_GUILESS_MAIN(TestEventExport)
#include "tst_event_export.moc"
