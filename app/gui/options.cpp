// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/options.h"

#include "app/gui/pages.h"
#include "app/session/connection_url.h"
#include "app/session/memory_limit.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace gui {

using connectors::ErrorCode;
using connectors::failure;
using connectors::Result;

namespace {

struct OptionText {
    Q_DECLARE_TR_FUNCTIONS(Options)
};

auto invalidOption(const QString &message)
{
    return failure(ErrorCode::InvalidInput, message, OptionText::tr("streamgauge --help tells all options."));
}

void declare(QCommandLineParser *parser)
{
    parser->setApplicationDescription(OptionText::tr("Watch, explain and replay event-driven systems."));
    parser->addPositionalArgument(QStringLiteral("connection"), OptionText::tr("Saved connections' names, addresses such as kafka://host:9092, sqlite:PATH and postgresql://user@host/database, or one link streamgauge://NAME/PAGE/OBJECT."),
                                  QStringLiteral("[CONNECTION…]"));
    const auto add = [parser](const char *name, const QString &text, const char *value = nullptr) {
        parser->addOption({QString::fromLatin1(name), text, value ? QString::fromLatin1(value) : QString()});
    };
    add("demo", OptionText::tr("Open a small shop at work on an embedded event store; no server is needed."));
    add("demo-store", OptionText::tr("Keep the demo's store in this file; else it is temporary and gone at the end."), "PATH");
    add("demo-events", OptionText::tr("Give a new demo store a history of about so many events."), "N");
    add("seed", OptionText::tr("Let the demo make the events of this number; the same number, the same events."), "N");
    add("page", OptionText::tr("Open this page: %1.").arg(pageIds().join(QStringLiteral(", "))), "PAGE");
    add("screenshot", OptionText::tr("Write a picture of the window to this file and quit."), "FILE");
    add("after", OptionText::tr("How long to wait before the picture is taken."), "SECONDS");
    add("size", OptionText::tr("Size of the window, e.g. 1280x800."), "WxH");
    add("memory-limit", OptionText::tr("What the process of a connection may take, e.g. 512M; 1G where nothing is said."), "SIZE");
    add("theme", OptionText::tr("Colours: light, dark, or as the system has them."), "light|dark|system");
    parser->addOption({{QStringLiteral("h"), QStringLiteral("help")}, OptionText::tr("Tell the options.")});
    parser->addOption({{QStringLiteral("v"), QStringLiteral("version")}, OptionText::tr("Tell the version.")});
}

Result<void> readDemo(const QCommandLineParser &parser, Options *options)
{
    const auto number = [&parser](const char *name, auto missing) -> Result<qint64> {
        const QString option = QString::fromLatin1(name);
        if (!parser.isSet(option))
            return static_cast<qint64>(missing);
        bool isNumber = false;
        const qint64 value = parser.value(option).toLongLong(&isNumber);
        if (!isNumber || value < 0)
            return invalidOption(OptionText::tr("--%1: “%2” is not a whole number from 0 on.").arg(option, parser.value(option).left(40)));
        return value;
    };
    const bool isWanted = parser.isSet(QStringLiteral("demo")) || parser.isSet(QStringLiteral("demo-store"));
    session::DemoOptions demo;
    const auto seed = number("seed", demo.seed);
    if (!seed)
        return tl::unexpected(seed.error());
    const auto events = number("demo-events", demo.historyEvents);
    if (!events)
        return tl::unexpected(events.error());
    if (!isWanted && (parser.isSet(QStringLiteral("seed")) || parser.isSet(QStringLiteral("demo-events"))))
        return invalidOption(OptionText::tr("--seed and --demo-events are for --demo."));
    demo.seed = static_cast<quint64>(*seed);
    demo.historyEvents = *events;
    demo.warehouseEvents = std::min<qint64>(640, *events / 4); // two snapshots and a while
    demo.storePath = parser.value(QStringLiteral("demo-store"));
    if (parser.isSet(QStringLiteral("demo-store")) && demo.storePath.isEmpty())
        return invalidOption(OptionText::tr("--demo-store names no file."));
    if (isWanted)
        options->demo = demo;
    return {};
}

Result<void> readWindow(const QCommandLineParser &parser, Options *options)
{
    options->page = parser.value(QStringLiteral("page"));
    if (!options->page.isEmpty() && !pageIds().contains(options->page))
        return invalidOption(OptionText::tr("--page: there is no page “%1”; there are %2.").arg(options->page.left(40), pageIds().join(QStringLiteral(", "))));
    options->screenshotFile = parser.value(QStringLiteral("screenshot"));
    if (parser.isSet(QStringLiteral("screenshot")) && options->screenshotFile.isEmpty())
        return invalidOption(OptionText::tr("--screenshot names no file."));
    if (const QString after = parser.value(QStringLiteral("after")); !after.isEmpty()) {
        bool isNumber = false;
        options->afterSeconds = after.toDouble(&isNumber);
        constexpr double LongestWait = 3600;
        if (!isNumber || !(options->afterSeconds >= 0) || options->afterSeconds > LongestWait)
            return invalidOption(OptionText::tr("--after: “%1” is not a number of seconds from 0 to 3600.").arg(after.left(40)));
    }
    if (const QString size = parser.value(QStringLiteral("size")); !size.isEmpty()) {
        static const QRegularExpression shape(QStringLiteral("^([0-9]{2,5})x([0-9]{2,5})$"));
        const auto match = shape.match(size);
        if (!match.hasMatch())
            return invalidOption(OptionText::tr("--size: “%1” is not a size. Write for example 1280x800.").arg(size.left(40)));
        options->size = QSize(match.captured(1).toInt(), match.captured(2).toInt());
    }
    if (const QString theme = parser.value(QStringLiteral("theme")); !theme.isEmpty()) {
        options->look = lookFromWord(theme);
        if (!options->look)
            return invalidOption(OptionText::tr("--theme: “%1” is none of light, dark and system.").arg(theme.left(40)));
    }
    return {};
}

Result<void> readConnections(const QStringList &texts, Options *options)
{
    for (const QString &text : texts) {
        if (looksLikeLink(text)) {
            const Result<Link> link = parseLink(text);
            if (!link)
                return tl::unexpected(link.error());
            if (options->link)
                return invalidOption(OptionText::tr("Only one link can be opened at a time."));
            options->link = *link;
            options->connections += link->place.connection;
            continue;
        }
        if (session::looksLikeUrl(text)) {
            if (const auto spec = session::parseConnection(text); !spec)
                return tl::unexpected(spec.error());
        }
        options->connections += text;
    }
    options->connections.removeDuplicates();
    return {};
}

} // namespace

Result<Options> parseOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    declare(&parser);
    if (!parser.parse(QStringList{QStringLiteral("streamgauge")} + arguments))
        return invalidOption(parser.errorText());
    Options options;
    options.isHelpWanted = parser.isSet(QStringLiteral("help"));
    options.isVersionWanted = parser.isSet(QStringLiteral("version"));
    for (const auto read : {&readDemo, &readWindow})
        if (const Result<void> done = read(parser, &options); !done)
            return tl::unexpected(done.error());
    const auto memoryLimit = session::memoryLimitOf(parser.value(QStringLiteral("memory-limit")));
    if (!memoryLimit)
        return tl::unexpected(memoryLimit.error());
    options.memoryLimit = *memoryLimit;
    if (const Result<void> done = readConnections(parser.positionalArguments(), &options); !done)
        return tl::unexpected(done.error());
    return options;
}

QString helpText()
{
    QCommandLineParser parser;
    declare(&parser);
    return parser.helpText();
}

} // namespace gui
