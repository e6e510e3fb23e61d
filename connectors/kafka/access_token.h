// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/kafka/client_config.h"
#include "connectors/position.h"

#include <mutex>
#include <optional>
#include <stop_token>

namespace connectors::kafka {

/// A bearer token. In memory only; never logged, never in an error.
struct AccessToken {
    QByteArray value;
    QString principal; ///< the token's subject, or the client id where the token does not tell
    EpochMs expires = 0;
};

/// Reads `sub` and `exp` of a JSON web token; nothing is verified, that is the broker's part. `expires` and `principal` of
/// the answer stay null/empty where the token is opaque or does not say.
struct TokenClaims {
    QString subject;
    std::optional<EpochMs> expires;
};
[[nodiscard]] std::optional<TokenClaims> readClaims(const QByteArray &token); ///< null: not a JSON web token

/// Client credentials at the endpoint, by HTTP POST with basic authentication. Blocks, at most 20 s.
[[nodiscard]] Result<AccessToken> fetchTokenFromEndpoint(const TokenSource &source, const std::stop_token &stop);
/// Runs the command without a shell, or has it run; what it prints is a JSON web token. Blocks, at most 30 s, or as long as that takes.
[[nodiscard]] Result<AccessToken> fetchTokenFromCommand(const TokenSource &source, const std::stop_token &stop);

/// The token that all handles of a connection share, fetched when the one at hand is nearly over. Thread-safe.
class TokenProvider final
{
public:
    explicit TokenProvider(TokenSource source);
    /// Blocks while a token is fetched.
    [[nodiscard]] Result<AccessToken> token(const std::stop_token &stop);

private:
    const TokenSource m_source;
    std::mutex m_mutex;
    std::optional<AccessToken> m_token;
    EpochMs m_staleAt = 0;
};

} // namespace connectors::kafka
