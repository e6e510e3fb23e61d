// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/read_plan.h"
#include "connectors/kafka/reader_clients.h"

namespace connectors::kafka {

/// What a condition says about the time of what it accepts.
struct TimeBounds {
    std::optional<EpochMs> earliest; ///< not earlier
    std::optional<EpochMs> before;   ///< earlier
};

/// What the bounds rule out is not read. The ranges stay what was asked for: that they were looked through holds.
///
/// The earlier ones: sound whatever the times' order, as everything before the first event of that time or later is earlier.
/// Costs a request a leader.
///
/// The later ones: only in a topic that says its times are the brokers' own (log-append time), whose order is that of the
/// positions, and only where the first event that is left out has such a time itself: else the topic was switched to them
/// there or later, and what follows is in no order. A minute after the bound is read too, as another leader's clock may be
/// behind. Costs the topics' configuration and one small read a partition; what does not answer is read whole. (A topic
/// that was switched there and back and there again is in no order either, which nothing short of reading it would tell.)
void leaveOutByTime(ReaderClients &clients, const ClientPtr &client, const TimeBounds &bounds, bool isFollowing, ReadPlan *plan, const std::stop_token &stop);

} // namespace connectors::kafka
