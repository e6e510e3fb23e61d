// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/change_run.h"
#include "app/ctl/commands.h"
#include "models/event/position_text.h"

#include <QDateTime>
#include <QSaveFile>

namespace ctl {

namespace {

using namespace connectors;
using models::replay::ResetRequest;

class ResetCommand final : public Command
{
public:
    const char *name() const override { return "reset"; }
    const char *summary() const override { return "Plan where a consumer goes on; with --execute, apply that plan"; }
    bool isChanging() const override { return m_change.isExecuted; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("connection", m_connection, "Saved connection's name or URL");
        arguments.positional("group", m_group, "The consumer");
        arguments.repeated("--stream", m_streams, "This stream (may be repeated)");
        arguments.flag("--all-streams", m_isAllStreams, "Every stream in which it has a checkpoint or a member");
        arguments.repeated("--partition", m_partitions, "Only this partition (may be repeated)");
        arguments.option("--to", m_to, "earliest, latest, a position, a time or -30m");
        arguments.option("--shift", m_shift, "Every checkpoint by so many positions, back where negative");
        arguments.option("--from-file", m_csvPath, "A file with Kafka's own lines: topic,partition,offset");
        arguments.option("--plan", m_planPath, "Write the plan to this file too");
        arguments.exclusive({"--to", "--shift", "--from-file"});
        arguments.exclusive({"--stream", "--all-streams"});
        declareChange(arguments, m_change, true);
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        const Result<ResetRequest> request = makeRequest();
        if (!request)
            return out.fail(request.error());
        const auto connection = context.open(m_connection);
        if (!connection)
            return out.fail(connection.error());
        const auto stored = models::replay::planResetAndStore(context.factory(), models::journal::Journal::defaultPath(), connection->spec, *request,
                                                              m_csvPath, context.stopToken());
        if (!stored)
            return out.fail(stored.error());
        if (const Result<void> written = writePlan(stored->plan); !written)
            return out.fail(written.error());
        return finishChange(context, *stored, m_change);
    }

private:
    Result<ResetRequest> makeRequest() const
    {
        ResetRequest request;
        request.consumer = m_group;
        request.streams.assign(m_streams.cbegin(), m_streams.cend());
        request.isAllStreams = m_isAllStreams;
        request.partitions = m_partitions;
        if (!m_to.isEmpty()) {
            const auto position = models::event::parsePosition(m_to, QDateTime::currentMSecsSinceEpoch());
            if (!position)
                return tl::unexpected(position.error());
            request.target = *position;
            request.text = m_to;
        } else if (!m_shift.isEmpty()) {
            bool isNumber = false;
            const qint64 by = m_shift.toLongLong(&isNumber);
            if (!isNumber)
                return failure(ErrorCode::InvalidInput, QStringLiteral("--shift: “%1” is not a whole number.").arg(m_shift.left(40)));
            request.target = models::replay::ShiftBy{by};
            request.text = QStringLiteral("shift ") + m_shift;
        } else if (!m_csvPath.isEmpty()) {
            request.target = std::vector<models::replay::CheckpointLine>();
            request.text = QStringLiteral("from file ") + m_csvPath;
        } else {
            return failure(ErrorCode::InvalidInput, QStringLiteral("Where to: one of --to, --shift and --from-file is needed."));
        }
        if (m_csvPath.isEmpty() && m_streams.isEmpty() && !m_isAllStreams)
            return failure(ErrorCode::InvalidInput, QStringLiteral("Which streams: --stream or --all-streams is needed."));
        return request;
    }

    Result<void> writePlan(const models::replay::Plan &plan) const
    {
        if (m_planPath.isEmpty())
            return {};
        QSaveFile file(m_planPath);
        const QByteArray bytes = models::replay::toPlanFile(plan);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
            return failure(ErrorCode::StorageFailed, QStringLiteral("The plan could not be written to %1: %2.").arg(m_planPath, file.errorString()),
                           QStringLiteral("Nothing was changed. Name a file in a folder that exists and can be written."));
        return {};
    }

    QString m_connection;
    QString m_group;
    QStringList m_streams;
    bool m_isAllStreams = false;
    std::vector<int> m_partitions;
    QString m_to;
    QString m_shift;
    QString m_csvPath;
    QString m_planPath;
    ChangeOptions m_change;
};

} // namespace

std::unique_ptr<Command> makeResetCommand()
{
    return std::make_unique<ResetCommand>();
}

} // namespace ctl
