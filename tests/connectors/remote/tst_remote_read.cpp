// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/remote_read.h"

#include "tests/support/store_fixture.h"

#include <QTest>

using namespace connectors;
using namespace connectors::remote;

/// One read, over the deaths of the processes that do it.
class TestRemoteRead final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_asked = 0;
        m_wasRefused = false;
        m_channel = makeEventChannel(EventChannel::WhenFull::Wait);
        m_read = std::make_unique<RemoteRead>(m_channel, ReadRequest(), RemoteRead::Calls{[](Call) {}, [this](const ReadRequest &) { ++m_asked; }, [this] { m_wasRefused = true; }});
        QTRY_COMPARE(m_asked.load(), 1);
    }
    void cleanup()
    {
        m_channel->cancel();
        m_read.reset();
    }

    void aReadThatGoesOnInAnotherProcessIsWhole()
    {
        tell(Reply::Progress, reportUpTo(500));
        dieAndGoOn();
        tell(Reply::Finished, reportUpTo(1000));
        const auto result = tests::readAll(m_channel).result;
        QVERIFY2(result, result ? "" : qPrintable(describe(result.error())));
        QCOMPARE(result->stopReason, StopReason::ReachedEnd);
    }

    void whatAnEarlierProcessLeftOutIsMissingInTheEnd_data()
    {
        QTest::addColumn<ReadReport>("told");
        QTest::addColumn<QString>("words");
        ReadReport leavingOut = reportUpTo(500);
        leavingOut.leftOut = {{u"orders"_qs, 0, 3, 11, u"exceeds the limit"_qs}};
        QTest::newRow("a batch") << leavingOut << u"The batch at partition 0, position 3 of “orders” exceeds the limit."_qs;
        ReadReport unread = reportUpTo(500);
        unread.unread = Error{ErrorCode::Incomplete, u"Partition 1 has no leader."_qs, {}, true};
        QTest::newRow("a partition") << unread << u"Partition 1 has no leader."_qs;
    }
    void whatAnEarlierProcessLeftOutIsMissingInTheEnd()
    {
        QFETCH(const ReadReport, told);
        QFETCH(const QString, words);
        tell(Reply::Progress, told);
        dieAndGoOn();
        tell(Reply::Finished, reportUpTo(1000));
        const auto result = tests::readAll(m_channel).result;
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Incomplete);
        QCOMPARE(result.error().message, words);
        QCOMPARE(m_channel->progress().stopReason, StopReason::Failed);
    }

    void moreThanItIsAllowedToSayIsRefused_data()
    {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<int>("times");
        EventBatchBuilder builder;
        EventRecord record;
        record.stream = builder.internStream(u"orders"_qs);
        builder.add(record);
        QTest::newRow("batches beyond its credits") << Writer(1, Reply::Batch, {}).whole(builder.take()).bytes() << 2 * BatchCredits + 1; // what is taken meanwhile gives some back
        ReadReport many = reportUpTo(500);
        many.leftOut.assign(1001, {u"orders"_qs, 0, 3, {}, {}});
        QTest::newRow("too much that is left out") << Writer(1, Reply::Progress, {}).whole(many).bytes() << 1;
        ReadReport large = reportUpTo(500);
        large.note = QString(16 * 1024 * 1024, u'x');
        QTest::newRow("a report that is too long") << Writer(1, Reply::Progress, {}).whole(large).bytes() << 1;
    }
    void moreThanItIsAllowedToSayIsRefused()
    {
        QFETCH(const QByteArray, said);
        QFETCH(const int, times);
        for (int i = 0; i < times; ++i)
            m_read->receive(Reader::reply(said), said.size());
        QTRY_VERIFY(m_wasRefused.load());
    }

    void thatTheOtherEndStandsStillIsToldWithThePlace()
    {
        tell(Reply::Progress, reportUpTo(500));
        QTRY_COMPARE(m_channel->progress().partitions.size(), size_t(1));
        m_read->tellStillness({ErrorCode::TimedOut, u"It does not respond."_qs, {}, true});
        QCOMPARE(m_channel->progress().note, u"It does not respond. Reading stands: orders/0 at position 500."_qs);
    }

private:
    static ReadReport reportUpTo(qint64 next)
    {
        ReadReport report;
        report.partitions = {{u"orders"_qs, 0, 0, 1000, next, next}};
        return report;
    }
    void tell(Reply kind, const ReadReport &report)
    {
        const QByteArray bytes = Writer(1, kind, {}).whole(report).bytes();
        m_read->receive(Reader::reply(bytes), bytes.size());
    }
    void dieAndGoOn()
    {
        m_read->lose();
        QTRY_COMPARE(m_asked.load(), 2);
    }

    std::atomic<int> m_asked = 0;
    std::atomic<bool> m_wasRefused = false;
    EventChannelPtr m_channel;
    std::unique_ptr<RemoteRead> m_read;
};

QTEST_GUILESS_MAIN(TestRemoteRead)
#include "tst_remote_read.moc"
