// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/aggregate/aggregate_store.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/fake_event_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/aggregates/aggregate_event_model.h"
#include "ui/aggregates/aggregates_page.h"
#include "ui/event/event_panel.h"
#include "ui/widgets/state_view.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace connectors;
using tests::AggregateStore;
using tests::counting;
using ui::aggregates::AggregateEventModel;
using ui::aggregates::AggregatesPage;
using ui::frame::Place;

namespace {

constexpr int LongMs = 20'000;

} // namespace

class TestAggregatesPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warnings = std::make_unique<tests::QtWarningsFail>();
        m_jobs = std::make_unique<models::job::JobList>();
        m_workspace = std::make_unique<models::connection::Workspace>(m_opener);
        m_page = std::make_unique<AggregatesPage>(*m_workspace, *m_jobs);
        m_page->resize(1112, 690); // of a window of 1280 × 800
        m_page->show();
    }

    void cleanup()
    {
        m_page.reset();
        m_workspace.reset();
        m_jobs.reset();
        m_store.reset();
        m_warnings.reset();
    }

    void withoutAnEventStoreItSaysWhy()
    {
        QCOMPARE(state()->title(), QStringLiteral("No event store is open"));
        m_workspace->add(spec(QStringLiteral("<b>kafka</b>")), std::make_shared<tests::FakeEventConnector>(QStringLiteral("kafka")));
        QTRY_VERIFY(state()->explanation().contains(QStringLiteral("<b>kafka</b>: A fake has streams only.")));
        QVERIFY(!find<QPushButton>("aggregate-open")->isEnabled());
        const auto *items = qobject_cast<QStandardItemModel *>(find<QComboBox>("aggregate-connection")->model());
        QVERIFY(!items->item(0)->isEnabled());
        QVERIFY(items->item(0)->toolTip().contains(QStringLiteral("A fake has streams only.")));
    }

    void withoutAChoiceItSaysWhatToDo()
    {
        openStore(5);
        QTRY_COMPARE(state()->title(), QStringLiteral("Which aggregate?"));
        QSignalSpy places(m_page.get(), &AggregatesPage::placeRequested);
        QTest::mouseClick(state()->findChild<QPushButton *>(QStringLiteral("state-button")), Qt::LeftButton);
        QCOMPARE(places.at(0).at(0).value<Place>(), (Place{QStringLiteral("streams"), QStringLiteral("store"), {}, {}}));
    }

    void anAggregateIsOpenedByItsId()
    {
        openStore(242);
        type(QStringLiteral("counter-1"));
        QTRY_COMPARE_WITH_TIMEOUT(words(), QStringLiteral("State at version 242, from the snapshot at 200 and 42 events."), LongMs);
        const QAbstractItemModelTester tester(table()->model(), QAbstractItemModelTester::FailureReportingMode::Warning);
        QCOMPARE(table()->model()->rowCount(), 242);
        QCOMPARE(table()->currentIndex().row(), 241);
        QCOMPARE(text(), QStringLiteral("  {\n~   \"n\": 242    (was 241)\n  }"));
        QCOMPARE(find<QLabel>("aggregate-changes")->text(), QStringLiteral("This version: 0 added, 1 changed, 0 removed."));
        QCOMPARE(find<QLabel>("aggregate-versions")->text(), QStringLiteral("of 242"));
        QCOMPARE(m_page->place(), (Place{QStringLiteral("aggregates"), QStringLiteral("store"), QStringLiteral("counter-1"), {}}));
    }

    void theSliderGoesThroughTheVersions()
    {
        openStore(242);
        type(QStringLiteral("counter-1"));
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("242")), LongMs);
        auto *slider = find<QSlider>("aggregate-slider");
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_Left);
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("241    (was 240)")), LongMs);
        QCOMPARE(table()->currentIndex().row(), 240);
        QCOMPARE(find<QSpinBox>("aggregate-version")->value(), 241);
        QTest::keyClick(slider, Qt::Key_Home);
        QTRY_COMPARE_WITH_TIMEOUT(words(), QStringLiteral("State at version 1, from the first event."), LongMs);
        QTRY_COMPARE(text(), QStringLiteral("  {\n+   \"n\": 1\n  }"));
        auto *number = find<QSpinBox>("aggregate-version");
        number->setFocus();
        number->selectAll();
        QTest::keyClicks(number, QStringLiteral("200"));
        QTest::keyClick(number, Qt::Key_Return);
        QTRY_COMPARE_WITH_TIMEOUT(words(), QStringLiteral("State at version 200, which is a snapshot."), LongMs);
        QCOMPARE(slider->value(), 200);
        table()->selectRow(99);
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("\"n\": 100")), LongMs);
        QCOMPARE(slider->value(), 100);
    }

    void snapshotsAreVerified()
    {
        openStore(242);
        type(QStringLiteral("counter-1"));
        QTRY_VERIFY_WITH_TIMEOUT(!words().isEmpty(), LongMs);
        QTest::mouseClick(find<QPushButton>("aggregate-verify"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(verification(), QStringLiteral("All 2 snapshots say what a replay of all 242 events says."), LongMs);
        m_store->execute("UPDATE snapshots SET state = '{\"n\":\"<i>7</i>\"}' WHERE stream_version = 100");
        QTest::mouseClick(find<QPushButton>("aggregate-verify"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(verification(), QStringLiteral("Snapshots that differ from a replay of all 242 events: at 100 in /n."), LongMs);
        QCOMPARE(find<QLabel>("aggregate-verification")->textFormat(), Qt::PlainText);
    }

    void whatIsNotThereIsAnErrorWithAWayOut()
    {
        openStore(3);
        type(QStringLiteral("nowhere"));
        QTRY_COMPARE_WITH_TIMEOUT(state()->title(), QStringLiteral("The aggregate could not be opened"), LongMs);
        QVERIFY(state()->explanation().contains(QStringLiteral("no stream called “nowhere”")));
        m_store->append(QStringLiteral("nowhere"), counting(2));
        QTest::mouseClick(state()->findChild<QPushButton *>(QStringLiteral("state-button")), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("\"n\": 2")), LongMs);
    }

    void aPlaceLeadsToAVersion()
    {
        openStore(20);
        const Place place{QStringLiteral("aggregates"), QStringLiteral("store"), QStringLiteral("counter-1"), EventAddress{QStringLiteral("counter-1"), 0, 7}};
        m_page->goTo(place);
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("\"n\": 7")), LongMs);
        QCOMPARE(m_page->place(), place);
        QCOMPARE(find<QLineEdit>("aggregate-id")->text(), QStringLiteral("counter-1"));
        Place other = place;
        other.address->position = 9;
        m_page->goTo(other); // is open already
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("\"n\": 9")), LongMs);
        m_store->append(QStringLiteral("counter-1"), counting(1));
        m_page->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), 21, LongMs);
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("\"n\": 9")), LongMs);
    }

    void aPlaceWaitsForItsConnection()
    {
        m_page->goTo({QStringLiteral("aggregates"), QStringLiteral("store"), QStringLiteral("counter-1"), EventAddress{QStringLiteral("counter-1"), 0, 7}});
        QVERIFY(state()->isVisible());
        openStore(20);
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("\"n\": 7")), LongMs);
    }

    void compensationsAreLinkedBothWays()
    {
        m_store = std::make_unique<AggregateStore>();
        std::vector<NewEvent> events;
        for (int i = 1; i <= 3; ++i)
            events.push_back(tests::newEvent(QStringLiteral("a"), QStringLiteral("e-%1").arg(i), i));
        events[2].metadata = "{\"compensates\":\"e-1\"}";
        m_store->append(events);
        m_workspace->add(spec(QStringLiteral("store")), m_store->open());
        type(QStringLiteral("a"));
        QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), 3, LongMs);
        QCOMPARE(note(0), QStringLiteral("taken back by 3"));
        QCOMPARE(note(1), QString());
        QCOMPARE(note(2), QStringLiteral("takes back 1"));
        auto *linked = openMenu(2)->findChild<QAction *>(QStringLiteral("go-to-linked"));
        QCOMPARE(linked->text(), QStringLiteral("Go to version 1, which it takes back"));
        linked->trigger();
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("\"n\": 1")), LongMs);
        QCOMPARE(find<QSlider>("aggregate-slider")->value(), 1);
    }

    void anEventLeadsToStreamsAndTraces()
    {
        openStore(5);
        type(QStringLiteral("counter-1"));
        QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), 5, LongMs);
        QSignalSpy places(m_page.get(), &AggregatesPage::placeRequested);
        QMenu *menu = openMenu(2);
        menu->findChild<QAction *>(QStringLiteral("open-event"))->trigger();
        menu->findChild<QAction *>(QStringLiteral("show-trace"))->trigger();
        const EventAddress third{QStringLiteral("counter-1"), 0, 3};
        QCOMPARE(places.at(0).at(0).value<Place>(), (Place{QStringLiteral("streams"), QStringLiteral("store"), QStringLiteral("counter-1"), third}));
        QCOMPARE(places.at(1).at(0).value<Place>(), (Place{QStringLiteral("traces"), QStringLiteral("store"), QStringLiteral("flow-0"), third}));
    }

    void theStateIsCopiedWithoutMarks()
    {
        openStore(3);
        type(QStringLiteral("counter-1"));
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("\"n\": 3")), LongMs);
        QTest::mouseClick(find<QPushButton>("aggregate-copy"), Qt::LeftButton);
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("{\n    \"n\": 3\n}"));
    }

    void textFromOutsideIsShownAsItIs()
    {
        m_store = std::make_unique<AggregateStore>();
        m_store->append(QStringLiteral("a"), {"{\"<b>x</b>\":\"\xe2\x80\xaeltr\"}"});
        m_workspace->add(spec(QStringLiteral("store")), m_store->open());
        type(QStringLiteral("a"));
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("\"<b>x</b>\": \"\\u202eltr\"")), LongMs);
    }

    void aClosedConnectionTakesItsAggregateAlong()
    {
        openStore(3);
        type(QStringLiteral("counter-1"));
        QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), 3, LongMs);
        m_workspace->close(QStringLiteral("store"));
        QTRY_COMPARE(state()->title(), QStringLiteral("No event store is open"));
        QVERIFY(state()->isVisible());
    }

    void everythingIsNamedAndFits()
    {
        openStore(242);
        type(QStringLiteral("counter-1"));
        QTRY_VERIFY_WITH_TIMEOUT(text().contains(QStringLiteral("242")), LongMs);
        for (const QWidget *widget : m_page->findChildren<QWidget *>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible() || widget->objectName().startsWith(QStringLiteral("qt_")) || widget->inherits("QScrollBar"))
                continue;
            QVERIFY2(!widget->objectName().isEmpty() || widget->parentWidget()->focusProxy() == widget, widget->metaObject()->className());
        }
        for (const char *name : {"aggregate-slider", "aggregate-version", "aggregate-events", "aggregate-state", "aggregate-id", "aggregate-connection", "aggregate-open", "aggregate-verify", "aggregate-copy"})
            QVERIFY2(!find<QWidget>(name)->accessibleName().isEmpty(), name);
        QVERIFY(m_page->minimumSizeHint().width() <= 1112);
        QVERIFY(m_page->minimumSizeHint().height() <= 690);
        for (const QAction *command : m_page->commands())
            QVERIFY(!command->text().isEmpty());
    }

    void anEventOffersItsAggregate()
    {
        m_store = std::make_unique<AggregateStore>();
        m_store->append(QStringLiteral("counter-1"), counting(3));
        ui::event::EventPanel panel;
        panel.show();
        const EventAddress second{QStringLiteral("counter-1"), 0, 2};
        panel.showAt(QStringLiteral("store"), m_store->open(), second);
        auto *button = panel.findChild<QToolButton *>(QStringLiteral("event-aggregate"));
        QTRY_VERIFY_WITH_TIMEOUT(button->isVisible() && button->isEnabled(), LongMs);
        QSignalSpy asked(&panel, &ui::event::EventPanel::aggregateRequested);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(asked.at(0).at(0).toString(), QStringLiteral("counter-1"));
        QCOMPARE(asked.at(0).at(1).value<EventAddress>(), second);
        auto other = std::make_shared<tests::FakeEventConnector>(QStringLiteral("kafka"));
        other->add(QStringLiteral("orders"), {QStringLiteral("o1"), QStringLiteral("OrderPlaced"), {}, QStringLiteral("flow-1"), QStringLiteral("order-1"), {}});
        panel.showAt(QStringLiteral("kafka"), other, {QStringLiteral("orders"), 0, 0});
        QTRY_VERIFY_WITH_TIMEOUT(button->isVisible() && !button->isEnabled(), LongMs);
        QVERIFY(button->toolTip().contains(QStringLiteral("A fake has streams only.")));
    }

private:
    static ConnectionSpec spec(const QString &name)
    {
        ConnectionSpec made;
        made.name = name;
        made.kind = SystemKind::EventStoreSqlite;
        return made;
    }

    void openStore(int events)
    {
        m_store = std::make_unique<AggregateStore>();
        m_store->append(QStringLiteral("counter-1"), counting(events));
        m_workspace->add(spec(QStringLiteral("store")), m_store->open());
        QTRY_COMPARE(find<QComboBox>("aggregate-connection")->currentText(), QStringLiteral("store"));
    }

    void type(const QString &id)
    {
        auto *line = find<QLineEdit>("aggregate-id");
        QTRY_COMPARE(find<QComboBox>("aggregate-connection")->currentText(), QStringLiteral("store"));
        line->clear();
        QTest::keyClicks(line, id);
        QTest::keyClick(line, Qt::Key_Return);
    }

    [[nodiscard]] QMenu *openMenu(int row)
    {
        table()->selectRow(row);
        Q_EMIT table()->customContextMenuRequested(table()->visualRect(table()->model()->index(row, 0)).center());
        return m_page->findChild<QMenu *>(QStringLiteral("aggregate-menu"));
    }

    template<typename T>
    [[nodiscard]] T *find(const char *name) const
    {
        T *widget = m_page->findChild<T *>(QLatin1String(name));
        if (!widget)
            qFatal("no widget %s", name);
        return widget;
    }

    [[nodiscard]] QTableView *table() const { return find<QTableView>("aggregate-events"); }
    [[nodiscard]] QString note(int row) const { return table()->model()->index(row, AggregateEventModel::NoteColumn).data().toString(); }
    [[nodiscard]] QString text() const { return find<QPlainTextEdit>("aggregate-state")->toPlainText(); }
    [[nodiscard]] QString words() const { return find<QLabel>("aggregate-source")->text(); }
    [[nodiscard]] QString verification() const { return find<QLabel>("aggregate-verification")->text(); }
    [[nodiscard]] ui::widgets::StateView *state() const { return m_page->findChild<ui::widgets::StateView *>(); }

    tests::NoOpener m_opener;
    std::unique_ptr<tests::QtWarningsFail> m_warnings;
    std::unique_ptr<AggregateStore> m_store;
    std::unique_ptr<models::job::JobList> m_jobs;
    std::unique_ptr<models::connection::Workspace> m_workspace;
    std::unique_ptr<AggregatesPage> m_page;
};

QTEST_MAIN(TestAggregatesPage)
#include "tst_aggregates_page.moc"
