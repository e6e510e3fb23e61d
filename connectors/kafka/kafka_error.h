// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <librdkafka/rdkafka.h>

#include <memory>

namespace connectors::kafka {

/// What librdkafka says, for a person. `what` names the thing and what happened to it, without a full stop ("The offsets of
/// “orders” could not be read"); `detail` replaces the library's general text for the code where there is a better one.
[[nodiscard]] Error kafkaError(rd_kafka_resp_err_t code, const QString &what, const QString &detail = {});
/// Takes the error over.
[[nodiscard]] Error kafkaError(rd_kafka_error_t *error, const QString &what);

/// True for errors that say nothing of the thing asked about, only that nobody answered: the connection's own error, if
/// there is one, tells more.
[[nodiscard]] bool isUnanswered(rd_kafka_resp_err_t code);

} // namespace connectors::kafka
