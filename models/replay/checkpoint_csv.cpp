// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/replay/checkpoint_csv.h"

#include <QRegularExpression>
#include <QStringDecoder>

#include <set>

namespace models::replay {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

namespace {

std::optional<CheckpointLine> parseLine(const QString &line)
{
    static const QRegularExpression form(QStringLiteral("^\\s*(?:\"((?:[^\"]|\"\")+)\"|([^,\"]+?))\\s*,\\s*\"?(\\d+)\"?\\s*,\\s*\"?(-?\\d+)\"?\\s*$"));
    const auto match = form.match(line);
    if (!match.hasMatch())
        return std::nullopt;
    CheckpointLine result;
    result.at.stream = match.captured(1).isEmpty() ? match.captured(2) : match.captured(1).replace(QStringLiteral("\"\""), QStringLiteral("\""));
    bool isPartition = false;
    bool isPosition = false;
    result.at.partition = match.captured(3).toInt(&isPartition);
    result.position = match.captured(4).toLongLong(&isPosition);
    return isPartition && isPosition ? std::optional(result) : std::nullopt;
}

} // namespace

Result<std::vector<CheckpointLine>> parseCheckpointCsv(const QByteArray &text)
{
    const QString form = QStringLiteral("Write one line a partition: topic,partition,offset.");
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString decoded = decoder(text);
    if (decoder.hasError())
        return failure(ErrorCode::InvalidInput, QStringLiteral("The file of checkpoints is not UTF-8 text."), form);
    std::vector<CheckpointLine> lines;
    std::set<connectors::PartitionId> seen;
    qsizetype number = 0;
    for (const QString &line : decoded.split(u'\n')) {
        ++number;
        if (line.trimmed().isEmpty())
            continue;
        const auto parsed = parseLine(line);
        if (!parsed)
            return failure(ErrorCode::InvalidInput, QStringLiteral("Line %1 of the file of checkpoints, “%2”, cannot be read.").arg(QString::number(number), QString(line.left(120))), form);
        if (!seen.insert(parsed->at).second)
            return failure(ErrorCode::InvalidInput, QStringLiteral("Line %1 of the file of checkpoints names %2 partition %3 a second time.")
                               .arg(QString::number(number), parsed->at.stream, QString::number(parsed->at.partition)), QStringLiteral("Keep one line a partition."));
        lines.push_back(*parsed);
    }
    if (lines.empty())
        return failure(ErrorCode::InvalidInput, QStringLiteral("The file of checkpoints is empty."), form);
    return lines;
}

} // namespace models::replay
