// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job/job_list.h"
#include "ui/frame/place.h"

#include <QFrame>

class QLabel;
class QProgressBar;
class QToolButton;
class QVBoxLayout;

namespace ui::frame {

/// One job: title, bar, "62 % · 41 k/s · 0:04", cancel.
class JobRow final : public QWidget
{
    Q_OBJECT

public:
    explicit JobRow(models::job::Job *job, QWidget *parent = nullptr);
    [[nodiscard]] models::job::Job *job() const { return m_job; }

Q_SIGNALS:
    void placeRequested(const ui::frame::Place &place); ///< where the job came from

private:
    void update();

    models::job::Job *m_job;
    QLabel *m_title;
    QProgressBar *m_bar;
    QLabel *m_words;
    QToolButton *m_cancel;
    QToolButton *m_open; ///< where it came from, once it has ended
};

/// Where a job came from; no page: nowhere.
[[nodiscard]] Place originOf(const models::job::Job &job);

/// The jobs in the status bar: the newest running one, and a button that opens the list of all.
class JobStrip final : public QWidget
{
    Q_OBJECT

public:
    explicit JobStrip(models::job::JobList &jobs, QWidget *parent = nullptr);
    /// Shows the list of all jobs above the strip, or hides it.
    void toggleList();

Q_SIGNALS:
    void placeRequested(const ui::frame::Place &place);

private:
    void showNewest();
    void fillList();

    models::job::JobList &m_jobs;
    QWidget *m_current;
    QToolButton *m_all;
    QFrame *m_list;
    QVBoxLayout *m_listLayout;
};

} // namespace ui::frame
