// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/checkpoint_writer.h"
#include "connectors/connector.h"
#include "connectors/dead_letter_declarations.h"
#include "connectors/read_caution.h"

#include <tuple>

namespace connectors::remote {

/// The fields of a type of the contract, in their order. Taken apart by structured binding, so that a field that is added
/// to the contract and forgotten here does not compile.
template<typename T>
struct Fields;

// clang-format off
template<> struct Fields<Error> { static auto of(auto &v) { auto &[a, b, c, d] = v; return std::tie(a, b, c, d); } };
template<> struct Fields<Traffic> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };
template<> struct Fields<SystemIdentity> { static auto of(auto &v) { auto &[a, b, c, d, e, f, g, h] = v; return std::tie(a, b, c, d, e, f, g, h); } };

template<> struct Fields<Earliest> { static auto of(auto &) { return std::tuple<>(); } };
template<> struct Fields<Latest> { static auto of(auto &) { return std::tuple<>(); } };
template<> struct Fields<AtPosition> { static auto of(auto &v) { auto &[a] = v; return std::tie(a); } };
template<> struct Fields<AtTime> { static auto of(auto &v) { auto &[a] = v; return std::tie(a); } };
template<> struct Fields<Newest> { static auto of(auto &v) { auto &[a] = v; return std::tie(a); } };
template<> struct Fields<EventAddress> { static auto of(auto &v) { auto &[a, b, c] = v; return std::tie(a, b, c); } };

template<> struct Fields<StreamListRequest> { static auto of(auto &v) { auto &[a, b, c, d, e] = v; return std::tie(a, b, c, d, e); } };
template<> struct Fields<PartitionExtent> { static auto of(auto &v) { auto &[a, b, c, d, e, f, g] = v; return std::tie(a, b, c, d, e, f, g); } };
template<> struct Fields<StreamInfo> { static auto of(auto &v) { auto &[a, b, c, d, e, f, g, h] = v; return std::tie(a, b, c, d, e, f, g, h); } };
template<> struct Fields<StreamList> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };
template<> struct Fields<TimePosition> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };

template<> struct Fields<ExactSearch> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };
template<> struct Fields<PartitionRead> { static auto of(auto &v) { auto &[a, b, c, d, e, f] = v; return std::tie(a, b, c, d, e, f); } };
template<> struct Fields<ReadRequest> {
    static auto of(auto &v) { auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o] = v; return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o); }
};
template<> struct Fields<LeftOutRange> { static auto of(auto &v) { auto &[a, b, c, d, e] = v; return std::tie(a, b, c, d, e); } };
template<> struct Fields<ReadReport> { static auto of(auto &v) { auto &[a, b, c, d, e, f, g, h, i, j, k, l] = v; return std::tie(a, b, c, d, e, f, g, h, i, j, k, l); } };

template<> struct Fields<QuarantinedBatch> { static auto of(auto &v) { auto &[a, b, c, d, e, f] = v; return std::tie(a, b, c, d, e, f); } };
template<> struct Fields<Announcement> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };
template<> struct Fields<PageRequest> { static auto of(auto &v) { auto &[a, b, c, d] = v; return std::tie(a, b, c, d); } };
template<> struct Fields<EventPage> { static auto of(auto &v) { auto &[a, b, c] = v; return std::tie(a, b, c); } };

template<> struct Fields<NewEvent> {
    static auto of(auto &v) { auto &[a, b, c, d, e, f, g, h, i, j, k, l, m] = v; return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m); }
};
template<> struct Fields<AppendedEvent> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };

template<> struct Fields<ConsumerSummary> { static auto of(auto &v) { auto &[a, b, c] = v; return std::tie(a, b, c); } };
template<> struct Fields<PartitionId> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };
template<> struct Fields<ConsumerMember> { static auto of(auto &v) { auto &[a, b, c, d] = v; return std::tie(a, b, c, d); } };
template<> struct Fields<ConsumerPosition> {
    static auto of(auto &v) { auto &[a, b, c, d, e, f, g, h, i, j, k, l, m] = v; return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m); }
};
template<> struct Fields<ConsumerState> { static auto of(auto &v) { auto &[a, b, c, d, e] = v; return std::tie(a, b, c, d, e); } };
template<> struct Fields<ConsumerStateRequest> { static auto of(auto &v) { auto &[a, b, c, d] = v; return std::tie(a, b, c, d); } };
template<> struct Fields<ConsumerStates> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };

template<> struct Fields<CheckpointChange> { static auto of(auto &v) { auto &[a, b, c, d] = v; return std::tie(a, b, c, d); } };
template<> struct Fields<CheckpointOutcome> { static auto of(auto &v) { auto &[a, b, c] = v; return std::tie(a, b, c); } };
template<> struct Fields<ConnectionSpec> { static auto of(auto &v) { auto &[a, b, c, d, e, f, g, h, i] = v; return std::tie(a, b, c, d, e, f, g, h, i); } };
template<> struct Fields<Credentials> { static auto of(auto &v) { auto &[a, b, c, d] = v; return std::tie(a, b, c, d); } };

template<> struct Fields<DeclaredQueue> { static auto of(auto &v) { auto &[a, b, c] = v; return std::tie(a, b, c); } };
template<> struct Fields<DeadLetterDeclarations> { static auto of(auto &v) { auto &[a, b] = v; return std::tie(a, b); } };

template<> struct Fields<DeadLetterQueue> { static auto of(auto &v) { auto &[a, b, c, d, e, f] = v; return std::tie(a, b, c, d, e, f); } };
template<> struct Fields<DeadLetter> {
    static auto of(auto &v)
    {
        auto &[a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = v;
        return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
    }
};
template<> struct Fields<Snapshot> { static auto of(auto &v) { auto &[a, b, c, d, e, f] = v; return std::tie(a, b, c, d, e, f); } };
// clang-format on

/// The last of an enumeration's values: what is beyond is refused.
template<typename E>
inline constexpr E LastOf = E();
template<>
inline constexpr ErrorCode LastOf<ErrorCode> = ErrorCode::Internal;
template<>
inline constexpr StopReason LastOf<StopReason> = StopReason::Failed;
template<>
inline constexpr SearchField LastOf<SearchField> = SearchField::Anywhere;
template<>
inline constexpr EventPart LastOf<EventPart> = EventPart::CausationId;
template<>
inline constexpr Isolation LastOf<Isolation> = Isolation::ReadUncommitted;
template<>
inline constexpr ConsumerActivity LastOf<ConsumerActivity> = ConsumerActivity::NotTold;
template<>
inline constexpr Environment LastOf<Environment> = Environment::AssumedDevelopment;
template<>
inline constexpr SystemKind LastOf<SystemKind> = SystemKind::EventStorePostgres;
template<>
inline constexpr DeadLetterEvidence LastOf<DeadLetterEvidence> = DeadLetterEvidence::StoreTable;

} // namespace connectors::remote
