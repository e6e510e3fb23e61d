// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/postgres/options.h"
#include "connectors/postgres/parameters.h"
#include "connectors/postgres/postgres_error.h"
#include "connectors/postgres/rows.h"

#include <chrono>
#include <functional>
#include <optional>

struct pg_conn;

namespace connectors::postgres {

/// One connection to a PostgreSQL server, used by one thread at a time. Whatever goes wrong is thrown: SqlError where the server
/// refused a statement, ThrownError else; both name the database and the server. Every wait can be ended by the cancelled check.
class Database final
{
public:
    enum class Access {
        Look, ///< read-only transactions, and no statement may take longer than LookTimeout
        Write ///< no time-out for statements, but one for other transactions' locks
    };
    using CancelledCheck = std::function<bool()>;
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds ConnectTimeout{10};
    static constexpr std::chrono::seconds LookTimeout{60};
    static constexpr std::chrono::seconds LockTimeout{10};

    /// Connects and logs in. For `isCancelled` see setCancelledCheck().
    Database(const Options &options, Access access, CancelledCheck isCancelled = {});
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// One statement, with its values.
    Rows query(const QByteArray &sql, const Parameters &parameters = {});
    /// Any number of statements without values, separated by semicolons: one transaction, unless one of them ends it.
    void execute(const QByteArray &sql);

    /// Asked on this thread, every 50 ms of waiting; then the server is asked to end the statement, which fails with Cancelled. To
    /// cancel from another thread let it look at a stop token. Null: never.
    void setCancelledCheck(CancelledCheck isCancelled);

    /// From now on the server tells what is sent to this channel.
    void listen(const QString &channel);
    /// Waits until something was sent since the last call, or for so long; false where nothing came, or on cancellation.
    [[nodiscard]] bool waitForNotification(std::chrono::milliseconds longest);

    /// False once the connection is lost: nothing but making another Database helps then.
    [[nodiscard]] bool isUsable() const { return m_isUsable; }
    [[nodiscard]] const QString &place() const { return m_place; }
    [[nodiscard]] int serverVersion() const; ///< 150004 is 15.4
    [[nodiscard]] QString serverVersionText() const;
    [[nodiscard]] QString userName() const;

private:
    friend class CopyIn;
    friend class CopyOut;
    friend class Transaction;
    void connect(const Options &options);
    void prepareSession(Access access);
    /// Until the socket can be read (or written), for at most 50 ms. Fails with Cancelled or TimedOut where it is time.
    void await(bool isForWriting);
    void flush();
    void startStatement(int wasSent);
    [[nodiscard]] pg_result *nextResult();
    /// The last of the answers to what was sent; throws the first that is an error, after all have been read.
    Rows collect();
    /// As far as the first line; `expected` is libpq's ExecStatusType.
    void startCopy(const QByteArray &sql, int expected);
    void abandon(); ///< asks the server to end the statement under way, and waits a second at most for that
    void drain(Clock::time_point end); ///< reads what is left of the answer; not usable any more where that takes longer
    void rollBack() noexcept;
    [[noreturn]] void failLost();
    [[noreturn]] void failWith(const pg_result *result);

    const QString m_place;
    pg_conn *m_handle = nullptr;
    bool m_isUsable = false;
    CancelledCheck m_isCancelled;
    std::optional<std::chrono::milliseconds> m_patience; ///< with one statement; none: as long as the peer lives
    std::optional<Clock::time_point> m_deadline;         ///< of what is under way
};

} // namespace connectors::postgres
