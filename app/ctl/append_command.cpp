// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/commands.h"
#include "app/ctl/event_line.h"
#include "app/ctl/line_reader.h"

#include <unistd.h>

namespace ctl {

namespace {

using namespace connectors;

constexpr size_t EventsInTransaction = 500;
constexpr qsizetype BytesInTransaction = 16 * 1024 * 1024; ///< of lines; one that is longer is a transaction of its own

class AppendCommand final : public Command
{
public:
    const char *name() const override { return "append"; }
    const char *summary() const override { return "Append events, one JSON object a line on stdin; prints one position a line"; }
    bool isChanging() const override { return true; }

    void declare(Arguments &arguments) override
    {
        arguments.positional("connection", m_connection, "Saved connection's name or URL; an event store (sqlite:PATH, postgresql://user@host/database) is created if it does not exist");
        arguments.option("--stream", m_stream, "The stream of all events; else each event's stream, else its aggregateId");
    }

    ExitStatus run(Context &context) override
    {
        Output &out = context.out();
        const auto connection = context.open(m_connection, true);
        if (!connection)
            return out.fail(connection.error());
        EventWriter *writer = connection->connector->eventWriter();
        if (!writer)
            return out.fail({ErrorCode::Unsupported, connection->connector->whyNot(Ability::EventWriter), {}, false});
        LineReader lines(STDIN_FILENO, context.stopToken());
        for (;;) {
            auto line = lines.next();
            if (!line)
                return out.fail(line.error());
            if (!line->has_value())
                return commit(context, *writer);
            if ((*line)->trimmed().isEmpty())
                continue;
            auto event = parseEventLine(**line, m_stream);
            if (!event)
                return failLine(out, lines.lineNumber(), event.error());
            if (m_pendingBytes + (*line)->size() > BytesInTransaction) {
                if (const ExitStatus status = commit(context, *writer); status != ExitStatus::Done)
                    return status;
            }
            if (m_pending.empty())
                m_firstLine = lines.lineNumber();
            m_pendingBytes += (*line)->size();
            m_lastLine = event->line = lines.lineNumber();
            m_pending.push_back(std::move(*event));
            if (m_pending.size() == EventsInTransaction) {
                if (const ExitStatus status = commit(context, *writer); status != ExitStatus::Done)
                    return status;
            }
        }
    }

private:
    ExitStatus failLine(Output &out, qint64 line, const Error &error)
    {
        const QString stored = m_pending.empty() ? (m_isAnyStored ? QStringLiteral("Every event before it is stored.") : QStringLiteral("Nothing is stored."))
                                                 : QStringLiteral("Lines %1 to %2 are not stored either: they are of the same transaction.").arg(m_firstLine).arg(line - 1);
        return out.fail({error.code, QStringLiteral("Line %1 is not an event: %2.").arg(line).arg(error.message), stored, false});
    }

    /// Durable before a position is printed.
    ExitStatus commit(Context &context, EventWriter &writer)
    {
        if (m_pending.empty())
            return ExitStatus::Done;
        m_pendingBytes = 0;
        const auto appended = context.wait(writer.append(std::exchange(m_pending, {})));
        if (!appended) {
            Error error = appended.error();
            error.message += m_firstLine == m_lastLine ? QStringLiteral(" Line %1 is not stored.").arg(m_firstLine)
                                                       : QStringLiteral(" Lines %1 to %2 are one transaction, of which nothing is stored.").arg(m_firstLine).arg(m_lastLine);
            // The system refused what was asked; the command itself was used rightly.
            if (error.code == ErrorCode::InvalidInput)
                error.code = ErrorCode::Refused;
            // An interrupted wait says nothing about the transaction.
            if (error.code == ErrorCode::Cancelled || error.code == ErrorCode::OutcomeUnknown)
                error.message = QStringLiteral("Whether lines %1 to %2 are stored is not known.").arg(m_firstLine).arg(m_lastLine);
            return context.out().fail(error);
        }
        m_isAnyStored = true;
        for (const AppendedEvent &event : *appended)
            context.out().line(QByteArray::number(event.position));
        context.out().flush();
        return ExitStatus::Done;
    }

    QString m_connection;
    QString m_stream;
    std::vector<NewEvent> m_pending;
    qsizetype m_pendingBytes = 0; ///< of its lines
    qint64 m_firstLine = 0;
    qint64 m_lastLine = 0;
    bool m_isAnyStored = false;
};

} // namespace

std::unique_ptr<Command> makeAppendCommand()
{
    return std::make_unique<AppendCommand>();
}

} // namespace ctl
