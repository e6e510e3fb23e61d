// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/session/demo/shop_event.h"

#include <tl/expected.hpp>

#include <vector>

namespace session::demo {

/// What happens in the shop, without any state: everything about an order follows from seed and number.
///
/// A customer places an order. The order saga (process manager) asks payment, then stock, then shipping for their part,
/// and completes the order. Where a later step fails, what was done before is undone in reverse: stock released, payment
/// refunded, order cancelled. Shipping cannot read some addresses: those events become dead letters and their orders hang.
class ShopRules final
{
public:
    using Reactions = tl::expected<std::vector<Reaction>, HandlerFailure>;
    explicit ShopRules(quint64 seed) : m_seed(seed) { }

    [[nodiscard]] Reaction placeOrder(quint64 order) const;

    // One function a consumer. No reaction: the event is none of its business.
    [[nodiscard]] Reactions orderSaga(const SeenEvent &event) const;
    [[nodiscard]] Reactions payment(const SeenEvent &event) const;
    [[nodiscard]] Reactions stock(const SeenEvent &event) const;
    [[nodiscard]] Reactions shipping(const SeenEvent &event) const;
    [[nodiscard]] Reactions customerMail(const SeenEvent &event) const;

    // The fates of an order.
    [[nodiscard]] bool isPaymentDeclined(quint64 order) const;
    [[nodiscard]] bool isOutOfStock(quint64 order) const;
    [[nodiscard]] bool isAddressUnreadable(quint64 order) const;
    [[nodiscard]] bool isShipmentRefused(quint64 order) const;

private:
    [[nodiscard]] QByteArray amount(quint64 order) const;
    [[nodiscard]] bool happens(quint64 order, std::string_view what, quint64 perMille) const;
    quint64 m_seed;
};

} // namespace session::demo
