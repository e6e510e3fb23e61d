// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_comparison.h"

#include "connectors/json_text.h"

#include <algorithm>

namespace models::event {

namespace json = connectors::json;
using connectors::BodyFormat;
using connectors::EventRecord;
using Kind = EventColumn::Kind;

namespace {

constexpr size_t ShownBytes = 2000; ///< of one value

/// Whole, however little of it is shown: what differs after the first thousands of bytes differs too.
struct NamedValue {
    EventColumn column;
    std::string_view bytes;
    bool isNull = false;
};

QString textOf(std::string_view bytes)
{
    bytes = bytes.substr(0, ShownBytes);
    return QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
}

QVariant shown(const NamedValue &value)
{
    return value.isNull ? QVariant() : QVariant(textOf(value.bytes));
}

/// A name as a step of a JSON Pointer.
QString step(std::string_view name)
{
    const std::string plain = json::hasEscape(name) ? json::unquoted('"' + std::string(name) + '"') : std::string(name);
    return u'/' + QString::fromStdString(plain).replace(u'~', QStringLiteral("~0")).replace(u'/', QStringLiteral("~1"));
}

struct Place {
    QString pointer;
    std::string_view value;
};

/// The members or elements of `place` as places of their own; none where it is empty or no container.
std::vector<Place> childrenOf(const Place &place)
{
    std::vector<Place> children;
    if (json::kindOf(place.value) == json::Kind::Object)
        json::forEachMember(place.value, [&](const json::Member &member) {
            children.push_back({place.pointer + step(member.name), member.value});
            return children.size() <= EventComparison::MaximumValues;
        });
    else if (json::kindOf(place.value) == json::Kind::Array)
        json::forEachElement(place.value, [&](std::string_view element) {
            children.push_back({place.pointer + u'/' + QString::number(children.size()), element});
            return children.size() <= EventComparison::MaximumValues;
        });
    return children;
}

/// Every value of the body that holds no others, in the order of the text.
std::vector<NamedValue> valuesOf(const CachedEvent &event, bool *isCut, const std::stop_token &stop)
{
    std::vector<NamedValue> values;
    const std::string_view body = event.batch->text(event.batch->record(event.row).payload);
    std::vector<Place> open{{QString(), body.substr(body.find_first_not_of(" \t\r\n"))}};
    while (!open.empty() && !stop.stop_requested()) {
        const Place place = std::move(open.back());
        open.pop_back();
        std::vector<Place> children = childrenOf(place);
        if (children.empty()) {
            if (values.size() == EventComparison::MaximumValues) {
                *isCut = true;
                return values;
            }
            values.push_back({{Kind::Field, place.pointer}, place.value, false});
        }
        std::move(children.rbegin(), children.rend(), std::back_inserter(open));
    }
    return values;
}

std::vector<NamedValue> headersOf(const CachedEvent &event, bool *isCut)
{
    std::vector<NamedValue> headers;
    std::vector<connectors::Header> all = event.batch->headers(event.row);
    if (all.size() > EventComparison::MaximumHeaders) {
        *isCut = true;
        all.resize(EventComparison::MaximumHeaders);
    }
    headers.reserve(all.size());
    for (const connectors::Header &header : all)
        headers.push_back({{Kind::Header, textOf(header.name)}, header.value, header.isNull});
    return headers;
}

/// Equal names are paired in their order, so that a second `trace` header meets the other event's second one.
void addPairs(const std::vector<NamedValue> &here, const std::vector<NamedValue> &there, const std::stop_token &stop, std::vector<ComparedField> *fields)
{
    QHash<QString, QList<size_t>> waiting;
    for (size_t i = there.size(); i-- > 0;)
        waiting[there[i].column.path].append(i);
    std::vector<bool> isTaken(there.size(), false);
    for (const NamedValue &value : here) {
        if (stop.stop_requested())
            return;
        const auto found = waiting.find(value.column.path);
        if (found == waiting.end() || found->isEmpty()) {
            fields->push_back({value.column, shown(value), {}, FieldChange::OnlyHere});
            continue;
        }
        const size_t taken = found->takeLast();
        isTaken[taken] = true;
        const NamedValue &other = there[taken];
        const bool isSame = value.isNull == other.isNull && value.bytes == other.bytes;
        fields->push_back({value.column, shown(value), shown(other), isSame ? FieldChange::Same : FieldChange::Changed});
    }
    for (size_t i = 0; i < there.size() && !stop.stop_requested(); ++i)
        if (!isTaken[i])
            fields->push_back({there[i].column, {}, shown(there[i]), FieldChange::OnlyThere});
}

void addEnvelope(const CachedEvent &event, const CachedEvent &other, std::vector<ComparedField> *fields)
{
    for (const Kind kind : {Kind::Type, Kind::EventId, Kind::Aggregate, Kind::Version, Kind::Timestamp, Kind::Correlation, Kind::Causation, Kind::Time,
                            Kind::Stream, Kind::Partition, Kind::Position, Kind::Key, Kind::Size}) {
        const EventColumn column{kind, {}};
        const QVariant here = valueOf(*event.batch, event.row, column);
        const QVariant there = valueOf(*other.batch, other.row, column);
        if (!here.isValid() && !there.isValid())
            continue;
        const FieldChange change = !there.isValid() ? FieldChange::OnlyHere
            : !here.isValid()                       ? FieldChange::OnlyThere
            : here == there                         ? FieldChange::Same
                                                    : FieldChange::Changed;
        fields->push_back({column, here, there, change});
    }
}

} // namespace

qsizetype EventComparison::differences() const
{
    return std::count_if(fields.cbegin(), fields.cend(), [](const ComparedField &field) { return field.change != FieldChange::Same; });
}

EventComparison compareEvents(const CachedEvent &event, const CachedEvent &other, const std::stop_token &stop)
{
    EventComparison comparison;
    addEnvelope(event, other, &comparison.fields);
    const std::vector<NamedValue> headers = headersOf(event, &comparison.areHeadersCut);
    addPairs(headers, headersOf(other, &comparison.areHeadersCut), stop, &comparison.fields);
    const EventRecord &here = event.batch->record(event.row);
    const EventRecord &there = other.batch->record(other.row);
    comparison.areBodiesCut = here.isBodyCut() || there.isBodyCut();
    if (!comparison.areBodiesCut && here.format == BodyFormat::Json && there.format == BodyFormat::Json) {
        const std::vector<NamedValue> values = valuesOf(event, &comparison.isCut, stop);
        addPairs(values, valuesOf(other, &comparison.isCut, stop), stop, &comparison.fields);
        return comparison;
    }
    std::string_view body = event.batch->text(here.payload);
    std::string_view otherBody = other.batch->text(there.payload);
    if (comparison.areBodiesCut) {
        const size_t both = std::min(body.size(), otherBody.size());
        body = body.substr(0, both);
        otherBody = otherBody.substr(0, both);
    }
    const bool isSame = here.size == there.size && here.payload.isNull() == there.payload.isNull() && body == otherBody;
    comparison.fields.push_back({{Kind::Payload, {}},
                                 here.payload.isNull() ? QVariant() : QVariant(textOf(body)),
                                 there.payload.isNull() ? QVariant() : QVariant(textOf(otherBody)),
                                 isSame ? FieldChange::Same : FieldChange::Changed});
    return comparison;
}

} // namespace models::event
