// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/aggregates/aggregate_events.h"

#include "ui/theme/theme.h"
#include "ui/widgets/plain_table.h"
#include "ui/widgets/text.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QVBoxLayout>

namespace ui::aggregates {

namespace text = ui::widgets::text;

AggregateEvents::AggregateEvents(QWidget *parent)
    : QWidget(parent)
    , m_table(new widgets::PlainTable(&m_model, QStringLiteral("aggregate-events"), tr("Events of the aggregate, oldest first"), this))
{
    m_table->setWidths({10, 22, 29, 20}, AggregateEventModel::TypeColumn);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (current.isValid() && !m_isFollowing)
            Q_EMIT versionChosen(current.row() + 1);
    });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) { Q_EMIT eventRequested(index.row() + 1); });
    connect(m_table, &QWidget::customContextMenuRequested, this, &AggregateEvents::openMenu);
}

void AggregateEvents::setHistory(const std::shared_ptr<const models::aggregate::AggregateHistory> &history)
{
    if (history != m_model.history())
        m_model.setHistory(history);
}

void AggregateEvents::setVersion(qint64 version)
{
    if (version < 1 || version > m_model.rowCount() || m_table->currentIndex().row() == version - 1)
        return;
    m_isFollowing = true;
    m_table->selectRow(static_cast<int>(version - 1));
    m_isFollowing = false;
}

void AggregateEvents::openMenu(const QPoint &position)
{
    const QModelIndex index = m_table->indexAt(position);
    if (!index.isValid())
        return;
    const qint64 version = index.row() + 1;
    const auto &event = m_model.history()->at(version);
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("aggregate-menu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [menu](const char *name, const QString &icon, const QString &words, const std::function<void()> &act) {
        QAction *action = menu->addAction(theme::icon(icon), words);
        action->setObjectName(QLatin1String(name));
        connect(action, &QAction::triggered, menu, act);
    };
    add("open-event", QStringLiteral("event"), tr("Open the event"), [this, version] { Q_EMIT eventRequested(version); });
    add("show-trace", QStringLiteral("traces"), tr("Show the trace of the event"), [this, version] { Q_EMIT traceRequested(version); });
    std::vector<qint64> linked = event.compensatedVersions;
    std::erase(linked, 0);
    linked.insert(linked.end(), event.compensatedBy.cbegin(), event.compensatedBy.cend());
    constexpr size_t MostLinked = 10;
    for (size_t i = 0; i < std::min(linked.size(), MostLinked); ++i) {
        const qint64 other = linked[i];
        add("go-to-linked", QStringLiteral("forward"), other < version ? tr("Go to version %1, which it takes back").arg(text::exact(other)) : tr("Go to version %1, which takes it back").arg(text::exact(other)),
            [this, other] { m_table->selectRow(static_cast<int>(other - 1)); });
    }
    menu->addSeparator();
    add("copy-event-id", QStringLiteral("copy"), tr("Copy the event id"), [id = event.eventId] { QGuiApplication::clipboard()->setText(id); });
    menu->popup(m_table->viewport()->mapToGlobal(position));
}

} // namespace ui::aggregates
