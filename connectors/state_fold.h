// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>
#include <string_view>

/// The rule by which the state of an aggregate follows from its events, shared by who keeps snapshots and who uses them: the
/// content of each event, in order, is a JSON merge patch (RFC 7396) of the state, which is nothing at first. An event whose body
/// is not JSON changes nothing.
namespace connectors::fold {

/// What of the body of an event of a store is its content: the member `data` of an object that has one, else all of it. Null: it
/// is no JSON that can be folded.
[[nodiscard]] std::optional<std::string_view> contentOf(std::string_view body);

/// Names the rule, so that a state that another rule has made is never taken for one of its own. `upcasts`: what is done with
/// events before, in a canonical form; empty: nothing, which is what a store does when it keeps a snapshot.
[[nodiscard]] QString ruleName(const QByteArray &upcasts = {});

} // namespace connectors::fold
