// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/position_text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QRegularExpression>
#include <QTimeZone>

namespace models::event {

using namespace connectors;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("PositionText", text);
}

/// Milliseconds in one unit; 0 for no unit.
qint64 unitMs(QStringView unit)
{
    if (unit == u"ms")
        return 1;
    if (unit == u"s")
        return 1000;
    if (unit == u"m" || unit == u"min")
        return 60'000;
    if (unit == u"h")
        return 3'600'000;
    if (unit == u"d")
        return 86'400'000;
    return unit == u"w" ? 604'800'000 : 0;
}

auto badDuration(const QString &text)
{
    return failure(ErrorCode::InvalidInput, tr("“%1” is not a duration.").arg(text.left(80)), tr("Write for example 30s, 15m, 1h30m or 2d."));
}

} // namespace

Result<qint64> parseDuration(const QString &text)
{
    static const QRegularExpression part(QStringLiteral("\\G([0-9]{1,12})(ms|s|min|m|h|d|w)"));
    qint64 total = 0;
    qsizetype at = 0;
    while (at < text.size()) {
        const auto match = part.match(text, at);
        qint64 product = 0;
        if (!match.hasMatch() || __builtin_mul_overflow(match.capturedView(1).toLongLong(), unitMs(match.capturedView(2)), &product)
            || __builtin_add_overflow(total, product, &total))
            return badDuration(text);
        at = match.capturedEnd();
    }
    return text.isEmpty() ? Result<qint64>(badDuration(text)) : Result<qint64>(total);
}

Result<EpochMs> parseTime(const QString &text)
{
    static const QRegularExpression shape(
        QStringLiteral("^(\\d{4}-\\d{2}-\\d{2})(?:[Tt ](\\d{2}:\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?\\s*([Zz]|[+-]\\d{2}:?\\d{2})?)?$"));
    const auto match = shape.match(text);
    const QDate date = QDate::fromString(match.captured(1), Qt::ISODate);
    QTime time(0, 0);
    if (!match.captured(2).isEmpty()) {
        const QString seconds = match.captured(3).isEmpty() ? QStringLiteral("00") : match.captured(3);
        time = QTime::fromString(match.captured(2) + u':' + seconds, QStringLiteral("HH:mm:ss"));
        time = time.addMSecs(match.captured(4).leftJustified(3, u'0', true).toInt());
    }
    int offsetSeconds = 0;
    QString zone = match.captured(5);
    if (zone.size() > 1) {
        zone.remove(u':');
        offsetSeconds = (zone.mid(1, 2).toInt() * 60 + zone.mid(3, 2).toInt()) * 60 * (zone.startsWith(u'-') ? -1 : 1);
    }
    if (!match.hasMatch() || !date.isValid() || !time.isValid() || qAbs(offsetSeconds) > 14 * 3600)
        return failure(ErrorCode::InvalidInput, tr("“%1” is not a time.").arg(text.left(80)), tr("Write for example 2026-01-31T12:00:00Z."));
    return QDateTime(date, time, Qt::OffsetFromUTC, offsetSeconds).toMSecsSinceEpoch();
}

Result<PositionSpec> parsePosition(const QString &text, EpochMs now)
{
    static const QRegularExpression digits(QStringLiteral("^[0-9]+$"));
    const auto bad = [&text] {
        return failure(ErrorCode::InvalidInput, tr("“%1” is not a position.").arg(text.left(80)),
                       tr("Write earliest, latest, a position such as 1204, a time such as 2026-01-31T12:00:00Z, a duration back such as -30m, or last:100."));
    };
    if (text == u"earliest")
        return PositionSpec(Earliest{});
    if (text == u"latest")
        return PositionSpec(Latest{});
    bool isNumber = false;
    if (text.startsWith(u"last:")) {
        const qint64 count = text.mid(5).toLongLong(&isNumber);
        return isNumber && digits.match(text.mid(5)).hasMatch() ? Result<PositionSpec>(Newest{count}) : bad();
    }
    if (text.startsWith(u'-')) {
        const Result<qint64> back = parseDuration(text.mid(1));
        return back ? Result<PositionSpec>(AtTime{now - *back}) : bad();
    }
    if (digits.match(text).hasMatch()) {
        const qint64 position = text.toLongLong(&isNumber);
        return isNumber ? Result<PositionSpec>(AtPosition{position}) : bad();
    }
    const Result<EpochMs> time = parseTime(text);
    return time ? Result<PositionSpec>(AtTime{*time}) : bad();
}

Result<PositionRange> parseRange(const QString &from, const QString &to, EpochMs now)
{
    const auto begin = parsePosition(from, now);
    if (!begin)
        return tl::unexpected(begin.error());
    const auto end = parsePosition(to, now);
    if (!end)
        return tl::unexpected(end.error());
    const auto *firstPosition = std::get_if<AtPosition>(&*begin);
    const auto *endPosition = std::get_if<AtPosition>(&*end);
    const auto *firstTime = std::get_if<AtTime>(&*begin);
    const auto *endTime = std::get_if<AtTime>(&*end);
    if ((firstPosition && endPosition && endPosition->position < firstPosition->position) || (firstTime && endTime && endTime->time < firstTime->time))
        return failure(ErrorCode::InvalidInput, tr("The range ends at “%1”, which is before “%2”, where it begins.").arg(to.left(80), from.left(80)),
                       tr("Exchange the two."));
    return PositionRange{*begin, *end};
}

QString timeText(EpochMs time)
{
    return QDateTime::fromMSecsSinceEpoch(time, Qt::UTC).toString(Qt::ISODateWithMs);
}

} // namespace models::event
