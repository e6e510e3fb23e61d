// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/deadletter/letter_groups.h"

#include <QObject>
#include <QPointer>

#include <optional>
#include <stop_token>

namespace models::connection {
class Connection;
}

namespace models::deadletter {

/// The newest letters of one queue, read when asked; a late answer for another queue is dropped. Lives on the GUI thread.
class LetterFeed final : public QObject
{
    Q_OBJECT

public:
    /// At most so many letters are read; the page says when there are more.
    static constexpr qint64 Limit = 10'000;

    explicit LetterFeed(QObject *parent = nullptr);
    ~LetterFeed() override;

    /// Reads again also when the queue is the same. The last good letters of the same queue stay meanwhile.
    void load(models::connection::Connection *connection, const QString &queueStream);
    void clear();

    [[nodiscard]] bool isLoading() const { return m_isLoading; }
    [[nodiscard]] const std::vector<connectors::DeadLetter> &letters() const { return m_letters; }
    [[nodiscard]] bool isCutAtLimit() const { return static_cast<qint64>(m_letters.size()) >= Limit; }
    [[nodiscard]] const std::optional<connectors::Error> &error() const { return m_error; }

Q_SIGNALS:
    void loaded(); ///< letters() or error() are new

private:
    void receive(quint64 generation, const connectors::Result<std::vector<connectors::DeadLetter>> &result);

    QPointer<models::connection::Connection> m_connection;
    QString m_queueStream;
    std::vector<connectors::DeadLetter> m_letters;
    std::optional<connectors::Error> m_error;
    bool m_isLoading = false;
    quint64 m_generation = 0;
    std::stop_source m_stop;
};

} // namespace models::deadletter
