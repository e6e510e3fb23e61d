// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/worker_connector.h"

#include "connectors/answer_of.h"
#include "connectors/remote/remote_connector.h"

namespace connectors::remote {

namespace {

/// A link whose messages a session hears. Neither keeps the other: what still asks or answers as both go finds nobody.
struct Line {
    std::shared_ptr<RemoteSession> session;
    std::unique_ptr<WorkerLink> link;
};

std::shared_ptr<Line> lineTo(const WorkerOpening &opening)
{
    const auto line = std::make_shared<Line>();
    line->session = std::make_shared<RemoteSession>([weak = std::weak_ptr(line)](const QByteArray &message) {
        if (const auto self = weak.lock())
            self->link->send(message);
    }, [weak = std::weak_ptr(line)] {
        if (const auto self = weak.lock())
            self->link->refuseProcess();
    }, [weak = std::weak_ptr(line)](const Announcement &announcement) {
        if (const auto self = weak.lock())
            self->link->hear(announcement);
    });
    const auto received = [weak = std::weak_ptr(line->session)](const QByteArray &message) {
        if (const auto hearer = weak.lock())
            hearer->receive(message);
    };
    const auto lost = [weak = std::weak_ptr(line->session)](const Error &error, bool isHopeless) {
        if (const auto hearer = weak.lock())
            hearer->lose(error, isHopeless);
    };
    const auto unanswered = [weak = std::weak_ptr(line->session)](const Error &error) {
        if (const auto hearer = weak.lock())
            hearer->standStill(error);
    };
    line->link = std::make_unique<WorkerLink>(opening, WorkerLink::Receiver{received, lost, unanswered});
    return line;
}

/// One purpose, one process, which goes with it.
class Held
{
public:
    explicit Held(std::shared_ptr<Line> line)
        : m_line(std::move(line))
    {
    }
    ~Held()
    {
        m_line->session->close();
        m_line->link->close();
    }
    Held(const Held &) = delete;
    Held &operator=(const Held &) = delete;

    template<typename T, typename... Arguments>
    [[nodiscard]] Result<T> ask(Call call, const Arguments &...arguments)
    {
        auto answer = answerOf(m_line->session->ask<T>(call, {}, arguments...));
        const bool isLost = !answer && (answer.error().code == ErrorCode::CannotConnect || answer.error().code == ErrorCode::Unreadable);
        if (isLost) // the process that was told is gone
            return failure(ErrorCode::OutcomeUnknown, answer.error().message, QStringLiteral("Find out by reading what became of it."));
        return answer;
    }

private:
    const std::shared_ptr<Line> m_line;
};

/// Whoever changes something waits for the answer, so one that does not respond is ended.
Result<std::shared_ptr<Line>> openedLine(WorkerOpening opening, Purpose purpose)
{
    opening.opening.purpose = purpose;
    opening.whenSilent = WhenSilent::End;
    auto line = lineTo(opening);
    if (const auto greeting = line->link->open(); !greeting)
        return tl::unexpected(greeting.error());
    return line;
}

class WorkerCheckpointWriter final : public CheckpointWriter
{
public:
    explicit WorkerCheckpointWriter(std::shared_ptr<Line> line)
        : m_held(std::move(line))
    {
    }
    Result<std::vector<CheckpointOutcome>> apply(const QString &consumer, const std::vector<CheckpointChange> &changes) override
    {
        return m_held.ask<std::vector<CheckpointOutcome>>(Call::ApplyCheckpoints, consumer, changes);
    }

private:
    Held m_held;
};

class WorkerLineLog final : public LineLog
{
public:
    explicit WorkerLineLog(std::shared_ptr<Line> line)
        : m_held(std::move(line))
    {
    }
    Result<void> append(const QByteArray &line) override
    {
        return m_held.ask<Done>(Call::AppendLine, line).map([](Done) {});
    }

private:
    Held m_held;
};

} // namespace

Result<std::shared_ptr<Connector>> openThroughWorker(WorkerOpening opening)
{
    if (opening.opening.spec.mayCreate)
        opening.opening.purpose = Purpose::Appending;
    const auto line = lineTo(opening);
    auto greeting = line->link->open();
    if (!greeting)
        return tl::unexpected(greeting.error());
    return makeRemoteConnector(line->session, std::move(*greeting), [line] { line->link->close(); }, line->link.get());
}

Result<std::unique_ptr<CheckpointWriter>> openCheckpointWriterThroughWorker(WorkerOpening opening)
{
    return openedLine(std::move(opening), Purpose::ChangingCheckpoints).map([](const auto &line) -> std::unique_ptr<CheckpointWriter> { return std::make_unique<WorkerCheckpointWriter>(line); });
}

Result<std::unique_ptr<LineLog>> openLineLogThroughWorker(WorkerOpening opening)
{
    return openedLine(std::move(opening), Purpose::KeepingLines).map([](const auto &line) -> std::unique_ptr<LineLog> { return std::make_unique<WorkerLineLog>(line); });
}

} // namespace connectors::remote
