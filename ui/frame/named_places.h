// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"
#include "ui/frame/place.h"

/// What a user knows by name, for the command palette.
namespace ui::frame {

struct NamedPlace {
    QString name;
    QString kind;     ///< "consumer on shop", beside the name
    QString iconName;
    Place place;      ///< where it is; without a page: a saved connection that is not open
};

/// Consumers, streams, dead-letter queues and the connections that are open; as last told, without asking.
[[nodiscard]] std::vector<NamedPlace> namedPlaces(const models::connection::Workspace &workspace);
[[nodiscard]] NamedPlace savedPlace(const QString &name);

} // namespace ui::frame
