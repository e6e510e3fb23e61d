// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/bare_event_table.h"

#include <sqlite3.h>

#include <QByteArray>

using connectors::EventBatch;
using connectors::EventRecord;
using connectors::Slice;

namespace bench {

namespace {

struct Table {
    sqlite3_vtab base{};
    const EventBatch *const *batch = nullptr;
};

struct Cursor {
    sqlite3_vtab_cursor base{};
    const EventBatch *batch = nullptr;
    qsizetype row = 0;
};

int connectTable(sqlite3 *database, void *batch, int, const char *const *, sqlite3_vtab **table, char **)
{
    auto *made = new Table;
    made->batch = static_cast<const EventBatch *const *>(batch);
    *table = &made->base;
    return sqlite3_declare_vtab(database, "CREATE TABLE event (stream TEXT, partition INTEGER, position INTEGER, time INTEGER, key TEXT, eventId TEXT,"
                                          " eventType TEXT, aggregateId TEXT, timestamp TEXT, correlationId TEXT, causationId TEXT,"
                                          " version INTEGER, size INTEGER, headers TEXT, payload TEXT)");
}

int disconnectTable(sqlite3_vtab *table)
{
    delete reinterpret_cast<Table *>(table);
    return SQLITE_OK;
}

int bestIndex(sqlite3_vtab *, sqlite3_index_info *info)
{
    info->estimatedCost = 1000;
    return SQLITE_OK;
}

int openCursor(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    auto *made = new Cursor;
    made->batch = *reinterpret_cast<Table *>(table)->batch;
    *cursor = &made->base;
    return SQLITE_OK;
}

int closeCursor(sqlite3_vtab_cursor *cursor)
{
    delete reinterpret_cast<Cursor *>(cursor);
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor *cursor, int, const char *, int, sqlite3_value **)
{
    reinterpret_cast<Cursor *>(cursor)->row = 0;
    return SQLITE_OK;
}

int next(sqlite3_vtab_cursor *cursor)
{
    ++reinterpret_cast<Cursor *>(cursor)->row;
    return SQLITE_OK;
}

int isAtEnd(sqlite3_vtab_cursor *base)
{
    const auto *cursor = reinterpret_cast<Cursor *>(base);
    return cursor->row >= cursor->batch->count() ? 1 : 0;
}

int column(sqlite3_vtab_cursor *base, sqlite3_context *context, int index)
{
    const auto *cursor = reinterpret_cast<Cursor *>(base);
    const EventRecord &record = cursor->batch->record(cursor->row);
    constexpr Slice EventRecord::*none = nullptr;
    constexpr Slice EventRecord::*slices[] = {none, none, none, none, &EventRecord::key, &EventRecord::eventId, &EventRecord::eventType,
                                              &EventRecord::aggregateId, &EventRecord::timestamp, &EventRecord::correlationId,
                                              &EventRecord::causationId, none, none, none, &EventRecord::payload};
    switch (index) {
    case 0: {
        const QByteArray stream = cursor->batch->streamOf(cursor->row).toUtf8();
        sqlite3_result_text(context, stream.constData(), static_cast<int>(stream.size()), SQLITE_TRANSIENT);
        return SQLITE_OK;
    }
    case 1: sqlite3_result_int(context, record.partition); return SQLITE_OK;
    case 2: sqlite3_result_int64(context, record.position); return SQLITE_OK;
    case 3: sqlite3_result_int64(context, record.time); return SQLITE_OK;
    case 11: sqlite3_result_int64(context, record.version); return SQLITE_OK;
    case 12: sqlite3_result_int64(context, record.size); return SQLITE_OK;
    case 13: return SQLITE_OK;
    default: break;
    }
    const Slice slice = record.*slices[index];
    if (!slice.isNull())
        sqlite3_result_text(context, cursor->batch->text(slice).data(), static_cast<int>(slice.length), SQLITE_STATIC);
    return SQLITE_OK;
}

int rowId(sqlite3_vtab_cursor *cursor, sqlite3_int64 *row)
{
    *row = reinterpret_cast<Cursor *>(cursor)->row;
    return SQLITE_OK;
}

} // namespace

void addBareEventTable(sqlite3 *database, const EventBatch *const *batch)
{
    static const sqlite3_module module = [] {
        sqlite3_module made{};
        made.xConnect = connectTable;
        made.xBestIndex = bestIndex;
        made.xDisconnect = disconnectTable;
        made.xOpen = openCursor;
        made.xClose = closeCursor;
        made.xFilter = filter;
        made.xNext = next;
        made.xEof = isAtEnd;
        made.xColumn = column;
        made.xRowid = rowId;
        return made;
    }();
    sqlite3_create_module_v2(database, "event", &module, const_cast<const EventBatch **>(batch), nullptr);
}

} // namespace bench
