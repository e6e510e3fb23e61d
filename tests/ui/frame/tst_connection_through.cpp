// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/session_opener.h"
#include "app/session/worker_systems.h"
#include "tests/support/folders.h"
#include "tests/support/qt_warnings_fail.h"
#include "tests/support/ssh_server.h"
#include "tests/support/store_fixture.h"
#include "ui/frame/connection_dialog.h"

#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTest>

using ui::frame::ConnectionDialog;

/// What the dialog's *Test* says of connections through a real ssh server on this machine.
class TestConnectionThrough final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<tests::SshServer>();
        if (!m_server->isThere() && qEnvironmentVariable("CI") == u"true")
            QFAIL("No real server: tests/servers/sshd cannot start one.");
        if (!m_server->isThere())
            QSKIP("No real server: tests/servers/sshd cannot start one.");
        const session::WorkerSystems here;
        QVERIFY(here.open(m_store.spec(true), {}, {}).and_then([](const auto &store) { return tests::answerOf(store->identify({})); }).has_value());
    }
    void cleanupTestCase() { m_server.reset(); }

    void testSaysWhatIsMissingOneAfterTheOther_data()
    {
        QTest::addColumn<QString>("via");
        QTest::addColumn<bool>("hasWorker");
        QTest::addColumn<QString>("words");
        QTest::newRow("the host's key") << QStringLiteral("ssh:unknown-gauge") << false << QStringLiteral("The host key of unknown-gauge is not known here.");
        QTest::newRow("one's own key") << QStringLiteral("ssh:locked-gauge") << false << QStringLiteral("locked-gauge did not let you in.");
        QTest::newRow("the worker") << QStringLiteral("ssh:gauge") << false << QStringLiteral("There is no streamgauge-worker on gauge");
        QTest::newRow("the command") << QStringLiteral("exec:shop-pod") << true << QStringLiteral("There is no command “shop-pod”");
        QTest::newRow("nothing") << QStringLiteral("ssh:gauge") << true << QStringLiteral("Streamgauge event store");
    }

    void testSaysWhatIsMissingOneAfterTheOther()
    {
        QFETCH(QString, via);
        QFETCH(bool, hasWorker);
        QFETCH(QString, words);
        const tests::QtWarningsFail warningsFail;
        const QString worker = m_server->programs() + QStringLiteral("/streamgauge-worker");
        QFile::remove(worker);
        QVERIFY(!hasWorker || QFile::link(tests::programFolder() + QStringLiteral("/streamgauge-worker"), worker));
        const QString profiles = m_store.folder() + QStringLiteral("/connections.json");
        session::SessionFactory factory(std::make_shared<session::WorkerSystems>(session::WorkerSystems::DefaultMemoryLimit, session::ProfileStore(profiles)), profiles);
        session::SessionOpener opener(factory, profiles, session::SecretStore::Backend::MemoryOnly);
        models::connection::Workspace workspace(opener);
        ConnectionDialog dialog(workspace);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        dialog.show();
        dialog.findChild<QLineEdit *>(QStringLiteral("connection-address"))->setText(QStringLiteral("sqlite:") + m_store.path());
        dialog.findChild<QLineEdit *>(QStringLiteral("connection-via"))->setText(via);
        auto *test = dialog.findChild<QPushButton *>(QStringLiteral("connection-test"));
        QTest::mouseClick(test, Qt::LeftButton);
        auto *results = dialog.findChild<QListWidget *>(QStringLiteral("connection-results"));
        QTRY_VERIFY2_WITH_TIMEOUT(results->item(0)->text().contains(words), qPrintable(results->item(0)->text()), 40'000);
        QTRY_VERIFY(test->isEnabled());
    }

private:
    std::unique_ptr<tests::SshServer> m_server;
    const tests::StoreFixture m_store;
};

QTEST_MAIN(TestConnectionThrough)
#include "tst_connection_through.moc"
