// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/dead_letter_headers.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

namespace connectors::kafka {

namespace {

/// The names a family uses; empty where it does not tell.
struct Family {
    const char *name;
    bool isFirstNewest = false;
    std::string_view topic;
    std::string_view partition;
    std::string_view offset;
    std::string_view consumer;
    std::string_view reason;
    std::string_view exceptionClass;
    std::string_view wrappedClass; ///< of the cause, where the exception itself is only the framework's wrapper
    std::string_view stage;
    std::string_view stackTrace;
    std::string_view attempts;
};

constexpr std::array<Family, 6> Families{{
    {.name = "Kafka Connect", .topic = "__connect.errors.topic", .partition = "__connect.errors.partition", .offset = "__connect.errors.offset",
     .consumer = "__connect.errors.connector.name", .reason = "__connect.errors.exception.message", .exceptionClass = "__connect.errors.exception.class.name",
     .wrappedClass = {}, .stage = "__connect.errors.stage", .stackTrace = "__connect.errors.exception.stacktrace", .attempts = {}},
    {.name = "Kafka Streams", .topic = "__streams.errors.topic", .partition = "__streams.errors.partition", .offset = "__streams.errors.offset", .consumer = {},
     .reason = "__streams.errors.message", .exceptionClass = "__streams.errors.exception", .wrappedClass = {}, .stage = {},
     .stackTrace = "__streams.errors.stacktrace", .attempts = {}},
    {.name = "Kafka share group", .topic = "__dlq.errors.topic", .partition = "__dlq.errors.partition", .offset = "__dlq.errors.offset",
     .consumer = "__dlq.errors.group", .reason = "__dlq.errors.message", .exceptionClass = {}, .wrappedClass = {}, .stage = {}, .stackTrace = {},
     .attempts = "__dlq.errors.delivery.count"},
    {.name = "Spring Kafka", .topic = "kafka_dlt-original-topic", .partition = "kafka_dlt-original-partition", .offset = "kafka_dlt-original-offset",
     .consumer = "kafka_dlt-original-consumer-group", .reason = "kafka_dlt-exception-message", .exceptionClass = "kafka_dlt-exception-fqcn",
     .wrappedClass = "kafka_dlt-exception-cause-fqcn", .stage = {}, .stackTrace = "kafka_dlt-exception-stacktrace", .attempts = "retry_topic-attempts"},
    {.name = "Spring Cloud Stream", .topic = "x-original-topic", .partition = "x-original-partition", .offset = "x-original-offset", .consumer = {},
     .reason = "x-exception-message", .exceptionClass = "x-exception-fqcn", .wrappedClass = {}, .stage = {}, .stackTrace = "x-exception-stacktrace", .attempts = {}},
    {.name = "SmallRye", .isFirstNewest = true, .topic = "dead-letter-topic", .partition = "dead-letter-partition", .offset = "dead-letter-offset", .consumer = {},
     .reason = "dead-letter-reason", .exceptionClass = "dead-letter-exception-class-name", .wrappedClass = {}, .stage = {}, .stackTrace = {}, .attempts = {}},
}};

/// Connect's sink tasks read with this consumer group unless told otherwise.
constexpr auto ConnectGroupPrefix = "connect-";

class FamilyReader final
{
public:
    FamilyReader(const std::vector<Header> &headers, const Family &family)
        : m_headers(headers)
        , m_family(family)
    {
    }

    [[nodiscard]] std::optional<std::string_view> value(std::string_view name) const
    {
        if (name.empty())
            return std::nullopt;
        const auto isNamed = [name](const Header &header) { return header.name == name && !header.isNull; };
        if (m_family.isFirstNewest) {
            const auto found = std::find_if(m_headers.cbegin(), m_headers.cend(), isNamed);
            return found == m_headers.cend() ? std::nullopt : std::optional(found->value);
        }
        const auto found = std::find_if(m_headers.crbegin(), m_headers.crend(), isNamed);
        return found == m_headers.crend() ? std::nullopt : std::optional(found->value);
    }

    [[nodiscard]] QString text(std::string_view name) const
    {
        const auto found = value(name);
        return found ? QString::fromUtf8(found->data(), static_cast<qsizetype>(found->size())) : QString();
    }

    [[nodiscard]] std::optional<qint64> number(std::string_view name) const
    {
        const auto found = value(name);
        return found ? headerNumber(*found) : std::nullopt;
    }

    [[nodiscard]] bool isRecognised() const { return value(m_family.topic) || value(m_family.reason) || value(m_family.exceptionClass); }

private:
    const std::vector<Header> &m_headers;
    const Family &m_family;
};

void fill(const FamilyReader &reader, const Family &family, DeadLetter *letter)
{
    letter->headerFamily = QString::fromUtf8(family.name);
    letter->originalStream = reader.text(family.topic);
    const auto partition = reader.number(family.partition);
    const auto offset = reader.number(family.offset);
    if (!letter->originalStream.isEmpty() && partition && offset && *partition >= 0 && *partition <= std::numeric_limits<int>::max() && *offset >= 0)
        letter->original = EventAddress{letter->originalStream, static_cast<int>(*partition), *offset};
    letter->consumer = reader.text(family.consumer);
    if (letter->headerFamily == u"Kafka Connect" && !letter->consumer.isEmpty())
        letter->consumer.prepend(QString::fromUtf8(ConnectGroupPrefix));
    letter->reason = reader.text(family.reason);
    letter->exceptionClass = reader.text(family.wrappedClass);
    if (letter->exceptionClass.isEmpty())
        letter->exceptionClass = reader.text(family.exceptionClass);
    letter->stage = reader.text(family.stage);
    letter->stackTrace = reader.text(family.stackTrace);
    letter->attempts = reader.number(family.attempts);
}

} // namespace

std::optional<qint64> headerNumber(std::string_view value)
{
    const QByteArray bytes(value.data(), static_cast<qsizetype>(value.size()));
    bool isDecimal = false;
    // Digits first: as a big-endian integer they would be a number that no partition, offset or count reaches.
    if (const qint64 decimal = bytes.toLongLong(&isDecimal); isDecimal)
        return decimal;
    if (value.size() != 1 && value.size() != 2 && value.size() != 4 && value.size() != 8)
        return std::nullopt;
    const bool isNegative = (static_cast<unsigned char>(value.front()) & 0x80U) != 0;
    quint64 number = isNegative ? ~quint64(0) : 0;
    for (const char byte : value)
        number = (number << 8U) | static_cast<unsigned char>(byte);
    return static_cast<qint64>(number);
}

bool readDeadLetterHeaders(const std::vector<Header> &headers, DeadLetter *letter)
{
    for (const Family &family : Families) {
        const FamilyReader reader(headers, family);
        if (!reader.isRecognised())
            continue;
        fill(reader, family, letter);
        return true;
    }
    return false;
}

bool isDeadLetterName(const QString &topic)
{
    static const QRegularExpression retry(QStringLiteral("[._-]retry([._-][0-9]+)?$"), QRegularExpression::CaseInsensitiveOption);
    // Whole words. "error" only as the first or the last one: shop.error.rates are events about errors.
    static const QRegularExpression letter(QStringLiteral("(^|[._-])(dlq|dlt|dead[._-]?letters?)([._-]|$)|^errors?[._-]|(^|[._-])errors?$"),
                                           QRegularExpression::CaseInsensitiveOption);
    return topic.contains(letter) && !topic.contains(retry);
}

} // namespace connectors::kafka
