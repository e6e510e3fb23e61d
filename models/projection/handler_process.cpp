// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/handler_process.h"

#include "connectors/column_text.h"
#include "connectors/connection_spec.h"
#include "connectors/exact_number.h"

#include <QDeadlineTimer>
#include <QFileInfo>

#include <algorithm>
#include <array>

namespace models::projection {

namespace json = connectors::json;
using namespace connectors;

namespace {

constexpr int SliceMs = 50;
constexpr int EndMs = 1'000;
constexpr qsizetype LastWordsBytes = 2'000;
constexpr qint64 MostUnsentBytes = 8 * 1024 * 1024;

/// As a JSON string.
void addQuoted(QByteArray *line, std::string_view text)
{
    constexpr const char *Hex = "0123456789abcdef";
    *line += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\')
            (*line += '\\') += c;
        else if (byte < 0x20)
            ((*line += "\\u00") += Hex[byte >> 4]) += Hex[byte & 15];
        else
            *line += c;
    }
    *line += '"';
}

void addNumber(QByteArray *line, const char *name, qint64 number)
{
    if (number != NoNumber)
        (((*line += ",\"") += name) += "\":") += QByteArray::number(number);
}

QByteArray lineOf(const EventBatch &batch, qsizetype row, EnvelopeIn envelope, qint64 rank)
{
    const EventRecord &record = batch.record(row);
    QByteArray line = "{\"position\":" + QByteArray::number(rank) + ",\"stream\":";
    const QByteArray stream = batch.streamOf(row).toUtf8();
    addQuoted(&line, {stream.constData(), static_cast<size_t>(stream.size())});
    const std::array<std::pair<const char *, Slice>, 6> texts{{{"eventId", record.eventId}, {"eventType", record.eventType}, {"aggregateId", record.aggregateId},
                                                               {"timestamp", record.timestamp}, {"correlationId", record.correlationId}, {"causationId", record.causationId}}};
    for (const auto &[name, slice] : texts) {
        if (slice.isNull())
            continue;
        ((line += ",\"") += name) += "\":";
        addQuoted(&line, batch.text(slice));
    }
    addNumber(&line, "version", record.version);
    addNumber(&line, "schemaVersion", record.schemaVersion);
    line += ",\"data\":";
    const std::string data = record.format == BodyFormat::Json ? json::minified(contentOf(batch.text(record.payload), envelope)) : "null";
    line.append(data.data(), static_cast<qsizetype>(data.size()));
    return line += "}\n";
}

QString beginningOfLine(const QByteArray &line)
{
    return QString::fromUtf8(line.left(120)).simplified();
}

} // namespace

Result<std::unique_ptr<HandlerProcess>> HandlerProcess::start(const QStringList &command, const TableSpec &table, const HandlerLimits &limits)
{
    std::unique_ptr<HandlerProcess> handler(new HandlerProcess(table, limits));
    handler->m_name = QFileInfo(command.value(0)).fileName().left(80);
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(QString::fromLatin1(PasswordVariable));
    handler->m_process.setProcessEnvironment(environment);
    handler->m_process.start(command.value(0), command.mid(1));
    if (!handler->m_process.waitForStarted())
        return failure(ErrorCode::NotFound, QStringLiteral("The handler “%1” could not be started: %2.").arg(handler->m_name, handler->m_process.errorString()), QStringLiteral("Check “handler” in the projection file."));
    return handler;
}

HandlerProcess::~HandlerProcess()
{
    m_process.closeWriteChannel();
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(EndMs)) {
        m_process.kill();
        m_process.waitForFinished(EndMs);
    }
}

Error HandlerProcess::wrong(const QString &words) const
{
    return {ErrorCode::Incomplete, QStringLiteral("The handler “%1” %2").arg(m_name, words), QStringLiteral("Nothing of what it had not acknowledged was stored. Correct it, then go on."), false};
}

QString HandlerProcess::whyEnded()
{
    m_said = QByteArray(m_said + m_process.readAllStandardError()).right(LastWordsBytes);
    const QString words = QString::fromUtf8(m_said).trimmed().section(u'\n', -1).left(200).simplified();
    const QString told = words.isEmpty() ? QString() : QStringLiteral(": %1").arg(words);
    if (m_process.exitStatus() != QProcess::NormalExit)
        return QStringLiteral("was ended by a signal%1.").arg(told);
    return QStringLiteral("ended with status %1 before it had acknowledged every event%2.").arg(m_process.exitCode()).arg(told);
}

Result<void> HandlerProcess::send(const EventBatch &batch, qsizetype row, EnvelopeIn envelope, qint64 rankOffset)
{
    m_sent = batch.record(row).position + rankOffset;
    m_hasSent = true;
    m_process.write(lineOf(batch, row, envelope, m_sent));
    QDeadlineTimer patience(m_limits.silence);
    while (m_process.bytesToWrite() > MostUnsentBytes) {
        m_process.waitForBytesWritten(SliceMs);
        m_read += m_process.readAllStandardOutput(); // or both would wait for each other
        if (m_process.state() == QProcess::NotRunning)
            return tl::unexpected(wrong(whyEnded()));
        if (patience.hasExpired())
            return tl::unexpected(wrong(QStringLiteral("takes no events for %1 s.").arg(m_limits.silence.count() / 1000)));
    }
    return {};
}

Result<QByteArray> HandlerProcess::nextLine(const std::stop_token &stop)
{
    QDeadlineTimer patience(m_limits.silence);
    while (true) {
        if (const qsizetype end = m_read.indexOf('\n'); end >= 0) {
            const QByteArray line = m_read.left(end);
            m_read.remove(0, end + 1);
            return line;
        }
        if (m_read.size() > m_limits.longestLine)
            return tl::unexpected(wrong(QStringLiteral("answers a line of more than %1 MiB.").arg(m_limits.longestLine >> 20)));
        if (stop.stop_requested())
            return failure(ErrorCode::Cancelled, QStringLiteral("The filling was stopped."));
        if (patience.hasExpired())
            return tl::unexpected(wrong(QStringLiteral("has not acknowledged position %1 within %2 s; its last answer was for %3.").arg(m_sent).arg(m_limits.silence.count() / 1000).arg(m_acked < 0 ? QStringLiteral("none") : QString::number(m_acked))));
        const bool hasEnded = m_process.state() == QProcess::NotRunning;
        m_process.waitForReadyRead(SliceMs);
        m_said = QByteArray(m_said + m_process.readAllStandardError()).right(LastWordsBytes);
        const QByteArray more = m_process.readAllStandardOutput();
        m_read += more;
        if (!more.isEmpty())
            patience.setRemainingTime(m_limits.silence);
        if (more.isEmpty() && hasEnded)
            return tl::unexpected(wrong(whyEnded()));
    }
}

Result<std::vector<std::vector<RowChange>>> HandlerProcess::answers(const std::stop_token &stop)
{
    std::vector<std::vector<RowChange>> all;
    while (m_hasSent && m_acked < m_sent) {
        const auto line = nextLine(stop);
        if (!line)
            return tl::unexpected(line.error());
        auto changes = changesIn(*line);
        if (!changes)
            return tl::unexpected(changes.error());
        all.push_back(std::move(*changes));
    }
    return all;
}

Result<std::vector<RowChange>> HandlerProcess::changesIn(const QByteArray &line)
{
    const std::string_view text(line.constData(), static_cast<size_t>(line.size()));
    if (json::check(text) != json::Verdict::Valid || json::kindOf(text) != json::Kind::Object)
        return tl::unexpected(wrong(QStringLiteral("answers what is no JSON object: %1").arg(beginningOfLine(line))));
    const auto ackText = json::find(text, {json::Step{"ack", std::nullopt}});
    const std::optional<int64_t> ack = ackText ? wholeNumber(*ackText) : std::nullopt;
    if (!ack)
        return tl::unexpected(wrong(QStringLiteral("answers without a position in “ack”: %1").arg(beginningOfLine(line))));
    if (*ack < m_acked || *ack > m_sent)
        return tl::unexpected(wrong(QStringLiteral("acknowledges position %1, but it was sent up to %2 and had acknowledged %3: acknowledgements ascend.").arg(*ack).arg(m_sent).arg(m_acked < 0 ? QStringLiteral("none") : QString::number(m_acked))));
    m_acked = *ack;
    std::vector<RowChange> changes;
    for (const auto &[name, action] : {std::pair("delete", Rule::Action::Delete), std::pair("upsert", Rule::Action::Upsert)}) {
        const auto rows = json::find(text, {json::Step{name, std::nullopt}});
        if (!rows)
            continue;
        if (json::kindOf(*rows) != json::Kind::Array)
            return tl::unexpected(wrong(QStringLiteral("answers no array in “%1”: %2").arg(QLatin1String(name), beginningOfLine(line))));
        Result<void> added;
        json::forEachElement(*rows, [&, action = action](std::string_view row) {
            added = addRow(row, action, &changes);
            return added.has_value();
        });
        if (!added)
            return tl::unexpected(added.error());
    }
    return changes;
}

Result<void> HandlerProcess::addRow(std::string_view object, Rule::Action action, std::vector<RowChange> *changes) const
{
    const QString shown = beginningOfLine(QByteArray(object.data(), static_cast<qsizetype>(std::min<size_t>(object.size(), 200))));
    if (json::kindOf(object) != json::Kind::Object)
        return tl::unexpected(wrong(QStringLiteral("answers a row that is no object: %1").arg(shown)));
    RowChange change{action, 0, std::vector<std::string>(m_table.key.size()), {}, {}, m_acked, 0};
    std::vector<bool> hasKey(m_table.key.size());
    QString problem;
    json::forEachMember(object, [&](const json::Member &member) {
        const QString name = QString::fromStdString(json::unquoted('"' + std::string(member.name) + '"'));
        const std::optional<size_t> column = m_table.indexOf(name);
        if (!column) {
            problem = QStringLiteral("answers a column “%1”, which the table does not have: %2").arg(name.left(80), shown);
            return false;
        }
        ColumnValue value = columnValueOf(m_table.columns[*column], member.value);
        const auto key = std::find(m_table.key.begin(), m_table.key.end(), *column);
        if (!value.fits || (key != m_table.key.end() && !value.text)) {
            problem = QStringLiteral("answers a value that does not fit the column “%1”: %2").arg(name.left(80), shown);
            return false;
        }
        if (key != m_table.key.end()) {
            change.key[static_cast<size_t>(key - m_table.key.begin())] = std::move(*value.text);
            hasKey[static_cast<size_t>(key - m_table.key.begin())] = true;
        } else {
            change.set.emplace_back(*column, std::move(value.text));
        }
        return true;
    });
    if (!problem.isEmpty())
        return tl::unexpected(wrong(problem));
    if (std::find(hasKey.begin(), hasKey.end(), false) != hasKey.end())
        return tl::unexpected(wrong(QStringLiteral("answers a row without its whole key: %1").arg(shown)));
    if (action == Rule::Action::Delete)
        change.set.clear();
    changes->push_back(std::move(change));
    return {};
}

} // namespace models::projection
