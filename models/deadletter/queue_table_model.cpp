// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/deadletter/queue_table_model.h"

#include "models/connection/workspace.h"

#include <algorithm>

namespace models::deadletter {

using connectors::DeadLetterEvidence;
using models::connection::Connection;
using models::connection::ConnectionState;

namespace {

QVariant orNull(const std::optional<qint64> &value)
{
    return value ? QVariant(*value) : QVariant();
}

} // namespace

QueueTableModel::QueueTableModel(models::connection::Workspace &workspace, QObject *parent)
    : QAbstractTableModel(parent)
    , m_workspace(workspace)
{
    connect(&workspace, &models::connection::Workspace::connectionOpened, this, &QueueTableModel::follow);
    connect(&workspace, &models::connection::Workspace::connectionClosed, this, [this](Connection *connection) {
        disconnect(connection, nullptr, this, nullptr);
        // It is still in the workspace while this is told.
        QMetaObject::invokeMethod(this, &QueueTableModel::rebuild, Qt::QueuedConnection);
    });
    for (Connection *connection : workspace.connections())
        follow(connection);
    rebuild();
}

void QueueTableModel::follow(Connection *connection)
{
    connect(connection, &Connection::deadLettersReceived, this, &QueueTableModel::rebuild, Qt::UniqueConnection);
    connect(connection, &Connection::stateChanged, this, &QueueTableModel::rebuild, Qt::UniqueConnection);
    rebuild();
}

void QueueTableModel::rebuild()
{
    std::vector<Row> rows;
    m_problems.clear();
    m_isComplete = true;
    for (Connection *connection : m_workspace.connections()) {
        const auto &reading = connection->deadLetterQueues();
        if (reading.error)
            m_problems.push_back(*reading.error);
        else if (!reading.hasValue() && connection->state() != ConnectionState::Failed && connection->connector()->deadLetterSource())
            m_isComplete = false;
        for (const connectors::DeadLetterQueue &queue : reading.value) {
            rows.push_back({connection, connection->name(), queue});
            if (reading.error)
                rows.back().queue.depth.reset(); // an old depth is not a depth now
        }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) { return a.queue.depth.value_or(-1) > b.queue.depth.value_or(-1); });
    const bool hasSameQueues = std::equal(rows.cbegin(), rows.cend(), m_rows.cbegin(), m_rows.cend(), [](const Row &a, const Row &b) {
        return a.connectionName == b.connectionName && a.queue.stream == b.queue.stream;
    });
    if (hasSameQueues) {
        m_rows = std::move(rows);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    } else {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
    }
    Q_EMIT rowsReplaced();
}

int QueueTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int QueueTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant QueueTableModel::value(const Row &row, int column) const
{
    switch (column) {
    case QueueColumn:
        return row.queue.stream;
    case ConnectionColumn:
        return row.connectionName;
    case ConsumerColumn:
        return row.queue.consumer;
    case DepthColumn:
        return orNull(row.queue.depth);
    case OldestColumn:
        return orNull(row.queue.oldest);
    case NewestColumn:
        return orNull(row.queue.newest);
    case EvidenceColumn:
        return static_cast<int>(row.queue.evidence);
    default:
        return {};
    }
}

QVariant QueueTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || (role != Qt::DisplayRole && role != ValueRole))
        return {};
    return value(m_rows[static_cast<size_t>(index.row())], index.column());
}

QVariant QueueTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case QueueColumn:
        return tr("Queue");
    case ConnectionColumn:
        return tr("Connection");
    case ConsumerColumn:
        return tr("Consumer");
    case DepthColumn:
        return tr("Depth");
    case OldestColumn:
        return tr("Oldest");
    case NewestColumn:
        return tr("Newest");
    case EvidenceColumn:
        return tr("Known by");
    default:
        return {};
    }
}

std::optional<int> QueueTableModel::rowOf(const QString &connection, const QString &queueStream) const
{
    const auto found = std::find_if(m_rows.cbegin(), m_rows.cend(), [&](const Row &row) {
        return row.queue.stream == queueStream && (connection.isEmpty() || row.connectionName == connection);
    });
    return found == m_rows.cend() ? std::nullopt : std::optional(static_cast<int>(found - m_rows.cbegin()));
}

qint64 QueueTableModel::totalDepth() const
{
    qint64 total = 0;
    for (const Row &row : m_rows)
        total += row.queue.depth.value_or(0);
    return total;
}

int QueueTableModel::unknownDepths() const
{
    return static_cast<int>(std::count_if(m_rows.cbegin(), m_rows.cend(), [](const Row &row) { return !row.queue.depth; }));
}

} // namespace models::deadletter
