// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "models/lag/consumer_lag.h"

namespace ctl {

namespace {

using namespace connectors;
using models::lag::LagState;

/// A consumer that merely lags is at work; these are not.
bool isSick(LagState state)
{
    return state == LagState::NoMembers || state == LagState::CheckpointGone || state == LagState::AheadOfLog || state == LagState::DataLost;
}

struct Health {
    ExitStatus status = ExitStatus::Done;
    std::optional<qint64> consumers; ///< null where they could not be read
    std::vector<QString> problems;
};

/// How bad a status is: not reached is worse than not known, which is worse than sick, which is worse than well.
int rankOf(ExitStatus status)
{
    switch (status) {
    case ExitStatus::Done: return 0;
    case ExitStatus::NotSo: return 1;
    case ExitStatus::Incomplete: return 2;
    case ExitStatus::NoConnection: return 3;
    case ExitStatus::Usage: return 4;
    }
    return 4;
}

ExitStatus worse(ExitStatus a, ExitStatus b)
{
    return rankOf(a) >= rankOf(b) ? a : b;
}

void addStates(Health &health, const ConsumerStates &states)
{
    for (const Error &problem : states.problems) {
        health.problems.push_back(problem.message);
        health.status = worse(health.status, ExitStatus::Incomplete);
    }
    health.consumers = std::ssize(states.consumers);
    for (const ConsumerState &state : states.consumers) {
        const LagState worst = models::lag::consumerLag(state).worst;
        if (!isSick(worst) && worst != LagState::Unknown)
            continue;
        health.problems.push_back(QStringLiteral("%1 is %2").arg(state.summary.consumer, models::lag::stateName(worst)));
        health.status = worse(health.status, isSick(worst) ? ExitStatus::NotSo : ExitStatus::Incomplete);
    }
}

Health healthOf(Context &context, const QString &name)
{
    Health health;
    const auto failed = [&health](const Error &error) {
        health.problems.push_back(error.message);
        health.status = exitStatusOf(error.code);
        return health;
    };
    const auto connection = context.open(name);
    if (!connection)
        return failed(connection.error());
    ConsumerCatalog *catalog = connection->connector->consumerCatalog();
    if (!catalog)
        return health;
    ConsumerStateRequest request;
    request.withMembers = false;
    const auto states = context.wait(catalog->consumerStates(request, context.stopToken()));
    if (!states)
        return failed(states.error());
    addStates(health, *states);
    return health;
}

class HealthCommand final : public Command
{
public:
    const char *name() const override { return "health"; }
    const char *summary() const override { return "Say whether systems answer and no consumer is stopped or has lost data"; }

    void declare(Arguments &arguments) override
    {
        arguments.positionals("connection", m_connections, "Saved connections' names or URLs");
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        ExitStatus worst = ExitStatus::Done;
        JsonArray array;
        std::vector<QStringList> rows;
        for (const QString &name : std::as_const(m_connections)) {
            const Health health = healthOf(context, name);
            if (health.status == ExitStatus::Usage)
                return out.fail({ErrorCode::InvalidInput, health.problems.front(), {}, false});
            worst = worse(worst, health.status);
            JsonArray problems;
            for (const QString &problem : health.problems) {
                problems.add(problem);
                out.say(name + QStringLiteral(": ") + problem);
            }
            array.add(JsonObject().add("connection", name).add("healthy", health.status == ExitStatus::Done).add("consumers", health.consumers).add("problems", problems));
            rows.push_back({name, health.status == ExitStatus::Done ? QStringLiteral("healthy") : QStringLiteral("not healthy"),
                            health.consumers ? QString::number(*health.consumers) : QStringLiteral("–"), QString::number(health.problems.size())});
        }
        if (out.isJson())
            out.document(array);
        else
            out.table({QStringLiteral("CONNECTION"), QStringLiteral("HEALTH"), QStringLiteral("CONSUMERS"), QStringLiteral("PROBLEMS")}, rows,
                      {QStringLiteral("CONSUMERS"), QStringLiteral("PROBLEMS")});
        return worst;
    }

private:
    QStringList m_connections;
};

} // namespace

std::unique_ptr<Command> makeHealthCommand()
{
    return std::make_unique<HealthCommand>();
}

} // namespace ctl
