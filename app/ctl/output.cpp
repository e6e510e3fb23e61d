// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/output.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace ctl {

namespace {

bool isDangerous(char16_t c)
{
    const bool isControl = c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
    const bool isBidirectional = c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    return isControl || isBidirectional || c == 0xfeff;
}

} // namespace

QString escaped(const QString &text)
{
    if (std::none_of(text.cbegin(), text.cend(), [](QChar c) { return isDangerous(c.unicode()); }))
        return text;
    QString result;
    for (const QChar c : text) {
        if (c == u'\n')
            result += QStringLiteral("\\n");
        else if (c == u'\t')
            result += QStringLiteral("\\t");
        else if (c == u'\r')
            result += QStringLiteral("\\r");
        else if (isDangerous(c.unicode()))
            result += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
        else
            result += c;
    }
    return result;
}

QString numberText(const std::optional<qint64> &number)
{
    return number ? QString::number(*number) : QStringLiteral("-");
}

Output::Output(bool isJson, std::function<void()> whenClosed)
    : m_isJson(isJson)
    , m_whenClosed(std::move(whenClosed))
{
}

void Output::write(const char *data, size_t size)
{
    if (isClosed())
        return;
    m_hasPrinted = true;
    if (std::fwrite(data, 1, size, stdout) != size)
        close(errno);
}

void Output::flush()
{
    if (!isClosed() && std::fflush(stdout) != 0)
        close(errno);
}

void Output::close(int error)
{
    m_writeError = error != 0 ? error : EIO;
    if (m_whenClosed)
        m_whenClosed();
}

void Output::document(const Json &document)
{
    line(document.text(), true);
}

void Output::document(const JsonArray &array)
{
    QByteArray text = "[";
    for (const Json &value : array.values())
        text += (text.size() > 1 ? ",\n" : "\n") + value.text();
    line(text + (array.values().empty() ? "]" : "\n]"), true);
}

void Output::line(const QByteArray &json, bool isFlushed)
{
    write(json.constData(), static_cast<size_t>(json.size()));
    write("\n", 1);
    if (isFlushed)
        flush();
}

void Output::table(const QStringList &header, const std::vector<QStringList> &rows, const QStringList &rightAligned)
{
    std::vector<QStringList> all{header};
    for (const QStringList &row : rows) {
        QStringList cells;
        for (const QString &cell : row)
            cells += escaped(cell);
        all.push_back(cells);
    }
    QList<qsizetype> widths(header.size(), 0);
    for (const QStringList &row : all)
        for (qsizetype column = 0; column < row.size() && column < widths.size(); ++column)
            widths[column] = std::max(widths[column], row[column].size());
    for (const QStringList &row : all) {
        QString text;
        for (qsizetype column = 0; column < row.size(); ++column) {
            const bool isRight = rightAligned.contains(header.value(column));
            text += isRight ? row[column].rightJustified(widths[column]) : row[column].leftJustified(widths[column]);
            text += QStringLiteral("  ");
        }
        while (text.endsWith(u' '))
            text.chop(1);
        const QByteArray bytes = text.toUtf8() + '\n';
        write(bytes.constData(), static_cast<size_t>(bytes.size()));
    }
    flush();
}

void Output::text(const QString &line)
{
    const QByteArray bytes = escaped(line).toUtf8() + '\n';
    write(bytes.constData(), static_cast<size_t>(bytes.size()));
}

void Output::say(const QString &sentence)
{
    flush();
    const QByteArray bytes = escaped(sentence).toUtf8() + '\n';
    std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stderr);
}

void Output::say(const connectors::Error &error)
{
    say(error.message);
    if (!error.advice.isEmpty())
        say(error.advice);
}

ExitStatus Output::fail(const connectors::Error &error)
{
    const ExitStatus status = exitStatusOf(error.code);
    say(error);
    m_hasFailed = m_hasFailed || !isClosed();
    if (m_isJson && status == ExitStatus::NotSo && !m_hasPrinted)
        document(Json(JsonObject().add("refused", jsonOf(error))));
    return status;
}

ExitStatus Output::finish(ExitStatus own, bool isChanging)
{
    flush();
    if (!isClosed())
        return own;
    if (m_writeError == EPIPE && !isChanging)
        return m_hasFailed ? own : ExitStatus::Done;
    say(QStringLiteral("The output could not be written: %1.").arg(QString::fromLocal8Bit(std::strerror(m_writeError))));
    if (isChanging) {
        say(QStringLiteral("What was done is done all the same; the exit status tells how it ended."));
        return own;
    }
    return own == ExitStatus::Done ? ExitStatus::Incomplete : own;
}

} // namespace ctl
