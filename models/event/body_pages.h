// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/job/job.h"

#include <QFuture>
#include <QObject>

#include <memory>

namespace models::event {

/// Turns over the pages of one body that is too large to be in memory as a whole. The newest question counts: a late answer to
/// an earlier one is dropped. Lives on the GUI thread.
class BodyPages final : public QObject
{
    Q_OBJECT

public:
    explicit BodyPages(QObject *parent = nullptr);
    ~BodyPages() override;

    void open(std::shared_ptr<connectors::Connector> connector, const connectors::EventAddress &address, qint64 size);
    void close();
    /// Answers with received() or failed(), never before it returns. Nothing happens where none is open.
    void show(qint64 offset);

    [[nodiscard]] bool isOpen() const { return m_connector != nullptr; }
    [[nodiscard]] const std::shared_ptr<connectors::Connector> &connector() const { return m_connector; }
    [[nodiscard]] const connectors::EventAddress &address() const { return m_address; }
    [[nodiscard]] qint64 size() const { return m_size; }

Q_SIGNALS:
    void received(const connectors::EventPage &page);
    void failed(const connectors::Error &error);

private:
    std::shared_ptr<connectors::Connector> m_connector;
    connectors::EventAddress m_address;
    qint64 m_size = 0;
    std::stop_source m_stop;
    quint64 m_generation = 0;
};

/// Writes a body of `size` bytes, exactly as it is, on another thread; a page is in memory at a time, and the file is replaced
/// only when it is complete. The progress counts bytes. Errors: Cancelled, StorageFailed with the path, or what reading says.
[[nodiscard]] QFuture<connectors::Result<void>> saveBody(std::shared_ptr<connectors::Connector> connector, connectors::EventAddress address, qint64 size,
                                                         QString path, std::shared_ptr<models::job::JobProgress> progress);

} // namespace models::event
