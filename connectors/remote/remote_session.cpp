// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/remote_session.h"

#include "connectors/remote/batch_pieces.h"
#include "connectors/remote/frame.h"

#include <limits>

namespace connectors::remote {

namespace {
constexpr qint64 LastPosition = 1LL << 62; ///< beyond all that a system counts to
}

RemoteSession::RemoteSession(SendBytes send, std::function<void()> refuse, std::function<void(const Announcement &)> announced)
    : m_send(std::move(send))
    , m_refuse(std::move(refuse))
    , m_announced(std::move(announced))
{
}

RemoteSession::~RemoteSession() = default;

Traffic RemoteSession::traffic() const
{
    const std::lock_guard lock(m_mutex);
    return {m_trafficBefore.requests + m_traffic.requests, m_trafficBefore.bytesRead + m_traffic.bytesRead};
}

void RemoteSession::receive(const QByteArray &message)
{
    Reader in = Reader::reply(message);
    std::shared_ptr<RemoteRead> read;
    bool isExpected = false;
    {
        const std::lock_guard lock(m_mutex);
        const bool isOfAQuestion = in.id() > 0 && in.id() <= m_lastId; // which may have its answer already
        m_stillness.reset();
        isExpected = in.isSound() && (isOfAQuestion || in.kind() == Reply::Pong || in.kind() == Reply::Announced);
        if (isExpected)
            m_traffic = in.traffic();
        if (const auto found = m_reads.find(in.id()); found != m_reads.end())
            read = found->second;
    }
    if (!isExpected) {
        failAll(malformedMessage());
        return m_refuse();
    }
    if (in.kind() == Reply::Announced)
        hear(in);
    else if (read)
        read->receive(std::move(in), message.size());
    else if (!answer(in.id(), &in, malformedMessage()))
        m_refuse();
}

void RemoteSession::hear(const Reader &announcement)
{
    Announcement told;
    const bool isSound = announcement.whole(told) && (!told.place || (told.place->position >= 0 && told.place->position <= LastPosition));
    if (!isSound)
        m_refuse();
    else if (m_announced)
        m_announced(told);
}

void RemoteSession::lose(const Error &error, bool isHopeless)
{
    {
        const std::lock_guard lock(m_mutex);
        m_trafficBefore.requests += m_traffic.requests;
        m_trafficBefore.bytesRead += m_traffic.bytesRead;
        m_traffic = {};
        m_stillness.reset();
    }
    if (isHopeless)
        return failAll(error);
    const auto goingOn = reads(); // those that begin from now on are asked of the next one
    for (const auto &[id, read] : goingOn)
        read->lose();
    failQuestions(error);
}

void RemoteSession::standStill(const Error &error)
{
    {
        const std::lock_guard lock(m_mutex);
        m_stillness = error;
    }
    failQuestions(error);
    for (const auto &[id, read] : reads())
        read->tellStillness(error);
}

std::optional<Error> RemoteSession::whyNot(const QByteArray &question, const std::stop_token &stop) const
{
    if (stop.stop_requested())
        return Error{ErrorCode::Cancelled, QStringLiteral("The question was cancelled."), {}, false};
    if (question.size() > MaxFrameBytes)
        return tooLong(QStringLiteral("What is asked or given is"), question.size());
    const std::lock_guard lock(m_mutex);
    return m_stillness;
}

void RemoteSession::close()
{
    failAll({ErrorCode::Cancelled, QStringLiteral("The connection was closed."), {}, false});
    std::map<quint32, std::shared_ptr<RemoteRead>> reads;
    {
        const std::lock_guard lock(m_mutex);
        reads.swap(m_reads);
    }
    for (const auto &[id, read] : reads)
        read->close();
}

EventChannelPtr RemoteSession::read(const ReadRequest &request)
{
    forgetEndedReads();
    auto channel = std::make_shared<EventChannel>(BatchCredits, EventChannel::WhenFull::Wait, std::numeric_limits<qint64>::max()); // the credits bound it
    quint32 id = 0;
    {
        const std::lock_guard lock(m_mutex);
        id = ++m_lastId;
        const auto say = [weak = weak_from_this(), id](Call call) {
            if (const auto self = weak.lock())
                self->say(id, call);
        };
        const auto ask = [weak = weak_from_this(), id](const ReadRequest &rest) {
            if (const auto self = weak.lock())
                self->m_send(Writer(id, Call::Read)(rest).bytes());
        };
        m_reads.emplace(id, std::make_shared<RemoteRead>(channel, request, RemoteRead::Calls{say, ask, m_refuse}));
    }
    return channel;
}

quint32 RemoteSession::addQuestion(Answered answered)
{
    const std::lock_guard lock(m_mutex);
    const quint32 id = ++m_lastId;
    m_questions.emplace(id, Question{std::move(answered), nullptr});
    return id;
}

void RemoteSession::start(quint32 id, const QByteArray &message, std::stop_token stop)
{
    if (const auto why = whyNot(message, stop))
        return void(answer(id, nullptr, *why));
    m_send(message);
    auto onStop = std::make_shared<StopCallback>(std::move(stop), [weak = weak_from_this(), id] {
        if (const auto self = weak.lock())
            self->say(id, Call::Cancel);
    });
    const std::lock_guard lock(m_mutex);
    if (const auto found = m_questions.find(id); found != m_questions.end())
        found->second.onStop.swap(onStop);
}

void RemoteSession::say(quint32 id, Call call) const
{
    m_send(Writer(id, call).bytes());
}

bool RemoteSession::answer(quint32 id, const Reader *in, const Error &error)
{
    Question question;
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_questions.find(id);
        if (found == m_questions.end())
            return true;
        question = std::move(found->second);
        m_questions.erase(found);
    }
    return question.answered(in, error);
}

void RemoteSession::failQuestions(const Error &error)
{
    std::map<quint32, Question> questions;
    {
        const std::lock_guard lock(m_mutex);
        questions.swap(m_questions);
    }
    for (auto &[id, question] : questions)
        question.answered(nullptr, error);
}

void RemoteSession::failAll(const Error &error)
{
    failQuestions(error);
    for (const auto &[id, read] : reads())
        read->fail(error);
}

std::map<quint32, std::shared_ptr<RemoteRead>> RemoteSession::reads() const
{
    const std::lock_guard lock(m_mutex);
    return m_reads;
}

/// A read cannot be destroyed by its own thread, so the next one tidies up.
void RemoteSession::forgetEndedReads()
{
    std::vector<std::shared_ptr<RemoteRead>> ended;
    const std::lock_guard lock(m_mutex);
    for (auto read = m_reads.begin(); read != m_reads.end();) {
        if (read->second->hasEnded()) {
            ended.push_back(std::move(read->second));
            read = m_reads.erase(read);
        } else {
            ++read;
        }
    }
}

} // namespace connectors::remote
