// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/quarantine.h"

#include <QTest>

#include <csignal>

using namespace connectors;
using namespace connectors::remote;

namespace {

constexpr qint64 Gibibyte = 1LL << 30;

EventAddress place(qint64 position, int partition = 3)
{
    return {u"orders"_qs, partition, position};
}

/// Its first process has died, and the second runs.
void makeCautious(Quarantine &quarantine)
{
    std::ignore = quarantine.learnFromDeath(SIGKILL);
    quarantine.begin();
}

} // namespace

class TestQuarantine final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theFirstDeathOnlyAsksForCare()
    {
        Quarantine quarantine(Gibibyte);
        QVERIFY(!quarantine.isCautious());
        QVERIFY(!quarantine.learnFromDeath(SIGABRT));
        QVERIFY(quarantine.isCautious());
        QVERIFY(quarantine.batches().empty());
    }

    void aDeathAtAnAnnouncedPlaceNamesTheBatch()
    {
        Quarantine quarantine(Gibibyte);
        makeCautious(quarantine);
        quarantine.hear({place(1200)});
        quarantine.hear({place(1204)});
        QVERIFY(quarantine.learnFromDeath(SIGABRT));
        const std::vector<QuarantinedBatch> expected{{u"orders"_qs, 3, 1204, 1205, false, u"exceeds the limit (takes more than 1.00 GiB to read)"_qs}};
        QCOMPARE(quarantine.batches(), expected);
    }

    void whoWasNotAskedForCareIsNotHeard()
    {
        Quarantine quarantine(Gibibyte);
        quarantine.begin();
        quarantine.hear({place(1204)});
        QVERIFY(!quarantine.learnFromDeath(SIGABRT));
        QVERIFY(quarantine.batches().empty());
    }

    void positionsThatAreMadeUpEndNothing()
    {
        Quarantine quarantine(Gibibyte);
        makeCautious(quarantine);
        for (qint64 position : {qint64(0), qint64(1), std::numeric_limits<qint64>::max() - 1, std::numeric_limits<qint64>::max()}) {
            quarantine.hear({place(position)});
            std::ignore = quarantine.learnFromDeath(SIGABRT);
        }
        QCOMPARE(quarantine.batches().front().from, qint64(0));
        bool isLearning = true;
        for (int partition = 0; partition < 2000; ++partition) {
            quarantine.hear({place(7, partition)});
            isLearning = quarantine.learnFromDeath(SIGABRT);
        }
        QVERIFY(!isLearning);
        QCOMPARE(quarantine.batches().size(), size_t(1000));
    }

    void whatAnotherProcessAnnouncedIsNotAccused()
    {
        Quarantine quarantine(Gibibyte);
        makeCautious(quarantine);
        quarantine.hear({place(1204)});
        quarantine.begin();
        QVERIFY(!quarantine.learnFromDeath(SIGABRT));
        QVERIFY(quarantine.batches().empty());
    }

    void whatWasFinishedWithIsNotAccused()
    {
        Quarantine quarantine(Gibibyte);
        makeCautious(quarantine);
        quarantine.hear({place(1204)});
        quarantine.hear({std::nullopt});
        QVERIFY(!quarantine.learnFromDeath(SIGABRT));
        QVERIFY(quarantine.batches().empty());
    }

    void whoeverReadsOnTriesTheNextPositionAndThenDoublingSteps()
    {
        Quarantine quarantine(0);
        makeCautious(quarantine);
        quarantine.hear({place(100)});
        QVERIFY(quarantine.learnFromDeath(SIGSEGV));
        std::vector<qint64> tried;
        for (int i = 0; i < 5; ++i) {
            tried.push_back(quarantine.batches().front().next);
            quarantine.hear({place(tried.back())});
            QVERIFY(quarantine.learnFromDeath(SIGSEGV));
        }
        QCOMPARE(tried, (std::vector<qint64>{101, 102, 104, 108, 116}));
        QCOMPARE(quarantine.batches().size(), size_t(1));
        QVERIFY(!quarantine.batches().front().isEndKnown);
    }

    void theEndIsKnownWhenSomethingBehindIsSurvived()
    {
        Quarantine quarantine(0);
        makeCautious(quarantine);
        quarantine.hear({place(100)});
        QVERIFY(quarantine.learnFromDeath(SIGSEGV));
        quarantine.hear({place(101)});
        quarantine.hear({place(130)});
        QVERIFY(quarantine.batches().front().isEndKnown);
        QCOMPARE(quarantine.batches().front().next, qint64(101));
        QVERIFY(quarantine.learnFromDeath(SIGSEGV)); // another one, further on
        QCOMPARE(quarantine.batches().size(), size_t(2));
        QCOMPARE(quarantine.batches().back().from, qint64(130));
    }

    void partitionsAreKeptApart()
    {
        Quarantine quarantine(0);
        makeCautious(quarantine);
        quarantine.hear({place(100)});
        QVERIFY(quarantine.learnFromDeath(SIGSEGV));
        quarantine.hear({place(101, 4)});
        QVERIFY(quarantine.learnFromDeath(SIGSEGV));
        QCOMPARE(quarantine.batches().size(), size_t(2));
        QCOMPARE(quarantine.batches().back().partition, 4);
    }

    void whoeverIsEndedFromOutsideAccusesAPlaceOnlyTheSecondTime()
    {
        Quarantine quarantine(Gibibyte);
        makeCautious(quarantine);
        quarantine.hear({place(1204)});
        QVERIFY(!quarantine.learnFromDeath(SIGKILL));
        quarantine.hear({place(1300)});
        QVERIFY(!quarantine.learnFromDeath(SIGKILL)); // at another place
        quarantine.hear({place(1300)});
        QVERIFY(quarantine.learnFromDeath(SIGKILL));
        QCOMPARE(quarantine.batches().front().from, qint64(1300));
        QVERIFY2(quarantine.batches().front().why.contains(u"signal 9"_qs), qPrintable(quarantine.batches().front().why));
    }

    void whoeverReadSomethingElseTooAccusesAPlaceOnlyTheSecondTime()
    {
        Quarantine quarantine(Gibibyte);
        makeCautious(quarantine);
        quarantine.hear({place(1204), false});
        QVERIFY(!quarantine.learnFromDeath(SIGABRT));
        quarantine.hear({place(1204), false});
        QVERIFY(quarantine.learnFromDeath(SIGABRT));
    }

    void aReadMeetsTheFirstBatchOnItsWay()
    {
        const std::vector<QuarantinedBatch> batches{{u"orders"_qs, 3, 500, 510, true, {}}, {u"orders"_qs, 3, 100, 104, false, {}}};
        const ReadCaution caution(true, batches, [](const Announcement &) {});
        QCOMPARE(caution.met(u"orders"_qs, 3, 0, 1000)->from, qint64(100));
        QCOMPARE(caution.met(u"orders"_qs, 3, 102, 1000)->from, qint64(100)); // inside
        QCOMPARE(caution.met(u"orders"_qs, 3, 104, 1000)->from, qint64(500)); // the user says so
        QVERIFY(!caution.met(u"orders"_qs, 3, 510, 1000));
        QVERIFY(!caution.met(u"orders"_qs, 3, 0, 100));
        QVERIFY(!caution.met(u"orders"_qs, 2, 0, 1000));
        QVERIFY(!caution.met(u"payments"_qs, 3, 0, 1000));
    }

    void oneReadsWithCareAtATime()
    {
        std::vector<std::optional<EventAddress>> announced;
        const ReadCaution caution(true, {}, [&announced](const Announcement &announcement) { announced.push_back(announcement.place); });
        {
            const auto turn = caution.takeTurn(std::chrono::milliseconds(0), {});
            QVERIFY(turn.has_value());
            turn->announce(place(7));
            std::thread([&caution] { QVERIFY(!caution.takeTurn(std::chrono::milliseconds(1), {}).has_value()); }).join();
        }
        QVERIFY(caution.takeTurn(std::chrono::milliseconds(0), {}).has_value());
        QCOMPARE(announced, (std::vector<std::optional<EventAddress>>{place(7), std::nullopt, std::nullopt}));
    }

    void itLearnsWhereABatchEnds()
    {
        const ReadCaution caution(true, {{u"orders"_qs, 3, 100, 104, false, {}}}, [](const Announcement &) {});
        const auto turn = caution.takeTurn(std::chrono::milliseconds(0), {});
        turn->announce(place(104));
        QVERIFY(!caution.met(u"orders"_qs, 3, 0, 1000)->isEndKnown);
        turn->announce(place(120));
        QVERIFY(caution.met(u"orders"_qs, 3, 0, 1000)->isEndKnown);
    }

    void careEndsWhenNothingHasHappened()
    {
        const auto nobody = [](const Announcement &) {};
        QVERIFY(ReadCaution(true, {}, nobody).isOn());
        QVERIFY(!ReadCaution(true, {}, nobody, std::chrono::milliseconds(0)).isOn());
        QVERIFY(ReadCaution(true, {{u"orders"_qs, 3, 100, 104, false, {}}}, nobody, std::chrono::milliseconds(0)).isOn());
    }

    void whereNoCareIsAskedForNothingIsAnnounced()
    {
        const ReadCaution caution;
        const auto first = caution.takeTurn(std::chrono::milliseconds(0), {});
        const auto second = caution.takeTurn(std::chrono::milliseconds(0), {});
        QVERIFY(first && second);
        first->announce(place(7)); // nobody to tell
    }
};

QTEST_GUILESS_MAIN(TestQuarantine)
#include "tst_quarantine.moc"
