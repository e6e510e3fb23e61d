// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"

#include <QAbstractItemModel>

namespace ui::streams {

/// Open connections and, under each, its streams with depth and rate. Rows are rebuilt only when names came or went, so that
/// a selection survives the polls. Lives on the GUI thread.
class StreamTreeModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, DepthColumn, RateColumn, ColumnCount };
    enum Role {
        ConnectionRole = Qt::UserRole + 1, ///< its name
        StreamRole,                        ///< empty for the row of a connection
        ValueRole                          ///< the exact number, to be shown in the tool tip
    };

    explicit StreamTreeModel(const models::connection::Workspace &workspace, QObject *parent = nullptr);

    void setFilter(const QString &nameContains, bool isWithInternal);
    /// A stream that is a row even where it is internal or not in its connection's list: what is read can be seen.
    void setKept(const QString &connection, const QString &stream);
    /// Takes over what the connections know now.
    void update();
    [[nodiscard]] QModelIndex find(const QString &connection, const QString &stream) const;
    [[nodiscard]] int streamCount() const; ///< shown

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct StreamRow {
        QString name;
        std::optional<qint64> depth;
        std::optional<double> rate;
        bool isInternal = false;
        bool isOld = false; ///< the connection does not answer now
    };
    struct ConnectionRow {
        QString name;
        QString problem; ///< why its streams are not known, or only partly
        std::vector<StreamRow> streams;
    };
    [[nodiscard]] std::vector<ConnectionRow> rows() const;
    [[nodiscard]] QVariant connectionData(const ConnectionRow &row, int column, int role) const;
    [[nodiscard]] QVariant streamData(const StreamRow &row, int column, int role) const;

    const models::connection::Workspace &m_workspace;
    QString m_filter;
    bool m_isWithInternal = false;
    QString m_keptConnection;
    QString m_keptStream;
    std::vector<ConnectionRow> m_rows;
};

/// How many events a stream holds; null where an end is not known.
[[nodiscard]] std::optional<qint64> depthOf(const connectors::StreamInfo &stream);

} // namespace ui::streams
