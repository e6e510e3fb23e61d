// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ctl/exit_status.h"

#include <QStringList>

#include <nlohmann/json.hpp>

#include <functional>
#include <vector>

namespace ctl {

using Json = nlohmann::ordered_json; ///< members stay in the order of the contract

/// Null for a value that a system does not have, never 0.
template<typename T>
[[nodiscard]] Json jsonOf(const std::optional<T> &value)
{
    return value ? Json(*value) : Json(nullptr);
}
[[nodiscard]] Json jsonOf(const QString &text);
/// Empty text is null.
[[nodiscard]] Json jsonOrNull(const QString &text);
[[nodiscard]] Json jsonOf(const connectors::Error &error); ///< {code, message, advice}

/// Control and bidirectional characters, which could hide or forge what a terminal shows, as \n, \t, \u202e.
[[nodiscard]] QString escaped(const QString &text);
/// A number or a dash.
[[nodiscard]] QString numberText(const std::optional<qint64> &number);

/// stdout carries data only, stderr words. A closed stdout is noticed, reported once through whenClosed, and everything
/// after goes nowhere. One thread at a time.
class Output final
{
public:
    explicit Output(bool isJson, std::function<void()> whenClosed = {});

    [[nodiscard]] bool isJson() const { return m_isJson; }
    [[nodiscard]] bool isClosed() const { return m_isClosed; }

    /// One JSON document; an array has one element a line.
    void document(const Json &document);
    /// One line of NDJSON, written through at once where `isFlushed`.
    void line(const QByteArray &json, bool isFlushed = false);
    void line(const Json &json);
    /// Columns for people; cells are escaped here. Names of columns in `rightAligned` hold numbers.
    void table(const QStringList &header, const std::vector<QStringList> &rows, const QStringList &rightAligned = {});
    void text(const QString &line); ///< a line of data for people, escaped
    void flush();

    /// A sentence on stderr, escaped.
    void say(const QString &sentence);
    /// The error on stderr, and its exit status. With --json a refusal (status 1) is also told on stdout as {"refused": {…}}.
    [[nodiscard]] ExitStatus fail(const connectors::Error &error);

private:
    void write(const char *data, size_t size);

    const bool m_isJson;
    bool m_isClosed = false;
    bool m_hasPrinted = false;
    std::function<void()> m_whenClosed;
};

} // namespace ctl
