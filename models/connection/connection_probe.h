// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"

#include <QFuture>

namespace models::connection {

enum class ProbeStep { Connect, ListStreams, ListConsumers, ReadEvents, FindDeadLetters };

struct ProbeOutcome {
    ProbeStep step = ProbeStep::Connect;
    bool wasTried = true;
    std::optional<connectors::Error> error; ///< null: it works
    QString detail; ///< what was found: the product and version, a count; not a sentence
    qint64 count = -1;
};

/// What a connection can and cannot do, found by doing it: connects, then makes one small request of each kind, one after
/// the other, changing nothing. Stops after the first step where that fails. Runs on a thread of its own.
[[nodiscard]] QFuture<std::vector<ProbeOutcome>> probe(std::shared_ptr<connectors::Connector> connector, std::stop_token stop);

} // namespace models::connection
