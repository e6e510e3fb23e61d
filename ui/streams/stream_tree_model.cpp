// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/streams/stream_tree_model.h"

#include "ui/theme/theme.h"
#include "ui/widgets/text.h"

#include <QFontMetrics>
#include <QGuiApplication>

#include <algorithm>

namespace ui::streams {

using models::connection::Connection;
namespace text = ui::widgets::text;

namespace {

constexpr quintptr ConnectionId = 0; ///< of a stream's index: number of its connection + 1

} // namespace

std::optional<qint64> depthOf(const connectors::StreamInfo &stream)
{
    qint64 depth = 0;
    for (const connectors::PartitionExtent &extent : stream.partitions) {
        if (!extent.events && (!extent.start || !extent.end))
            return std::nullopt;
        depth += extent.events ? *extent.events : *extent.end - *extent.start;
    }
    return depth;
}

StreamTreeModel::StreamTreeModel(const models::connection::Workspace &workspace, QObject *parent)
    : QAbstractItemModel(parent)
    , m_workspace(workspace)
{
}

void StreamTreeModel::setFilter(const QString &nameContains, bool isWithInternal)
{
    m_filter = nameContains;
    m_isWithInternal = isWithInternal;
    update();
}

void StreamTreeModel::setKept(const QString &connection, const QString &stream)
{
    if (connection == m_keptConnection && stream == m_keptStream)
        return;
    m_keptConnection = connection;
    m_keptStream = stream;
    update();
}

void StreamTreeModel::update()
{
    std::vector<ConnectionRow> fresh = rows();
    const auto haveSameNames = [](const ConnectionRow &a, const ConnectionRow &b) {
        return a.name == b.name
            && std::equal(a.streams.cbegin(), a.streams.cend(), b.streams.cbegin(), b.streams.cend(),
                          [](const StreamRow &one, const StreamRow &other) { return one.name == other.name; });
    };
    if (!std::equal(fresh.cbegin(), fresh.cend(), m_rows.cbegin(), m_rows.cend(), haveSameNames)) {
        beginResetModel();
        m_rows = std::move(fresh);
        endResetModel();
        return;
    }
    m_rows = std::move(fresh);
    for (int row = 0; row < rowCount(); ++row) {
        const QModelIndex parent = index(row, 0);
        Q_EMIT dataChanged(parent, index(row, ColumnCount - 1));
        if (const int count = rowCount(parent); count > 0)
            Q_EMIT dataChanged(index(0, 0, parent), index(count - 1, ColumnCount - 1, parent));
    }
}

std::vector<StreamTreeModel::ConnectionRow> StreamTreeModel::rows() const
{
    std::vector<ConnectionRow> made;
    for (const Connection *connection : m_workspace.connections()) {
        ConnectionRow row{connection->name(), {}, {}};
        if (connection->error())
            row.problem = connectors::describe(*connection->error());
        else if (connection->streams().error)
            row.problem = connectors::describe(*connection->streams().error);
        else if (!connection->streams().value.problems.empty())
            row.problem = connectors::describe(connection->streams().value.problems.front());
        const bool isOld = !connection->isCurrent(connection->streams());
        QString keptStream = connection->name() == m_keptConnection ? m_keptStream : QString();
        for (const connectors::StreamInfo &stream : connection->streams().value.streams) {
            const bool isKept = stream.stream == keptStream;
            if (isKept)
                keptStream.clear();
            if ((stream.isInternal && !m_isWithInternal && !isKept) || !stream.stream.contains(m_filter, Qt::CaseInsensitive))
                continue;
            row.streams.push_back({stream.stream, depthOf(stream), connection->throughput().in(stream.stream), stream.isInternal, isOld});
        }
        if (!keptStream.isEmpty() && keptStream.contains(m_filter, Qt::CaseInsensitive))
            row.streams.push_back({keptStream, {}, {}, true, isOld});
        made.push_back(std::move(row));
    }
    return made;
}

QModelIndex StreamTreeModel::find(const QString &connection, const QString &stream) const
{
    for (int row = 0; row < rowCount(); ++row) {
        const ConnectionRow &found = m_rows[static_cast<size_t>(row)];
        if (found.name != connection)
            continue;
        if (stream.isEmpty())
            return index(row, 0);
        const auto at = std::find_if(found.streams.cbegin(), found.streams.cend(), [&stream](const StreamRow &each) { return each.name == stream; });
        return at == found.streams.cend() ? QModelIndex() : index(static_cast<int>(at - found.streams.cbegin()), 0, index(row, 0));
    }
    return {};
}

int StreamTreeModel::streamCount() const
{
    qsizetype count = 0;
    for (const ConnectionRow &row : m_rows)
        count += std::ssize(row.streams);
    return static_cast<int>(count);
}

QModelIndex StreamTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || column >= ColumnCount || row >= rowCount(parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row() + 1) : ConnectionId);
}

QModelIndex StreamTreeModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == ConnectionId)
        return {};
    return createIndex(static_cast<int>(index.internalId()) - 1, 0, ConnectionId);
}

int StreamTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_rows.size());
    if (parent.internalId() != ConnectionId || parent.column() > 0)
        return 0;
    return static_cast<int>(m_rows[static_cast<size_t>(parent.row())].streams.size());
}

int StreamTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant StreamTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (role == Qt::TextAlignmentRole && index.column() != NameColumn)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::FontRole && index.column() != NameColumn)
        return theme::tabularFont();
    if (role == Qt::SizeHintRole)
        return QSize(0, QFontMetrics(QGuiApplication::font()).height() + 2 * theme::Unit);
    const bool isConnection = index.internalId() == ConnectionId;
    const ConnectionRow &connection = m_rows[isConnection ? static_cast<size_t>(index.row()) : index.internalId() - 1];
    if (role == ConnectionRole)
        return connection.name;
    return isConnection ? connectionData(connection, index.column(), role) : streamData(connection.streams[static_cast<size_t>(index.row())], index.column(), role);
}

QVariant StreamTreeModel::connectionData(const ConnectionRow &row, int column, int role) const
{
    switch (role) {
    case Qt::DisplayRole: return column == NameColumn ? QVariant(text::untrusted(row.name)) : QVariant();
    case Qt::ToolTipRole: return text::toolTip(row.problem.isEmpty() ? tr("%1\nChoose it to read all its streams together.").arg(row.name) : row.problem);
    case Qt::DecorationRole:
        return column == NameColumn && !row.problem.isEmpty() ? QVariant(theme::icon(QStringLiteral("warning"), theme::Role::Warning)) : QVariant();
    case Qt::FontRole: { // one that could not be opened has no streams under it, and is not one of those above it either
        QFont bold = QGuiApplication::font();
        bold.setBold(true);
        return bold;
    }
    case StreamRole: return QString();
    default: return {};
    }
}

QVariant StreamTreeModel::streamData(const StreamRow &row, int column, int role) const
{
    switch (role) {
    case StreamRole: return row.name;
    case ValueRole: return column == DepthColumn && row.depth ? QVariant(*row.depth) : QVariant();
    case Qt::ForegroundRole: return row.isInternal || row.isOld || column == RateColumn ? QVariant(theme::color(theme::Role::Muted)) : QVariant();
    case Qt::ToolTipRole:
        if (column == DepthColumn)
            return !row.depth ? tr("The ends of this stream are not known.")
                : row.isOld   ? tr("%1 events when it was last read").arg(text::exact(*row.depth))
                              : tr("%1 events").arg(text::exact(*row.depth));
        return column == RateColumn ? tr("Events a second that come in") : text::toolTip(row.name);
    case Qt::DisplayRole:
        if (column == NameColumn)
            return text::untrusted(row.name);
        if (column == DepthColumn)
            return text::number(row.depth);
        if (row.isOld)
            return QStringLiteral("?");
        return row.rate ? tr("%1/s").arg(text::rate(*row.rate)) : QStringLiteral("–");
    default: return {};
    }
}

QVariant StreamTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole && section != NameColumn)
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr("Stream") : section == DepthColumn ? tr("Events") : tr("Rate");
}

} // namespace ui::streams
