// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/command_palette.h"

#include "ui/theme/theme.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace ui::frame {

namespace {

constexpr int Width = 520;
constexpr int VisibleRows = 10;

QString wordsOf(const QAction &action)
{
    constexpr QChar Kept(0x1); // no text of an action has it
    return action.text().replace(QStringLiteral("&&"), Kept).remove(u'&').replace(Kept, u'&');
}

} // namespace

int matchScore(const QString &text, const QString &pattern)
{
    int score = 0;
    qsizetype at = 0;
    qsizetype previous = -2;
    for (const QChar wanted : pattern) {
        if (wanted.isSpace())
            continue;
        const qsizetype found = text.indexOf(wanted, at, Qt::CaseInsensitive);
        if (found < 0)
            return -1;
        if (found == previous + 1)
            score += 4; // letters in a row
        if (found == 0 || !text.at(found - 1).isLetterOrNumber())
            score += 6; // start of a word
        score -= static_cast<int>(std::min<qsizetype>(3, found - at));
        previous = found;
        at = found + 1;
    }
    return std::max(0, score + 20);
}

CommandPalette::CommandPalette(QWidget *window)
    : QFrame(window)
    , m_edit(new QLineEdit(this))
    , m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("command-palette"));
    setAccessibleName(tr("Commands"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_edit->setObjectName(QStringLiteral("palette-edit"));
    m_edit->setAccessibleName(tr("Find a command"));
    m_edit->setPlaceholderText(tr("Type a command, or an id to search for"));
    m_edit->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("palette-list"));
    m_list->setAccessibleName(tr("Commands that match"));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setUniformItemSizes(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Spacing, theme::Spacing, theme::Spacing, theme::Spacing);
    layout->addWidget(m_edit);
    layout->addWidget(m_list);
    connect(m_edit, &QLineEdit::textChanged, this, &CommandPalette::fill);
    connect(m_edit, &QLineEdit::returnPressed, this, &CommandPalette::runCurrent);
    connect(m_list, &QListWidget::itemClicked, this, &CommandPalette::runCurrent);
    hide();
}

void CommandPalette::open(const QList<QAction *> &actions)
{
    m_actions.clear();
    for (QAction *action : actions)
        if (action && !action->isSeparator() && action->isVisible() && !action->text().isEmpty())
            m_actions.append(action);
    m_edit->clear();
    fill();
    const int height = m_edit->sizeHint().height() + m_list->sizeHintForRow(0) * VisibleRows + 5 * theme::Spacing;
    setGeometry((parentWidget()->width() - Width) / 2, 48, Width, std::min(height, parentWidget()->height() - 64));
    show();
    raise();
    m_edit->setFocus();
}

void CommandPalette::fill()
{
    struct Match {
        int score;
        QAction *action;
    };
    std::vector<Match> matches;
    for (const QPointer<QAction> &action : std::as_const(m_actions)) {
        if (!action)
            continue;
        const int score = matchScore(wordsOf(*action), m_edit->text());
        if (score >= 0)
            matches.push_back({score, action});
    }
    if (!m_edit->text().isEmpty())
        std::stable_sort(matches.begin(), matches.end(), [](const Match &a, const Match &b) { return a.score > b.score; });
    m_list->clear();
    for (const Match &match : matches) {
        const QString shortcut = match.action->shortcut().toString(QKeySequence::NativeText);
        auto *item = new QListWidgetItem(match.action->icon(), shortcut.isEmpty() ? wordsOf(*match.action) : wordsOf(*match.action) + QStringLiteral("    ") + shortcut, m_list);
        item->setData(Qt::UserRole, QVariant::fromValue<QObject *>(match.action));
        if (!match.action->isEnabled())
            item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
    }
    m_list->setCurrentRow(0);
}

void CommandPalette::runCurrent()
{
    const QString text = m_edit->text();
    QListWidgetItem *item = m_list->currentItem();
    QPointer<QAction> action = item ? qobject_cast<QAction *>(item->data(Qt::UserRole).value<QObject *>()) : nullptr;
    if (action && !action->isEnabled())
        return;
    hide();
    if (action)
        action->trigger();
    else if (!text.trimmed().isEmpty())
        Q_EMIT textEntered(text.trimmed());
}

bool CommandPalette::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Escape) {
            hide();
            return true;
        }
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            const int row = m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1);
            m_list->setCurrentRow(std::clamp(row, 0, std::max(0, m_list->count() - 1)));
            return true;
        }
    }
    if (event->type() == QEvent::FocusOut && isVisible())
        hide();
    return QFrame::eventFilter(watched, event);
}

} // namespace ui::frame
