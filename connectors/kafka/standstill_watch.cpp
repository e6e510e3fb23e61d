// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/standstill_watch.h"

#include <QDateTime>

namespace connectors::kafka {

namespace {

/// Less than two views would take a slow answer for a standstill; told within 15 s of the first record that did not come.
constexpr std::chrono::seconds StandsTooLong(7);
/// A read with an end does not wait longer for a cluster that does not answer.
constexpr std::chrono::seconds LongestSilence(30);
constexpr int MostRestarts = 2;
/// So many views in a row must say that the log has become shorter.
constexpr int ShorterForSure = 2;

/// Where a read waits of which nobody knows whether there is more.
QString standingWords(const ReadParts &parts)
{
    constexpr size_t MostNamed = 3;
    QStringList places;
    for (const auto &[id, part] : parts.reading()) {
        if (places.size() < static_cast<qsizetype>(MostNamed))
            places += QStringLiteral("%1 at position %2").arg(nameOf(part->read)).arg(part->read.next);
    }
    const QString others = parts.reading().size() > MostNamed ? QStringLiteral(" and %1 more").arg(parts.reading().size() - MostNamed) : QString();
    return places.isEmpty() ? QString() : QStringLiteral("Reading stands: %1%2.").arg(places.join(QStringLiteral(", ")), others);
}

void remember(ReadPart &part)
{
    if (part.reached >= 0)
        return;
    part.reached = part.read.next;
    part.reachedAt = ReadPart::Clock::now();
}

} // namespace

StandstillWatch::StandstillWatch(std::shared_ptr<ReaderClients> clients, const ReadRequest &request, const ReadPlan &plan)
    : m_isFollowing(request.isFollowing)
    , m_watch(std::move(clients), request, plan)
    , m_answered(ReadPart::Clock::now())
{
}

Result<void> StandstillWatch::look(ReadParts &parts)
{
    if (Result<void> taken = takeUp(parts); !taken)
        return taken;
    for (const auto &[id, part] : parts.reading())
        remember(*part);
    const ClusterView view = m_watch.view();
    if (view.generation == m_seenGeneration)
        return {};
    m_seenGeneration = view.generation;
    m_notes = m_lasting;
    m_heldBack = 0;
    if (view.deletedTopic)
        return failure(ErrorCode::NotFound, QStringLiteral("The topic “%1” was deleted while it was read.").arg(*view.deletedTopic),
                       QStringLiteral("What was read until then has been shown; open the topic again if it was created anew."));
    if (view.problem) {
        m_notes += view.problem->message + u' ' + standingWords(parts);
        if (!m_isFollowing && ReadPart::Clock::now() - m_answered > LongestSilence)
            return tl::unexpected(*view.problem);
    } else {
        m_answered = ReadPart::Clock::now();
    }
    std::vector<ReadPart *> reading;
    for (const auto &[id, part] : parts.reading())
        reading.push_back(part);
    for (ReadPart *part : reading) {
        const auto ends = view.ends.find(part->id());
        if (ends == view.ends.end())
            part->standsAt = -1;
        else if (Result<void> judged = judge(parts, *part, view, ends->second); !judged)
            return judged;
    }
    if (m_heldBack > 0)
        m_notes += QStringLiteral("%1 records wait behind an open transaction.").arg(m_heldBack);
    return {};
}

Result<void> StandstillWatch::takeUp(ReadParts &parts)
{
    const AddedParts added = m_watch.takeAdded();
    if (added.parts.empty())
        return {};
    for (const PlannedPart &part : added.parts)
        parts.add(part.read, part.leader);
    m_lasting += added.notes;
    m_notes += added.notes;
    return parts.startWaiting();
}

/// Of a busy tail: an answer is older than what has been read since it was asked for, and says nothing about that.
Result<void> StandstillWatch::judgeLength(ReadPart &part, const ClusterView &view, const ClusterView::Ends &ends) const
{
    if (m_isFollowing && view.askedAt < part.reachedAt)
        return {};
    const qint64 least = m_isFollowing ? part.reached : part.read.to;
    part.shorter = ends.highWatermark < least ? part.shorter + 1 : 0;
    part.reached = -1;
    remember(part);
    if (part.shorter >= ShorterForSure)
        return failure(ErrorCode::Incomplete,
                       QStringLiteral("%1 ends at %2 now, but it has reached %3 before: the topic was created anew, or its log was cut.").arg(nameOf(part.read)).arg(ends.highWatermark).arg(least),
                       QStringLiteral("Read it again from the start."));
    return {};
}

Result<void> StandstillWatch::judge(ReadParts &parts, ReadPart &part, const ClusterView &view, const ClusterView::Ends &ends)
{
    if (Result<void> judged = judgeLength(part, view, ends); !judged)
        return judged;
    if (m_isFollowing) {
        part.read.to = std::max(part.read.to, ends.end);
        m_heldBack += std::max<qint64>(0, ends.highWatermark - std::max(ends.end, part.read.next));
    }
    if (ends.end > part.read.next)
        return judgeStanding(parts, part, ends.end);
    part.standsAt = -1;
    return {};
}

Result<void> StandstillWatch::judgeStanding(ReadParts &parts, ReadPart &part, qint64 end)
{
    const auto now = ReadPart::Clock::now();
    if (part.standsAt != part.read.next) {
        part.standsAt = part.read.next;
        part.standsSince = now;
        part.restarts = 0;
        return {};
    }
    const auto stands = std::chrono::duration_cast<std::chrono::seconds>(now - part.standsSince);
    if (stands < StandsTooLong)
        return {};
    const QString what = QStringLiteral("%1 stands still at position %2 for %3 s, although its end is %4").arg(nameOf(part.read)).arg(part.read.next).arg(stands.count()).arg(end);
    m_notes += what + u'.';
    if (stands < StandsTooLong * (part.restarts + 1))
        return {};
    if (!m_isFollowing && part.restarts >= MostRestarts)
        return failure(ErrorCode::Incomplete, what + u'.', QStringLiteral("Check the leader of this partition; try again, or read from a later position."));
    ++part.restarts;
    return parts.restart(part);
}

} // namespace connectors::kafka
