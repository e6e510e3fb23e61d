// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"

#include <QElapsedTimer>
#include <QObject>

class QWidget;

namespace gui {

/// Logs when the window was first painted, and when it was first of use: painted with what a system has told. Category
/// `streamgauge.start`, level info; off unless asked for (QT_LOGGING_RULES). The benchmark of the start reads these lines.
class StartClock final : public QObject
{
    Q_OBJECT

public:
    StartClock(QWidget &window, models::connection::Workspace &workspace, QObject *parent = nullptr);
    /// Whether anybody wants to know.
    [[nodiscard]] static bool isWanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void follow(const models::connection::Connection *connection);

    QElapsedTimer m_clock;
    bool m_isPainted = false;
    bool m_hasAnswer = false;
};

} // namespace gui
