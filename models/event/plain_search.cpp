// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/plain_search.h"

#include <algorithm>

namespace models::event {

PlainSearch::PlainSearch(const EventList &list, const QString &text)
    : m_list(list)
    , m_text(text.trimmed())
{
    bool isNumber = false;
    const qint64 position = m_text.toLongLong(&isNumber);
    if (isNumber)
        m_position = position;
    static const QString UuidCharacters = QStringLiteral("0123456789abcdef-");
    m_canBeInUuid = m_text.size() <= 36
        && std::all_of(m_text.cbegin(), m_text.cend(), [](QChar c) { return UuidCharacters.contains(c, Qt::CaseInsensitive); });
}

bool PlainSearch::matches(const EventEntry &entry)
{
    return matches(m_list.types(), m_types, entry.type) || matches(m_list.aggregates(), m_aggregates, entry.aggregate)
        || matches(m_list.correlations(), m_correlations, entry.correlation) || (m_position && entry.position == *m_position) || matchesId(entry)
        || matchesStream(entry);
}

bool PlainSearch::matchesStream(const EventEntry &entry)
{
    if (entry.stream >= m_streams.size())
        m_streams.resize(m_list.streams().size(), Verdict::Unknown);
    Verdict &verdict = m_streams[entry.stream];
    if (verdict == Verdict::Unknown)
        verdict = m_list.stream(entry).contains(m_text, Qt::CaseInsensitive) ? Verdict::Yes : Verdict::No;
    return verdict == Verdict::Yes;
}

bool PlainSearch::matches(const InternTable &table, Verdicts &verdicts, quint32 number) const
{
    if (number == InternTable::None || number == InternTable::NotKept)
        return false;
    if (number >= verdicts.size())
        verdicts.resize(std::max<size_t>(table.count(), number) + 1, Verdict::Unknown);
    Verdict &verdict = verdicts[number];
    if (verdict == Verdict::Unknown)
        verdict = QString::fromStdString(table.text(number)).contains(m_text, Qt::CaseInsensitive) ? Verdict::Yes : Verdict::No;
    return verdict == Verdict::Yes;
}

bool PlainSearch::matchesId(const EventEntry &entry)
{
    switch (entry.idForm) {
    case EventEntry::IdForm::None: return false;
    case EventEntry::IdForm::Number: return matches(m_list.longIds(), m_longIds, EventList::longIdNumber(entry));
    case EventEntry::IdForm::Uuid: return m_canBeInUuid && m_list.eventId(entry).contains(m_text, Qt::CaseInsensitive);
    case EventEntry::IdForm::Inline: break;
    }
    return m_list.eventId(entry).contains(m_text, Qt::CaseInsensitive);
}

} // namespace models::event
