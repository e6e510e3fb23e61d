// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QTcpServer>
#include <QTcpSocket>

#include <future>
#include <mutex>
#include <thread>

namespace tests {

inline QByteArray base64Url(const QByteArray &bytes)
{
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

/// An unsigned JSON web token, which a test listener takes.
inline QByteArray unsignedToken(const QByteArray &subject, qint64 lifeSeconds = 3600)
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    return base64Url(R"({"alg":"none"})") + '.'
        + base64Url("{\"sub\":\"" + subject + "\",\"iat\":" + QByteArray::number(now - 1) + ",\"exp\":" + QByteArray::number(now + lifeSeconds) + '}') + '.';
}

/// An OAuth token endpoint on a loopback port: answers every POST with the same status and body, on a thread of its own.
class TokenServer final
{
public:
    TokenServer(int status, QByteArray body)
    {
        std::promise<quint16> port;
        std::future<quint16> listening = port.get_future();
        m_thread = std::jthread([this, status, body = std::move(body), port = std::move(port)](const std::stop_token &stop) mutable {
            QTcpServer server;
            server.listen(QHostAddress::LocalHost);
            port.set_value(server.serverPort());
            while (!stop.stop_requested()) {
                if (server.waitForNewConnection(50))
                    answer(server.nextPendingConnection(), status, body);
            }
        });
        m_port = listening.get();
    }

    [[nodiscard]] QString url() const { return QStringLiteral("http://127.0.0.1:%1/token").arg(m_port); }
    [[nodiscard]] QByteArray lastRequest() const
    {
        const std::lock_guard lock(m_mutex);
        return m_lastRequest;
    }
    [[nodiscard]] int requests() const
    {
        const std::lock_guard lock(m_mutex);
        return m_requests;
    }

private:
    void answer(QTcpSocket *socket, int status, const QByteArray &body)
    {
        const std::unique_ptr<QTcpSocket> owned(socket);
        QByteArray request;
        while (!request.contains("grant_type=") && socket->waitForReadyRead(5000))
            request += socket->readAll();
        {
            const std::lock_guard lock(m_mutex);
            m_lastRequest = request;
            ++m_requests;
        }
        socket->write("HTTP/1.1 " + QByteArray::number(status) + " X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                      + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        socket->waitForBytesWritten(5000);
        socket->disconnectFromHost();
    }

    mutable std::mutex m_mutex;
    QByteArray m_lastRequest;
    int m_requests = 0;
    quint16 m_port = 0;
    std::jthread m_thread; ///< last: it uses the others
};

} // namespace tests
