// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/upcaster.h"
#include "tests/models/projection/order_projection.h"

using namespace models::projection;
namespace json = connectors::json;

namespace {

ProjectionFile fileWith(const QByteArray &upcasts)
{
    QByteArray text = tests::OrderProjection;
    return tests::projectionOf(text.replace("\"on\":", QByteArray("\"upcast\": " + upcasts + ", \"on\":")));
}

QString textOf(const std::optional<std::string> &text)
{
    return text ? QString::fromStdString(*text) : QStringLiteral("none");
}

} // namespace

class TestUpcaster final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void contentIsBroughtToTheNewestVersion_data()
    {
        QTest::addColumn<int>("version");
        QTest::addColumn<QString>("content");
        QTest::addColumn<QString>("upcast");
        const auto row = [](const char *name, int version, const char *content, const char *upcast) { QTest::newRow(name) << version << QString::fromUtf8(content) << QString::fromUtf8(upcast); };
        row("through all steps", 1, R"({"amount": 9007199254740993.10, "x": [1, 2]})", R"({"x":[1, 2],"total":{"gross":9007199254740993.10},"currency":"EUR"})");
        row("without a version", 0, R"({"amount": 1})", R"({"total":{"gross":1},"currency":"EUR"})");
        row("from the middle", 2, R"({"total": {"gross": 1}})", R"({"total":{"gross": 1},"currency":"EUR"})");
        row("what is there is no default", 2, R"({"currency": "USD"})", R"({"currency": "USD"})");
        row("the newest", 4, R"({"amount": 1})", R"({"amount": 1})");
        row("newer still", 7, R"({"amount": 1})", R"({"amount": 1})");
        row("what is not there is not renamed", 1, R"({"y": 1})", R"({"y":1,"currency":"EUR"})");
        row("an escaped name", 1, R"({"am\u006funt": 1})", R"({"total":{"gross":1},"currency":"EUR"})");
        row("no object", 1, "[1]", "[1]");
        row("no step leads on", 3, "{}", "none");
    }
    void contentIsBroughtToTheNewestVersion()
    {
        QFETCH(const int, version);
        QFETCH(const QString, content);
        const ProjectionFile file = fileWith(R"([{"eventType": "OrderPlaced", "from": 1, "to": 2, "rename": {"/amount": "/total/gross"}}, {"eventType": "OrderPlaced", "from": 2, "to": 4, "default": {"/currency": "EUR"}}])");
        const Upcaster upcaster(file);
        QTEST(textOf(upcaster.upcast(QStringLiteral("OrderPlaced"), version, content.toStdString())), "upcast");
        QVERIFY(upcaster.isNewest(QStringLiteral("OrderShipped"), version));
    }

    void aMemberIsPutIn_data()
    {
        QTest::addColumn<QByteArray>("object");
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<QByteArray>("with");
        QTest::newRow("objects on the way are made") << QByteArray("{}") << QByteArray("/a~1b/c\"d") << QByteArray("{\"a/b\":{\"c\\\"d\":1}}");
        QTest::newRow("instead of what was there") << QByteArray("{\"a\":{\"b\":7}}") << QByteArray("/a/b") << QByteArray("{\"a\":{\"b\":1}}");
        QTest::newRow("no object on the way") << QByteArray("{\"a\":[1]}") << QByteArray("/a/b") << QByteArray("{\"a\":[1]}");
    }
    void aMemberIsPutIn()
    {
        QFETCH(const QByteArray, object);
        QFETCH(const QByteArray, pointer);
        const auto path = json::parsePointer(pointer.toStdString());
        QTEST(QByteArray::fromStdString(withMember(object.toStdString(), *path, "1")), "with");
    }
};

QTEST_GUILESS_MAIN(TestUpcaster)
#include "tst_upcaster.moc"
