// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection_file.h"

#include "connectors/column_text.h"
#include "connectors/read_model.h"
#include "models/projection/written_json.h"

#include <QRegularExpression>

#include <algorithm>
#include <set>

namespace models::projection {

using namespace connectors;
using json::Kind;

namespace {

constexpr int MostPrecision = 1000; ///< PostgreSQL's
const QStringList EnvelopeFields{QStringLiteral("eventId"), QStringLiteral("eventType"), QStringLiteral("aggregateId"), QStringLiteral("timestamp"), QStringLiteral("version"),
                                 QStringLiteral("correlationId"), QStringLiteral("causationId"), QStringLiteral("schemaVersion")};

QString textOf(std::string_view stringValue)
{
    return QString::fromStdString(json::unquoted(stringValue));
}

/// Reads the file from the top down; what it finds wrong it notes, and goes on.
class FileReader final
{
public:
    FileReader(std::string_view text, const QString &fileName)
        : m_json(text, fileName)
    {
    }

    Result<ProjectionFile> read()
    {
        readTop();
        if (!m_json.isSound())
            return tl::unexpected(m_json.error());
        return std::move(m_file);
    }

private:
    using Place = WrittenJson::Place;
    using Members = WrittenJson::Members;

    /// A name of the database.
    QString identifier(const Place &place, const QString &name)
    {
        if (name.isEmpty() || name.toUtf8().size() > LongestTableName || name.contains(QChar(0)))
            m_json.note(place, QStringLiteral("A name has 1 to %1 bytes.").arg(LongestTableName));
        else if (name.compare(QLatin1String(PositionColumn), Qt::CaseInsensitive) == 0 || name.startsWith(u"streamgauge_rebuilds", Qt::CaseInsensitive))
            m_json.note(place, QStringLiteral("This name is Streamgauge's own."));
        return name;
    }

    void readTop()
    {
        const Place top = m_json.top();
        const auto members = m_json.members(top, {QStringLiteral("projection"), QStringLiteral("version"), QStringLiteral("source"), QStringLiteral("target"), QStringLiteral("targets"),
                                             QStringLiteral("upcast"), QStringLiteral("on"), QStringLiteral("handler")}, QStringLiteral("A projection file"));
        if (const Place *name = m_json.required(members, top, u"projection"))
            m_file.name = m_json.text(*name, QStringLiteral("The projection's name"));
        if (const Place *version = m_json.required(members, top, u"version"))
            m_file.version = m_json.positive(*version, QStringLiteral("The version"));
        if (const Place *source = m_json.required(members, top, u"source"))
            readSource(*source);
        readTargets(members, top);
        if (const Place *upcast = members.find(u"upcast"))
            readUpcasts(*upcast);
        const Place *on = members.find(u"on");
        const Place *handler = members.find(u"handler");
        if (!on == !handler)
            m_json.note(top, QStringLiteral("There is either “on”, what each event type does, or “handler”, a program that says it."));
        else if (on)
            readRules(*on);
        else
            readHandler(*handler, members);
    }

    void readHandler(const Place &place, const Members &members)
    {
        for (const Place &part : m_json.elements(place, QStringLiteral("“handler”")))
            m_file.handler += m_json.text(part, QStringLiteral("A part of the command"));
        if (m_file.handler.isEmpty())
            m_json.note(place, QStringLiteral("The first element is the program, the others are its arguments."));
        if (!m_isSingle)
            m_json.note(place, QStringLiteral("A handler fills one table: name it in “target”."));
        if (const Place *upcast = members.find(u"upcast"))
            m_json.note(*upcast, QStringLiteral("A handler gets events as they were written, and brings them to the newest version itself."));
    }

    void readSource(const Place &place)
    {
        const auto members = m_json.members(place, {QStringLiteral("streams")}, QStringLiteral("The source"));
        const Place *streams = m_json.required(members, place, u"streams");
        if (!streams)
            return;
        for (const Place &stream : m_json.elements(*streams, QStringLiteral("“streams”")))
            m_file.streams += m_json.text(stream, QStringLiteral("A stream"));
        if (m_file.streams.isEmpty())
            m_json.note(*streams, QStringLiteral("At least one stream is named."));
    }

    void readTargets(const Members &members, const Place &top)
    {
        const Place *one = members.find(u"target");
        const Place *several = members.find(u"targets");
        if (!one == !several)
            return m_json.note(top, QStringLiteral("There is either “target”, one table, or “targets”, several by name."));
        if (one) {
            const auto target = m_json.members(*one, {QStringLiteral("table"), QStringLiteral("key"), QStringLiteral("columns")}, QStringLiteral("The target"));
            if (const Place *table = m_json.required(target, *one, u"table"))
                readTable(*one, target, identifier(*table, m_json.text(*table, QStringLiteral("The table's name"))));
            return;
        }
        m_isSingle = false;
        for (const auto &[name, place] : m_json.members(*several, {}, QStringLiteral("“targets”")))
            readTable(place, m_json.members(place, {QStringLiteral("key"), QStringLiteral("columns")}, QStringLiteral("A target")), identifier(place, name));
        if (m_file.tables.empty())
            m_json.note(*several, QStringLiteral("At least one table is named."));
    }

    void readTable(const Place &place, const Members &members, const QString &name)
    {
        TableSpec table;
        table.name = name;
        if (const Place *columns = m_json.required(members, place, u"columns")) {
            for (const auto &[column, type] : m_json.members(*columns, {}, QStringLiteral("“columns”")))
                table.columns.push_back(columnOf(type, column));
        }
        if (const Place *key = m_json.required(members, place, u"key"))
            readKey(*key, &table);
        m_file.tables.push_back(std::move(table));
    }

    ColumnSpec columnOf(const Place &place, const QString &name)
    {
        static const std::map<QString, ColumnType> types{{QStringLiteral("text"), ColumnType::Text}, {QStringLiteral("bigint"), ColumnType::BigInt}, {QStringLiteral("numeric"), ColumnType::Numeric},
                                                         {QStringLiteral("boolean"), ColumnType::Boolean}};
        static const QRegularExpression numeric(QStringLiteral("^numeric\\((\\d{1,4}),\\s*(\\d{1,4})\\)$"));
        ColumnSpec column;
        column.name = identifier(place, name);
        if (name.startsWith(QStringLiteral("sg_")))
            m_json.note(place, QStringLiteral("Names that begin with “sg_” are the program's own."));
        const QString type = m_json.text(place, QStringLiteral("A column's type"));
        if (const auto known = types.find(type); known != types.end()) {
            column.type = known->second;
        } else if (const auto match = numeric.match(type); match.hasMatch()) {
            column.type = ColumnType::Numeric;
            column.precision = Precision{match.captured(1).toInt(), match.captured(2).toInt()};
            if (column.precision->digits < 1 || column.precision->digits > MostPrecision || column.precision->fraction > column.precision->digits)
                m_json.note(place, QStringLiteral("numeric(p,s) has p from 1 to %1 and s from 0 to p.").arg(MostPrecision));
        } else if (!type.isEmpty()) {
            m_json.note(place, QStringLiteral("%1 is no type; there are text, bigint, numeric, numeric(p,s) and boolean.").arg(inQuotes(type)));
        }
        return column;
    }

    void readKey(const Place &place, TableSpec *table)
    {
        for (const Place &element : m_json.elements(place, QStringLiteral("“key”"))) {
            const QString name = m_json.text(element, QStringLiteral("A key column"));
            const auto column = table->indexOf(name);
            if (!name.isEmpty() && !column)
                m_json.note(element, QStringLiteral("%1 is none of the columns.").arg(inQuotes(name)));
            else if (column && std::find(table->key.cbegin(), table->key.cend(), *column) != table->key.cend())
                m_json.note(element, QStringLiteral("%1 is there twice.").arg(inQuotes(name)));
            else if (column)
                table->key.push_back(*column);
        }
        if (json::kindOf(place.value) == Kind::Array && table->key.empty())
            m_json.note(place, QStringLiteral("The key has at least one column."));
    }

    void readUpcasts(const Place &place)
    {
        for (const Place &element : m_json.elements(place, QStringLiteral("“upcast”"))) {
            const auto members = m_json.members(element, {QStringLiteral("eventType"), QStringLiteral("from"), QStringLiteral("to"), QStringLiteral("rename"), QStringLiteral("default")}, QStringLiteral("An upcast"));
            const Place *type = m_json.required(members, element, u"eventType");
            const Place *from = m_json.required(members, element, u"from");
            const Place *to = m_json.required(members, element, u"to");
            if (!type || !from || !to)
                continue;
            Upcast upcast{m_json.positive(*from, QStringLiteral("“from”")), m_json.positive(*to, QStringLiteral("“to”")), {}, {}};
            if (upcast.to <= upcast.from)
                m_json.note(*to, QStringLiteral("“to” is greater than “from”."));
            if (const Place *rename = members.find(u"rename")) {
                for (const auto &[old, now] : m_json.members(*rename, {}, QStringLiteral("“rename”")))
                    upcast.renames.emplace_back(pointerOf(now, old), pointerOf(now, m_json.text(now, QStringLiteral("The new place"))));
            }
            if (const Place *defaults = members.find(u"default")) {
                for (const auto &[where, value] : m_json.members(*defaults, {}, QStringLiteral("“default”")))
                    upcast.defaults.emplace_back(pointerOf(value, where), json::minified(value.value));
            }
            addUpcast(element, m_json.text(*type, QStringLiteral("The event's type")), std::move(upcast));
        }
    }

    void addUpcast(const Place &place, const QString &type, Upcast upcast)
    {
        std::vector<Upcast> &steps = m_file.upcasts[type];
        const auto after = std::find_if(steps.begin(), steps.end(), [&upcast](const Upcast &step) { return step.from >= upcast.from; });
        const bool overlaps = (after != steps.end() && after->from < upcast.to) || (after != steps.begin() && std::prev(after)->to > upcast.from);
        if (overlaps)
            m_json.note(place, QStringLiteral("Another step of %1 is about the same versions.").arg(inQuotes(type)));
        steps.insert(after, std::move(upcast));
    }

    std::string pointerOf(const Place &place, const QString &pointer)
    {
        if (!pointer.isEmpty() && !json::parsePointer(pointer.toStdString()))
            m_json.note(place, QStringLiteral("%1 is no JSON Pointer (“/a/b”).").arg(inQuotes(pointer)));
        return pointer.toStdString();
    }

    void readRules(const Place &place)
    {
        for (const auto &[type, rule] : m_json.members(place, {}, QStringLiteral("“on”"))) {
            std::vector<Rule> &rules = m_file.rules[type.toStdString()];
            if (m_isSingle) {
                if (m_file.tables.size() == 1)
                    readRule(rule, 0, &rules);
                continue;
            }
            for (const auto &[table, part] : m_json.members(rule, {}, QStringLiteral("What an event does"))) {
                const auto found = std::find_if(m_file.tables.cbegin(), m_file.tables.cend(), [&name = table](const TableSpec &spec) { return spec.name == name; });
                if (found == m_file.tables.cend())
                    m_json.note(part, QStringLiteral("%1 is none of the “targets”.").arg(inQuotes(table)));
                else
                    readRule(part, static_cast<size_t>(found - m_file.tables.cbegin()), &rules);
            }
        }
        if (json::kindOf(place.value) == Kind::Object && m_file.rules.empty())
            m_json.note(place, QStringLiteral("At least one event type has a rule."));
    }

    void readRule(const Place &place, size_t tableIndex, std::vector<Rule> *rules)
    {
        static const std::map<QString, Rule::Action> actions{{QStringLiteral("upsert"), Rule::Action::Upsert}, {QStringLiteral("update"), Rule::Action::Update}, {QStringLiteral("delete"), Rule::Action::Delete}};
        const auto members = m_json.members(place, {QStringLiteral("upsert"), QStringLiteral("update"), QStringLiteral("delete"), QStringLiteral("add"), QStringLiteral("each")}, QStringLiteral("A rule"));
        Rule rule;
        rule.table = tableIndex;
        const Place *assigned = nullptr;
        int count = 0;
        for (const auto &[name, action] : actions) {
            if (const Place *found = members.find(name)) {
                rule.action = action;
                assigned = found;
                ++count;
            }
        }
        if (count != 1)
            return m_json.note(place, QStringLiteral("A rule has exactly one of “upsert”, “update” and “delete”."));
        if (const Place *each = members.find(u"each")) {
            rule.each = pointerSource(*each, m_json.text(*each, QStringLiteral("“each”")), false);
            m_hasEach = true;
        }
        readAssignments(*assigned, m_file.tables[tableIndex], &rule);
        if (const Place *add = members.find(u"add"))
            readAdditions(*add, m_file.tables[tableIndex], &rule);
        m_hasEach = false;
        rules->push_back(std::move(rule));
    }

    void readAssignments(const Place &place, const TableSpec &table, Rule *rule)
    {
        rule->key.resize(table.key.size());
        std::set<size_t> given;
        for (const auto &[name, value] : m_json.members(place, {}, QStringLiteral("What is written"))) {
            const auto column = table.indexOf(name);
            if (!column) {
                m_json.note(value, QStringLiteral("%1 is no column of %2.").arg(inQuotes(name), inQuotes(table.name)));
                continue;
            }
            given.insert(*column);
            const Assignment assignment{*column, sourceOf(value, table.columns[*column])};
            const auto inKey = std::find(table.key.cbegin(), table.key.cend(), *column);
            if (inKey != table.key.cend())
                rule->key[static_cast<size_t>(inKey - table.key.cbegin())] = assignment;
            else if (rule->action == Rule::Action::Delete)
                m_json.note(value, QStringLiteral("Only the key says which row is deleted."));
            else
                rule->set.push_back(assignment);
        }
        for (const size_t column : table.key) {
            if (!given.contains(column))
                m_json.note(place, QStringLiteral("The key column %1 is missing.").arg(inQuotes(table.columns[column].name)));
        }
    }

    void readAdditions(const Place &place, const TableSpec &table, Rule *rule)
    {
        if (rule->action == Rule::Action::Delete)
            return m_json.note(place, QStringLiteral("To a row that is deleted nothing is added."));
        for (const auto &[name, value] : m_json.members(place, {}, QStringLiteral("“add”"))) {
            const auto column = table.indexOf(name);
            const bool isNumber = column && (table.columns[*column].type == ColumnType::BigInt || table.columns[*column].type == ColumnType::Numeric);
            const bool isSet = column && std::any_of(rule->set.cbegin(), rule->set.cend(), [&column](const Assignment &set) { return set.column == *column; });
            if (!column)
                m_json.note(value, QStringLiteral("%1 is no column of %2.").arg(inQuotes(name), inQuotes(table.name)));
            else if (!isNumber)
                m_json.note(value, QStringLiteral("%1 is no number: it is to be bigint or numeric.").arg(inQuotes(name)));
            else if (isSet || std::find(table.key.cbegin(), table.key.cend(), *column) != table.key.cend())
                m_json.note(value, QStringLiteral("%1 is written by the same rule.").arg(inQuotes(name)));
            else
                rule->add.push_back({*column, sourceOf(value, table.columns[*column])});
        }
    }

    /// A pointer, a literal after “=”, or a number, true, false or null as it stands.
    ValueSource sourceOf(const Place &place, const ColumnSpec &column)
    {
        const Kind kind = json::kindOf(place.value);
        if (kind == Kind::Object || kind == Kind::Array) {
            m_json.note(place, QStringLiteral("A value is a JSON Pointer (“/data/total”), a text after “=” (“=placed”), a number, true, false or null."));
            return {};
        }
        if (kind == Kind::Null)
            return {};
        if (kind != Kind::String)
            return literalOf(place, column, std::string(place.value));
        const QString text = textOf(place.value);
        return text.startsWith(u'=') ? literalOf(place, column, text.mid(1).toStdString()) : pointerSource(place, text, true);
    }

    ValueSource literalOf(const Place &place, const ColumnSpec &column, const std::string &text)
    {
        ValueSource source;
        source.literal = columnTextOf(column, text);
        source.pointer = QString::fromStdString(text);
        if (!source.literal)
            m_json.note(place, QStringLiteral("%1 does not fit the type of %2.").arg(inQuotes(source.pointer), inQuotes(column.name)));
        return source;
    }

    ValueSource pointerSource(const Place &place, const QString &text, bool canBeElement)
    {
        ValueSource source;
        source.kind = ValueSource::Kind::Content;
        source.pointer = text;
        auto path = text.startsWith(u'/') ? json::parsePointer(text.toStdString()) : std::nullopt;
        if (!path) {
            m_json.note(place, QStringLiteral("%1 is neither a JSON Pointer (“/data/total”) nor a text after “=” (“=placed”).").arg(inQuotes(text)));
            return source;
        }
        const QString first = QString::fromStdString(path->front().name);
        const bool isElement = canBeElement && m_hasEach && first == u"each";
        if (isElement || first == u"data") {
            source.kind = isElement ? ValueSource::Kind::Element : ValueSource::Kind::Content;
            path->erase(path->begin());
        } else if (canBeElement && EnvelopeFields.contains(first) && path->size() == 1) {
            source.kind = ValueSource::Kind::Envelope;
        } else {
            m_json.note(place, QStringLiteral("An event has no %1: it has /%2, and its content under /data.").arg(inQuotes(text), EnvelopeFields.join(QStringLiteral(", /"))));
        }
        source.path = std::move(*path);
        return source;
    }

    WrittenJson m_json;
    ProjectionFile m_file;
    bool m_isSingle = true;
    bool m_hasEach = false; ///< in the rule at hand
};

} // namespace

Result<ProjectionFile> parseProjection(const QByteArray &text, const QString &fileName)
{
    const std::string_view bytes(text.constData(), static_cast<size_t>(text.size()));
    if (json::check(bytes) == json::Verdict::Valid)
        return FileReader(bytes, fileName).read();
    return tl::unexpected(WrittenJson::noJson(text, fileName));
}

} // namespace models::projection
