// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/journal_reader.h"

#include "connectors/deliver.h"
#include "models/journal/target_lock.h"

#include <QSet>
#include <QtConcurrent>

#include <algorithm>

namespace models::journal {

using connectors::Result;

namespace {

Result<std::vector<ListedRecord>> readRecords(const QString &path)
{
    const auto journal = Journal::openToRead(path);
    if (!journal)
        return tl::unexpected(journal.error());
    std::vector<ListedRecord> listed;
    if (!*journal)
        return listed;
    auto records = (*journal)->records();
    if (!records)
        return tl::unexpected(records.error());
    // A change that runs holds its lock; one that was interrupted has lost it with its process.
    QSet<QString> unlocked;
    for (const Record &record : *records) {
        if (isOpen(record.state) && !TargetLock::isHeld(path, record.change.systemId, record.change.target))
            unlocked.insert(record.journalId);
    }
    // One that ended between the two looks wrote its end before it let go.
    if (!unlocked.isEmpty())
        records = (*journal)->records();
    if (!records)
        return tl::unexpected(records.error());
    for (Record &record : *records) {
        const bool isInterrupted = isOpen(record.state) && unlocked.contains(record.journalId);
        listed.push_back({std::move(record), isInterrupted});
    }
    return listed;
}

Result<Verification> verifyChain(const QString &path)
{
    const auto journal = Journal::openToRead(path);
    if (!journal)
        return tl::unexpected(journal.error());
    return *journal ? (*journal)->verify() : Verification();
}

} // namespace

JournalReader::JournalReader(QString path, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
{
    m_thread.setMaxThreadCount(1);
}

JournalReader::~JournalReader()
{
    m_thread.waitForDone();
}

const ListedRecord *JournalReader::find(const QString &journalId) const
{
    const auto found = std::find_if(m_records.begin(), m_records.end(), [&](const ListedRecord &one) { return one.record.journalId == journalId; });
    return found == m_records.end() ? nullptr : &*found;
}

int JournalReader::needingALook() const
{
    return static_cast<int>(std::count_if(m_records.begin(), m_records.end(), [](const ListedRecord &one) { return one.needsALook; }));
}

void JournalReader::read()
{
    if (m_isReading) {
        m_isReadAgain = true;
        return;
    }
    m_isReading = true;
    connectors::deliver(QtConcurrent::run(&m_thread, readRecords, m_path), this,
                        [this](const Result<std::vector<ListedRecord>> &result) { receive(result); });
}

void JournalReader::receive(const Result<std::vector<ListedRecord>> &result)
{
    m_isReading = false;
    m_hasAnswer = true;
    m_error.reset();
    if (result)
        m_records = *result;
    else
        m_error = result.error();
    if (std::exchange(m_isReadAgain, false))
        read();
    Q_EMIT recordsRead();
}

void JournalReader::verify()
{
    connectors::deliver(QtConcurrent::run(&m_thread, verifyChain, m_path), this,
                        [this](const Result<Verification> &result) { Q_EMIT verified(result); });
}

} // namespace models::journal
