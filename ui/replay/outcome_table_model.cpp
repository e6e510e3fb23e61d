// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/replay/outcome_table_model.h"

#include "ui/replay/plan_text.h"
#include "ui/widgets/text.h"

#include <algorithm>

namespace ui::replay {

using models::replay::TakeUpState;
namespace words = widgets::text;

void OutcomeTableModel::setOutcomes(const std::vector<models::replay::RowOutcome> &outcomes)
{
    if (outcomes == m_outcomes)
        return; // what has happened since stays with them
    beginResetModel();
    m_outcomes = outcomes;
    m_takeUp.clear();
    endResetModel();
}

void OutcomeTableModel::setTakeUp(const std::vector<models::replay::TakeUpRow> &rows)
{
    m_takeUp = rows;
    if (!m_outcomes.empty())
        Q_EMIT dataChanged(index(0, SinceColumn), index(rowCount() - 1, SinceColumn));
}

const models::replay::TakeUpRow *OutcomeTableModel::since(size_t row) const
{
    const auto id = m_outcomes[row].row.id();
    const auto found = std::find_if(m_takeUp.begin(), m_takeUp.end(), [&](const models::replay::TakeUpRow &one) { return one.row.id() == id; });
    return found == m_takeUp.end() ? nullptr : &*found;
}

int OutcomeTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_outcomes.size());
}

int OutcomeTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant OutcomeTableModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const auto row = static_cast<size_t>(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        return words::toolTip(text(row, column));
    case Qt::DecorationRole: {
        if (column != ResultColumn)
            return {};
        const theme::Role meaning = resultRole(m_outcomes[row].result);
        return theme::icon(meaning == theme::Role::Ok ? QStringLiteral("ok") : meaning == theme::Role::Error ? QStringLiteral("error") : QStringLiteral("warning"), meaning);
    }
    case Qt::ForegroundRole: {
        if (column == ResultColumn)
            return theme::color(resultRole(m_outcomes[row].result));
        const auto *takeUp = column == SinceColumn ? since(row) : nullptr;
        if (takeUp && takeUp->state == TakeUpState::Elsewhere)
            return theme::color(theme::Role::Error);
        return takeUp && takeUp->hasJumped ? QVariant(theme::color(theme::Role::Warning)) : QVariant();
    }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((column >= PartitionColumn && column <= NowColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    default:
        return {};
    }
}

QString OutcomeTableModel::text(size_t row, int column) const
{
    const models::replay::RowOutcome &outcome = m_outcomes[row];
    switch (column) {
    case StreamColumn:
        return words::untrusted(outcome.row.stream);
    case PartitionColumn:
        return QString::number(outcome.row.partition);
    case BeforeColumn:
        return positionText(outcome.row.before);
    case TargetColumn:
        return positionText(outcome.row.after);
    case NowColumn:
        return positionText(outcome.now);
    case ResultColumn:
        return outcome.problem.isEmpty() ? resultWord(outcome.result) : tr("%1: %2").arg(resultWord(outcome.result), words::untrusted(outcome.problem, 200));
    case SinceColumn: {
        const auto *takeUp = since(row);
        return takeUp ? takeUpText(*takeUp) : QString();
    }
    default:
        return {};
    }
}

QVariant OutcomeTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section >= PartitionColumn && section <= NowColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case StreamColumn:
        return tr("Stream");
    case PartitionColumn:
        return tr("Part");
    case BeforeColumn:
        return tr("Before");
    case TargetColumn:
        return tr("Target");
    case NowColumn:
        return tr("Read back");
    case ResultColumn:
        return tr("Result");
    case SinceColumn:
        return tr("Since then");
    default:
        return {};
    }
}

} // namespace ui::replay
