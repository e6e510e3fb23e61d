// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/event_writer.h"
#include "connectors/position.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace session::demo {

/// What a consumer sees of an event.
struct SeenEvent {
    qint64 position = 0;
    QString stream;
    QString type;
    QString eventId;
    quint64 order = 0; ///< the number at the end of the stream's name
    connectors::EpochMs time = 0; ///< when it was recorded
};

/// One thing that a consumer does in answer to an event: a new event, in the part of the shop's streams named `part`.
struct Reaction {
    QLatin1String part; ///< "order", "saga", "payment", "stock", "shipment", "mail"
    QLatin1String type;
    QByteArray data;        ///< JSON object
};

/// A consumer's code gives up on an event.
struct HandlerFailure {
    QString exceptionClass;
    QString message;
    QString stage;
    QString stackTrace;
};

/// `order-1042`: parts of one order share its number.
[[nodiscard]] QString streamOf(QLatin1String part, quint64 order);
[[nodiscard]] quint64 orderOf(const QString &stream);

/// Ids follow from seed, order and place, so that an event that is made twice is the same event.
[[nodiscard]] QString eventIdOf(quint64 seed, const QString &stream, const QString &type);
[[nodiscard]] QString correlationIdOf(quint64 seed, quint64 order);

/// The event in the native envelope form. `cause` is empty for the first event of an order.
[[nodiscard]] connectors::NewEvent makeEvent(quint64 seed, quint64 order, const Reaction &reaction, const QString &cause,
                                             connectors::EpochMs time, qint64 version);

/// Marks every event of the shop in its metadata, so that the shop never writes into somebody's own store.
inline constexpr const char *ShopMetadata = "{\"generator\":\"streamgauge demo shop\"}";

} // namespace session::demo
