// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chart_export.h"

#include "ui/widgets/chart.h"
#include "ui/widgets/text.h"

#include "ui/widgets/custom_plot.h"

#include <QBuffer>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QtConcurrentRun>

#include <cmath>
#include <map>

namespace ui::widgets {

namespace {

QByteArray csvField(QString field)
{
    static const QString formulaStarts = QStringLiteral("=+-@\t\r");
    if (!field.isEmpty() && formulaStarts.contains(field.front()))
        field.prepend(u'\'');
    if (field.contains(u',') || field.contains(u'"') || field.contains(u'\n'))
        field = u'"' + field.replace(u'"', QStringLiteral("\"\"")) + u'"';
    return field.toUtf8();
}

} // namespace

QByteArray chartAsPng(QCustomPlot &plot)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    plot.toPixmap(0, 0, 2.0).save(&buffer, "PNG");
    return bytes;
}

QByteArray chartAsSvg(QCustomPlot &plot)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setSize(plot.size());
    generator.setViewBox(plot.rect());
    QCPPainter painter;
    if (painter.begin(&generator)) {
        painter.setMode(QCPPainter::pmVectorized);
        painter.setMode(QCPPainter::pmNoCaching);
        plot.toPainter(&painter, plot.width(), plot.height());
        painter.end();
    }
    return bytes;
}

QByteArray chartAsCsv(const std::vector<ChartSeries> &series)
{
    std::map<connectors::EpochMs, std::vector<double>> rows;
    for (size_t column = 0; column < series.size(); ++column) {
        for (const ChartPoint &point : series[column].points) {
            auto &row = rows[point.time];
            row.resize(series.size(), std::nan(""));
            row[column] = point.value;
        }
    }
    QByteArray csv("time");
    for (const ChartSeries &each : series)
        csv += ',' + csvField(each.name);
    csv += '\n';
    for (const auto &[time, values] : rows) {
        csv += text::utcTime(time).toUtf8();
        for (const double value : values)
            csv += ',' + (std::isnan(value) ? QByteArray() : QByteArray::number(value, 'g', 15));
        csv += '\n';
    }
    return csv;
}

QFuture<connectors::Result<void>> writeFile(const QString &path, const QByteArray &bytes)
{
    return QtConcurrent::run([path, bytes]() -> connectors::Result<void> {
        QSaveFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
            return connectors::failure(connectors::ErrorCode::StorageFailed,
                                       QCoreApplication::translate("ChartExport", "The file “%1” was not written: %2.").arg(path, file.errorString()),
                                       QCoreApplication::translate("ChartExport", "Choose a folder that you may write to and that has space."));
        return {};
    });
}

} // namespace ui::widgets
