// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/start_clock.h"

#include <QEvent>
#include <QLoggingCategory>
#include <QWidget>

namespace gui {

Q_LOGGING_CATEGORY(startLog, "streamgauge.start", QtWarningMsg)

using models::connection::Connection;
using models::connection::Workspace;

StartClock::StartClock(QWidget &window, Workspace &workspace, QObject *parent)
    : QObject(parent)
{
    m_clock.start();
    window.installEventFilter(this);
    connect(&workspace, &Workspace::connectionOpened, this, &StartClock::follow);
    for (const Connection *connection : workspace.connections())
        follow(connection);
}

bool StartClock::isWanted()
{
    return startLog().isInfoEnabled();
}

void StartClock::follow(const Connection *connection)
{
    connect(connection, &Connection::consumersReceived, this, [this, connection] {
        m_hasAnswer = m_hasAnswer || !connection->consumers().value.consumers.empty();
    });
}

bool StartClock::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::UpdateRequest)
        return false;
    if (!std::exchange(m_isPainted, true))
        qCInfo(startLog, "the window is painted %lld ms after it was made", m_clock.elapsed());
    if (m_hasAnswer) {
        qCInfo(startLog, "the window is of use %lld ms after it was made", m_clock.elapsed());
        watched->removeEventFilter(this);
        deleteLater();
    }
    return false;
}

} // namespace gui
