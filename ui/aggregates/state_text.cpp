// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/aggregates/state_text.h"

#include "ui/event/event_text.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QScrollBar>
#include <QTextBlock>

namespace ui::aggregates {

using models::aggregate::ChangeKind;
using models::aggregate::StateLine;

namespace {

constexpr size_t MostMarks = 1000; ///< in colour; each costs painting
constexpr int SpacesALevel = 2;

QString signOf(const StateLine &line)
{
    if (!line.change)
        return QStringLiteral("  ");
    switch (*line.change) {
    case ChangeKind::Added: return QStringLiteral("+ ");
    case ChangeKind::Removed: return QStringLiteral("- ");
    case ChangeKind::Changed: return QStringLiteral("~ ");
    }
    return {};
}

theme::Role roleOf(ChangeKind kind)
{
    switch (kind) {
    case ChangeKind::Added: return theme::Role::Ok;
    case ChangeKind::Removed: return theme::Role::Error;
    case ChangeKind::Changed: return theme::Role::Warning;
    }
    return theme::Role::Info;
}

/// Text from outside, whose control and bidirectional characters are shown and not obeyed.
QString shown(const QString &text)
{
    return event::shownBytes(text.toStdString()).replace(u'\n', u' ');
}

} // namespace

StateText::StateText(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setObjectName(QStringLiteral("aggregate-state"));
    setAccessibleName(tr("State of the aggregate, with what this version changed marked by +, ~ and -"));
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setFont(theme::monospaceFont());
}

void StateText::setLines(const std::vector<StateLine> &lines)
{
    const int across = horizontalScrollBar()->value();
    const int down = verticalScrollBar()->value();
    QStringList text;
    m_marks.clear();
    for (const StateLine &line : lines) {
        if (line.change && m_marks.size() < MostMarks)
            m_marks.emplace_back(static_cast<int>(text.size()), *line.change);
        const QString was = line.before.isEmpty() ? QString() : QStringLiteral("    ") + tr("(was %1)").arg(shown(line.before));
        text += signOf(line) + QString(SpacesALevel * line.depth, u' ') + shown(line.text) + was;
    }
    setPlainText(text.join(u'\n'));
    mark();
    horizontalScrollBar()->setValue(across);
    verticalScrollBar()->setValue(down);
}

void StateText::mark()
{
    constexpr int Tint = 56; // of 255
    QList<QTextEdit::ExtraSelection> selections;
    for (const auto &[line, kind] : m_marks) {
        QColor ground = theme::color(roleOf(kind));
        ground.setAlpha(Tint);
        QTextEdit::ExtraSelection selection;
        selection.cursor = QTextCursor(document()->findBlockByNumber(line));
        selection.format.setBackground(ground);
        selection.format.setProperty(QTextFormat::FullWidthSelection, true);
        selections += selection;
    }
    setExtraSelections(selections);
}

void StateText::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        mark();
}

} // namespace ui::aggregates
