// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/kafka_error.h"

namespace connectors::kafka {

namespace {

struct Meaning {
    ErrorCode code = ErrorCode::Internal;
    const char *advice = "";
};

Meaning meaningOf(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__RESOLVE: return {ErrorCode::CannotConnect, "Check the host name."};
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__UNKNOWN_BROKER:
    case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE: return {ErrorCode::CannotConnect, "Check the address, and whether the broker runs."};
    case RD_KAFKA_RESP_ERR__SSL: return {ErrorCode::CannotConnect, "Check ssl.ca.location and the names in the broker's certificate."};
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED: return {ErrorCode::NotAuthenticated, "Check the user name and the password."};
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
    case RD_KAFKA_RESP_ERR_ILLEGAL_SASL_STATE: return {ErrorCode::NotAuthenticated, "Check sasl.mechanism and security.protocol."};
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
    case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT: return {ErrorCode::TimedOut, "Try again; the broker may be busy or out of reach."};
    case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED: return {ErrorCode::NotPermitted, "Ask for the ACLs Describe and Read on the topic."};
    case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED: return {ErrorCode::NotPermitted, "Ask for the ACL Describe on the consumer group (Read to change it)."};
    case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED: return {ErrorCode::NotPermitted, "Ask for the ACL Describe on the cluster."};
    case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED: return {ErrorCode::NotPermitted, "Ask for the ACL Describe on the transactional id."};
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
    case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION: return {ErrorCode::NotFound, "Check the topic's name."};
    case RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND:
    case RD_KAFKA_RESP_ERR__UNKNOWN_GROUP:
    case RD_KAFKA_RESP_ERR_INVALID_GROUP_ID: return {ErrorCode::NotFound, "Check the consumer group's name."};
    case RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE: return {ErrorCode::NotFound, "Retention may have removed it."};
    case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
    case RD_KAFKA_RESP_ERR_NON_EMPTY_GROUP: return {ErrorCode::Refused, "Stop the group's members first; the broker refuses while they run."};
    case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
    case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
    case RD_KAFKA_RESP_ERR__WAIT_COORD: return {ErrorCode::Incomplete, "The group's coordinator is moving or starting. Try again in a few seconds."};
    case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
    case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE:
    case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
    case RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT: return {ErrorCode::Incomplete, "A broker is down or partitions are moving. Try again."};
    case RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE:
    case RD_KAFKA_RESP_ERR_UNSUPPORTED_VERSION:
    case RD_KAFKA_RESP_ERR__NOT_IMPLEMENTED: return {ErrorCode::Unsupported, "This broker, or the library in use, cannot do it."};
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
    case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
    case RD_KAFKA_RESP_ERR_INVALID_REQUEST: return {ErrorCode::InvalidInput, ""};
    case RD_KAFKA_RESP_ERR__BAD_MSG:
    case RD_KAFKA_RESP_ERR__BAD_COMPRESSION:
    case RD_KAFKA_RESP_ERR_INVALID_MSG: return {ErrorCode::Unreadable, ""};
    case RD_KAFKA_RESP_ERR__DESTROY: return {ErrorCode::Cancelled, ""};
    default: return {ErrorCode::Internal, ""};
    }
}

bool canPass(ErrorCode code)
{
    return code == ErrorCode::CannotConnect || code == ErrorCode::TimedOut || code == ErrorCode::Incomplete;
}

} // namespace

Error kafkaError(rd_kafka_resp_err_t code, const QString &what, const QString &detail)
{
    const Meaning meaning = meaningOf(code);
    QString text = detail.isEmpty() ? QString::fromUtf8(rd_kafka_err2str(code)) : detail;
    if (!text.endsWith(u'.'))
        text += u'.';
    return {meaning.code, what + QStringLiteral(": ") + text, QString::fromUtf8(meaning.advice), canPass(meaning.code)};
}

Error kafkaError(rd_kafka_error_t *error, const QString &what)
{
    const std::unique_ptr<rd_kafka_error_t, decltype(&rd_kafka_error_destroy)> owned(error, rd_kafka_error_destroy);
    return kafkaError(rd_kafka_error_code(error), what, QString::fromUtf8(rd_kafka_error_string(error)));
}

bool isUnanswered(rd_kafka_resp_err_t code)
{
    switch (code) {
    case RD_KAFKA_RESP_ERR__TRANSPORT:
    case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
    case RD_KAFKA_RESP_ERR__RESOLVE:
    case RD_KAFKA_RESP_ERR__SSL:
    case RD_KAFKA_RESP_ERR__AUTHENTICATION:
    case RD_KAFKA_RESP_ERR__TIMED_OUT:
    case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
    case RD_KAFKA_RESP_ERR__WAIT_COORD: return true;
    default: return false;
    }
}

} // namespace connectors::kafka
