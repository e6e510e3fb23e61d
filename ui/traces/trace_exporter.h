// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/job/job_list.h"
#include "models/trace/joined_trace.h"
#include "models/trace/trace_search.h"

#include <QObject>

class QMenu;

namespace ui::traces {

/// Takes a trace out of the window: to the clipboard as text, Mermaid, DOT or JSON, to a file as a picture or any of these. Made on another
/// thread; JSON reads the bodies again, as a job.
class TraceExporter final : public QObject
{
    Q_OBJECT

public:
    enum class Format { Text, Mermaid, Dot, Json, Svg };

    TraceExporter(models::job::JobList &jobs, QWidget *window);

    /// Null: nothing to export. The sources are those of the trace's connections.
    void setTrace(models::trace::JoinedTracePtr joined, std::vector<models::trace::TraceSource> sources);
    [[nodiscard]] QMenu *menu() const { return m_menu; }
    void copy(Format format);
    void save(Format format, const QString &path);
    /// Asks for the file; answers later.
    void chooseFile(Format format);

Q_SIGNALS:
    void messageRaised(const QString &message);

private:
    /// Makes the bytes on another thread and gives them to `use` on this one.
    void make(Format format, const std::function<void(const QByteArray &)> &use);

    models::job::JobList &m_jobs;
    QWidget *m_window;
    QMenu *m_menu;
    models::trace::JoinedTracePtr m_joined;
    std::vector<models::trace::TraceSource> m_sources;
};

} // namespace ui::traces
