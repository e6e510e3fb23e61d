// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/value_text.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QUrl>

namespace ui::event {

using models::event::EventColumn;
using Kind = EventColumn::Kind;

namespace text = ui::widgets::text;

namespace {

struct ValueTextWords {
    Q_DECLARE_TR_FUNCTIONS(ValueText)
};

} // namespace

bool isId(const EventColumn &column)
{
    switch (column.kind) {
    case Kind::Aggregate:
    case Kind::Correlation:
    case Kind::EventId:
    case Kind::Causation:
    case Kind::Key: return true;
    default: return false;
    }
}

QString columnTitle(const EventColumn &column)
{
    switch (column.kind) {
    case Kind::Time: return ValueTextWords::tr("Time");
    case Kind::Stream: return ValueTextWords::tr("Stream");
    case Kind::Partition: return ValueTextWords::tr("Partition");
    case Kind::Position: return ValueTextWords::tr("Position");
    case Kind::Type: return ValueTextWords::tr("Type");
    case Kind::Aggregate: return ValueTextWords::tr("Aggregate");
    case Kind::Correlation: return ValueTextWords::tr("Correlation");
    case Kind::EventId: return ValueTextWords::tr("Event id");
    case Kind::Size: return ValueTextWords::tr("Size");
    case Kind::Key: return ValueTextWords::tr("Key");
    case Kind::Causation: return ValueTextWords::tr("Causation");
    case Kind::Version: return ValueTextWords::tr("Version");
    case Kind::Timestamp: return ValueTextWords::tr("Timestamp");
    case Kind::Payload: return ValueTextWords::tr("Body");
    case Kind::Header: return ValueTextWords::tr("Header %1").arg(text::untrusted(column.path, 60));
    case Kind::Field: return text::untrusted(column.path, 60);
    }
    return {};
}

QString valueWords(const EventColumn &column, const QVariant &value, bool isShortened)
{
    if (!value.isValid())
        return QStringLiteral("–");
    switch (column.kind) {
    case Kind::Time: return text::localTime(value.toLongLong());
    case Kind::Size: return text::exact(value.toLongLong());
    case Kind::Position:
    case Kind::Partition:
    case Kind::Version: return value.toString(); // as it is typed elsewhere, without separators
    default: break;
    }
    // Long enough for "order-17" and "payment-4711"; a UUID has 36.
    constexpr int ShownIdLength = 20;
    return isShortened && isId(column) ? text::shortId(value.toString(), ShownIdLength) : text::untrusted(value.toString());
}

QString exactWords(const EventColumn &column, const QVariant &value)
{
    if (!value.isValid())
        return {};
    if (column.kind == Kind::Time)
        return text::utcTime(value.toLongLong());
    if (column.kind == Kind::Size)
        return ValueTextWords::tr("%1 bytes").arg(text::exact(value.toLongLong()));
    return value.toString();
}

QString addressWords(const connectors::EventAddress &address)
{
    return QStringLiteral("%1 %2:%3").arg(text::untrusted(address.stream)).arg(address.partition).arg(address.position);
}

QString linkTo(const QString &connection, const connectors::EventAddress &address)
{
    const auto encoded = [](const QString &part) { return QString::fromLatin1(QUrl::toPercentEncoding(part)); };
    return QStringLiteral("streamgauge://%1/streams/%2?event=%3:%4")
        .arg(encoded(connection), encoded(address.stream))
        .arg(address.partition)
        .arg(address.position);
}

QString shellQuoted(const QString &word)
{
    QString quoted = word;
    return u'\'' + quoted.replace(u'\'', QStringLiteral("'\\''")) + u'\'';
}

QString commandFor(const QString &connection, const connectors::EventAddress &address)
{
    return QStringLiteral("streamgaugectl events %1 %2 --partition %3 --from %4 --to %5")
        .arg(shellQuoted(connection), shellQuoted(address.stream))
        .arg(address.partition)
        .arg(address.position)
        .arg(address.position + 1);
}

} // namespace ui::event
