// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/demo.h"
#include "app/session/demo/demo_projections.h"
#include "connectors/sqlite/database.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "tests/support/store_factory.h"
#include "tests/support/store_fixture.h"
#include "ui/projections/add_dialog.h"
#include "ui/projections/difference_table_model.h"
#include "ui/projections/projection_table_model.h"
#include "ui/projections/projections_page.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/state_view.h"

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTabWidget>
#include <QTableView>
#include <QTest>

using namespace connectors;
using models::connection::Workspace;
using models::projection::Projection;
using models::projection::ProjectionSession;
using models::projection::ProjectionStage;
using ui::projections::DifferenceTableModel;
using ui::projections::ProjectionsPage;
using ui::projections::ProjectionTableModel;
using ui::widgets::Notice;

/// The page over a real store and real tables: what a user clicks, and what the tables are then.
class TestProjectionsPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        session::DemoOptions options;
        options.storePath = m_fixture.path();
        options.historyEvents = 600;
        session::Demo demo(options);
        QVERIFY(demo.start());
        QVERIFY(demo.waitForHistory(60'000));
    }

    void init()
    {
        m_warningsFail = std::make_unique<tests::QtWarningsFail>();
        m_folder = std::make_unique<QTemporaryDir>();
        m_workspace = std::make_unique<Workspace>(m_opener);
        m_workspace->add(m_fixture.spec(), *m_factory.open(m_fixture.spec()));
        m_session = std::make_unique<ProjectionSession>(*m_workspace, m_factory, m_folder->filePath(QStringLiteral("journal.db")));
        m_page = std::make_unique<ProjectionsPage>(*m_workspace, *m_session);
        m_page->resize(1100, 700);
        m_page->show();
    }

    void cleanup()
    {
        m_page.reset();
        m_session.reset();
        m_workspace.reset();
        m_warningsFail.reset();
    }

    void anEmptyPageSaysWhatAProjectionIsAndOffersToAddOne()
    {
        QCOMPARE(find<ui::widgets::StateView>("state-view")->title(), QStringLiteral("No projection yet"));
        QCOMPARE(find<ui::widgets::StateView>("state-view")->findChild<QPushButton *>(QStringLiteral("state-button"))->text(), QStringLiteral("Add a projection…"));
    }

    void aFileThatIsNoProjectionSaysWhatIsWrongWithIt()
    {
        add("{ \"projection\": 5 }");
        QTRY_COMPARE(cell(ProjectionTableModel::StateColumn), QStringLiteral("cannot be read"));
        QTRY_VERIFY2(find<Notice>("projection-notice")->text().contains(QStringLiteral("/projection")), qPrintable(find<Notice>("projection-notice")->text()));
        QVERIFY(!button("projection-rebuild")->isEnabled());
    }

    void aRebuildIsPlannedFilledComparedSwappedAndSwappedBack()
    {
        buildFirstVersion();
        Projection *projection = add(definition(1));
        const QAbstractItemModelTester tester(find<QTableView>("projections-table")->model(), QAbstractItemModelTester::FailureReportingMode::Warning);
        QTRY_COMPARE(cell(ProjectionTableModel::StateColumn), QStringLiteral("made by another program"));

        button("projection-rebuild")->click();
        QTRY_COMPARE(projection->stage(), ProjectionStage::Reviewing);
        QVERIFY2(find<QLabel>("projection-effect")->text().contains(QStringLiteral("The live tables are not touched")), qPrintable(find<QLabel>("projection-effect")->text()));
        QVERIFY(!button("projection-apply")->isDefault());
        approve("order_overview");
        QTRY_COMPARE_WITH_TIMEOUT(cell(ProjectionTableModel::StateColumn), QStringLiteral("version 2 waits to be swapped"), 20'000);

        auto *differences = find<QTableView>("difference-table");
        QTRY_VERIFY_WITH_TIMEOUT(differences->model()->rowCount() > 0, 20'000);
        QCOMPARE(differences->model()->index(0, DifferenceTableModel::KindColumn).data().toString(), QStringLiteral("changed"));
        QCOMPARE(differences->model()->index(0, DifferenceTableModel::OldColumn).data().toString(), QStringLiteral("placed"));
        const int all = differences->model()->rowCount();
        find<QComboBox>("difference-kind")->setCurrentIndex(2); // only before
        QCOMPARE(differences->model()->rowCount(), 0);
        find<QComboBox>("difference-kind")->setCurrentIndex(0);
        find<QLineEdit>("difference-key")->setText(differences->model()->index(0, DifferenceTableModel::KeyColumn).data().toString());
        QVERIFY(differences->model()->rowCount() > 0 && differences->model()->rowCount() < all);
        QCOMPARE(statusOfFirstRejected(), QStringLiteral("placed"));

        button("projection-swap")->click();
        QTRY_COMPARE(projection->stage(), ProjectionStage::Reviewing);
        QVERIFY2(find<Notice>("projection-notice")->text().contains(QStringLiteral("Who writes")), qPrintable(find<Notice>("projection-notice")->text()));
        QVERIFY(!button("projection-apply")->isEnabled());
        QTest::keyClicks(find<QLineEdit>("projection-next-writer"), QStringLiteral("nobody"));
        QTest::keyClick(find<QLineEdit>("projection-next-writer"), Qt::Key_Return);
        QTRY_VERIFY(projection->stage() == ProjectionStage::Reviewing && projection->plan()->plan.refusals.empty());
        approve("order_overview");
        QTRY_COMPARE_WITH_TIMEOUT(cell(ProjectionTableModel::StateColumn), QStringLiteral("live"), 20'000);
        QCOMPARE(statusOfFirstRejected(), QStringLiteral("rejected"));

        button("projection-swap-back")->click();
        QTRY_COMPARE(projection->stage(), ProjectionStage::Reviewing);
        approve("order_overview");
        QTRY_COMPARE_WITH_TIMEOUT(cell(ProjectionTableModel::StateColumn), QStringLiteral("version 2 was swapped back"), 20'000);
        QCOMPARE(statusOfFirstRejected(), QStringLiteral("placed"));

        button("projection-drop")->click();
        QTRY_COMPARE(projection->stage(), ProjectionStage::Reviewing);
        approve("order_overview");
        QTRY_COMPARE_WITH_TIMEOUT(cell(ProjectionTableModel::StateColumn), QStringLiteral("made by another program"), 20'000);
    }

    void aFillingThatDiedIsGoneOnWith()
    {
        Projection *projection = add(definition(1));
        QTRY_COMPARE(cell(ProjectionTableModel::StateColumn), QStringLiteral("not built yet"));
        button("projection-rebuild")->click();
        QTRY_COMPARE(projection->stage(), ProjectionStage::Reviewing);
        leaveHalfDone(*projection->plan());
        button("projection-dismiss")->click();
        projection->refresh();
        QTRY_VERIFY(button("projection-resume")->isVisible() && button("projection-resume")->isEnabled());
        QVERIFY(!button("projection-rebuild")->isEnabled() && !button("projection-swap")->isEnabled());
        button("projection-resume")->click();
        QTRY_COMPARE(projection->stage(), ProjectionStage::Reviewing);
        approve("order_overview");
        QTRY_COMPARE_WITH_TIMEOUT(cell(ProjectionTableModel::StateColumn), QStringLiteral("version 2 waits to be swapped"), 20'000);
        const auto journal = models::journal::Journal::openToRead(m_folder->filePath(QStringLiteral("journal.db")));
        QCOMPARE((*journal)->find(m_leftBehind)->state, models::journal::State::Partial);
    }

    void productionWantsTheNameAndAReason()
    {
        add(definition(1));
        QTRY_VERIFY(button("projection-rebuild")->isEnabled());
        button("projection-rebuild")->click();
        QTRY_VERIFY(button("projection-apply")->isVisible());
        QCOMPARE(find<QLabel>("projection-wanted")->text(), QStringLiteral("order_overview"));
        QVERIFY(!button("projection-apply")->isEnabled());
        find<QLineEdit>("projection-typed")->setText(QStringLiteral("order_overview"));
        QVERIFY(!button("projection-apply")->isEnabled());
        QVERIFY2(find<QLabel>("projection-missing")->text().contains(QStringLiteral("needs a reason")), qPrintable(find<QLabel>("projection-missing")->text()));
        find<QLineEdit>("projection-reason")->setText(QStringLiteral("OPS-7"));
        QVERIFY(button("projection-apply")->isEnabled());
        QCOMPARE(m_page->targetEnvironment(), std::optional(Environment::Untagged));
        button("projection-dismiss")->click();
        QVERIFY(!button("projection-apply")->isVisible());
    }

    void theRowsOfTheLiveTableAreShown()
    {
        buildFirstVersion();
        add(definition(1));
        find<QTabWidget>("projection-tabs")->setCurrentIndex(1);
        auto *rows = find<QTableView>("projection-rows");
        QTRY_VERIFY(rows->model()->rowCount() > 10);
        QCOMPARE(rows->model()->headerData(0, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("order_id"));
        QVERIFY2(find<QLabel>("projection-rows-count")->text().startsWith(QStringLiteral("all ")), qPrintable(find<QLabel>("projection-rows-count")->text()));
    }

    void aProjectionIsAddedByItsDialogAndForgottenAgain()
    {
        write(definition(0));
        button("projections-add")->click();
        auto *dialog = m_page->findChild<ui::projections::AddDialog *>();
        QVERIFY(dialog);
        auto *addButton = dialog->findChild<QPushButton *>(QStringLiteral("add-projection-add"));
        QVERIFY(!addButton->isEnabled());
        dialog->findChild<QLineEdit *>(QStringLiteral("add-projection-file"))->setText(file());
        dialog->findChild<QLineEdit *>(QStringLiteral("add-projection-target"))->setText(QStringLiteral("nowhere"));
        addButton->click();
        QTRY_VERIFY(!dialog->findChild<Notice *>(QStringLiteral("add-projection-notice"))->text().isEmpty());
        dialog->reject();
        add(definition(0));
        QTRY_COMPARE(find<QTableView>("projections-table")->model()->rowCount(), 1);
        QTRY_VERIFY(button("projections-remove")->isEnabled());
        button("projections-remove")->click();
        QCOMPARE(find<QTableView>("projections-table")->model()->rowCount(), 0);
        QVERIFY(QFile::exists(file()));
    }

private:
    [[nodiscard]] static QByteArray definition(size_t version) { return session::demo::shopProjections().front().versions[version]; }
    [[nodiscard]] QString file() const { return m_folder->filePath(QStringLiteral("order_overview.json")); }
    [[nodiscard]] ConnectionSpec target() const
    {
        ConnectionSpec spec = m_fixture.spec();
        spec.path = m_folder->filePath(QStringLiteral("readmodels.db"));
        spec.name = QStringLiteral("read models");
        return spec;
    }

    void write(const QByteArray &text) const
    {
        QFile written(file());
        QVERIFY(written.open(QIODevice::WriteOnly));
        written.write(text);
    }

    Projection *add(const QByteArray &text)
    {
        write(text);
        return m_session->add({file(), m_fixture.spec(), target(), true});
    }

    /// As an application of the team has made it: without a column of ours.
    void buildFirstVersion() const
    {
        const auto parsed = models::projection::parseProjection(definition(0), QStringLiteral("order_overview.json"));
        const auto writer = readmodel::openSqliteReadModelWriter(target(), parsed->tables);
        Rebuild rebuild;
        rebuild.job = QStringLiteral("byothers");
        rebuild.projection = parsed->name;
        rebuild.tables = {parsed->tables.front().name};
        QVERIFY(writer->begin(rebuild));
        const auto store = *eventstore::openEventStore(m_fixture.spec());
        auto source = models::projection::ProjectionSource::open(*store, *parsed, {});
        QVERIFY(source);
        QVERIFY(models::projection::TableFill(*source, *parsed, *writer, {}, {}).run({}, {}));
        QVERIFY(writer->finishFilling());
        QVERIFY(writer->swap(rebuild.job));
        sqlite::Database database(target().path, sqlite::Database::Access::Write);
        database.execute("DROP TABLE streamgauge_rebuilds; ALTER TABLE order_overview DROP COLUMN streamgauge_position");
    }

    /// As a process does that dies in the middle of a filling: its tables and its open record are there, and it gives no sign of life.
    void leaveHalfDone(const models::projection::StoredProjectionPlan &stored)
    {
        const auto parsed = models::projection::parseProjection(stored.plan.definition, stored.plan.fileName);
        Rebuild rebuild;
        rebuild.job = stored.plan.job;
        rebuild.projection = parsed->name;
        rebuild.version = parsed->version;
        rebuild.tables = {parsed->tables.front().name};
        rebuild.heartbeat = 1;
        QVERIFY(readmodel::openSqliteReadModelWriter(target(), parsed->tables)->begin(rebuild));
        m_leftBehind = stored.journalId;
        const auto journal = models::journal::Journal::open(m_folder->filePath(QStringLiteral("journal.db")));
        QVERIFY((*journal)->append(m_leftBehind, models::journal::State::Approved));
        QVERIFY((*journal)->append(m_leftBehind, models::journal::State::Intent, {{QStringLiteral("step"), QStringLiteral("rebuild")}}));
    }

    [[nodiscard]] QString statusOfFirstRejected() const
    {
        sqlite::Database store(m_fixture.path(), sqlite::Database::Access::Look);
        sqlite::Statement rejected = store.prepare("SELECT stream FROM events WHERE event_type = 'OrderRejected' ORDER BY position LIMIT 1");
        if (!rejected.step())
            return QStringLiteral("no order was rejected");
        sqlite::Database readModels(target().path, sqlite::Database::Access::Look);
        sqlite::Statement status = readModels.prepare("SELECT status FROM order_overview WHERE order_id = ?1");
        status.bind(1, rejected.string(0));
        return status.step() ? status.string(0) : QStringLiteral("no row");
    }

    void approve(const char *word) const
    {
        find<QLineEdit>("projection-reason")->setText(QStringLiteral("OPS-7"));
        find<QLineEdit>("projection-typed")->setText(QString::fromLatin1(word));
        QTRY_VERIFY(button("projection-apply")->isEnabled());
        button("projection-apply")->click();
    }

    template<typename Widget>
    [[nodiscard]] Widget *find(const char *name) const
    {
        return m_page->findChild<Widget *>(QString::fromLatin1(name));
    }
    [[nodiscard]] QPushButton *button(const char *name) const { return find<QPushButton>(name); }
    [[nodiscard]] QString cell(int column) const { return find<QTableView>("projections-table")->model()->index(0, column).data().toString(); }

    tests::StoreFixture m_fixture;
    tests::StoreFactory m_factory;
    tests::NoOpener m_opener;
    std::unique_ptr<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_leftBehind; ///< journal id
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<ProjectionSession> m_session;
    std::unique_ptr<ProjectionsPage> m_page;
};

QTEST_MAIN(TestProjectionsPage)
#include "tst_projections_page.moc"
