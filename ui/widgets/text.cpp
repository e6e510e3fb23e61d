// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

#include <cmath>

namespace ui::widgets::text {

namespace {

TimeZone &shownZone()
{
    static TimeZone zone = TimeZone::Local;
    return zone;
}

QString tr(const char *source)
{
    return QCoreApplication::translate("Text", source);
}

/// Three significant figures with a unit step of 1,000.
QString scaled(double value, const QStringList &units)
{
    qsizetype unit = 0;
    while (std::abs(value) >= 999.95 && unit + 1 < units.size()) {
        value /= 1000.0;
        ++unit;
    }
    const int decimals = unit > 0 && std::abs(value) < 99.95 ? 1 : 0;
    const QString figure = QLocale().toString(value, 'f', decimals);
    return units[unit].isEmpty() ? figure : figure + QChar(0x00A0) + units[unit];
}

bool isHidden(char32_t character)
{
    if (character < 0x20 || (character >= 0x7F && character < 0xA0))
        return true;
    // Bidirectional marks, embeddings, overrides and isolates can make a name read as another one.
    return character == 0x061C || (character >= 0x200B && character <= 0x200F) || (character >= 0x2028 && character <= 0x202E)
        || (character >= 0x2060 && character <= 0x2069) || character == 0xFEFF;
}

} // namespace

QString exact(qint64 value)
{
    return QLocale().toString(value);
}

QString number(qint64 value)
{
    if (value > -10'000 && value < 10'000)
        return QLocale().toString(value);
    return scaled(static_cast<double>(value), {QString(), QStringLiteral("k"), QStringLiteral("M"), QStringLiteral("G"), QStringLiteral("T")});
}

QString number(std::optional<qint64> value)
{
    return value ? number(*value) : QStringLiteral("–");
}

QString rate(double perSecond)
{
    if (perSecond < 0.05)
        return QLocale().toString(0);
    if (perSecond < 9.95)
        return QLocale().toString(perSecond, 'f', 1);
    return number(static_cast<qint64>(std::llround(perSecond)));
}

QString bytes(qint64 value)
{
    return scaled(static_cast<double>(value),
                  {QStringLiteral("B"), QStringLiteral("kB"), QStringLiteral("MB"), QStringLiteral("GB"), QStringLiteral("TB")});
}

QString duration(qint64 milliseconds)
{
    if (milliseconds < 0)
        milliseconds = 0;
    if (milliseconds < 1000)
        return tr("%1 ms").arg(milliseconds);
    if (milliseconds < 60'000)
        return tr("%1 s").arg(QLocale().toString(static_cast<double>(milliseconds) / 1000.0, 'f', 1));
    const qint64 seconds = milliseconds / 1000;
    if (seconds < 3600)
        return seconds % 60 == 0 ? tr("%1 min").arg(seconds / 60) : tr("%1 min %2 s").arg(seconds / 60).arg(seconds % 60);
    const qint64 minutes = seconds / 60;
    if (minutes < 24 * 60)
        return minutes % 60 == 0 ? tr("%1 h").arg(minutes / 60) : tr("%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
    const qint64 hours = minutes / 60;
    return hours % 24 == 0 ? tr("%1 d").arg(hours / 24) : tr("%1 d %2 h").arg(hours / 24).arg(hours % 24);
}

QString clock(qint64 milliseconds)
{
    const qint64 seconds = std::max<qint64>(0, milliseconds) / 1000;
    const QString tail = QStringLiteral("%1").arg(seconds % 60, 2, 10, QLatin1Char('0'));
    if (seconds < 3600)
        return QStringLiteral("%1:%2").arg(QString::number(seconds / 60), tail);
    return QStringLiteral("%1:%2:%3").arg(QString::number(seconds / 3600), QStringLiteral("%1").arg(seconds / 60 % 60, 2, 10, QLatin1Char('0')), tail);
}

void setTimeZone(TimeZone zone)
{
    shownZone() = zone;
}

TimeZone timeZone()
{
    return shownZone();
}

QDateTime dateTime(connectors::EpochMs time)
{
    return QDateTime::fromMSecsSinceEpoch(time, shownZone() == TimeZone::Utc ? Qt::UTC : Qt::LocalTime);
}

QString localTime(connectors::EpochMs time)
{
    return dateTime(time).toString(QStringLiteral("yyyy-MM-dd HH:mm:ss.zzz"));
}

QString utcTime(connectors::EpochMs time)
{
    return QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss.zzz")) + u'Z';
}

QString shortTime(connectors::EpochMs time)
{
    return dateTime(time).toString(QStringLiteral("HH:mm:ss"));
}

QString untrusted(const QString &text, int limit)
{
    QString result;
    result.reserve(std::min<qsizetype>(text.size(), limit + 16));
    for (const QChar character : text) {
        if (result.size() >= limit)
            return result + QChar(0x2026);
        if (isHidden(character.unicode()))
            result += QStringLiteral("\\u%1").arg(static_cast<uint>(character.unicode()), 4, 16, QLatin1Char('0'));
        else
            result += character;
    }
    return result;
}

QString toolTip(const QString &text, int limit)
{
    QStringList lines;
    for (const QString &line : text.left(limit + 1).split(u'\n'))
        lines += untrusted(line, limit).toHtmlEscaped();
    return QStringLiteral("<qt>") + lines.join(QStringLiteral("<br>")) + QStringLiteral("</qt>");
}

QString shortId(const QString &id, int length)
{
    const QString shown = untrusted(id);
    if (shown.size() <= length + 1)
        return shown;
    const int tail = length / 3;
    return shown.left(length - tail) + QChar(0x2026) + shown.right(tail);
}

QString error(const connectors::Error &error)
{
    QString words = untrusted(error.message, 1000);
    if (!error.advice.isEmpty())
        words += u'\n' + untrusted(error.advice, 1000);
    return words;
}

} // namespace ui::widgets::text
