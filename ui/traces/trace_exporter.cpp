// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/trace_exporter.h"

#include "connectors/deliver.h"
#include "models/trace/trace_bodies.h"
#include "models/trace/trace_export.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chart_export.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QPointer>
#include <QtConcurrentRun>

namespace ui::traces {

using connectors::Result;
using models::trace::JoinedTrace;

namespace {

QString suffixOf(TraceExporter::Format format)
{
    switch (format) {
    case TraceExporter::Format::Text: return QStringLiteral("txt");
    case TraceExporter::Format::Mermaid: return QStringLiteral("mmd");
    case TraceExporter::Format::Dot: return QStringLiteral("dot");
    case TraceExporter::Format::Json: return QStringLiteral("json");
    case TraceExporter::Format::Svg: return QStringLiteral("svg");
    }
    return {};
}

/// Any thread.
Result<QByteArray> bytesOf(TraceExporter::Format format, const JoinedTrace &joined, const std::vector<models::trace::TraceSource> &sources,
                           models::job::JobProgress &progress)
{
    switch (format) {
    case TraceExporter::Format::Text: return models::trace::traceToText(joined.trace, joined.graph).toUtf8();
    case TraceExporter::Format::Mermaid: return models::trace::traceToMermaid(joined.trace, joined.graph).toUtf8();
    case TraceExporter::Format::Dot: return models::trace::traceToDot(joined.trace, joined.graph).toUtf8();
    case TraceExporter::Format::Json: return models::trace::traceWithBodies(joined, sources, progress);
    case TraceExporter::Format::Svg: return models::trace::traceToSvg(joined.trace, joined.graph);
    }
    return QByteArray();
}

/// A file name made of what may be in one.
QString fileNameOf(const JoinedTrace &joined, TraceExporter::Format format)
{
    QString name = QStringLiteral("trace-");
    for (const QChar c : joined.trace.correlationId.left(48))
        name += c.isLetterOrNumber() || c == u'-' || c == u'_' ? c : QChar(u'-');
    return name + u'.' + suffixOf(format);
}

} // namespace

TraceExporter::TraceExporter(models::job::JobList &jobs, QWidget *window)
    : QObject(window)
    , m_jobs(jobs)
    , m_window(window)
    , m_menu(new QMenu(window))
{
    m_menu->setObjectName(QStringLiteral("trace-export-menu"));
    const auto add = [this](const char *icon, const QString &words, const QString &name, const std::function<void()> &action) {
        QAction *added = m_menu->addAction(theme::icon(QLatin1String(icon)), words);
        added->setObjectName(name);
        connect(added, &QAction::triggered, this, action);
    };
    const std::pair<QString, Format> copies[] = {{tr("Copy the trace as text"), Format::Text}, {tr("Copy the trace as Mermaid"), Format::Mermaid},
                                                 {tr("Copy the trace as DOT"), Format::Dot}, {tr("Copy the trace as JSON"), Format::Json}};
    for (const auto &[words, format] : copies)
        add("copy", words, QStringLiteral("copy-trace-") + suffixOf(format), [this, each = format] { copy(each); });
    m_menu->addSeparator();
    add("export", tr("Save the picture as SVG…"), QStringLiteral("save-trace-svg"), [this] { chooseFile(Format::Svg); });
    add("export", tr("Save the trace as JSON…"), QStringLiteral("save-trace-json"), [this] { chooseFile(Format::Json); });
}

void TraceExporter::setTrace(models::trace::JoinedTracePtr joined, std::vector<models::trace::TraceSource> sources)
{
    m_joined = std::move(joined);
    m_sources = std::move(sources);
    const bool hasEvents = m_joined && !m_joined->trace.events.empty();
    for (QAction *action : m_menu->actions())
        action->setEnabled(hasEvents);
}

void TraceExporter::copy(Format format)
{
    make(format, [this](const QByteArray &bytes) {
        QGuiApplication::clipboard()->setText(QString::fromUtf8(bytes));
        Q_EMIT messageRaised(tr("The trace was copied (%1).").arg(widgets::text::bytes(bytes.size())));
    });
}

void TraceExporter::chooseFile(Format format)
{
    if (!m_joined)
        return;
    const QString suffix = suffixOf(format);
    auto *dialog = new QFileDialog(m_window, tr("Save the trace"), fileNameOf(*m_joined, format), tr("%1 files (*.%2)").arg(suffix.toUpper(), suffix));
    dialog->setObjectName(QStringLiteral("trace-export-dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, this, [this, format](const QString &path) { save(format, path); });
    dialog->open();
}

void TraceExporter::save(Format format, const QString &path)
{
    make(format, [this, path](const QByteArray &bytes) {
        connectors::deliver(widgets::writeFile(path, bytes), this, [this, path](const Result<void> &written) {
            Q_EMIT messageRaised(written ? tr("The trace was saved as “%1”.").arg(path) : connectors::describe(written.error()));
        });
    });
}

void TraceExporter::make(Format format, const std::function<void(const QByteArray &)> &use)
{
    if (!m_joined)
        return;
    const QPointer<models::job::Job> job = m_jobs.start(tr("Export the trace"));
    const auto made = QtConcurrent::run([format, joined = m_joined, sources = m_sources, progress = job->progress()] {
        return bytesOf(format, *joined, sources, *progress);
    });
    connectors::deliver(made, this, [this, job, use](const Result<QByteArray> &bytes) {
        if (job)
            job->finish(bytes ? Result<void>() : Result<void>(tl::unexpected(bytes.error())));
        if (bytes)
            use(*bytes);
        else
            Q_EMIT messageRaised(connectors::describe(bytes.error()));
    });
}

} // namespace ui::traces
