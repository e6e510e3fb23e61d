// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection_session.h"

#include <QAbstractTableModel>

namespace ui::projections {

/// The projections of the session, one a row.
class ProjectionTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, VersionColumn, StateColumn, RowsColumn, PositionColumn, LagColumn, AsOfColumn, RebuiltColumn, SourceColumn, TargetColumn, ColumnCount };
    explicit ProjectionTableModel(models::projection::ProjectionSession &session, QObject *parent = nullptr);

    [[nodiscard]] models::projection::Projection *projection(int row) const;
    [[nodiscard]] int rowOf(const models::projection::Projection *projection) const; ///< −1: not there
    /// Ages are told anew.
    void refreshAges();

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void reset();
    [[nodiscard]] QString text(const models::projection::Projection &projection, int column) const;

    models::projection::ProjectionSession &m_session;
    std::vector<models::projection::Projection *> m_shown;
};

} // namespace ui::projections
