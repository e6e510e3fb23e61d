// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/postgres/parameters.h"

namespace connectors::postgres {

Parameters &Parameters::add(qint64 value)
{
    m_values.emplace_back(QByteArray::number(value));
    return *this;
}

Parameters &Parameters::add(const QString &text)
{
    m_values.emplace_back(text.toUtf8());
    return *this;
}

Parameters &Parameters::add(const QByteArray &utf8)
{
    m_values.emplace_back(utf8);
    return *this;
}

Parameters &Parameters::addNull()
{
    m_values.emplace_back(std::nullopt);
    return *this;
}

Parameters &Parameters::addOptional(const QString &text)
{
    return text.isEmpty() ? addNull() : add(text);
}

Parameters &Parameters::addArray(const QByteArrayList &texts)
{
    QByteArray array = "{";
    for (const QByteArray &text : texts) {
        array += array.size() > 1 ? ",\"" : "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\')
                array += '\\';
            array += c;
        }
        array += '"';
    }
    return add(array + '}');
}

qint64 Parameters::bytes() const
{
    qint64 sum = 0;
    for (const auto &value : m_values)
        sum += value ? value->size() : 0;
    return sum;
}

std::vector<const char *> Parameters::pointers() const
{
    std::vector<const char *> pointers;
    pointers.reserve(m_values.size());
    for (const auto &value : m_values)
        pointers.push_back(value ? value->constData() : nullptr);
    return pointers;
}

} // namespace connectors::postgres
