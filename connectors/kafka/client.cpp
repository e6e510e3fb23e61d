// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/client.h"

#include "connectors/json_text.h"
#include "connectors/kafka/kafka_error.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <future>

#include <arpa/inet.h>
#include <sys/socket.h>

namespace connectors::kafka {

namespace {

constexpr int PollMs = 200;
constexpr std::chrono::seconds LongestGoodbye{1};
/// A failure older than this is no explanation for a question of now.
constexpr std::chrono::seconds FailureMemory{60};

using ConfPtr = std::unique_ptr<rd_kafka_conf_t, decltype(&rd_kafka_conf_destroy)>;

qint64 integerMember(const std::vector<json::Member> &members, std::string_view name)
{
    for (const json::Member &member : members) {
        if (member.name == name)
            return QByteArray(member.value.data(), static_cast<qsizetype>(member.value.size())).toLongLong();
    }
    return 0;
}

Result<void> setProperties(rd_kafka_conf_t *conf, const ClientProperties &properties)
{
    std::array<char, 512> text{};
    for (const auto &[name, value] : properties) {
        if (rd_kafka_conf_set(conf, name.constData(), value.constData(), text.data(), text.size()) != RD_KAFKA_CONF_OK)
            return failure(ErrorCode::InvalidInput, QStringLiteral("The property “%1” cannot be used: %2.").arg(QString::fromUtf8(name), QString::fromUtf8(text.data())));
    }
    return {};
}

bool isPasswordMissing(const ClientConfig &config)
{
    return std::any_of(config.properties.cbegin(), config.properties.cend(), [](const auto &property) { return property.first == "sasl.password" && property.second.isEmpty(); });
}

bool isLoopbackAddress(const sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return (ntohl(reinterpret_cast<const sockaddr_in *>(address)->sin_addr.s_addr) >> 24) == 127;
    if (address->sa_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6 *>(address)->sin6_addr);
    return false;
}

int connectOnLoopbackOnly(int socket, const sockaddr *address, int length, const char *, void *)
{
    if (!isLoopbackAddress(address))
        return EACCES;
    // The socket does not block: the library waits for it.
    return ::connect(socket, address, static_cast<socklen_t>(length)) == 0 || errno == EINPROGRESS ? 0 : errno;
}

} // namespace

struct Client::State {
    ClientConfig config;
    ClientShares shares;
    ConnectionWatch watch;
    rd_kafka_t *handle = nullptr;
    std::stop_source stop; ///< ends the fetching of a token
    std::atomic<bool> hasAnswered = false;
    mutable std::mutex mutex;
    QString principal; ///< of the token in use
    qint64 requestsCounted = 0; ///< the polling thread only, as bytesCounted
    qint64 bytesCounted = 0;

    ~State()
    {
        if (handle)
            rd_kafka_destroy_flags(handle, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    }

    void countTraffic(std::string_view statistics)
    {
        std::vector<json::Member> members;
        if (json::check(statistics, &members) != json::Verdict::Valid)
            return;
        const qint64 requests = integerMember(members, "tx");
        const qint64 bytes = integerMember(members, "rx_bytes");
        shares.traffic->add(requests - requestsCounted, bytes - bytesCounted);
        requestsCounted = requests;
        bytesCounted = bytes;
    }

    /// Blocks the polling thread while a token is fetched.
    void refreshToken(rd_kafka_t *client)
    {
        const Result<AccessToken> token = shares.tokens->token(stop.get_token());
        if (!token) {
            watch.noteTokenFailure(token.error());
            rd_kafka_oauthbearer_set_token_failure(client, token.error().message.toUtf8().constData());
            return;
        }
        std::vector<QByteArray> extensions;
        for (const QString &pair : config.token.extensions.split(u',', Qt::SkipEmptyParts)) {
            extensions.push_back(pair.section(u'=', 0, 0).trimmed().toUtf8());
            extensions.push_back(pair.section(u'=', 1).trimmed().toUtf8());
        }
        std::vector<const char *> texts;
        texts.reserve(extensions.size());
        for (const QByteArray &text : extensions)
            texts.push_back(text.constData());
        std::array<char, 512> reason{};
        const rd_kafka_resp_err_t code = rd_kafka_oauthbearer_set_token(client, token->value.constData(), token->expires, token->principal.toUtf8().constData(),
                                                                        texts.data(), texts.size(), reason.data(), reason.size());
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            watch.noteTokenFailure(kafkaError(RD_KAFKA_RESP_ERR__AUTHENTICATION, QStringLiteral("The access token cannot be used"), QString::fromUtf8(reason.data())));
            rd_kafka_oauthbearer_set_token_failure(client, reason.data());
        }
        const std::lock_guard lock(mutex);
        principal = token->principal;
    }
};

void Client::installCallbacks(rd_kafka_conf_t *conf, State *state)
{
    rd_kafka_conf_set_opaque(conf, state);
    rd_kafka_conf_set_log_cb(conf, [](const rd_kafka_t *, int, const char *, const char *) {});
    rd_kafka_conf_set_error_cb(conf, [](rd_kafka_t *, int code, const char *reason, void *opaque) {
        static_cast<State *>(opaque)->watch.noteError(static_cast<rd_kafka_resp_err_t>(code), QString::fromUtf8(reason));
    });
    rd_kafka_conf_set_stats_cb(conf, [](rd_kafka_t *, char *text, size_t length, void *opaque) {
        static_cast<State *>(opaque)->countTraffic(std::string_view(text, length));
        return 0; // the library frees the text
    });
    // Only listens: OpenSSL's verdict stands.
    rd_kafka_conf_set_ssl_cert_verify_cb(conf, [](rd_kafka_t *, const char *, int32_t, int *x509Error, int, const char *, size_t, char *text, size_t size, void *opaque) {
        if (*x509Error == 0)
            return 1;
        static_cast<State *>(opaque)->watch.noteCertificate(*x509Error);
        std::strncpy(text, "the certificate was not accepted", size - 1);
        text[size - 1] = '\0';
        return 0;
    });
    if (state->shares.tokens)
        rd_kafka_conf_set_oauthbearer_token_refresh_cb(conf, [](rd_kafka_t *client, const char *, void *opaque) { static_cast<State *>(opaque)->refreshToken(client); });
    if (state->config.isLoopbackOnly)
        rd_kafka_conf_set_connect_cb(conf, connectOnLoopbackOnly);
}

Result<std::shared_ptr<Client>> Client::create(const ClientConfig &config, Isolation isolation, const ClientShares &shares,
                                               const ClientProperties &extra)
{
    const ClientProperties own{{"statistics.interval.ms", "1000"},
                               {"isolation.level", isolation == Isolation::ReadCommitted ? "read_committed" : "read_uncommitted"}};
    return make(RD_KAFKA_CONSUMER, config, shares, {&config.properties, &own, &extra});
}

Result<std::shared_ptr<Client>> Client::createProducer(const ClientConfig &config, const ClientShares &shares, const ClientProperties &extra)
{
    return make(RD_KAFKA_PRODUCER, config, shares, {&config.properties, &extra});
}

Result<std::shared_ptr<Client>> Client::make(rd_kafka_type_t type, const ClientConfig &config, const ClientShares &shares,
                                             std::initializer_list<const ClientProperties *> properties)
{
    auto state = std::make_shared<State>();
    state->config = config;
    state->shares = shares;
    ConfPtr conf(rd_kafka_conf_new(), rd_kafka_conf_destroy);
    for (const ClientProperties *each : properties) {
        if (const Result<void> set = setProperties(conf.get(), *each); !set)
            return tl::unexpected(set.error());
    }
    installCallbacks(conf.get(), state.get());
    if (type == RD_KAFKA_PRODUCER)
        rd_kafka_conf_set_dr_msg_cb(conf.get(), [](rd_kafka_t *, const rd_kafka_message_t *message, void *) {
            const std::unique_ptr<Delivered> delivered(static_cast<Delivered *>(message->_private));
            (*delivered)(message->err);
        });
    std::array<char, 512> text{};
    state->handle = rd_kafka_new(type, conf.get(), text.data(), text.size());
    if (!state->handle && isPasswordMissing(config))
        return failure(ErrorCode::NotAuthenticated, QStringLiteral("“%1” cannot log in without a password.").arg(config.userName),
                       QStringLiteral("Enter it as the connection's password; on the command line it is given with --password-file or STREAMGAUGE_PASSWORD."));
    if (!state->handle)
        return failure(ErrorCode::InvalidInput, QStringLiteral("No connection can be made with these properties: %1.").arg(QString::fromUtf8(text.data())),
                       QStringLiteral("Check the files that the connection names, and the password of its key."));
    std::ignore = conf.release(); // belongs to the handle now
    return std::shared_ptr<Client>(new Client(std::move(state)));
}

Client::Client(std::shared_ptr<State> state)
    : m_state(std::move(state))
    , m_thread([handle = m_state->handle](const std::stop_token &stop) {
        while (!stop.stop_requested())
            rd_kafka_poll(handle, PollMs);
    })
{
}

Client::~Client()
{
    m_thread.request_stop();
    m_state->stop.request_stop();
    {
        // Without a knock the thread would sleep on, and a connection has several of them.
        const std::unique_ptr<rd_kafka_queue_t, decltype(&rd_kafka_queue_destroy)> polled(rd_kafka_queue_get_main(m_state->handle), rd_kafka_queue_destroy);
        rd_kafka_queue_yield(polled.get());
    }
    m_thread.join();
    // Ending waits for the library's threads, and one of them may be looking up a host name.
    auto ended = std::make_shared<std::promise<void>>();
    const std::future<void> future = ended->get_future();
    std::thread([ended, state = std::move(m_state)]() mutable {
        state.reset();
        ended->set_value();
    }).detach();
    future.wait_for(LongestGoodbye);
}

rd_kafka_t *Client::handle() const
{
    return m_state->handle;
}

const ClientConfig &Client::config() const
{
    return m_state->config;
}

QString Client::userName() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->principal.isEmpty() ? m_state->config.userName : m_state->principal;
}

Result<ClusterAnswer> Client::probe(int timeoutMs, const std::stop_token &stop) const
{
    using Clock = ConnectionWatch::Clock;
    const auto begin = Clock::now();
    const auto end = begin + std::chrono::milliseconds(timeoutMs);
    const QString what = QStringLiteral("%1 could not be asked").arg(m_state->config.hosts.join(QStringLiteral(", ")));
    // In slices, because librdkafka does not come back when the connection fails; growing ones, for brokers far away.
    for (int slice = 250; !stop.stop_requested(); slice = qMin(slice * 2, 2000)) {
        const struct rd_kafka_metadata *metadata = nullptr;
        const rd_kafka_resp_err_t code = rd_kafka_metadata(m_state->handle, 0, nullptr, &metadata, slice);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
            m_state->hasAnswered = true;
            const std::unique_ptr<const struct rd_kafka_metadata, decltype(&rd_kafka_metadata_destroy)> owned(metadata, rd_kafka_metadata_destroy);
            ClusterAnswer answer;
            for (int i = 0; i < metadata->broker_cnt; ++i)
                answer.brokers.push_back({metadata->brokers[i].id, QString::fromUtf8(metadata->brokers[i].host) + u':' + QString::number(metadata->brokers[i].port)});
            const std::unique_ptr<char, void (*)(char *)> id(rd_kafka_clusterid(m_state->handle, slice),
                                                             [](char *text) { rd_kafka_mem_free(nullptr, text); });
            answer.clusterId = QString::fromUtf8(id.get());
            return answer;
        }
        const bool hasFailed = m_state->watch.hasGivenUp(begin) || !isUnanswered(code) || Clock::now() >= end;
        if (const auto cause = m_state->watch.failure(begin - FailureMemory); hasFailed && cause)
            return tl::unexpected(*cause);
        if (hasFailed)
            return tl::unexpected(kafkaError(code, what));
    }
    return failure(ErrorCode::Cancelled, QStringLiteral("Connecting was cancelled."));
}

Result<void> Client::requireAnswer(int timeoutMs, const std::stop_token &stop) const
{
    if (m_state->hasAnswered)
        return {};
    if (const Result<ClusterAnswer> answer = probe(timeoutMs, stop); !answer)
        return tl::unexpected(answer.error());
    return {};
}

Error Client::explain(rd_kafka_resp_err_t code, const QString &what, const QString &detail) const
{
    Error error = kafkaError(code, what, detail);
    if (!isUnanswered(code))
        return error;
    const auto since = ConnectionWatch::Clock::now() - FailureMemory;
    if (const auto cause = m_state->watch.failure(since)) {
        error.code = cause->code;
        error.advice = describe(*cause);
    }
    return error;
}

} // namespace connectors::kafka
