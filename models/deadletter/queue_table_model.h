// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/dead_letter_source.h"

#include <QAbstractTableModel>
#include <QPointer>

#include <optional>
#include <vector>

namespace models::connection {
class Connection;
class Workspace;
}

namespace models::deadletter {

/// Every dead-letter queue of every open connection, the deepest first, as of the newest poll. Lives on the GUI thread.
class QueueTableModel final : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { QueueColumn, ConnectionColumn, ConsumerColumn, DepthColumn, OldestColumn, NewestColumn, EvidenceColumn, ColumnCount };
    /// Raw values for sorting, painting and tests: EpochMs and qint64, null where unknown.
    enum Role { ValueRole = Qt::UserRole + 1 };

    explicit QueueTableModel(models::connection::Workspace &workspace, QObject *parent = nullptr);

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    [[nodiscard]] const connectors::DeadLetterQueue &queue(int row) const { return m_rows[static_cast<size_t>(row)].queue; }
    /// Null when the connection was closed meanwhile.
    [[nodiscard]] models::connection::Connection *connection(int row) const { return m_rows[static_cast<size_t>(row)].connection; }
    [[nodiscard]] std::optional<int> rowOf(const QString &connection, const QString &queueStream) const;
    /// Sum of the depths that are known, and how many are not.
    [[nodiscard]] qint64 totalDepth() const;
    [[nodiscard]] int unknownDepths() const;
    /// Connections that could not be asked, each with its reason.
    [[nodiscard]] const std::vector<connectors::Error> &problems() const { return m_problems; }
    /// Every connection that can tell has answered at least once.
    [[nodiscard]] bool isComplete() const { return m_isComplete; }

Q_SIGNALS:
    void rowsReplaced();

private:
    struct Row {
        QPointer<models::connection::Connection> connection;
        QString connectionName;
        connectors::DeadLetterQueue queue;
    };

    void follow(models::connection::Connection *connection);
    void rebuild();
    [[nodiscard]] QVariant value(const Row &row, int column) const;

    models::connection::Workspace &m_workspace;
    std::vector<Row> m_rows;
    std::vector<connectors::Error> m_problems;
    bool m_isComplete = false;
};

} // namespace models::deadletter
