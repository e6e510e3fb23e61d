// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/event_store_connector.h"
#include "models/connection/workspace.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/fake_event_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "tests/support/store_fixture.h"
#include "ui/event/event_panel.h"
#include "ui/traces/causation_graph_view.h"
#include "ui/traces/trace_view.h"
#include "ui/traces/traces_page.h"
#include "ui/widgets/state_view.h"

#include <QClipboard>
#include <QComboBox>
#include <QDateTime>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

using connectors::ConnectionSpec;
using connectors::Environment;
using tests::FakeEventConnector;
using ui::frame::Place;
using ui::traces::TraceView;
using ui::traces::TracesPage;

class TestTracesPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warnings = std::make_unique<tests::QtWarningsFail>();
        m_jobs = std::make_unique<models::job::JobList>();
        m_workspace = std::make_unique<models::connection::Workspace>(m_opener);
        m_page = std::make_unique<TracesPage>(*m_workspace, *m_jobs);
        m_page->resize(1100, 720);
        // The fake's events are of 1970.
        m_page->setTimeRange({std::chrono::hours(1), 0, 100'000'000});
        m_page->show();
    }

    void cleanup()
    {
        m_page.reset();
        m_workspace.reset();
        m_jobs.reset();
        m_warnings.reset();
    }

    void withoutAConnectionItSaysSo()
    {
        QCOMPARE(state()->title(), QStringLiteral("No connection is open"));
    }

    void aTypedIdShowsItsFlow()
    {
        openShop(Environment::Production);
        QTRY_COMPARE(state()->title(), QStringLiteral("Which flow do you want to see?"));
        type(QStringLiteral("p1"));
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
        QVERIFY(hint().startsWith(QStringLiteral("“p1” is an event. Searched")));
        QCOMPARE(list()->model()->rowCount(), 1);
        QCOMPARE(m_page->place().object, QStringLiteral("p1"));
    }

    void aHintSaysHowTheTextIsUnderstoodWhileTyping()
    {
        openShop(Environment::Production);
        QTest::keyClicks(line(), QStringLiteral("orders/0@0"));
        QVERIFY(hint().contains(QStringLiteral("the place of one event: orders 0:0")));
        find<QComboBox>(QStringLiteral("trace-known-as"))->setCurrentIndex(4);
        Q_EMIT find<QComboBox>(QStringLiteral("trace-known-as"))->activated(4);
        QVERIFY(hint().contains(QStringLiteral("key")));
    }

    void nothingFoundSaysWhatWasSearchedAndOffersMore()
    {
        openShop(Environment::Production);
        m_page->setTimeRange({std::chrono::hours(1), 2000, 100'000'000});
        type(QStringLiteral("o1"), 2); // as an event id
        QTRY_COMPARE(state()->title(), QStringLiteral("Nothing was found for “o1”"));
        QVERIFY(state()->explanation().contains(QStringLiteral("payments 1 … 2, complete")) || state()->explanation().contains(QStringLiteral("complete")));
        auto *button = state()->findChild<QPushButton *>(QStringLiteral("state-button"));
        QCOMPARE(button->text(), QStringLiteral("Search further back, all times"));
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
        QVERIFY(find<QPushButton>(QStringLiteral("search-further"))->isHidden());
    }

    void anotherTimeRangeSearchesAgain()
    {
        openShop(Environment::Production);
        type(QStringLiteral("flow-1"), 1);
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
        m_page->setTimeRange({std::chrono::hours(1), 500, 100'000'000});
        QTRY_COMPARE(shown(), QStringLiteral("p1 s1"));
    }

    void anErrorIsShownWithAWayOut()
    {
        openShop(Environment::Production);
        m_shop->failWith({connectors::ErrorCode::TimedOut, QStringLiteral("shop did not answer."), QStringLiteral("Try again."), true});
        type(QStringLiteral("flow-1"));
        QTRY_COMPARE(state()->title(), QStringLiteral("“flow-1” could not be searched"));
        QVERIFY(state()->explanation().contains(QStringLiteral("did not answer")));
    }

    void aSearchIsCancelledByItsButton()
    {
        openShop(Environment::Production);
        m_shop->hang();
        type(QStringLiteral("flow-1"));
        QVERIFY(state()->title().startsWith(QStringLiteral("Searching for")));
        auto *button = find<QPushButton>(QStringLiteral("trace-search-button"));
        QCOMPARE(button->text(), QStringLiteral("Cancel"));
        QTest::mouseClick(button, Qt::LeftButton);
        QTRY_COMPARE(state()->title(), QStringLiteral("Nothing was found for “flow-1”"));
        QVERIFY(state()->explanation().contains(QStringLiteral("cancelled")));
    }

    void aPlaceWithAnAddressShowsTheFlowOfTheEvent()
    {
        openShop(Environment::Production);
        Place place{QStringLiteral("traces"), QStringLiteral("shop"), {}, connectors::EventAddress{QStringLiteral("payments"), 0, 0}};
        m_page->goTo(place);
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
        QCOMPARE(m_page->place(), place);
        m_page->goTo({QStringLiteral("traces"), {}, QStringLiteral("order-2"), {}});
        QTRY_COMPARE(shown(), QStringLiteral("o2"));
    }

    void anEventOnTheScreenIsFoundOutsideTheTimeRange()
    {
        openShop(Environment::Production);
        m_page->setTimeRange({std::chrono::minutes(5), {}, {}}); // the fake's events are of 1970
        const Place place{QStringLiteral("traces"), QStringLiteral("shop"), QStringLiteral("flow-1"), connectors::EventAddress{QStringLiteral("payments"), 0, 0}};
        m_page->goTo(place);
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
        QVERIFY2(hint().contains(QStringLiteral("and an hour around what is known of the flow")), qPrintable(hint()));
        QCOMPARE(m_page->place(), place);
        QCOMPARE(view()->scene()->trace().events[static_cast<size_t>(view()->currentEvent())].eventId, QStringLiteral("p1"));
    }

    void theEventThatOneComesFromIsChosenAndInSightAlsoInAFlowThatIsShown()
    {
        openShop(Environment::Production);
        for (const char *id : {"p1", "s1", "o1", "p1"}) {
            const QString stream = *id == 'o' ? QStringLiteral("orders") : *id == 'p' ? QStringLiteral("payments") : QStringLiteral("stock");
            m_page->goTo({QStringLiteral("traces"), QStringLiteral("shop"), QStringLiteral("flow-1"), connectors::EventAddress{stream, 0, 0}});
            QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
            QCOMPARE(view()->scene()->trace().events[static_cast<size_t>(view()->currentEvent())].eventId, QLatin1String(id));
            QCOMPARE(m_page->place().address->stream, stream);
            const auto *graph = view()->graph();
            QVERIFY(graph->currentNode() >= 0);
            const QRectF node = graph->scene()->layout().rectOf(graph->scene()->view().itemOf(graph->currentNode()));
            QVERIFY(graph->camera().visible().contains(node.center()));
        }
    }

    void aFlowOfTheListIsFoundOutsideTheTimeRange()
    {
        openShop(Environment::Production);
        m_page->setTimeRange({std::chrono::minutes(5), {}, {}});
        QTest::mouseClick(find<QToolButton>(QStringLiteral("recent-flows")), Qt::LeftButton);
        QTRY_COMPARE(list()->model()->rowCount(), 2);
        const QModelIndex flow = list()->model()->index(1, 0);
        QCOMPARE(flow.data().toString(), QStringLiteral("flow-1"));
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, list()->visualRect(flow).center());
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
    }

    void aCauseOutsideTheRangeIsNoCompleteSearch()
    {
        openShop(Environment::Production);
        m_page->setTimeRange({std::chrono::hours(1), 500, 100'000'000});
        type(QStringLiteral("flow-1"), 1);
        QTRY_COMPARE(shown(), QStringLiteral("p1 s1"));
        QVERIFY2(!hint().contains(QStringLiteral("complete")), qPrintable(hint()));
        QVERIFY2(hint().contains(QStringLiteral("1 cause was not found and may be outside this time")), qPrintable(hint()));
        QTest::mouseClick(find<QPushButton>(QStringLiteral("search-further")), Qt::LeftButton);
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
    }

    void enterOnAnEventLeadsToTheStreamsPage()
    {
        openShop(Environment::Production);
        type(QStringLiteral("flow-1"));
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
        QSignalSpy places(m_page.get(), &TracesPage::placeRequested);
        auto *graph = find<ui::traces::CausationGraphView>(QStringLiteral("causation-graph"));
        QTest::keyClick(graph, Qt::Key_Home);
        QTest::keyClick(graph, Qt::Key_Right);
        QTest::keyClick(graph, Qt::Key_Return);
        QCOMPARE(places.size(), 1);
        const Place expected{QStringLiteral("streams"), QStringLiteral("shop"), QStringLiteral("payments"), connectors::EventAddress{QStringLiteral("payments"), 0, 0}};
        QCOMPARE(places[0][0].value<Place>(), expected);
    }

    void theChosenEventIsReadInThePanel()
    {
        openShop(Environment::Production);
        type(QStringLiteral("flow-1"));
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
        auto *panel = find<ui::event::EventPanel>(QStringLiteral("event-panel"));
        auto *title = find<QLabel>(QStringLiteral("event-title"));
        QTRY_VERIFY(panel->shownEvent());
        QCOMPARE(title->text(), QStringLiteral("OrderPlaced")); // the root
        view()->setCurrentEvent(1);
        QTRY_COMPARE(title->text(), QStringLiteral("PaymentTaken"));
        // From the panel on to the flow of the event: here the same one, by its correlation.
        QTest::mouseClick(find<QPushButton>(QStringLiteral("event-trace")), Qt::LeftButton);
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
        QCOMPARE(m_page->place().object, QStringLiteral("flow-1"));
    }

    void theMenuCopiesIdsAndExports()
    {
        openShop(Environment::Production);
        type(QStringLiteral("flow-1"));
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1"));
        view()->setCurrentEvent(1);
        Q_EMIT view()->menuRequested({10, 10});
        auto *menu = find<QMenu>(QStringLiteral("trace-menu"));
        menu->findChild<QAction *>(QStringLiteral("copy-event-id"))->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("p1"));
        menu->findChild<QAction *>(QStringLiteral("copy-place"))->trigger();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("payments/0@0"));
        menu->close();
        m_page->findChild<QAction *>(QStringLiteral("copy-trace-mmd"))->trigger();
        QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("flowchart")) || QGuiApplication::clipboard()->text().startsWith(QStringLiteral("graph")));
        m_page->findChild<QAction *>(QStringLiteral("copy-trace-json"))->trigger();
        QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("{\"correlationId\":\"flow-1\"")));
    }

    void recentFlowsAreLookedForUnaskedOnlyWhereItIsHarmless()
    {
        openShop(Environment::Development);
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1")); // the largest one
        QCOMPARE(list()->model()->rowCount(), 2);
        QTest::mouseClick(list()->viewport(), Qt::LeftButton, {}, list()->visualRect(list()->model()->index(1, 0)).center());
        QTRY_COMPARE(shown(), QStringLiteral("o2"));
    }

    void anotherTextIsSearchedAsAnythingAgain()
    {
        openShop(Environment::Development);
        QTRY_COMPARE(shown(), QStringLiteral("o1 p1 s1")); // found by its correlation
        QVERIFY(find<QComboBox>(QStringLiteral("trace-known-as"))->currentIndex() != 0);
        line()->clear();
        QTest::keyClicks(line(), QStringLiteral("order-2"));
        QTest::keyClick(line(), Qt::Key_Return);
        QTRY_COMPARE(shown(), QStringLiteral("o2"));
    }

    void whatIsBeingTypedIsNotReplacedByARecentFlow()
    {
        QTest::keyClicks(line(), QStringLiteral("order-"));
        openShop(Environment::Development);
        QTRY_COMPARE(list()->model()->rowCount(), 2);
        QCOMPARE(line()->text(), QStringLiteral("order-"));
        QVERIFY(!view()->scene());
    }

    void onProductionNothingIsReadBeforeSomebodyAsks()
    {
        openShop(Environment::Production);
        QTRY_COMPARE(state()->title(), QStringLiteral("Which flow do you want to see?"));
        QTest::qWait(50);
        QCOMPARE(m_shop->reads(), 0);
        QTest::mouseClick(state()->findChild<QPushButton *>(QStringLiteral("state-button")), Qt::LeftButton);
        QTRY_COMPARE(list()->model()->rowCount(), 2);
        QVERIFY(!view()->scene());
    }

    void searchesTheEmbeddedEventStore()
    {
        const tests::StoreFixture fixture;
        const auto store = *connectors::eventstore::openEventStore(fixture.spec(true));
        std::vector<connectors::NewEvent> events;
        QString cause;
        for (const auto &[stream, type] : {std::pair("order-17", "OrderPlaced"), std::pair("payment-9", "PaymentRequested"), std::pair("order-17", "Order<b>Paid</b>")}) {
            connectors::NewEvent event = tests::newEvent(QLatin1String(stream), QStringLiteral("event-%1").arg(events.size()), 1);
            event.eventType = QLatin1String(type);
            event.causationId = std::exchange(cause, event.eventId);
            events.push_back(event);
        }
        events.push_back(tests::newEvent(QStringLiteral("order-18"), QStringLiteral("other"), 2));
        QVERIFY(tests::answerOf(store->eventWriter()->append(events)).has_value());
        ConnectionSpec spec = fixture.spec();
        spec.environment = Environment::Production;
        m_workspace->add(spec, *connectors::eventstore::openEventStore(spec));
        m_page->setTimeRange({});
        type(QStringLiteral("payment-9"));
        QTRY_COMPARE_WITH_TIMEOUT(shown(), QStringLiteral("event-0 event-1 event-2"), 20'000);
        QVERIFY2(hint().startsWith(QStringLiteral("“payment-9” is an aggregate.")), qPrintable(hint()));
        QCOMPARE(view()->scene()->graph().edges().size(), size_t(2));
        m_page->goTo({QStringLiteral("traces"), spec.name, {}, view()->scene()->trace().events[2].address});
        QTRY_VERIFY(m_page->place().address && shown() == QStringLiteral("event-0 event-1 event-2"));
    }

private:
    void openShop(Environment environment)
    {
        m_shop = std::make_shared<FakeEventConnector>(QStringLiteral("shop"));
        m_shop->add(QStringLiteral("orders"), {u"o1"_qs, u"OrderPlaced"_qs, {}, u"flow-1"_qs, u"order-1"_qs, {}});
        m_shop->add(QStringLiteral("payments"), {u"p1"_qs, u"PaymentTaken"_qs, u"o1"_qs, u"flow-1"_qs, u"payment-1"_qs, u"k1"_qs});
        m_shop->add(QStringLiteral("stock"), {u"s1"_qs, u"StockReserved"_qs, u"p1"_qs, u"flow-1"_qs, u"stock-1"_qs, {}});
        m_shop->add(QStringLiteral("orders"), {u"o2"_qs, u"OrderPlaced"_qs, {}, u"flow-2"_qs, u"order-2"_qs, {}});
        ConnectionSpec spec;
        spec.name = QStringLiteral("shop");
        spec.environment = environment;
        m_workspace->add(spec, m_shop);
    }

    void type(const QString &text, int knownAs = 0)
    {
        auto *kinds = find<QComboBox>(QStringLiteral("trace-known-as"));
        kinds->setCurrentIndex(knownAs);
        Q_EMIT kinds->activated(knownAs);
        line()->clear();
        QTest::keyClicks(line(), text);
        QTest::keyClick(line(), Qt::Key_Return);
    }

    /// The ids of the events that are shown, when the search is over.
    [[nodiscard]] QString shown() const
    {
        if (!view()->scene() || find<QPushButton>(QStringLiteral("trace-search-button"))->text() == QStringLiteral("Cancel"))
            return {};
        QStringList ids;
        for (const models::trace::TraceEvent &event : view()->scene()->trace().events)
            ids += event.eventId;
        ids.sort(); // events of one millisecond have no order
        return ids.join(u' ');
    }

    template<typename T>
    [[nodiscard]] T *find(const QString &name) const
    {
        T *widget = m_page->findChild<T *>(name);
        if (!widget)
            qFatal("no widget %s", qPrintable(name));
        return widget;
    }

    [[nodiscard]] TraceView *view() const { return m_page->findChild<TraceView *>(); }
    [[nodiscard]] QLineEdit *line() const { return find<QLineEdit>(QStringLiteral("trace-search-line")); }
    [[nodiscard]] QListView *list() const { return find<QListView>(QStringLiteral("flow-list")); }
    [[nodiscard]] QString hint() const { return find<QLabel>(QStringLiteral("trace-hint"))->text(); }
    [[nodiscard]] ui::widgets::StateView *state() const { return find<ui::widgets::StateView>(QStringLiteral("trace-state")); }

    tests::NoOpener m_opener;
    std::unique_ptr<tests::QtWarningsFail> m_warnings;
    std::shared_ptr<FakeEventConnector> m_shop;
    std::unique_ptr<models::job::JobList> m_jobs;
    std::unique_ptr<models::connection::Workspace> m_workspace;
    std::unique_ptr<TracesPage> m_page;
};

QTEST_MAIN(TestTracesPage)
#include "tst_traces_page.moc"
