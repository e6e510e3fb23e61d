// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/deadletter/cause.h"

#include <QTest>

using namespace models::deadletter;

class TestCause final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatDiffersFromLetterToLetterIsReplaced_data()
    {
        QTest::addColumn<QString>("message");
        QTest::addColumn<QString>("normalised");
        const auto row = [](const char *name, const char *message, const char *normalised) {
            QTest::newRow(name) << QString::fromUtf8(message) << QString::fromUtf8(normalised);
        };
        row("number", "Timeout after 3000 ms", "Timeout after ‹n› ms");
        row("negative and decimal", "balance -12.50 is below 0", "balance ‹n› is below ‹n›");
        row("offset", "orders-3@1204: no such customer", "‹id›@‹n›: no such customer");
        row("aggregate id", "order-4711 is already shipped", "‹id› is already shipped");
        row("UUID", "event 6513270e-0d5c-4f5e-9c1c-000000000001 unknown", "event ‹id› unknown");
        row("hex id", "trace 4bf92f3577b34da6a3ce929d0e0e4736 lost", "trace ‹id› lost");
        row("quoted", "Unrecognized field \"amont\" at 'line 4'", "Unrecognized field ‹text› at ‹text›");
        row("apostrophe", "can't read it, won't try", "can't read it, won't try");
        row("time", "expired at 2026-11-24T08:00:01.220Z", "expired at ‹time›");
        row("word with a digit", "SHA256 does not match", "SHA256 does not match");
        row("white space", "  two\n lines  ", "two lines");
        row("empty", "", "");
    }

    void whatDiffersFromLetterToLetterIsReplaced()
    {
        QFETCH(QString, message);
        QFETCH(QString, normalised);
        QCOMPARE(normalisedMessage(message), normalised);
    }

    void aHugeMessageIsCutBeforeItIsRead()
    {
        QVERIFY(normalisedMessage(QString(50'000'000, u'x')).size() <= 4096);
    }

    void theTopFrameIsTheTeamsOwn()
    {
        const QString trace = QStringLiteral("java.lang.IllegalStateException: no\n"
                                             "\tat java.base/java.util.Objects.requireNonNull(Objects.java:233)\n"
                                             "\tat org.apache.kafka.clients.consumer.KafkaConsumer.poll(KafkaConsumer.java:1)\n"
                                             "\tat com.shop.payment.Handler.onOrder(Handler.java:77)\n"
                                             "\tat com.shop.payment.Main.main(Main.java:12)\n");
        QCOMPARE(topOwnFrame(trace), QStringLiteral("com.shop.payment.Handler.onOrder"));
        QCOMPARE(topOwnFrame(QStringLiteral("no frames here")), QString());
    }

    void lettersThatDifferOnlyInNumbersHaveOneCause()
    {
        connectors::DeadLetter one;
        one.exceptionClass = QStringLiteral("CardDeclined");
        one.reason = QStringLiteral("card of order-1 declined, 12 EUR");
        connectors::DeadLetter other = one;
        other.reason = QStringLiteral("card of order-2 declined, 99 EUR");
        QCOMPARE(causeOf(one), causeOf(other));
        QVERIFY(exactCauseOf(one) != exactCauseOf(other));
    }
};

QTEST_GUILESS_MAIN(TestCause)
#include "tst_cause.moc"
