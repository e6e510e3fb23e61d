// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_batch.h"

#include <QAbstractItemModel>

namespace models::event {

/// The JSON body of an event as a tree of names and values, every token as it was written: 9007199254740993 stays so, and
/// so do duplicate names. Children are found when a view asks for them, by one walk over the text of their parent; of each
/// object or array the first 10,000 are shown and one more row says that there are more. Nothing recurses. A body that is no
/// JSON, is too deep or not there as a whole is an empty tree.
class JsonTreeModel final : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { NameColumn, ValueColumn, ColumnCount };
    enum Role {
        KindRole = Qt::UserRole + 1, ///< connectors::json::Kind as int; −1 of the row that stands for more
        TextRole,                    ///< the value as it stands in the body, whole
        PointerRole                  ///< RFC 6901
    };
    static constexpr int ShownChildren = 10'000;

    using QAbstractItemModel::QAbstractItemModel;

    struct Node {
        qsizetype parent = -1;
        int row = 0;
        std::string_view name;  ///< of a member: between its quotes, as written
        std::string_view value; ///< null: the row that stands for more
        qsizetype firstChild = -1;
        int childCount = 0;
        bool isInArray = false;
        bool isFetched = false;
    };
    /// The body with its first level of children, and the batch that their texts are in.
    struct Prepared {
        connectors::EventBatchPtr batch;
        std::vector<Node> nodes;
        [[nodiscard]] bool isEmpty() const { return nodes.empty(); }
    };
    /// One walk over the body, so not on the GUI thread when it may be large. Thread-safe.
    [[nodiscard]] static Prepared prepare(const connectors::EventBatchPtr &batch, qsizetype row);
    void setPrepared(Prepared prepared);
    void clear() { setPrepared({}); }

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex &index) const override;
    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex &parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] const Node &nodeOf(const QModelIndex &index) const;
    [[nodiscard]] static bool isContainer(const Node &node);
    [[nodiscard]] QString nameOf(const Node &node) const;
    [[nodiscard]] QString valueOf(const Node &node) const;
    [[nodiscard]] QString pointerOf(const Node &node) const;
    [[nodiscard]] static std::vector<Node> childrenOf(const Node &node);

    connectors::EventBatchPtr m_batch;
    std::vector<Node> m_nodes; ///< the first is the whole body; children stand together
};

} // namespace models::event
