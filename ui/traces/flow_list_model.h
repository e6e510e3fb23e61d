// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/trace/trace_request.h"

#include <QAbstractListModel>

namespace ui::traces {

/// Flows to choose from: those that were opened (latest first), those that a search found beside, and those that were seen lately in the
/// systems. Each flow is in it once, by its name.
class FlowListModel final : public QAbstractListModel
{
    Q_OBJECT

public:
    /// More is not scrolled through; the oldest opened ones leave.
    static constexpr int MaximumOpened = 50;
    enum Role { DetailRole = Qt::UserRole + 1, HasFailureRole };

    using QAbstractListModel::QAbstractListModel;

    /// To the top, or where it is already.
    void addOpened(const models::trace::FlowSummary &flow);
    void setFoundBeside(const std::vector<QString> &correlationIds, const models::trace::TraceRequest &like);
    void setSeen(const std::vector<models::trace::FlowSummary> &flows);
    [[nodiscard]] const models::trace::FlowSummary &flow(int row) const { return m_flows[static_cast<size_t>(row)].summary; }
    [[nodiscard]] int rowOf(const QString &name) const; ///< −1: not in it

    [[nodiscard]] int rowCount(const QModelIndex &parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex &index, int role) const override;

private:
    enum class Origin { Opened, Beside, Seen };
    struct Flow {
        Origin origin = Origin::Opened;
        models::trace::FlowSummary summary;
    };
    void replace(Origin origin, std::vector<Flow> flows);
    [[nodiscard]] int endOf(Origin origin) const;
    [[nodiscard]] QString detailOf(const Flow &flow) const;

    std::vector<Flow> m_flows; ///< by origin
};

} // namespace ui::traces
