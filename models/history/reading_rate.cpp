// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/history/history_file.h"

#include "models/history/poll_gap.h"
#include "models/history/statement.h"

#include <QCoreApplication>

#include <algorithm>

namespace models::history {

using connectors::EpochMs;

namespace {

constexpr std::ptrdiff_t ManySteps = 10;

/// Who reads goes on stepping; a single step between two standstills may be a reset, unless there are so many of them that
/// the highest tenth, which is left out, holds what is not reading.
std::vector<double> paceOf(const std::vector<double> &steps)
{
    const auto isMoving = [&steps](size_t poll) { return poll < steps.size() && steps[poll] > 0; };
    const bool areMany = std::count_if(steps.begin(), steps.end(), [](double step) { return step > 0; }) >= ManySteps;
    std::vector<double> paces;
    for (size_t poll = 0; poll < steps.size(); ++poll) {
        if (isMoving(poll) && (areMany || (poll > 0 && isMoving(poll - 1)) || isMoving(poll + 1)))
            paces.push_back(steps[poll]);
    }
    return paces;
}

} // namespace

connectors::Result<std::optional<double>> HistoryFile::readingRate(const QString &consumer, EpochMs from, EpochMs to) const
{
    // At every heartbeat the progress of all partitions since the one before, over the time between the two.
    Statement rows(m_database, "SELECT series, time, checkpoint FROM sample WHERE time BETWEEN ?1 AND ?2 "
                               "AND series IN (SELECT id FROM series WHERE kind = ?3 AND name = ?4) ORDER BY time");
    Statement polls(m_database, "SELECT time FROM poll WHERE kind = ?1 AND time BETWEEN ?2 AND ?3 ORDER BY time");
    if (!rows.isValid() || !polls.isValid())
        return sqlError(QCoreApplication::translate("HistoryFile", "read"));
    rows.bind(1, from);
    rows.bind(2, to);
    rows.bind(3, static_cast<qint64>(SampleKind::Consumer));
    rows.bind(4, consumer);
    polls.bind(1, static_cast<qint64>(SampleKind::Consumer));
    polls.bind(2, from);
    polls.bind(3, to);
    std::map<qint64, qint64> checkpoints;
    std::vector<double> steps; // 0: stood still
    EpochMs previous = 0;
    bool hasRow = rows.step();
    while (polls.step()) {
        const EpochMs time = polls.number(0);
        qint64 progress = 0;
        for (; hasRow && rows.number(1) <= time; hasRow = rows.step()) {
            const auto checkpoint = rows.optional(2);
            const auto known = checkpoints.find(rows.number(0));
            if (checkpoint && known != checkpoints.end())
                progress += std::max<qint64>(0, *checkpoint - known->second);
            if (checkpoint)
                checkpoints[rows.number(0)] = *checkpoint;
        }
        const EpochMs elapsed = time - previous;
        const bool isWatched = previous != 0 && elapsed > 0 && elapsed <= allowedGap(to - time);
        steps.push_back(isWatched ? static_cast<double>(progress) * 1000.0 / static_cast<double>(elapsed) : 0);
        previous = time;
    }
    if (!polls.isDone())
        return sqlError(QCoreApplication::translate("HistoryFile", "read"));
    std::vector<double> rates = paceOf(steps);
    if (rates.empty())
        return std::nullopt;
    const auto ninth = rates.begin() + static_cast<std::ptrdiff_t>((rates.size() - 1) * 9 / 10);
    std::nth_element(rates.begin(), ninth, rates.end());
    return *ninth;
}

} // namespace models::history
