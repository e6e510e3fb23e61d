// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/record.h"

#include <array>
#include <utility>

namespace models::journal {

namespace {

constexpr std::array<std::pair<State, const char16_t *>, 11> Words{{
    {State::Planned, u"PLANNED"}, {State::Approved, u"APPROVED"}, {State::Waiting, u"WAITING"}, {State::Intent, u"INTENT"},
    {State::Applying, u"APPLYING"}, {State::Verifying, u"VERIFYING"}, {State::Unknown, u"UNKNOWN"}, {State::Done, u"DONE"},
    {State::NotApplied, u"NOT_APPLIED"}, {State::Partial, u"PARTIAL"}, {State::Diverged, u"DIVERGED"},
}};

void foldEntry(Record &record, const Entry &entry)
{
    record.state = entry.state;
    if (entry.state == State::Approved) {
        record.approved = entry.at;
        record.approvedBy = entry.body[QStringLiteral("who")].toString();
        record.reason = entry.body[QStringLiteral("reason")].toString();
    }
    record.hasIntent = record.hasIntent || entry.state == State::Intent;
    if (isFinal(entry.state))
        record.finished = entry.at;
    if (entry.body.contains(QStringLiteral("rows")))
        record.rows = entry.body[QStringLiteral("rows")].toArray();
    if (entry.body.contains(QStringLiteral("note")))
        record.note = entry.body[QStringLiteral("note")].toString();
}

} // namespace

QString wordOf(State state)
{
    return QString::fromUtf16(Words[static_cast<size_t>(state)].second);
}

std::optional<State> stateFrom(const QString &word)
{
    for (const auto &[state, text] : Words) {
        if (word == QString::fromUtf16(text))
            return state;
    }
    return std::nullopt;
}

Record fold(std::vector<Entry> entries)
{
    Record record;
    if (entries.empty())
        return record;
    record.journalId = QString::number(entries.front().job);
    record.created = entries.front().at;
    record.change = plannedChangeFrom(entries.front().body);
    for (const Entry &entry : entries)
        foldEntry(record, entry);
    record.entries = std::move(entries);
    return record;
}

QJsonObject toJson(const PlannedChange &change)
{
    QJsonObject object{{QStringLiteral("planId"), change.planId}, {QStringLiteral("hash"), change.hash}, {QStringLiteral("kind"), change.kind},
            {QStringLiteral("connection"), change.connection}, {QStringLiteral("systemId"), change.systemId},
            {QStringLiteral("target"), change.target}, {QStringLiteral("who"), change.who}, {QStringLiteral("host"), change.host},
            {QStringLiteral("undoes"), change.undoes}, {QStringLiteral("plan"), change.plan},
            {QStringLiteral("program"), QStringLiteral("streamgauge " STREAMGAUGE_VERSION)}};
    if (change.isForeign)
        object[QStringLiteral("origin")] = QStringLiteral("file");
    return object;
}

PlannedChange plannedChangeFrom(const QJsonObject &object)
{
    const auto text = [&](const char16_t *key) { return object[QStringView(key)].toString(); };
    return {text(u"planId"), text(u"hash"), text(u"kind"), text(u"connection"), text(u"systemId"), text(u"target"),
            text(u"who"), text(u"host"), text(u"undoes"), object[QStringLiteral("plan")].toObject(), object[QStringLiteral("origin")].toString() == u"file"};
}

} // namespace models::journal
