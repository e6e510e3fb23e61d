// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/deadletter/letter_groups.h"

#include <QTest>

using namespace models::deadletter;
using connectors::DeadLetter;
using connectors::NoNumber;

namespace {

DeadLetter letter(const QString &reason, connectors::EpochMs diedAt, const QString &stream = QStringLiteral("orders"))
{
    DeadLetter made;
    made.reason = reason;
    made.diedAt = diedAt;
    made.originalStream = stream;
    return made;
}

QString printed(const std::vector<DepthStep> &steps)
{
    QStringList lines;
    for (const DepthStep &step : steps)
        lines += QStringLiteral("%1: +%2 = %3").arg(step.time).arg(step.arrivals).arg(step.depth);
    return lines.join(QStringLiteral(", "));
}

} // namespace

class TestLetterGroups final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theLargestGroupComesFirstAndKnowsItsTimes()
    {
        const auto groups = groupLetters({letter(QStringLiteral("late by 3 s"), 500), letter(QStringLiteral("declined"), 400),
                                          letter(QStringLiteral("late by 9 s"), 100), letter(QStringLiteral("late by 1 s"), NoNumber)},
                                         Grouping::ByCause);
        QCOMPARE(groups.size(), 2u);
        QCOMPARE(groups[0].cause.message, QStringLiteral("late by ‹n› s"));
        QCOMPARE(groups[0].letters, (std::vector<qsizetype>{0, 2, 3}));
        QCOMPARE(groups[0].firstSeen, 100);
        QCOMPARE(groups[0].lastSeen, 500);
    }

    void aCauseIsSplitByStreamAndOnDemandByText()
    {
        const std::vector<DeadLetter> letters = {letter(QStringLiteral("late by 3 s"), 1), letter(QStringLiteral("late by 4 s"), 2),
                                                 letter(QStringLiteral("late by 3 s"), 3, QStringLiteral("stock"))};
        QCOMPARE(groupLetters(letters, Grouping::ByCause).size(), 2u);
        QCOMPARE(groupLetters(letters, Grouping::ByExactText).size(), 3u);
    }

    void depthIsToldBackwardsFromTheDepthNow()
    {
        const std::vector<DeadLetter> letters = {letter({}, 35), letter({}, 20), letter({}, 19), letter({}, 5), letter({}, NoNumber)};
        QCOMPARE(printed(depthOverTime(letters, 10, 0, 30, 3)), QStringLiteral("0: +1 = 7, 10: +1 = 8, 20: +1 = 9"));
    }

    void lettersThatWereTakenOutNeverMakeADepthNegative()
    {
        QCOMPARE(printed(depthOverTime({letter({}, 5), letter({}, 15)}, 0, 0, 20, 2)), QStringLiteral("0: +1 = 0, 10: +1 = 0"));
    }

    void anEmptyRangeHasNoSteps()
    {
        QVERIFY(depthOverTime({letter({}, 5)}, 1, 10, 10, 5).empty());
        QVERIFY(depthOverTime({letter({}, 5)}, 1, 0, 10, 0).empty());
    }

    void onlyTheLastHourCounts()
    {
        constexpr connectors::EpochMs Now = 10'000'000;
        QCOMPARE(arrivalsInLastHour({letter({}, Now), letter({}, Now - 3'599'999), letter({}, Now - 3'600'000), letter({}, NoNumber)}, Now), 2);
    }
};

QTEST_GUILESS_MAIN(TestLetterGroups)
#include "tst_letter_groups.moc"
