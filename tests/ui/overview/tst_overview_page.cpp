// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/recorder.h"
#include "tests/support/fake_consumer_connector.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/consumers/consumer_table_model.h"
#include "ui/overview/overview_page.h"
#include "ui/widgets/chart.h"
#include "ui/widgets/state_view.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDateTime>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace connectors;
using tests::FakeConsumerConnector;
using ui::consumers::ConsumerTableModel;
using ui::overview::OverviewPage;

class TestOverviewPage final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail = std::make_unique<tests::QtWarningsFail>();
        m_fake = std::make_shared<FakeConsumerConnector>();
        m_workspace = std::make_unique<models::connection::Workspace>(m_opener);
        m_history = std::make_unique<models::history::History>(QString());
        m_recorder = std::make_unique<models::history::Recorder>(*m_workspace, *m_history);
        m_page = std::make_unique<OverviewPage>(*m_workspace, *m_history);
        m_page->resize(1100, 700);
        m_page->show();
    }

    void cleanup()
    {
        m_page.reset();
        m_recorder.reset();
        m_workspace.reset();
        m_history.reset();
        m_warningsFail.reset();
    }

    void theHeadlineSaysWhatIsSo_data()
    {
        QTest::addColumn<qint64>("busy");
        QTest::addColumn<bool>("isRead");
        QTest::addColumn<QString>("words");
        QTest::addColumn<int>("attention");
        QTest::newRow("all keep up") << 100LL << true << QStringLiteral("All 2 consumers keep up") << 0;
        QTest::newRow("one is behind") << 70LL << true << QStringLiteral("No consumer has stopped; 1 of 2 have events waiting") << 0;
        QTest::newRow("one has stopped") << 70LL << false << QStringLiteral("1 of 2 consumers want attention") << 1;
    }

    void theHeadlineSaysWhatIsSo()
    {
        QFETCH(qint64, busy);
        QFETCH(bool, isRead);
        QFETCH(QString, words);
        QFETCH(int, attention);
        m_fake->add(QStringLiteral("busy"), isRead ? ConsumerActivity::Active : ConsumerActivity::Empty, {busy}, 100);
        m_fake->add(QStringLiteral("quiet"), ConsumerActivity::Active, {100}, 100);
        add(QStringLiteral("shop"));
        QTRY_COMPARE(find<QLabel>("overview-headline")->text(), words);
        QTRY_COMPARE(m_page->attentionCount(), attention);
    }

    void whatIsWorstComesFirstAndLeadsToItsConsumer()
    {
        m_fake->add(QStringLiteral("a quiet one"), ConsumerActivity::Active, {100}, 100);
        m_fake->add(QStringLiteral("<b>stopped</b>"), ConsumerActivity::Empty, {10}, 100);
        add(QStringLiteral("shop"));
        QTRY_COMPARE(table()->model()->rowCount(), 2);
        const QAbstractItemModelTester tester(table()->model(), QAbstractItemModelTester::FailureReportingMode::Warning);
        QCOMPARE(table()->model()->index(0, ConsumerTableModel::ConsumerColumn).data().toString(), QStringLiteral("<b>stopped</b>"));
        QSignalSpy places(m_page.get(), &OverviewPage::placeRequested);
        table()->setCurrentIndex(table()->model()->index(0, 0));
        QTest::keyClick(table(), Qt::Key_Return);
        QCOMPARE(places.size(), 1);
        QCOMPARE(places[0][0].value<ui::frame::Place>(), (ui::frame::Place{QStringLiteral("consumers"), QStringLiteral("shop"), QStringLiteral("<b>stopped</b>"), {}}));
    }

    /// As `streamgaugectl lag` says it.
    void whatHasNoPartInTheSumOfLagsIsCountedBesideIt()
    {
        m_fake->add(QStringLiteral("busy"), ConsumerActivity::Active, {70, 95}, 100);
        m_fake->add(QStringLiteral("quiet"), ConsumerActivity::Active, {100}, 100);
        m_fake->add(QStringLiteral("stopped"), ConsumerActivity::Empty, {10, 20, 100}, 100);
        m_fake->add(QStringLiteral("new"), ConsumerActivity::Active, {std::nullopt}, 100);
        add(QStringLiteral("shop"));
        auto *words = find<QLabel>("overview-throughput");
        QTRY_VERIFY2(words->text().contains(QStringLiteral("total lag 35 + 1 partition never started + 2 partitions without members")), qPrintable(words->text()));
        auto *chart = find<ui::widgets::Chart>("lag-chart");
        QTRY_VERIFY(!chart->series().empty() && !chart->series().front().points.empty());
        QCOMPARE(chart->series().front().points.back().value, 35);
    }

    void aQueueWhoseDepthIsNotKnownIsNotEmpty()
    {
        const auto letters = std::make_shared<tests::FakeDeadLetterConnector>();
        std::vector<DeadLetterQueue> queues(3);
        int number = 0;
        for (DeadLetterQueue &queue : queues)
            queue.stream = QStringLiteral("queue-%1").arg(number++);
        queues[0].depth = 7;
        letters->setQueues(queues);
        ConnectionSpec spec;
        spec.name = QStringLiteral("shop");
        m_workspace->add(spec, letters);
        QTRY_COMPARE(find<QLabel>("overview-throughput")->text(), QStringLiteral("7 dead letters + 2 queues unknown"));
    }

    void theChartsHaveALineAConnection()
    {
        m_fake->add(QStringLiteral("busy"), ConsumerActivity::Active, {70}, 100);
        add(QStringLiteral("shop"));
        auto *chart = find<ui::widgets::Chart>("lag-chart");
        QTRY_COMPARE(chart->series().size(), size_t(1));
        QCOMPARE(chart->series().front().name, QStringLiteral("shop"));
        QVERIFY(find<ui::widgets::Chart>("dead-letter-chart")->isVisible());
    }

    void whatTheButtonsOfTheChartsDoIsInTheMenuToo()
    {
        QStringList texts;
        for (const QAction *action : m_page->commands())
            texts += action->text();
        QCOMPARE(texts.size(), 7); // the whole range, and three formats a chart
        QVERIFY(texts.contains(QStringLiteral("Export the chart Lag of the consumers that read as CSV…")));
        QVERIFY(texts.contains(QStringLiteral("Export the chart Dead letters as SVG…")));
        auto *chart = find<ui::widgets::Chart>("lag-chart");
        chart->zoomTo(1'000'000, 2'000'000);
        m_page->commands().front()->trigger();
        QVERIFY(!chart->isZoomed());
    }

    void choosingTheSameTimeRangeAgainEndsAZoom()
    {
        auto *chart = find<ui::widgets::Chart>("lag-chart");
        chart->zoomTo(1'000'000, 2'000'000);
        m_page->setTimeRange({});
        QVERIFY(!chart->isZoomed());
    }

    void theConnectionIsNamedWhereThereAreSeveral()
    {
        m_fake->add(QStringLiteral("busy"), ConsumerActivity::Active, {70}, 100);
        add(QStringLiteral("shop"));
        QTRY_COMPARE(table()->model()->rowCount(), 1);
        QVERIFY(table()->isColumnHidden(ConsumerTableModel::ConnectionColumn));
        add(QStringLiteral("other"));
        QTRY_COMPARE(table()->model()->rowCount(), 2);
        QVERIFY(!table()->isColumnHidden(ConsumerTableModel::ConnectionColumn));
        // It is the same system under two names: its consumer is one.
        QTRY_COMPARE(find<QLabel>("overview-headline")->text(), QStringLiteral("No consumer has stopped; 1 of 1 have events waiting"));
        m_workspace->close(QStringLiteral("other"));
        QTRY_COMPARE(table()->model()->rowCount(), 1);
    }

    void theCountIsKeptWhileAnotherPageIsShown()
    {
        m_page->hide();
        m_fake->add(QStringLiteral("stopped"), ConsumerActivity::Empty, {10}, 100);
        add(QStringLiteral("shop"));
        QTRY_COMPARE(m_page->attentionCount(), 1);
        m_fake->add(QStringLiteral("stopped too"), ConsumerActivity::Empty, {10}, 100);
        m_workspace->refresh();
        QTRY_COMPARE(m_page->attentionCount(), 2);
    }

    void whatIsOldIsSaidToBeOld()
    {
        m_fake->add(QStringLiteral("busy"), ConsumerActivity::Active, {70}, 100);
        add(QStringLiteral("shop"));
        QTRY_COMPARE(table()->model()->rowCount(), 1);
        m_fake->error = Error{ErrorCode::TimedOut, QStringLiteral("no answer"), {}, true};
        m_workspace->refresh();
        QTRY_COMPARE(find<QLabel>("overview-headline")->text(), QStringLiteral("1 of 1 consumers could not be read: what is shown is old"));
    }

    void ratesOfAConnectionThatDoesNotAnswerAreNotShown()
    {
        m_fake->add(QStringLiteral("busy"), ConsumerActivity::Active, {70}, 100);
        add(QStringLiteral("shop"));
        const auto *connection = m_workspace->connections().front();
        auto *words = find<QLabel>("overview-throughput");
        for (const QDeadlineTimer bound(20'000); !connection->throughput().out() && !bound.hasExpired(); QTest::qWait(20))
            m_workspace->refresh();
        QTRY_VERIFY2(words->text().contains(QStringLiteral("0 events/s read")), qPrintable(words->text()));
        m_fake->error = Error{ErrorCode::TimedOut, QStringLiteral("no answer"), {}, true};
        m_workspace->refresh();
        QTRY_VERIFY2(words->text().contains(QStringLiteral("? events/s read")), qPrintable(words->text()));
    }

    void manyConsumersAreCountedWithSeparators()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        for (int i = 0; i < 1204; ++i)
            m_fake->add(QStringLiteral("quiet-%1").arg(i, 4, 10, QLatin1Char('0')), ConsumerActivity::Active, {100}, 100);
        add(QStringLiteral("shop"));
        QTRY_COMPARE(find<QLabel>("overview-headline")->text(), QStringLiteral("All 1,204 consumers keep up"));
    }

    void eachConnectionThatFailsIsTold()
    {
        m_fake->isRefusing = true;
        add(QStringLiteral("shop"));
        add(QStringLiteral("store<b>"));
        auto *state = find<ui::widgets::StateView>("state-view");
        QTRY_COMPARE(state->title(), QStringLiteral("2 connections could not be read"));
        QCOMPARE(state->explanation(), QStringLiteral("shop: refused\n\nstore<b>: refused"));
        const auto lively = std::make_shared<FakeConsumerConnector>();
        lively->add(QStringLiteral("busy"), ConsumerActivity::Active, {70}, 100);
        ConnectionSpec spec;
        spec.name = QStringLiteral("lively");
        m_workspace->add(spec, lively);
        QTRY_COMPARE(find<QLabel>("overview-unread-text")->text(), QStringLiteral("shop: refused\nstore<b>: refused"));
        QVERIFY(find<QLabel>("overview-unread-text")->isVisible());
        m_workspace->close(QStringLiteral("shop"));
        m_workspace->close(QStringLiteral("store<b>"));
        QTRY_VERIFY(!find<QLabel>("overview-unread-text")->isVisible());
    }

    void aChartForgetsAFailureOfTheHistoryThatIsOver()
    {
        const QTemporaryDir folder;
        QFile inTheWay(folder.filePath(QStringLiteral("history")));
        QVERIFY(inTheWay.open(QIODevice::WriteOnly));
        models::history::History history(inTheWay.fileName());
        OverviewPage page(*m_workspace, history);
        page.resize(1000, 600);
        page.show();
        add(QStringLiteral("shop")); // without consumers: there is nothing to draw
        const auto *words = page.findChild<ui::widgets::Chart *>(QStringLiteral("lag-chart"))->findChild<QLabel *>(QStringLiteral("chart-empty"));
        QTRY_VERIFY2(words->text().contains(QStringLiteral("history")), qPrintable(words->text()));
        QVERIFY(inTheWay.remove() && QDir().mkpath(inTheWay.fileName()));
        models::history::PollSamples samples;
        samples.time = QDateTime::currentMSecsSinceEpoch();
        history.record(QStringLiteral("fake-consumers"), samples); // the next poll tries again
        m_workspace->refresh();
        QTRY_COMPARE(words->text(), QStringLiteral("Nothing was watched in this time yet."));
    }

    void withoutConsumersItSaysSo()
    {
        add(QStringLiteral("shop"));
        QTRY_COMPARE(find<ui::widgets::StateView>("state-view")->title(), QStringLiteral("There are no consumers"));
    }

private:
    void add(const QString &name)
    {
        ConnectionSpec spec;
        spec.name = name;
        m_workspace->add(spec, m_fake);
    }
    QTableView *table() { return find<QTableView>("worst-now"); }
    template<typename T>
    T *find(const char *name)
    {
        T *widget = m_page->findChild<T *>(QString::fromLatin1(name));
        if (!widget)
            qFatal("no widget %s", name);
        return widget;
    }

    tests::NoOpener m_opener;
    std::unique_ptr<tests::QtWarningsFail> m_warningsFail;
    std::shared_ptr<FakeConsumerConnector> m_fake;
    std::unique_ptr<models::connection::Workspace> m_workspace;
    std::unique_ptr<models::history::History> m_history;
    std::unique_ptr<models::history::Recorder> m_recorder;
    std::unique_ptr<OverviewPage> m_page;
};

QTEST_MAIN(TestOverviewPage)
#include "tst_overview_page.moc"
