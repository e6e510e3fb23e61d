// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/app/ctl/ctl_process.h"

#include <QFile>
#include <QStringList>

#include <sqlite3.h>

namespace tests {

inline const QByteArray OrderSummary = R"json({ "projection": "order_summary", "version": 2, "source": {"streams": ["order-*"]},
  "target": {"table": "order_summary", "key": ["order_id"], "columns": {"order_id": "text", "total": "numeric(20,2)", "status": "text", "events": "bigint"}},
  "on": {"OrderPlaced":    {"upsert": {"order_id": "/aggregateId", "total": "/data/total", "status": "=placed"}, "add": {"events": 1}},
         "OrderShipped":   {"update": {"order_id": "/aggregateId", "status": "=shipped"}, "add": {"events": 1}},
         "OrderCancelled": {"delete": {"order_id": "/aggregateId"}}} })json";

/// A line for `append`.
inline QByteArray orderEvent(int number, const QByteArray &type, const QByteArray &order, const QByteArray &data = "{}")
{
    return QByteArray(R"({"eventId":"e-)") + QByteArray::number(number) + R"(","eventType":")" + type + R"(","aggregateId":")" + order
        + R"(","timestamp":"2026-03-01T12:00:00Z","version":)" + QByteArray::number(number) + R"(,"correlationId":"c","causationId":null,"data":)" + data + "}\n";
}

/// An event store, an application's tables in another file, a projection file, and the program with a home of its own.
class RebuildFixture final
{
public:
    RebuildFixture() { writeFile(OrderSummary); }

    [[nodiscard]] CtlProcess &ctl() { return m_ctl; }
    [[nodiscard]] QString source() const { return QStringLiteral("sqlite:") + m_ctl.path(QStringLiteral("events.db")); }
    [[nodiscard]] QString tablesPath() const { return m_ctl.path(QStringLiteral("tables.db")); }
    /// Nothing has to be confirmed there, but on `production`.
    [[nodiscard]] QString target(const char *environment = "development") const
    {
        return QString(QStringLiteral("sqlite:") + tablesPath() + QStringLiteral("?environment=") + QString::fromLatin1(environment));
    }
    [[nodiscard]] QString file() const { return m_ctl.path(QStringLiteral("orders.json")); }

    void writeFile(const QByteArray &text) const
    {
        QFile file(this->file());
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
            qFatal("No file can be written.");
    }
    void append(const QByteArray &events)
    {
        if (const CtlRun run = m_ctl.run({QStringLiteral("append"), source()}, events); run.status != 0)
            qFatal("%s", qPrintable(run.err));
    }
    /// "projection plan FILE --source … --target …", and what else is said.
    [[nodiscard]] QStringList rebuildArguments(const char *what, const QStringList &more = {}, const char *environment = "development") const
    {
        return QStringList{QStringLiteral("projection"), QString::fromLatin1(what), file(), QStringLiteral("--source"), source(), QStringLiteral("--target"), target(environment), QStringLiteral("--json")} + more;
    }
    [[nodiscard]] CtlRun rebuild(const QStringList &more = {QStringLiteral("--execute")}, const char *environment = "development") { return m_ctl.run(rebuildArguments("rebuild", more, environment)); }
    /// "swap JOB --execute" and so on.
    [[nodiscard]] CtlRun run(const QString &words) { return m_ctl.run(QStringList{QStringLiteral("projection")} + words.split(u' ') + QStringList{QStringLiteral("--json")}); }

    /// As the application would: "o-1 12.5|o-2 null"; with ! before them the error's words.
    QString sql(const QByteArray &sql) const
    {
        sqlite3 *database = nullptr;
        const auto takeRow = [](void *lines, int count, char **cells, char **) {
            QStringList row;
            for (int i = 0; i < count; ++i)
                row += cells[i] ? QString::fromUtf8(cells[i]) : QStringLiteral("null");
            *static_cast<QStringList *>(lines) += row.join(u' ');
            return 0;
        };
        QStringList lines;
        int code = sqlite3_open(tablesPath().toUtf8().constData(), &database);
        sqlite3_busy_timeout(database, 10'000);
        if (code == SQLITE_OK)
            code = sqlite3_exec(database, sql.constData(), takeRow, &lines, nullptr);
        const QString words = code == SQLITE_OK ? lines.join(u'|') : QString(u'!' + QString::fromUtf8(sqlite3_errmsg(database)));
        sqlite3_close(database);
        return words;
    }
    [[nodiscard]] QString liveRows() const { return sql("SELECT order_id, total, status, events FROM order_summary ORDER BY order_id"); }
    [[nodiscard]] QString tables() const { return sql("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"); }
    /// As if the last sign of life of whoever filled had been long ago.
    void forgetSignsOfLife() const { sql("UPDATE streamgauge_rebuilds SET heartbeat = 1"); }

private:
    CtlProcess m_ctl;
};

} // namespace tests
