// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/event_line.h"

#include "models/event/position_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string_view>
#include <unordered_set>

namespace ctl {

using namespace connectors;

namespace {

constexpr int MaxDepth = 512;

auto bad(const QString &message)
{
    return failure(ErrorCode::Refused, message);
}

/// Validates a JSON text without building it, so that neither depth nor a long number can hurt.
class Validator final : public nlohmann::json_sax<nlohmann::json>
{
public:
    [[nodiscard]] const QString &problem() const { return m_problem; }

    bool null() override { return true; }
    bool boolean(bool /*value*/) override { return true; }
    bool number_integer(number_integer_t /*value*/) override { return true; }
    bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
    bool number_float(number_float_t /*value*/, const string_t & /*text*/) override { return true; }
    bool string(string_t & /*value*/) override { return true; }
    bool binary(binary_t & /*value*/) override { return false; }
    bool start_object(std::size_t /*size*/) override { return enter(); }
    bool key(string_t & /*name*/) override { return true; }
    bool end_object() override { return leave(); }
    bool start_array(std::size_t /*size*/) override { return enter(); }
    bool end_array() override { return leave(); }
    bool parse_error(std::size_t position, const std::string & /*token*/, const nlohmann::detail::exception &error) override
    {
        constexpr int OutOfRange = 406; // beyond a double, such as 1e999: nothing that reads it could use it
        if (m_problem.isEmpty())
            m_problem = (error.id == OutOfRange ? QStringLiteral("it holds a number out of range (at byte %1)") : QStringLiteral("it is not JSON (at byte %1)")).arg(position);
        return false;
    }

private:
    bool enter()
    {
        if (++m_depth > MaxDepth)
            m_problem = QStringLiteral("it is nested deeper than %1 levels").arg(MaxDepth);
        return m_depth <= MaxDepth;
    }
    bool leave()
    {
        --m_depth;
        return true;
    }

    int m_depth = 0;
    QString m_problem;
};

struct Member {
    std::string name;
    std::string_view rawName;  ///< with its quotes
    std::string_view rawValue; ///< as it is written
};

size_t skipSpace(std::string_view text, size_t at)
{
    while (at < text.size() && std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos)
        ++at;
    return at;
}

/// Behind the string that begins at `at`. The text is valid JSON.
size_t skipString(std::string_view text, size_t at)
{
    for (++at; at < text.size() && text[at] != '"'; ++at)
        at += text[at] == '\\' ? 1 : 0;
    return at + 1;
}

/// Behind the value that begins at `at`. The text is valid JSON.
size_t skipValue(std::string_view text, size_t at)
{
    int depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            at = skipString(text, at);
            if (depth == 0)
                return at;
            continue;
        }
        if (depth == 0 && (c == ',' || c == '}' || c == ']' || std::string_view(" \t\r\n").find(c) != std::string_view::npos))
            return at;
        if (c == '{' || c == '[')
            ++depth;
        ++at;
        if ((c == '}' || c == ']') && --depth == 0)
            return at;
    }
    return at;
}

/// The members of a valid JSON object, in order.
std::vector<Member> membersOf(std::string_view text)
{
    std::vector<Member> members;
    size_t at = skipSpace(text, 0) + 1;
    for (;;) {
        at = skipSpace(text, at);
        if (at >= text.size() || text[at] == '}')
            return members;
        if (text[at] == ',') {
            ++at;
            continue;
        }
        const size_t nameEnd = skipString(text, at);
        Member member;
        member.rawName = text.substr(at, nameEnd - at);
        member.name = nlohmann::json::parse(member.rawName).get<std::string>();
        at = skipSpace(text, skipSpace(text, nameEnd) + 1); // over the colon
        const size_t valueEnd = skipValue(text, at);
        member.rawValue = text.substr(at, valueEnd - at);
        members.push_back(member);
        at = valueEnd;
    }
}

/// Reads the envelope out of the members; the first problem is kept.
class Fields final
{
public:
    explicit Fields(std::vector<Member> members)
        : m_members(std::move(members))
    {
        std::unordered_set<std::string_view> names;
        for (const Member &member : m_members) {
            if (!names.insert(member.name).second)
                setProblem(QStringLiteral("it has the member “%1” twice").arg(QString::fromStdString(member.name).left(60)));
        }
    }

    [[nodiscard]] const QString &problem() const { return m_problem; }
    [[nodiscard]] bool has(const char *name) const { return find(name) != nullptr; }

    /// Null and absent are empty text.
    QString text(const char *name)
    {
        const Member *member = take(name);
        if (!member || member->rawValue == "null")
            return {};
        if (member->rawValue.front() != '"') {
            setProblem(QStringLiteral("its “%1” is not text").arg(QString::fromLatin1(name)));
            return {};
        }
        return QString::fromStdString(nlohmann::json::parse(member->rawValue).get<std::string>());
    }

    std::optional<qint64> number(const char *name)
    {
        const Member *member = take(name);
        if (!member || member->rawValue == "null")
            return std::nullopt;
        bool isNumber = false;
        const qint64 number = QByteArray(member->rawValue.data(), static_cast<qsizetype>(member->rawValue.size())).toLongLong(&isNumber);
        if (!isNumber || number < 0)
            setProblem(QStringLiteral("its “%1” is not a whole number from 0 on").arg(QString::fromLatin1(name)));
        return number;
    }

    QByteArray raw(const char *name)
    {
        const Member *member = take(name);
        return member ? QByteArray(member->rawValue.data(), static_cast<qsizetype>(member->rawValue.size())) : QByteArray();
    }

    /// What nobody has taken, as an object with its members as they were written.
    [[nodiscard]] QByteArray rest() const
    {
        QByteArray object("{");
        for (const Member &member : m_members) {
            if (member.name.empty() && member.rawName.empty())
                continue;
            if (object.size() > 1)
                object += ',';
            object.append(member.rawName.data(), static_cast<qsizetype>(member.rawName.size()));
            object += ':';
            object.append(member.rawValue.data(), static_cast<qsizetype>(member.rawValue.size()));
        }
        return object + '}';
    }

    void setProblem(const QString &problem)
    {
        if (m_problem.isEmpty())
            m_problem = problem;
    }

private:
    [[nodiscard]] const Member *find(const char *name) const
    {
        const auto found = std::find_if(m_members.cbegin(), m_members.cend(),
                                        [name](const Member &member) { return member.name == name && !member.rawName.empty(); });
        return found == m_members.cend() ? nullptr : &*found;
    }

    /// Taken members are no part of rest(); their value stays valid.
    const Member *take(const char *name)
    {
        const auto found = std::find_if(m_members.begin(), m_members.end(),
                                        [name](const Member &member) { return member.name == name && !member.rawName.empty(); });
        if (found == m_members.end())
            return nullptr;
        found->name.clear();
        found->rawName = {};
        return &*found;
    }

    std::vector<Member> m_members;
    QString m_problem;
};

} // namespace

Result<NewEvent> parseEventLine(const QByteArray &line, const QString &stream)
{
    Validator validator;
    const bool isValid = nlohmann::json::sax_parse(line.cbegin(), line.cend(), &validator);
    const std::string_view text(line.constData(), static_cast<size_t>(line.size()));
    if (!isValid)
        return bad(validator.problem().isEmpty() ? QStringLiteral("it is not JSON") : validator.problem());
    if (text[skipSpace(text, 0)] != '{')
        return bad(QStringLiteral("it is not a JSON object"));

    Fields fields(membersOf(text));
    NewEvent event;
    const QString ownStream = fields.text("stream");
    event.eventId = fields.text("eventId");
    event.eventType = fields.text("eventType");
    event.aggregateId = fields.text("aggregateId");
    event.timestamp = fields.text("timestamp");
    event.correlationId = fields.text("correlationId");
    event.causationId = fields.text("causationId");
    event.version = fields.number("version");
    event.schemaVersion = fields.number("schemaVersion").value_or(1);
    event.expectedVersion = fields.number("expectedVersion");
    if (fields.has("payload")) {
        event.payload = fields.raw("payload");
        event.metadata = fields.raw("metadata");
    } else {
        event.payload = fields.rest();
    }
    event.stream = !stream.isEmpty() ? stream : !ownStream.isEmpty() ? ownStream : event.aggregateId;

    if (event.eventType.isEmpty())
        fields.setProblem(QStringLiteral("it has no “eventType”"));
    if (event.stream.isEmpty())
        fields.setProblem(QStringLiteral("it names no stream (“stream”, “aggregateId” or --stream)"));
    if (!event.timestamp.isEmpty() && !models::event::parseTime(event.timestamp))
        fields.setProblem(QStringLiteral("its “timestamp” is not a time"));
    if (!fields.problem().isEmpty())
        return bad(fields.problem());
    return event;
}

} // namespace ctl
