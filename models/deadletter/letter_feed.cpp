// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/deadletter/letter_feed.h"

#include "connectors/deliver.h"
#include "models/connection/connection.h"

namespace models::deadletter {

using connectors::DeadLetter;
using connectors::Error;
using connectors::ErrorCode;
using connectors::Result;

LetterFeed::LetterFeed(QObject *parent)
    : QObject(parent)
{
}

LetterFeed::~LetterFeed()
{
    m_stop.request_stop();
}

void LetterFeed::clear()
{
    m_stop.request_stop();
    m_stop = std::stop_source();
    ++m_generation;
    m_connection = nullptr;
    m_queueStream.clear();
    m_letters.clear();
    m_error.reset();
    m_isLoading = false;
    Q_EMIT loaded();
}

void LetterFeed::load(models::connection::Connection *connection, const QString &queueStream)
{
    const bool isSameQueue = m_connection == connection && m_queueStream == queueStream;
    if (isSameQueue && m_isLoading)
        return; // one request of a kind outstanding
    m_stop.request_stop();
    m_stop = std::stop_source();
    const quint64 generation = ++m_generation;
    m_connection = connection;
    m_queueStream = queueStream;
    if (!isSameQueue)
        m_letters.clear();
    auto *source = connection->connector()->deadLetterSource();
    if (!source) {
        receive(generation, connectors::failure(ErrorCode::Unsupported, connection->connector()->whyNot(connectors::Ability::DeadLetterSource)));
        return;
    }
    m_isLoading = true;
    // The connector is kept alive by the continuation until its answer is there.
    connectors::deliver(source->letters(queueStream, Limit, m_stop.get_token()), this,
                        [this, generation, connector = connection->connector()](const Result<std::vector<DeadLetter>> &result) {
                            receive(generation, result);
                        });
}

void LetterFeed::receive(quint64 generation, const Result<std::vector<DeadLetter>> &result)
{
    if (generation != m_generation)
        return;
    m_isLoading = false;
    if (result) {
        m_letters = *result;
        m_error.reset();
    } else {
        m_error = result.error();
    }
    Q_EMIT loaded();
}

} // namespace models::deadletter
