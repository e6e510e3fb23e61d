// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"
#include "ui/widgets/plain_table.h"

#include <QStandardItemModel>
#include <QTest>

class TestPlainTable final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theChosenRowKeepsTheColourOfItsState()
    {
        const QColor ink = ui::theme::color(ui::theme::Role::Error);
        QStandardItemModel model(1, 1);
        model.setData(model.index(0, 0), QStringLiteral("■■■■ failed"));
        model.setData(model.index(0, 0), ink, Qt::ForegroundRole);
        ui::widgets::PlainTable table(&model, QStringLiteral("table"), QStringLiteral("Table"));
        table.resize(300, 100);
        table.show();
        table.selectRow(0);
        const QImage picture = table.viewport()->grab(table.visualRect(model.index(0, 0))).toImage();
        bool isFound = false;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x)
                isFound = isFound || picture.pixelColor(x, y) == ink;
        QVERIFY(isFound);
    }
};

QTEST_MAIN(TestPlainTable)
#include "tst_plain_table.moc"
