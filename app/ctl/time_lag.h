// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/context.h"
#include "models/lag/consumer_lag.h"

#include <QMap>

#include <tuple>

namespace ctl {

/// By consumer, stream, partition: milliseconds that the event at the checkpoint has been waiting.
using TimeLags = QMap<std::tuple<QString, QString, int>, std::optional<qint64>>;

struct TimeLagReading {
    TimeLags lags;
    std::vector<connectors::Error> problems; ///< of streams that could not be read: their time lags are null
};

/// Reads the event at (or, where the position is none of an event, next after) each checkpoint that has something to read.
/// A consumer that is caught up waits for nothing: 0. What cannot be told is null. Ends soon
/// after the context is asked to stop; then what is missing is a problem. The error is only that of a system without events.
[[nodiscard]] connectors::Result<TimeLagReading> readTimeLags(Context &context, connectors::Connector &connector,
                                                              const std::vector<models::lag::ConsumerLag> &lags);

} // namespace ctl
