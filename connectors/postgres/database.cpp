// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/postgres/database.h"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <future>
#include <memory>
#include <new>
#include <thread>
#include <tuple>
#include <utility>

#include <poll.h>

namespace connectors::postgres {

namespace {

constexpr int SliceMs = 50; ///< how often the cancelled check is asked
constexpr std::chrono::seconds AnswerAfterTimeout{10}; ///< the server ends a statement by itself before
constexpr std::chrono::seconds AbandonTime{1};

QString textOf(const char *text)
{
    return QString::fromUtf8(text ? text : "").trimmed();
}

/// libpq's own failures have no state. These are what is said where the memory does not suffice for an answer; where it is too
/// little for one row, libpq gives the connection up as well.
bool isOutOfMemory(const QString &message)
{
    return message.contains(u"out of memory") || message.contains(u"memory exhausted") || message.contains(u"insufficient memory")
        || message.contains(u"cannot allocate memory");
}

/// Not on the thread that waits: it connects to the server once more, which may take as long as it likes. Ready when the server
/// has passed it on; the thread ends by itself.
std::future<void> requestCancel(PGconn *connection)
{
    auto hasArrived = std::make_shared<std::promise<void>>();
    std::future<void> future = hasArrived->get_future();
    PGcancel *cancel = PQgetCancel(connection);
    std::thread([cancel, hasArrived] {
        std::array<char, 256> message{};
        if (cancel)
            PQcancel(cancel, message.data(), static_cast<int>(message.size()));
        PQfreeCancel(cancel);
        hasArrived->set_value();
    }).detach();
    return future;
}

/// What the server sends before it has heard that nobody wants it.
void dropCopiedRows(PGconn *connection, std::chrono::steady_clock::time_point end)
{
    char *bytes = nullptr;
    int length = 0;
    while ((length = PQgetCopyData(connection, &bytes, 1)) >= 0 && std::chrono::steady_clock::now() < end) {
        if (length > 0) {
            PQfreemem(bytes);
            continue;
        }
        pollfd socket{PQsocket(connection), POLLIN, 0};
        poll(&socket, 1, SliceMs);
        if (PQconsumeInput(connection) == 0)
            return;
    }
}

} // namespace

Database::Database(const Options &options, Access access, CancelledCheck isCancelled)
    : m_place(options.place)
    , m_isCancelled(std::move(isCancelled))
{
    try {
        connect(options);
        prepareSession(access);
    } catch (...) {
        PQfinish(m_handle);
        throw;
    }
}

Database::~Database()
{
    PQfinish(m_handle);
}

void Database::connect(const Options &options)
{
    std::vector<const char *> names;
    std::vector<const char *> values;
    for (const auto &[name, value] : options.parameters) {
        names.push_back(name.constData());
        values.push_back(value.constData());
    }
    names.push_back(nullptr);
    values.push_back(nullptr);
    m_handle = PQconnectStartParams(names.data(), values.data(), 0);
    if (!m_handle)
        throw std::bad_alloc();
    PQsetErrorVerbosity(m_handle, PQERRORS_VERBOSE);
    m_deadline = Clock::now() + ConnectTimeout;
    PostgresPollingStatusType status = PQstatus(m_handle) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (status != PGRES_POLLING_OK) {
        if (status == PGRES_POLLING_FAILED)
            throw ThrownError{connectionError(textOf(PQerrorMessage(m_handle)), m_place)};
        if (Clock::now() > *m_deadline)
            fail(ErrorCode::CannotConnect, QStringLiteral("%1 did not answer within %2 s.").arg(m_place).arg(ConnectTimeout.count()),
                 QStringLiteral("Check the address, and whether the server runs."), true);
        await(status == PGRES_POLLING_WRITING);
        status = PQconnectPoll(m_handle);
    }
    m_deadline.reset();
    PQsetErrorVerbosity(m_handle, PQERRORS_DEFAULT);
    PQsetNoticeProcessor(m_handle, [](void *, const char *) {}, nullptr);
    PQsetnonblocking(m_handle, 1);
    m_isUsable = true;
}

void Database::prepareSession(Access access)
{
    const auto milliseconds = [](std::chrono::milliseconds time) { return QByteArray::number(static_cast<qint64>(time.count())); };
    QByteArray settings = "SET idle_in_transaction_session_timeout = 120000; SET jit = off;";
    if (access == Access::Look) {
        settings += " SET default_transaction_read_only = on; SET max_parallel_workers_per_gather = 0; SET statement_timeout = " + milliseconds(LookTimeout);
        m_patience = LookTimeout + AnswerAfterTimeout;
    } else {
        settings += " SET lock_timeout = " + milliseconds(LockTimeout);
    }
    execute(settings);
    try {
        execute("SET client_connection_check_interval = 2000"); // what we no longer wait for ends soon, even where we have crashed
    } catch (const SqlError &) {
        // From PostgreSQL 14 on, and not on every system.
    }
}

void Database::setCancelledCheck(CancelledCheck isCancelled)
{
    m_isCancelled = std::move(isCancelled);
}

int Database::serverVersion() const
{
    return PQserverVersion(m_handle);
}

QString Database::serverVersionText() const
{
    return textOf(PQparameterStatus(m_handle, "server_version"));
}

QString Database::userName() const
{
    return textOf(PQuser(m_handle));
}

void Database::await(bool isForWriting)
{
    if (m_isCancelled && m_isCancelled()) {
        if (m_isUsable)
            abandon();
        fail(ErrorCode::Cancelled, QStringLiteral("The question to %1 was cancelled.").arg(m_place));
    }
    if (m_isUsable && m_deadline && Clock::now() > *m_deadline) {
        abandon();
        fail(ErrorCode::TimedOut, QStringLiteral("%1 did not answer in time.").arg(m_place), QStringLiteral("Try again; the server may be busy or out of reach."), true);
    }
    pollfd socket{PQsocket(m_handle), static_cast<short>(isForWriting ? POLLOUT | POLLIN : POLLIN), 0};
    poll(&socket, 1, SliceMs);
}

void Database::flush()
{
    while (true) {
        const int left = PQflush(m_handle);
        if (left < 0)
            failLost();
        if (left == 0)
            return;
        await(true);
        // The server may wait for us to take what it has said before it takes more.
        if (PQconsumeInput(m_handle) == 0)
            failLost();
    }
}

void Database::startStatement(int wasSent)
{
    if (wasSent == 0)
        failLost();
    m_deadline = m_patience ? std::optional(Clock::now() + *m_patience) : std::nullopt;
    flush();
}

PGresult *Database::nextResult()
{
    while (PQisBusy(m_handle) != 0) {
        await(false);
        if (PQconsumeInput(m_handle) == 0)
            failLost();
    }
    return PQgetResult(m_handle);
}

Rows Database::collect()
{
    Rows rows;
    std::unique_ptr<PGresult, decltype(&PQclear)> failed(nullptr, PQclear);
    while (PGresult *result = nextResult()) {
        const ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
            rows = Rows(result);
            continue;
        }
        if (failed)
            PQclear(result);
        else
            failed.reset(result);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH || PQstatus(m_handle) == CONNECTION_BAD)
            break; // no end would come
    }
    m_deadline.reset();
    if (failed)
        failWith(failed.get());
    return rows;
}

Rows Database::query(const QByteArray &sql, const Parameters &parameters)
{
    const std::vector<const char *> values = parameters.pointers();
    startStatement(PQsendQueryParams(m_handle, sql.constData(), parameters.count(), nullptr, values.data(), nullptr, nullptr, 0));
    return collect();
}

void Database::execute(const QByteArray &sql)
{
    startStatement(PQsendQuery(m_handle, sql.constData()));
    std::ignore = collect();
}

void Database::startCopy(const QByteArray &sql, int expected)
{
    startStatement(PQsendQuery(m_handle, sql.constData()));
    m_deadline.reset(); // it takes as long as there is something to copy
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(nextResult(), PQclear);
    if (static_cast<int>(PQresultStatus(result.get())) == expected)
        return;
    if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR)
        std::ignore = collect(); // up to its end
    else
        m_isUsable = false;
    failWith(result.get());
}

void Database::abandon()
{
    const Clock::time_point end = Clock::now() + AbandonTime;
    const std::future<void> cancelled = requestCancel(m_handle);
    drain(end);
    // One that is still on its way would end the next statement.
    if (cancelled.wait_until(end) != std::future_status::ready)
        m_isUsable = false;
}

void Database::drain(Clock::time_point end)
{
    m_deadline.reset();
    // Not by collect(), which would ask again whether it is cancelled.
    while (Clock::now() < end && PQconsumeInput(m_handle) != 0) {
        if (PQisBusy(m_handle) != 0) {
            pollfd socket{PQsocket(m_handle), POLLIN, 0};
            PQflush(m_handle);
            poll(&socket, 1, SliceMs);
            continue;
        }
        const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQgetResult(m_handle), PQclear);
        if (!result)
            return;
        if (PQresultStatus(result.get()) == PGRES_COPY_OUT)
            dropCopiedRows(m_handle, end);
        else if (PQresultStatus(result.get()) == PGRES_COPY_IN)
            break;
    }
    m_isUsable = false;
}

void Database::rollBack() noexcept
{
    if (!m_isUsable)
        return;
    const CancelledCheck isCancelled = std::exchange(m_isCancelled, {});
    const auto patience = std::exchange(m_patience, AnswerAfterTimeout);
    try {
        execute("ROLLBACK");
    } catch (...) {
        m_isUsable = false; // the server rolls back what it hears no more of
    }
    m_patience = patience;
    m_isCancelled = isCancelled;
}

void Database::listen(const QString &channel)
{
    execute("LISTEN " + quotedName(channel));
}

bool Database::waitForNotification(std::chrono::milliseconds longest)
{
    const Clock::time_point end = Clock::now() + longest;
    while (true) {
        if (PQconsumeInput(m_handle) == 0)
            failLost();
        bool hasCome = false;
        while (PGnotify *notification = PQnotifies(m_handle)) {
            PQfreemem(notification);
            hasCome = true;
        }
        if (hasCome)
            return true;
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
        if (left.count() <= 0 || (m_isCancelled && m_isCancelled()))
            return false;
        pollfd socket{PQsocket(m_handle), POLLIN, 0};
        poll(&socket, 1, static_cast<int>(std::min<qint64>(SliceMs, left.count())));
    }
}

void Database::failLost()
{
    const QString why = textOf(PQerrorMessage(m_handle));
    const bool isLost = PQstatus(m_handle) == CONNECTION_BAD;
    m_deadline.reset();
    m_isUsable = m_isUsable && !isLost;
    if (isOutOfMemory(why))
        throw std::bad_alloc();
    const QString message = why.section(u'\n', 0, 0);
    if (!isLost)
        fail(ErrorCode::Internal, QStringLiteral("%1: %2").arg(m_place, message));
    // What the server said before it closed is more than that it did.
    while (PGresult *result = PQgetResult(m_handle)) {
        const QByteArray state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        const Error error = errorOf(state, textOf(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)), m_place);
        PQclear(result);
        if (!state.isEmpty())
            throw ThrownError{error};
    }
    fail(ErrorCode::CannotConnect, QStringLiteral("The connection to %1 was lost: %2").arg(m_place, message),
         QStringLiteral("Check whether the server runs, then try again."), true);
}

void Database::failWith(const PGresult *result)
{
    const QByteArray state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (state.isEmpty()) {
        const QString message = textOf(PQresultErrorMessage(result));
        if (isOutOfMemory(message)) {
            m_isUsable = PQstatus(m_handle) != CONNECTION_BAD;
            throw std::bad_alloc();
        }
        if (PQstatus(m_handle) == CONNECTION_BAD)
            failLost();
        fail(ErrorCode::Internal, QStringLiteral("%1: %2").arg(m_place, message.isEmpty() ? QStringLiteral("an answer that was not expected") : message));
    }
    m_isUsable = PQstatus(m_handle) != CONNECTION_BAD;
    throw SqlError(errorOf(state, textOf(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY)), m_place), state,
                   textOf(PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME)));
}

} // namespace connectors::postgres
