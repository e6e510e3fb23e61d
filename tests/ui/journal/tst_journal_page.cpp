// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/reset_planner.h"
#include "tests/support/fake_system.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/journal/journal_page.h"
#include "ui/journal/journal_table_model.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/state_view.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFileDialog>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

using namespace connectors;
using namespace models::replay;
using models::journal::Journal;
using models::journal::State;
using ui::journal::JournalPage;
using ui::journal::JournalTableModel;
using ui::widgets::Notice;

class TestJournalPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail = std::make_unique<tests::QtWarningsFail>();
        m_folder = std::make_unique<QTemporaryDir>();
        m_system = std::make_unique<tests::FakeSystem>();
        m_system->put(QStringLiteral("orders"), 0, 0, 100, 90);
        m_factory = std::make_unique<tests::FakeFactory>(*m_system);
    }

    void cleanup()
    {
        m_page.reset();
        m_session.reset();
        m_warningsFail.reset();
    }

    void anEmptyJournalSaysWhatItIsFor()
    {
        open();
        QTRY_COMPARE(find<ui::widgets::StateView>("state-view")->title(), QStringLiteral("Nothing was changed from here yet"));
        QVERIFY(find<ui::widgets::StateView>("state-view")->explanation().contains(path()));
        QVERIFY(find<ui::widgets::StateView>("state-view")->explanation().contains(QStringLiteral("This is not the journal of the command line")));
        QSignalSpy places(m_page.get(), &JournalPage::placeRequested);
        auto *button = find<ui::widgets::StateView>("state-view")->findChild<QPushButton *>(QStringLiteral("state-button"));
        QCOMPARE(button->text(), QStringLiteral("Open Consumers"));
        button->click();
        QCOMPARE(places.at(0).at(0).value<ui::frame::Place>().page, QStringLiteral("consumers"));
    }

    void aJournalThatIsNoJournalIsAnErrorWithAWayOut()
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(8192, 'x'));
        file.close();
        open();
        QTRY_COMPARE(find<ui::widgets::StateView>("state-view")->title(), QStringLiteral("The journal could not be read"));
    }

    void everyChangeIsListedWithItsStateAndCanBeFiltered()
    {
        const QString done = change(QStringLiteral("<b>OPS-7</b>"), true);
        change(QString(), false);
        open();
        auto *table = find<QTableView>("journal-table");
        QTRY_COMPARE(table->model()->rowCount(), 2);
        const QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::Warning);
        QCOMPARE(cell(0, JournalTableModel::StateColumn), QStringLiteral("planned"));
        QCOMPARE(cell(1, JournalTableModel::StateColumn), QStringLiteral("done"));
        QCOMPARE(cell(1, JournalTableModel::ReasonColumn), QStringLiteral("<b>OPS-7</b>"));
        QVERIFY(table->model()->index(1, JournalTableModel::ReasonColumn).data(Qt::ToolTipRole).toString().contains(QStringLiteral("&lt;b&gt;")));
        find<QComboBox>("journal-show")->setCurrentIndex(2); // tried
        QCOMPARE(table->model()->rowCount(), 1);
        find<QComboBox>("journal-show")->setCurrentIndex(0);
        QTest::keyClicks(find<QLineEdit>("journal-filter"), QStringLiteral("ops-7"));
        QCOMPARE(table->model()->rowCount(), 1);
        QCOMPARE(find<QLabel>("journal-count")->text(), QStringLiteral("1 of 2"));
        table->selectRow(0);
        QCOMPARE(m_page->place().object, done);
        QCOMPARE(find<QLabel>("record-reason")->textFormat(), Qt::PlainText);
        QCOMPARE(find<QTableView>("record-rows")->model()->rowCount(), 1);
    }

    void aChangeLeadsToTheWizard()
    {
        const QString done = change(QStringLiteral("OPS-7"), true);
        const QString planned = change(QString(), false);
        open();
        QTRY_COMPARE(find<QTableView>("journal-table")->model()->rowCount(), 2);
        QSignalSpy places(m_page.get(), &JournalPage::placeRequested);
        m_page->goTo({QStringLiteral("journal"), {}, done, {}});
        click("record-undo");
        m_page->goTo({QStringLiteral("journal"), {}, planned, {}});
        QVERIFY(find<QPushButton>("record-undo")->isHidden());
        click("record-open-plan");
        QCOMPARE(places[0][0].value<ui::frame::Place>(), (ui::frame::Place{QStringLiteral("replay"), {}, done, {}}));
        QCOMPARE(places[1][0].value<ui::frame::Place>(), (ui::frame::Place{QStringLiteral("replay"), {}, planned, {}}));
    }

    void whatTheSystemRefusedHasNothingToPutBack()
    {
        m_system->partFaults[{QStringLiteral("orders"), 0}] = Error{ErrorCode::Refused, QStringLiteral("no"), {}, false};
        const QString id = change(QStringLiteral("OPS-7"), true);
        open();
        QTRY_COMPARE(cell(0, JournalTableModel::StateColumn), QStringLiteral("not applied"));
        m_page->goTo({QStringLiteral("journal"), {}, id, {}});
        const auto *undo = find<QPushButton>("record-undo");
        QVERIFY(!undo->isEnabled());
        QVERIFY2(undo->toolTip().contains(QStringLiteral("was refused by the system and moved no checkpoint")), qPrintable(undo->toolTip()));
    }

    void whatWasInterruptedNeedsALookAndIsSettledByReading()
    {
        const QString id = change(QString(), false);
        {
            const auto journal = *Journal::open(path()); // as a process that was killed after its intent leaves it
            QVERIFY(journal->append(id, State::Approved));
            QVERIFY(journal->append(id, State::Intent));
        }
        open();
        QTRY_COMPARE(m_page->attentionCount(), 1);
        QCOMPARE(cell(0, JournalTableModel::StateColumn), QStringLiteral("needs a look: about to be sent"));
        click("record-find-out");
        QTRY_COMPARE(cell(0, JournalTableModel::StateColumn), QStringLiteral("not applied"));
        QVERIFY(find<Notice>("journal-notice")->text().contains(QStringLiteral("not applied")));
        QCOMPARE(m_page->attentionCount(), 0);
        QCOMPARE(m_system->applies, 0);
    }

    void aSystemThatCannotBeReadLeavesItOpen()
    {
        const QString id = change(QString(), false);
        {
            const auto journal = *Journal::open(path());
            QVERIFY(journal->append(id, State::Intent));
        }
        m_system->readFault = Error{ErrorCode::CannotConnect, QStringLiteral("broker is down"), {}, true};
        open();
        QTRY_COMPARE(m_page->attentionCount(), 1);
        click("record-find-out");
        QTRY_VERIFY(find<Notice>("journal-notice")->text().contains(QStringLiteral("broker is down")));
        QCOMPARE(m_page->attentionCount(), 1);
    }

    void verifyingNamesTheFirstBrokenRecord()
    {
        change(QStringLiteral("OPS-7"), true);
        const QString broken = change(QStringLiteral("OPS-8"), true);
        sqlite3 *database = nullptr;
        QCOMPARE(sqlite3_open(path().toUtf8().constData(), &database), SQLITE_OK);
        const QByteArray flip = "DROP TRIGGER IF EXISTS entries_are_final; UPDATE entries SET at = at + 1 WHERE id = (SELECT min(id) FROM entries WHERE job = " + broken.toUtf8() + ")";
        const int flipped = sqlite3_exec(database, flip.constData(), nullptr, nullptr, nullptr);
        const QByteArray problem = sqlite3_errmsg(database);
        sqlite3_close(database);
        QVERIFY2(flipped == SQLITE_OK, problem.constData());
        open();
        QTRY_COMPARE(find<QTableView>("journal-table")->model()->rowCount(), 2);
        click("journal-verify");
        QTRY_VERIFY(find<Notice>("journal-notice")->text().contains(QStringLiteral("It belongs to change %1, reset of payments").arg(broken)));
        QVERIFY(find<QPushButton>("journal-verify")->isEnabled());
    }

    void whatIsShownIsExportedAsTheCommandLineHasIt()
    {
        change(QStringLiteral("OPS-7"), true);
        open();
        QTRY_COMPARE(find<QTableView>("journal-table")->model()->rowCount(), 1);
        click("journal-export");
        auto *dialog = find<QFileDialog>("journal-export-dialog");
        const QString file = m_folder->filePath(QStringLiteral("out.json"));
        Q_EMIT dialog->fileSelected(file);
        dialog->close();
        QTRY_VERIFY(QFile::exists(file));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QJsonObject record = QJsonDocument::fromJson(written.readAll()).array().at(0).toObject();
        QCOMPARE(record[QStringLiteral("state")].toString(), QStringLiteral("DONE"));
        QCOMPARE(record[QStringLiteral("reason")].toString(), QStringLiteral("OPS-7"));
        QVERIFY(record[QStringLiteral("undoes")].isNull());
    }

    void aChangeOfAnotherProgramAppearsAndTheSelectionStays()
    {
        const QString first = change(QStringLiteral("OPS-7"), true);
        open();
        auto *table = find<QTableView>("journal-table");
        QTRY_COMPARE(table->model()->rowCount(), 1);
        QCOMPARE(m_page->place().object, first);
        change(QStringLiteral("OPS-8"), true); // as the command line does
        m_page->refresh();
        QTRY_COMPARE(table->model()->rowCount(), 2);
        QCOMPARE(m_page->place().object, first);
        QCOMPARE(table->currentIndex().row(), 1);
    }

private:
    QString path() const { return m_folder->filePath(QStringLiteral("journal.db")); }
    void open()
    {
        m_session = std::make_unique<ReplaySession>(*m_factory, path());
        m_page = std::make_unique<JournalPage>(*m_session);
        m_page->resize(1100, 700);
        m_page->show();
    }
    /// Plans a reset back by ten, and applies it; gives its journal id.
    QString change(const QString &reason, bool isApplied)
    {
        const auto journal = *Journal::open(path());
        Machine machine(*journal, *m_factory);
        const Plan plan = *planReset(**m_factory->open({}), tests::fakeSpec(), {m_system->consumer, {}, true, {}, ShiftBy{-10}, QStringLiteral("shift -10")}, {});
        const QString id = *machine.store(plan);
        if (isApplied && !machine.apply(id, approve(plan, {}, reason, false), {}, {}))
            qFatal("not applied");
        return id;
    }
    QString cell(int row, int column) { return find<QTableView>("journal-table")->model()->index(row, column).data().toString(); }
    void click(const char *name)
    {
        auto *button = find<QPushButton>(name);
        QTRY_VERIFY2(button->isVisible() && button->isEnabled(), name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    template<typename T>
    T *find(const char *name)
    {
        T *widget = m_page->findChild<T *>(QString::fromLatin1(name));
        if (!widget)
            qFatal("no widget %s", name);
        return widget;
    }

    std::unique_ptr<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<tests::FakeSystem> m_system;
    std::unique_ptr<tests::FakeFactory> m_factory;
    std::unique_ptr<ReplaySession> m_session;
    std::unique_ptr<JournalPage> m_page;
};

QTEST_MAIN(TestJournalPage)
#include "tst_journal_page.moc"
