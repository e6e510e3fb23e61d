// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/body_pages.h"

#include "connectors/deliver.h"
#include "models/event/whole_event.h"

#include <QSaveFile>
#include <QtConcurrentRun>

namespace models::event {

using connectors::ErrorCode;
using connectors::Result;

BodyPages::BodyPages(QObject *parent)
    : QObject(parent)
{
}

BodyPages::~BodyPages()
{
    m_stop.request_stop();
}

void BodyPages::open(std::shared_ptr<connectors::Connector> connector, const connectors::EventAddress &address, qint64 size)
{
    close();
    m_connector = std::move(connector);
    m_address = address;
    m_size = size;
}

void BodyPages::close()
{
    m_stop.request_stop();
    m_stop = {};
    ++m_generation;
    m_connector.reset();
}

void BodyPages::show(qint64 offset)
{
    connectors::EventReader *reader = m_connector ? m_connector->eventReader() : nullptr;
    if (!reader)
        return;
    m_stop.request_stop();
    m_stop = {};
    // The answer holds on to the connector: closing the connection must not take it away from under its own reader.
    connectors::deliver(reader->fetchPage({m_address, connectors::EventPart::Body, offset, connectors::PageBytes}, m_stop.get_token()), this,
                        [this, generation = ++m_generation, connector = m_connector](const Result<connectors::EventPage> &page) {
                            if (generation != m_generation)
                                return;
                            if (page)
                                Q_EMIT received(*page);
                            else
                                Q_EMIT failed(page.error());
                        });
}

QFuture<Result<void>> saveBody(std::shared_ptr<connectors::Connector> connector, connectors::EventAddress address, qint64 size, QString path,
                               std::shared_ptr<models::job::JobProgress> progress)
{
    return QtConcurrent::run([connector = std::move(connector), address = std::move(address), size, path = std::move(path), progress = std::move(progress)]() -> Result<void> {
        QSaveFile file(path);
        const auto notWritten = [&file] {
            return connectors::failure(ErrorCode::StorageFailed, BodyPages::tr("The file “%1” was not written: %2.").arg(file.fileName(), file.errorString()),
                                       BodyPages::tr("Choose a folder that you may write to and that has space."));
        };
        if (!file.open(QIODevice::WriteOnly))
            return notWritten();
        progress->total = size;
        const auto write = [&](const QByteArray &bytes) {
            progress->done += bytes.size();
            return !progress->isCancelled() && file.write(bytes) == bytes.size();
        };
        const Result<void> written = writeBody(*connector->eventReader(), address, 0, size, write, progress->stop.get_token());
        if (progress->isCancelled())
            return connectors::failure(ErrorCode::Cancelled, BodyPages::tr("Saving was cancelled; no file was written."));
        if (!written)
            return written;
        if (file.error() != QFileDevice::NoError || !file.commit())
            return notWritten();
        return {};
    });
}

} // namespace models::event
