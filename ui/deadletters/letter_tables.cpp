// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/deadletters/letter_tables.h"

#include "models/connection/connection.h"
#include "ui/deadletters/value_delegate.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QEvent>
#include <QHash>
#include <QHeaderView>
#include <QTableView>

#include <set>

namespace ui::deadletters {

using models::deadletter::GroupTableModel;
using models::deadletter::LetterTableModel;
using models::deadletter::QueueTableModel;
using Kind = ValueDelegate::Kind;

namespace {

struct TableWords {
    Q_DECLARE_TR_FUNCTIONS(DeadLetterTables)
};

QTableView *makeTable(QAbstractItemModel *model, const QString &objectName, const QString &accessibleName, std::initializer_list<Kind> kinds,
                      std::initializer_list<int> widths, int stretchColumn)
{
    auto *table = new QTableView;
    table->setObjectName(objectName);
    table->setAccessibleName(accessibleName);
    table->setModel(model);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setTabKeyNavigation(false);
    table->setWordWrap(false);
    table->setShowGrid(false);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(table->fontMetrics().height() + 2 * theme::Unit);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    int column = 0;
    for (const Kind kind : kinds)
        table->setItemDelegateForColumn(column++, new ValueDelegate(kind, table));
    column = 0;
    for (const int width : widths)
        table->setColumnWidth(column++, width);
    table->horizontalHeader()->setSectionResizeMode(stretchColumn, QHeaderView::Stretch);
    return table;
}

/// Shows these columns first: what a narrow table cuts off is what matters less.
void moveColumns(QTableView *table, std::initializer_list<int> first)
{
    int place = 0;
    for (const int column : first)
        table->horizontalHeader()->moveSection(table->horizontalHeader()->visualIndex(column), place++);
}

/// Leaves out the columns that matter least, one by one, as long as the others have no room.
class RoomyColumns final : public QObject
{
public:
    RoomyColumns(QTableView *table, int stretchColumn, int stretchWidth, std::vector<int> leastFirst)
        : QObject(table)
        , m_table(table)
        , m_stretchColumn(stretchColumn)
        , m_stretchWidth(stretchWidth)
        , m_leastFirst(std::move(leastFirst))
    {
        table->viewport()->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Resize)
            arrange();
        return QObject::eventFilter(watched, event);
    }

private:
    void arrange()
    {
        const QHeaderView *header = m_table->horizontalHeader();
        int width = m_stretchWidth;
        for (int column = 0; column < header->count(); ++column) {
            if (const auto known = m_widths.constFind(column); !m_table->isColumnHidden(column) || known == m_widths.cend())
                m_widths.insert(column, m_table->columnWidth(column));
            width += column == m_stretchColumn ? 0 : m_widths.value(column);
        }
        for (const int column : m_leastFirst) {
            const bool isLeftOut = width > m_table->viewport()->width();
            m_table->setColumnHidden(column, isLeftOut);
            width -= isLeftOut ? m_widths.value(column) : 0;
        }
    }

    QTableView *m_table;
    const int m_stretchColumn;
    const int m_stretchWidth; ///< at least
    const std::vector<int> m_leastFirst;
    QHash<int, int> m_widths; ///< hidden columns have none of their own
};

} // namespace

QTableView *makeQueueTable(QueueTableModel *model)
{
    QTableView *table = makeTable(model, QStringLiteral("deadLetterQueues"), TableWords::tr("Dead-letter queues"),
                                  {Kind::Text, Kind::Text, Kind::Text, Kind::Number, Kind::Time, Kind::Time, Kind::Evidence}, {96, 88, 84, 60, 176, 176, 112},
                                  QueueTableModel::QueueColumn);
    moveColumns(table, {QueueTableModel::QueueColumn, QueueTableModel::DepthColumn});
    table->hideColumn(QueueTableModel::NewestColumn);
    table->hideColumn(QueueTableModel::OldestColumn);
    const auto nameConnections = [table, model] {
        std::set<QString> names;
        for (int row = 0; row < model->rowCount(); ++row)
            names.insert(model->index(row, QueueTableModel::ConnectionColumn).data().toString());
        table->setColumnHidden(QueueTableModel::ConnectionColumn, names.size() < 2);
    };
    nameConnections();
    QObject::connect(model, &QueueTableModel::rowsReplaced, table, nameConnections);
    return table;
}

QTableView *makeGroupTable(GroupTableModel *model)
{
    QTableView *table = makeTable(model, QStringLiteral("letterGroups"), TableWords::tr("Groups of letters by cause"),
                                  {Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Number, Kind::Time, Kind::Time}, {220, 136, 96, 130, 64, 172, 172},
                                  GroupTableModel::ReasonColumn);
    moveColumns(table, {GroupTableModel::CountColumn, GroupTableModel::ReasonColumn, GroupTableModel::LastColumn});
    constexpr int ReasonWidth = 200;
    new RoomyColumns(table, GroupTableModel::ReasonColumn, ReasonWidth, {GroupTableModel::FirstColumn, GroupTableModel::TypeColumn, GroupTableModel::StreamColumn});
    return table;
}

QTableView *makeLetterTable(LetterTableModel *model)
{
    QTableView *table = makeTable(model, QStringLiteral("deadLetters"), TableWords::tr("Dead letters of the selected group"),
                                  {Kind::Time, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Text, Kind::Number, Kind::Text, Kind::Bytes},
                                  {176, 220, 144, 130, 96, 100, 72, 72, 70}, LetterTableModel::ReasonColumn);
    table->hideColumn(LetterTableModel::TypeColumn); // the group has one
    table->hideColumn(LetterTableModel::ConsumerColumn);
    table->hideColumn(LetterTableModel::SizeColumn);
    return table;
}

} // namespace ui::deadletters
