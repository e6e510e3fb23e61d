// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/trace/trace_bodies.h"
#include "models/trace/trace_finder.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/fake_event_connector.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

using namespace connectors;
using namespace models::trace;
using models::job::JobState;
using tests::FakeEventConnector;

class TestTraceFinder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_kafka = std::make_shared<FakeEventConnector>(QStringLiteral("kafka"));
        m_store = std::make_shared<FakeEventConnector>(QStringLiteral("store"));
        m_store->add(u"orders"_qs, {u"o1"_qs, u"OrderPlaced"_qs, {}, u"flow-1"_qs, u"order-1"_qs, {}});
        m_kafka->add(u"payments"_qs, {u"p1"_qs, u"PaymentFailed"_qs, u"o1"_qs, u"flow-1"_qs, u"payment-1"_qs, u"k1"_qs});
        m_store->add(u"loose"_qs, {u"l1"_qs, u"Seen"_qs, {}, {}, {}, {}});
        m_store->add(u"loose"_qs, {u"l2"_qs, u"Noted"_qs, u"l1"_qs, {}, {}, {}});
        m_store->add(u"loose"_qs, {{}, u"Bare"_qs, {}, {}, {}, {}});
        m_jobs = std::make_unique<models::job::JobList>();
        m_workspace = std::make_unique<models::connection::Workspace>(m_opener);
        for (const auto &[name, connector] : {std::pair(u"kafka"_qs, m_kafka), std::pair(u"store"_qs, m_store)}) {
            ConnectionSpec spec;
            spec.name = name;
            m_workspace->add(spec, connector);
        }
        m_finder = std::make_unique<TraceFinder>(*m_workspace, *m_jobs);
    }

    void cleanup()
    {
        m_finder.reset();
        m_workspace.reset();
        m_jobs.reset();
    }

    void findsAFlowOverAllConnectionsAsAJob()
    {
        find(QStringLiteral("k1"));
        QTRY_VERIFY(!m_finder->isSearching());
        QCOMPARE(ids(), QStringLiteral("o1 p1"));
        QCOMPARE(m_finder->found()->trace().connections.size(), size_t(2));
        QCOMPARE(m_jobs->jobs().size(), 1);
        QCOMPARE(m_jobs->jobs().front()->state(), JobState::Succeeded);
    }

    void aSystemThatIsOpenUnderTwoNamesIsSearchedOnce()
    {
        ConnectionSpec spec;
        spec.name = QStringLiteral("store again");
        models::connection::Connection *again = m_workspace->add(spec, m_store);
        QTRY_VERIFY(again->identity());
        find(QStringLiteral("k1"));
        QTRY_VERIFY(!m_finder->isSearching());
        QCOMPARE(ids(), QStringLiteral("o1 p1"));
        QCOMPARE(m_finder->found()->trace().connections, (std::vector<QString>{QStringLiteral("kafka"), QStringLiteral("store")}));
        // An address is looked for where it was seen.
        TraceRequest request;
        request.address = EventAddress{QStringLiteral("orders"), 0, 0};
        request.connection = spec.name;
        m_finder->find(request);
        QTRY_VERIFY(!m_finder->isSearching());
        QCOMPARE(m_finder->found()->trace().connections, (std::vector<QString>{QStringLiteral("kafka"), spec.name}));
        QCOMPARE(ids(), QStringLiteral("o1 p1"));
    }

    void anAddressLeadsToItsFlow()
    {
        TraceRequest request;
        request.address = EventAddress{QStringLiteral("payments"), 0, 0};
        request.connection = QStringLiteral("kafka");
        m_finder->find(request);
        QTRY_VERIFY(!m_finder->isSearching());
        QCOMPARE(ids(), QStringLiteral("o1 p1"));
    }

    void anAddressWithoutACorrelationIdShowsCausesAndEffects()
    {
        TraceRequest request;
        request.address = EventAddress{QStringLiteral("loose"), 0, 1};
        m_finder->find(request);
        QTRY_VERIFY(!m_finder->isSearching());
        QCOMPARE(ids(), QStringLiteral("l1 l2"));
    }

    void anEventWithoutAnyIdIsShownAlone()
    {
        TraceRequest request;
        request.address = EventAddress{QStringLiteral("loose"), 0, 2};
        m_finder->find(request);
        QTRY_VERIFY(!m_finder->isSearching());
        QVERIFY(!m_finder->error());
        QCOMPARE(m_finder->found()->trace().events.size(), size_t(1));
    }

    void aTypedAddressThatIsNoneIsSearchedAsText()
    {
        find(QStringLiteral("payments/0@0"));
        QTRY_VERIFY(!m_finder->isSearching());
        QCOMPARE(ids(), QStringLiteral("o1 p1"));
        find(QStringLiteral("nobody@12"));
        QTRY_VERIFY(!m_finder->isSearching());
        QVERIFY(!m_finder->error());
        QCOMPARE(ids(), QString());
    }

    void anAddressThatIsNoLongerStoredSaysSo()
    {
        TraceRequest request;
        request.address = EventAddress{QStringLiteral("orders"), 0, 99};
        m_finder->find(request);
        QTRY_VERIFY(!m_finder->isSearching());
        QCOMPARE(m_finder->error()->code, ErrorCode::NotFound);
        QVERIFY(m_finder->error()->message.contains(QStringLiteral("orders/0@99")));
    }

    void theTimeRangeRulesTheSearch()
    {
        TraceRequest request;
        request.text = QStringLiteral("o1");
        request.from = 1000;
        m_finder->find(request);
        QTRY_VERIFY(!m_finder->isSearching());
        QVERIFY(!ids().contains(QStringLiteral("o1")));
        request.from.reset();
        m_finder->find(request);
        QTRY_VERIFY(!m_finder->isSearching());
        QCOMPARE(ids(), QStringLiteral("o1 p1"));
    }

    void aCancelledSearchKeepsWhatItHas()
    {
        m_kafka->hang();
        find(QStringLiteral("flow-1"), KnownAs::CorrelationId);
        m_finder->cancel();
        QTRY_VERIFY(!m_finder->isSearching());
        QVERIFY(m_finder->wasCancelled());
        QCOMPARE(m_jobs->jobs().front()->state(), JobState::Cancelled);
    }

    void theAnswerOfAnEarlierSearchIsDropped()
    {
        m_kafka->hang();
        find(QStringLiteral("flow-1"), KnownAs::CorrelationId);
        QSignalSpy finished(m_finder.get(), &TraceFinder::searchFinished);
        find(QStringLiteral("l1"), KnownAs::EventId);
        m_finder->cancel();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(m_finder->request().text, QStringLiteral("l1"));
        QTRY_COMPARE(m_jobs->runningCount(), 0);
        QCOMPARE(finished.size(), 1);
    }

    void whenEverythingFailsTheJobFailsToo()
    {
        for (const auto &connector : {m_kafka, m_store})
            connector->failWith({ErrorCode::CannotConnect, u"Nobody answers."_qs, {}, true});
        find(QStringLiteral("flow-1"), KnownAs::CorrelationId);
        QTRY_VERIFY(!m_finder->isSearching());
        QCOMPARE(m_finder->error()->message, QStringLiteral("Nobody answers."));
        QVERIFY(!m_finder->found());
        QCOMPARE(m_jobs->jobs().front()->state(), JobState::Failed);
    }

    void destroyingItEndsTheSearch()
    {
        m_kafka->hang();
        find(QStringLiteral("flow-1"), KnownAs::CorrelationId);
        m_finder.reset();
        QCOMPARE(m_jobs->runningCount(), 0);
    }

    void recentFlowsAreTheNewestFirst()
    {
        m_store->add(u"orders"_qs, {u"o2"_qs, u"OrderPlaced"_qs, {}, u"flow-2"_qs, u"order-2"_qs, {}});
        QList<FlowSummary> seen;
        connect(m_finder.get(), &TraceFinder::recentFlowsFound, this, [&seen](const std::vector<FlowSummary> &flows) {
            seen = QList<FlowSummary>(flows.cbegin(), flows.cend());
        });
        m_finder->findRecentFlows(false);
        QTRY_COMPARE(seen.size(), 2);
        QCOMPARE(seen[0].name, QStringLiteral("flow-2"));
        QCOMPARE(seen[1].events, 2);
        QCOMPARE(seen[1].failures, 1);
        QCOMPARE(m_jobs->jobs().size(), 0); // nobody asked
        m_finder->findRecentFlows(true);
        QTRY_VERIFY(!m_finder->isFindingRecentFlows());
        QCOMPARE(m_jobs->jobs().size(), 1);
    }

    void lettersMarkTheirEvents()
    {
        auto letters = std::make_shared<tests::FakeDeadLetterConnector>();
        DeadLetter byId;
        byId.eventId = QStringLiteral("o1");
        DeadLetter byPlace;
        byPlace.original = EventAddress{QStringLiteral("payments"), 0, 0};
        letters->setLetters(QStringLiteral("dlq"), {byId, byPlace});
        Trace trace = *searchFlow({{u"kafka"_qs, m_kafka}, {u"store"_qs, m_store}}, requestOf(QStringLiteral("flow-1")), {});
        // The place is one of the connection that has the letter, which is no source of the payment.
        QCOMPARE(markDeadLetters(trace, {{u"kafka"_qs, letters}, {u"store"_qs, letters}}, {{1, QStringLiteral("dlq"), true}}, {}), 1);
        QCOMPARE(markDeadLetters(trace, {{u"kafka"_qs, letters}, {u"store"_qs, letters}}, {{0, QStringLiteral("dlq"), true}}, {}), 2);
    }

    void anExportReadsTheBodiesAgain()
    {
        const std::vector<TraceSource> sources{{u"kafka"_qs, m_kafka}, {u"store"_qs, m_store}};
        Trace trace = *searchFlow(sources, requestOf(QStringLiteral("flow-1")), {});
        trace.events.push_back(trace.events.front());
        trace.events.back().address.position = 99; // retention took it meanwhile
        models::job::JobProgress progress;
        const auto json = traceWithBodies(*joinTrace(std::move(trace)), sources, progress);
        QVERIFY(json.has_value());
        const QJsonArray events = QJsonDocument::fromJson(*json).object()[u"events"].toArray();
        QCOMPARE(events.size(), 3);
        QCOMPARE(events[0][u"payload"][u"eventId"].toString(), QStringLiteral("p1")); // both began at 0; the first connection's first
        QCOMPARE(events[0][u"connection"].toString(), QStringLiteral("kafka"));
        QCOMPARE(events[2][u"stored"].toBool(true), false);
        QCOMPARE(progress.done.load(), 3);
    }

private:
    static TraceRequest requestOf(const QString &text, KnownAs knownAs = KnownAs::Anything)
    {
        TraceRequest request;
        request.text = text;
        request.knownAs = knownAs;
        return request;
    }

    void find(const QString &text, KnownAs knownAs = KnownAs::Anything) { m_finder->find(requestOf(text, knownAs)); }

    [[nodiscard]] QString ids() const
    {
        QStringList ids;
        for (const TraceEvent &event : m_finder->found()->trace().events)
            ids += event.eventId;
        ids.sort();
        return ids.join(u' ');
    }

    tests::NoOpener m_opener;
    std::shared_ptr<FakeEventConnector> m_kafka;
    std::shared_ptr<FakeEventConnector> m_store;
    std::unique_ptr<models::job::JobList> m_jobs;
    std::unique_ptr<models::connection::Workspace> m_workspace;
    std::unique_ptr<TraceFinder> m_finder;
};

QTEST_GUILESS_MAIN(TestTraceFinder)
#include "tst_trace_finder.moc"
