// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/demo/shop.h"

#include "connectors/eventstore/scope.h"
#include "connectors/eventstore/scope_queries.h"

namespace session::demo {

using namespace connectors;
using namespace connectors::eventstore;
using namespace connectors::sqlite;
using connectors::EpochMs;

namespace {

/// Events of one order on average, over all fates.
constexpr double EventsPerOrder = 12.5;

void requireOwnEvents(sqlite::Database &database)
{
    sqlite::Statement first(database, "SELECT coalesce(metadata, '') FROM events WHERE position = 1");
    if (first.step() && first.text(0) != ShopMetadata)
        fail(connectors::ErrorCode::Refused, QStringLiteral("%1 holds events that are not the demo's.").arg(database.path()),
             QStringLiteral("Name another file; one that does not exist yet is made."));
}

} // namespace

Shop::Shop(sqlite::Database &database, quint64 seed, double eventsPerSecond)
    : m_database(database)
    , m_seed(seed)
    , m_rules(seed)
    , m_ordersPerSecond(eventsPerSecond / EventsPerOrder)
    , m_writer(database)
{
    requireOwnEvents(database);
    sqlite::Statement last(database, "SELECT stream FROM events WHERE event_type = 'OrderPlaced' ORDER BY position DESC LIMIT 1");
    m_lastOrder = last.step() ? orderOf(last.string(0)) : FirstOrder - 1;
    last.reset();

    const auto add = [&](const QString &name, const QString &stream, auto handler, std::function<double(EpochMs)> rate) {
        m_consumers.push_back(std::make_unique<ShopConsumer>(
            ConsumerRole{name, stream, [this, handler](const SeenEvent &event) { return (m_rules.*handler)(event); }, std::move(rate)}, seed,
            m_database, m_writer));
    };
    const auto steady = [](double rate) { return [rate](EpochMs) { return rate; }; };
    const double all = eventsPerSecond;
    add(QStringLiteral("order-saga"), AllStreams, &ShopRules::orderSaga, steady(3 * all));
    add(QStringLiteral("payment"), QStringLiteral("saga-*"), &ShopRules::payment, steady(2 * all));
    add(QStringLiteral("stock"), QStringLiteral("saga-*"), &ShopRules::stock, steady(2 * all));
    add(QStringLiteral("shipping"), QStringLiteral("saga-*"), &ShopRules::shipping, steady(all));
    add(QStringLiteral("customer-mail"), QStringLiteral("order-*"), &ShopRules::customerMail, [all](EpochMs now) {
        const EpochMs since = now % MailCycleMs;
        const bool isDown = since >= MailDownAfterMs && since < MailDownAfterMs + MailDownMs;
        return isDown ? 0.0 : since < MailSlowMs ? 0.03 * all : 0.8 * all;
    });
}

void Shop::step(EpochMs now, EpochMs duration)
{
    placeOrders(now, duration);
    for (const auto &consumer : m_consumers)
        consumer->step(now, duration);
}

void Shop::heartbeat(EpochMs now)
{
    for (const auto &consumer : m_consumers)
        consumer->heartbeat(now);
}

void Shop::leave()
{
    for (const auto &consumer : m_consumers)
        consumer->leave();
}

qint64 Shop::eventCount()
{
    return storeEnd(m_database) - 1;
}

void Shop::placeOrders(EpochMs now, EpochMs duration)
{
    m_dueOrders += m_ordersPerSecond * static_cast<double>(duration) / 1000;
    for (; m_dueOrders >= 1; m_dueOrders -= 1) {
        ++m_lastOrder;
        std::ignore = m_writer.append({makeEvent(m_seed, m_lastOrder, m_rules.placeOrder(m_lastOrder), {}, now, 1)}, now);
    }
}

} // namespace session::demo
