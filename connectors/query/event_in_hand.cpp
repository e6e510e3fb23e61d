// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/event_in_hand.h"

#include "connectors/json_text.h"

namespace connectors::query {

void EventInHand::begin(const EventBatch &batch)
{
    m_batch = &batch;
    m_row = -1;
    m_firstRow = 0;
    m_outcome = {};
}

void EventInHand::end()
{
    leave();
    m_row = -1;
    m_batch = nullptr;
}

void EventInHand::moveTo(qsizetype row)
{
    leave();
    m_row = row;
}

void EventInHand::leave()
{
    if (m_isMatch) {
        m_outcome.matches.push_back(m_row);
    } else if (m_hasProblem) {
        if (m_outcome.notFilterable++ == 0) {
            const EventAddress address = m_batch->address(m_row);
            m_outcome.firstNotFilterable = QStringLiteral("%1/%2@%3: %4").arg(address.stream).arg(address.partition).arg(address.position).arg(m_problem);
        }
    }
    m_isMatch = false;
    m_hasProblem = false;
    m_checkedFormat.reset();
}

BodyFormat EventInHand::format()
{
    const EventRecord &event = record();
    if (event.payload.isNull() || event.format != BodyFormat::Null)
        return event.format;
    if (!m_checkedFormat) { // the reader has not decoded it
        const std::string_view body = text(event.payload);
        const json::Verdict verdict = json::check(body);
        m_checkedFormat = body.empty()                        ? BodyFormat::Empty
                        : verdict == json::Verdict::Valid     ? BodyFormat::Json
                        : verdict == json::Verdict::TooDeep ? BodyFormat::JsonTooDeep
                                                              : BodyFormat::NotJson;
    }
    return *m_checkedFormat;
}

std::optional<std::string_view> EventInHand::json()
{
    switch (format()) {
    case BodyFormat::Json: return text(record().payload);
    case BodyFormat::Null:
    case BodyFormat::LeftOut: break;
    case BodyFormat::Empty: setProblem(QStringLiteral("The body is empty.")); break;
    case BodyFormat::JsonTooDeep: setProblem(QStringLiteral("The body is nested more than %1 levels deep.").arg(json::MaxDepth)); break;
    case BodyFormat::NotJson: setProblem(QStringLiteral("The body is not JSON.")); break;
    }
    return std::nullopt;
}

void EventInHand::setProblem(const QString &problem)
{
    if (m_hasProblem)
        return;
    m_hasProblem = true;
    if (m_outcome.notFilterable == 0) // only the first is ever shown
        m_problem = problem;
}

FilterOutcome EventInHand::takeOutcome()
{
    return std::exchange(m_outcome, {});
}

} // namespace connectors::query
