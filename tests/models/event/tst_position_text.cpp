// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/position_text.h"

#include <QTest>

using namespace connectors;
using namespace models::event;

namespace {

constexpr EpochMs Now = 1'767'225'600'000; // 2026-01-01T00:00:00Z

/// A position as text, so that a failure can be read.
QString shown(const Result<PositionSpec> &position)
{
    struct Visitor {
        QString operator()(Earliest) const { return QStringLiteral("earliest"); }
        QString operator()(Latest) const { return QStringLiteral("latest"); }
        QString operator()(AtPosition at) const { return QStringLiteral("position %1").arg(at.position); }
        QString operator()(AtTime at) const { return QStringLiteral("time %1").arg(timeText(at.time)); }
        QString operator()(Newest newest) const { return QStringLiteral("newest %1").arg(newest.count); }
    };
    return position ? std::visit(Visitor(), *position) : QStringLiteral("refused");
}

} // namespace

class TestPositionText final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPositionIsUnderstood_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *text, const char *expected) { QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(expected); };
        row("earliest", "earliest");
        row("latest", "latest");
        row("0", "position 0");
        row("9007199254740993", "position 9007199254740993");
        row("9223372036854775807", "position 9223372036854775807");
        row("9223372036854775808", "refused");
        row("last:100", "newest 100");
        row("last:-1", "refused");
        row("last:", "refused");
        row("-30m", "time 2025-12-31T23:30:00.000Z");
        row("-1d12h", "time 2025-12-30T12:00:00.000Z");
        row("-30", "refused");
        row("2026-01-31", "time 2026-01-31T00:00:00.000Z");
        row("2026-01-31T12:00:00Z", "time 2026-01-31T12:00:00.000Z");
        row("2026-01-31 12:00", "time 2026-01-31T12:00:00.000Z");
        row("2026-01-31T12:00:00.5+01:30", "time 2026-01-31T10:30:00.500Z");
        row("2026-01-31T12:00:00.123456Z", "time 2026-01-31T12:00:00.123Z");
        row("2026-02-30T12:00:00Z", "refused");
        row("2026-01-31T25:00:00Z", "refused");
        row("Earliest", "refused");
        row("", "refused");
        row("１２", "refused");
    }

    void aPositionIsUnderstood()
    {
        QFETCH(QString, text);
        QFETCH(QString, expected);
        QCOMPARE(shown(parsePosition(text, Now)), expected);
    }

    void aRefusalQuotesTheTextAndSaysWhatWouldDo()
    {
        const auto position = parsePosition(QStringLiteral("yesterdayish"), Now);
        QCOMPARE(position.error().code, ErrorCode::InvalidInput);
        QVERIFY(position.error().message.contains(u"yesterdayish"));
        QVERIFY(position.error().advice.contains(u"last:100"));
    }

    void aRangeThatEndsBeforeItBeginsIsRefusedWithBothBounds()
    {
        const auto rangeOf = [](const char *from, const char *to) { return parseRange(QString::fromUtf8(from), QString::fromUtf8(to), Now); };
        for (const auto &[from, to] : std::vector<std::pair<const char *, const char *>>{{"10", "5"}, {"-5m", "-10m"}, {"2026-01-31", "2026-01-30T23:59:59Z"}}) {
            const auto range = rangeOf(from, to);
            QVERIFY2(!range, from);
            QCOMPARE(range.error().code, ErrorCode::InvalidInput);
            QVERIFY(range.error().message.contains(QString::fromUtf8(from)) && range.error().message.contains(QString::fromUtf8(to)));
        }
        for (const auto &[from, to] : std::vector<std::pair<const char *, const char *>>{{"5", "10"}, {"5", "5"}, {"10", "-5m"}, {"latest", "earliest"}, {"-10m", "-5m"}, {"last:5", "2"}})
            QVERIFY2(rangeOf(from, to), from);
        QVERIFY(!rangeOf("5", "soon") && !rangeOf("soon", "5"));
    }

    void durationsHaveUnitsAndDoNotOverflow()
    {
        QCOMPARE(parseDuration(QStringLiteral("250ms")).value_or(-1), 250);
        QCOMPARE(parseDuration(QStringLiteral("1h30m")).value_or(-1), 5'400'000);
        QCOMPARE(parseDuration(QStringLiteral("2d")).value_or(-1), 172'800'000);
        QCOMPARE(parseDuration(QStringLiteral("5min")).value_or(-1), 300'000);
        for (const QString &bad : {QStringLiteral(""), QStringLiteral("5"), QStringLiteral("s"), QStringLiteral("-5s"), QStringLiteral("5x"),
                                   QStringLiteral("999999999999w999999999999w")})
            QVERIFY2(!parseDuration(bad), qPrintable(bad));
    }
};

QTEST_GUILESS_MAIN(TestPositionText)
#include "tst_position_text.moc"
