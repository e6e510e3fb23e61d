// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/lag/lag_words.h"

#include <QCoreApplication>
#include <QLocale>

namespace models::lag {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("LagWords", text);
}

/// After a count of partitions.
QString besideWord(LagState state)
{
    switch (state) {
    case LagState::NoMembers:
        return tr("without members");
    case LagState::DataLost:
        return tr("with lost data");
    case LagState::CheckpointGone:
        return tr("whose checkpoint is gone");
    default:
        return stateWord(state);
    }
}

} // namespace

QString stateWord(LagState state)
{
    switch (state) {
    case LagState::CaughtUp:
        return tr("caught up");
    case LagState::Paused:
        return tr("paused");
    case LagState::Replaying:
        return tr("replaying");
    case LagState::NeverStarted:
        return tr("never started");
    case LagState::Lagging:
        return tr("lagging");
    case LagState::Rebalancing:
        return tr("rebalancing");
    case LagState::Unknown:
        return tr("unknown");
    case LagState::CheckpointGone:
        return tr("checkpoint gone");
    case LagState::NoMembers:
        return tr("STOPPED, no members");
    case LagState::AheadOfLog:
        return tr("ahead of the log");
    case LagState::DataLost:
        return tr("DATA LOST");
    }
    return {};
}

QString partitionsIn(LagState state, int count)
{
    return (count == 1 ? tr("%1 partition %2") : tr("%1 partitions %2")).arg(QLocale().toString(count), besideWord(state));
}

QString besideWords(const LagSum &sum)
{
    QString words;
    for (const LagState state : AllLagStates)
        if (const int count = sum.countOf(state); count > 0)
            words += QStringLiteral(" + ") + partitionsIn(state, count);
    return words;
}

} // namespace models::lag
