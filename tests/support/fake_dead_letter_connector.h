// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connector.h"
#include "models/connection/connection_opener.h"

#include <QHash>
#include <QPromise>

#include <functional>
#include <memory>

namespace tests {

/// A connection that has dead letters and nothing else, of which each is an OrderPlaced of flow-1; answers at once, or when the
/// test lets go. One thread only.
class FakeDeadLetterConnector final : public connectors::Connector, public connectors::DeadLetterSource, public connectors::EventReader
{
public:
    void setQueues(std::vector<connectors::DeadLetterQueue> queues) { m_queues = std::move(queues); }
    void setLetters(const QString &queue, std::vector<connectors::DeadLetter> letters) { m_letters[queue] = std::move(letters); }
    /// From now on every question about dead letters fails so.
    void failWith(connectors::Error error) { m_error = std::move(error); }
    void holdAnswers() { m_isHolding = true; }
    void releaseAnswers();

    QFuture<connectors::Result<connectors::SystemIdentity>> identify(std::stop_token stop) override;
    [[nodiscard]] connectors::Traffic traffic() const override { return {}; }
    connectors::DeadLetterSource *deadLetterSource() override { return this; }
    connectors::EventReader *eventReader() override { return this; }
    [[nodiscard]] QString whyNot(connectors::Ability) const override { return QStringLiteral("A fake has dead letters only."); }

    QFuture<connectors::Result<std::vector<connectors::DeadLetterQueue>>> deadLetterQueues(std::stop_token stop) override;
    QFuture<connectors::Result<std::vector<connectors::DeadLetter>>> letters(QString queueStream, qint64 limit, std::stop_token stop) override;
    connectors::EventChannelPtr read(connectors::ReadRequest request) override;
    QFuture<connectors::Result<connectors::EventBatchPtr>> fetch(std::vector<connectors::EventAddress> addresses, qint64 previewBytes, std::stop_token stop) override;
    QFuture<connectors::Result<connectors::EventPage>> fetchPage(connectors::PageRequest, std::stop_token) override { return {}; }

private:
    template<typename T>
    QFuture<connectors::Result<T>> answer(const T &value);

    std::vector<connectors::DeadLetterQueue> m_queues;
    QHash<QString, std::vector<connectors::DeadLetter>> m_letters;
    std::optional<connectors::Error> m_error;
    bool m_isHolding = false;
    std::vector<std::function<void()>> m_held;
};

/// For workspaces to which tests add their connectors themselves.
class NoOpener : public models::connection::ConnectionOpener
{
public:
    QFuture<connectors::Result<std::vector<models::connection::SavedConnection>>> savedConnections() override;
    QFuture<connectors::Result<connectors::ConnectionSpec>> find(const QString &nameOrUrl) override;
    QFuture<connectors::Result<std::shared_ptr<connectors::Connector>>> open(const connectors::ConnectionSpec &spec,
                                                                             const std::optional<connectors::Credentials> &credentials) override;
    QFuture<connectors::Result<void>> save(const connectors::ConnectionSpec &spec, const std::optional<connectors::Credentials> &credentials) override;
    QFuture<connectors::Result<void>> change(const QString &name, const connectors::ConnectionSpec &spec, const connectors::Credentials &credentials) override;
    QFuture<connectors::Result<void>> forget(const QString &name) override;
};

} // namespace tests
