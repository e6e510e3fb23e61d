// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/demo_projections.h"

namespace session::demo {

namespace {

/// Version 1 knows nothing of rejected and cancelled orders: they stay "placed" for ever.
constexpr const char *OrderOverview1 = R"json({ "projection": "order_overview", "version": 1, "source": {"streams": ["order-*"]},
  "target": {"table": "order_overview", "key": ["order_id"],
             "columns": {"order_id": "text", "customer": "text", "city": "text", "amount": "numeric(12,2)", "status": "text", "events": "bigint"}},
  "on": {
    "OrderPlaced":    {"upsert": {"order_id": "/aggregateId", "customer": "/data/customerId", "city": "/data/city", "amount": "/data/amount", "status": "=placed"}, "add": {"events": 1}},
    "OrderCompleted": {"update": {"order_id": "/aggregateId", "status": "=completed"}, "add": {"events": 1}} } }
)json";

constexpr const char *OrderOverview2 = R"json({ "projection": "order_overview", "version": 2, "source": {"streams": ["order-*"]},
  "target": {"table": "order_overview", "key": ["order_id"],
             "columns": {"order_id": "text", "customer": "text", "city": "text", "amount": "numeric(12,2)", "status": "text", "events": "bigint"}},
  "on": {
    "OrderPlaced":    {"upsert": {"order_id": "/aggregateId", "customer": "/data/customerId", "city": "/data/city", "amount": "/data/amount", "status": "=placed"}, "add": {"events": 1}},
    "OrderCompleted": {"update": {"order_id": "/aggregateId", "status": "=completed"}, "add": {"events": 1}},
    "OrderRejected":  {"update": {"order_id": "/aggregateId", "status": "=rejected"}, "add": {"events": 1}},
    "OrderCancelled": {"update": {"order_id": "/aggregateId", "status": "=cancelled"}, "add": {"events": 1}} } }
)json";

constexpr const char *ArticleStock = R"json({ "projection": "article_stock", "version": 1, "source": {"streams": ["stock-*"]},
  "target": {"table": "article_stock", "key": ["sku"],
             "columns": {"sku": "text", "reserved": "bigint", "released": "bigint", "refused": "bigint"}},
  "on": {
    "StockReserved":          {"upsert": {"sku": "/data/sku"}, "add": {"reserved": "/data/quantity"}},
    "StockReleased":          {"upsert": {"sku": "/data/sku"}, "add": {"released": "/data/quantity"}},
    "StockReservationFailed": {"upsert": {"sku": "/data/sku"}, "add": {"refused": "/data/quantity"}} } }
)json";

constexpr const char *PaymentTotals = R"json({ "projection": "payment_totals", "version": 1, "source": {"streams": ["payment-*"]},
  "target": {"table": "payment_totals", "key": ["kind"],
             "columns": {"kind": "text", "payments": "bigint", "amount": "numeric(20,2)"}},
  "on": {
    "PaymentAuthorized": {"upsert": {"kind": "=authorized"}, "add": {"payments": 1, "amount": "/data/amount"}},
    "PaymentDeclined":   {"upsert": {"kind": "=declined"}, "add": {"payments": 1, "amount": "/data/amount"}},
    "PaymentRefunded":   {"upsert": {"kind": "=refunded"}, "add": {"payments": 1, "amount": "/data/amount"}} } }
)json";

} // namespace

std::vector<ShopProjection> shopProjections()
{
    return {{QStringLiteral("order_overview"), {OrderOverview1, OrderOverview2}}, {QStringLiteral("article_stock"), {ArticleStock}}, {QStringLiteral("payment_totals"), {PaymentTotals}}};
}

} // namespace session::demo
