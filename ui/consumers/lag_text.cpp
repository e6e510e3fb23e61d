// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/lag_text.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>

namespace ui::consumers {

using models::lag::LagState;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("LagText", text);
}

} // namespace

QString stateExplanation(LagState state)
{
    switch (state) {
    case LagState::CaughtUp:
        return tr("Everything that is stored has been read.");
    case LagState::Paused:
        return tr("The system says that this consumer is paused.");
    case LagState::Replaying:
        return tr("A reset or rebuild runs; what is left is progress, not lag.");
    case LagState::NeverStarted:
        return tr("There is no checkpoint, and none is known of before.");
    case LagState::Lagging:
        return tr("Events wait to be read.");
    case LagState::Rebalancing:
        return tr("Members come and go; nobody reads until that has settled.");
    case LagState::Unknown:
        return tr("It could not be read. This is not the same as no lag.");
    case LagState::CheckpointGone:
        return tr("There was a checkpoint, and the system has removed it.");
    case LagState::NoMembers:
        return tr("Events wait, and nobody reads them.");
    case LagState::AheadOfLog:
        return tr("The checkpoint lies behind the end: the stream was re-created or truncated.");
    case LagState::DataLost:
        return tr("Retention removed events before this consumer had read them.");
    }
    return {};
}

QString stateIcon(LagState state)
{
    switch (stateRole(state)) {
    case theme::Role::Ok:
        return QStringLiteral("ok");
    case theme::Role::Error:
        return QStringLiteral("error");
    case theme::Role::Warning:
        return QStringLiteral("warning");
    default:
        return state == LagState::Unknown ? QStringLiteral("unknown")
            : state == LagState::Paused   ? QStringLiteral("pause")
                                          : QStringLiteral("clock");
    }
}

theme::Role stateRole(LagState state)
{
    switch (state) {
    case LagState::CaughtUp:
        return theme::Role::Ok;
    case LagState::Paused:
    case LagState::Replaying:
    case LagState::Lagging:
        return theme::Role::Info;
    case LagState::NeverStarted:
    case LagState::Unknown:
        return theme::Role::Muted;
    case LagState::Rebalancing:
    case LagState::CheckpointGone:
    case LagState::AheadOfLog:
        return theme::Role::Warning;
    case LagState::NoMembers:
    case LagState::DataLost:
        return theme::Role::Error;
    }
    return theme::Role::Muted;
}

bool isTrouble(LagState state)
{
    return state >= LagState::Rebalancing;
}

QString lagWords(const models::lag::ConsumerLag &lag)
{
    if (lag.worst == LagState::Unknown && !lag.totalLag)
        return QStringLiteral("?");
    const int unknown = lag.sum.countOf(LagState::Unknown);
    const QString number = widgets::text::number(lag.totalLag);
    return unknown > 0 && lag.totalLag ? number + QStringLiteral(" + ") + models::lag::partitionsIn(LagState::Unknown, unknown) : number;
}

QString sumWords(const models::lag::LagSum &sum)
{
    return (sum.counted > 0 ? widgets::text::number(sum.lag) : QStringLiteral("–")) + models::lag::besideWords(sum);
}

} // namespace ui::consumers
