// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/aggregate/state_difference.h"
#include "models/aggregate/state_lines.h"

#include <QTest>

using namespace models::aggregate;

namespace {

QString textOf(const StateDifference &difference)
{
    QStringList words;
    for (const StateChange &change : difference.changes) {
        const QChar mark = change.kind == ChangeKind::Added ? u'+' : change.kind == ChangeKind::Removed ? u'-' : u'~';
        words += QStringLiteral("%1%2 %3>%4").arg(QString(mark), change.pointer, QString::fromUtf8(change.before), QString::fromUtf8(change.after));
    }
    return words.join(u'\n') + (difference.isCut ? QStringLiteral("\n…") : QString());
}

QString textOf(const std::vector<StateLine> &lines)
{
    QStringList words;
    for (const StateLine &line : lines) {
        const QString mark = !line.change ? QStringLiteral(" ") : *line.change == ChangeKind::Added ? QStringLiteral("+") : *line.change == ChangeKind::Removed ? QStringLiteral("-") : QStringLiteral("~");
        words += mark + QString(line.depth, u' ') + line.text + (line.before.isEmpty() ? QString() : QStringLiteral(" was ") + line.before);
    }
    return words.join(u'\n');
}

} // namespace

class TestStateDifference final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesWhatHasChanged_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("changes");
        const auto row = [](const char *name, const char *before, const char *after, const char *changes) { QTest::newRow(name) << QByteArray(before) << QByteArray(after) << QString::fromUtf8(changes); };
        row("nothing", R"({"a":1,"b":[1,2]})", R"({"b": [1, 2], "a": 1})", "");
        row("each kind", R"({"a":1,"b":2,"c":3})", R"({"a":1,"c":4,"d":{"e":5}})", "-/b 2>\n~/c 3>4\n+/d >{\"e\":5}");
        row("within", R"({"a":{"b":{"c":1,"x":2}}})", R"({"a":{"b":{"c":7,"x":2}}})", "~/a/b/c 1>7");
        row("elements", "[1,2,3]", "[1,5]", "~/1 2>5\n-/2 3>");
        row("more elements", "[1]", "[1,{\"a\":2}]", "+/1 >{\"a\":2}");
        row("another kind of value", R"({"a":{"b":1}})", R"({"a":[1]})", "~/a {\"b\":1}>[1]");
        row("the whole", "1", "\"x\"", "~ 1>\"x\"");
        row("equal numbers", R"({"a":1.10,"b":100})", R"({"a":1.1,"b":1e2})", "");
        row("beyond a double", R"({"a":9007199254740993})", R"({"a":9007199254740992})", "~/a 9007199254740993>9007199254740992");
        row("38 digits", R"({"a":1234567890123456789012345678.0123456789})", R"({"a":1234567890123456789012345678.0123456788})",
            "~/a 1234567890123456789012345678.0123456789>1234567890123456789012345678.0123456788");
        row("equal texts", R"({"a":"\u00e4"})", "{\"a\":\"\xc3\xa4\"}", "");
        row("equal names", R"({"\u00e4":1})", "{\"\xc3\xa4\":1}", "");
        row("null is a value", R"({"a":null})", "{}", "-/a null>");
        row("names of pointers", R"({"a/b":1,"c~d":2})", R"({"a/b":3,"c~d":4})", "~/a~1b 1>3\n~/c~0d 2>4");
        row("from nothing", "", R"({"a":1})", "+/a >1");
        row("from nothing to a value", "", "7", "+ >7");
        row("to nothing", R"({"a":1})", "", "- {\"a\":1}>");
        row("nothing at all", "", "", "");
    }

    void namesWhatHasChanged()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, changes);
        QCOMPARE(textOf(differenceOf(before.toStdString(), after.toStdString())), changes);
    }

    void stopsAtTheLimit()
    {
        const StateDifference difference = differenceOf("[1,2,3]", "[4,5,6]", 2);
        QCOMPARE(difference.changes.size(), size_t(2));
        QVERIFY(difference.isCut);
        QVERIFY(!differenceOf("[1,2]", "[4,5]", 2).isCut);
    }

    void linesSayWhatHasChanged()
    {
        const std::string before = R"({"id":"o","total":10.0,"gone":{"x":1},"lines":[{"sku":"A"}]})";
        const std::string after = R"({"id":"o","total":12.50,"lines":[{"sku":"A"},{"sku":"B"}],"none":{}})";
        const QString expected = QStringLiteral(" {\n"
                                                "  \"id\": \"o\",\n"
                                                "~ \"total\": 12.50, was 10.0\n"
                                                "  \"lines\": [\n"
                                                "   {\n"
                                                "    \"sku\": \"A\"\n"
                                                "   },\n"
                                                "+  {\n"
                                                "+   \"sku\": \"B\"\n"
                                                "+  }\n"
                                                "  ],\n"
                                                "+ \"none\": {}\n"
                                                "- \"gone\": {\"x\":1}\n"
                                                " }");
        QCOMPARE(textOf(linesOf(after, differenceOf(before, after))), expected);
    }

    void anObjectThatLostItsLastMemberShowsIt()
    {
        const std::string before = "{\"a\":{\"b\":1}}";
        const std::string after = "{\"a\":{}}";
        QCOMPARE(textOf(linesOf(after, differenceOf(before, after))), QStringLiteral(" {\n  \"a\": {\n-  \"b\": 1\n  }\n }"));
    }

    void linesAreBounded()
    {
        std::string many = "[0";
        for (int i = 1; i < 1000; ++i)
            many += ',' + std::to_string(i);
        many += ']';
        const auto lines = linesOf(many, {}, 10);
        QCOMPARE(lines.size(), size_t(11));
        QCOMPARE(lines.back().text, QStringLiteral("…"));
        const auto longOne = linesOf('"' + std::string(100'000, 'x') + '"', {});
        QCOMPARE(longOne.size(), size_t(1));
        QVERIFY(longOne.front().text.size() < 3000);
        QVERIFY(linesOf({}, {}).empty());
    }

    void isIndented()
    {
        const std::string state = "{\"a\":[],\"b\":{\"c\":\"x,{\\\"y\",\"d\":[1,{}]},\"e\":1.10}";
        const QByteArray expected = "{\n    \"a\": [],\n    \"b\": {\n        \"c\": \"x,{\\\"y\",\n        \"d\": [\n            1,\n            {}\n        ]\n    },\n    \"e\": 1.10\n}";
        QCOMPARE(indented(state), expected);
        QCOMPARE(indented("7"), QByteArray("7"));
    }
};

QTEST_GUILESS_MAIN(TestStateDifference)
#include "tst_state_difference.moc"
