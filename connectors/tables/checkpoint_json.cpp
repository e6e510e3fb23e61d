// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/tables/checkpoint_json.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <utility>

namespace connectors::tables {

namespace {

constexpr std::array<std::pair<RebuildState, const char *>, 5> StateWords{{{RebuildState::Filling, "filling"}, {RebuildState::Filled, "filled"},
                                                                           {RebuildState::Swapped, "swapped"}, {RebuildState::SwappedBack, "swappedBack"}, {RebuildState::Replaced, "replaced"}}};

} // namespace

QByteArray toJson(const RebuildCheckpoint &checkpoint)
{
    QJsonArray positions;
    for (const SourcePosition &each : checkpoint.positions) {
        positions.append(QJsonObject{{QStringLiteral("stream"), each.stream}, {QStringLiteral("partition"), each.partition}, {QStringLiteral("next"), each.next},
                                     {QStringLiteral("to"), each.to}, {QStringLiteral("rankOffset"), each.rankOffset}});
    }
    QJsonArray parked;
    for (const ParkedEvent &each : checkpoint.parked) {
        parked.append(QJsonObject{{QStringLiteral("stream"), each.address.stream}, {QStringLiteral("partition"), each.address.partition},
                                  {QStringLiteral("position"), each.address.position}, {QStringLiteral("why"), each.why}});
    }
    const QJsonObject object{{QStringLiteral("events"), checkpoint.events}, {QStringLiteral("hash"), QString::number(checkpoint.hash, 16)},
                             {QStringLiteral("parked"), parked}, {QStringLiteral("positions"), positions}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

Result<RebuildCheckpoint> checkpointFromJson(const QByteArray &text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text);
    bool isNumber = false;
    RebuildCheckpoint checkpoint;
    checkpoint.hash = document[QStringLiteral("hash")].toString().toULongLong(&isNumber, 16);
    if (!document.isObject() || !isNumber)
        return failure(ErrorCode::Unreadable, QStringLiteral("The record of a rebuild does not say how far it has come."), QStringLiteral("Drop the rebuild and begin anew."));
    checkpoint.events = document[QStringLiteral("events")].toInteger();
    for (const QJsonValue &each : document[QStringLiteral("positions")].toArray()) {
        checkpoint.positions.push_back({each[QStringLiteral("stream")].toString(), each[QStringLiteral("partition")].toInt(), each[QStringLiteral("next")].toInteger(),
                                        each[QStringLiteral("to")].toInteger(), each[QStringLiteral("rankOffset")].toInteger()});
    }
    for (const QJsonValue &each : document[QStringLiteral("parked")].toArray()) {
        const EventAddress address{each[QStringLiteral("stream")].toString(), each[QStringLiteral("partition")].toInt(), each[QStringLiteral("position")].toInteger()};
        checkpoint.parked.push_back({address, each[QStringLiteral("why")].toString()});
    }
    return checkpoint;
}

QByteArray toJson(const std::vector<QString> &tables)
{
    QJsonArray names;
    for (const QString &table : tables)
        names.append(table);
    return QJsonDocument(names).toJson(QJsonDocument::Compact);
}

std::vector<QString> tablesFromJson(const QByteArray &text)
{
    std::vector<QString> tables;
    const QJsonDocument document = QJsonDocument::fromJson(text);
    for (const QJsonValue &name : document.array())
        tables.push_back(name.toString());
    return tables;
}

QString wordOf(RebuildState state)
{
    const auto found = std::find_if(StateWords.begin(), StateWords.end(), [state](const auto &each) { return each.first == state; });
    return QString::fromLatin1(found->second);
}

std::optional<RebuildState> stateFrom(const QString &word)
{
    const auto found = std::find_if(StateWords.begin(), StateWords.end(), [&word](const auto &each) { return word == QLatin1String(each.second); });
    return found == StateWords.end() ? std::nullopt : std::optional(found->first);
}

} // namespace connectors::tables
