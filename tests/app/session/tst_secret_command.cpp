// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/secret_command.h"

#include <QTest>

using namespace connectors;
using session::secretFromCommand;

/// Real programs; those that misbehave are small scripts.
class TestSecretCommand final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatItPrintsIsTheSecret_data()
    {
        QTest::addColumn<QByteArray>("printed");
        QTest::addColumn<QString>("secret");
        QTest::newRow("a line") << QByteArray("hunter2\\n") << QStringLiteral("hunter2");
        QTest::newRow("without an end") << QByteArray("hunter2") << QStringLiteral("hunter2");
        QTest::newRow("of another system") << QByteArray("hunter2\\r\\n") << QStringLiteral("hunter2");
        QTest::newRow("with spaces around it") << QByteArray(" hunter 2 \\n") << QStringLiteral(" hunter 2 ");
        QTest::newRow("with letters") << QByteArray("h\\303\\274nter\\n") << QString::fromUtf8("hünter");
    }

    void whatItPrintsIsTheSecret()
    {
        QFETCH(QByteArray, printed);
        const auto secret = secretFromCommand(script("printf '" + printed + "'"));
        QVERIFY2(secret, secret ? "" : qPrintable(describe(secret.error())));
        QTEST(*secret, "secret");
    }

    void noShellTakesItsArgumentsApart()
    {
        QCOMPARE(secretFromCommand({QStringLiteral("/bin/echo"), QStringLiteral("a  $(id);b")}).value(), QStringLiteral("a  $(id);b"));
    }

    void whatGoesWrongIsSaidWithoutTheOutput_data()
    {
        QTest::addColumn<QByteArray>("does");
        QTest::addColumn<QString>("words");
        QTest::newRow("fails") << QByteArray("echo hunter2; echo 'vault: log in first' >&2; exit 2") << QStringLiteral("ended with status 2 (vault: log in first).");
        QTest::newRow("dies") << QByteArray("echo hunter2; kill -9 $$") << QStringLiteral("was ended by a signal.");
        QTest::newRow("prints nothing") << QByteArray("true") << QStringLiteral("printed nothing.");
        QTest::newRow("prints an empty line") << QByteArray("echo") << QStringLiteral("printed nothing.");
        QTest::newRow("prints two lines") << QByteArray("echo hunter2; echo hunter2") << QStringLiteral("something else than one line");
        QTest::newRow("prints no text") << QByteArray("printf 'hunter2\\377'") << QStringLiteral("something else than one line");
        QTest::newRow("never stops printing") << QByteArray("while :; do echo hunter2hunter2hunter2hunter2; done") << QStringLiteral("printed too much.");
        QTest::newRow("never ends") << QByteArray("echo hunter2; exec sleep 100") << QStringLiteral("did not end in time.");
        QTest::newRow("reads") << QByteArray("read line && echo hunter2") << QStringLiteral("ended with status 1.");
    }

    void whatGoesWrongIsSaidWithoutTheOutput()
    {
        QFETCH(QByteArray, does);
        QFETCH(QString, words);
        const bool isPatient = words != u"did not end in time.";
        const auto secret = secretFromCommand(script(does), {}, std::chrono::milliseconds(isPatient ? 30'000 : 300));
        QVERIFY(!secret);
        QCOMPARE(secret.error().code, ErrorCode::NotAuthenticated);
        const QString said = describe(secret.error());
        QVERIFY2(said.contains(QStringLiteral("“/bin/sh” ")) && said.contains(words) && !said.contains(u"hunter2"), qPrintable(said));
    }

    void aProgramThatIsNotThereIsNamed()
    {
        const auto secret = secretFromCommand({QStringLiteral("/nowhere/vault"), QStringLiteral("hunter2")});
        QVERIFY(!secret && secret.error().message.contains(QStringLiteral("“/nowhere/vault” could not be started")));
        QVERIFY(!describe(secret.error()).contains(u"hunter2"));
    }

    void itIsEndedWhenNobodyWantsItAnyMore()
    {
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(secretFromCommand(script("exec sleep 100"), stop.get_token()).error().code, ErrorCode::Cancelled);
    }

private:
    [[nodiscard]] static QStringList script(const QByteArray &does) { return {QStringLiteral("/bin/sh"), QStringLiteral("-c"), QString::fromUtf8(does)}; }
};

QTEST_GUILESS_MAIN(TestSecretCommand)
#include "tst_secret_command.moc"
