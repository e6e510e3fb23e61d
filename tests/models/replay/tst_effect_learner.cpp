// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/effect_learner.h"
#include "tests/support/fake_event_connector.h"
#include "tests/support/qt_warnings_fail.h"

#include <QSignalSpy>
#include <QTest>

using namespace connectors;
using namespace models::replay;

class TestEffectLearner final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail = std::make_unique<tests::QtWarningsFail>();
        m_connector = std::make_shared<tests::FakeEventConnector>(QStringLiteral("fake"));
    }
    void cleanup() { m_warningsFail.reset(); }

    void whatTheEventsCausedIsScaledToAllThatAreReplayed()
    {
        // 1,000 orders in 250 flows; each asks for a payment, each fourth also fails something.
        for (int i = 0; i < 1000; ++i)
            addOrder(i);
        for (int i = 0; i < 1000; ++i) {
            m_connector->add(QStringLiteral("payments"), {number("p", i), QStringLiteral("PaymentRequested"), number("o", i), {}, {}, {}});
            if (i % 4 == 0)
                m_connector->add(QStringLiteral("mails"), {number("m", i), QStringLiteral("MailSent"), number("o", i), {}, {}, {}});
        }
        m_connector->add(QStringLiteral("payments"), {QStringLiteral("x"), QStringLiteral("Unrelated"), QStringLiteral("elsewhere"), {}, {}, {}});
        const LearnedEffects learned = learn(0, 1000);
        QCOMPARE(learned.sampled, 500);
        QCOMPARE(learned.traces, 128); // three of the five stretches begin within a flow
        QVERIFY(learned.isComplete);
        QCOMPARE(learned.effects, (std::vector<LearnedEffects::Effect>{{QStringLiteral("PaymentRequested"), 500}, {QStringLiteral("MailSent"), 125}}));
        QCOMPARE(learned.expected(learned.effects[0], 12'430), 12'430);
        QCOMPARE(learned.expected(learned.effects[1], 1000), 250);
    }

    void effectsOfOldEventsAreFoundBehindManyNewOnesWithoutAny()
    {
        for (int i = 0; i < 10'000; ++i)
            addOrder(i);
        for (int i = 0; i < 5'000; ++i)
            m_connector->add(QStringLiteral("payments"), {number("p", i), QStringLiteral("PaymentRequested"), number("o", i), {}, {}, {}});
        const LearnedEffects learned = learn(0, 10'000);
        QCOMPARE(learned.sampled, 500);
        QVERIFY(learned.isComplete && !learned.isNewestOnly);
        QCOMPARE(learned.effects, (std::vector<LearnedEffects::Effect>{{QStringLiteral("PaymentRequested"), 250}}));
    }

    void aSearchThatDoesNotGetToTheOldEventsTellsOfTheNewOnes()
    {
        for (int i = 0; i < 1000; ++i) {
            addOrder(i);
            m_connector->add(QStringLiteral("payments"), {number("p", i), QStringLiteral("PaymentRequested"), number("o", i), {}, {}, {}});
        }
        m_connector->hangAfter(3); // the sample and two searches
        EffectLearner learner;
        QSignalSpy learned(&learner, &EffectLearner::learned);
        learner.learn(m_connector, plan(0, 1000), Environment::Development, std::chrono::milliseconds(300));
        QTRY_COMPARE(learned.size(), 1);
        const auto effects = learned[0][0].value<LearnedEffects>();
        QVERIFY(effects.isNewestOnly && effects.isComplete);
        QCOMPARE(effects.sampled, 200);
        QCOMPARE(effects.expected(effects.effects[0], 1000), 1000);
    }

    void onlyWhatThePlanProcessesAgainIsLookedAt()
    {
        for (int i = 0; i < 10; ++i)
            addOrder(i);
        m_connector->add(QStringLiteral("payments"), {QStringLiteral("p"), QStringLiteral("PaymentRequested"), number("o", 2), {}, {}, {}});
        QCOMPARE(learn(5, 8).sampled, 3);
        QVERIFY(learn(5, 8).effects.empty());
        QCOMPARE(learn(2, 3).effects.size(), size_t(1));
    }

    void eventsWithoutAnIdTeachNothing()
    {
        m_connector->add(QStringLiteral("orders"), {{}, QStringLiteral("OrderPlaced"), {}, {}, {}, {}});
        const LearnedEffects learned = learn(0, 1);
        QCOMPARE(learned.sampled, 0);
        QCOMPARE(learned.withoutId, 1);
        QCOMPARE(m_connector->reads(), 1); // and nothing is searched for
    }

    void aPlanThatReplaysNothingReadsNothing()
    {
        addOrder(0);
        QCOMPARE(learn(1, 1).sampled, 0);
        QCOMPARE(m_connector->reads(), 0);
    }

    void aSearchThatTakesTooLongIsNotComplete()
    {
        addOrder(0);
        m_connector->hang();
        EffectLearner learner;
        QSignalSpy learned(&learner, &EffectLearner::learned);
        learner.learn(m_connector, plan(0, 1), Environment::Development, std::chrono::milliseconds(20));
        QVERIFY(learner.isLearning());
        QTRY_COMPARE(learned.size(), 1);
        QVERIFY(!learned[0][0].value<LearnedEffects>().isComplete);
        QVERIFY(!learner.isLearning());
    }

    void itLetsGoOfTheConnectionWhenItIsDone()
    {
        addOrder(0);
        const auto users = m_connector.use_count();
        EffectLearner learner;
        QSignalSpy learned(&learner, &EffectLearner::learned);
        learner.learn(m_connector, plan(0, 1), Environment::Development);
        QVERIFY(m_connector.use_count() > users);
        QTRY_COMPARE(learned.size(), 1);
        QCOMPARE(m_connector.use_count(), users);
    }

    void aFailureIsTold()
    {
        addOrder(0);
        m_connector->failWith({ErrorCode::CannotConnect, QStringLiteral("It is gone."), {}, true});
        EffectLearner learner;
        QSignalSpy failed(&learner, &EffectLearner::failed);
        learner.learn(m_connector, plan(0, 1), Environment::Development);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed[0][0].value<Error>().message, QStringLiteral("It is gone."));
    }

private:
    static QString number(const char *prefix, int i) { return QString::fromLatin1(prefix) + QString::number(i); }

    void addOrder(int i) { m_connector->add(QStringLiteral("orders"), {number("o", i), QStringLiteral("OrderPlaced"), {}, number("flow", i / 4), {}, {}}); }

    static Plan plan(qint64 after, qint64 before)
    {
        PlanRow row;
        row.stream = QStringLiteral("orders");
        row.before = before;
        row.after = after;
        row.start = 0;
        row.end = before;
        row.replayed = before - after;
        Plan plan;
        plan.rows = {row};
        return plan;
    }

    LearnedEffects learn(qint64 after, qint64 before)
    {
        EffectLearner learner;
        QSignalSpy learned(&learner, &EffectLearner::learned);
        learner.learn(m_connector, plan(after, before), Environment::Production);
        if (learned.isEmpty() && !learned.wait(30'000))
            qFatal("Nothing was learned.");
        return learned[0][0].value<LearnedEffects>();
    }

    std::unique_ptr<tests::QtWarningsFail> m_warningsFail;
    std::shared_ptr<tests::FakeEventConnector> m_connector;
};

QTEST_GUILESS_MAIN(TestEffectLearner)
#include "tst_effect_learner.moc"
