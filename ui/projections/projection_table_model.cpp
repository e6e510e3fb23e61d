// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/projections/projection_table_model.h"

#include "ui/projections/projection_words.h"
#include "ui/widgets/text.h"

#include <QDateTime>

#include <algorithm>

namespace ui::projections {

using models::projection::Projection;
using models::projection::ProjectionSession;
namespace text = widgets::text;

namespace {

QString agoWords(connectors::EpochMs time)
{
    constexpr qint64 Second = 1'000;
    const qint64 age = QDateTime::currentMSecsSinceEpoch() - time;
    return age < Second ? ProjectionTableModel::tr("now") : ProjectionTableModel::tr("%1 ago").arg(text::duration(age / Second * Second));
}

QString positionWords(const connectors::Rebuild &rebuild)
{
    const auto &positions = rebuild.checkpoint.positions;
    if (positions.size() == 1)
        return text::exact(positions.front().next);
    return ProjectionTableModel::tr("%1 partitions").arg(positions.size());
}

} // namespace

ProjectionTableModel::ProjectionTableModel(ProjectionSession &session, QObject *parent)
    : QAbstractTableModel(parent)
    , m_session(session)
{
    connect(&session, &ProjectionSession::listChanged, this, &ProjectionTableModel::reset);
    connect(&session, &ProjectionSession::projectionChanged, this, [this](const Projection *projection) {
        if (const int row = rowOf(projection); row >= 0)
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
    });
    reset();
}

void ProjectionTableModel::reset()
{
    beginResetModel();
    m_shown.clear();
    for (const auto &each : m_session.projections())
        m_shown.push_back(each.get());
    endResetModel();
}

Projection *ProjectionTableModel::projection(int row) const
{
    return row >= 0 && row < rowCount() ? m_shown[static_cast<size_t>(row)] : nullptr;
}

int ProjectionTableModel::rowOf(const Projection *projection) const
{
    const auto found = std::find(m_shown.begin(), m_shown.end(), projection);
    return found == m_shown.end() ? -1 : static_cast<int>(found - m_shown.begin());
}

void ProjectionTableModel::refreshAges()
{
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, AsOfColumn), index(rowCount() - 1, RebuiltColumn));
}

int ProjectionTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_shown.size());
}

int ProjectionTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ProjectionTableModel::text(const Projection &projection, int column) const
{
    const auto &status = projection.status();
    const connectors::Rebuild *live = status ? status->liveRebuild() : nullptr;
    const QString none = QStringLiteral("–");
    switch (column) {
    case NameColumn: return text::untrusted(projection.name(), 80);
    case VersionColumn: return status ? QString::number(status->file.version) : none;
    case StateColumn: return stateWords(projection);
    case RowsColumn: {
        qint64 rows = 0;
        for (const auto &table : status ? status->live : std::vector<connectors::LiveTable>())
            rows += table.rows;
        return status ? text::exact(rows) : none;
    }
    case PositionColumn: return live ? positionWords(*live) : none;
    case LagColumn: return status && status->lag ? text::exact(*status->lag) : none;
    case AsOfColumn: return status && status->asOf ? agoWords(*status->asOf) : none;
    case RebuiltColumn: return live && live->swapped ? agoWords(*live->swapped) : none;
    case SourceColumn: return text::untrusted(projection.place().source.name, 80);
    case TargetColumn: return text::untrusted(projection.place().target.name, 80);
    default: return {};
    }
}

QVariant ProjectionTableModel::data(const QModelIndex &index, int role) const
{
    const Projection &projection = *m_shown[static_cast<size_t>(index.row())];
    const int column = index.column();
    if (role == Qt::DisplayRole)
        return text(projection, column);
    if (role == Qt::TextAlignmentRole && (column == VersionColumn || column == RowsColumn || column == PositionColumn || column == LagColumn))
        return QVariant(static_cast<int>(Qt::AlignRight | Qt::AlignVCenter));
    if (role == Qt::ForegroundRole && column == StateColumn)
        return theme::color(stateRole(projection));
    if (role != Qt::ToolTipRole)
        return {};
    if (column == StateColumn && projection.statusError())
        return text::toolTip(connectors::describe(*projection.statusError()));
    const auto &status = projection.status();
    if (column == AsOfColumn && status && status->asOf)
        return text::localTime(*status->asOf);
    return text::toolTip(column == NameColumn ? projection.place().path : text(projection, column));
}

QVariant ProjectionTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn: return tr("Projection");
    case VersionColumn: return tr("Version");
    case StateColumn: return tr("State");
    case RowsColumn: return tr("Rows");
    case PositionColumn: return tr("Position");
    case LagColumn: return tr("Lag");
    case AsOfColumn: return tr("As of");
    case RebuiltColumn: return tr("Rebuilt");
    case SourceColumn: return tr("Events from");
    case TargetColumn: return tr("Tables in");
    default: return {};
    }
}

} // namespace ui::projections
