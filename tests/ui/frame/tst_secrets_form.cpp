// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_warnings_fail.h"
#include "ui/frame/secrets_form.h"

#include <QLineEdit>
#include <QTest>

using ui::frame::SecretsForm;

class TestSecretsForm final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail.emplace();
        m_form = std::make_unique<SecretsForm>();
        m_form->show();
    }
    void cleanup()
    {
        m_form.reset();
        m_warningsFail.reset();
    }

    void theFieldsAreThoseTheAddressCanUse_data()
    {
        QTest::addColumn<QString>("address");
        QTest::addColumn<QStringList>("fields");
        QTest::newRow("nothing yet") << QString() << QStringList{QStringLiteral("password")};
        QTest::newRow("SCRAM") << QStringLiteral("kafka://h?sasl.mechanism=SCRAM-SHA-256") << QStringList{QStringLiteral("password")};
        QTest::newRow("OAUTHBEARER") << QStringLiteral("kafka://h?sasl.mechanism=OAUTHBEARER")
                                     << QStringList{QStringLiteral("client-secret"), QStringLiteral("token-command")};
        QTest::newRow("certificate") << QStringLiteral("kafka://h?ssl.certificate.location=c.pem")
                                     << QStringList{QStringLiteral("password"), QStringLiteral("key-password")};
    }

    void theFieldsAreThoseTheAddressCanUse()
    {
        QFETCH(QString, address);
        QFETCH(QStringList, fields);
        m_form->follow(address, std::nullopt);
        QStringList shown;
        for (const char *name : {"password", "client-secret", "token-command", "key-password"})
            if (field(name)->isVisible())
                shown += QString::fromLatin1(name);
        QCOMPARE(shown, fields);
    }

    void aSavedConnectionShowsTheFieldsOfItsProperties()
    {
        connectors::ConnectionSpec spec;
        spec.name = QStringLiteral("prod");
        spec.properties.insert(QStringLiteral("sasl.mechanism"), QStringLiteral("OAUTHBEARER"));
        m_form->follow(QStringLiteral("prod"), spec);
        QVERIFY(field("client-secret")->isVisible());
        m_form->follow(QStringLiteral("kafka://elsewhere"), spec); // another address was typed
        QVERIFY(!field("client-secret")->isVisible());
    }

    void eachSecretGoesToItsOwnPlace()
    {
        QVERIFY(!m_form->credentials());
        m_form->follow(QStringLiteral("kafka://h?sasl.mechanism=OAUTHBEARER&ssl.key.location=k.pem"), std::nullopt);
        QTest::keyClicks(field("client-secret"), QStringLiteral("one"));
        QTest::keyClicks(field("token-command"), QStringLiteral("/bin/token "));
        QTest::keyClicks(field("key-password"), QStringLiteral("three"));
        const auto given = m_form->credentials();
        QVERIFY(given);
        QCOMPARE(given->password, QString());
        QCOMPARE(given->clientSecret, QStringLiteral("one"));
        QCOMPARE(given->tokenCommand, QStringLiteral("/bin/token"));
        QCOMPARE(given->keyPassword, QStringLiteral("three"));
        QCOMPARE(field("client-secret")->echoMode(), QLineEdit::Password);
        m_form->clear();
        QVERIFY(!m_form->credentials());
    }

    void fieldsBeginAtTheSamePlaceWhicheverAreShown()
    {
        const int left = field("password")->x();
        m_form->follow(QStringLiteral("kafka://h?sasl.mechanism=OAUTHBEARER"), std::nullopt);
        QTRY_COMPARE(field("token-command")->x(), left);
    }

    void whatIsHiddenIsNotSent()
    {
        QTest::keyClicks(field("password"), QStringLiteral("hunter2"));
        m_form->follow(QStringLiteral("kafka://h?sasl.mechanism=OAUTHBEARER"), std::nullopt);
        QVERIFY(!m_form->credentials());
    }

private:
    QLineEdit *field(const char *name)
    {
        auto *edit = m_form->findChild<QLineEdit *>(QStringLiteral("connection-") + QString::fromLatin1(name));
        if (!edit)
            qFatal("no field %s", name);
        return edit;
    }

    std::optional<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<SecretsForm> m_form;
};

QTEST_MAIN(TestSecretsForm)
#include "tst_secrets_form.moc"
