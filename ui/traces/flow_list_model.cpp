// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/flow_list_model.h"

#include "ui/traces/search_words.h"
#include "ui/widgets/text.h"

#include <algorithm>

namespace ui::traces {

using models::trace::FlowSummary;
namespace text = ui::widgets::text;

int FlowListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_flows.size());
}

int FlowListModel::rowOf(const QString &name) const
{
    const auto found = std::find_if(m_flows.cbegin(), m_flows.cend(), [&name](const Flow &flow) { return flow.summary.name == name; });
    return found == m_flows.cend() ? -1 : static_cast<int>(found - m_flows.cbegin());
}

int FlowListModel::endOf(Origin origin) const
{
    const auto end = std::find_if(m_flows.cbegin(), m_flows.cend(), [origin](const Flow &flow) { return flow.origin > origin; });
    return static_cast<int>(end - m_flows.cbegin());
}

void FlowListModel::addOpened(const FlowSummary &flow)
{
    if (const int row = rowOf(flow.name); row >= 0 && m_flows[static_cast<size_t>(row)].origin == Origin::Opened) {
        m_flows[static_cast<size_t>(row)].summary = flow;
        Q_EMIT dataChanged(index(row), index(row));
        return;
    } else if (row >= 0) {
        beginRemoveRows({}, row, row);
        m_flows.erase(m_flows.begin() + row);
        endRemoveRows();
    }
    beginInsertRows({}, 0, 0);
    m_flows.insert(m_flows.begin(), {Origin::Opened, flow});
    endInsertRows();
    if (const int opened = endOf(Origin::Opened); opened > MaximumOpened) {
        beginRemoveRows({}, opened - 1, opened - 1);
        m_flows.erase(m_flows.begin() + opened - 1);
        endRemoveRows();
    }
}

void FlowListModel::setFoundBeside(const std::vector<QString> &correlationIds, const models::trace::TraceRequest &like)
{
    std::vector<Flow> flows;
    for (const QString &id : correlationIds) {
        FlowSummary summary;
        summary.name = id;
        summary.request = like;
        summary.request.address.reset();
        summary.request.text = id;
        summary.request.knownAs = models::trace::KnownAs::CorrelationId;
        flows.push_back({Origin::Beside, std::move(summary)});
    }
    replace(Origin::Beside, std::move(flows));
}

void FlowListModel::setSeen(const std::vector<FlowSummary> &flows)
{
    std::vector<Flow> seen;
    seen.reserve(flows.size());
    for (const FlowSummary &flow : flows)
        seen.push_back({Origin::Seen, flow});
    replace(Origin::Seen, std::move(seen));
}

void FlowListModel::replace(Origin origin, std::vector<Flow> flows)
{
    const int end = endOf(origin);
    int begin = end;
    while (begin > 0 && m_flows[static_cast<size_t>(begin) - 1].origin == origin)
        --begin;
    if (end > begin) {
        beginRemoveRows({}, begin, end - 1);
        m_flows.erase(m_flows.begin() + begin, m_flows.begin() + end);
        endRemoveRows();
    }
    std::erase_if(flows, [this](const Flow &flow) { return rowOf(flow.summary.name) >= 0; });
    if (flows.empty())
        return;
    beginInsertRows({}, begin, begin + static_cast<int>(flows.size()) - 1);
    m_flows.insert(m_flows.begin() + begin, std::make_move_iterator(flows.begin()), std::make_move_iterator(flows.end()));
    endInsertRows();
}

QString FlowListModel::detailOf(const Flow &flow) const
{
    const FlowSummary &summary = flow.summary;
    if (flow.origin == Origin::Beside)
        return tr("found too, not opened yet");
    QStringList words;
    if (summary.events == 0)
        return tr("nothing was found");
    words += summary.isWhole ? eventsText(summary.events) : tr("%1+ events").arg(text::exact(summary.events));
    if (summary.begin && summary.end)
        words += text::duration(*summary.end - *summary.begin);
    if (summary.streams.size() == 1)
        words += text::untrusted(summary.streams.front(), 40);
    else
        words += streamsText(static_cast<qint64>(summary.streams.size()));
    return words.join(QStringLiteral(" · "));
}

QVariant FlowListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Flow &flow = m_flows[static_cast<size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text::untrusted(flow.summary.name);
    case DetailRole:
        return detailOf(flow);
    case HasFailureRole:
        return flow.summary.failures > 0;
    case Qt::AccessibleTextRole:
        return QStringLiteral("%1, %2%3").arg(text::untrusted(flow.summary.name), detailOf(flow), flow.summary.failures > 0 ? tr(", with failures") : QString());
    case Qt::ToolTipRole: {
        QStringList lines{flow.summary.name, detailOf(flow)};
        if (flow.summary.end)
            lines += tr("Last event %1").arg(text::localTime(*flow.summary.end));
        if (flow.summary.failures > 0)
            lines += tr("%1 failures or dead letters").arg(text::exact(flow.summary.failures));
        for (size_t i = 0; i < std::min<size_t>(flow.summary.streams.size(), 12); ++i)
            lines += flow.summary.streams[i];
        return text::toolTip(lines.join(u'\n'));
    }
    default:
        return {};
    }
}

} // namespace ui::traces
