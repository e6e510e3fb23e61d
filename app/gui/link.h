// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"
#include "ui/frame/place.h"

namespace gui {

/// What `streamgauge://CONNECTION/PAGE/OBJECT?at=TIME` names; of a stream also `?event=PARTITION:POSITION`. It opens a page and never does anything.
struct Link {
    ui::frame::Place place;                  ///< with its connection's name
    std::optional<connectors::EpochMs> at;   ///< the time to look at
};

[[nodiscard]] bool looksLikeLink(const QString &text);

/// CONNECTION is a saved connection's name, never an address: a link from a stranger must not make us connect to where he
/// likes. Parts are percent-encoded; PAGE may be left out (the overview), OBJECT may hold slashes. Errors are InvalidInput.
[[nodiscard]] connectors::Result<Link> parseLink(const QString &text);

} // namespace gui
