// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/exit_status.h"
#include "app/ctl/json.h"

#include <QStringList>

#include <functional>
#include <vector>

namespace ctl {

/// Control and bidirectional characters, which could hide or forge what a terminal shows, as \n, \t, \u202e.
[[nodiscard]] QString escaped(const QString &text);
/// A number or a dash.
[[nodiscard]] QString numberText(const std::optional<qint64> &number);

/// stdout carries data only, stderr words. A stdout that cannot be written is noticed, reported once through whenClosed, and
/// everything after goes nowhere. One thread at a time.
class Output final
{
public:
    explicit Output(bool isJson, std::function<void()> whenClosed = {});

    [[nodiscard]] bool isJson() const { return m_isJson; }
    [[nodiscard]] bool isClosed() const { return m_writeError != 0; }

    /// One JSON document; an array has one element a line.
    void document(const Json &document);
    void document(const JsonArray &array);
    /// One line of NDJSON, written through at once where `isFlushed`.
    void line(const QByteArray &json, bool isFlushed = false);
    /// A part of such a line; line() ends it.
    void part(const QByteArray &json) { write(json.constData(), static_cast<size_t>(json.size())); }
    /// Columns for people; cells are escaped here. Names of columns in `rightAligned` hold numbers.
    void table(const QStringList &header, const std::vector<QStringList> &rows, const QStringList &rightAligned = {});
    void text(const QString &line); ///< a line of data for people, escaped
    void flush();

    /// A sentence on stderr, escaped.
    void say(const QString &sentence);
    void say(const connectors::Error &error); ///< its message and its advice, a line each
    /// The error on stderr, and its exit status. With --json a refusal (status 1) is also told on stdout as {"refused": {…}}.
    [[nodiscard]] ExitStatus fail(const connectors::Error &error);
    /// What a command that ended with `own` ends with, now that it is known whether everything could be written. A reader
    /// that has seen enough ends a reading command quietly; a change and a failure keep their own status whatever happens.
    [[nodiscard]] ExitStatus finish(ExitStatus own, bool isChanging);

private:
    void write(const char *data, size_t size);
    void close(int error);

    const bool m_isJson;
    int m_writeError = 0; ///< errno of the first write that failed
    bool m_hasPrinted = false;
    bool m_hasFailed = false; ///< told so before stdout was closed
    std::function<void()> m_whenClosed;
};

} // namespace ctl
