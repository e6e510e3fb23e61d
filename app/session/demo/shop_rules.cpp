// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/shop_rules.h"

#include "app/session/demo/shop_random.h"

#include <array>

namespace session::demo {

namespace {

constexpr QLatin1String Order("order");
constexpr QLatin1String Saga("saga");
constexpr QLatin1String Payment("payment");
constexpr QLatin1String Stock("stock");
constexpr QLatin1String Shipment("shipment");
constexpr QLatin1String Mail("mail");

struct Article {
    const char *sku;
    const char *name;
    int cents;
};

constexpr std::array Articles{Article{"LAMP-01", "Desk lamp", 4990},  Article{"CHAIR-07", "Oak chair", 18900}, Article{"MUG-22", "Mug, blue", 1250},
                              Article{"RUG-03", "Wool rug", 27900},   Article{"SHELF-5", "Wall shelf", 6450},  Article{"VASE-11", "Glass vase", 3275},
                              Article{"CLOCK-2", "Wall clock", 5999}, Article{"TABLE-4", "Side table", 12900}};
constexpr std::array Cities{"Graz", "Lyon", "Porto", "Gdansk", "Bergen", "Utrecht", "Malmo", "Bologna"};

struct Cart {
    Article article;
    int quantity;
};

Cart cartOf(quint64 seed, quint64 order)
{
    return {Articles[drawBelow(seed, order, "article", Articles.size())], 1 + static_cast<int>(drawBelow(seed, order, "quantity", 3))};
}

QByteArray text(const char *name, const QByteArray &value)
{
    return QByteArray("\"") + name + "\":\"" + value + '"';
}

QByteArray number(const char *name, const QByteArray &value)
{
    return QByteArray("\"") + name + "\":" + value;
}

QByteArray object(std::initializer_list<QByteArray> members)
{
    return '{' + QByteArrayList(members).join(',') + '}';
}

} // namespace

bool ShopRules::happens(quint64 order, std::string_view what, quint64 perMille) const
{
    return drawBelow(m_seed, order, what, 1000) < perMille;
}

bool ShopRules::isPaymentDeclined(quint64 order) const { return happens(order, "payment declined", 50); }
bool ShopRules::isOutOfStock(quint64 order) const { return happens(order, "out of stock", 60); }
bool ShopRules::isAddressUnreadable(quint64 order) const { return happens(order, "address unreadable", 25); }
bool ShopRules::isShipmentRefused(quint64 order) const { return happens(order, "shipment refused", 30); }

QByteArray ShopRules::amount(quint64 order) const
{
    const Cart cart = cartOf(m_seed, order);
    const int cents = cart.article.cents * cart.quantity;
    return QByteArray::number(cents / 100) + '.' + QByteArray::number(cents % 100).rightJustified(2, '0');
}

Reaction ShopRules::placeOrder(quint64 order) const
{
    const Cart cart = cartOf(m_seed, order);
    const QByteArray customer = "customer-" + QByteArray::number(100 + drawBelow(m_seed, order, "customer", 400));
    const QByteArray line = object({text("sku", cart.article.sku), text("name", cart.article.name), number("quantity", QByteArray::number(cart.quantity))});
    return {Order, QLatin1String("OrderPlaced"),
            object({text("orderId", QByteArray::number(order)), text("customerId", customer), number("amount", amount(order)),
                    text("currency", "EUR"), number("lines", '[' + line + ']'),
                    text("city", Cities[drawBelow(m_seed, order, "city", Cities.size())])})};
}

ShopRules::Reactions ShopRules::orderSaga(const SeenEvent &event) const
{
    const QByteArray id = text("orderId", QByteArray::number(event.order));
    const QByteArray money = number("amount", amount(event.order));
    const auto saga = [](const char *type, const QByteArray &data) { return Reaction{Saga, QLatin1String(type), data}; };
    const auto order = [](const char *type, const QByteArray &data) { return Reaction{Order, QLatin1String(type), data}; };
    using List = std::vector<Reaction>;

    if (event.type == u"OrderPlaced")
        return List{saga("OrderProcessStarted", object({id})), saga("PaymentRequested", object({id, money}))};
    if (event.type == u"PaymentAuthorized")
        return List{saga("StockReservationRequested", object({id}))};
    if (event.type == u"StockReserved")
        return List{saga("ShippingRequested", object({id, text("city", Cities[drawBelow(m_seed, event.order, "city", Cities.size())])}))};
    if (event.type == u"ShipmentDispatched")
        return List{order("OrderCompleted", object({id})), saga("OrderProcessCompleted", object({id}))};
    // Compensations, in reverse order of what was done.
    if (event.type == u"PaymentDeclined")
        return List{order("OrderRejected", object({id, text("reason", "payment declined")})), saga("OrderProcessFailed", object({id}))};
    if (event.type == u"ShipmentRefused")
        return List{saga("StockReleaseRequested", object({id, text("reason", "shipment refused")}))};
    if (event.type == u"StockReservationFailed" || event.type == u"StockReleased")
        return List{saga("RefundRequested", object({id, money}))};
    if (event.type == u"PaymentRefunded")
        return List{order("OrderCancelled", object({id, text("reason", "could not be delivered")})), saga("OrderProcessCompensated", object({id}))};
    return List{};
}

ShopRules::Reactions ShopRules::payment(const SeenEvent &event) const
{
    const QByteArray id = text("orderId", QByteArray::number(event.order));
    const QByteArray money = number("amount", amount(event.order));
    if (event.type == u"PaymentRequested" && isPaymentDeclined(event.order))
        return std::vector{Reaction{Payment, QLatin1String("PaymentDeclined"), object({id, money, text("reason", "card expired")})}};
    if (event.type == u"PaymentRequested")
        return std::vector{Reaction{Payment, QLatin1String("PaymentAuthorized"), object({id, money, text("method", "card")})}};
    if (event.type == u"RefundRequested")
        return std::vector{Reaction{Payment, QLatin1String("PaymentRefunded"), object({id, money})}};
    return std::vector<Reaction>{};
}

ShopRules::Reactions ShopRules::stock(const SeenEvent &event) const
{
    const Cart cart = cartOf(m_seed, event.order);
    const QByteArray data = object({text("orderId", QByteArray::number(event.order)), text("sku", cart.article.sku),
                                    number("quantity", QByteArray::number(cart.quantity))});
    if (event.type == u"StockReservationRequested")
        return std::vector{Reaction{Stock, QLatin1String(isOutOfStock(event.order) ? "StockReservationFailed" : "StockReserved"), data}};
    if (event.type == u"StockReleaseRequested")
        return std::vector{Reaction{Stock, QLatin1String("StockReleased"), data}};
    return std::vector<Reaction>{};
}

ShopRules::Reactions ShopRules::shipping(const SeenEvent &event) const
{
    if (event.type != u"ShippingRequested")
        return std::vector<Reaction>{};
    const QByteArray id = text("orderId", QByteArray::number(event.order));
    if (isAddressUnreadable(event.order)) {
        const bool isTimeout = drawBelow(m_seed, event.order, "kind of failure", 4) == 0;
        if (isTimeout)
            return tl::unexpected(HandlerFailure{QStringLiteral("shop.shipping.CarrierTimeoutException"),
                                                 QStringLiteral("Carrier did not answer within %1 ms for order %2")
                                                     .arg(2000 + drawBelow(m_seed, event.order, "wait", 900))
                                                     .arg(event.order),
                                                 QStringLiteral("call carrier"),
                                                 QStringLiteral("shop.shipping.CarrierTimeoutException\n\tat shop.shipping.Carrier.book(Carrier.java:118)\n"
                                                                "\tat shop.shipping.ShippingHandler.handle(ShippingHandler.java:57)\n")});
        return tl::unexpected(HandlerFailure{QStringLiteral("shop.shipping.AddressFormatException"),
                                             QStringLiteral("Cannot read address of order %1: no postal code").arg(event.order),
                                             QStringLiteral("parse address"),
                                             QStringLiteral("shop.shipping.AddressFormatException\n\tat shop.shipping.Address.parse(Address.java:42)\n"
                                                            "\tat shop.shipping.ShippingHandler.handle(ShippingHandler.java:51)\n")});
    }
    if (isShipmentRefused(event.order))
        return std::vector{Reaction{Shipment, QLatin1String("ShipmentRefused"), object({id, text("reason", "carrier refused the parcel")})}};
    return std::vector{Reaction{Shipment, QLatin1String("ShipmentPrepared"), object({id})},
                       Reaction{Shipment, QLatin1String("ShipmentDispatched"),
                                object({id, text("trackingId", QByteArray::number(drawBits(m_seed, event.order, "tracking"), 36).toUpper())})}};
}

ShopRules::Reactions ShopRules::customerMail(const SeenEvent &event) const
{
    const auto mail = [&event](const char *type) {
        return std::vector{Reaction{Mail, QLatin1String(type), object({text("orderId", QByteArray::number(event.order)), text("template", event.type.toUtf8())})}};
    };
    if (event.type == u"OrderPlaced")
        return mail("OrderConfirmationSent");
    if (event.type == u"OrderCompleted" || event.type == u"OrderRejected" || event.type == u"OrderCancelled")
        return mail("OrderOutcomeSent");
    return std::vector<Reaction>{};
}

} // namespace session::demo
