// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/access_token.h"

#include "connectors/json_text.h"

#include <QDateTime>

namespace connectors::kafka {

namespace {

/// librdkafka asks anew at 80 % of a token's life; a token younger than that serves a second handle too.
constexpr double FreshShare = 0.7;

} // namespace

std::optional<TokenClaims> readClaims(const QByteArray &token)
{
    const QList<QByteArray> parts = token.split('.');
    if (parts.size() != 3)
        return std::nullopt;
    const auto body = QByteArray::fromBase64Encoding(parts[1], QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
    std::vector<json::Member> members;
    if (!body || json::check(std::string_view((*body).constData(), static_cast<size_t>((*body).size())), &members) != json::Verdict::Valid)
        return std::nullopt;
    TokenClaims claims;
    for (const json::Member &member : members) {
        const json::Kind kind = json::kindOf(member.value);
        if (member.name == "sub" && kind == json::Kind::String)
            claims.subject = QString::fromStdString(json::unquoted(member.value));
        if (member.name == "exp" && kind == json::Kind::Number)
            claims.expires = static_cast<EpochMs>(QByteArray(member.value.data(), static_cast<qsizetype>(member.value.size())).toDouble() * 1000.0);
    }
    return claims;
}

TokenProvider::TokenProvider(TokenSource source)
    : m_source(std::move(source))
{
}

Result<AccessToken> TokenProvider::token(const std::stop_token &stop)
{
    const std::lock_guard lock(m_mutex);
    const EpochMs now = QDateTime::currentMSecsSinceEpoch();
    if (m_token && now < m_staleAt)
        return *m_token;
    Result<AccessToken> fetched = m_source.command.isEmpty() ? fetchTokenFromEndpoint(m_source, stop) : fetchTokenFromCommand(m_source, stop);
    if (!fetched)
        return fetched;
    if (fetched->expires <= now)
        return failure(ErrorCode::NotAuthenticated, QStringLiteral("The access token had already expired when it was fetched."),
                       QStringLiteral("Check the clock of this machine, and log in again where the token comes from."));
    m_token = *fetched;
    m_staleAt = now + static_cast<EpochMs>(static_cast<double>(fetched->expires - now) * FreshShare);
    return fetched;
}

} // namespace connectors::kafka
