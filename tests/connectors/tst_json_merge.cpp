// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/json_merge.h"

#include "connectors/json_text.h"

#include <QTest>

using connectors::json::MergedValue;

class TestJsonMerge final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// The table of RFC 7396, appendix A, line by line.
    void mergesAsTheRfcSays_data()
    {
        QTest::addColumn<QByteArray>("original");
        QTest::addColumn<QByteArray>("patch");
        QTest::addColumn<QByteArray>("merged");
        const auto add = [](const char *original, const char *patch, const char *merged) {
            QTest::addRow("%s with %s", original, patch) << QByteArray(original) << QByteArray(patch) << QByteArray(merged);
        };
        add(R"({"a":"b"})", R"({"a":"c"})", R"({"a":"c"})");
        add(R"({"a":"b"})", R"({"b":"c"})", R"({"a":"b","b":"c"})");
        add(R"({"a":"b"})", R"({"a":null})", R"({})");
        add(R"({"a":"b","b":"c"})", R"({"a":null})", R"({"b":"c"})");
        add(R"({"a":["b"]})", R"({"a":"c"})", R"({"a":"c"})");
        add(R"({"a":"c"})", R"({"a":["b"]})", R"({"a":["b"]})");
        add(R"({"a":{"b":"c"}})", R"({"a":{"b":"d","c":null}})", R"({"a":{"b":"d"}})");
        add(R"({"a":[{"b":"c"}]})", R"({"a":[1]})", R"({"a":[1]})");
        add(R"(["a","b"])", R"(["c","d"])", R"(["c","d"])");
        add(R"({"a":"b"})", R"(["c"])", R"(["c"])");
        add(R"({"a":"foo"})", R"(null)", R"(null)");
        add(R"({"a":"foo"})", R"("bar")", R"("bar")");
        add(R"({"e":null})", R"({"a":1})", R"({"e":null,"a":1})");
        add(R"([1,2])", R"({"a":"b","c":null})", R"({"a":"b"})");
        add(R"({})", R"({"a":{"bb":{"ccc":null}}})", R"({"a":{"bb":{}}})");
    }

    void mergesAsTheRfcSays()
    {
        QFETCH(QByteArray, original);
        QFETCH(QByteArray, patch);
        QFETCH(QByteArray, merged);
        MergedValue value(std::string_view(original.constData(), static_cast<size_t>(original.size())));
        value.merge(std::string_view(patch.constData(), static_cast<size_t>(patch.size())));
        QCOMPARE(QByteArray::fromStdString(value.text()), merged);
    }

    void nothingIsThereAtFirst()
    {
        MergedValue value;
        QCOMPARE(value.text(), std::string());
        value.merge(R"({"a":null,"b":{"c":null}})");
        const std::string expected = R"({"b":{}})";
        QCOMPARE(value.text(), expected);
    }

    void numbersStayAsTheyWereWritten()
    {
        MergedValue value;
        value.merge(R"({ "big" : 9007199254740993, "exact" : 12345678901234567890123456.1234567890 })");
        value.merge(R"({"other":1.10,"far":1e999})");
        const std::string expected = R"({"big":9007199254740993,"exact":12345678901234567890123456.1234567890,"other":1.10,"far":1e999})";
        QCOMPARE(value.text(), expected);
    }

    void namesAreTheSameHoweverTheyAreEscaped()
    {
        MergedValue value("{\"stra\\u00dfe\":1,\"a\\\"b\":2}");
        value.merge("{\"stra\xc3\x9f" "e\":3,\"a\\u0022b\":null}");
        const std::string expected = "{\"stra\\u00dfe\":3}";
        QCOMPARE(value.text(), expected);
    }

    void membersStayWhereTheyFirstStood()
    {
        MergedValue value(R"({"a":1,"b":2,"c":3})");
        value.merge(R"({"c":4,"a":5,"d":6,"b":7})");
        const std::string expected = R"({"a":5,"b":7,"c":4,"d":6})";
        QCOMPARE(value.text(), expected);
    }

    void anObjectTakesThePlaceOfWhatIsNone()
    {
        MergedValue value("7");
        value.merge(R"({"a":[ 1, {"b":null} ]})");
        const std::string expected = R"({"a":[1,{"b":null}]})";
        QCOMPARE(value.text(), expected);
    }

    void theDeepestThatIsAllowedIsMerged()
    {
        std::string deep;
        for (int i = 0; i < connectors::json::MaxDepth; ++i)
            deep += "{\"a\":";
        deep += '1' + std::string(connectors::json::MaxDepth, '}');
        MergedValue value(deep);
        value.merge(deep);
        QCOMPARE(value.text(), deep);
    }
};

QTEST_GUILESS_MAIN(TestJsonMerge)
#include "tst_json_merge.moc"
