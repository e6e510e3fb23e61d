// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_list.h"

namespace models::event {

/// Looks for a text in what is in memory of every event: type, aggregate, correlation, event id, stream, or the position
/// as a whole. Upper and lower case are the same. Whether a text contains it is decided once a text, not once an event, so
/// that 10,000,000 events take a fraction of a second.
class PlainSearch final
{
public:
    PlainSearch(const EventList &list, const QString &text);

    [[nodiscard]] const QString &text() const { return m_text; }
    [[nodiscard]] bool isEmpty() const { return m_text.isEmpty(); }
    [[nodiscard]] bool matches(const EventEntry &entry);

private:
    enum class Verdict : quint8 { Unknown, No, Yes };
    using Verdicts = std::vector<Verdict>;
    [[nodiscard]] bool matches(const InternTable &table, Verdicts &verdicts, quint32 number) const;
    [[nodiscard]] bool matchesId(const EventEntry &entry);
    [[nodiscard]] bool matchesStream(const EventEntry &entry);

    const EventList &m_list;
    QString m_text;
    std::optional<qint64> m_position;
    bool m_canBeInUuid = false;
    Verdicts m_types;
    Verdicts m_aggregates;
    Verdicts m_correlations;
    Verdicts m_longIds;
    Verdicts m_streams;
};

} // namespace models::event
