// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/step_bar.h"

#include "ui/theme/theme.h"

#include <QPainter>

namespace ui::replay {

namespace {

QStringList stepWords()
{
    return {StepBar::tr("1 What"), StepBar::tr("2 Plan"), StepBar::tr("3 Approve"), StepBar::tr("4 Result")};
}

constexpr int Gap = 28; ///< between two words; the arrow stands in it

} // namespace

StepBar::StepBar(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(QStringLiteral("replay-steps"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setStep(Step::What);
}

void StepBar::setStep(Step step)
{
    m_step = step;
    setAccessibleName(tr("Step %1 of 4").arg(stepWords().at(static_cast<int>(step))));
    update();
}

QSize StepBar::sizeHint() const
{
    QFont bold = font();
    bold.setBold(true);
    const QFontMetrics metrics(bold);
    int width = 3 * Gap;
    for (const QString &word : stepWords())
        width += metrics.horizontalAdvance(word);
    return {width, metrics.height() + 2 * theme::Unit};
}

void StepBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QFont bold = font();
    bold.setBold(true);
    const QFontMetrics metrics(bold);
    const QStringList all = stepWords();
    int x = 0;
    for (int at = 0; at < all.size(); ++at) {
        const bool isHere = at == static_cast<int>(m_step);
        const int width = metrics.horizontalAdvance(all.at(at));
        painter.setFont(isHere ? bold : font());
        painter.setPen(theme::color(isHere ? theme::Role::Accent : at < static_cast<int>(m_step) ? theme::Role::Text : theme::Role::Muted));
        painter.drawText(QRect(x, 0, width, height()), Qt::AlignCenter, all.at(at));
        if (isHere)
            painter.fillRect(QRect(x, height() - 2, width, 2), theme::color(theme::Role::Accent));
        x += width;
        if (at + 1 < all.size()) {
            painter.setPen(theme::color(theme::Role::Muted));
            painter.drawText(QRect(x, 0, Gap, height()), Qt::AlignCenter, QString(QChar(0x2192)));
            x += Gap;
        }
    }
}

} // namespace ui::replay
