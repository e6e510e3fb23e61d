// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/warehouse.h"

#include "app/session/demo/shop_event.h"
#include "app/session/demo/shop_random.h"

#include <array>

namespace session::demo {

namespace {

constexpr QLatin1String Part("warehouse");
constexpr quint64 Number = 1;
constexpr qint64 EventsPerCorrection = 40;
constexpr std::array Skus{"LAMP-01", "CHAIR-07", "MUG-22", "RUG-03", "SHELF-5", "VASE-11", "CLOCK-2", "TABLE-4"};

/// Ids follow from the version, because many events have the same type.
QString idOf(quint64 seed, qint64 version)
{
    return eventIdOf(seed, streamOf(Part, Number), QString::number(version));
}

} // namespace

void Warehouse::live(qint64 count, connectors::EpochMs now)
{
    std::vector<connectors::NewEvent> events;
    for (qint64 i = 0; i < count; ++i)
        events.push_back(next(now));
    std::ignore = m_writer.append(events, now);
}

connectors::NewEvent Warehouse::next(connectors::EpochMs now)
{
    const qint64 version = ++m_version;
    const auto draw = [&](std::string_view what, quint64 below) { return drawBelow(m_seed, static_cast<quint64>(version), what, below); };
    const bool isCorrection = version % EventsPerCorrection == 0;
    const QByteArray sku = isCorrection ? Skus[drawBelow(m_seed, static_cast<quint64>(version - 1), "sku", Skus.size())] : Skus[draw("sku", Skus.size())];
    const QByteArray stock = QByteArray::number(5 + draw("stock", 60));
    const QByteArray shelf = "\"shelf\":\"" + QByteArray(1, static_cast<char>('A' + draw("row", 6))) + '-' + QByteArray::number(1 + draw("place", 20)) + '"';
    const bool isMoved = !isCorrection && draw("kind", 10) == 0;
    const QLatin1String type(version == 1 ? "WarehouseOpened" : isCorrection ? "BookingCorrected" : isMoved ? "GoodsMoved" : draw("way", 2) == 0 ? "GoodsReceived" : "GoodsPicked");
    const QByteArray goods = "{\"goods\":{\"" + sku + "\":{" + (isMoved ? shelf : "\"stock\":" + stock + (draw("shelf", 4) == 0 ? ',' + shelf : QByteArray())) + "}}"
        + (isCorrection ? ",\"lastCount\":{\"by\":\"night shift\",\"correctedVersion\":" + QByteArray::number(version - 1) + '}' : QByteArray()) + '}';
    const QByteArray opened = R"({"name":"Main warehouse","city":"Graz","area":1240.50,"goods":{}})";
    connectors::NewEvent event = makeEvent(m_seed, Number, {Part, type, version == 1 ? opened : goods}, {}, now, version);
    event.payload.replace(event.eventId.toUtf8(), idOf(m_seed, version).toUtf8());
    event.eventId = idOf(m_seed, version);
    if (isCorrection)
        event.metadata = QByteArray(ShopMetadata).chopped(1) + ",\"compensates\":\"" + idOf(m_seed, version - 1).toUtf8() + "\"}";
    return event;
}

} // namespace session::demo
