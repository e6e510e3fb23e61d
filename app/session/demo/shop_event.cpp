// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/shop_event.h"

#include "app/session/demo/shop_random.h"

#include <QDateTime>
#include <QUuid>

namespace session::demo {

namespace {

QString uuidFrom(quint64 high, quint64 low)
{
    // The bits of a random UUID (version 4, variant 1).
    const auto byte = [low](int index) { return static_cast<uchar>(low >> (8 * index)); };
    const QUuid uuid(static_cast<uint>(high >> 32), static_cast<ushort>(high >> 16), static_cast<ushort>((high & 0x0fff) | 0x4000),
                     static_cast<uchar>((byte(0) & 0x3f) | 0x80), byte(1), byte(2), byte(3), byte(4), byte(5), byte(6), byte(7));
    return uuid.toString(QUuid::WithoutBraces);
}

} // namespace

QString streamOf(QLatin1String part, quint64 order)
{
    return QString(part) + u'-' + QString::number(order);
}

quint64 orderOf(const QString &stream)
{
    return QStringView(stream).mid(stream.lastIndexOf(u'-') + 1).toULongLong();
}

QString eventIdOf(quint64 seed, const QString &stream, const QString &type)
{
    const QByteArray place = (stream + u'/' + type).toUtf8();
    const std::string_view question(place.constData(), static_cast<size_t>(place.size()));
    return uuidFrom(drawBits(seed, 1, question), drawBits(seed, 2, question));
}

QString correlationIdOf(quint64 seed, quint64 order)
{
    return uuidFrom(drawBits(seed, order, "correlation, high"), drawBits(seed, order, "correlation, low"));
}

connectors::NewEvent makeEvent(quint64 seed, quint64 order, const Reaction &reaction, const QString &cause, connectors::EpochMs time,
                               qint64 version)
{
    connectors::NewEvent event;
    event.stream = streamOf(reaction.part, order);
    event.eventType = reaction.type;
    event.eventId = eventIdOf(seed, event.stream, event.eventType);
    event.aggregateId = event.stream;
    event.timestamp = QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODateWithMs);
    event.version = version;
    event.correlationId = correlationIdOf(seed, order);
    event.causationId = cause;
    event.metadata = ShopMetadata;
    const QByteArray causation = cause.isEmpty() ? QByteArray("null") : '"' + cause.toUtf8() + '"';
    event.payload = "{\"eventId\":\"" + event.eventId.toUtf8() + "\",\"eventType\":\"" + event.eventType.toUtf8() + "\",\"aggregateId\":\""
        + event.aggregateId.toUtf8() + "\",\"timestamp\":\"" + event.timestamp.toUtf8() + "\",\"version\":" + QByteArray::number(version)
        + ",\"correlationId\":\"" + event.correlationId.toUtf8() + "\",\"causationId\":" + causation + ",\"data\":" + reaction.data + '}';
    return event;
}

} // namespace session::demo
