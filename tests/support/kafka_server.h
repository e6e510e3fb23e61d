// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "tests/support/require_server.h"

#include <QByteArray>
#include <QHash>
#include <QStringList>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#define REQUIRE_KAFKA() REQUIRE_SERVER(!tests::kafkaBootstrap().isEmpty(), "STREAMGAUGE_TEST_KAFKA")
#define REQUIRE_SECURE_KAFKA() REQUIRE_SERVER(!tests::secureKafka().isEmpty(), "STREAMGAUGE_TEST_KAFKA_SECURE_STATE")

namespace tests {

/// host:port of the plain listener; empty where there is none.
[[nodiscard]] QString kafkaBootstrap();
/// What `tests/servers/kafka start --secure` printed: bootstrap, ssl, sasl_plaintext, sasl_ssl, ca, …; empty where there is none.
[[nodiscard]] QHash<QString, QString> secureKafka();
/// Runs `tests/servers/kafka` with these arguments and gives its standard output; null where it failed.
[[nodiscard]] std::optional<QByteArray> runKafkaScript(const QStringList &arguments);

/// A Kafka of its own that nobody has used, stopped with the object. qFatal where it cannot be started.
class FreshKafka final
{
public:
    /// With several, the second and further ones are in folder()/node2, folder()/node3 …
    explicit FreshKafka(int brokers = 1);
    ~FreshKafka();
    Q_DISABLE_COPY_MOVE(FreshKafka)
    [[nodiscard]] const QString &bootstrap() const { return m_bootstrap; }
    [[nodiscard]] const QString &folder() const { return m_folder; }

private:
    QString m_bootstrap;
    QString m_folder;
};

[[nodiscard]] connectors::ConnectionSpec kafkaSpec(const QString &hosts, const QMap<QString, QString> &properties = {}, const QString &userName = {});
/// A name that no other test and no other run uses.
[[nodiscard]] QString uniqueName(const QString &prefix);

struct TestRecord {
    int partition = 0;
    std::optional<QByteArray> key;
    std::optional<QByteArray> value;
    std::vector<std::pair<QByteArray, std::optional<QByteArray>>> headers;
    qint64 timestamp = 0; ///< ms; 0: now
};

/// Changes a real Kafka as an application would: makes topics and writes records. Every failure is a qFatal.
class KafkaProducer final
{
public:
    /// `transactionalId` makes a transactional one; begin() and end() then enclose what is written.
    explicit KafkaProducer(const QString &bootstrap, const QString &transactionalId = {});
    ~KafkaProducer();
    Q_DISABLE_COPY_MOVE(KafkaProducer)

    void createTopic(const QString &topic, int partitions = 1, const QMap<QString, QString> &config = {});
    void deleteTopic(const QString &topic);
    void addPartitions(const QString &topic, int total);
    /// The topic keeps no other setting of its own.
    void setTopicConfig(const QString &topic, const QString &name, const QString &value);
    void deleteRecordsBefore(const QString &topic, int partition, qint64 offset);
    /// All are stored when it returns.
    void write(const QString &topic, const std::vector<TestRecord> &records);
    void begin();
    void end(bool isCommitted);

private:
    struct State;
    const std::unique_ptr<State> m_state;
};

} // namespace tests
