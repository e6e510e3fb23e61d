// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/result.h"

#include <QByteArray>

#include <functional>
#include <stop_token>
#include <utility>
#include <vector>

namespace connectors::kafka {

using ClientProperties = std::vector<std::pair<QByteArray, QByteArray>>;

/// What a token command prints that is run elsewhere. Blocks.
using TokenFetcher = std::function<Result<QByteArray>(const std::stop_token &)>;

/// Where an OAUTHBEARER token comes from: a command of the profile, or the client-credentials grant at an endpoint.
struct TokenSource {
    QString command; ///< a program and its arguments, run without a shell; wins over the endpoint
    QString endpointUrl;
    QString clientId;
    QString clientSecret;
    QString scope;
    QString caLocation; ///< PEM file for the endpoint's certificate; empty: the system's
    QString extensions; ///< "name=value,…", sent with the token
    TokenFetcher fetch = {}; ///< instead of running the command here
    bool isGiven() const { return !command.isEmpty() || !endpointUrl.isEmpty(); }
};

/// What a librdkafka handle is made from: checked properties, secrets among them. In memory only; never logged.
struct ClientConfig {
    ClientProperties properties;
    QStringList hosts;
    QString userName; ///< the SASL name; empty without SASL
    TokenSource token;
    bool isLoopbackOnly = false; ///< a readable secret is sent: no connection may leave this machine
};

/// Checks a spec against the allow-list and the security rules, without any I/O. InvalidInput names the property and says
/// what is allowed; Refused is a secret that would travel readable over a network.
[[nodiscard]] Result<ClientConfig> clientConfig(const ConnectionSpec &spec, const Credentials &credentials);

/// "host:port" (IPv6 in brackets) of this machine: localhost, 127.0.0.0/8, [::1]. By name only, nothing is resolved.
[[nodiscard]] bool isLoopbackHost(const QString &hostAndPort);

} // namespace connectors::kafka
