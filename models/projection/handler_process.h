// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/row_change.h"

#include <QProcess>

#include <chrono>
#include <deque>

namespace models::projection {

struct HandlerLimits {
    std::chrono::milliseconds silence{30'000};      ///< without an answer for so long it is given up
    qsizetype longestLine = 64 * 1024 * 1024;       ///< of an answer, in bytes
};

/// A team's own projector as a child process. Events go to its stdin as NDJSON in the normal form, with "position" added; it answers
/// on stdout, a line whenever it likes: `{"ack": position, "upsert": [{column: value, …}], "delete": [{key column: value, …}]}`.
/// What it answers changes rows when, and only when, that position is stored too. It gets no credential of ours, no file and no
/// connection: whatever else it does it does by itself. One thread; blocks.
class HandlerProcess final
{
public:
    /// NotFound: it could not be started.
    [[nodiscard]] static connectors::Result<std::unique_ptr<HandlerProcess>> start(const QStringList &command, const connectors::TableSpec &table, const HandlerLimits &limits = {});
    ~HandlerProcess(); ///< ends it
    HandlerProcess(const HandlerProcess &) = delete;
    HandlerProcess &operator=(const HandlerProcess &) = delete;

    /// `rankOffset` as in RuleApplier::changesOf(); the positions that it sees ascend.
    [[nodiscard]] connectors::Result<void> send(const connectors::EventBatch &batch, qsizetype row, EnvelopeIn envelope, qint64 rankOffset);
    /// What it answers up to the last event that was sent, one list an answer. Incomplete names what is wrong: it ended, hangs, or
    /// answers what is no answer; then nothing of this call counts.
    [[nodiscard]] connectors::Result<std::vector<std::vector<RowChange>>> answers(const std::stop_token &stop);

private:
    HandlerProcess(const connectors::TableSpec &table, const HandlerLimits &limits)
        : m_table(table)
        , m_limits(limits)
    {
    }
    [[nodiscard]] connectors::Result<QByteArray> nextLine(const std::stop_token &stop);
    [[nodiscard]] connectors::Result<std::vector<RowChange>> changesIn(const QByteArray &line);
    [[nodiscard]] connectors::Result<void> addRow(std::string_view object, Rule::Action action, std::vector<RowChange> *changes) const;
    [[nodiscard]] connectors::Error wrong(const QString &words) const;
    [[nodiscard]] QString whyEnded();

    const connectors::TableSpec &m_table;
    const HandlerLimits m_limits;
    QString m_name;
    QProcess m_process;
    QByteArray m_read;      ///< that is no whole line yet
    QByteArray m_said;      ///< the end of its stderr
    qint64 m_sent = 0;      ///< the last position
    qint64 m_acked = -1;    ///< nothing yet
    bool m_hasSent = false;
};

} // namespace models::projection
