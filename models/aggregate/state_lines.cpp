// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/aggregate/state_lines.h"

#include "connectors/json_text.h"

#include <QHash>

namespace models::aggregate {

namespace json = connectors::json;
using json::Kind;

namespace {

constexpr qsizetype LongestValue = 1000; ///< characters

QString shortened(std::string_view text)
{
    constexpr qsizetype MostBytesOfOne = 4;
    const QString all = QString::fromUtf8(text.data(), std::min<qsizetype>(static_cast<qsizetype>(text.size()), LongestValue * MostBytesOfOne));
    const bool isCut = all.size() > LongestValue || text.size() > static_cast<size_t>(LongestValue * MostBytesOfOne);
    return isCut ? all.left(LongestValue) + u'…' : all;
}

QString shortened(const QByteArray &text)
{
    return shortened(std::string_view(text.constData(), static_cast<size_t>(text.size())));
}

QString plain(std::string_view name)
{
    return QString::fromStdString(json::hasEscape(name) ? json::unquoted('"' + std::string(name) + '"') : std::string(name));
}

/// Goes as deep as the text, json::MaxDepth at most.
class Writing final
{
public:
    Writing(const StateDifference &changes, qsizetype mostLines)
        : m_mostLines(mostLines)
    {
        for (const StateChange &change : changes.changes) {
            m_changes.insert(change.pointer, &change);
            if (change.kind == ChangeKind::Removed)
                m_removed[change.pointer.left(change.pointer.lastIndexOf(u'/'))].push_back(&change);
        }
    }

    void write(const QString &pointer, const QString &label, std::string_view value, int depth, std::optional<ChangeKind> mark, bool isLast)
    {
        if (std::ssize(m_lines) >= m_mostLines)
            return;
        const StateChange *change = m_changes.value(pointer);
        if (change && change->kind != ChangeKind::Removed)
            mark = change->kind;
        const Kind kind = json::kindOf(value);
        const bool isBranch = kind == Kind::Object || kind == Kind::Array;
        const QString end = isLast ? QString() : QStringLiteral(",");
        if (!isBranch || isEmpty(value, kind, pointer)) {
            add({depth, label + (isBranch ? (kind == Kind::Object ? QStringLiteral("{}") : QStringLiteral("[]")) : shortened(value)) + end, mark,
                 change && change->kind == ChangeKind::Changed ? shortened(change->before) : QString()});
            return;
        }
        add({depth, label + (kind == Kind::Object ? u'{' : u'['), mark, change && change->kind == ChangeKind::Changed ? shortened(change->before) : QString()});
        writeParts(pointer, value, kind, depth + 1, mark);
        for (const StateChange *removed : m_removed.value(pointer)) {
            const QString token = removed->pointer.mid(removed->pointer.lastIndexOf(u'/') + 1).replace(QStringLiteral("~1"), QStringLiteral("/")).replace(QStringLiteral("~0"), QStringLiteral("~"));
            add({depth + 1, (kind == Kind::Object ? QStringLiteral("\"%1\": ").arg(token) : QString()) + shortened(removed->before), ChangeKind::Removed, {}});
        }
        add({depth, (kind == Kind::Object ? QStringLiteral("}") : QStringLiteral("]")) + end, mark == ChangeKind::Added ? mark : std::nullopt, {}});
    }

    [[nodiscard]] std::vector<StateLine> take()
    {
        if (std::ssize(m_lines) >= m_mostLines)
            m_lines.push_back({0, QStringLiteral("…"), std::nullopt, {}});
        return std::move(m_lines);
    }

private:
    struct Part {
        QString name;
        std::string_view rawName;
        std::string_view value;
    };

    /// One that has lost its last member is written with a line for it.
    [[nodiscard]] bool isEmpty(std::string_view value, Kind kind, const QString &pointer) const
    {
        bool isNone = true;
        const auto see = [&isNone](const auto &) { return isNone = false; };
        if (kind == Kind::Object)
            json::forEachMember(value, see);
        else
            json::forEachElement(value, see);
        return isNone && !m_removed.contains(pointer);
    }

    void writeParts(const QString &pointer, std::string_view value, Kind kind, int depth, std::optional<ChangeKind> mark)
    {
        std::vector<Part> parts;
        const auto hasRoom = [&] { return std::ssize(parts) + std::ssize(m_lines) <= m_mostLines; };
        if (kind == Kind::Object)
            json::forEachMember(value, [&](const json::Member &member) { return parts.push_back({plain(member.name), member.name, member.value}), hasRoom(); });
        else
            json::forEachElement(value, [&](std::string_view element) { return parts.push_back({QString::number(parts.size()), {}, element}), hasRoom(); });
        for (size_t i = 0; i < parts.size(); ++i) {
            const QString label = kind == Kind::Object ? u'"' + shortened(parts[i].rawName) + QStringLiteral("\": ") : QString();
            write(pointerBelow(pointer, parts[i].name), label, parts[i].value, depth, mark, i + 1 == parts.size());
        }
    }

    void add(StateLine line)
    {
        if (std::ssize(m_lines) < m_mostLines)
            m_lines.push_back(std::move(line));
    }

    const qsizetype m_mostLines;
    QHash<QString, const StateChange *> m_changes;
    QHash<QString, std::vector<const StateChange *>> m_removed; ///< by the pointer of what held them
    std::vector<StateLine> m_lines;
};

} // namespace

std::vector<StateLine> linesOf(std::string_view state, const StateDifference &changes, qsizetype mostLines)
{
    Writing writing(changes, mostLines);
    if (!state.empty())
        writing.write({}, {}, state, 0, std::nullopt, true);
    return writing.take();
}

QByteArray indented(std::string_view state)
{
    const std::string text = json::minified(state);
    QByteArray out;
    qsizetype depth = 0;
    const auto breakLine = [&] { out.append('\n').append(QByteArray(4 * depth, ' ')); };
    bool isInString = false;
    for (size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (isInString) {
            out += c;
            if (c == '\\')
                out += text[++i];
            else if (c == '"')
                isInString = false;
            continue;
        }
        const bool isClosing = c == '}' || c == ']';
        const bool isOpening = c == '{' || c == '[';
        if (isClosing) {
            --depth;
            if (const char before = text[i - 1]; before != '{' && before != '[')
                breakLine();
        }
        out += c;
        isInString = c == '"';
        if (isOpening) {
            ++depth;
            if (const char next = text[i + 1]; next != '}' && next != ']')
                breakLine();
        } else if (c == ',') {
            breakLine();
        } else if (c == ':') {
            out += ' ';
        }
    }
    return out;
}

} // namespace models::aggregate
