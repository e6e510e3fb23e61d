// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/values.h"

namespace connectors::remote {

void putNumber(Message &message, const FieldDescriptor &field, qint64 value)
{
    const auto *reflection = message.GetReflection();
    const bool isList = field.is_repeated();
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
        return isList ? reflection->AddBool(&message, &field, value != 0) : reflection->SetBool(&message, &field, value != 0);
    case FieldDescriptor::CPPTYPE_INT32:
        return isList ? reflection->AddInt32(&message, &field, static_cast<qint32>(value)) : reflection->SetInt32(&message, &field, static_cast<qint32>(value));
    case FieldDescriptor::CPPTYPE_UINT32:
        return reflection->SetUInt32(&message, &field, static_cast<quint32>(value));
    default:
        return isList ? reflection->AddInt64(&message, &field, value) : reflection->SetInt64(&message, &field, value);
    }
}

qint64 number(const Message &message, const FieldDescriptor &field, int index)
{
    const auto *reflection = message.GetReflection();
    const bool isList = index >= 0;
    switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
        return isList ? reflection->GetRepeatedBool(message, &field, index) : reflection->GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_INT32:
        return isList ? reflection->GetRepeatedInt32(message, &field, index) : reflection->GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_UINT32:
        return reflection->GetUInt32(message, &field);
    default:
        return isList ? reflection->GetRepeatedInt64(message, &field, index) : reflection->GetInt64(message, &field);
    }
}

void putText(Message &message, const FieldDescriptor &field, const QByteArray &value)
{
    const auto *reflection = message.GetReflection();
    if (field.is_repeated())
        reflection->AddString(&message, &field, value.toStdString());
    else
        reflection->SetString(&message, &field, value.toStdString());
}

QByteArray text(const Message &message, const FieldDescriptor &field, int index)
{
    const auto *reflection = message.GetReflection();
    std::string kept;
    const std::string &value = index >= 0 ? reflection->GetRepeatedStringReference(message, &field, index, &kept)
                                          : reflection->GetStringReference(message, &field, &kept);
    return QByteArray(value.data(), static_cast<qsizetype>(value.size()));
}

const Message &part(const Message &message, const FieldDescriptor &field, int index)
{
    const auto *reflection = message.GetReflection();
    return index >= 0 ? reflection->GetRepeatedMessage(message, &field, index) : reflection->GetMessage(message, &field);
}

Message &newPart(Message &message, const FieldDescriptor &field)
{
    const auto *reflection = message.GetReflection();
    return field.is_repeated() ? *reflection->AddMessage(&message, &field) : *reflection->MutableMessage(&message, &field);
}

} // namespace connectors::remote
