// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/journal/journal.h"

#include <QObject>
#include <QThreadPool>

namespace models::journal {

/// One record as a list shows it.
struct ListedRecord {
    Record record;
    /// Open, and no process holds its lock: it was interrupted. Only reading the system tells what became of it.
    bool needsALook = false;
};

/// The journal for a window: reads it on a thread of its own and keeps the last answer. Lives on the GUI thread.
class JournalReader final : public QObject
{
    Q_OBJECT

public:
    explicit JournalReader(QString path, QObject *parent = nullptr);
    ~JournalReader() override; ///< waits for what is being read

    [[nodiscard]] const QString &path() const { return m_path; }
    [[nodiscard]] bool hasAnswer() const { return m_hasAnswer; }
    [[nodiscard]] const std::vector<ListedRecord> &records() const { return m_records; } ///< newest first
    [[nodiscard]] const ListedRecord *find(const QString &journalId) const;
    [[nodiscard]] int needingALook() const;
    /// The newest attempt failed; the records are those of the last good one.
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; }

    /// One question at a time; asked again afterwards if it was called meanwhile.
    void read();
    /// Checks the whole chain; answers with verified().
    void verify();

Q_SIGNALS:
    void recordsRead();
    void verified(const connectors::Result<models::journal::Verification> &result);

private:
    void receive(const connectors::Result<std::vector<ListedRecord>> &result);

    const QString m_path;
    std::vector<ListedRecord> m_records;
    std::optional<connectors::Error> m_error;
    bool m_hasAnswer = false;
    bool m_isReading = false;
    bool m_isReadAgain = false;
    QThreadPool m_thread;
};

} // namespace models::journal
