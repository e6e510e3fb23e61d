// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/connection_watch.h"

#include "connectors/kafka/kafka_error.h"

#include <QRegularExpression>

namespace connectors::kafka {

namespace {

/// A graver failure hides a lesser one for so long; librdkafka itself repeats them every few seconds.
constexpr std::chrono::seconds Memory{30};

struct Reason {
    QString broker; ///< host:port
    QString text;
};

/// "sasl_ssl://host:9092/bootstrap: what happened (after 12ms in state AUTH_REQ, 3 identical error(s) suppressed)"
Reason parseReason(const QString &reason)
{
    static const QRegularExpression shape(QStringLiteral("^(?:[a-z_]+://)?(.+?:[0-9]+)/[^:]+: (.*)$"), QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression state(QStringLiteral(" \\(after [0-9]+ms in state [^)]*\\)"));
    const auto match = shape.match(reason);
    Reason parsed = match.hasMatch() ? Reason{match.captured(1), match.captured(2)} : Reason{QStringLiteral("the broker"), reason};
    parsed.text.remove(state);
    return parsed;
}

// From <openssl/x509_vfy.h>; the numbers are part of OpenSSL's stable interface.
constexpr int CertificateNotYetValid = 9;
constexpr int CertificateHasExpired = 10;
constexpr int HostNameMismatch = 62;
constexpr int AddressMismatch = 64;

Error certificateError(int x509Error, const Reason &reason)
{
    switch (x509Error) {
    case HostNameMismatch:
    case AddressMismatch:
        return {ErrorCode::CannotConnect, QStringLiteral("The certificate of %1 is for another host name.").arg(reason.broker),
                QStringLiteral("Connect by a name that the certificate holds; host names are always verified."), false};
    case CertificateHasExpired:
    case CertificateNotYetValid:
        return {ErrorCode::CannotConnect, QStringLiteral("The certificate of %1 has expired, or is not valid yet.").arg(reason.broker),
                QStringLiteral("Renew the broker's certificate, and check the clock of this machine."), false};
    case 0:
        return {ErrorCode::CannotConnect, QStringLiteral("No TLS connection to %1: %2").arg(reason.broker, reason.text),
                QStringLiteral("Check security.protocol, the port, and the client certificate where the broker wants one."), false};
    default:
        return {ErrorCode::CannotConnect, QStringLiteral("The certificate of %1 was not signed by a CA that is trusted here.").arg(reason.broker),
                QStringLiteral("Set ssl.ca.location to the file of the CA that signed the brokers' certificates."), false};
    }
}

/// librdkafka before 2.6.1 repeats its nonce in the last message of a SCRAM login: Kafka 4 refuses that as it refuses a wrong
/// password, older brokers let it pass (librdkafka's change 4895).
constexpr int FirstWithStrictScram = 0x020601ff;

Error loginError(const Reason &reason)
{
    QString advice = QStringLiteral("Check the user name, the password and sasl.mechanism.");
    if (reason.text.contains(u"SCRAM") && rd_kafka_version() < FirstWithStrictScram)
        advice += QStringLiteral(" If they are right and the broker is Kafka 4: librdkafka %1, in use here, cannot log in there by SCRAM; 2.6.1 can, "
                                 "and so can every other mechanism.").arg(QString::fromUtf8(rd_kafka_version_str()));
    return {ErrorCode::NotAuthenticated, QStringLiteral("%1 did not accept the login: %2").arg(reason.broker, reason.text), advice, false};
}

Error transportError(const Reason &reason)
{
    if (reason.text.contains(u"refused"))
        return {ErrorCode::CannotConnect, QStringLiteral("Nobody answers at %1: the connection was refused.").arg(reason.broker),
                QStringLiteral("Check the port, and whether the broker runs."), true};
    return {ErrorCode::CannotConnect, QStringLiteral("No connection to %1: %2").arg(reason.broker, reason.text),
            QStringLiteral("Check the address and security.protocol, and whether the broker runs."), true};
}

} // namespace

void ConnectionWatch::note(Gravity gravity, Error error)
{
    const auto now = Clock::now();
    if (gravity < m_gravity && now - m_failed < Memory)
        return;
    m_gravity = gravity;
    m_error = std::move(error);
    m_failed = now;
}

void ConnectionWatch::noteError(rd_kafka_resp_err_t code, const QString &reasonText)
{
    const Reason reason = parseReason(reasonText);
    const std::lock_guard lock(m_mutex);
    switch (code) {
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN: m_givenUp = Clock::now(); break;
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
        m_givenUp = Clock::now();
        if (reasonText.contains(u"Failed to acquire SASL OAUTHBEARER token")) // noteTokenFailure() knows more
            break;
        note(Gravity::Login, loginError(reason));
        break;
    case RD_KAFKA_RESP_ERR__SSL:
        note(Gravity::Certificate, certificateError(m_x509Error, reason));
        m_x509Error = 0;
        break;
    case RD_KAFKA_RESP_ERR__RESOLVE:
        note(Gravity::Resolve, {ErrorCode::CannotConnect, QStringLiteral("The host of %1 is not known.").arg(reason.broker),
                                QStringLiteral("Check the host name: %1").arg(reason.text), true});
        break;
    case RD_KAFKA_RESP_ERR__TRANSPORT: note(Gravity::Transport, transportError(reason)); break;
    default: break;
    }
}

void ConnectionWatch::noteCertificate(int x509Error)
{
    const std::lock_guard lock(m_mutex);
    m_x509Error = x509Error;
}

void ConnectionWatch::noteTokenFailure(const Error &error)
{
    const std::lock_guard lock(m_mutex);
    m_givenUp = Clock::now();
    note(Gravity::Login, error);
}

std::optional<Error> ConnectionWatch::failure(Clock::time_point since) const
{
    const std::lock_guard lock(m_mutex);
    if (m_gravity == Gravity::None || m_failed < since)
        return std::nullopt;
    return m_error;
}

bool ConnectionWatch::hasGivenUp(Clock::time_point since) const
{
    const std::lock_guard lock(m_mutex);
    return m_givenUp != Clock::time_point() && m_givenUp >= since;
}

} // namespace connectors::kafka
