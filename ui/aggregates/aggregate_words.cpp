// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/aggregates/aggregate_words.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace ui::aggregates {

using namespace models::aggregate;
namespace text = ui::widgets::text;

namespace {

constexpr qsizetype MostNamed = 5;

struct AggregateWords {
    Q_DECLARE_TR_FUNCTIONS(AggregateWords)
};

QString listed(QStringList words)
{
    const qsizetype all = words.size();
    if (all <= MostNamed)
        return words.join(QStringLiteral(", "));
    words = words.mid(0, MostNamed);
    return AggregateWords::tr("%1 and %2 more").arg(words.join(QStringLiteral(", ")), text::exact(all - MostNamed));
}

} // namespace

QString stateWords(const AggregateHistory &history, const FoldedState &state)
{
    const QString version = text::exact(state.version);
    const QString events = text::exact(state.foldedEvents);
    if (state.snapshot && state.foldedEvents == 0)
        return AggregateWords::tr("State at version %1, which is a snapshot.").arg(version);
    if (state.snapshot && state.foldedEvents == 1)
        return AggregateWords::tr("State at version %1, from the snapshot at %2 and 1 event.").arg(version, text::exact(state.snapshot->version));
    if (state.snapshot)
        return AggregateWords::tr("State at version %1, from the snapshot at %2 and %3 events.").arg(version, text::exact(state.snapshot->version), events);
    if (!history.isStream)
        return AggregateWords::tr("State at version %1, from %2 events of all streams, for which there are no snapshots.").arg(version, events);
    if (state.foldedEvents == 1)
        return AggregateWords::tr("State at version %1, from the first event.").arg(version);
    return AggregateWords::tr("State at version %1, from the first %2 events without a snapshot.").arg(version, events);
}

QString changeWords(const StateDifference &changes)
{
    const auto count = [&changes](ChangeKind kind) {
        return text::exact(std::count_if(changes.changes.cbegin(), changes.changes.cend(), [kind](const StateChange &change) { return change.kind == kind; }));
    };
    if (changes.isEmpty())
        return AggregateWords::tr("This version changed nothing.");
    return AggregateWords::tr("This version: %1 added, %2 changed, %3 removed.").arg(count(ChangeKind::Added), count(ChangeKind::Changed), count(ChangeKind::Removed));
}

QString unfoldedWords(const FoldedState &state)
{
    if (state.unfoldedCount == 0)
        return {};
    QStringList words;
    for (const UnfoldedEvent &event : state.unfolded) {
        const QString version = text::exact(event.version);
        switch (event.reason) {
        case UnfoldedEvent::Reason::NotJson: words += AggregateWords::tr("version %1 is not JSON").arg(version); break;
        case UnfoldedEvent::Reason::TooLarge: words += AggregateWords::tr("version %1 is larger than 64 MiB").arg(version); break;
        case UnfoldedEvent::Reason::NoUpcast: words += AggregateWords::tr("no upcast leads from version %1 to the newest schema").arg(version); break;
        }
    }
    return AggregateWords::tr("Events that are not in this state: %1 (%2).").arg(text::exact(state.unfoldedCount), listed(words));
}

QString verificationWords(const AggregateHistory &history, const Verification &found)
{
    const QString events = text::exact(found.events);
    QString words;
    if (!found.isSound()) {
        QStringList each;
        for (const DifferingSnapshot &differing : found.differing) {
            const QString version = text::exact(differing.snapshot.version);
            if (differing.isMisplaced)
                each += AggregateWords::tr("at %1, which is of another event").arg(version);
            else
                each += AggregateWords::tr("at %1 in %2").arg(version, text::untrusted(differing.difference.changes.front().pointer.isEmpty() ? AggregateWords::tr("all of it") : differing.difference.changes.front().pointer, 60));
        }
        words = AggregateWords::tr("Snapshots that differ from a replay of all %1 events: %2.").arg(events, listed(each));
    } else if (found.compared == 0) {
        words = history.isStream ? AggregateWords::tr("There is no snapshot to compare with.") : AggregateWords::tr("An aggregate over all streams has no snapshots to compare with.");
    } else {
        words = found.compared == 1 ? AggregateWords::tr("The one snapshot says what a replay of all %1 events says.").arg(events)
                                    : AggregateWords::tr("All %1 snapshots say what a replay of all %2 events says.").arg(text::exact(found.compared), events);
    }
    if (found.ofOtherRules > 0)
        words += u' ' + AggregateWords::tr("Made by another rule, and never used: %1.").arg(text::exact(found.ofOtherRules));
    return words;
}

QString compensationWords(const AggregateHistory &history, qint64 version)
{
    QStringList words;
    const AggregateEvent &event = history.at(version);
    for (size_t i = 0; i < event.compensates.size(); ++i)
        words += AggregateWords::tr("takes back %1").arg(event.compensatedVersions[i] > 0 ? text::exact(event.compensatedVersions[i]) : text::shortId(text::untrusted(event.compensates[i])));
    for (const qint64 by : event.compensatedBy)
        words += AggregateWords::tr("taken back by %1").arg(text::exact(by));
    return listed(words);
}

} // namespace ui::aggregates
