// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/json_tree_model.h"

#include "connectors/json_text.h"

namespace models::event {

namespace json = connectors::json;

namespace {

constexpr size_t ShownValueBytes = 2000;

QString shownText(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

JsonTreeModel::Prepared JsonTreeModel::prepare(const connectors::EventBatchPtr &batch, qsizetype row)
{
    if (batch->record(row).format != connectors::BodyFormat::Json || batch->record(row).isBodyCut())
        return {};
    Node root;
    const std::string_view body = batch->text(batch->record(row).payload);
    const size_t begin = body.find_first_not_of(" \t\r\n");
    root.value = body.substr(begin, body.find_last_not_of(" \t\r\n") - begin + 1);
    // A body that is one number or text is a row of its own under the invisible root.
    std::vector<Node> children = isContainer(root) ? childrenOf(root) : std::vector<Node>{root};
    root.isFetched = true;
    root.firstChild = 1;
    root.childCount = static_cast<int>(children.size());
    Prepared prepared{batch, {root}};
    for (Node &child : children) {
        child.parent = 0;
        prepared.nodes.push_back(child);
    }
    return prepared;
}

void JsonTreeModel::setPrepared(Prepared prepared)
{
    beginResetModel();
    m_batch = std::move(prepared.batch);
    m_nodes = std::move(prepared.nodes);
    endResetModel();
}

const JsonTreeModel::Node &JsonTreeModel::nodeOf(const QModelIndex &index) const
{
    return m_nodes[index.isValid() ? static_cast<size_t>(index.internalId()) : 0];
}

bool JsonTreeModel::isContainer(const Node &node)
{
    return !node.value.empty() && (node.value.front() == '{' || node.value.front() == '[');
}

std::vector<JsonTreeModel::Node> JsonTreeModel::childrenOf(const Node &node)
{
    std::vector<Node> children;
    const auto add = [&children](std::string_view name, std::string_view value, bool isInArray) {
        Node child;
        child.row = static_cast<int>(children.size());
        const bool isFull = child.row == ShownChildren;
        child.name = isFull ? std::string_view() : name;
        child.value = isFull ? std::string_view() : value;
        child.isInArray = isInArray;
        children.push_back(child);
        return !isFull;
    };
    if (node.value.front() == '{')
        json::forEachMember(node.value, [&add](const json::Member &member) { return add(member.name, member.value, false); });
    else
        json::forEachElement(node.value, [&add](std::string_view element) { return add({}, element, true); });
    return children;
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (m_nodes.empty() || row < 0 || column < 0 || column >= ColumnCount || row >= nodeOf(parent).childCount)
        return {};
    return createIndex(row, column, static_cast<quintptr>(nodeOf(parent).firstChild + row));
}

QModelIndex JsonTreeModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || nodeOf(index).parent <= 0)
        return {};
    const qsizetype number = nodeOf(index).parent;
    return createIndex(m_nodes[static_cast<size_t>(number)].row, 0, static_cast<quintptr>(number));
}

int JsonTreeModel::rowCount(const QModelIndex &parent) const
{
    return m_nodes.empty() || parent.column() > 0 ? 0 : nodeOf(parent).childCount;
}

int JsonTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

bool JsonTreeModel::hasChildren(const QModelIndex &parent) const
{
    if (m_nodes.empty() || parent.column() > 0)
        return false;
    const Node &node = nodeOf(parent);
    if (node.isFetched)
        return node.childCount > 0;
    return isContainer(node) && node.value.find_first_not_of(" \t\r\n", 1) != node.value.size() - 1;
}

bool JsonTreeModel::canFetchMore(const QModelIndex &parent) const
{
    return parent.isValid() && parent.column() == 0 && !nodeOf(parent).isFetched && hasChildren(parent);
}

void JsonTreeModel::fetchMore(const QModelIndex &parent)
{
    if (!canFetchMore(parent))
        return;
    const auto number = static_cast<size_t>(parent.internalId());
    std::vector<Node> children = childrenOf(m_nodes[number]);
    for (Node &child : children)
        child.parent = static_cast<qsizetype>(number);
    beginInsertRows(parent, 0, static_cast<int>(children.size()) - 1);
    m_nodes[number].isFetched = true;
    m_nodes[number].firstChild = std::ssize(m_nodes);
    m_nodes[number].childCount = static_cast<int>(children.size());
    m_nodes.insert(m_nodes.end(), children.begin(), children.end());
    endInsertRows();
}

QString JsonTreeModel::nameOf(const Node &node) const
{
    if (node.value.empty())
        return QStringLiteral("…");
    if (node.isInArray)
        return QString::number(node.row);
    const std::string_view name = node.name;
    return json::hasEscape(name) ? QString::fromStdString(json::unquoted('"' + std::string(name) + '"')) : shownText(name);
}

QString JsonTreeModel::valueOf(const Node &node) const
{
    if (node.value.empty())
        return tr("More than %1 are in here; the text and the bytes have them all.").arg(ShownChildren);
    if (!isContainer(node)) {
        const bool isText = json::kindOf(node.value) == json::Kind::String;
        const bool isLong = node.value.size() > ShownValueBytes;
        return shownText(node.value.substr(0, ShownValueBytes)) + (isLong ? QStringLiteral("…") : QString()) + (isLong && isText ? QStringLiteral("\"") : QString());
    }
    if (node.isFetched)
        return node.value.front() == '{' ? QStringLiteral("{%1}").arg(node.childCount) : QStringLiteral("[%1]").arg(node.childCount);
    return node.value.front() == '{' ? QStringLiteral("{…}") : QStringLiteral("[…]");
}

QString JsonTreeModel::pointerOf(const Node &node) const
{
    QStringList steps;
    const Node *at = &node;
    for (; at->parent >= 0; at = &m_nodes[static_cast<size_t>(at->parent)])
        steps.prepend(nameOf(*at).replace(u'~', QStringLiteral("~0")).replace(u'/', QStringLiteral("~1")));
    // A body that is a single value is its own row, and the pointer to the whole body is the empty one.
    if (!isContainer(m_nodes.front()))
        return {};
    return u'/' + steps.join(u'/');
}

QVariant JsonTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Node &node = nodeOf(index);
    switch (role) {
    case Qt::DisplayRole: return index.column() == NameColumn ? nameOf(node) : valueOf(node);
    case KindRole: return node.value.empty() ? -1 : static_cast<int>(json::kindOf(node.value));
    case TextRole: return shownText(node.value);
    case PointerRole: return node.value.empty() ? QString() : pointerOf(node);
    default: return {};
    }
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == NameColumn ? tr("Name") : tr("Value");
}

} // namespace models::event
