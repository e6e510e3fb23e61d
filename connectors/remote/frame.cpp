// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/frame.h"

#include <QtEndian>

namespace connectors::remote {

namespace {
constexpr qsizetype LengthBytes = sizeof(quint32);
}

QByteArray frameOf(const QByteArray &message)
{
    QByteArray frame(LengthBytes, Qt::Uninitialized);
    qToLittleEndian(static_cast<quint32>(message.size()), frame.data());
    return frame + message;
}

void FrameReader::add(const char *bytes, qsizetype count)
{
    if (m_taken > 0 && m_taken == m_bytes.size()) {
        m_bytes.clear();
        m_taken = 0;
    }
    m_bytes.append(bytes, count);
}

std::optional<QByteArray> FrameReader::next()
{
    if (m_isBroken || m_bytes.size() - m_taken < LengthBytes)
        return std::nullopt;
    const auto length = static_cast<qsizetype>(qFromLittleEndian<quint32>(m_bytes.constData() + m_taken));
    m_isBroken = length > m_limit;
    if (m_isBroken || m_bytes.size() - m_taken - LengthBytes < length)
        return std::nullopt;
    QByteArray message = m_bytes.mid(m_taken + LengthBytes, length);
    m_taken += LengthBytes + length;
    m_limit = MaxFrameBytes;
    constexpr qsizetype Worthwhile = 1024 * 1024;
    if (m_taken >= Worthwhile) {
        m_bytes.remove(0, m_taken);
        m_taken = 0;
    }
    return message;
}

QByteArray FrameReader::rest() const
{
    constexpr qsizetype Most = 1000;
    return m_bytes.mid(m_taken, Most);
}

} // namespace connectors::remote
