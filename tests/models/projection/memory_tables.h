// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/read_model.h"

#include <QStringList>

#include <map>

namespace tests {

/// What a database keeps of one rebuild: its tables beside the live ones, and how far it is.
struct MemoryTables {
    std::map<std::pair<size_t, std::vector<std::string>>, connectors::Row> rows;
    connectors::RebuildCheckpoint checkpoint;
    int stores = 0;
    int loads = 0;
    int rowsWritten = 0;
    /// The store with this number fails, and writes nothing.
    int failingStore = -1;

    /// A line a row: table, cells, and with `withPositions` the position that changed it last.
    [[nodiscard]] QString text(bool withPositions = true) const
    {
        QStringList lines;
        for (const auto &[key, row] : rows) {
            QString line = QString::number(key.first);
            for (const connectors::Cell &cell : row.cells)
                line += u' ' + (cell ? QString::fromStdString(*cell) : QStringLiteral("null"));
            if (withPositions)
                line += QStringLiteral(" @%1").arg(row.position);
            lines += line;
        }
        return lines.join(u'\n');
    }
};

/// Writes them as the contract has it: rows and checkpoint together or not at all.
class MemoryWriter final : public connectors::ReadModelWriter
{
public:
    explicit MemoryWriter(MemoryTables &tables)
        : m_tables(tables)
    {
    }

    connectors::Result<void> begin(const connectors::Rebuild &) override { return {}; }
    connectors::Result<connectors::Rebuild> takeOver(const QString &job) override
    {
        connectors::Rebuild rebuild;
        rebuild.job = job;
        rebuild.checkpoint = m_tables.checkpoint;
        return rebuild;
    }
    connectors::Result<std::vector<std::optional<connectors::Row>>> load(const std::vector<connectors::RowKey> &keys) override
    {
        ++m_tables.loads;
        std::vector<std::optional<connectors::Row>> rows;
        for (const connectors::RowKey &key : keys) {
            const auto found = m_tables.rows.find({key.table, key.parts});
            rows.push_back(found == m_tables.rows.end() ? std::nullopt : std::optional(found->second));
        }
        return rows;
    }
    connectors::Result<void> store(std::vector<connectors::ChangedRow> rows, const connectors::RebuildCheckpoint &checkpoint) override
    {
        if (m_tables.stores++ == m_tables.failingStore)
            return connectors::failure(connectors::ErrorCode::StorageFailed, QStringLiteral("The disk is full."), {}, true);
        for (connectors::ChangedRow &each : rows) {
            ++m_tables.rowsWritten;
            if (each.row)
                m_tables.rows.insert_or_assign({each.key.table, each.key.parts}, std::move(*each.row));
            else
                m_tables.rows.erase({each.key.table, each.key.parts});
        }
        m_tables.checkpoint = checkpoint;
        return {};
    }
    connectors::Result<void> beat() override { return {}; }
    connectors::Result<void> letGo() override { return {}; }
    connectors::Result<void> finishFilling() override { return {}; }
    connectors::Result<connectors::SwapReport> swap(const QString &) override { return connectors::SwapReport(); }
    connectors::Result<connectors::SwapReport> swapBack(const QString &) override { return connectors::SwapReport(); }
    connectors::Result<void> drop(const QString &) override { return {}; }

private:
    MemoryTables &m_tables;
};

} // namespace tests
