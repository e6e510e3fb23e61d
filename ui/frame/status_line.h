// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/job/job_list.h"

#include <QWidget>

class QLabel;

namespace ui::frame {

class JobStrip;

/// The bottom line: environment word, how many consumers, events in and out, what we cause on the systems, jobs.
class StatusLine final : public QWidget
{
    Q_OBJECT

public:
    StatusLine(models::connection::Workspace &workspace, models::job::JobList &jobs, QWidget *parent = nullptr);
    /// One sentence, for ten seconds. `subject`: what failed, so that its success can take the message away.
    void showMessage(const QString &message, const QString &subject = {});
    /// It has worked since: nothing is said of its failure any more.
    void clearFailure(const QString &subject);
    [[nodiscard]] JobStrip *jobStrip() const { return m_jobs; }

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void follow(models::connection::Connection *connection);
    void update();

    models::connection::Workspace &m_workspace;
    QLabel *m_environment;
    QLabel *m_rates;
    QLabel *m_message;
    QLabel *m_traffic;
    JobStrip *m_jobs;
    QTimer m_messageTimer;
    QString m_failed; ///< the subject of the message that is shown
};

} // namespace ui::frame
