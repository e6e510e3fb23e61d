// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "models/job/job_list.h"
#include "ui/frame/place.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QToolButton;

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
    /// The end of a job that failed; where it came from is offered beside it.
    void showFailure(const models::job::Job &job);
    /// It has worked since: nothing is said of its failure any more.
    void clearFailure(const QString &subject);
    [[nodiscard]] JobStrip *jobStrip() const { return m_jobs; }

Q_SIGNALS:
    void placeRequested(const ui::frame::Place &place);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void follow(models::connection::Connection *connection);
    void tellDeath(const models::connection::Connection &connection);
    void update();
    void clearMessage();

    models::connection::Workspace &m_workspace;
    QLabel *m_environment;
    QLabel *m_rates;
    QLabel *m_message;
    QToolButton *m_open; ///< leads to what the message is about
    QLabel *m_traffic;
    JobStrip *m_jobs;
    QTimer m_messageTimer;
    Place m_origin;   ///< of what the message is about
    QString m_failed; ///< the subject of the message that is shown
};

} // namespace ui::frame
