// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/postgres/copy.h"

#include <libpq-fe.h>

#include <memory>

namespace connectors::postgres {

void CopyLine::separate()
{
    if (!m_isFirst)
        m_line += '\t';
    m_isFirst = false;
}

CopyLine &CopyLine::add(std::string_view utf8)
{
    separate();
    for (const char c : utf8) {
        switch (c) {
        case '\\': m_line += "\\\\"; break;
        case '\t': m_line += "\\t"; break;
        case '\n': m_line += "\\n"; break;
        case '\r': m_line += "\\r"; break;
        default: m_line += c;
        }
    }
    return *this;
}

CopyLine &CopyLine::add(const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    return add(std::string_view(utf8.constData(), static_cast<size_t>(utf8.size())));
}

CopyLine &CopyLine::add(qint64 value)
{
    separate();
    m_line += QByteArray::number(value);
    return *this;
}

CopyLine &CopyLine::addNull()
{
    separate();
    m_line += "\\N";
    return *this;
}

QByteArray CopyLine::take()
{
    m_isFirst = true;
    return std::exchange(m_line, {}) + '\n';
}

CopyIn::CopyIn(Database &database, const QByteArray &sql)
    : m_database(database)
{
    database.startCopy(sql, PGRES_COPY_IN);
}

CopyIn::~CopyIn()
{
    if (!m_isOpen || !m_database.isUsable())
        return;
    PQputCopyEnd(m_database.m_handle, "not finished"); // the server refuses it all then
    m_database.drain(Database::Clock::now() + std::chrono::seconds(1));
}

void CopyIn::write(const QByteArray &lines)
{
    PGconn *handle = m_database.m_handle;
    int sent = 0;
    while ((sent = PQputCopyData(handle, lines.constData(), static_cast<int>(lines.size()))) == 0)
        m_database.await(true);
    if (sent < 0)
        m_database.failLost();
    m_database.flush();
}

qint64 CopyIn::finish()
{
    int sent = 0;
    while ((sent = PQputCopyEnd(m_database.m_handle, nullptr)) == 0)
        m_database.await(true);
    m_isOpen = false;
    if (sent < 0)
        m_database.failLost();
    m_database.flush();
    return m_database.collect().affected();
}

CopyOut::CopyOut(Database &database, const QByteArray &sql)
    : m_database(database)
{
    database.startCopy(sql, PGRES_COPY_OUT);
}

CopyOut::~CopyOut()
{
    if (m_isOpen && m_database.isUsable())
        m_database.abandon();
}

std::optional<QByteArray> CopyOut::next()
{
    PGconn *handle = m_database.m_handle;
    if (!m_isOpen)
        return std::nullopt;
    char *bytes = nullptr;
    int length = 0;
    while ((length = PQgetCopyData(handle, &bytes, 1)) == 0) {
        m_database.await(false);
        if (PQconsumeInput(handle) == 0)
            m_database.failLost();
    }
    if (length > 0) {
        const std::unique_ptr<char, decltype(&PQfreemem)> owned(bytes, PQfreemem);
        return QByteArray(bytes, length);
    }
    m_isOpen = false;
    if (length == -2)
        m_database.failLost();
    std::ignore = m_database.collect();
    return std::nullopt;
}

std::vector<std::optional<QByteArray>> CopyOut::fieldsOf(const QByteArray &line)
{
    std::vector<std::optional<QByteArray>> fields;
    QByteArray field;
    bool isNull = false;
    for (qsizetype i = 0; i < line.size() && line[i] != '\n'; ++i) {
        if (line[i] == '\t') {
            fields.push_back(isNull ? std::nullopt : std::optional(field));
            field.clear();
            isNull = false;
        } else if (line[i] == '\\' && i + 1 < line.size()) {
            switch (const char c = line[++i]) {
            case 'N': isNull = true; break;
            case 'b': field += '\b'; break;
            case 'f': field += '\f'; break;
            case 'n': field += '\n'; break;
            case 'r': field += '\r'; break;
            case 't': field += '\t'; break;
            case 'v': field += '\v'; break;
            default: field += c;
            }
        } else {
            field += line[i];
        }
    }
    fields.push_back(isNull ? std::nullopt : std::optional(field));
    return fields;
}

} // namespace connectors::postgres
