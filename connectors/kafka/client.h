// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_reader.h"
#include "connectors/kafka/access_token.h"
#include "connectors/kafka/client_config.h"
#include "connectors/kafka/connection_watch.h"
#include "connectors/traffic_counter.h"

#include <librdkafka/rdkafka.h>

#include <functional>
#include <initializer_list>
#include <memory>
#include <stop_token>
#include <thread>

namespace connectors::kafka {

struct BrokerAddress {
    int id = 0;
    QString host; ///< host:port as the broker advertises itself
};

/// What a broker says when it is asked who it is.
struct ClusterAnswer {
    QString clusterId;
    std::vector<BrokerAddress> brokers;
};

/// What the handles of one connection have in common.
struct ClientShares {
    std::shared_ptr<TrafficCounter> traffic;
    std::shared_ptr<TokenProvider> tokens; ///< null without OAUTHBEARER
};

/// One librdkafka handle: a consumer without a group.id, which joins nothing, commits nothing and creates no topic; or a
/// producer, only for a place that the user has named for it. Its own
/// thread serves callbacks (errors, tokens, statistics); librdkafka's log is not printed: what matters of it comes as errors.
/// Thread-safe. The end of the handle is waited for at most a second, then left to a thread of its own.
class Client final
{
public:
    /// `extra` overrides the configuration's properties, e.g. queue sizes of a reader. No network I/O, but files named by
    /// the configuration are read: InvalidInput says which cannot be.
    [[nodiscard]] static Result<std::shared_ptr<Client>> create(const ClientConfig &config, Isolation isolation,
                                                                const ClientShares &shares, const ClientProperties &extra = {});
    /// Takes what became of a record.
    using Delivered = std::function<void(rd_kafka_resp_err_t)>;
    /// The same, to write with. A record's opaque must be a Delivered made with new: its report calls and deletes it.
    [[nodiscard]] static Result<std::shared_ptr<Client>> createProducer(const ClientConfig &config, const ClientShares &shares, const ClientProperties &extra);
    ~Client();
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    [[nodiscard]] rd_kafka_t *handle() const;
    [[nodiscard]] const ClientConfig &config() const;
    /// The name we are known by there: the SASL user, or the subject of the token in use.
    [[nodiscard]] QString userName() const;

    /// Connects, logs in and asks for the cluster: the probe to trust. Blocks until there is an answer, a cause why there
    /// will be none, or the time is over.
    [[nodiscard]] Result<ClusterAnswer> probe(int timeoutMs, const std::stop_token &stop) const;
    /// The same once for this handle: where nothing was ever answered, a question would wait for its whole time-out.
    [[nodiscard]] Result<void> requireAnswer(int timeoutMs, const std::stop_token &stop) const;
    /// The error of a question: where nobody answered, why there is no connection; else what librdkafka says, with `what`
    /// as in kafkaError().
    [[nodiscard]] Error explain(rd_kafka_resp_err_t code, const QString &what, const QString &detail = {}) const;

private:
    struct State;
    explicit Client(std::shared_ptr<State> state);
    static void installCallbacks(rd_kafka_conf_t *conf, State *state);
    [[nodiscard]] static Result<std::shared_ptr<Client>> make(rd_kafka_type_t type, const ClientConfig &config, const ClientShares &shares,
                                                              std::initializer_list<const ClientProperties *> properties);

    std::shared_ptr<State> m_state; ///< the opaque of the callbacks; lives until the handle is gone
    std::jthread m_thread;
};

} // namespace connectors::kafka
