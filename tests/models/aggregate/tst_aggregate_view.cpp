// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/aggregate/aggregate_view.h"
#include "tests/models/aggregate/aggregate_store.h"

#include <QSignalSpy>
#include <QTest>

using namespace models::aggregate;
using connectors::ErrorCode;
using tests::AggregateStore;
using tests::counting;

namespace {

constexpr int LongMs = 20'000;

} // namespace

class TestAggregateView final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_jobs = std::make_unique<models::job::JobList>(); }

    void opensAtTheNewestVersion()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(150));
        AggregateView view(*m_jobs);
        view.open(store.open(), u"counter"_qs);
        QVERIFY(view.isOpening());
        QTRY_VERIFY_WITH_TIMEOUT(view.state().has_value(), LongMs);
        QCOMPARE(view.history()->versions(), 150);
        QCOMPARE(view.version(), 150);
        QCOMPARE(view.state()->folded.state, QByteArray("{\"n\":150}"));
        QCOMPARE(view.state()->folded.snapshot->version, 100);
        QCOMPARE(view.state()->lines.size(), size_t(3));
        QCOMPARE(m_jobs->runningCount(), 0);
    }

    void opensAtAnEvent()
    {
        AggregateStore store;
        store.append(u"other"_qs, counting(10));
        store.append(u"counter"_qs, counting(20));
        AggregateView view(*m_jobs);
        view.openAt(store.open(), u"counter"_qs, 15);
        QTRY_VERIFY_WITH_TIMEOUT(view.state().has_value(), LongMs);
        QCOMPARE(view.version(), 5);
    }

    void ofManyVersionsTheLastAskedForIsShown()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(150));
        AggregateView view(*m_jobs);
        view.open(store.open(), u"counter"_qs);
        QTRY_VERIFY_WITH_TIMEOUT(view.state().has_value(), LongMs);
        QSignalSpy received(&view, &AggregateView::stateReceived);
        for (int version = 1; version <= 120; ++version)
            view.showVersion(version);
        QTRY_COMPARE_WITH_TIMEOUT(view.state()->folded.version, 120, LongMs);
        QCOMPARE(received.count(), 2); // the first was under way
        view.showVersion(0);
        view.showVersion(151);
        QCOMPARE(view.version(), 120);
    }

    void anAnswerThatNobodyWaitsForIsDropped()
    {
        AggregateStore store;
        store.append(u"first"_qs, counting(300));
        store.append(u"second"_qs, counting(3));
        AggregateView view(*m_jobs);
        QSignalSpy opened(&view, &AggregateView::opened);
        view.open(store.open(), u"first"_qs);
        view.open(store.open(), u"second"_qs);
        QTRY_VERIFY_WITH_TIMEOUT(view.state().has_value(), LongMs);
        QCOMPARE(view.history()->id, u"second"_qs);
        QCOMPARE(opened.count(), 1);
        view.close();
        QVERIFY(!view.history());
    }

    void whatFailsIsTold()
    {
        AggregateStore store;
        store.append(u"first"_qs, counting(3));
        AggregateView view(*m_jobs);
        QSignalSpy opened(&view, &AggregateView::opened);
        view.open(store.open(), u"nowhere"_qs);
        QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, LongMs);
        QCOMPARE(view.error()->code, ErrorCode::NotFound);
        QVERIFY(!view.history());
        AggregateView refusing(*m_jobs, [] { return connectors::Result<Upcasts>(connectors::failure(ErrorCode::Conflict, QStringLiteral("They disagree."))); });
        refusing.open(store.open(), u"first"_qs);
        QTRY_VERIFY_WITH_TIMEOUT(refusing.error().has_value(), LongMs);
        QCOMPARE(refusing.error()->message, u"They disagree."_qs);
    }

    void verifiesOnDemand()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(250));
        AggregateView view(*m_jobs);
        view.open(store.open(), u"counter"_qs);
        QTRY_VERIFY_WITH_TIMEOUT(view.state().has_value(), LongMs);
        view.verify();
        QVERIFY(view.isVerifying());
        QTRY_VERIFY_WITH_TIMEOUT(view.verification().has_value(), LongMs);
        QCOMPARE(view.verification()->compared, 2);
        QVERIFY(view.verification()->isSound());
        QVERIFY(!view.isVerifying());
    }

    void canGoWhileItWorks()
    {
        AggregateStore store;
        store.append(u"counter"_qs, counting(250));
        AggregateView view(*m_jobs);
        view.open(store.open(), u"counter"_qs);
    }

private:
    std::unique_ptr<models::job::JobList> m_jobs;
};

QTEST_GUILESS_MAIN(TestAggregateView)
#include "tst_aggregate_view.moc"
