// SPDX-License-Identifier: GPL-3.0-or-later

#include "models/deadletter/cause.h"

#include <QRegularExpression>

namespace models::deadletter {

namespace {

constexpr qsizetype LongestMessage = 4096;

struct Replacement {
    QRegularExpression pattern;
    QString sign;
};

const std::vector<Replacement> &replacements()
{
    // In this order: a time holds numbers, a UUID holds both, quoted text may hold all of them.
    static const std::vector<Replacement> all = {
        {QRegularExpression(QStringLiteral("\"[^\"]*\"|(?<![\\w'])'[^']*'(?!\\w)|`[^`]*`")), QStringLiteral("‹text›")},
        {QRegularExpression(QStringLiteral("\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}([.,]\\d+)?)?(Z|[+-]\\d{2}:?\\d{2})?")), QStringLiteral("‹time›")},
        {QRegularExpression(QStringLiteral("\\b[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\\b")), QStringLiteral("‹id›")},
        {QRegularExpression(QStringLiteral("\\b(0x[0-9a-fA-F]+|(?=[0-9a-fA-F]*\\d)(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{12,})\\b")), QStringLiteral("‹id›")},
        {QRegularExpression(QStringLiteral("\\b[A-Za-z]+[-_]\\d+\\b")), QStringLiteral("‹id›")},
        {QRegularExpression(QStringLiteral("(?<![A-Za-z0-9])[-+]?\\d+([.,]\\d+)*")), QStringLiteral("‹n›")},
    };
    return all;
}

bool isOwnFrame(QStringView frame)
{
    static const QString foreign[] = {QStringLiteral("java."), QStringLiteral("javax."), QStringLiteral("jdk."), QStringLiteral("sun."),
                                      QStringLiteral("kotlin."), QStringLiteral("scala."), QStringLiteral("org.apache.kafka."),
                                      QStringLiteral("org.springframework."), QStringLiteral("io.smallrye."), QStringLiteral("io.vertx."),
                                      QStringLiteral("com.fasterxml."), QStringLiteral("io.confluent.")};
    return std::none_of(std::begin(foreign), std::end(foreign), [frame](const QString &prefix) { return frame.startsWith(prefix); });
}

} // namespace

QString normalisedMessage(const QString &message)
{
    QString text = message.left(LongestMessage).simplified();
    for (const Replacement &replacement : replacements())
        text.replace(replacement.pattern, replacement.sign);
    return text;
}

QString topOwnFrame(const QString &stackTrace)
{
    static const QRegularExpression frame(QStringLiteral("^\\s*at\\s+(?:[\\w.]+/)?([\\w.$<>]+)\\("), QRegularExpression::MultilineOption);
    auto frames = frame.globalMatch(stackTrace.left(64 * 1024));
    while (frames.hasNext()) {
        const QString place = frames.next().captured(1);
        if (isOwnFrame(place))
            return place;
    }
    return {};
}

Cause causeOf(const connectors::DeadLetter &letter)
{
    return {letter.exceptionClass, letter.stage, normalisedMessage(letter.reason), topOwnFrame(letter.stackTrace)};
}

Cause exactCauseOf(const connectors::DeadLetter &letter)
{
    return {letter.exceptionClass, letter.stage, letter.reason, topOwnFrame(letter.stackTrace)};
}

} // namespace models::deadletter
