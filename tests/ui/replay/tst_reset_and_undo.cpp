// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/event_store_connector.h"
#include "models/history/recorder.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "tests/support/store_fixture.h"
#include "ui/consumers/consumers_page.h"
#include "ui/frame/main_window.h"
#include "ui/journal/journal_page.h"
#include "ui/replay/replay_page.h"
#include "ui/widgets/notice.h"

#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace connectors;

namespace {

class StoreFactory final : public ConnectionFactory
{
public:
    Result<std::shared_ptr<Connector>> open(const ConnectionSpec &spec) override { return eventstore::openEventStore(spec); }
    Result<std::unique_ptr<CheckpointWriter>> openCheckpointWriter(const ConnectionSpec &spec) override { return eventstore::openEventStoreCheckpointWriter(spec); }
    std::vector<ConnectionSpec> named(const QString &) const override { return {}; }
};

const QString Mailer = QStringLiteral("mailer");
const QString Orders = QStringLiteral("order-*");

} // namespace

/// A person's whole way, on a real event store: from the consumer to its reset, its result, back again, and the journal.
class TestResetAndUndo final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail = std::make_unique<tests::QtWarningsFail>();
        m_fixture = std::make_unique<tests::StoreFixture>();
        const auto store = *eventstore::openEventStore(m_fixture->spec(true));
        std::vector<NewEvent> events;
        for (int number = 0; number < 100; ++number)
            events.push_back(tests::newEvent(number % 2 == 0 ? QStringLiteral("order-1") : QStringLiteral("cart-1"), QString::number(number), number));
        QVERIFY(tests::answerOf(store->eventWriter()->append(events)));
        const auto writer = *eventstore::openEventStoreCheckpointWriter(m_fixture->spec());
        QVERIFY(writer->apply(Mailer, {{Orders, 0, 80, "at eighty"}}));
        m_workspace = std::make_unique<models::connection::Workspace>(m_opener);
        m_history = std::make_unique<models::history::History>(QString());
        using ms = std::chrono::milliseconds;
        m_session = std::make_unique<models::replay::ReplaySession>(m_factory, journalPath(), nullptr, models::replay::Pace{ms(5), ms(1), ms(50), ms(600'000), {}, ms(1)});
        m_window = std::make_unique<ui::frame::MainWindow>(*m_workspace, m_jobs);
        m_window->addPage(new ui::consumers::ConsumersPage(*m_workspace, *m_history));
        m_window->addPage(new ui::journal::JournalPage(*m_session));
        m_window->addPage(new ui::replay::ReplayPage(*m_workspace, *m_history, *m_session));
        m_window->show();
        ConnectionSpec spec = m_fixture->spec();
        spec.name = QStringLiteral("orders store");
        spec.environment = Environment::Production;
        m_workspace->add(spec, *m_factory.open(spec));
    }

    void cleanup()
    {
        m_window.reset();
        m_session.reset();
        m_workspace.reset();
        m_history.reset();
        m_warningsFail.reset();
    }

    void aResetIsMadeAndPutBackExactly()
    {
        openConsumer();
        click("consumer-reset");
        QTRY_COMPARE(page(), QStringLiteral("replay"));
        QVERIFY(find<QWidget>("environment-frame")->property("isProduction").toBool());
        click("reset-plan");
        auto *rows = find<QTableView>("plan-rows");
        QTRY_COMPARE(rows->model()->rowCount(), 1);
        QTRY_VERIFY(rows->model()->index(0, 5).data().toString().startsWith(QStringLiteral("ThingHappened order-1"))); // first again
        QTRY_VERIFY(rows->model()->index(0, 6).data().toString().startsWith(QStringLiteral("ThingHappened order-1"))); // last again
        const QString replayed = rows->model()->index(0, 4).data().toString();
        QCOMPARE(replayed, QStringLiteral("process again 40")); // events of this category, not positions
        type("plan-reason", QStringLiteral("OPS-7 wrong address"));
        click("plan-approve");
        const QString wanted = find<QLabel>("approve-wanted")->text();
        QCOMPARE(wanted, QStringLiteral("orders store 40"));
        type("approve-typed", wanted);
        click("approve-apply");
        QTRY_VERIFY(find<QPushButton>("result-undo")->isVisible());
        QCOMPARE(checkpoint(), std::optional<qint64>(1));

        click("result-journal");
        QTRY_COMPARE(page(), QStringLiteral("journal"));
        QTRY_VERIFY(find<QPushButton>("record-undo")->isVisible());
        QCOMPARE(find<QLabel>("record-reason")->text(), QStringLiteral("OPS-7 wrong address"));
        click("record-undo");
        QTRY_COMPARE(page(), QStringLiteral("replay"));
        QTRY_COMPARE(find<QLabel>("replay-title")->text(), QStringLiteral("Put checkpoints back"));
        QTRY_VERIFY(find<QTableView>("plan-rows")->isVisible());
        type("plan-reason", QStringLiteral("OPS-8"));
        click("plan-approve");
        type("approve-typed", find<QLabel>("approve-wanted")->text());
        click("approve-apply");
        QTRY_VERIFY(find<QPushButton>("result-undo")->isVisible());
        QCOMPARE(checkpoint(), std::optional<qint64>(80));
        QCOMPARE(metadata(), QByteArray("at eighty"));

        click("result-journal");
        auto *journal = find<QTableView>("journal-table");
        QTRY_COMPARE(journal->model()->rowCount(), 2);
        QTRY_COMPARE(journal->model()->index(1, 9).data().toString(), QStringLiteral("put back by 2"));
        click("journal-verify");
        QTRY_VERIFY(find<ui::widgets::Notice>("journal-notice")->text().contains(QStringLiteral("as they were written")));
    }

    void theEventToBeProcessedAgainLeadsToItsStream()
    {
        openConsumer();
        click("consumer-reset");
        click("reset-plan");
        auto *replay = m_window->findChild<ui::replay::ReplayPage *>();
        QSignalSpy places(replay, &ui::replay::ReplayPage::placeRequested);
        click("plan-see");
        QCOMPARE(places[0][0].value<ui::frame::Place>().page, QStringLiteral("streams"));
        QCOMPARE(places[0][0].value<ui::frame::Place>().address->stream, Orders);
    }

    void whatAResetWillCauseIsLearnedOnProductionWhenAskedFor()
    {
        std::vector<NewEvent> effects;
        for (int number = 0; number < 80; number += 4) { // every second order caused a mail
            NewEvent mail = tests::newEvent(QStringLiteral("mail-1"), QStringLiteral("mail-%1").arg(number), number);
            mail.eventType = QStringLiteral("MailSent");
            mail.causationId = QString::number(number);
            effects.push_back(mail);
        }
        QVERIFY(tests::answerOf((*eventstore::openEventStore(m_fixture->spec()))->eventWriter()->append(effects)));
        openConsumer();
        click("consumer-reset");
        click("reset-plan");
        QTRY_VERIFY(find<QTableView>("plan-rows")->isVisible());
        auto *words = find<QLabel>("plan-effects");
        QVERIFY2(words->text().startsWith(QStringLiteral("not looked for unasked on production")), qPrintable(words->text()));
        click("plan-learn");
        QVERIFY(find<QPushButton>("plan-learn")->isHidden());
        QTRY_VERIFY2(words->text().startsWith(QStringLiteral("≈ 20 MailSent (learned from ")), qPrintable(words->text()));
    }

    void aStoreThatIsGoneAtApplyChangesNothing()
    {
        openConsumer();
        click("consumer-reset");
        click("reset-plan");
        QTRY_VERIFY(find<QTableView>("plan-rows")->isVisible());
        type("plan-reason", QStringLiteral("OPS-7"));
        click("plan-approve");
        type("approve-typed", find<QLabel>("approve-wanted")->text());
        QVERIFY(QFile::rename(m_fixture->path(), m_fixture->path() + QStringLiteral(".away")));
        click("approve-apply");
        QTRY_VERIFY(find<ui::widgets::Notice>("plan-problem")->isVisible());
        QVERIFY(QFile::rename(m_fixture->path() + QStringLiteral(".away"), m_fixture->path()));
        QCOMPARE(checkpoint(), std::optional<qint64>(80));
    }

private:
    QString journalPath() const { return m_fixture->folder() + QStringLiteral("/journal.db"); }
    QString page() const { return m_window->property("pageId").toString(); }
    void openConsumer()
    {
        auto *table = find<QTableView>("consumer-table");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        table->selectRow(0);
        QTRY_VERIFY(find<QPushButton>("consumer-reset")->isVisible());
    }
    ConsumerPosition position() const
    {
        const auto store = *eventstore::openEventStore(m_fixture->spec());
        return tests::answerOf(store->consumerCatalog()->consumerStates({{Mailer}, false, false}, {}))->consumers.front().positions.front();
    }
    std::optional<qint64> checkpoint() const { return position().checkpoint; }
    QByteArray metadata() const { return position().metadata; }
    void click(const char *name)
    {
        auto *button = find<QPushButton>(name);
        QTRY_VERIFY2(button->isVisible() && button->isEnabled(), name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    void type(const char *name, const QString &text)
    {
        auto *line = find<QLineEdit>(name);
        line->clear();
        QTest::keyClicks(line, text);
    }
    template<typename T>
    T *find(const char *name)
    {
        T *widget = m_window->findChild<T *>(QString::fromLatin1(name));
        if (!widget)
            qFatal("no widget %s", name);
        return widget;
    }

    tests::NoOpener m_opener;
    StoreFactory m_factory;
    models::job::JobList m_jobs;
    std::unique_ptr<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<tests::StoreFixture> m_fixture;
    std::unique_ptr<models::connection::Workspace> m_workspace;
    std::unique_ptr<models::history::History> m_history;
    std::unique_ptr<models::replay::ReplaySession> m_session;
    std::unique_ptr<ui::frame::MainWindow> m_window;
};

QTEST_MAIN(TestResetAndUndo)
#include "tst_reset_and_undo.moc"
