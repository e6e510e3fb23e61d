// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/json.h"

#include "app/ctl/exit_status.h"
#include "models/event/event_json.h"
#include "models/event/position_text.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace ctl {

Json::Json(const QString &text)
    : m_text(models::event::jsonString(text.toStdString()))
{
}

Json Json::fromText(QByteArray text)
{
    Json json;
    json.m_text = std::move(text);
    return json;
}

JsonObject &JsonObject::add(const char *name, const Json &value)
{
    if (m_text.size() > 1)
        m_text += ',';
    m_text += '"';
    m_text += name;
    m_text += "\":";
    m_text += value.text();
    return *this;
}

JsonArray::operator Json() const
{
    QByteArray text = "[";
    for (const Json &value : m_values) {
        if (text.size() > 1)
            text += ',';
        text += value.text();
    }
    return Json::fromText(text + ']');
}

JsonArray jsonOf(const std::vector<QString> &texts)
{
    JsonArray array;
    for (const QString &text : texts)
        array.add(text);
    return array;
}

Json jsonOrNull(const QString &text)
{
    return text.isEmpty() ? Json() : Json(text);
}

Json jsonOf(const connectors::Error &error)
{
    return JsonObject().add("code", errorCodeName(error.code)).add("message", error.message).add("advice", error.advice);
}

Json jsonOf(const QJsonValue &value)
{
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact); // a document is no single value
    return Json::fromText(list.mid(1, list.size() - 2));
}

Json timeJson(const std::optional<qint64> &time)
{
    return time ? Json(models::event::timeText(*time)) : Json();
}

} // namespace ctl
