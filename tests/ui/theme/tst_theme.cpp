// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

#include <QIcon>
#include <QMap>
#include <QSet>
#include <QTest>

using ui::theme::Role;

class TestTheme final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyInkCanBeReadOnItsGround_data()
    {
        QTest::addColumn<Role>("ink");
        QTest::addColumn<Role>("ground");
        for (const Role ground : {Role::Base, Role::Raised})
            for (int ink = 0; ink <= static_cast<int>(Role::Series8); ++ink)
                if (!isGround(static_cast<Role>(ink)))
                    QTest::addRow("%d on %d", ink, static_cast<int>(ground)) << static_cast<Role>(ink) << ground;
        for (const Role ink : {Role::Ok, Role::Warning, Role::Error, Role::Info, Role::Muted, Role::Text})
            QTest::addRow("%d on a selected row", static_cast<int>(ink)) << ink << Role::Selection;
    }
    void everyInkCanBeReadOnItsGround()
    {
        QFETCH(Role, ink);
        QFETCH(Role, ground);
        for (const bool isDark : {false, true}) {
            const double contrast = ui::theme::contrast(ui::theme::color(ink, isDark), ui::theme::color(ground, isDark));
            QVERIFY2(contrast >= 4.5, qPrintable(QString::number(contrast)));
        }
    }

    void anIconKeepsTheColourOfItsMeaningOnASelectedRow()
    {
        const QIcon icon = ui::theme::icon(QStringLiteral("error"), Role::Error);
        QCOMPARE(icon.pixmap(24, QIcon::Selected).toImage(), icon.pixmap(24, QIcon::Normal).toImage());
        QVERIFY(icon.pixmap(24, QIcon::Disabled).toImage() != icon.pixmap(24, QIcon::Normal).toImage());
    }

    void eightNamesHaveEightColoursAndKeepThem()
    {
        const QStringList names{QStringLiteral("OrderPlaced"),     QStringLiteral("OrderProcessStarted"),       QStringLiteral("PaymentRequested"),  QStringLiteral("PaymentAuthorised"),
                                QStringLiteral("StockReserved"),   QStringLiteral("StockReservationRequested"), QStringLiteral("ShippingRequested"), QStringLiteral("OrderProcessCompleted")};
        QSet<QRgb> colors;
        for (const QString &name : names)
            colors.insert(ui::theme::stableColor(name).rgb());
        QCOMPARE(colors.size(), names.size());
        const QRgb first = ui::theme::stableColor(names.front()).rgb();
        QMap<QRgb, int> uses;
        for (int other = 0; other < ui::theme::SeriesCount; ++other) // as many again
            ++uses[ui::theme::stableColor(QStringLiteral("Other%1").arg(other)).rgb()];
        QCOMPARE(uses.size(), ui::theme::SeriesCount);
        QCOMPARE(ui::theme::stableColor(names.front()).rgb(), first);
    }

private:
    static bool isGround(Role role) { return role == Role::Selection || role == Role::Base || role == Role::Raised || role == Role::Line; }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
