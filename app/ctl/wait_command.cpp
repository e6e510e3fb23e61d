// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/time_out.h"
#include "models/lag/consumer_lag.h"

#include <QDeadlineTimer>

namespace ctl {

namespace {

using namespace connectors;
using models::lag::LagState;

/// How many events are left, or null with the reason where that cannot be said.
struct Remaining {
    std::optional<qint64> lag;
    bool isUnknown = false; ///< could not be read, rather than certainly not caught up
    QString reason;
};

Remaining remainingOf(const models::lag::ConsumerLag &consumer)
{
    Remaining remaining;
    qint64 sum = 0;
    for (const auto &partition : consumer.partitions) {
        // A partition without any event needs no checkpoint.
        const bool isEmpty = partition.state == LagState::NeverStarted && partition.end && partition.start == partition.end;
        if (!partition.lag && !isEmpty) {
            remaining.isUnknown = partition.state == LagState::Unknown;
            remaining.reason = QStringLiteral("%1/%2 is %3").arg(partition.stream).arg(partition.partition).arg(models::lag::stateName(partition.state));
            return remaining;
        }
        sum += partition.lag.value_or(0);
    }
    if (consumer.partitions.empty()) {
        remaining.isUnknown = consumer.worst == LagState::Unknown;
        remaining.reason = QStringLiteral("it has no checkpoint");
        return remaining;
    }
    remaining.lag = sum;
    remaining.reason = QStringLiteral("its lag is %1").arg(sum);
    return remaining;
}

class WaitCommand final : public Command
{
public:
    const char *name() const override { return "wait"; }
    const char *summary() const override { return "Wait until a consumer's lag, over all its partitions, is at most N"; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("connection", m_connection, "Saved connection's name or URL");
        arguments.positional("group", m_group, "The consumer");
        arguments.option("--lag", m_lag, "The lag to wait for", Need::Required);
        arguments.option("--timeout", m_timeout, "How long to wait, e.g. 5m; status 1 after that", Need::Required);
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        const auto timeout = parseTimeout(m_timeout);
        if (!timeout)
            return out.fail(timeout.error());
        const QDeadlineTimer deadline(*timeout);
        const auto connection = context.open(m_connection);
        if (!connection)
            return out.fail(connection.error());
        ConsumerCatalog *catalog = connection->connector->consumerCatalog();
        if (!catalog)
            return out.fail({ErrorCode::Unsupported, connection->connector->whyNot(Ability::ConsumerCatalog), {}, false});
        Remaining remaining;
        do {
            const Result<Remaining> read = readRemaining(context, *catalog);
            if (!read && !read.error().isRetryable)
                return out.fail(read.error());
            remaining = read ? *read : Remaining{std::nullopt, true, read.error().message};
            if (remaining.lag && *remaining.lag <= m_lag)
                return ExitStatus::Done;
        } while (sleep(context, deadline));
        if (context.stopToken().stop_requested())
            return out.fail({ErrorCode::Cancelled, QStringLiteral("The command was interrupted."), {}, false});
        const QString message = QStringLiteral("The lag of “%1” did not come down to %2 within %3: %4.")
                                    .arg(m_group).arg(m_lag.value_or(0)).arg(m_timeout, remaining.reason);
        return out.fail({remaining.isUnknown ? ErrorCode::Incomplete : ErrorCode::Refused, message, {}, false});
    }

private:
    Result<Remaining> readRemaining(Context &context, ConsumerCatalog &catalog) const
    {
        ConsumerStateRequest request;
        request.consumers = {m_group};
        const auto states = context.wait(catalog.consumerStates(request, context.stopToken()));
        if (!states)
            return tl::unexpected(states.error());
        if (states->consumers.empty())
            return Remaining{std::nullopt, true, QStringLiteral("it could not be read")};
        return remainingOf(models::lag::consumerLag(states->consumers.front()));
    }

    /// False when the time is over or the command is to stop.
    static bool sleep(Context &context, const QDeadlineTimer &deadline)
    {
        constexpr qint64 PollMs = 1000; // gentle to the system; a script does not need it sooner
        std::mutex mutex;
        std::condition_variable_any changed;
        std::unique_lock lock(mutex);
        const qint64 ms = std::min(PollMs, deadline.remainingTime());
        changed.wait_for(lock, context.stopToken(), std::chrono::milliseconds(ms), [] { return false; });
        return !context.stopToken().stop_requested() && !deadline.hasExpired();
    }

    QString m_connection;
    QString m_group;
    QString m_timeout;
    std::optional<qint64> m_lag;
};

} // namespace

std::unique_ptr<Command> makeWaitCommand()
{
    return std::make_unique<WaitCommand>();
}

} // namespace ctl
