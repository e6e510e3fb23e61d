// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/options.h"

#include "app/gui/pages.h"

#include <QTest>

using connectors::ErrorCode;
using gui::parseLink;
using gui::parseOptions;

class TestOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutArgumentsNothingIsAskedFor();
    void aDemoMayNameItsStoreSeedAndHistory();
    void aProcessMayTakeWhatIsSaid();
    void aPictureHasAPageATimeAndASize();
    void wrongOptionsNameWhatIsWrong_data();
    void wrongOptionsNameWhatIsWrong();
    void aPasswordInAnAddressIsNeverRepeated();
    void aLinkOpensAPageOfASavedConnection();
    void aBrokenLinkIsRefused_data();
    void aBrokenLinkIsRefused();
};

void TestOptions::withoutArgumentsNothingIsAskedFor()
{
    const auto options = parseOptions({});
    QVERIFY(options);
    QVERIFY(!options->demo && !options->link && options->connections.isEmpty() && options->screenshotFile.isEmpty());
}

void TestOptions::aDemoMayNameItsStoreSeedAndHistory()
{
    const auto options = parseOptions({QStringLiteral("--demo-store"), QStringLiteral("/tmp/a b.db"), QStringLiteral("--seed"), QStringLiteral("7"),
                                       QStringLiteral("--demo-events=100000")});
    QVERIFY(options && options->demo);
    QCOMPARE(options->demo->storePath, QStringLiteral("/tmp/a b.db"));
    QCOMPARE(options->demo->seed, 7u);
    QCOMPARE(options->demo->historyEvents, 100'000);
}

void TestOptions::aProcessMayTakeWhatIsSaid()
{
    QCOMPARE(parseOptions({})->memoryLimit, 1LL << 30);
    QCOMPARE(parseOptions({QStringLiteral("--memory-limit"), QStringLiteral("512M")})->memoryLimit, 512LL << 20);
    for (const char *wrong : {"much", "1M", "9999999999999G"}) {
        const auto options = parseOptions({QStringLiteral("--memory-limit"), QString::fromLatin1(wrong)});
        QVERIFY(!options && options.error().message.startsWith(QStringLiteral("--memory-limit")));
    }
}

void TestOptions::aPictureHasAPageATimeAndASize()
{
    const auto options = parseOptions({QStringLiteral("--demo"), QStringLiteral("--screenshot"), QStringLiteral("x.png"), QStringLiteral("--page"),
                                       QStringLiteral("consumers"), QStringLiteral("--after"), QStringLiteral("1.5"), QStringLiteral("--size"),
                                       QStringLiteral("1280x800"), QStringLiteral("--theme"), QStringLiteral("dark")});
    QVERIFY(options);
    QCOMPARE(options->screenshotFile, QStringLiteral("x.png"));
    QCOMPARE(options->page, QStringLiteral("consumers"));
    QCOMPARE(options->afterSeconds, 1.5);
    QCOMPARE(options->size, QSize(1280, 800));
    QVERIFY(options->look == gui::Look::Dark);
}

void TestOptions::wrongOptionsNameWhatIsWrong_data()
{
    QTest::addColumn<QString>("arguments");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown option") << QStringLiteral("--colour") << QStringLiteral("colour");
    QTest::newRow("unknown page") << QStringLiteral("--page kitchen") << QStringLiteral("overview");
    QTest::newRow("no size") << QStringLiteral("--size big") << QStringLiteral("big");
    QTest::newRow("no time") << QStringLiteral("--after nan") << QStringLiteral("nan");
    QTest::newRow("negative time") << QStringLiteral("--after=-1") << QStringLiteral("-1");
    QTest::newRow("no theme") << QStringLiteral("--theme pink") << QStringLiteral("pink");
    QTest::newRow("no seed") << QStringLiteral("--demo --seed x") << QStringLiteral("x");
    QTest::newRow("seed without a demo") << QStringLiteral("--seed 1") << QStringLiteral("--demo");
    QTest::newRow("no system") << QStringLiteral("mysql://host") << QStringLiteral("mysql");
    QTest::newRow("two links") << QStringLiteral("streamgauge://a streamgauge://b") << QStringLiteral("one link");
}

void TestOptions::wrongOptionsNameWhatIsWrong()
{
    QFETCH(QString, arguments);
    QFETCH(QString, named);
    const auto options = parseOptions(arguments.split(u' '));
    QVERIFY(!options);
    QCOMPARE(options.error().code, ErrorCode::InvalidInput);
    QVERIFY2(options.error().message.contains(named), qPrintable(options.error().message));
}

void TestOptions::aPasswordInAnAddressIsNeverRepeated()
{
    const auto options = parseOptions({QStringLiteral("kafka://me:hunter2@host")});
    QVERIFY(!options);
    QVERIFY(!connectors::describe(options.error()).contains(QStringLiteral("hunter2")));
}

void TestOptions::aLinkOpensAPageOfASavedConnection()
{
    const auto options = parseOptions({QStringLiteral("streamgauge://prod%20eu/consumers/a/b?at=2026-01-02T03:04:05Z")});
    QVERIFY(options && options->link);
    QCOMPARE(options->connections, QStringList{QStringLiteral("prod eu")});
    QCOMPARE(options->link->place.page, QStringLiteral("consumers"));
    QCOMPARE(options->link->place.object, QStringLiteral("a/b"));
    QCOMPARE(options->link->at, 1'767'323'045'000);
    QCOMPARE(parseLink(QStringLiteral("streamgauge://prod"))->place.page, QStringLiteral("overview"));
    const auto event = parseLink(QStringLiteral("streamgauge://prod/streams/orders?event=3:1204"));
    QCOMPARE(event->place.address, std::optional(connectors::EventAddress{QStringLiteral("orders"), 3, 1204}));
    QVERIFY(!parseLink(QStringLiteral("streamgauge://prod/streams/orders?event=1204")));
}

void TestOptions::aBrokenLinkIsRefused_data()
{
    QTest::addColumn<QString>("link");
    QTest::newRow("no connection") << QStringLiteral("streamgauge://");
    QTest::newRow("an address") << QStringLiteral("streamgauge://kafka%3A%2F%2Fevil/overview");
    QTest::newRow("a page that acts") << QStringLiteral("streamgauge://prod/replay/payments");
    QTest::newRow("no time") << QStringLiteral("streamgauge://prod/consumers?at=yesterday");
    QTest::newRow("an unknown parameter") << QStringLiteral("streamgauge://prod/consumers?execute=1");
}

void TestOptions::aBrokenLinkIsRefused()
{
    QFETCH(QString, link);
    const auto parsed = parseLink(link);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, ErrorCode::InvalidInput);
}

QTEST_GUILESS_MAIN(TestOptions)
#include "tst_options.moc"
