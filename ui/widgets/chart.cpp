// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chart.h"

#include "connectors/deliver.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chart_export.h"
#include "ui/widgets/chart_legend.h"
#include "ui/widgets/custom_plot.h"
#include "ui/widgets/text.h"
#include "ui/widgets/time_ticker.h"

#include <QAction>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMouseEvent>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

namespace ui::widgets {

namespace {

QToolButton *toolButton(QWidget *parent, const QString &icon, const QString &text, const QString &name)
{
    auto *button = new QToolButton(parent);
    button->setObjectName(name);
    button->setIcon(theme::icon(icon));
    button->setToolTip(text);
    button->setAccessibleName(text);
    button->setAutoRaise(true);
    return button;
}

/// Whole numbers with the locale's separators, without the "1e6" of QCustomPlot.
class CountTicker final : public QCPAxisTicker
{
protected:
    QString getTickLabel(double tick, const QLocale &, QChar, int) override
    {
        return std::abs(tick - std::round(tick)) < 1e-9 ? text::number(static_cast<qint64>(std::llround(tick))) : QLocale().toString(tick, 'g', 3);
    }
};

} // namespace

Chart::Chart(const QString &title, Unit unit, QWidget *parent)
    : QWidget(parent)
    , m_unit(unit)
    , m_plot(new QCustomPlot(this))
    , m_legend(new ChartLegend(this))
    , m_cursorLabel(new QLabel(m_plot))
    , m_emptyLabel(new QLabel(m_plot))
{
    setObjectName(QStringLiteral("chart"));
    setAccessibleName(title);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(240, 150);
    auto *tools = new QHBoxLayout;
    tools->setSpacing(2);
    buildTools(tools, title);
    connect(m_legend, &ChartLegend::shownChanged, this, &Chart::showData);
    buildPlot();

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addLayout(tools);
    layout->addWidget(m_plot, 1);
    layout->addWidget(m_legend);
    for (QLabel *label : {m_cursorLabel, m_emptyLabel}) {
        label->setTextFormat(Qt::PlainText);
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
        label->hide();
    }
    m_cursorLabel->setObjectName(QStringLiteral("chart-values"));
    m_cursorLabel->setMargin(theme::Unit);
    m_cursorLabel->setAutoFillBackground(true);
    m_cursorLabel->setFrameShape(QFrame::StyledPanel);
    m_emptyLabel->setObjectName(QStringLiteral("chart-empty"));
    m_emptyLabel->setAlignment(Qt::AlignCenter);
    applyColors();
}

Chart::~Chart() = default;

void Chart::buildTools(QHBoxLayout *row, const QString &title)
{
    auto *label = new QLabel(title, this);
    label->setTextFormat(Qt::PlainText);
    QFont bold = label->font();
    bold.setBold(true);
    label->setFont(bold);
    row->addWidget(label);
    row->addStretch();
    m_reset = toolButton(this, QStringLiteral("fit"), tr("Show the whole time range (0)"), QStringLiteral("chart-reset"));
    m_reset->setEnabled(false);
    connect(m_reset, &QToolButton::clicked, this, [this] {
        resetZoom();
        Q_EMIT zoomReset();
    });
    m_pause = toolButton(this, QStringLiteral("pause"), tr("Pause this chart (Space)"), QStringLiteral("chart-pause"));
    m_pause->setCheckable(true);
    connect(m_pause, &QToolButton::toggled, this, [this](bool isPaused) {
        setPaused(isPaused);
        Q_EMIT pausedChanged(isPaused);
    });
    auto *save = toolButton(this, QStringLiteral("export"), tr("Export this chart"), QStringLiteral("chart-export"));
    auto *menu = new QMenu(save);
    for (const QString &suffix : {QStringLiteral("png"), QStringLiteral("svg"), QStringLiteral("csv")}) {
        QAction *action = menu->addAction(tr("Export the chart %1 as %2…").arg(title, suffix.toUpper()));
        action->setObjectName(QStringLiteral("chart-export-") + suffix);
        connect(action, &QAction::triggered, this, [this, suffix] { chooseExportFile(suffix); });
    }
    save->setMenu(menu);
    save->setPopupMode(QToolButton::InstantPopup);
    for (QToolButton *button : {m_reset, m_pause, save})
        row->addWidget(button);
}

void Chart::buildPlot()
{
    m_plot->setObjectName(QStringLiteral("chart-plot"));
    m_plot->setMouseTracking(true);
    m_plot->installEventFilter(this);
    m_plot->setNoAntialiasingOnDrag(true);
    m_plot->legend->setVisible(false);
    const auto dates = QSharedPointer<TimeTicker>::create();
    dates->setDateTimeFormat(QStringLiteral("HH:mm:ss"));
    m_plot->xAxis->setTicker(dates);
    const auto counts = QSharedPointer<CountTicker>::create();
    counts->setTickCount(4);
    m_plot->yAxis->setTicker(counts);
    m_plot->axisRect()->setMinimumMargins(QMargins(44, 6, 12, 6));
    m_plot->axisRect()->setRangeDrag(Qt::Horizontal);
    m_plot->axisRect()->setRangeZoomAxes(QList<QCPAxis *>{m_plot->xAxis}, QList<QCPAxis *>{});
    m_plot->axisRect()->setRangeZoom(Qt::Horizontal);
    m_plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    m_plot->setSelectionRectMode(QCP::srmZoom);
    connect(m_plot, &QCustomPlot::mousePress, this, [this](const QMouseEvent *event) {
        m_plot->setSelectionRectMode(event->modifiers() & Qt::ShiftModifier ? QCP::srmNone : QCP::srmZoom);
        setFocus(Qt::MouseFocusReason);
    });
    connect(m_plot, &QCustomPlot::mouseMove, this, [this](const QMouseEvent *event) {
        const auto time = static_cast<connectors::EpochMs>(m_plot->xAxis->pixelToCoord(event->position().x()) * MillisecondsPerSecond);
        setCursor(time);
        Q_EMIT cursorMoved(time);
    });
    connect(m_plot->xAxis, QNonConstOverload<const QCPRange &>()(&QCPAxis::rangeChanged), this,
            [this](const QCPRange &range) { userZoomed(range.lower, range.upper); });
    m_cursorLine = new QCPItemLine(m_plot);
    m_cursorLine->start->setTypeX(QCPItemPosition::ptPlotCoords);
    m_cursorLine->start->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_cursorLine->end->setTypeX(QCPItemPosition::ptPlotCoords);
    m_cursorLine->end->setTypeY(QCPItemPosition::ptAxisRectRatio);
    m_cursorLine->setVisible(false);
}

void Chart::applyColors()
{
    const QColor text = theme::color(theme::Role::Muted);
    const QColor line = theme::color(theme::Role::Line);
    m_plot->setBackground(theme::color(theme::Role::Base));
    for (QCPAxis *axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(QPen(line));
        axis->setTickPen(QPen(line));
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(text);
        axis->grid()->setPen(QPen(line, 1, Qt::DotLine));
        axis->grid()->setZeroLinePen(QPen(line));
    }
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->selectionRect()->setPen(QPen(theme::color(theme::Role::Accent)));
    QColor fill = theme::color(theme::Role::Accent);
    fill.setAlpha(40);
    m_plot->selectionRect()->setBrush(fill);
    m_cursorLine->setPen(QPen(text, 1, Qt::DashLine));
    QPalette muted = m_emptyLabel->palette();
    muted.setColor(QPalette::WindowText, text);
    m_emptyLabel->setPalette(muted);
    m_legend->recolor(m_series);
    showData();
}

void Chart::setSeries(std::vector<ChartSeries> series)
{
    if (m_isPaused) {
        m_waiting = std::move(series);
        m_hasWaiting = true;
        return;
    }
    m_series = std::move(series);
    m_legend->setSeries(m_series);
    showData();
}

void Chart::showData()
{
    m_plot->clearGraphs();
    bool hasPoints = false;
    bool isAnyShown = m_series.empty();
    for (const ChartSeries &each : m_series) {
        QCPGraph *graph = m_plot->addGraph();
        graph->setName(each.name);
        graph->setPen(QPen(theme::seriesColor(each.colorIndex), 1.8));
        graph->setAdaptiveSampling(true);
        graph->setVisible(m_legend->isShown(each.name));
        if (each.points.size() == 1)
            graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssDisc, 5)); // one point makes no line
        QVector<QCPGraphData> dots;
        dots.reserve(static_cast<qsizetype>(each.points.size()));
        for (const ChartPoint &point : each.points)
            dots.append(QCPGraphData(static_cast<double>(point.time) / MillisecondsPerSecond, point.value));
        hasPoints = hasPoints || !dots.isEmpty();
        isAnyShown = isAnyShown || graph->visible();
        graph->data()->set(dots, true);
    }
    m_emptyLabel->setText(isAnyShown ? m_emptyText : tr("No line is shown. Choose one below."));
    m_emptyLabel->setVisible((!hasPoints || !isAnyShown) && !m_emptyLabel->text().isEmpty());
    m_emptyLabel->setGeometry(m_plot->rect());
    rescaleValues();
    setCursor(m_cursor);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void Chart::rescaleValues()
{
    double top = 0;
    const QCPRange visible = m_plot->xAxis->range();
    for (int i = 0; i < m_plot->graphCount(); ++i) {
        if (!m_plot->graph(i)->visible())
            continue;
        bool hasRange = false;
        const QCPRange range = m_plot->graph(i)->getValueRange(hasRange, QCP::sdBoth, visible);
        if (hasRange)
            top = std::max(top, range.upper);
    }
    m_plot->yAxis->setRange(0, top > 0 ? top * 1.1 : (m_unit == Unit::Events ? 4 : 1));
}

void Chart::setTimeWindow(connectors::EpochMs from, connectors::EpochMs to)
{
    if (m_isPaused || to <= from)
        return;
    if (m_to > m_from && (to - from != m_to - m_from || from < m_from)) {
        m_isZoomed = false; // another time was asked for
        m_reset->setEnabled(false);
    }
    m_from = from;
    m_to = to;
    if (m_isZoomed)
        return;
    const QSignalBlocker blocker(m_plot->xAxis);
    m_plot->xAxis->setRange(static_cast<double>(from) / MillisecondsPerSecond, static_cast<double>(to) / MillisecondsPerSecond);
    const auto ticker = qSharedPointerCast<QCPAxisTickerDateTime>(m_plot->xAxis->ticker());
    ticker->setDateTimeSpec(text::timeZone() == text::TimeZone::Utc ? Qt::UTC : Qt::LocalTime);
    ticker->setDateTimeFormat(to - from > 24 * 3'600'000LL ? QStringLiteral("MM-dd HH:mm")
                                  : to - from > 20 * 60'000 ? QStringLiteral("HH:mm")
                                                            : QStringLiteral("HH:mm:ss"));
    fitTicks();
    rescaleValues();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void Chart::fitTicks()
{
    constexpr int MostTicks = 5;
    const auto ticker = qSharedPointerCast<QCPAxisTickerDateTime>(m_plot->xAxis->ticker());
    const int label = QFontMetrics(m_plot->xAxis->tickLabelFont()).horizontalAdvance(ticker->dateTimeFormat());
    const QMargins margins = m_plot->axisRect()->minimumMargins();
    const int room = m_plot->width() - margins.left() - margins.right();
    ticker->setTickCount(std::clamp(room * 4 / (5 * std::max(1, label)), 1, MostTicks)); // with a quarter of a label between two
}

connectors::EpochMs Chart::visibleFrom() const
{
    return static_cast<connectors::EpochMs>(m_plot->xAxis->range().lower * MillisecondsPerSecond);
}

connectors::EpochMs Chart::visibleTo() const
{
    return static_cast<connectors::EpochMs>(m_plot->xAxis->range().upper * MillisecondsPerSecond);
}

int Chart::plotPixels() const
{
    return std::max(100, m_plot->axisRect()->width());
}

void Chart::setEmptyText(const QString &text)
{
    m_emptyText = text;
    showData();
}

void Chart::setPaused(bool isPaused)
{
    if (m_isPaused == isPaused)
        return;
    m_isPaused = isPaused;
    const QSignalBlocker blocker(m_pause);
    m_pause->setChecked(isPaused);
    m_pause->setIcon(theme::icon(isPaused ? QStringLiteral("play") : QStringLiteral("pause")));
    m_pause->setToolTip(isPaused ? tr("Go on (Space)") : tr("Pause this chart (Space)"));
    m_pause->setAccessibleName(m_pause->toolTip());
    if (!isPaused && std::exchange(m_hasWaiting, false))
        setSeries(std::move(m_waiting));
}

bool Chart::isSeriesShown(const QString &name) const
{
    return m_legend->isShown(name);
}

void Chart::exportTo(const QString &path)
{
    const QString suffix = path.section(u'.', -1).toLower();
    const QByteArray bytes = suffix == QStringLiteral("csv") ? chartAsCsv(m_series)
        : suffix == QStringLiteral("svg")                    ? chartAsSvg(*m_plot)
                                                             : chartAsPng(*m_plot);
    connectors::deliver(writeFile(path, bytes), this, [this, path](const connectors::Result<void> &result) {
        Q_EMIT exported(result ? tr("The chart was written to “%1”.").arg(path) : connectors::describe(result.error()));
    });
}

void Chart::chooseExportFile(const QString &suffix)
{
    auto *dialog = new QFileDialog(this, tr("Export this chart"), accessibleName() + u'.' + suffix, tr("%1 files (*.%2)").arg(suffix.toUpper(), suffix));
    dialog->setObjectName(QStringLiteral("chart-export-dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    connect(dialog, &QFileDialog::fileSelected, this, &Chart::exportTo);
    dialog->open();
}

void Chart::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_cursorLine)
        applyColors();
}

} // namespace ui::widgets
