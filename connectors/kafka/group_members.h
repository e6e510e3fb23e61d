// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/consumer_catalog.h"
#include "connectors/kafka/client.h"

#include <chrono>
#include <map>

namespace connectors::kafka {

/// What describing one group said.
struct GroupDescription {
    ConsumerActivity activity = ConsumerActivity::Unknown;
    bool isNotThere = false; ///< Dead without members: what librdkafka 2.0.2 makes of a live group of the new protocol
    std::vector<ConsumerMember> members;
};

/// One request a group, all in flight; the library knows no batch. Blocks.
[[nodiscard]] std::map<QString, Result<GroupDescription>> describeGroups(const Client &client, const std::vector<QString> &groups,
                                                                         std::chrono::milliseconds timeout, const std::stop_token &stop);

/// The list's word and the description, put together: `summary` holds the list's state and gets the truer one.
/// A group that the list knows alive and the description does not is one of the new protocol, whose members this library
/// cannot read: never "no members".
void addDescription(ConsumerState &state, const Result<GroupDescription> &description);

} // namespace connectors::kafka
