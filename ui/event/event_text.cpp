// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/event/event_text.h"

#include "models/event/event_column.h"
#include "models/event/event_json.h"
#include "models/event/position_text.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>

#include <algorithm>

namespace ui::event {

using connectors::BodyFormat;
using models::event::CachedEvent;

namespace {

constexpr qsizetype MarkdownBodyBytes = 64 * 1024;

struct EventTextWords {
    Q_DECLARE_TR_FUNCTIONS(EventText)
};

/// Lines of more than LongestLine characters are broken, because a text widget lays out a line as a whole.
QString withShortLines(const QString &text)
{
    QString result;
    qsizetype lineBegin = 0;
    while (lineBegin <= text.size()) {
        const qsizetype end = text.indexOf(u'\n', lineBegin);
        const qsizetype lineEnd = end < 0 ? text.size() : end;
        for (qsizetype at = lineBegin; at < lineEnd; at += LongestLine) {
            if (at > lineBegin)
                result += u'\n';
            result += QStringView(text).mid(at, std::min(LongestLine, lineEnd - at));
        }
        if (end < 0)
            break;
        result += u'\n';
        lineBegin = end + 1;
    }
    return result;
}

} // namespace

QByteArray indentedJson(std::string_view json, qsizetype limit, const std::stop_token &stop)
{
    QByteArray out;
    int depth = 0;
    bool isInString = false;
    const auto newLine = [&out, &depth] { out.append('\n').append(QByteArray(static_cast<qsizetype>(depth) * 2, ' ')); };
    const auto nextToken = [json](size_t i) { return json.find_first_not_of(" \t\r\n", i); };
    for (size_t i = 0; i < json.size() && out.size() < limit; ++i) {
        if ((i & 0xffff) == 0 && stop.stop_requested())
            break;
        const char c = json[i];
        if (isInString) {
            out += c;
            if (c == '\\' && i + 1 < json.size())
                out += json[++i];
            else if (c == '"')
                isInString = false;
        } else if (c == '"') {
            isInString = true;
            out += c;
        } else if (c == '{' || c == '[') {
            out += c;
            const size_t next = nextToken(i + 1);
            if (next != std::string_view::npos && (json[next] == '}' || json[next] == ']')) {
                out += json[next];
                i = next;
                continue;
            }
            ++depth;
            newLine();
        } else if (c == '}' || c == ']') {
            --depth;
            newLine();
            out += c;
        } else if (c == ',') {
            out += c;
            newLine();
        } else if (c == ':') {
            out += ": ";
        } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
            out += c;
        }
    }
    return out;
}

QString shownBytes(std::string_view bytes)
{
    const QString text = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
    QString shown;
    shown.reserve(text.size());
    qsizetype plainFrom = 0;
    // Everything between line ends and tabs goes through the one function that knows what must not be shown as it is.
    for (qsizetype i = 0; i <= text.size(); ++i) {
        if (i < text.size() && text[i] != u'\n' && text[i] != u'\t')
            continue;
        shown += widgets::text::untrusted(text.mid(plainFrom, i - plainFrom), std::numeric_limits<int>::max() - 16);
        if (i < text.size())
            shown += text[i];
        plainFrom = i + 1;
    }
    return shown;
}

QString pageText(const QByteArray &page)
{
    constexpr qsizetype LongestCharacter = 4;
    const auto isMiddle = [&page](qsizetype i) { return (static_cast<unsigned char>(page[i]) & 0xc0U) == 0x80; };
    qsizetype begin = 0;
    while (begin < std::min(page.size(), LongestCharacter - 1) && isMiddle(begin))
        ++begin;
    qsizetype last = page.size() - 1;
    while (last > begin && page.size() - last < LongestCharacter && isMiddle(last))
        --last;
    const auto lead = last >= begin ? static_cast<unsigned char>(page[last]) : 0U;
    const qsizetype needed = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    const qsizetype end = page.size() - last < needed ? last : page.size();
    return withShortLines(shownBytes({page.constData() + begin, static_cast<size_t>(end - begin)}));
}

ShownText prettyText(const CachedEvent &event, const std::stop_token &stop)
{
    const auto &record = event.batch->record(event.row);
    std::string_view body = event.batch->text(record.payload);
    if (record.isBodyCut())
        return {pageText(QByteArray(body.data(), static_cast<qsizetype>(body.size()))),
                EventTextWords::tr("This is the beginning of a body of %1.").arg(widgets::text::bytes(record.size))};
    switch (record.format) {
    case BodyFormat::Null: return {{}, EventTextWords::tr("The body is null: a tombstone.")};
    case BodyFormat::LeftOut:
        return {{}, EventTextWords::tr("Nobody can read this batch: it %1. What is behind it is read when you say so.")
                        .arg(widgets::text::untrusted(QString::fromUtf8(event.batch->bytes(record.eventType)), 300))};
    case BodyFormat::Empty: return {{}, EventTextWords::tr("The body is empty: 0 bytes.")};
    case BodyFormat::Json: {
        // One more than what is shown tells whether something is missing.
        const QByteArray indented = indentedJson(body, ShownTextBytes + 1, stop);
        const bool isCut = indented.size() > ShownTextBytes;
        const QString note = isCut ? EventTextWords::tr("This is the first MiB; the body has %1.").arg(widgets::text::bytes(static_cast<qint64>(body.size()))) : QString();
        return {withShortLines(shownBytes({indented.constData(), static_cast<size_t>(std::min(indented.size(), ShownTextBytes))})), note};
    }
    case BodyFormat::JsonTooDeep:
    case BodyFormat::NotJson: break;
    }
    QStringList notes;
    notes += record.format == BodyFormat::JsonTooDeep ? EventTextWords::tr("This JSON is more than 512 levels deep and is shown as it is.") : EventTextWords::tr("The body is not valid JSON and is shown as it is.");
    if (!models::event::isUtf8(body))
        notes += EventTextWords::tr("It is not valid UTF-8 either; “Raw” shows its bytes.");
    if (static_cast<qsizetype>(body.size()) > ShownTextBytes) {
        notes += EventTextWords::tr("This is the first MiB; the body has %1.").arg(widgets::text::bytes(static_cast<qint64>(body.size())));
        body = body.substr(0, static_cast<size_t>(ShownTextBytes));
    }
    return {withShortLines(shownBytes(body)), notes.join(u' ')};
}

QString markdown(const CachedEvent &event)
{
    using models::event::EventColumn;
    QString text = QStringLiteral("| | |\n| --- | --- |\n");
    for (const EventColumn &column : models::event::standardColumns()) {
        if (column.kind == EventColumn::Kind::Payload)
            continue;
        const QVariant value = models::event::valueOf(*event.batch, event.row, column);
        if (!value.isValid())
            continue;
        QString words = column.kind == EventColumn::Kind::Time ? models::event::timeText(value.toLongLong()) : widgets::text::untrusted(value.toString());
        words.replace(u'|', QStringLiteral("\\|")).replace(u'`', QStringLiteral("'"));
        text += QStringLiteral("| %1 | `%2` |\n").arg(column.filterName(), words);
    }
    const auto &record = event.batch->record(event.row);
    if (record.payload.isNull())
        return text + u'\n' + EventTextWords::tr("The body is null: a tombstone.") + u'\n';
    const std::string_view body = event.batch->text(record.payload);
    const QByteArray shown = record.format == BodyFormat::Json ? indentedJson(body, MarkdownBodyBytes, {})
                                                              : QByteArray(body.data(), static_cast<qsizetype>(std::min<size_t>(body.size(), MarkdownBodyBytes)));
    // A fence longer than any run of back-ticks in the body.
    QString fence = QStringLiteral("```");
    const QString words = shownBytes({shown.constData(), static_cast<size_t>(shown.size())});
    while (words.contains(fence))
        fence += u'`';
    return text + u'\n' + fence + (record.format == BodyFormat::Json ? QStringLiteral("json\n") : QStringLiteral("\n")) + words + u'\n' + fence + u'\n';
}

} // namespace ui::event
