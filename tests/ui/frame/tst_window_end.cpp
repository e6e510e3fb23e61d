// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/frame/main_window.h"

#include <QPointer>
#include <QTest>

using models::job::Job;
using models::job::JobList;

namespace {

/// Ends its job when it goes, as pages do whose work cannot outlive them.
class WorkingPage final : public ui::frame::Page
{
public:
    explicit WorkingPage(JobList &jobs)
        : Page(QStringLiteral("working"), QStringLiteral("Working"), QStringLiteral("clock"), nullptr)
        , m_job(jobs.start(QStringLiteral("Work")))
    {
    }
    ~WorkingPage() override { m_job->finish({}); }

private:
    QPointer<Job> m_job;
};

} // namespace

class TestWindowEnd final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPageMayEndItsJobWhileTheWindowGoes()
    {
        const tests::QtWarningsFail warningsFail;
        tests::NoOpener opener;
        models::connection::Workspace workspace(opener);
        JobList jobs;
        auto window = std::make_unique<ui::frame::MainWindow>(workspace, jobs);
        window->addPage(new WorkingPage(jobs));
        window->show();
        QCOMPARE(jobs.runningCount(), 1);
        window.reset();
        QCOMPARE(jobs.runningCount(), 0);
    }
};

QTEST_MAIN(TestWindowEnd)
#include "tst_window_end.moc"
