// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/exact_number.h"

#include <QTest>

using namespace connectors;

namespace {

QString textOf(const std::optional<std::string> &number)
{
    return number ? QString::fromStdString(*number) : QStringLiteral("none");
}

} // namespace

class TestExactNumber final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalNumbersAreEqualTexts_data()
    {
        QTest::addColumn<QByteArray>("written");
        QTest::addColumn<QString>("canonical");
        const auto row = [](const char *written, const char *canonical) { QTest::addRow("“%s”", written) << QByteArray(written) << QString::fromLatin1(canonical); };
        row("0", "0");
        row("-0", "0");
        row("-0.000", "0");
        row("0e999999999999", "0");
        row("12", "12");
        row("12.50", "12.5");
        row("1.0", "1");
        row("1e3", "1000");
        row("1.25E+2", "125");
        row("125e-2", "1.25");
        row("-5e-3", "-0.005");
        row("0.10", "0.1");
        row("9007199254740993", "9007199254740993");
        row("123456789012345678901234567890.0123456789", "123456789012345678901234567890.0123456789");
        row("1e1001", "none");
        row("1e-1001", "none");
        row("1e99999999999999999999", "none");
        for (const char *wrong : {"", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1 ", "NaN", "1e1.5"})
            row(wrong, "none");
    }
    void equalNumbersAreEqualTexts()
    {
        QFETCH(const QByteArray, written);
        QTEST(textOf(canonicalNumber(written.toStdString())), "canonical");
    }

    void wholeNumbersHaveSixtyFourBits()
    {
        QCOMPARE(wholeNumber("9223372036854775807"), std::optional<int64_t>(9223372036854775807LL));
        QCOMPARE(wholeNumber("-9223372036854775808"), std::optional<int64_t>(-9223372036854775807LL - 1));
        QCOMPARE(wholeNumber("2e3"), std::optional<int64_t>(2000));
        QCOMPARE(wholeNumber("7.0"), std::optional<int64_t>(7));
        for (const char *none : {"9223372036854775808", "0.5", "x", "1e400"})
            QVERIFY2(!wholeNumber(none), none);
    }

    void sumsAreExact_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<QString>("sum");
        const auto row = [](const char *left, const char *right, const char *sum) {
            QTest::addRow("%s + %s", left, right) << QByteArray(left) << QByteArray(right) << QString::fromLatin1(sum);
        };
        row("0.1", "0.2", "0.3");
        row("9007199254740993", "1", "9007199254740994");
        row("-1.5", "1.5", "0");
        row("-2", "0.75", "-1.25");
        row("0.9", "0.1", "1");
        row("12345678901234567890123456.789", "0.000000001", "12345678901234567890123456.789000001");
        row("99999999999999999999999999999999999999", "0", "99999999999999999999999999999999999999");
        row("99999999999999999999999999999999999999", "1", "none");
        row("99999999999999999999999999999999999999", "0.1", "none");
        row("-99999999999999999999999999999999999999", "-1", "none");
        row("99999999999999999999999999999999999999", "99999999999999999999999999999999999999", "none");
    }
    void sumsAreExact()
    {
        QFETCH(const QByteArray, left);
        QFETCH(const QByteArray, right);
        QTEST(textOf(exactSum(left.toStdString(), right.toStdString())), "sum");
    }

    void digitsAreCounted()
    {
        const auto counts = [](const char *number) {
            const DigitCounts found = digitCounts(number);
            return QStringLiteral("%1.%2").arg(found.whole).arg(found.fraction);
        };
        QCOMPARE(counts("0"), QStringLiteral("0.0"));
        QCOMPARE(counts("-0.05"), QStringLiteral("0.2"));
        QCOMPARE(counts("-1234.5"), QStringLiteral("4.1"));
    }
};

QTEST_GUILESS_MAIN(TestExactNumber)
#include "tst_exact_number.moc"
