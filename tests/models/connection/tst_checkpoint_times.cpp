// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/checkpoint_times.h"
#include "tests/support/fake_event_connector.h"

#include <QSignalSpy>
#include <QTest>

using connectors::PartitionRead;
using models::connection::CheckpointTimes;

namespace {

const QString Orders = QStringLiteral("orders");

PartitionRead place(qint64 from, int partition = 0)
{
    return {Orders, partition, from, 10, from, 0};
}

} // namespace

class TestCheckpointTimes final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_events = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
        for (int i = 0; i < 10; ++i)
            m_events->add(Orders, {QStringLiteral("e-%1").arg(i), QStringLiteral("OrderPlaced"), {}, {}, {}, {}});
        m_times = std::make_unique<CheckpointTimes>(m_events);
        m_changed = std::make_unique<QSignalSpy>(m_times.get(), &CheckpointTimes::changed);
    }

    void theTimeIsThatOfTheEventAtThePlace()
    {
        QCOMPARE(m_times->timeOf(Orders, 0, 3), std::nullopt);
        m_times->read({place(3)});
        QTRY_COMPARE(m_changed->count(), 1);
        QVERIFY(m_times->timeOf(Orders, 0, 3));
        m_times->read({place(5)});
        QTRY_COMPARE(m_changed->count(), 2);
        QCOMPARE(*m_times->timeOf(Orders, 0, 5) - *m_times->timeOf(Orders, 0, 3), 2000); // its events are a second apart
    }

    void aPlaceIsReadOnce()
    {
        m_times->read({place(3)});
        QTRY_COMPARE(m_changed->count(), 1);
        const int reads = m_events->reads();
        m_times->read({place(3)});
        QCOMPARE(m_events->reads(), reads);
        m_times->read({place(10)}); // nothing waits there
        QCOMPARE(m_events->reads(), reads);
    }

    void twoPlacesOfAPartitionAreReadOneAfterTheOther()
    {
        const std::vector<PartitionRead> both{place(3), place(7)};
        m_times->read(both);
        m_times->read(both); // the first is still under way
        QTRY_COMPARE(m_changed->count(), 1);
        QVERIFY(m_times->timeOf(Orders, 0, 3) && !m_times->timeOf(Orders, 0, 7));
        m_times->read(both);
        QTRY_COMPARE(m_changed->count(), 2);
        QVERIFY(m_times->timeOf(Orders, 0, 7));
    }

    void aReadThatFailedIsMadeAgainWhenAskedAgain()
    {
        m_events->failWith({connectors::ErrorCode::TimedOut, QStringLiteral("No answer."), {}, true});
        m_times->read({place(3)});
        const int reads = m_events->reads();
        QTRY_VERIFY((m_times->read({place(3)}), m_events->reads() > reads));
        QCOMPARE(m_times->timeOf(Orders, 0, 3), std::nullopt);
        QCOMPARE(m_changed->count(), 0);
    }

    void whatIsForgottenIsReadAgain()
    {
        m_times->read({place(3)});
        QTRY_COMPARE(m_changed->count(), 1);
        m_times->forget();
        QCOMPARE(m_times->timeOf(Orders, 0, 3), std::nullopt);
        m_times->read({place(3)});
        QTRY_COMPARE(m_changed->count(), 2);
    }

private:
    std::shared_ptr<tests::FakeEventConnector> m_events;
    std::unique_ptr<CheckpointTimes> m_times;
    std::unique_ptr<QSignalSpy> m_changed;
};

QTEST_GUILESS_MAIN(TestCheckpointTimes)
#include "tst_checkpoint_times.moc"
