// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/contract_fields.h"

#include <QDataStream>
#include <QIODevice>

#include <concepts>

namespace connectors::remote {

template<typename T>
concept Composite = requires(T &value) { Fields<T>::of(value); };

/// Values of the contract to bytes. Big-endian, QDataStream's form of Qt 6.4 for numbers, texts and bytes.
class Writer final
{
public:
    Writer() { m_out.setVersion(QDataStream::Qt_6_4); }
    template<typename... T>
    Writer &operator()(const T &...values)
    {
        (write(values), ...);
        return *this;
    }
    [[nodiscard]] QByteArray bytes() const { return m_bytes; }

private:
    template<typename T>
    void write(const T &value)
    {
        if constexpr (std::is_enum_v<T>)
            m_out << static_cast<quint8>(value);
        else if constexpr (Composite<T>)
            std::apply([this](const auto &...fields) { (this->write(fields), ...); }, Fields<T>::of(value));
        else
            m_out << value;
    }
    void write(const EventBatchPtr &batch) { m_out << batch->toBytes(); }
    template<typename T>
    void write(const std::optional<T> &value)
    {
        m_out << value.has_value();
        if (value)
            write(*value);
    }
    template<typename T>
    void write(const std::vector<T> &values)
    {
        m_out << static_cast<quint32>(values.size());
        for (const T &value : values)
            write(value);
    }
    void write(const PositionSpec &position)
    {
        m_out << static_cast<quint8>(position.index());
        std::visit([this](const auto &alternative) { write(alternative); }, position);
    }
    template<typename T>
    void write(const Result<T> &result)
    {
        m_out << result.has_value();
        if (result)
            write(*result);
        else
            write(result.error());
    }

    QByteArray m_bytes;
    QDataStream m_out{&m_bytes, QIODevice::WriteOnly};
};

/// Bytes to values. Bytes that are cut, too many or out of range make isSound() false; then the values mean nothing.
/// Memory grows with the bytes that are there, never with a length that they claim.
class Reader final
{
public:
    explicit Reader(const QByteArray &bytes)
        : m_in(bytes)
    {
        m_in.setVersion(QDataStream::Qt_6_4);
    }
    template<typename... T>
    Reader &operator()(T &...values)
    {
        (read(values), ...);
        return *this;
    }
    [[nodiscard]] bool isSound() const { return m_in.status() == QDataStream::Ok; }
    /// Sound, and nothing is left.
    [[nodiscard]] bool isComplete() const { return isSound() && m_in.atEnd(); }

private:
    void refuse() { m_in.setStatus(QDataStream::ReadCorruptData); }

    template<typename T>
    void read(T &value)
    {
        if constexpr (std::is_enum_v<T>) {
            quint8 number = 0;
            m_in >> number;
            if (number > static_cast<quint8>(LastOf<T>))
                refuse();
            else
                value = static_cast<T>(number);
        } else if constexpr (std::same_as<T, bool>) {
            quint8 number = 0;
            m_in >> number;
            if (number > 1)
                refuse();
            value = number == 1;
        } else if constexpr (Composite<T>) {
            std::apply([this](auto &...fields) { (this->read(fields), ...); }, Fields<T>::of(value));
        } else {
            m_in >> value;
        }
    }
    void read(EventBatchPtr &batch)
    {
        QByteArray bytes;
        m_in >> bytes;
        if (auto decoded = EventBatch::fromBytes(bytes))
            batch = std::move(*decoded);
        else
            refuse();
    }
    template<typename T>
    void read(std::optional<T> &value)
    {
        bool isThere = false;
        read(isThere);
        value.reset();
        if (isThere)
            read(value.emplace());
    }
    template<typename T>
    void read(std::vector<T> &values)
    {
        quint32 count = 0;
        m_in >> count;
        values.clear();
        for (quint32 i = 0; i < count && isSound(); ++i) {
            if (m_in.atEnd()) // no element is without bytes
                return refuse();
            T value{};
            read(value);
            values.push_back(std::move(value));
        }
    }
    void read(PositionSpec &position)
    {
        quint8 index = 0;
        m_in >> index;
        readAlternative(position, index, std::make_index_sequence<std::variant_size_v<PositionSpec>>());
    }
    template<size_t... indices>
    void readAlternative(PositionSpec &position, size_t index, std::index_sequence<indices...>)
    {
        const bool isKnown = ((indices == index && (read(position.emplace<indices>()), true)) || ...);
        if (!isKnown)
            refuse();
    }
    template<typename T>
    void read(Result<T> &result)
    {
        bool isValue = false;
        read(isValue);
        if (isValue) {
            T value{};
            read(value);
            result = std::move(value);
        } else {
            Error error;
            read(error);
            result = tl::unexpected<Error>(std::move(error));
        }
    }

    QDataStream m_in;
};

} // namespace connectors::remote
