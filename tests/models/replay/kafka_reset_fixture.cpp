// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/models/replay/kafka_reset_fixture.h"

#include "models/replay/reset_planner.h"
#include "models/replay/undo_planner.h"

namespace tests {

using namespace connectors;
using namespace models::replay;

QString textOf(const Positions &positions)
{
    QStringList texts;
    for (const auto &[id, position] : positions)
        texts.append(QStringLiteral("%1:%2 %3").arg(id.partition).arg(position.first).arg(QString::fromUtf8(position.second)).trimmed());
    return texts.join(QStringLiteral(", "));
}

KafkaResetFixture::KafkaResetFixture(const QString &bootstrap)
    : m_topic(uniqueName(QStringLiteral("reset")))
    , m_spec(kafkaSpec(bootstrap))
    , m_groups(std::make_unique<KafkaGroups>(bootstrap))
    , m_journal(std::move(*models::journal::Journal::open(journalPath())))
{
    KafkaProducer producer(bootstrap);
    producer.createTopic(m_topic, Partitions);
    std::vector<TestRecord> records;
    for (int p = 0; p < Partitions; ++p)
        records.insert(records.end(), static_cast<size_t>(End), TestRecord{p, "k", "v", {}, 0});
    producer.write(m_topic, records);
    producer.deleteRecordsBefore(m_topic, 0, StartOfFirst);
}

Connector &KafkaResetFixture::connector()
{
    if (!m_connector)
        m_connector = *m_factory.open(m_spec);
    return *m_connector;
}

QString KafkaResetFixture::group(const std::vector<qint64> &offsets)
{
    std::vector<TestCommit> commits;
    for (size_t p = 0; p < offsets.size(); ++p) {
        if (offsets[p] >= 0)
            commits.push_back({{m_topic, static_cast<int>(p)}, offsets[p], p % 2 == 0 ? QByteArray("by the test") : QByteArray()});
    }
    const QString name = uniqueName(QStringLiteral("group"));
    m_groups->commit({{name, commits}});
    return name;
}

ResetRequest KafkaResetFixture::request(const QString &group, ResetTarget target) const
{
    ResetRequest request;
    request.consumer = group;
    request.streams = {m_topic};
    request.target = std::move(target);
    return request;
}

Result<Plan> KafkaResetFixture::plan(const ResetRequest &request)
{
    return planReset(connector(), m_spec, request, {});
}

Result<Plan> KafkaResetFixture::undoPlan(const QString &journalId)
{
    const auto record = m_journal->find(journalId);
    if (!record)
        return tl::unexpected(record.error());
    return planUndo(connector(), m_spec, *record, false, {});
}

Result<RunOutcome> KafkaResetFixture::apply(const Plan &plan, const RunOptions &options, bool isSkippingRefused)
{
    Machine one = machine();
    const auto id = one.store(plan);
    if (!id)
        return tl::unexpected(id.error());
    return one.apply(*id, approve(plan, requiredConfirmation(plan, options.form), QStringLiteral("a test"), isSkippingRefused), options, {});
}

Result<RunOutcome> KafkaResetFixture::reset(const QString &group, ResetTarget target)
{
    const auto made = plan(request(group, std::move(target)));
    return made ? apply(*made) : Result<RunOutcome>(tl::unexpected(made.error()));
}

Result<RunOutcome> KafkaResetFixture::undo(const QString &journalId)
{
    const auto made = undoPlan(journalId);
    return made ? apply(*made) : Result<RunOutcome>(tl::unexpected(made.error()));
}

} // namespace tests
