// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_consumer_connector.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/frame/job_strip.h"
#include "ui/frame/main_window.h"
#include "ui/frame/status_line.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

class TestStatusLine final : public QObject
{
    Q_OBJECT

private:
    tests::QtWarningsFail m_warningsFail;

private Q_SLOTS:
    void consumersAreCountedAndOneIsSaidAsOne_data()
    {
        QTest::addColumn<int>("consumers");
        QTest::addColumn<QString>("words");
        QTest::newRow("none") << 0 << QStringLiteral("no consumers");
        QTest::newRow("one") << 1 << QStringLiteral("1 consumer");
        QTest::newRow("two") << 2 << QStringLiteral("2 consumers");
        QTest::newRow("many") << 1204 << QStringLiteral("1,204 consumers");
    }

    void consumersAreCountedAndOneIsSaidAsOne()
    {
        QFETCH(const int, consumers);
        QLocale::setDefault(QLocale(QLocale::English));
        tests::NoOpener opener;
        models::connection::Workspace workspace(opener);
        models::job::JobList jobs;
        const ui::frame::StatusLine line(workspace, jobs);
        const auto *rates = line.findChild<QLabel *>(QStringLiteral("status-rates"));
        QCOMPARE(rates->text(), QString());
        auto shop = std::make_shared<tests::FakeConsumerConnector>();
        for (int i = 0; i < consumers; ++i)
            shop->add(QStringLiteral("payments-%1").arg(i), connectors::ConsumerActivity::Active, {1}, 2);
        connectors::ConnectionSpec spec;
        spec.name = QStringLiteral("shop");
        workspace.add(spec, shop);
        QFETCH(const QString, words);
        QTRY_COMPARE(rates->text(), words);
        shop->error = connectors::Error{connectors::ErrorCode::CannotConnect, QStringLiteral("refused"), {}, true};
        workspace.refresh();
        QTRY_COMPARE(rates->text(), QStringLiteral("1 connection does not answer"));
    }

    void aMessageOfTwoLinesIsReadableInOne()
    {
        tests::NoOpener opener;
        models::connection::Workspace workspace(opener);
        models::job::JobList jobs;
        ui::frame::StatusLine line(workspace, jobs);
        line.showMessage(QStringLiteral("It was not written.\nChoose another folder."));
        QCOMPARE(line.findChild<QLabel *>(QStringLiteral("status-message"))->text(), QStringLiteral("It was not written. Choose another folder."));
    }

    void aFailureIsNotSaidAnyMoreOnceTheSameWorks()
    {
        tests::NoOpener opener;
        models::connection::Workspace workspace(opener);
        models::job::JobList jobs;
        const ui::frame::MainWindow window(workspace, jobs);
        const auto *message = window.findChild<QLabel *>(QStringLiteral("status-message"));
        const auto finish = [&jobs](const char *title, const connectors::Result<void> &result) { jobs.start(QString::fromLatin1(title))->finish(result); };
        finish("Read orders", connectors::failure(connectors::ErrorCode::CannotConnect, QStringLiteral("Nobody answers.")));
        QCOMPARE(message->text(), QStringLiteral("Nobody answers."));
        finish("Read letters", {});
        QCOMPARE(message->text(), QStringLiteral("Nobody answers."));
        finish("Read orders", {});
        QCOMPARE(message->text(), QString());
    }

    void aJobThatFailedLeadsBackToWhereItCameFrom()
    {
        tests::NoOpener opener;
        models::connection::Workspace workspace(opener);
        models::job::JobList jobs;
        ui::frame::StatusLine line(workspace, jobs);
        line.show();
        auto *open = line.findChild<QToolButton *>(QStringLiteral("status-open"));
        QVERIFY(!open->isVisible());
        const auto fail = [&](const models::job::JobOrigin &origin) {
            models::job::Job *job = jobs.start(QStringLiteral("Reset payments"));
            job->setOrigin(origin);
            job->finish(connectors::failure(connectors::ErrorCode::Conflict, QStringLiteral("Reset payments: nothing was changed.")), QStringLiteral("nothing was changed"));
            line.showFailure(*job);
        };
        fail({});
        QVERIFY(!open->isVisible());
        fail({QStringLiteral("replay"), QStringLiteral("shop"), QStringLiteral("payments")});
        QVERIFY(open->isVisible());
        QSignalSpy places(&line, &ui::frame::StatusLine::placeRequested);
        const ui::frame::Place wizard{QStringLiteral("replay"), QStringLiteral("shop"), QStringLiteral("payments"), {}};
        open->click();
        QCOMPARE(places[0][0].value<ui::frame::Place>(), wizard);
        line.jobStrip()->toggleList();
        const auto *row = line.findChild<QWidget *>(QStringLiteral("job-list"))->findChild<ui::frame::JobRow *>(); // the newest is the first
        QCOMPARE(row->findChild<QLabel *>(QStringLiteral("job-words"))->text(), QStringLiteral("nothing was changed"));
        row->findChild<QToolButton *>(QStringLiteral("job-open"))->click();
        QCOMPARE(places[1][0].value<ui::frame::Place>(), wizard);
        line.showMessage(QStringLiteral("Copied."));
        QVERIFY(!open->isVisible());
    }

    void aLongTitleOfAJobMakesTheWindowNoWider()
    {
        tests::NoOpener opener;
        models::connection::Workspace workspace(opener);
        models::job::JobList jobs;
        ui::frame::StatusLine line(workspace, jobs);
        jobs.start(QStringLiteral("x"));
        line.show();
        const int width = line.minimumSizeHint().width();
        jobs.start(QString(60, u'W'));
        QTRY_VERIFY(line.findChildren<QLabel *>(QStringLiteral("job-title")).last()->text().size() == 60);
        QVERIFY2(line.minimumSizeHint().width() <= width + 80, qPrintable(QString::number(line.minimumSizeHint().width())));
    }

    void nobodyIsSaidToHaveNoConsumersWhoWasNeverHeard()
    {
        tests::NoOpener opener;
        models::connection::Workspace workspace(opener);
        models::job::JobList jobs;
        const ui::frame::StatusLine line(workspace, jobs);
        const auto *rates = line.findChild<QLabel *>(QStringLiteral("status-rates"));
        auto shop = std::make_shared<tests::FakeConsumerConnector>();
        shop->isRefusing = true;
        connectors::ConnectionSpec spec;
        spec.name = QStringLiteral("shop");
        workspace.add(spec, shop);
        QCOMPARE(rates->text(), QString());
        QTRY_COMPARE(rates->text(), QStringLiteral("1 connection does not answer"));
    }
};

QTEST_MAIN(TestStatusLine)
#include "tst_status_line.moc"
