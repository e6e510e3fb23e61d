// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/event_filter.h"

#include "connectors/query/condition.h"
#include "connectors/query/condition_words.h"
#include "connectors/query/decimal.h"
#include "connectors/query/event_functions.h"
#include "connectors/query/event_in_hand.h"
#include "connectors/query/event_table.h"
#include "connectors/query/json_functions.h"
#include "connectors/query/permissions.h"

#include <QDateTime>

#include <sqlite3.h>

namespace connectors::query {

namespace {

constexpr int OperationsBetweenChecks = 1000;
/// Of SQLite's machine, for one event: a second or so. A condition that takes longer never ends on this event.
constexpr qint64 MaxOperationsPerEvent = 50'000'000;

} // namespace

/// The connection and all that its functions point to. It never moves.
struct EventFilter::Engine {
    explicit Engine(Condition parsed)
        : condition(std::move(parsed))
        , negatives(condition.negativeNumbers())
    {
    }

    std::optional<ConditionError> open();
    std::optional<ConditionError> prepare();
    int run(std::stop_token stopToken);
    static int check(void *engine);

    struct Close {
        void operator()(sqlite3 *connection) const { sqlite3_close_v2(connection); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt *prepared) const { sqlite3_finalize(prepared); }
    };

    const EpochMs now = QDateTime::currentMSecsSinceEpoch();
    const Condition condition;
    const NegativeNumbers negatives;
    EventInHand event;
    PathUses paths;
    JsonFunctions jsonFunctions{&event, &paths, &negatives};
    std::stop_token stop;
    qsizetype checkedRow = -1; ///< the event that `operations` belongs to
    qint64 operations = 0;
    bool isRunaway = false;
    std::unique_ptr<sqlite3, Close> database;
    std::unique_ptr<sqlite3_stmt, Finalize> statement; ///< last: goes before the connection
};

std::optional<ConditionError> EventFilter::Engine::open()
{
    sqlite3 *handle = nullptr;
    const int result = sqlite3_open_v2(":memory:", &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX, nullptr);
    database.reset(handle);
    if (result != SQLITE_OK)
        return ConditionError{QStringLiteral("SQLite cannot start: %1.").arg(QString::fromUtf8(sqlite3_errstr(result))), {}, 0, 0};
    addEventTable(handle, &event);
    addEventFunctions(handle, &now);
    addJsonFunctions(handle, &jsonFunctions);
    // The tables come to life with their first use, which must be before the authorizer.
    sqlite3_exec(handle, "SELECT 1 FROM event, json_each('[]'), json_tree('[]') WHERE 0", nullptr, nullptr, nullptr);
    restrictToReading(handle);
    sqlite3_progress_handler(handle, OperationsBetweenChecks, check, this);
    return prepare();
}

std::optional<ConditionError> EventFilter::Engine::prepare()
{
    sqlite3_stmt *made = nullptr;
    const std::string &sql = condition.statement();
    const int result = sqlite3_prepare_v3(database.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    statement.reset(made);
    if (result != SQLITE_OK)
        return wordsOf(condition, QString::fromUtf8(sqlite3_errmsg(database.get())), sqlite3_error_offset(database.get()));
    // What does not depend on an event is computed before the first one: an error there is the condition's own.
    const EventBatch nothing;
    event.begin(nothing);
    const int dry = run({});
    event.end();
    if (dry != SQLITE_DONE)
        return wordsOf(condition, isRunaway ? QStringLiteral("it never ends") : QString::fromUtf8(sqlite3_errmsg(database.get())), -1);
    return std::nullopt;
}

int EventFilter::Engine::check(void *self)
{
    auto &engine = *static_cast<Engine *>(self);
    if (engine.stop.stop_requested())
        return 1;
    if (engine.checkedRow != engine.event.row()) {
        engine.checkedRow = engine.event.row();
        engine.operations = 0;
    }
    engine.operations += OperationsBetweenChecks;
    engine.isRunaway = engine.operations > MaxOperationsPerEvent;
    return engine.isRunaway ? 1 : 0;
}

/// From event.firstRow() to the end, or to an error.
int EventFilter::Engine::run(std::stop_token stopToken)
{
    stop = std::move(stopToken);
    checkedRow = -1;
    operations = 0;
    isRunaway = false;
    int result = SQLITE_ROW;
    while ((result = sqlite3_step(statement.get())) == SQLITE_ROW)
        event.setMatched();
    if (result != SQLITE_DONE && event.isValid() && event.hasBegun())
        event.setProblem(isRunaway ? QStringLiteral("The condition does not end on this event.") : QString::fromUtf8(sqlite3_errmsg(database.get())));
    sqlite3_reset(statement.get());
    return result;
}

EventFilter::EventFilter(std::unique_ptr<Engine> engine)
    : m_engine(std::move(engine))
{
}

EventFilter::~EventFilter() = default;

Result<std::unique_ptr<EventFilter>> EventFilter::compile(const QString &where)
{
    const auto refused = [](const ConditionError &error) {
        return failure(ErrorCode::InvalidInput, QStringLiteral("%1 (character %2 of the condition)").arg(error.message).arg(error.offset + 1), error.advice);
    };
    auto condition = Condition::parse(where);
    if (!condition)
        return refused(condition.error());
    auto engine = std::make_unique<Engine>(std::move(*condition));
    if (const auto error = engine->open())
        return refused(*error);
    return std::unique_ptr<EventFilter>(new EventFilter(std::move(engine)));
}

Result<FilterOutcome> EventFilter::apply(const EventBatch &batch, std::stop_token stop)
{
    EventInHand &event = m_engine->event;
    event.begin(batch);
    std::optional<Error> error;
    while (!error) {
        const int result = m_engine->run(stop);
        if (result == SQLITE_DONE)
            break;
        if (stop.stop_requested())
            error = Error{ErrorCode::Cancelled, QStringLiteral("Filtering was cancelled."), {}, false};
        else if (!event.hasBegun() || !event.isValid() || result == SQLITE_NOMEM)
            error = Error{ErrorCode::Internal, QStringLiteral("The condition could not be evaluated: %1.").arg(QString::fromUtf8(sqlite3_errstr(result))), {}, false};
        else
            event.setFirstRow(event.row() + 1); // the event in hand is the one that failed: go on after it
    }
    event.end();
    if (error)
        return tl::unexpected<Error>(std::move(*error));
    return event.takeOutcome();
}

QString EventFilter::warnings() const
{
    QStringList sentences;
    m_engine->paths.forEach([&sentences](const PathUse &use) {
        if (use.lookedUp > 0 && use.found == 0)
            sentences += QStringLiteral("“%1” was found in none of %2 events.").arg(QString::fromStdString(use.text)).arg(use.lookedUp);
    });
    for (const Condition::ComparedPath &compared : m_engine->condition.comparedPaths()) {
        const PathUse *use = m_engine->paths.find(compared.syntax, compared.path);
        if (use && use->texts > 0)
            sentences += QStringLiteral("“%1” is text in %2 of %3 events: compared with %4, text is always the greater.")
                             .arg(QString::fromStdString(compared.path))
                             .arg(use->texts)
                             .arg(use->lookedUp)
                             .arg(QString::fromStdString(compared.number));
    }
    return sentences.join(u' ');
}

Pushdown EventFilter::pushdown() const
{
    return pushdownOf(m_engine->condition, m_engine->now);
}

std::optional<ConditionError> checkCondition(const QString &where)
{
    auto condition = Condition::parse(where);
    if (!condition)
        return condition.error();
    return EventFilter::Engine(std::move(*condition)).open();
}

} // namespace connectors::query
