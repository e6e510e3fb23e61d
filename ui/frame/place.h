// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"

#include <QMetaType>

namespace ui::frame {

/// Where a user is or wants to go: what Alt+←/→ walks through and what a link names. Only ids, so that it can be kept.
struct Place {
    QString page;       ///< overview streams consumers dead-letters traces aggregates journal, replay (the wizard)
    QString connection; ///< its name; empty: whichever
    QString object;     ///< a stream, a consumer, a dead-letter queue, a journal id; an aggregate's id; for traces what is searched for
    std::optional<connectors::EventAddress> address; ///< one event
    bool operator==(const Place &) const = default;
};

} // namespace ui::frame

Q_DECLARE_METATYPE(ui::frame::Place)
