// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/history.h"

#include "connectors/deliver.h"

#include <QCryptographicHash>
#include <QDateTime>
#include <QtConcurrentRun>

namespace models::history {

namespace {

constexpr connectors::EpochMs ThinInterval = 3'600'000;

/// System ids come from outside; a hash makes a file name of any of them.
QString fileNameOf(const QString &systemId)
{
    return QString::fromLatin1(QCryptographicHash::hash(systemId.toUtf8(), QCryptographicHash::Sha256).toHex().left(32)) + QStringLiteral(".db");
}

} // namespace

struct History::Files {
    struct Entry {
        connectors::Result<std::unique_ptr<HistoryFile>> file;
        connectors::EpochMs thinnedAt = 0;
    };
    std::map<QString, Entry> bySystem;

    /// `isTriedAgain`: where it could not be opened the last time.
    Entry &of(const QString &folder, const QString &systemId, bool isTriedAgain = false)
    {
        const auto found = bySystem.find(systemId);
        if (found != bySystem.end() && (found->second.file || !isTriedAgain))
            return found->second;
        const QString path = folder.isEmpty() ? QString() : folder + u'/' + fileNameOf(systemId);
        return bySystem.insert_or_assign(systemId, Entry{HistoryFile::open(path), 0}).first->second;
    }
};

History::History(QString folder, QObject *parent)
    : QObject(parent)
    , m_folder(std::move(folder))
    , m_files(std::make_shared<Files>())
{
    m_thread.setMaxThreadCount(1);
    m_thread.setExpiryTimeout(-1);
}

History::~History()
{
    m_thread.waitForDone();
}

void History::record(const QString &systemId, PollSamples poll)
{
    const auto answer = QtConcurrent::run(&m_thread, [files = m_files, folder = m_folder, systemId, poll = std::move(poll)]() -> connectors::Result<void> {
        Files::Entry &entry = files->of(folder, systemId, true);
        if (!entry.file)
            return tl::unexpected(entry.file.error());
        auto result = (*entry.file)->record(poll);
        if (result && poll.time - entry.thinnedAt > ThinInterval) {
            entry.thinnedAt = poll.time;
            result = (*entry.file)->thin(poll.time);
        }
        return result;
    });
    connectors::deliver(answer, this, [this, systemId](const connectors::Result<void> &result) {
        if (result)
            Q_EMIT recorded(systemId);
        else
            report(result.error());
    });
}

QFuture<connectors::Result<SeriesByName>> History::query(const QString &systemId, const SeriesQuery &query)
{
    return QtConcurrent::run(&m_thread, [files = m_files, folder = m_folder, systemId, query]() -> connectors::Result<SeriesByName> {
        const Files::Entry &entry = files->of(folder, systemId);
        if (!entry.file)
            return tl::unexpected(entry.file.error());
        return (*entry.file)->query(query);
    });
}

QFuture<connectors::Result<std::optional<double>>> History::readingRate(const QString &systemId, const QString &consumer, connectors::EpochMs from,
                                                                        connectors::EpochMs to)
{
    return QtConcurrent::run(&m_thread, [files = m_files, folder = m_folder, systemId, consumer, from, to]() -> connectors::Result<std::optional<double>> {
        const Files::Entry &entry = files->of(folder, systemId);
        if (!entry.file)
            return tl::unexpected(entry.file.error());
        return (*entry.file)->readingRate(consumer, from, to);
    });
}

void History::report(const connectors::Error &error)
{
    if (m_reported.contains(error.message))
        return;
    m_reported.append(error.message);
    Q_EMIT failed(error);
}

} // namespace models::history
