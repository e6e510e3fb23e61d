// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/command_palette.h"

#include "connectors/deliver.h"
#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

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
constexpr size_t MostNames = 50;
enum ItemRole { ActionRole = Qt::UserRole, PlaceRole, SearchRole };

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

CommandPalette::CommandPalette(models::connection::Workspace &workspace, QWidget *window)
    : QFrame(window)
    , m_workspace(workspace)
    , m_edit(new QLineEdit(this))
    , m_list(new QListWidget(this))
{
    setObjectName(QStringLiteral("command-palette"));
    setAccessibleName(tr("Commands"));
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_edit->setObjectName(QStringLiteral("palette-edit"));
    m_edit->setAccessibleName(tr("Find a command or a name"));
    m_edit->setPlaceholderText(tr("Type a command, a name, or an id to search for"));
    m_edit->installEventFilter(this);
    m_list->setObjectName(QStringLiteral("palette-list"));
    m_list->setAccessibleName(tr("What matches"));
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
    m_names = namedPlaces(m_workspace);
    m_edit->clear();
    fill();
    addSaved();
    const int height = m_edit->sizeHint().height() + m_list->sizeHintForRow(0) * VisibleRows + 5 * theme::Spacing;
    setGeometry((parentWidget()->width() - Width) / 2, 48, Width, std::min(height, parentWidget()->height() - 64));
    show();
    raise();
    m_edit->setFocus();
}

void CommandPalette::addSaved()
{
    const auto add = [this](const connectors::Result<std::vector<models::connection::SavedConnection>> &saved) {
        if (!saved || !isVisible())
            return;
        for (const models::connection::SavedConnection &each : *saved)
            if (!m_workspace.find(each.spec.name))
                m_names.push_back(savedPlace(each.spec.name));
        if (!m_edit->text().isEmpty())
            fill();
    };
    connectors::deliver(m_workspace.opener().savedConnections(), this, add);
}

std::vector<CommandPalette::Match> CommandPalette::matches(const QString &text) const
{
    std::vector<Match> actions;
    for (const QPointer<QAction> &action : m_actions)
        if (const int score = action ? matchScore(wordsOf(*action), text) : -1; score >= 0)
            actions.push_back({score, action, nullptr});
    if (text.isEmpty())
        return actions;
    std::vector<Match> names; // in one piece: letters that are left out would find any of thousands
    for (const NamedPlace &place : m_names)
        if (place.name.contains(text, Qt::CaseInsensitive))
            names.push_back({matchScore(place.name, text), nullptr, &place});
    const auto isBetter = [](const Match &a, const Match &b) { return a.score > b.score; };
    std::stable_sort(names.begin(), names.end(), isBetter);
    actions.insert(actions.end(), names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(names.size(), MostNames)));
    std::stable_sort(actions.begin(), actions.end(), isBetter);
    return actions;
}

void CommandPalette::fill()
{
    const QString text = m_edit->text().trimmed();
    m_list->clear();
    for (const Match &match : matches(text))
        add(match);
    if (m_list->count() == 0)
        (new QListWidgetItem(tr("Nothing is called “%1”").arg(widgets::text::untrusted(text, 60)), m_list))->setFlags(Qt::NoItemFlags);
    if (!text.isEmpty())
        addSearch(text);
    m_list->setCurrentRow(m_list->item(0)->flags() == Qt::NoItemFlags ? 1 : 0);
}

void CommandPalette::add(const Match &match)
{
    if (match.place) {
        auto *item = new QListWidgetItem(theme::icon(match.place->iconName), widgets::text::untrusted(match.place->name, 60) + QStringLiteral("    ") + match.place->kind, m_list);
        item->setData(PlaceRole, QVariant::fromValue(match.place->place));
        return;
    }
    const QString shortcut = match.action->shortcut().toString(QKeySequence::NativeText);
    auto *item = new QListWidgetItem(match.action->icon(), shortcut.isEmpty() ? wordsOf(*match.action) : wordsOf(*match.action) + QStringLiteral("    ") + shortcut, m_list);
    item->setData(ActionRole, QVariant::fromValue<QObject *>(match.action));
    if (!match.action->isEnabled())
        item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
}

void CommandPalette::addSearch(const QString &text)
{
    auto *item = new QListWidgetItem(theme::icon(QStringLiteral("traces")), tr("Search traces for “%1”").arg(widgets::text::untrusted(text, 60)), m_list);
    item->setData(SearchRole, text);
}

void CommandPalette::runCurrent()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item || !item->flags().testFlag(Qt::ItemIsEnabled))
        return;
    const QPointer<QAction> action = qobject_cast<QAction *>(item->data(ActionRole).value<QObject *>());
    const auto place = item->data(PlaceRole).value<Place>();
    const QString search = item->data(SearchRole).toString();
    hide();
    if (action)
        action->trigger();
    else if (!search.isEmpty())
        Q_EMIT searchWanted(search);
    else if (!place.page.isEmpty())
        Q_EMIT placeChosen(place);
    else if (!place.connection.isEmpty())
        Q_EMIT connectionWanted(place.connection);
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
