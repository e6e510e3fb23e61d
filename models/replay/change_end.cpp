// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/change_end.h"

#include <QCoreApplication>

namespace models::replay {

using connectors::Error;
using connectors::ErrorCode;
using journal::State;

namespace {

QString changeWords(State state)
{
    const auto tr = [](const char *words) { return QCoreApplication::translate("models::replay::Change", words); };
    switch (state) {
    case State::Planned:
        return tr("nothing was changed: it needs a new approval");
    case State::NotApplied:
        return tr("nothing was changed");
    case State::Partial:
        return tr("only a part was changed");
    case State::Diverged:
        return tr("something else was written meanwhile");
    default:
        return tr("whether it was done is not known");
    }
}

} // namespace

ChangeEnd endOf(const connectors::Result<RunOutcome> &result, const QString &title)
{
    const auto failed = [&](Error error, const QString &words) { return ChangeEnd{tl::unexpected(std::move(error)), words}; };
    if (result && result->state == State::Done)
        return {{}, {}};
    if (result) {
        const QString words = changeWords(result->state);
        return failed({ErrorCode::Conflict, title + QStringLiteral(": ") + words + u'.', result->differences.empty() ? result->note : result->differences.front(), false}, words);
    }
    Error error = result.error();
    error.message.prepend(title + QStringLiteral(": "));
    return failed(std::move(error), changeWords(result.error().code == ErrorCode::OutcomeUnknown ? State::Unknown : State::NotApplied));
}

} // namespace models::replay
