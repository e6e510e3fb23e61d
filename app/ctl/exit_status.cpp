// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/exit_status.h"

namespace ctl {

using connectors::ErrorCode;

ExitStatus exitStatusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput: return ExitStatus::Usage;
    case ErrorCode::CannotConnect:
    case ErrorCode::NotAuthenticated: return ExitStatus::NoConnection;
    case ErrorCode::TimedOut:
    case ErrorCode::OutcomeUnknown:
    case ErrorCode::Incomplete:
    case ErrorCode::Cancelled: return ExitStatus::Incomplete;
    case ErrorCode::NotFound:
    case ErrorCode::Refused:
    case ErrorCode::Conflict:
    case ErrorCode::NotPermitted:
    case ErrorCode::Unsupported:
    case ErrorCode::Unreadable:
    case ErrorCode::StorageFailed:
    case ErrorCode::Internal: break;
    }
    return ExitStatus::NotSo;
}

QString errorCodeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidInput: return QStringLiteral("invalidInput");
    case ErrorCode::NotFound: return QStringLiteral("notFound");
    case ErrorCode::Refused: return QStringLiteral("refused");
    case ErrorCode::Conflict: return QStringLiteral("conflict");
    case ErrorCode::NotPermitted: return QStringLiteral("notPermitted");
    case ErrorCode::NotAuthenticated: return QStringLiteral("notAuthenticated");
    case ErrorCode::CannotConnect: return QStringLiteral("cannotConnect");
    case ErrorCode::TimedOut: return QStringLiteral("timedOut");
    case ErrorCode::OutcomeUnknown: return QStringLiteral("outcomeUnknown");
    case ErrorCode::Incomplete: return QStringLiteral("incomplete");
    case ErrorCode::Cancelled: return QStringLiteral("cancelled");
    case ErrorCode::Unsupported: return QStringLiteral("unsupported");
    case ErrorCode::Unreadable: return QStringLiteral("unreadable");
    case ErrorCode::StorageFailed: return QStringLiteral("storageFailed");
    case ErrorCode::Internal: break;
    }
    return QStringLiteral("internal");
}

} // namespace ctl
