// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace_request.h"

#include <QObject>

class QMenu;

namespace ui::traces {

class TraceView;

/// The context menu of a trace: what can be done with the event, the group or the missing cause that is selected.
class TraceMenu final : public QObject
{
    Q_OBJECT

public:
    /// `common` are the actions of the trace as a whole, at the end; owned elsewhere.
    TraceMenu(TraceView &view, const QMenu &common, QWidget *window);

    /// Shown without blocking; gone when it is closed.
    void popup(QPoint globalPoint);

Q_SIGNALS:
    void eventRequested(int event);
    void searchRequested(const models::trace::TraceRequest &request, bool isEverywhere);

private:
    void addEventActions(QMenu &menu, int event);
    void addNodeActions(QMenu &menu);

    TraceView &m_view;
    const QMenu &m_common;
    QWidget *m_window;
};

} // namespace ui::traces
