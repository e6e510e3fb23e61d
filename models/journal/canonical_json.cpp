// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/canonical_json.h"

#include <QCryptographicHash>
#include <QJsonDocument>

namespace models::journal {

QByteArray canonicalJson(const QJsonObject &object)
{
    // QJsonObject keeps its keys sorted, and integers of 64 bits as integers.
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QString sha256Hex(const QByteArray &bytes)
{
    return QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

QJsonValue toJson(const std::optional<qint64> &number)
{
    return number ? QJsonValue(*number) : QJsonValue();
}

std::optional<qint64> numberFrom(const QJsonValue &value)
{
    return value.isDouble() ? std::optional<qint64>(value.toInteger()) : std::nullopt;
}

QJsonArray textsOf(const std::vector<QString> &texts)
{
    QJsonArray array;
    for (const QString &text : texts)
        array.append(text);
    return array;
}

std::vector<QString> textsFrom(const QJsonValue &value)
{
    std::vector<QString> texts;
    for (const QJsonValue &text : value.toArray())
        texts.push_back(text.toString());
    return texts;
}

} // namespace models::journal
