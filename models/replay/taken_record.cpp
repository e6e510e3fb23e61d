// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/taken_record.h"

namespace models::replay {

using namespace connectors;
using journal::Journal;
using journal::Record;
using journal::State;

Result<TakenRecord> takeRecord(Journal &journal, const QString &journalId)
{
    const auto known = journal.find(journalId);
    if (!known)
        return tl::unexpected(known.error());
    auto lock = journal::TargetLock::acquire(journal.path(), known->change.systemId, known->change.target);
    if (!lock)
        return tl::unexpected(lock.error());
    auto record = journal.find(journalId); // again, now that nobody else can use it
    if (!record)
        return tl::unexpected(record.error());
    return TakenRecord{std::move(*lock), std::move(*record)};
}

Result<void> checkRunnable(const Journal &journal, const Record &record)
{
    if (record.state != State::Planned) {
        return failure(ErrorCode::Refused, QStringLiteral("The plan %1 was used already (%2); a plan runs once.").arg(record.change.planId, wordOf(record.state)),
                       isOpen(record.state) ? QStringLiteral("Find out what became of it with: streamgaugectl journal resolve %1").arg(record.journalId)
                                                     : QStringLiteral("Plan again."));
    }
    const auto all = journal.records();
    if (!all)
        return tl::unexpected(all.error());
    for (const Record &other : *all) {
        if (isOpen(other.state) && other.change.systemId == record.change.systemId && other.change.target == record.change.target) {
            return failure(ErrorCode::Refused, QStringLiteral("An earlier change of “%1” (%2) is not settled yet: %3.")
                               .arg(other.change.target, other.journalId, wordOf(other.state)),
                           QStringLiteral("Find out first what became of it, with: streamgaugectl journal resolve %1").arg(other.journalId));
        }
    }
    return {};
}

Result<void> appendEntry(Journal &journal, FailpointStep step, const QString &journalId, State state, const QJsonObject &body)
{
    failpointBefore(step);
    auto appended = journal.append(journalId, state, body);
    failpointAfter(step);
    return appended;
}

} // namespace models::replay
