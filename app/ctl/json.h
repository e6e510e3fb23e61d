// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QByteArray>
#include <QJsonValue>
#include <QStringList>

#include <concepts>
#include <optional>
#include <vector>

namespace ctl {

/// One JSON value as its text. Integers are exact at 64 bits; what a system does not have is null, never 0.
class Json final
{
public:
    Json() : m_text("null") { }
    Json(std::nullptr_t) : Json() { }
    Json(bool value) : m_text(value ? "true" : "false") { }
    Json(std::integral auto value) : m_text(QByteArray::number(static_cast<qint64>(value))) { }
    Json(const QString &text);
    Json(const char *) = delete; ///< would be a bool
    template<typename T>
    Json(const std::optional<T> &value) : m_text(value ? Json(*value).text() : QByteArray("null")) { }
    /// The caller's own JSON text.
    [[nodiscard]] static Json fromText(QByteArray text);
    [[nodiscard]] const QByteArray &text() const { return m_text; }

private:
    QByteArray m_text;
};

/// Members stay in the order of the contract.
class JsonObject final
{
public:
    JsonObject &add(const char *name, const Json &value);
    operator Json() const { return Json::fromText(m_text + '}'); }

private:
    QByteArray m_text = "{";
};

class JsonArray final
{
public:
    void add(const Json &value) { m_values.push_back(value); }
    [[nodiscard]] const std::vector<Json> &values() const { return m_values; }
    operator Json() const;

private:
    std::vector<Json> m_values;
};

[[nodiscard]] JsonArray jsonOf(const std::vector<QString> &texts);
/// Empty text is null.
[[nodiscard]] Json jsonOrNull(const QString &text);
[[nodiscard]] Json jsonOf(const connectors::Error &error); ///< {code, message, advice}
[[nodiscard]] Json jsonOf(const QJsonValue &value); ///< members of objects sorted
[[nodiscard]] Json timeJson(const std::optional<qint64> &time); ///< ms since 1970 → RFC 3339

} // namespace ctl
