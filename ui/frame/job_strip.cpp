// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/job_strip.h"

#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace ui::frame {

namespace {

using models::job::Job;
using models::job::JobState;
using models::job::JobUnit;
namespace text = widgets::text;

constexpr int ShortestTitle = 80;

QString amount(const Job &job, qint64 value)
{
    return job.unit() == JobUnit::Bytes ? text::bytes(value) : text::number(value);
}

QString progressWords(const Job &job)
{
    switch (job.state()) {
    case JobState::Cancelling:
        return JobRow::tr("cancelling");
    case JobState::Succeeded:
        return JobRow::tr("done, %1").arg(amount(job, job.done()));
    case JobState::Failed:
        return job.failureWords().isEmpty() ? JobRow::tr("failed") : text::untrusted(job.failureWords(), 100);
    case JobState::Cancelled:
        return JobRow::tr("cancelled after %1").arg(amount(job, job.done()));
    case JobState::Running:
        break;
    }
    QStringList words;
    if (job.total() > 0)
        words += JobRow::tr("%1 %").arg(std::min<qint64>(100, job.done() * 100 / job.total()));
    else
        words += amount(job, job.done());
    if (job.ratePerSecond() > 0)
        words += JobRow::tr("%1/s").arg(amount(job, static_cast<qint64>(job.ratePerSecond())));
    if (job.remainingMs())
        words += text::clock(*job.remainingMs());
    return words.join(QStringLiteral(" · "));
}

} // namespace

Place originOf(const Job &job)
{
    return {job.origin().page, job.origin().connection, job.origin().object, {}};
}

JobRow::JobRow(Job *job, QWidget *parent)
    : QWidget(parent)
    , m_job(job)
    , m_title(new widgets::ElidedLabel(QStringLiteral("job-title"), this))
    , m_bar(new QProgressBar(this))
    , m_words(new QLabel(this))
    , m_cancel(new QToolButton(this))
    , m_open(new QToolButton(this))
{
    setObjectName(QStringLiteral("job-row"));
    const QString title = text::untrusted(job->title(), 60);
    m_title->setText(title);
    m_title->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    m_title->setMinimumWidth(ShortestTitle); // a long one makes no window wider
    m_words->setTextFormat(Qt::PlainText);
    m_words->setObjectName(QStringLiteral("job-words"));
    m_bar->setTextVisible(false);
    m_bar->setFixedSize(96, 10);
    m_bar->setAccessibleName(tr("Progress of %1").arg(title));
    m_cancel->setObjectName(QStringLiteral("job-cancel"));
    m_cancel->setIcon(theme::icon(QStringLiteral("close")));
    m_cancel->setIconSize({12, 12});
    m_cancel->setAutoRaise(true);
    m_cancel->setToolTip(tr("Cancel"));
    m_cancel->setAccessibleName(tr("Cancel %1").arg(title));
    m_open->setObjectName(QStringLiteral("job-open"));
    m_open->setText(tr("Show"));
    m_open->setAutoRaise(true);
    m_open->setAccessibleName(tr("Show what became of %1").arg(title));
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(theme::Spacing);
    row->addWidget(m_title);
    row->addStretch();
    row->addWidget(m_bar);
    row->addWidget(m_words);
    row->addWidget(m_cancel);
    row->addWidget(m_open);
    connect(m_cancel, &QToolButton::clicked, job, &Job::cancel);
    connect(m_open, &QToolButton::clicked, this, [this] { Q_EMIT placeRequested(originOf(*m_job)); });
    connect(job, &Job::changed, this, &JobRow::update);
    update();
}

void JobRow::update()
{
    m_words->setText(progressWords(*m_job));
    m_cancel->setVisible(!m_job->isFinished());
    m_open->setVisible(m_job->isFinished() && !m_job->origin().page.isEmpty());
    m_cancel->setEnabled(m_job->state() == JobState::Running);
    m_bar->setVisible(!m_job->isFinished());
    if (m_job->total() > 0) {
        m_bar->setRange(0, 1000);
        m_bar->setValue(static_cast<int>(std::min<qint64>(1000, m_job->done() * 1000 / m_job->total())));
    } else {
        m_bar->setRange(0, 0);
    }
    if (m_job->error())
        setToolTip(text::toolTip(connectors::describe(*m_job->error())));
}

JobStrip::JobStrip(models::job::JobList &jobs, QWidget *parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_current(new QWidget(this))
    , m_all(new QToolButton(this))
    , m_list(new QFrame(this, Qt::Popup))
    , m_listLayout(new QVBoxLayout(m_list))
{
    setObjectName(QStringLiteral("job-strip"));
    auto *current = new QHBoxLayout(m_current);
    current->setContentsMargins(0, 0, 0, 0);
    m_all->setObjectName(QStringLiteral("all-jobs"));
    m_all->setAutoRaise(true);
    m_list->setObjectName(QStringLiteral("job-list"));
    m_list->setAccessibleName(tr("Jobs"));
    m_list->setFrameShape(QFrame::StyledPanel);
    m_list->setMinimumWidth(440);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_current);
    row->addWidget(m_all);
    connect(m_all, &QToolButton::clicked, this, &JobStrip::toggleList);
    connect(&jobs, &QAbstractItemModel::rowsInserted, this, &JobStrip::showNewest);
    connect(&jobs, &QAbstractItemModel::rowsRemoved, this, &JobStrip::showNewest);
    connect(&jobs, &models::job::JobList::jobFinished, this, &JobStrip::showNewest);
    showNewest();
}

void JobStrip::showNewest()
{
    // Deleted later: one of its own buttons may be what ends the job.
    for (JobRow *row : m_current->findChildren<JobRow *>(QString(), Qt::FindDirectChildrenOnly)) {
        row->hide();
        row->deleteLater();
    }
    Job *newest = nullptr;
    for (Job *job : m_jobs.jobs())
        if (!job->isFinished())
            newest = job;
    if (newest)
        m_current->layout()->addWidget(new JobRow(newest, m_current));
    const int running = m_jobs.runningCount();
    m_all->setVisible(!m_jobs.jobs().isEmpty());
    m_all->setText(running == 0 ? tr("Jobs") : running == 1 ? tr("1 job") : tr("%Ln jobs", nullptr, running));
    m_all->setAccessibleName(tr("Show all jobs, %Ln running", nullptr, running));
    m_all->setToolTip(m_all->accessibleName());
    if (m_list->isVisible())
        fillList();
}

void JobStrip::fillList()
{
    for (JobRow *row : m_list->findChildren<JobRow *>()) {
        row->hide();
        row->deleteLater();
    }
    while (QLayoutItem *item = m_listLayout->takeAt(0))
        delete item;
    for (auto job = m_jobs.jobs().crbegin(); job != m_jobs.jobs().crend(); ++job) {
        auto *row = new JobRow(*job, m_list);
        connect(row, &JobRow::placeRequested, this, [this](const Place &place) {
            m_list->hide();
            Q_EMIT placeRequested(place);
        });
        m_listLayout->addWidget(row);
    }
    m_list->adjustSize();
}

void JobStrip::toggleList()
{
    if (m_list->isVisible()) {
        m_list->hide();
        return;
    }
    fillList();
    const QPoint corner = mapToGlobal(QPoint(width(), 0));
    m_list->move(corner.x() - m_list->width(), corner.y() - m_list->height() - theme::Unit);
    m_list->show();
}

} // namespace ui::frame
