// SPDX-License-Identifier: GPL-3.0-or-later

#include "connectors/json_text.h"

#include <QTest>

using namespace connectors;

namespace {

const char NestedBody[] = "{\"a\":{\"b\":[10,{\"c\":\"x\"}]},\"m~n\":1,\"s/t\":2,\"\":3,\"\\u0065\":4,\"7\":5}";

} // namespace

class TestJsonText final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void validTextsAreValid_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"{}", "[]", " [ 1 , 2 ] ", "null", "-0.5e+10", "\"\"", "{\"a\":{\"b\":[true,false,null]}}", "\"\\u00e9\\ud83d\\ude00\\n\\/\"",
                                 "9007199254740993", "123456789012345678901234567890.5", "\"\xc3\xa9\xf0\x9f\x98\x80\"", "{\"a\":1,\"a\":2}"})
            QTest::newRow(text) << QByteArray(text);
    }

    void validTextsAreValid()
    {
        QFETCH(QByteArray, text);
        QCOMPARE(json::check(text.toStdString()), json::Verdict::Valid);
    }

    void brokenTextsAreInvalid_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"", " ", "{", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "1.", ".5", "-", "1e", "+1", "tru", "nulll",
                                 "\"", "\"\\x\"", "\"\\u12g4\"", "\"\n\"", "[1] 2", "}", "[}", "\xef\xbb\xbf{}", "\"\xff\"", "\"\xc0\xaf\"", "\"\xed\xa0\x80\"",
                                 "\"\xf4\x90\x80\x80\"", "\"\xe2\x82\""})
            QTest::newRow(QByteArray(text).toPercentEncoding().constData()) << QByteArray(text);
        QTest::newRow("NUL") << QByteArray("{\"a\":\"\0\"}", 9);
        QTest::newRow("NUL after") << QByteArray("{}\0", 3);
    }

    void brokenTextsAreInvalid()
    {
        QFETCH(QByteArray, text);
        QCOMPARE(json::check(text.toStdString()), json::Verdict::Invalid);
    }

    void depthHasALimitAndNoStack()
    {
        const auto nested = [](int levels) { return std::string(static_cast<size_t>(levels), '[') + std::string(static_cast<size_t>(levels), ']'); };
        QCOMPARE(json::check(nested(512)), json::Verdict::Valid);
        QCOMPARE(json::check(nested(513)), json::Verdict::TooDeep);
        QCOMPARE(json::check(nested(100'000)), json::Verdict::TooDeep);
    }

    void theMembersOfTheTopAreGiven()
    {
        std::vector<json::Member> members;
        const std::string body = " {\"a\" : 1 , \"b\":{\"a\":2},\"c\":[ ] ,\"d\":\"x\\\"y\"} ";
        QCOMPARE(json::check(body, &members), json::Verdict::Valid);
        QStringList printed;
        for (const json::Member &member : members)
            printed += QString::fromUtf8(member.name.data(), static_cast<qsizetype>(member.name.size())) + u'='
                + QString::fromUtf8(member.value.data(), static_cast<qsizetype>(member.value.size()));
        QCOMPARE(printed.join(u'|'), QStringLiteral("a=1|b={\"a\":2}|c=[ ]|d=\"x\\\"y\""));
    }

    void aPointerFindsItsValue_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("found");
        QTest::newRow("whole") << QString() << QString::fromUtf8(NestedBody);
        QTest::newRow("deep") << QStringLiteral("/a/b/1/c") << QStringLiteral("\"x\"");
        QTest::newRow("index") << QStringLiteral("/a/b/0") << QStringLiteral("10");
        QTest::newRow("tilde") << QStringLiteral("/m~0n") << QStringLiteral("1");
        QTest::newRow("slash") << QStringLiteral("/s~1t") << QStringLiteral("2");
        QTest::newRow("empty name") << QStringLiteral("/") << QStringLiteral("3");
        QTest::newRow("escaped name") << QStringLiteral("/e") << QStringLiteral("4");
        QTest::newRow("digits as a name") << QStringLiteral("/7") << QStringLiteral("5");
        QTest::newRow("not there") << QStringLiteral("/a/z") << QString();
        QTest::newRow("beyond the end") << QStringLiteral("/a/b/2") << QString();
        QTest::newRow("into a number") << QStringLiteral("/a/b/0/x") << QString();
    }

    void aPointerFindsItsValue()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, found);
        const std::string body = NestedBody;
        const auto path = json::parsePointer(pointer.toStdString());
        QVERIFY(path);
        const auto value = json::find(body, *path);
        QCOMPARE(value ? QString::fromUtf8(value->data(), static_cast<qsizetype>(value->size())) : QString(), found);
    }

    void aMalformedPointerIsRefused()
    {
        QVERIFY(!json::parsePointer("a/b"));
        QVERIFY(!json::parsePointer("/a~2"));
        QVERIFY(!json::parsePointer("/a~"));
    }

    void anIndexFromTheEndCountsBackwards()
    {
        QCOMPARE(json::find("[1,2,3]", {json::Step{"", -1}}), std::optional<std::string_view>("3"));
        QCOMPARE(json::find("[1,2,3]", {json::Step{"", -4}}), std::optional<std::string_view>());
    }

    void aTextThatIsCutIsReadAsFarAsItGoes()
    {
        const std::string_view whole = NestedBody;
        for (size_t length = 0; length < whole.size(); ++length) {
            const std::string cut(whole.substr(0, length)); // of its own, so that reading beyond it is seen
            for (const char *pointer : {"/a/b/1/c", "/a/b/0", "/e", "/7", "/none"}) {
                const auto path = *json::parsePointer(pointer);
                const auto value = json::find(cut, path);
                const auto wholeValue = json::find(whole, path);
                if (value && value->data() + value->size() < cut.data() + cut.size())
                    QVERIFY(wholeValue && *value == *wholeValue);
            }
        }
    }

    void minifyingChangesNothingButWhiteSpace()
    {
        QCOMPARE(json::minified(" { \"a b\" : 9007199254740993 ,\n \"c\":[ 1.10, \"\\\" \" ] } "), std::string("{\"a b\":9007199254740993,\"c\":[1.10,\"\\\" \"]}"));
    }

    void escapesAreResolved()
    {
        QCOMPARE(json::unquoted("\"a\\n\\u00e9\\ud83d\\ude00\\/\\ud800x\""), std::string("a\n\xc3\xa9\xf0\x9f\x98\x80/\xef\xbf\xbdx"));
    }
};

QTEST_GUILESS_MAIN(TestJsonText)
#include "tst_json_text.moc"
