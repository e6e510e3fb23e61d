// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/folders.h"

#include <QProcess>
#include <QTest>

/// What the programs are linked with, as their symbols tell.
class TestLinking final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWindowHoldsNoClientOfABroker()
    {
        const QByteArray symbols = symbolsOf("streamgauge");
        QVERIFY(symbols.contains("QWidget"));
        for (const char *client : {"rd_kafka_", "natsConnection_", "amqp_", "curl_easy_"})
            QVERIFY2(!symbols.contains(client), client);
    }

    void theWorkerHoldsThemAndNoWindow()
    {
        const QByteArray symbols = symbolsOf("streamgauge-worker");
        QVERIFY(symbols.contains("rd_kafka_"));
        QVERIFY(!symbols.contains("QWidget"));
    }

private:
    /// Of other libraries; empty where the tool is missing, which fails the test.
    static QByteArray symbolsOf(const char *program)
    {
        QProcess nm;
        nm.start(QStringLiteral("nm"), {QStringLiteral("-D"), QStringLiteral("--undefined-only"), tests::programFolder() + u'/' + QString::fromLatin1(program)});
        nm.waitForFinished(60'000);
        return nm.readAllStandardOutput();
    }
};

QTEST_GUILESS_MAIN(TestLinking)
#include "tst_linking.moc"
