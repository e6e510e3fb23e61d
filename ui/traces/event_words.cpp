// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/traces/event_words.h"

#include "ui/traces/translation.h"
#include "ui/widgets/text.h"

namespace ui::traces {

using models::trace::EffectGroup;
using models::trace::GraphScene;
using models::trace::TraceEvent;
namespace text = ui::widgets::text;

namespace {

const TraceEvent &eventOf(const GraphScene &scene, int item)
{
    return scene.trace().events[static_cast<size_t>(scene.eventOf(item))];
}

} // namespace

QString typeText(const QString &eventType, int limit)
{
    return eventType.isEmpty() ? tr("(no type)") : text::untrusted(eventType, limit);
}

QString addressText(const connectors::EventAddress &address)
{
    return QStringLiteral("%1 %2:%3").arg(text::untrusted(address.stream, 120)).arg(address.partition).arg(address.position);
}

std::pair<QString, QString> wordsOf(const GraphScene &scene, int item)
{
    const int node = scene.view().nodeOf(item);
    if (scene.graph().isPhantom(node))
        return {tr("not found"), text::untrusted(scene.graph().idOf(node), 60)};
    const TraceEvent &event = eventOf(scene, item);
    if (const EffectGroup *group = scene.view().groupOf(item)) {
        const QString first = tr("%1 × %2").arg(text::number(static_cast<qint64>(group->members.size())), typeText(group->eventType, 60));
        return {first, group->hiddenEffects > 0 ? tr("and %1 effects").arg(text::number(group->hiddenEffects)) : text::untrusted(event.address.stream, 60)};
    }
    const QString stream = text::untrusted(event.address.stream, 60);
    // In an event store a stream often is the aggregate: saying it once will do.
    if (event.aggregateId.isEmpty() || event.aggregateId == event.address.stream)
        return {typeText(event.eventType, 60), stream};
    return {typeText(event.eventType, 60), text::untrusted(event.aggregateId, 60) + QStringLiteral(" · ") + stream};
}

QString elapsedText(qint64 milliseconds)
{
    const QString length = text::duration(std::abs(milliseconds));
    return (milliseconds < 0 ? QChar(0x2212) : QChar(u'+')) + length;
}

QString describeEvent(const TraceEvent &event)
{
    QString words = typeText(event.eventType);
    if (!event.aggregateId.isEmpty())
        words = tr("%1 of %2").arg(words, text::untrusted(event.aggregateId));
    words += QStringLiteral(", ") + addressText(event.address);
    if (event.time != connectors::NoNumber)
        words += QStringLiteral(", ") + text::localTime(event.time);
    return words;
}

QString describeItem(const GraphScene &scene, int item)
{
    const int node = scene.view().nodeOf(item);
    if (scene.graph().isPhantom(node))
        return tr("The cause %1 was not found in what was searched.\nIt may be a command, older than the time range, or gone by retention.")
            .arg(text::untrusted(scene.graph().idOf(node)));
    const TraceEvent &event = eventOf(scene, item);
    if (const EffectGroup *group = scene.view().groupOf(item)) {
        QString words = tr("%1 events of type %2, collapsed.").arg(text::exact(static_cast<qint64>(group->members.size())), typeText(group->eventType));
        if (group->hiddenEffects > 0)
            words += u' ' + tr("%1 of their effects are hidden with them.").arg(text::exact(group->hiddenEffects));
        if (scene.hasDeadLetter(item))
            words += u'\n' + tr("Dead letters are among them.");
        return words + u'\n' + tr("Double click or Enter shows each.");
    }
    QStringList lines{describeEvent(event)};
    lines += tr("Event id: %1").arg(event.eventId.isEmpty() ? tr("none") : text::untrusted(event.eventId));
    if (event.time != connectors::NoNumber)
        lines += text::utcTime(event.time);
    if (const auto elapsed = scene.elapsedMs(item))
        lines += tr("%1 after its cause").arg(elapsedText(*elapsed));
    const auto causes = scene.graph().causes(node).size();
    const auto effects = scene.graph().effects(node).size();
    lines += tr("%1 causes, %2 effects").arg(text::exact(static_cast<qint64>(causes)), text::exact(static_cast<qint64>(effects)));
    if (event.isDeadLettered)
        lines += tr("A consumer gave up on it: it is among the dead letters.");
    if (scene.graph().isInCycle(node))
        lines += tr("It is part of a cycle of causes, which was cut at its latest event.");
    if (scene.graph().copiesOf(node) > 1)
        lines += tr("%1 events have this id.").arg(scene.graph().copiesOf(node));
    return lines.join(u'\n');
}

} // namespace ui::traces
