// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <mutex>
#include <optional>

namespace connectors::kafka {

/// Remembers why the connections of one handle failed, as its callbacks tell it, so that a question that nobody answered
/// can say the true cause. librdkafka itself retries for ever and answers such questions only with a time-out.
/// Thread-safe: certificates are judged on the library's threads.
class ConnectionWatch final
{
public:
    using Clock = std::chrono::steady_clock;

    /// From the error callback. `reason` starts with the broker's name.
    void noteError(rd_kafka_resp_err_t code, const QString &reason);
    /// An OpenSSL code (X509_V_ERR_…) of a broker's certificate.
    void noteCertificate(int x509Error);
    void noteTokenFailure(const Error &error);

    /// The gravest failure since `since`: a refused login before a certificate before an unknown host before a closed port.
    [[nodiscard]] std::optional<Error> failure(Clock::time_point since) const;
    /// Whether trying on makes no sense for now: every broker is down, or the login was refused.
    [[nodiscard]] bool hasGivenUp(Clock::time_point since) const;

private:
    enum class Gravity { None, Transport, Resolve, Certificate, Login };
    void note(Gravity gravity, Error error);

    mutable std::mutex m_mutex;
    Gravity m_gravity = Gravity::None;
    Error m_error;
    Clock::time_point m_failed;  ///< when m_error was last met
    Clock::time_point m_givenUp;
    int m_x509Error = 0;
};

} // namespace connectors::kafka
