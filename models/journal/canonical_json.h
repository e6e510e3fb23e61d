// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <optional>
#include <vector>

namespace models::journal {

/// One text for one value: sorted keys, no white space, integers exact at 64 bits. What is hashed and stored.
[[nodiscard]] QByteArray canonicalJson(const QJsonObject &object);
/// SHA-256 in lower-case hex.
[[nodiscard]] QString sha256Hex(const QByteArray &bytes);

/// A JSON number, or null where there is none; and back.
[[nodiscard]] QJsonValue toJson(const std::optional<qint64> &number);
[[nodiscard]] std::optional<qint64> numberFrom(const QJsonValue &value);

/// An array of texts, and back.
[[nodiscard]] QJsonArray textsOf(const std::vector<QString> &texts);
[[nodiscard]] std::vector<QString> textsFrom(const QJsonValue &value);

} // namespace models::journal
