// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/written_json.h"

#include "connectors/exact_number.h"

#include <QJsonDocument>

#include <algorithm>
#include <limits>

namespace models::projection {

namespace json = connectors::json;
using json::Kind;

namespace {

constexpr int MostTold = 20;

QString below(const QString &pointer, const QString &token)
{
    return pointer + u'/' + QString(token).replace(u'~', QStringLiteral("~0")).replace(u'/', QStringLiteral("~1"));
}

} // namespace

QString inQuotes(const QString &name)
{
    return QStringLiteral("“%1”").arg(name.left(100));
}

const WrittenJson::Place *WrittenJson::Members::find(QStringView name) const
{
    const auto found = std::find_if(begin(), end(), [name](const auto &member) { return member.first == name; });
    return found == end() ? nullptr : &found->second;
}

WrittenJson::WrittenJson(std::string_view text, QString fileName)
    : m_text(text)
    , m_fileName(std::move(fileName))
{
}

connectors::Error WrittenJson::noJson(const QByteArray &text, const QString &fileName)
{
    QJsonParseError wrong;
    std::ignore = QJsonDocument::fromJson(text, &wrong);
    const bool isFound = wrong.error != QJsonParseError::NoError;
    const std::string_view bytes(text.constData(), static_cast<size_t>(text.size()));
    WrittenJson file(bytes, fileName);
    file.note({isFound ? bytes.substr(static_cast<size_t>(std::min<qsizetype>(wrong.offset, text.size()))) : bytes, {}},
              QStringLiteral("This is no JSON: %1.").arg(isFound ? wrong.errorString() : QStringLiteral("it has too many levels, or a number that is written wrong")));
    return file.error();
}

void WrittenJson::note(const Place &place, const QString &words)
{
    if (++m_count > MostTold)
        return;
    const auto line = 1 + std::count(m_text.data(), place.value.data(), '\n');
    m_lines += QStringLiteral("%1:%2: %3: %4").arg(m_fileName).arg(line).arg(place.pointer.isEmpty() ? QStringLiteral("the file") : place.pointer.left(300), words);
}

WrittenJson::Members WrittenJson::members(const Place &place, const QStringList &known, const QString &whatItIs)
{
    Members members;
    if (json::kindOf(place.value) != Kind::Object) {
        note(place, QStringLiteral("%1 is an object.").arg(whatItIs));
        return members;
    }
    json::forEachMember(place.value, [&](const json::Member &member) {
        const QString name = QString::fromStdString(json::unquoted('"' + std::string(member.name) + '"'));
        const Place there{member.value, below(place.pointer, name)};
        if (!known.isEmpty() && !known.contains(name))
            note(there, QStringLiteral("%1 is not known here; %2 has %3.").arg(inQuotes(name), whatItIs.toLower(), known.join(QStringLiteral(", "))));
        else if (members.find(name))
            note(there, QStringLiteral("%1 is there twice.").arg(inQuotes(name)));
        else
            members.emplace_back(name, there);
        return true;
    });
    return members;
}

const WrittenJson::Place *WrittenJson::required(const Members &members, const Place &parent, QStringView name)
{
    if (const Place *found = members.find(name))
        return found;
    note(parent, QStringLiteral("%1 is missing.").arg(inQuotes(name.toString())));
    return nullptr;
}

std::vector<WrittenJson::Place> WrittenJson::elements(const Place &place, const QString &whatItIs)
{
    std::vector<Place> found;
    if (json::kindOf(place.value) != Kind::Array) {
        note(place, QStringLiteral("%1 is an array.").arg(whatItIs));
        return found;
    }
    json::forEachElement(place.value, [&](std::string_view element) {
        found.push_back({element, below(place.pointer, QString::number(found.size()))});
        return true;
    });
    return found;
}

QString WrittenJson::text(const Place &place, const QString &whatItIs)
{
    if (json::kindOf(place.value) == Kind::String) {
        if (const QString text = QString::fromStdString(json::unquoted(place.value)); !text.isEmpty())
            return text;
    }
    note(place, QStringLiteral("%1 is a text that is not empty.").arg(whatItIs));
    return {};
}

int WrittenJson::positive(const Place &place, const QString &whatItIs)
{
    const auto number = connectors::wholeNumber(place.value);
    if (number && *number >= 1 && *number <= std::numeric_limits<int>::max())
        return static_cast<int>(*number);
    note(place, QStringLiteral("%1 is a whole number from 1.").arg(whatItIs));
    return 1;
}

connectors::Error WrittenJson::error() const
{
    QStringList lines = m_lines;
    if (m_count > MostTold)
        lines += QStringLiteral("%1 more.").arg(m_count - MostTold);
    return {connectors::ErrorCode::InvalidInput, lines.join(u'\n'), QStringLiteral("Correct the file; nothing was changed."), false};
}

} // namespace models::projection
