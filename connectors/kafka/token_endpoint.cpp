// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/access_token.h"

#include "connectors/json_text.h"

#include <QDateTime>
#include <QUrl>

#include <curl/curl.h>

#include <array>
#include <memory>

namespace connectors::kafka {

namespace {

constexpr long ConnectTimeoutMs = 10'000;
constexpr long TimeoutMs = 20'000;
constexpr qsizetype MaxAnswerBytes = 1024 * 1024;
/// What an endpoint means that does not say how long its token lives (RFC 6749 leaves it open).
constexpr qint64 AssumedLifeSeconds = 300;

struct Answer {
    long status = 0;
    QByteArray body;
};

size_t takeBody(char *data, size_t size, size_t count, void *body)
{
    auto *bytes = static_cast<QByteArray *>(body);
    const auto length = static_cast<qsizetype>(size * count);
    if (bytes->size() + length > MaxAnswerBytes)
        return 0;
    bytes->append(data, length);
    return size * count;
}

int checkStop(void *stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t)
{
    return static_cast<const std::stop_token *>(stop)->stop_requested() ? 1 : 0;
}

QByteArray formOf(const TokenSource &source)
{
    QByteArray form = "grant_type=client_credentials";
    if (!source.scope.isEmpty())
        form += "&scope=" + QUrl::toPercentEncoding(source.scope);
    return form;
}

Error endpointError(const QString &endpoint, const QString &what, ErrorCode code, const QString &advice)
{
    return {code, QStringLiteral("The token endpoint %1 %2").arg(endpoint.left(200), what), advice, code == ErrorCode::CannotConnect};
}

Result<Answer> post(const TokenSource &source, const std::stop_token &stop)
{
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(initialised == CURLE_OK ? curl_easy_init() : nullptr, curl_easy_cleanup);
    if (!curl)
        return failure(ErrorCode::Internal, QStringLiteral("The HTTP library could not be started."));
    Answer answer;
    std::stop_token watched = stop;
    std::array<char, CURL_ERROR_SIZE> text{};
    const QByteArray form = formOf(source);
    const std::string agent = "streamgauge/" STREAMGAUGE_VERSION;
    curl_easy_setopt(curl.get(), CURLOPT_URL, source.endpointUrl.toUtf8().constData());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, agent.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(curl.get(), CURLOPT_USERNAME, source.clientId.toUtf8().constData());
    curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, source.clientSecret.toUtf8().constData());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, form.constData());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(form.size()));
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT_MS, ConnectTimeoutMs);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, TimeoutMs);
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, text.data());
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, takeBody);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &answer.body);
    curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, checkStop);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &watched);
    if (!source.caLocation.isEmpty())
        curl_easy_setopt(curl.get(), CURLOPT_CAINFO, source.caLocation.toUtf8().constData());
    const CURLcode code = curl_easy_perform(curl.get());
    if (code == CURLE_ABORTED_BY_CALLBACK)
        return failure(ErrorCode::Cancelled, QStringLiteral("Logging in was cancelled."));
    if (code != CURLE_OK)
        return tl::unexpected(endpointError(source.endpointUrl, QStringLiteral("could not be asked: %1.").arg(QString::fromUtf8(text[0] ? text.data() : curl_easy_strerror(code))),
                                            ErrorCode::CannotConnect, QStringLiteral("Check sasl.oauthbearer.token.endpoint.url, and https.ca.location for its certificate.")));
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
    return answer;
}

/// The `error` and `error_description` of RFC 6749, as far as they are there.
QString reasonOf(const std::vector<json::Member> &members)
{
    QString reason;
    for (const json::Member &member : members) {
        if ((member.name == "error" || member.name == "error_description") && json::kindOf(member.value) == json::Kind::String)
            reason += QStringLiteral(" (%1)").arg(QString::fromStdString(json::unquoted(member.value)).left(200));
    }
    return reason;
}

Result<AccessToken> tokenOf(const TokenSource &source, const std::vector<json::Member> &members)
{
    AccessToken token;
    qint64 lifeSeconds = AssumedLifeSeconds;
    for (const json::Member &member : members) {
        if (member.name == "access_token" && json::kindOf(member.value) == json::Kind::String)
            token.value = QByteArray::fromStdString(json::unquoted(member.value));
        if (member.name == "expires_in" && json::kindOf(member.value) == json::Kind::Number)
            lifeSeconds = static_cast<qint64>(QByteArray(member.value.data(), static_cast<qsizetype>(member.value.size())).toDouble());
    }
    if (token.value.isEmpty())
        return tl::unexpected(endpointError(source.endpointUrl, QStringLiteral("answered without an access token."), ErrorCode::NotAuthenticated,
                                            QStringLiteral("Check that it is the token endpoint of the identity provider.")));
    const std::optional<TokenClaims> claims = readClaims(token.value);
    token.principal = claims && !claims->subject.isEmpty() ? claims->subject : source.clientId;
    token.expires = claims && claims->expires ? *claims->expires : QDateTime::currentMSecsSinceEpoch() + lifeSeconds * 1000;
    return token;
}

} // namespace

Result<AccessToken> fetchTokenFromEndpoint(const TokenSource &source, const std::stop_token &stop)
{
    const Result<Answer> answer = post(source, stop);
    if (!answer)
        return tl::unexpected(answer.error());
    std::vector<json::Member> members;
    const std::string_view body(answer->body.constData(), static_cast<size_t>(answer->body.size()));
    const bool isJson = json::check(body, &members) == json::Verdict::Valid;
    if (answer->status == 400 || answer->status == 401 || answer->status == 403)
        return tl::unexpected(endpointError(source.endpointUrl, QStringLiteral("refused the client “%1”%2.").arg(source.clientId.left(100), reasonOf(members)),
                                            ErrorCode::NotAuthenticated, QStringLiteral("Check sasl.oauthbearer.client.id, the client secret and the scope.")));
    if (answer->status != 200 || !isJson)
        return tl::unexpected(endpointError(source.endpointUrl, QStringLiteral("answered with HTTP status %1%2.").arg(answer->status).arg(reasonOf(members)),
                                            ErrorCode::CannotConnect, QStringLiteral("Check that it is the token endpoint of the identity provider.")));
    return tokenOf(source, members);
}

} // namespace connectors::kafka
