// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/remote/contract_fields.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <concepts>

namespace connectors::remote {

// The contract's values to and from the messages of connection.proto, by the order of the fields on both sides. A text, a
// number and a list stand for themselves; what is null is not there; a list that may be null is in a message of its own.

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

template<typename T>
concept Composite = requires(T &value) { Fields<T>::of(value); };

void putNumber(Message &message, const FieldDescriptor &field, qint64 value);
void putText(Message &message, const FieldDescriptor &field, const QByteArray &value);
/// `index`: of a list's element; −1 for what is no list.
[[nodiscard]] qint64 number(const Message &message, const FieldDescriptor &field, int index = -1);
[[nodiscard]] QByteArray text(const Message &message, const FieldDescriptor &field, int index = -1);
[[nodiscard]] const Message &part(const Message &message, const FieldDescriptor &field, int index = -1);
/// A new element where the field is a list.
[[nodiscard]] Message &newPart(Message &message, const FieldDescriptor &field);

template<typename T>
void putField(Message &message, const FieldDescriptor &field, const T &value);
template<typename T>
[[nodiscard]] bool takeField(const Message &message, const FieldDescriptor &field, T &value, int index = -1);

/// The i-th value into the i-th field.
template<typename... T>
void putFields(Message &message, const T &...values)
{
    int index = 0;
    (putField(message, *message.GetDescriptor()->field(index++), values), ...);
}

/// False: a value is not one of the contract's. Then the values mean nothing.
template<typename... T>
[[nodiscard]] bool takeFields(const Message &message, T &...values)
{
    int index = 0;
    return (takeField(message, *message.GetDescriptor()->field(index++), values) && ...);
}

template<typename T>
struct Values {
    static void put(Message &message, const T &value)
    {
        std::apply([&message](const auto &...fields) { putFields(message, fields...); }, Fields<T>::of(value));
    }
    [[nodiscard]] static bool take(const Message &message, T &value)
    {
        return std::apply([&message](auto &...fields) { return takeFields(message, fields...); }, Fields<T>::of(value));
    }
};

/// A message whose only field is the list.
template<typename T>
struct Values<std::vector<T>> {
    static void put(Message &message, const std::vector<T> &values) { putField(message, *message.GetDescriptor()->field(0), values); }
    [[nodiscard]] static bool take(const Message &message, std::vector<T> &values) { return takeField(message, *message.GetDescriptor()->field(0), values); }
};

/// A message whose only field is the value, which may be missing.
template<typename T>
struct Values<std::optional<T>> {
    static void put(Message &message, const std::optional<T> &value) { putField(message, *message.GetDescriptor()->field(0), value); }
    [[nodiscard]] static bool take(const Message &message, std::optional<T> &value) { return takeField(message, *message.GetDescriptor()->field(0), value); }
};

template<>
struct Values<EventBatchPtr> {
    static void put(Message &message, const EventBatchPtr &batch) { putText(message, *message.GetDescriptor()->field(0), batch->toBytes()); }
    [[nodiscard]] static bool take(const Message &message, EventBatchPtr &batch)
    {
        auto decoded = EventBatch::fromBytes(text(message, *message.GetDescriptor()->field(0)));
        if (decoded)
            batch = std::move(*decoded);
        return decoded.has_value();
    }
};

/// The one alternative that is there.
template<typename... T>
struct Values<std::variant<T...>> {
    using Variant = std::variant<T...>;
    static void put(Message &message, const Variant &value)
    {
        const auto *field = message.GetDescriptor()->field(static_cast<int>(value.index()));
        std::visit([&](const auto &alternative) { putField(message, *field, alternative); }, value);
    }
    [[nodiscard]] static bool take(const Message &message, Variant &value) { return takeAny(message, value, std::index_sequence_for<T...>()); }

private:
    template<size_t... indices>
    static bool takeAny(const Message &message, Variant &value, std::index_sequence<indices...>)
    {
        const auto takeIfThere = [&]<size_t index>(std::integral_constant<size_t, index>) {
            const auto *field = message.GetDescriptor()->field(static_cast<int>(index));
            return message.GetReflection()->HasField(message, field) && takeField(message, *field, value.template emplace<index>());
        };
        return (takeIfThere(std::integral_constant<size_t, indices>()) || ...);
    }
};

template<typename T>
inline constexpr bool IsOptional = false;
template<typename T>
inline constexpr bool IsOptional<std::optional<T>> = true;
template<typename T>
inline constexpr bool IsList = std::same_as<T, QStringList>;
template<typename T>
inline constexpr bool IsList<std::vector<T>> = true;

template<typename T>
void putField(Message &message, const FieldDescriptor &field, const T &value)
{
    if constexpr (IsOptional<T>) {
        if (value)
            putField(message, field, *value);
    } else if constexpr (std::same_as<T, QMap<QString, QString>>) {
        for (auto entry = value.cbegin(); entry != value.cend(); ++entry)
            putFields(newPart(message, field), entry.key(), entry.value());
    } else if constexpr (std::same_as<T, QString>) {
        putText(message, field, value.toUtf8());
    } else if constexpr (std::same_as<T, QRegularExpression>) {
        putText(message, field, value.pattern().toUtf8());
    } else if constexpr (std::same_as<T, QByteArray>) {
        if (!value.isNull() || !field.has_presence())
            putText(message, field, value);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
        putNumber(message, field, static_cast<qint64>(value));
    } else if constexpr (IsList<T>) {
        if constexpr (!std::same_as<T, QStringList>) {
            if (!field.is_repeated())
                return Values<T>::put(newPart(message, field), value);
        }
        for (const auto &element : value)
            putField(message, field, typename T::value_type(element));
    } else {
        Values<T>::put(newPart(message, field), value);
    }
}

template<typename T>
bool takeField(const Message &message, const FieldDescriptor &field, T &value, int index)
{
    const auto *reflection = message.GetReflection();
    if constexpr (IsOptional<T>) {
        value.reset();
        return !reflection->HasField(message, &field) || takeField(message, field, value.emplace());
    } else if constexpr (std::same_as<T, QMap<QString, QString>>) {
        for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
            std::pair<QString, QString> entry;
            if (!takeFields(part(message, field, i), entry.first, entry.second))
                return false;
            value.insert(entry.first, entry.second);
        }
        return true;
    } else if constexpr (std::same_as<T, QString>) {
        value = QString::fromUtf8(text(message, field, index));
        return true;
    } else if constexpr (std::same_as<T, QRegularExpression>) {
        value.setPattern(QString::fromUtf8(text(message, field, index)));
        return value.isValid();
    } else if constexpr (std::same_as<T, QByteArray>) {
        const bool isNull = field.has_presence() && !reflection->HasField(message, &field);
        value = isNull ? QByteArray() : text(message, field, index);
        return true;
    } else if constexpr (std::is_enum_v<T>) {
        const qint64 which = number(message, field, index);
        value = static_cast<T>(which);
        return which >= 0 && which <= static_cast<qint64>(LastOf<T>);
    } else if constexpr (std::is_arithmetic_v<T>) {
        const qint64 wide = number(message, field, index);
        value = static_cast<T>(wide);
        return static_cast<qint64>(value) == wide;
    } else if constexpr (IsList<T>) {
        if constexpr (!std::same_as<T, QStringList>) {
            if (!field.is_repeated())
                return Values<T>::take(part(message, field), value);
        }
        value.clear();
        for (int i = 0; i < reflection->FieldSize(message, &field); ++i) {
            typename T::value_type element{};
            if (!takeField(message, field, element, i))
                return false;
            value.push_back(std::move(element));
        }
        return true;
    } else {
        return Values<T>::take(part(message, field, index), value);
    }
}

} // namespace connectors::remote
