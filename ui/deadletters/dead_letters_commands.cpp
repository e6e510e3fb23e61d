// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/deadletters/dead_letters_page.h"

#include "models/connection/workspace.h"
#include "ui/deadletters/letter_details.h"
#include "ui/theme/theme.h"
#include "ui/widgets/chart.h"

#include <QAction>
#include <QRegularExpression>
#include <QTableView>

/// What the Dead letters page offers in the menu, in the palette and in the letters' own menu.
namespace ui::deadletters {

void DeadLettersPage::buildCommands()
{
    const auto add = [this](const char *name, const QString &words, const char *icon, auto act) {
        auto *action = new QAction(theme::icon(QLatin1String(icon)), words, this);
        action->setObjectName(QLatin1String(name));
        connect(action, &QAction::triggered, this, act);
        m_commands.append(action);
        return action;
    };
    add("letters-refresh", tr("Look for dead letters again"), "refresh", [this] { refresh(); });
    m_openLetter = add("letters-open", tr("Go to this letter in its stream"), "streams", [this] { openAddress(currentLetter()->address); });
    m_openOriginal = add("letters-original", tr("Go to the event that this letter was"), "event", [this] { openAddress(*currentLetter()->original); });
    m_showTrace = add("letters-trace", tr("Show the trace of this letter"), "traces", [this] {
        const connectors::DeadLetter &letter = *currentLetter();
        showTrace(letter.correlationId.isEmpty() ? letter.eventId : letter.correlationId, letter.address);
    });
    m_copyLetter = add("letters-copy", tr("Copy this letter's error and place"), "copy", [this] { m_details->copy(); });
    m_letterTable->addActions({m_openLetter, m_openOriginal, m_showTrace, m_copyLetter});
    m_letterTable->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_commands += m_chart->findChildren<QAction *>(QRegularExpression(QStringLiteral("^chart-export-")));
    updateCommands();
}

void DeadLettersPage::updateCommands()
{
    const connectors::DeadLetter *letter = currentLetter();
    for (QAction *action : {m_openLetter, m_showTrace, m_copyLetter})
        action->setEnabled(letter);
    m_openOriginal->setEnabled(letter && letter->original);
}

const connectors::DeadLetter *DeadLettersPage::currentLetter() const
{
    const int row = m_letterTable->currentIndex().row();
    return row < 0 || row >= m_letters.rowCount() ? nullptr : &m_letters.letter(row);
}

void DeadLettersPage::showTrace(const QString &correlationOrEventId, const connectors::EventAddress &address)
{
    const ui::frame::Place place{QStringLiteral("traces"), m_connection, correlationOrEventId, address};
    Q_EMIT placeRequested(place);
}

} // namespace ui::deadletters
