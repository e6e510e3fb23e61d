// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_warnings_fail.h"
#include "ui/widgets/chart.h"
#include "ui/widgets/custom_plot.h"

#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QSvgRenderer>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

#include <algorithm>

using ui::widgets::Chart;

namespace {

constexpr connectors::EpochMs From = 1'772'000'000'000;
constexpr connectors::EpochMs FiveMinutes = 300'000;

} // namespace

class TestChart final : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<tests::QtWarningsFail> m_warningsFail;
    std::unique_ptr<Chart> m_chart;
    QTemporaryDir m_folder;

    QCustomPlot *plot() const { return m_chart->findChild<QCustomPlot *>(QStringLiteral("chart-plot")); }
    /// Writes the chart and gives the file's bytes.
    QByteArray exported(const QString &name)
    {
        const QString path = m_folder.filePath(name);
        QSignalSpy done(m_chart.get(), &Chart::exported);
        m_chart->exportTo(path);
        if (!done.wait(10'000) || !done[0][0].toString().contains(path))
            return {};
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private Q_SLOTS:
    void init()
    {
        m_warningsFail = std::make_unique<tests::QtWarningsFail>();
        m_chart = std::make_unique<Chart>(QStringLiteral("Total lag"), Chart::Unit::Events);
        m_chart->resize(420, 220);
        m_chart->show();
        m_chart->setTimeWindow(From, From + FiveMinutes);
        m_chart->setSeries({{QStringLiteral("orders"), 0, {{From, 10}, {From + 60'000, 400}}}, {QStringLiteral("=cmd()"), 1, {{From, 3}}}});
    }

    void cleanup()
    {
        m_chart.reset();
        m_warningsFail.reset();
    }

    void theTimesOfANarrowChartDoNotTouch_data()
    {
        QTest::addColumn<int>("width");
        for (const int width : {240, 280, 340, 420, 900})
            QTest::addRow("%d pixels", width) << width;
    }

    void theTimesOfANarrowChartDoNotTouch()
    {
        QFETCH(const int, width);
        m_chart->resize(width, 220);
        plot()->replot(QCustomPlot::rpImmediateRefresh);
        const QVector<double> ticks = plot()->xAxis->tickVector();
        const int label = QFontMetrics(plot()->xAxis->tickLabelFont()).horizontalAdvance(QStringLiteral("00:00:00"));
        const QCPRange range = plot()->xAxis->range();
        QVERIFY(std::count_if(ticks.cbegin(), ticks.cend(), [&range](double tick) { return range.contains(tick); }) >= 2);
        for (qsizetype i = 1; i < ticks.size(); ++i)
            QVERIFY2(plot()->xAxis->coordToPixel(ticks[i]) - plot()->xAxis->coordToPixel(ticks[i - 1]) > label, qPrintable(QString::number(ticks.size())));
    }

    void aLineIsHiddenAndShownByItsLegend()
    {
        auto *entry = m_chart->findChild<QWidget *>(QStringLiteral("legend-orders"));
        const double high = plot()->yAxis->range().upper;
        QTest::mouseClick(entry, Qt::LeftButton);
        QVERIFY(!m_chart->isSeriesShown(QStringLiteral("orders")));
        QVERIFY(plot()->yAxis->range().upper < high / 10); // what is left fills the chart
        m_chart->setCursor(From + 1);
        QVERIFY(!m_chart->cursorText().contains(QStringLiteral("orders")));
        const auto *empty = m_chart->findChild<QWidget *>(QStringLiteral("chart-empty"));
        QVERIFY(!empty->isVisible());
        auto *other = m_chart->findChild<QWidget *>(QStringLiteral("legend-=cmd()"));
        QTest::mouseClick(other, Qt::LeftButton);
        QVERIFY(empty->isVisible()); // and says that none is shown
        QTest::mouseClick(entry, Qt::LeftButton);
        QVERIFY(!empty->isVisible());
        m_chart->setCursor(From + 1);
        QVERIFY(m_chart->cursorText().contains(QStringLiteral("orders: 10")));
    }

    void aZoomStaysWhileTimeGoesOnAndEndsWhereAnotherRangeIsChosen_data()
    {
        QTest::addColumn<qint64>("from");
        QTest::addColumn<qint64>("to");
        QTest::addColumn<bool>("isZoomed");
        QTest::newRow("time goes on") << From + 1000 << From + FiveMinutes + 1000 << true;
        QTest::newRow("a shorter range") << From + FiveMinutes - 60'000 << From + FiveMinutes << false;
        QTest::newRow("a longer range") << From - FiveMinutes << From + FiveMinutes << false;
        QTest::newRow("an earlier time") << From - FiveMinutes << From << false;
    }

    void aZoomStaysWhileTimeGoesOnAndEndsWhereAnotherRangeIsChosen()
    {
        QFETCH(const qint64, from);
        QFETCH(const qint64, to);
        m_chart->zoomTo(From + 60'000, From + 120'000);
        m_chart->setTimeWindow(from, to);
        QTEST(m_chart->isZoomed(), "isZoomed");
        QCOMPARE(m_chart->visibleFrom(), m_chart->isZoomed() ? From + 60'000 : from);
        QCOMPARE(m_chart->findChild<QToolButton *>(QStringLiteral("chart-reset"))->isEnabled(), m_chart->isZoomed());
    }

    void aPausedChartKeepsWhatItShowsAndCatchesUp()
    {
        QTest::keyClick(m_chart.get(), Qt::Key_Space);
        QVERIFY(m_chart->isPaused());
        m_chart->setSeries({{QStringLiteral("orders"), 0, {{From, 7}}}});
        QCOMPARE(m_chart->series().size(), size_t(2));
        QTest::keyClick(m_chart.get(), Qt::Key_Space);
        QCOMPARE(m_chart->series().size(), size_t(1));
    }

    void itIsWrittenAsAPicture()
    {
        const QImage png = QImage::fromData(exported(QStringLiteral("lag.png")));
        QVERIFY(png.width() >= plot()->width());
        QSvgRenderer svg(exported(QStringLiteral("lag.svg")));
        QVERIFY(svg.isValid());
        QVERIFY(!svg.viewBoxF().isEmpty());
    }

    void itIsWrittenAsATableThatNoSpreadsheetRuns()
    {
        const QList<QByteArray> lines = exported(QStringLiteral("lag.csv")).split('\n');
        QCOMPARE(lines.value(0).trimmed(), QByteArray("time,orders,'=cmd()"));
        QCOMPARE(lines.value(1).trimmed(), QByteArray("2026-02-25T06:13:20.000Z,10,3"));
        QCOMPARE(lines.value(2).trimmed(), QByteArray("2026-02-25T06:14:20.000Z,400,"));
    }
};

QTEST_MAIN(TestChart)
#include "tst_chart.moc"
