// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/connection_url.h"
#include "app/session/session_opener.h"
#include "app/systems/direct_systems.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/frame/connection_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>

using connectors::Environment;
using session::Profile;
using ui::frame::ConnectionDialog;

/// With the real file of saved connections, and no keyring.
class TestConnectionDialog final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail.emplace();
        m_folder = std::make_unique<QTemporaryDir>();
        Profile prod{session::parseConnection(QStringLiteral("kafka://anna@a:1?environment=production&sasl.mechanism=OAUTHBEARER")).value(), QStringLiteral("/bin/token"), {}};
        prod.spec.name = QStringLiteral("prod-eu");
        QVERIFY(store().save(prod));
        Profile orders{session::parseConnection(QStringLiteral("sqlite:/tmp/orders.db")).value(), {}, {}};
        orders.spec.name = QStringLiteral("orders");
        QVERIFY(store().save(orders));
        m_opener = std::make_unique<session::SessionOpener>(m_factory, path(), session::SecretStore::Backend::MemoryOnly);
        m_workspace = std::make_unique<models::connection::Workspace>(*m_opener);
        m_dialog = new ConnectionDialog(*m_workspace);
        m_dialog->show();
        QTRY_COMPARE(find<QListWidget>("saved-connections")->count(), 2);
        find<QListWidget>("saved-connections")->setCurrentRow(1);
    }
    void cleanup()
    {
        delete m_dialog;
        m_workspace.reset();
        m_opener.reset();
        m_warningsFail.reset();
    }

    void aSavedConnectionStandsInTheFields()
    {
        QCOMPARE(edit("connection-address")->text(), QStringLiteral("kafka://anna@a:1?sasl.mechanism=OAUTHBEARER"));
        QCOMPARE(edit("connection-name")->text(), QStringLiteral("prod-eu"));
        QCOMPARE(find<QComboBox>("connection-environment")->currentData().toInt(), static_cast<int>(Environment::Production));
        QCOMPARE(edit("connection-token-command")->text(), QStringLiteral("/bin/token"));
        QVERIFY(find<QPushButton>("connection-change")->isVisible());
        QVERIFY(!find<QCheckBox>("connection-save")->isVisible());
    }

    void itsAddressNameEnvironmentAndTokenCommandCanBeChanged()
    {
        edit("connection-address")->setText(QStringLiteral("kafka://anna@b:2?sasl.mechanism=OAUTHBEARER"));
        edit("connection-name")->setText(QStringLiteral("prod-us"));
        auto *environment = find<QComboBox>("connection-environment");
        environment->setCurrentIndex(environment->findData(static_cast<int>(Environment::Untagged)));
        edit("connection-token-command")->clear();
        QTest::mouseClick(find<QPushButton>("connection-change"), Qt::LeftButton);
        QTRY_COMPARE(edit("connection-name")->text(), QStringLiteral("prod-us"));
        QTRY_COMPARE(find<QListWidget>("saved-connections")->item(1)->text(), QStringLiteral("prod-us"));
        const auto profiles = store().load();
        QVERIFY(profiles);
        QCOMPARE(profiles->size(), size_t(2));
        QCOMPARE(session::connectionUrl(profiles->at(1).spec), QStringLiteral("kafka://anna@b:2?sasl.mechanism=OAUTHBEARER"));
        QCOMPARE(profiles->at(1).tokenCommand, QString());
        QCOMPARE(find<QListWidget>("saved-connections")->currentRow(), 1); // still the one that is edited
    }

    void theMachineItIsReachedFromStandsInAFieldOfItsOwn()
    {
        edit("connection-via")->setText(QStringLiteral("ssh:ops@bastion"));
        QTest::mouseClick(find<QPushButton>("connection-change"), Qt::LeftButton);
        QTRY_COMPARE(store().load()->at(1).spec.via, QStringLiteral("ssh:ops@bastion"));
        QTRY_COMPARE(find<QListWidget>("saved-connections")->currentRow(), 1);
        QTRY_COMPARE(edit("connection-via")->text(), QStringLiteral("ssh:ops@bastion"));
        QCOMPARE(edit("connection-address")->text(), QStringLiteral("kafka://anna@a:1?sasl.mechanism=OAUTHBEARER"));
        edit("connection-via")->clear();
        QTest::mouseClick(find<QPushButton>("connection-change"), Qt::LeftButton);
        QTRY_COMPARE(store().load()->at(1).spec.via, QString());
    }

    void aPasswordCommandIsSaidWhereThePasswordWouldBeEntered()
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray saved = file.readAll().replace("\"name\": \"prod-eu\",", "\"name\": \"prod-eu\", \"passwordCommand\": [\"/bin/echo\", \"x\"],");
        file.close();
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(saved) == saved.size());
        file.close();
        ConnectionDialog dialog(*m_workspace);
        dialog.setAttribute(Qt::WA_DeleteOnClose, false);
        auto *list = dialog.findChild<QListWidget *>(QStringLiteral("saved-connections"));
        QTRY_COMPARE(list->count(), 2);
        auto *password = dialog.findChild<QLineEdit *>(QStringLiteral("connection-password"));
        const QString words = QStringLiteral("password command prints it");
        list->setCurrentRow(1);
        QVERIFY(password->placeholderText().contains(words));
        list->setCurrentRow(0);
        QVERIFY(!password->placeholderText().contains(words));
    }

    void whatIsNoMachineIsSaidAndNothingIsStarted()
    {
        QTest::mouseClick(find<QPushButton>("new-connection"), Qt::LeftButton);
        edit("connection-address")->setText(QStringLiteral("kafka://a:1"));
        edit("connection-via")->setText(QStringLiteral("ssh:-oProxyCommand=id"));
        QTest::mouseClick(find<QPushButton>("connection-test"), Qt::LeftButton);
        auto *results = find<QListWidget>("connection-results");
        QTRY_VERIFY2(results->item(0)->text().contains(QStringLiteral("begins with “-”")), qPrintable(results->item(0)->text()));
        QVERIFY(find<QPushButton>("connection-test")->isEnabled());
    }

    void aNameThatIsTakenIsRefusedAndNothingIsLost()
    {
        edit("connection-name")->setText(QStringLiteral("orders"));
        QTest::mouseClick(find<QPushButton>("connection-change"), Qt::LeftButton);
        auto *results = find<QListWidget>("connection-results");
        QTRY_VERIFY(results->item(0)->text().contains(QStringLiteral("already saved as “orders”")));
        QCOMPARE(store().load()->size(), size_t(2));
        QCOMPARE(edit("connection-name")->text(), QStringLiteral("orders"));
    }

    void anotherOneIsBegunWithEmptyFields()
    {
        QTest::mouseClick(find<QPushButton>("new-connection"), Qt::LeftButton);
        for (const char *name : {"connection-address", "connection-via", "connection-name", "connection-token-command"})
            QVERIFY2(edit(name)->text().isEmpty(), name);
        QVERIFY(!find<QPushButton>("connection-change")->isVisible());
        QVERIFY(find<QCheckBox>("connection-save")->isVisible());
        QVERIFY(!find<QPushButton>("forget-connection")->isEnabled());
    }

private:
    [[nodiscard]] QString path() const { return m_folder->filePath(QStringLiteral("connections.json")); }
    [[nodiscard]] session::ProfileStore store() const { return session::ProfileStore(path()); }
    template<typename T>
    [[nodiscard]] T *find(const char *name) const
    {
        return m_dialog->findChild<T *>(QLatin1String(name));
    }
    [[nodiscard]] QLineEdit *edit(const char *name) const { return find<QLineEdit>(name); }

    std::optional<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<QTemporaryDir> m_folder;
    session::SessionFactory m_factory{std::make_shared<systems::DirectSystems>()};
    std::unique_ptr<session::SessionOpener> m_opener;
    std::unique_ptr<models::connection::Workspace> m_workspace;
    ConnectionDialog *m_dialog = nullptr;
};

QTEST_MAIN(TestConnectionDialog)
#include "tst_connection_dialog.moc"
