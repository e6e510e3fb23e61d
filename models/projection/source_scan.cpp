// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/source_scan.h"

#include "models/projection/row_change.h"

#include <QElapsedTimer>

#include <algorithm>
#include <unordered_set>

namespace models::projection {

using namespace connectors;

namespace {

/// Of what is scanned; rows are told apart by a hash of their key, of which two in a billion pairs would be the same.
class Counter final
{
public:
    Counter(const ProjectionFile &file, EnvelopeIn envelope)
        : m_file(file)
        , m_applier(file, envelope)
        , m_rows(file.tables.size())
    {
    }

    void take(const EventBatch &batch, qsizetype row)
    {
        ++m_scan.events;
        const std::string_view type = batch.text(batch.record(row).eventType);
        ++m_types[std::string(type)];
        if (!m_file.handler.isEmpty())
            return; // only the program knows what it does
        m_scan.withoutRule += m_applier.knows(type) ? 0 : 1;
        const auto changes = m_applier.changesOf(batch, row);
        if (!changes)
            return takeUnfit(batch.address(row), changes.error().message);
        for (const RowChange &change : *changes)
            countRow(change);
    }

    SourceScan take()
    {
        for (const auto &[type, events] : m_types)
            m_scan.types.push_back({QString::fromStdString(type), events, !m_file.handler.isEmpty() || m_applier.knows(type)});
        std::stable_sort(m_scan.types.begin(), m_scan.types.end(), [](const TypeCount &a, const TypeCount &b) { return a.events > b.events; });
        for (size_t i = 0; i < m_rows.size(); ++i)
            m_scan.rows.push_back({m_file.tables[i].name, static_cast<qint64>(m_rows[i].size()), m_isAtLeast});
        return std::move(m_scan);
    }

private:
    void takeUnfit(const EventAddress &address, const QString &why)
    {
        if (++m_scan.unfitCount <= static_cast<qint64>(SourceScan::MostUnfitKept))
            m_scan.unfit.push_back({address, why});
    }

    void countRow(const RowChange &change)
    {
        size_t hash = 0;
        for (const std::string &part : change.key)
            hash = qHash(QByteArrayView(part.data(), static_cast<qsizetype>(part.size())), hash + part.size());
        if (m_counted >= SourceScan::MostRowsCounted)
            m_isAtLeast = m_isAtLeast || !m_rows[change.table].contains(hash);
        else if (m_rows[change.table].insert(hash).second)
            ++m_counted;
    }

    const ProjectionFile &m_file;
    RuleApplier m_applier;
    SourceScan m_scan;
    std::map<std::string, qint64> m_types;
    std::vector<std::unordered_set<size_t>> m_rows;
    qint64 m_counted = 0;
    bool m_isAtLeast = false;
};

} // namespace

Result<SourceScan> scanSource(Connector &connector, const ProjectionFile &file, qint64 maxBytesPerSecond, const std::stop_token &stop, const SourceObserver &observer)
{
    auto source = ProjectionSource::open(connector, file, stop);
    if (!source)
        return tl::unexpected(source.error());
    QElapsedTimer clock;
    clock.start();
    Counter counter(file, source->envelope());
    const auto count = [&counter](const EventBatch &batch, qsizetype row) {
        counter.take(batch, row);
        return Result<void>();
    };
    const Result<ReadReport> report = source->readAll(maxBytesPerSecond, count, stop, observer);
    if (!report)
        return tl::unexpected(report.error());
    SourceScan scan = counter.take();
    scan.milliseconds = clock.elapsed();
    scan.report = *report;
    return scan;
}

} // namespace models::projection
