// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/record_export.h"

#include "models/event/position_text.h"
#include "models/journal/canonical_json.h"

namespace models::journal {

namespace {

QJsonValue textOrNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonValue timeOrNull(const std::optional<connectors::EpochMs> &time)
{
    return time ? QJsonValue(event::timeText(*time)) : QJsonValue();
}

/// The newest table; of a change that was never tried, what it would do.
QJsonArray rowsOf(const Record &record)
{
    const bool isTried = !record.rows.isEmpty();
    QJsonArray rows;
    for (const QJsonValue &row : isTried ? record.rows : record.change.plan[QStringLiteral("rows")].toArray()) {
        rows.append(QJsonObject{{QStringLiteral("stream"), row[u"stream"]}, {QStringLiteral("partition"), row[u"partition"].toInteger()},
                                {QStringLiteral("before"), toJson(numberFrom(row[u"before"]))},
                                {QStringLiteral("target"), toJson(numberFrom(isTried ? row[u"target"] : row[u"after"]))},
                                {QStringLiteral("now"), toJson(numberFrom(row[u"now"]))}, {QStringLiteral("result"), textOrNull(row[u"result"].toString())},
                                {QStringLiteral("problem"), textOrNull(row[u"problem"].toString())}});
    }
    return rows;
}

} // namespace

QString actorOf(const Record &record)
{
    return record.approvedBy.isEmpty() ? record.change.who : record.approvedBy;
}

QJsonObject exportJson(const Record &record)
{
    return {{QStringLiteral("journalId"), record.journalId}, {QStringLiteral("planId"), record.change.planId}, {QStringLiteral("hash"), record.change.hash},
            {QStringLiteral("kind"), record.change.kind}, {QStringLiteral("state"), wordOf(record.state)}, {QStringLiteral("connection"), record.change.connection},
            {QStringLiteral("systemId"), record.change.systemId}, {QStringLiteral("target"), record.change.target}, {QStringLiteral("who"), actorOf(record)},
            {QStringLiteral("host"), record.change.host}, {QStringLiteral("reason"), textOrNull(record.reason)},
            {QStringLiteral("created"), event::timeText(record.created)}, {QStringLiteral("approved"), timeOrNull(record.approved)},
            {QStringLiteral("finished"), timeOrNull(record.finished)}, {QStringLiteral("rows"), rowsOf(record)},
            {QStringLiteral("undoes"), textOrNull(record.change.undoes)}, {QStringLiteral("undoneBy"), textOrNull(record.undoneBy)}};
}

} // namespace models::journal
