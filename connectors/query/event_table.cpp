// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/event_table.h"

#include "connectors/query/event_columns.h"
#include "connectors/query/event_functions.h"
#include "connectors/query/event_in_hand.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <vector>

namespace connectors::query {

namespace {

struct EventTable {
    sqlite3_vtab base{};
    EventInHand *event = nullptr;
};

struct EventCursor {
    sqlite3_vtab_cursor base{};
    EventInHand *event = nullptr;
    struct Wanted {
        Column column;
        std::string text;
    };
    std::vector<Wanted> wanted; ///< all must hold
    bool isNeverTrue = false;

    [[nodiscard]] bool isWanted() const
    {
        return std::all_of(wanted.cbegin(), wanted.cend(), [this](const Wanted &condition) { return sliceText(*event, condition.column) == condition.text; });
    }
    void moveTo(qsizetype row)
    {
        const qsizetype count = event->batch().count();
        event->moveTo(isNeverTrue ? count : row);
        while (event->row() < count && !isWanted())
            event->moveTo(event->row() + 1);
    }
};

EventCursor *cursorOf(sqlite3_vtab_cursor *cursor)
{
    return reinterpret_cast<EventCursor *>(cursor);
}

int connectTable(sqlite3 *database, void *event, int, const char *const *, sqlite3_vtab **table, char **)
{
    const int result = sqlite3_declare_vtab(database, eventTableDeclaration());
    if (result != SQLITE_OK)
        return result;
    sqlite3_vtab_config(database, SQLITE_VTAB_INNOCUOUS);
    auto *made = new (std::nothrow) EventTable;
    if (!made)
        return SQLITE_NOMEM;
    made->event = static_cast<EventInHand *>(event);
    *table = &made->base;
    return SQLITE_OK;
}

int disconnectTable(sqlite3_vtab *table)
{
    delete reinterpret_cast<EventTable *>(table);
    return SQLITE_OK;
}

/// Takes equalities of text columns; idxStr holds their columns, a character each. The cost is the same with and without
/// them, so that SQLite always walks the batch once and in order, never once for each branch of an OR.
int chooseIndex(sqlite3_vtab *, sqlite3_index_info *info)
{
    std::string columns;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto &constraint = info->aConstraint[i];
        const bool isUsable = constraint.usable && constraint.op == SQLITE_INDEX_CONSTRAINT_EQ && constraint.iColumn >= 0
            && isSliceColumn(static_cast<Column>(constraint.iColumn)) && std::strcmp(sqlite3_vtab_collation(info, i), "BINARY") == 0
            && !sqlite3_vtab_in(info, i, -1);
        if (!isUsable)
            continue;
        columns.push_back(static_cast<char>('A' + constraint.iColumn));
        info->aConstraintUsage[i].argvIndex = static_cast<int>(columns.size());
    }
    info->idxStr = sqlite3_mprintf("%s", columns.c_str());
    info->needToFreeIdxStr = 1;
    info->estimatedCost = 1000;
    info->estimatedRows = 1000;
    return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

int openCursor(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
    auto *made = new (std::nothrow) EventCursor;
    if (!made)
        return SQLITE_NOMEM;
    made->event = reinterpret_cast<EventTable *>(table)->event;
    *cursor = &made->base;
    return SQLITE_OK;
}

int closeCursor(sqlite3_vtab_cursor *cursor)
{
    delete cursorOf(cursor);
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor *base, int, const char *columns, int count, sqlite3_value **values)
{
    EventCursor &cursor = *cursorOf(base);
    cursor.wanted.clear();
    cursor.isNeverTrue = false;
    for (int i = 0; i < count; ++i) {
        const int type = sqlite3_value_type(values[i]);
        if (type == SQLITE_NULL)
            cursor.isNeverTrue = true;
        else if (type == SQLITE_TEXT) // anything else SQLite compares by its own rules
            cursor.wanted.push_back({static_cast<Column>(columns[i] - 'A'), std::string(argumentText(values[i]))});
    }
    cursor.moveTo(cursor.event->firstRow());
    return SQLITE_OK;
}

int next(sqlite3_vtab_cursor *cursor)
{
    EventCursor *mine = cursorOf(cursor);
    mine->moveTo(mine->event->row() + 1);
    return SQLITE_OK;
}

int isAtEnd(sqlite3_vtab_cursor *cursor)
{
    return cursorOf(cursor)->event->isValid() ? 0 : 1;
}

int column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int index)
{
    resultColumn(context, *cursorOf(cursor)->event, static_cast<Column>(index));
    return SQLITE_OK;
}

int rowId(sqlite3_vtab_cursor *cursor, sqlite3_int64 *row)
{
    *row = cursorOf(cursor)->event->row();
    return SQLITE_OK;
}

sqlite3_module makeModule()
{
    sqlite3_module module{};
    module.xConnect = connectTable; // no xCreate: the table is there by itself, and there is only one
    module.xBestIndex = chooseIndex;
    module.xDisconnect = disconnectTable;
    module.xDestroy = disconnectTable;
    module.xOpen = openCursor;
    module.xClose = closeCursor;
    module.xFilter = filter;
    module.xNext = next;
    module.xEof = isAtEnd;
    module.xColumn = column;
    module.xRowid = rowId;
    return module;
}

} // namespace

void addEventTable(sqlite3 *database, EventInHand *event)
{
    static const sqlite3_module module = makeModule();
    sqlite3_create_module_v2(database, "event", &module, event, nullptr);
}

} // namespace connectors::query
