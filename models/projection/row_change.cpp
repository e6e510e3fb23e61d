// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/row_change.h"

#include "connectors/column_text.h"


namespace models::projection {

namespace json = connectors::json;
using namespace connectors;

namespace {

std::optional<std::string_view> memberOf(std::string_view object, const char *name)
{
    return json::find(object, {json::Step{name, std::nullopt}});
}

} // namespace

std::string_view contentOf(std::string_view payload, EnvelopeIn envelope)
{
    const std::optional<std::string_view> data = memberOf(payload, "data");
    const bool isNative = envelope == EnvelopeIn::Columns || (memberOf(payload, "eventId") && memberOf(payload, "eventType"));
    return data && isNative ? *data : payload;
}

/// One event in its normal form.
struct RuleApplier::Event {
    const EventBatch &batch;
    qsizetype row = 0;
    qint64 rankOffset = 0;
    std::string_view content; ///< what is under /data

    [[nodiscard]] Error unfit(const QString &words) const
    {
        const EventAddress place = batch.address(row);
        return {ErrorCode::Unreadable, QStringLiteral("The event at position %1 of “%2” %3").arg(place.position).arg(place.stream.left(200), words), {}, false};
    }

    /// Null where the event has none.
    [[nodiscard]] Cell envelopeField(std::string_view name) const
    {
        const EventRecord &record = batch.record(row);
        const auto number = [](qint64 value) { return value == NoNumber ? Cell() : std::to_string(value); };
        if (name == "version")
            return number(record.version);
        if (name == "schemaVersion")
            return number(record.schemaVersion);
        const Slice slice = name == "eventId"     ? record.eventId
            : name == "eventType"                 ? record.eventType
            : name == "aggregateId"               ? record.aggregateId
            : name == "timestamp"                 ? record.timestamp
            : name == "correlationId"             ? record.correlationId
                                                  : record.causationId;
        const std::string_view text = batch.text(slice);
        return text.empty() ? Cell() : Cell(text);
    }

    [[nodiscard]] std::optional<std::string_view> value(const ValueSource &source, std::string_view element) const
    {
        return json::find(source.kind == ValueSource::Kind::Element ? element : content, source.path);
    }

    [[nodiscard]] Result<Cell> cell(const ColumnSpec &column, const ValueSource &source, std::string_view element) const
    {
        const auto fitting = [&](ColumnValue found, std::string_view text) -> Result<Cell> {
            if (found.fits)
                return std::move(found.text);
            return tl::unexpected(unfit(QStringLiteral("has %1 at %2, which does not fit the column “%3”.").arg(QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min<size_t>(text.size(), 100))), source.pointer, column.name)));
        };
        if (source.kind == ValueSource::Kind::Literal)
            return source.literal;
        if (source.kind == ValueSource::Kind::Envelope) {
            const Cell text = envelopeField(source.path.front().name);
            if (!text)
                return Cell();
            Cell fitted = columnTextOf(column, *text);
            return fitting({fitted.has_value(), fitted}, *text);
        }
        const std::optional<std::string_view> found = value(source, element);
        return found ? fitting(columnValueOf(column, *found), *found) : Cell();
    }
};

RuleApplier::RuleApplier(const ProjectionFile &file, EnvelopeIn envelope)
    : m_file(file)
    , m_envelope(envelope)
    , m_upcaster(file)
{
}

Result<std::vector<RowChange>> RuleApplier::changesOf(const EventBatch &batch, qsizetype row, qint64 rankOffset)
{
    std::vector<RowChange> changes;
    const auto rules = m_file.rules.find(batch.text(batch.record(row).eventType));
    if (rules == m_file.rules.end())
        return changes;
    const EventRecord &record = batch.record(row);
    if (record.isBodyCut())
        return tl::unexpected(Event{batch, row, 0, {}}.unfit(QStringLiteral("is too large for a projection.")));
    if (record.format != BodyFormat::Json)
        return tl::unexpected(Event{batch, row, 0, {}}.unfit(QStringLiteral("is not JSON.")));
    Event event{batch, row, rankOffset, contentOf(batch.text(record.payload), m_envelope)};
    const QString type = QString::fromStdString(rules->first);
    std::string newest;
    if (const qint64 version = record.schemaVersion == NoNumber ? 0 : record.schemaVersion; !m_upcaster.isNewest(type, version)) {
        auto upcast = m_upcaster.upcast(type, version, event.content);
        if (!upcast)
            return tl::unexpected(event.unfit(QStringLiteral("is a %1 of schema version %2, from which no upcast leads on to the newest.").arg(type.left(100)).arg(std::max<qint64>(version, 1))));
        newest = std::move(*upcast);
        event.content = newest;
    }
    for (const Rule &rule : rules->second) {
        Result<void> added;
        if (!rule.each) {
            added = addChange(event, rule, {}, &changes);
        } else if (const std::optional<std::string_view> array = event.value(*rule.each, {})) {
            if (json::kindOf(*array) != json::Kind::Array)
                return tl::unexpected(event.unfit(QStringLiteral("has no array at %1.").arg(rule.each->pointer)));
            json::forEachElement(*array, [&](std::string_view element) {
                added = addChange(event, rule, element, &changes);
                return added.has_value();
            });
        }
        if (!added)
            return tl::unexpected(added.error());
    }
    return changes;
}

Result<void> RuleApplier::addChange(const Event &event, const Rule &rule, std::string_view element, std::vector<RowChange> *changes) const
{
    const TableSpec &table = m_file.tables[rule.table];
    RowChange change{rule.action, rule.table, {}, {}, {}, event.batch.record(event.row).position + event.rankOffset, event.rankOffset};
    for (const Assignment &part : rule.key) {
        auto cell = event.cell(table.columns[part.column], part.value, element);
        if (!cell)
            return tl::unexpected(cell.error());
        if (!*cell)
            return tl::unexpected(event.unfit(QStringLiteral("has nothing at %1, which is the key column “%2”.").arg(part.value.pointer, table.columns[part.column].name)));
        change.key.push_back(std::move(**cell));
    }
    for (const Assignment &part : rule.set) {
        auto cell = event.cell(table.columns[part.column], part.value, element);
        if (!cell)
            return tl::unexpected(cell.error());
        change.set.emplace_back(part.column, std::move(*cell));
    }
    for (const Assignment &part : rule.add) {
        auto cell = event.cell(table.columns[part.column], part.value, element);
        if (!cell)
            return tl::unexpected(cell.error());
        if (*cell)
            change.add.emplace_back(part.column, std::move(**cell));
    }
    changes->push_back(std::move(change));
    return {};
}

} // namespace models::projection
