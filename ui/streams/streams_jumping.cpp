// SPDX-License-Identifier: GPL-3.0-or-later
// How the Streams page goes to a position or a time: only where the system says that there is one.
#include "ui/streams/streams_page.h"

#include "connectors/deliver.h"
#include "ui/event/event_panel.h"
#include "ui/streams/event_table.h"
#include "ui/streams/range_bar.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/text.h"

#include <QDateTime>
#include <QTimer>

#include <limits>

namespace ui::streams {

using connectors::Error;
using models::connection::Connection;
using theme::Role;
namespace text = ui::widgets::text;

namespace {

constexpr qint64 EventsAfterTime = 1000;
constexpr std::chrono::milliseconds AnswerExpected{500}; ///< later it is said that one is waited for

} // namespace

void StreamsPage::jump(const QString &written)
{
    m_jumpStop.request_stop();
    m_jumpNotice->clear();
    const auto target = parseJump(written, QDateTime::currentMSecsSinceEpoch());
    if (!target)
        return m_jumpNotice->say(Role::Warning, text::error(target.error()));
    if (!*target)
        return readFrom(written == u"latest" ? QStringLiteral("last:%1").arg(EventsAfterTime) : written); // nothing is at the very end
    if (!selectAtHand(**target))
        askWhere(**target, written);
}

bool StreamsPage::selectAtHand(const JumpTarget &target)
{
    if (const qint64 *position = target.position()) {
        const qint64 found = m_model.findPosition(target.partition, *position);
        return found >= 0 && m_table->setCurrentSequence(found);
    }
    // Only what is read from before that time on is sure to hold the first event of it.
    const models::event::EventList &list = m_model.list();
    const connectors::EpochMs time = std::get<connectors::AtTime>(target.place).time;
    const qint64 earliest = list.findTime(std::numeric_limits<connectors::EpochMs>::min());
    const qint64 found = earliest >= 0 && list.entry(earliest).time < time ? list.findTime(time) : -1;
    return found >= 0 && m_table->setCurrentSequence(found);
}

/// Times are read from the system's first and last events, which for all streams of a connection would be a burden.
void StreamsPage::askWhere(const JumpTarget &target, const QString &written)
{
    const Connection *open = connection();
    connectors::StreamCatalog *catalog = open ? open->connector()->streamCatalog() : nullptr;
    if (!catalog || (m_stream.isEmpty() && !target.position()))
        return readAt(target, written);
    connectors::StreamListRequest request;
    if (!m_stream.isEmpty())
        request.streams = {m_stream};
    request.withTimes = !target.position();
    m_jumpStop = {};
    const std::stop_token stop = m_jumpStop.get_token();
    QTimer::singleShot(AnswerExpected, this, [this, stop, written] {
        if (!stop.stop_requested())
            m_jumpNotice->say(Role::Info, tr("Looking for %1").arg(text::untrusted(written, 40)));
    });
    connectors::deliver(catalog->listStreams(request, stop), this, [this, stop, target, written](const connectors::Result<connectors::StreamList> &list) {
        if (stop.stop_requested())
            return;
        m_jumpStop.request_stop(); // it is answered
        m_jumpNotice->clear();
        if (!list)
            return m_jumpNotice->say(list.error());
        const QString words = missingWords(target, list->streams, sourceWords());
        if (!words.isEmpty())
            return m_jumpNotice->say(Role::Info, words);
        readAt(target, written);
    });
}

void StreamsPage::readAt(const JumpTarget &target, const QString &written)
{
    if (const qint64 *position = target.position()) {
        start(requestAround(*position, target.partition));
        m_wantedJump = target;
        return;
    }
    const KnownStreams known = knownStreams();
    if (m_stream.isEmpty() || known.empty() || known.front().partitions.size() < 2) {
        readFrom(written);
        m_wantedJump = target;
        return;
    }
    m_jumpStop = {};
    const std::stop_token stop = m_jumpStop.get_token();
    const auto answer = connection()->connector()->streamCatalog()->positionsAt(m_stream, std::get<connectors::AtTime>(target.place).time, stop);
    connectors::deliver(answer, this, [this, stop, target, written](const connectors::Result<std::vector<connectors::TimePosition>> &positions) {
        if (stop.stop_requested())
            return;
        if (!positions)
            return m_jumpNotice->say(positions.error());
        readAroundTime(*positions, written);
        m_wantedJump = target;
    });
}

/// Around the place in each partition; at its end where no event is that late.
void StreamsPage::readAroundTime(const std::vector<connectors::TimePosition> &positions, const QString &written)
{
    m_range->setRange(written, QStringLiteral("latest"));
    auto request = makeRequest();
    if (!request)
        return showRefusal(request.error());
    request->ranges = rangesAround(positions, knownStreams(), EventsAfterTime);
    start(*request);
}

void StreamsPage::readFrom(const QString &written)
{
    m_range->setRange(written, QStringLiteral("latest"));
    auto request = makeRequest();
    if (!request)
        return showRefusal(request.error());
    if (!std::holds_alternative<connectors::Newest>(request->from))
        request->limit = EventsAfterTime;
    start(*request);
}

/// Positions have gaps: compaction, other streams of the same store, markers of transactions.
void StreamsPage::selectNearest(const JumpTarget &target)
{
    if (selectAtHand(target))
        return;
    if (!target.position()) {
        const qint64 found = m_model.list().findTime(std::get<connectors::AtTime>(target.place).time);
        if (found < 0 || !m_table->setCurrentSequence(found))
            m_jumpNotice->say(Role::Info, tr("What was read holds no event of that time or later."));
        return;
    }
    const qint64 wanted = *target.position();
    const models::event::EventList &list = m_model.list();
    qint64 nearest = -1;
    for (qint64 sequence = list.first(); sequence < list.end(); ++sequence) {
        const qint64 position = list.entry(sequence).position;
        if (position > wanted && (nearest < 0 || position < list.entry(nearest).position))
            nearest = sequence;
    }
    if (nearest < 0)
        return m_jumpNotice->say(Role::Info, tr("There is no event at position %1, and none soon after it.").arg(text::exact(wanted)));
    m_table->setCurrentSequence(nearest);
    m_jumpNotice->say(Role::Info, tr("There is no event at position %1; the next one is at %2.").arg(text::exact(wanted), text::exact(list.entry(nearest).position)));
}

} // namespace ui::streams
