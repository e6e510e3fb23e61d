// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journal.h"

#include "models/journal/canonical_json.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QFileInfo>
#include <QJsonDocument>
#include <QMap>
#include <QStandardPaths>

#include <sqlite3.h>

namespace models::journal {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

namespace {

/// Every field goes in with its length, so that no two entries share one text.
QByteArray hashOf(qint64 id, qint64 job, const QByteArray &state, qint64 at, const QByteArray &body, const QByteArray &previous)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QByteArray &field : {QByteArray::number(id), QByteArray::number(job), state, QByteArray::number(at), body, previous}) {
        hash.addData(QByteArray(QByteArray::number(field.size()) + ':'));
        hash.addData(field);
    }
    return hash.result();
}

QByteArray sinkLine(qint64 id, qint64 job, const QByteArray &state, qint64 at, const QJsonObject &body, const QByteArray &hash)
{
    return canonicalJson({{QStringLiteral("id"), id}, {QStringLiteral("journalId"), QString::number(job)}, {QStringLiteral("state"), QString::fromLatin1(state)},
                          {QStringLiteral("at"), at}, {QStringLiteral("body"), body}, {QStringLiteral("hash"), QString::fromLatin1(hash.toHex())}});
}

QString dataFolder()
{
    const QString set = qEnvironmentVariable("XDG_DATA_HOME");
    return (set.startsWith(u'/') ? set : QStandardPaths::writableLocation(QStandardPaths::HomeLocation) + QStringLiteral("/.local/share"))
        + QStringLiteral("/streamgauge");
}

/// The newest change that put another one back, and got somewhere, is named by it.
void linkUndone(QMap<qint64, Record> &records)
{
    for (const Record &record : std::as_const(records)) {
        const auto undone = records.find(record.change.undoes.toLongLong());
        const bool hasEffect = record.state == State::Done || record.state == State::Partial;
        if (!record.change.undoes.isEmpty() && hasEffect && undone != records.end())
            undone->undoneBy = record.journalId;
    }
    for (Record &record : records) {
        const auto undo = records.constFind(record.undoneBy.toLongLong());
        record.isWhollyUndone = undo != records.cend() && undo->state == State::Done && undo->undoneBy.isEmpty();
    }
}

} // namespace

QString Journal::defaultPath()
{
    return dataFolder() + QStringLiteral("/journal.db");
}

Result<std::unique_ptr<Journal>> Journal::open(const QString &path, const QString &sinkPlace, connectors::ConnectionFactory *factory)
{
    auto database = JournalDatabase::open(path, JournalDatabase::Access::Write);
    if (!database)
        return tl::unexpected(database.error());
    return std::unique_ptr<Journal>(new Journal(std::move(*database), path, JournalSink(sinkPlace, factory)));
}

Result<std::unique_ptr<Journal>> Journal::openToRead(const QString &path)
{
    if (!QFileInfo::exists(path) || QFileInfo(path).size() == 0)
        return std::unique_ptr<Journal>();
    auto database = JournalDatabase::open(path, JournalDatabase::Access::Read);
    if (!database)
        return tl::unexpected(database.error());
    return std::unique_ptr<Journal>(new Journal(std::move(*database), path, JournalSink({})));
}

Result<QString> Journal::add(const PlannedChange &change)
{
    qint64 job = 0;
    const auto added = m_database->transact([&]() -> Result<void> {
        Statement known(m_database->handle(), "SELECT job FROM entries WHERE state = 'PLANNED' AND json_extract(body, '$.planId') = ?");
        known.bind(1, change.planId.toUtf8());
        if (known.step() == SQLITE_ROW) {
            return failure(ErrorCode::Conflict, QStringLiteral("The plan %1 is in the journal already, as %2.").arg(change.planId).arg(known.integer(0)));
        }
        Statement last(m_database->handle(), "SELECT coalesce(max(job), 0) FROM entries");
        const int code = last.step();
        if (code != SQLITE_ROW)
            return tl::unexpected(m_database->error(code));
        job = last.integer(0) + 1;
        return appendEntry(job, State::Planned, toJson(change));
    });
    if (!added)
        return tl::unexpected(added.error());
    return QString::number(job);
}

Result<void> Journal::append(const QString &journalId, State state, const QJsonObject &body)
{
    return m_database->transact([&] { return appendEntry(journalId.toLongLong(), state, body); });
}

Result<void> Journal::appendEntry(qint64 job, State state, const QJsonObject &body)
{
    qint64 id = 1;
    QByteArray previous(32, '\0');
    {
        Statement last(m_database->handle(), "SELECT id, hash FROM entries ORDER BY id DESC LIMIT 1");
        const int code = last.step();
        if (code == SQLITE_ROW) {
            id = last.integer(0) + 1;
            previous = last.bytes(1);
        } else if (code != SQLITE_DONE) {
            return tl::unexpected(m_database->error(code));
        }
    }
    const QByteArray word = wordOf(state).toUtf8();
    const QByteArray text = canonicalJson(body);
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    Statement insert(m_database->handle(), "INSERT INTO entries(id, job, state, at, body, previous, hash) VALUES(?, ?, ?, ?, ?, ?, ?)");
    insert.bind(1, id);
    insert.bind(2, job);
    insert.bind(3, word);
    insert.bind(4, now);
    insert.bind(5, text);
    insert.bindBlob(6, previous);
    const QByteArray hash = hashOf(id, job, word, now, text, previous);
    insert.bindBlob(7, hash);
    if (const int code = insert.step(); code != SQLITE_DONE)
        return tl::unexpected(m_database->error(code));
    return m_sink.write(sinkLine(id, job, word, now, body, hash));
}

Result<Record> Journal::find(const QString &id) const
{
    auto all = records();
    if (!all)
        return tl::unexpected(all.error());
    for (Record &record : *all) {
        if (record.journalId == id || record.change.planId == id)
            return std::move(record);
    }
    return failure(ErrorCode::NotFound, QStringLiteral("The journal holds no record and no plan “%1”.").arg(id),
                   QStringLiteral("List what it holds with: streamgaugectl journal"));
}

Result<std::vector<Record>> Journal::records() const
{
    QMap<qint64, std::vector<Entry>> entries;
    Statement all(m_database->handle(), "SELECT id, job, state, at, body FROM entries ORDER BY id");
    int code = all.step();
    for (; code == SQLITE_ROW; code = all.step()) {
        const auto state = stateFrom(QString::fromUtf8(all.bytes(2)));
        if (!state) {
            return failure(ErrorCode::Unreadable, QStringLiteral("Entry %1 of the journal %2 has the unknown state “%3”.")
                               .arg(all.integer(0)).arg(m_path, QString::fromUtf8(all.bytes(2))),
                           QStringLiteral("Check it with: streamgaugectl journal --verify"));
        }
        entries[all.integer(1)].push_back({all.integer(0), all.integer(1), *state, all.integer(3), QJsonDocument::fromJson(all.bytes(4)).object()});
    }
    if (code != SQLITE_DONE)
        return tl::unexpected(m_database->error(code));
    QMap<qint64, Record> byJob;
    for (auto job = entries.begin(); job != entries.end(); ++job)
        byJob.insert(job.key(), fold(std::move(job.value())));
    linkUndone(byJob);
    std::vector<Record> newestFirst(byJob.begin(), byJob.end());
    std::reverse(newestFirst.begin(), newestFirst.end());
    return newestFirst;
}

Result<Verification> Journal::verify() const
{
    Verification found;
    {
        Statement check(m_database->handle(), "PRAGMA integrity_check(1)");
        const int code = check.step();
        const QByteArray answer = code == SQLITE_ROW ? check.bytes(0) : QByteArray();
        if (answer != "ok")
            found.problem = QStringLiteral("The file %1 is damaged: %2.").arg(m_path, QString::fromUtf8(answer.isEmpty() ? sqlite3_errmsg(m_database->handle()) : answer));
    }
    QByteArray previous(32, '\0');
    Statement all(m_database->handle(), "SELECT id, job, state, at, body, previous, hash FROM entries ORDER BY id");
    int code = all.step();
    for (; code == SQLITE_ROW; code = all.step()) {
        const qint64 id = all.integer(0);
        const QByteArray hash = hashOf(id, all.integer(1), all.bytes(2), all.integer(3), all.bytes(4), previous);
        if (id != ++found.entries || all.bytes(5) != previous || all.bytes(6) != hash) {
            found.firstBad = id;
            found.problem = QStringLiteral("Entry %1 of the journal %2 is not as it was written.").arg(id).arg(m_path);
            return found;
        }
        previous = hash;
    }
    if (code != SQLITE_DONE && found.problem.isEmpty())
        found.problem = m_database->error(code).message;
    return found;
}

} // namespace models::journal
