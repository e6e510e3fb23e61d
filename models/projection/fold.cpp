// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/fold.h"

#include "connectors/column_text.h"
#include "connectors/exact_number.h"

#include <algorithm>

namespace models::projection {

using namespace connectors;

namespace {

constexpr qint64 BytesOfAnEntry = 200; ///< about, without its texts

qint64 bytesOf(const RowKey &key, const std::optional<Row> &row)
{
    qint64 bytes = BytesOfAnEntry;
    for (const std::string &part : key.parts)
        bytes += static_cast<qint64>(sizeof(std::string) + part.size());
    for (size_t i = 0; row && i < row->cells.size(); ++i)
        bytes += static_cast<qint64>(sizeof(Cell) + (row->cells[i] ? row->cells[i]->size() : 0));
    return bytes;
}

/// Null where it does not fit. Whole numbers are most of what is added.
Cell sumOf(const ColumnSpec &column, const std::string &left, const std::string &right)
{
    if (column.type == ColumnType::BigInt) {
        const std::optional<int64_t> a = wholeNumber(left);
        const std::optional<int64_t> b = wholeNumber(right);
        int64_t sum = 0;
        return a && b && !__builtin_add_overflow(*a, *b, &sum) ? Cell(std::to_string(sum)) : Cell();
    }
    const std::optional<std::string> sum = exactSum(left, right);
    return sum ? columnTextOf(column, *sum) : std::nullopt;
}

} // namespace

size_t Fold::KeyHash::operator()(const RowKey &key) const
{
    size_t seed = key.table;
    for (const std::string &part : key.parts)
        seed = qHash(QByteArrayView(part.data(), static_cast<qsizetype>(part.size())), seed);
    return seed;
}

Fold::Fold(const ProjectionFile &file, bool isEmpty, qint64 mostBytes)
    : m_file(file)
    , m_mostBytes(mostBytes)
    , m_isComplete(isEmpty)
{
}

std::vector<RowKey> Fold::missing(const std::vector<RowChange> &changes) const
{
    if (m_isComplete)
        return {};
    std::unordered_map<RowKey, bool, KeyHash> keys;
    for (const RowChange &change : changes) {
        RowKey key{change.table, change.key};
        if (!m_rows.contains(key))
            keys.emplace(std::move(key), true);
    }
    std::vector<RowKey> list;
    list.reserve(keys.size());
    for (const auto &[key, isWanted] : keys)
        list.push_back(key);
    return list;
}

void Fold::load(const RowKey &key, std::optional<Row> row)
{
    m_bytes += bytesOf(key, row);
    m_rows.insert_or_assign(key, Entry{std::move(row)});
}

Result<void> Fold::apply(const std::vector<RowChange> &changesOfAnEvent)
{
    ++m_events;
    // Only a sum can fail, and a single change that fails has changed nothing.
    const bool canFailHalfway = changesOfAnEvent.size() > 1 && std::any_of(changesOfAnEvent.begin(), changesOfAnEvent.end(), [](const RowChange &change) { return !change.add.empty(); });
    std::vector<std::pair<RowKey, std::optional<Row>>> before;
    for (const RowChange &change : changesOfAnEvent) {
        if (canFailHalfway) {
            RowKey key{change.table, change.key};
            const auto found = m_rows.find(key);
            before.emplace_back(std::move(key), found == m_rows.end() ? std::nullopt : found->second.row);
        }
        if (Result<void> applied = applyOne(change); !applied) {
            for (auto each = before.rbegin(); each != before.rend(); ++each)
                putBack(each->first, std::move(each->second));
            return applied;
        }
    }
    return {};
}

/// It is written once more where it was changed, as it is.
void Fold::putBack(const RowKey &key, std::optional<Row> row)
{
    Entry &entry = m_rows.find(key)->second;
    m_bytes += bytesOf(key, row) - bytesOf(key, entry.row);
    entry.row = std::move(row);
}

Result<void> Fold::applyOne(const RowChange &change)
{
    const RowKey key{change.table, change.key};
    auto found = m_rows.find(key);
    if (found == m_rows.end()) {
        m_bytes += bytesOf(key, std::nullopt);
        found = m_rows.emplace(key, Entry()).first;
    }
    Entry &entry = found->second;
    if (std::exchange(entry.lookedAtFor, m_events) != m_events) // an event may change a row several times
        entry.isUpToDate = entry.row && entry.row->position >= change.position;
    const bool isAboutNothing = !entry.row && change.action != Rule::Action::Upsert;
    if (entry.isUpToDate || isAboutNothing)
        return {};
    if (change.action == Rule::Action::Delete) {
        entry.row.reset();
        touch(&*found);
        return {};
    }
    auto sums = sumsOf(change, entry.row);
    if (!sums)
        return tl::unexpected(sums.error());
    if (!entry.row) {
        const TableSpec &table = m_file.tables[change.table];
        entry.row = Row{std::vector<Cell>(table.columns.size()), 0};
        m_bytes += static_cast<qint64>(table.columns.size() * sizeof(Cell));
        for (size_t i = 0; i < table.key.size(); ++i)
            put(change.key[i], &entry.row->cells[table.key[i]]);
    }
    for (const auto &[column, cell] : change.set)
        put(cell, &entry.row->cells[column]);
    for (auto &[column, cell] : *sums)
        put(std::move(cell), &entry.row->cells[column]);
    entry.row->position = change.position;
    touch(&*found);
    return {};
}

void Fold::put(Cell value, Cell *cell)
{
    m_bytes += static_cast<qint64>(value ? value->size() : 0) - static_cast<qint64>(*cell ? (*cell)->size() : 0);
    *cell = std::move(value);
}

/// All of them before anything is changed, as only they can fail.
Result<std::vector<std::pair<size_t, Cell>>> Fold::sumsOf(const RowChange &change, const std::optional<Row> &row) const
{
    std::vector<std::pair<size_t, Cell>> sums;
    for (const auto &[column, number] : change.add) {
        const auto summed = std::find_if(sums.rbegin(), sums.rend(), [&column = column](const auto &each) { return each.first == column; });
        const auto set = std::find_if(change.set.begin(), change.set.end(), [&column = column](const auto &each) { return each.first == column; });
        const Cell before = summed != sums.rend() ? summed->second : set != change.set.end() ? set->second : row ? row->cells[column] : Cell();
        const ColumnSpec &spec = m_file.tables[change.table].columns[column];
        Cell sum = sumOf(spec, before.value_or("0"), number);
        if (!sum) {
            return failure(ErrorCode::InvalidInput, QStringLiteral("At position %1 the sum of %2 and %3 does not fit the column “%4”.").arg(change.position - change.rankOffset)
                               .arg(QString::fromStdString(before.value_or("0")), QString::fromStdString(number), spec.name));
        }
        sums.emplace_back(column, std::move(sum));
    }
    return sums;
}

void Fold::touch(std::pair<const RowKey, Entry> *row)
{
    if (!std::exchange(row->second.isChanged, true))
        m_changed.push_back(row);
}

std::vector<ChangedRow> Fold::takeChanged()
{
    std::vector<ChangedRow> changed;
    changed.reserve(m_changed.size());
    for (auto *row : m_changed) {
        row->second.isChanged = false;
        changed.push_back({row->first, row->second.row});
    }
    m_changed.clear();
    forgetIfTooMany();
    return changed;
}

/// All at once: which of them will be needed again nobody knows, and loading costs one statement for many.
void Fold::forgetIfTooMany()
{
    if (m_bytes <= m_mostBytes)
        return;
    m_rows.clear();
    m_bytes = 0;
    m_isComplete = false;
}

} // namespace models::projection
