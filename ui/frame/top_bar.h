// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "ui/frame/time_range.h"

#include <QHash>
#include <QWidget>

class QComboBox;
class QToolButton;

namespace ui::frame {

class ChipRow;

/// Connections as chips (dot and word = state, border = environment), one time range for all pages, live or paused,
/// and the way to the command palette.
class TopBar final : public QWidget
{
    Q_OBJECT

public:
    explicit TopBar(models::connection::Workspace &workspace, QWidget *parent = nullptr);

    [[nodiscard]] TimeRange timeRange() const { return m_timeRange; }
    void setTimeRange(const TimeRange &range);
    [[nodiscard]] bool isLive() const { return m_isLive; }
    void setLive(bool isLive);

Q_SIGNALS:
    void navigationToggled();
    void addConnectionRequested();
    void paletteRequested();
    void timeRangeChanged(const ui::frame::TimeRange &range);
    void liveChanged(bool isLive);

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void addChip(models::connection::Connection *connection);
    void updateChip(models::connection::Connection *connection);
    void fillChipMenu(QToolButton *chip, models::connection::Connection *connection);
    void buildTimeRange();
    void updateLiveButton();

    models::connection::Workspace &m_workspace;
    QHash<models::connection::Connection *, QToolButton *> m_chips;
    ChipRow *m_chipRow;
    QComboBox *m_range;
    QToolButton *m_live;
    TimeRange m_timeRange;
    bool m_isLive = true;
};

} // namespace ui::frame
