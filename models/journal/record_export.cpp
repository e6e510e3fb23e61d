// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/record_export.h"

#include "models/event/position_text.h"

namespace models::journal {

QJsonObject exportJson(const Record &record)
{
    const auto textOrNull = [](const QString &text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); };
    const auto timeOrNull = [](const std::optional<connectors::EpochMs> &time) { return time ? QJsonValue(event::timeText(*time)) : QJsonValue(); };
    return {{QStringLiteral("journalId"), record.journalId}, {QStringLiteral("planId"), record.change.planId}, {QStringLiteral("hash"), record.change.hash},
            {QStringLiteral("kind"), record.change.kind}, {QStringLiteral("state"), wordOf(record.state)}, {QStringLiteral("connection"), record.change.connection},
            {QStringLiteral("systemId"), record.change.systemId}, {QStringLiteral("target"), record.change.target}, {QStringLiteral("who"), record.change.who},
            {QStringLiteral("host"), record.change.host}, {QStringLiteral("reason"), textOrNull(record.reason)},
            {QStringLiteral("created"), event::timeText(record.created)}, {QStringLiteral("approved"), timeOrNull(record.approved)},
            {QStringLiteral("finished"), timeOrNull(record.finished)}, {QStringLiteral("rows"), record.rows},
            {QStringLiteral("undoes"), textOrNull(record.change.undoes)}, {QStringLiteral("undoneBy"), textOrNull(record.undoneBy)}};
}

} // namespace models::journal
