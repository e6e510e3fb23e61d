// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/match_delivery.h"

#include <numeric>

namespace connectors::kafka {

namespace {

EventBatchPtr select(const EventBatchPtr &batch, const std::vector<qsizetype> &rows)
{
    if (std::ssize(rows) == batch->count())
        return batch;
    EventBatchBuilder builder;
    for (const qsizetype row : rows)
        builder.addFrom(*batch, row);
    return builder.take();
}

} // namespace

Result<std::unique_ptr<MatchDelivery>> MatchDelivery::make(const ReadRequest &request, EventChannelPtr channel)
{
    std::unique_ptr<query::EventFilter> filter;
    if (!request.where.isEmpty()) {
        auto compiled = query::EventFilter::compile(request.where);
        if (!compiled)
            return tl::unexpected(compiled.error());
        filter = std::move(*compiled);
    }
    return std::unique_ptr<MatchDelivery>(new MatchDelivery(request, std::move(channel), std::move(filter)));
}

MatchDelivery::MatchDelivery(const ReadRequest &request, EventChannelPtr channel, std::unique_ptr<query::EventFilter> filter)
    : m_channel(std::move(channel))
    , m_limit(request.limit)
    , m_previewBytes(request.previewBytes)
    , m_filter(std::move(filter))
{
    if (request.search)
        m_search.emplace(*request.search);
    if (!m_filter)
        return;
    const query::Pushdown pushdown = m_filter->pushdown();
    m_earliest = pushdown.from;
    m_before = pushdown.before;
    if (pushdown.search)
        m_asked.emplace(*pushdown.search);
}

std::optional<qint64> MatchDelivery::stillWanted(const ReadReport &report) const
{
    if (!m_limit || m_search || m_filter)
        return std::nullopt;
    return std::max<qint64>(*m_limit - report.matched, 0);
}

EventBatchPtr MatchDelivery::searched(EventBatchPtr batch) const
{
    if (!m_search)
        return batch;
    std::vector<qsizetype> rows;
    for (qsizetype row = 0; row < batch->count(); ++row) {
        if (m_search->matches(*batch, row))
            rows.push_back(row);
    }
    return select(batch, rows);
}

Result<EventBatchPtr> MatchDelivery::filtered(EventBatchPtr batch, ReadReport *report)
{
    if (!m_filter || batch->count() == 0)
        return batch;
    const auto outcome = m_filter->apply(*batch, m_channel->stopToken());
    if (!outcome)
        return tl::unexpected(outcome.error());
    report->notFilterable += outcome->notFilterable;
    if (report->firstNotFilterable.isEmpty())
        report->firstNotFilterable = outcome->firstNotFilterable;
    return select(batch, outcome->matches);
}

Result<MatchDelivery::Outcome> MatchDelivery::deliver(EventBatchPtr batch, ReadReport *report)
{
    auto matches = filtered(searched(std::move(batch)), report);
    if (!matches)
        return tl::unexpected(matches.error());
    Outcome outcome;
    if (m_limit && report->matched + (*matches)->count() > *m_limit) {
        const auto wanted = static_cast<size_t>(*m_limit - report->matched);
        for (auto row = static_cast<qsizetype>(wanted); row < (*matches)->count(); ++row)
            outcome.left.push_back((*matches)->address(row));
        std::vector<qsizetype> rows(wanted);
        std::iota(rows.begin(), rows.end(), 0);
        *matches = select(*matches, rows);
    }
    report->matched += (*matches)->count();
    outcome.isTaken = (*matches)->count() == 0 || m_channel->push(previewsOf(std::move(*matches), m_previewBytes));
    return outcome;
}

} // namespace connectors::kafka
