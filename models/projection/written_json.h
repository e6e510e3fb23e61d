// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/json_text.h"
#include "connectors/result.h"

#include <QStringList>

#include <vector>

namespace models::projection {

/// For messages.
[[nodiscard]] QString inQuotes(const QString &name);

/// A JSON file that a person writes: gives its parts, and notes each mistake with file, line and JSON Pointer. What is wrong is
/// noted, and reading goes on with something harmless.
class WrittenJson final
{
public:
    /// A value and where it stands.
    struct Place {
        std::string_view value;
        QString pointer; ///< RFC 6901
    };
    /// In the order of the file, each name once.
    class Members final : public std::vector<std::pair<QString, Place>>
    {
    public:
        [[nodiscard]] const Place *find(QStringView name) const;
    };

    /// `text` must be valid JSON (json::check) and outlive this.
    WrittenJson(std::string_view text, QString fileName);
    /// The error for a text that is no JSON at all, with the line.
    [[nodiscard]] static connectors::Error noJson(const QByteArray &text, const QString &fileName);

    [[nodiscard]] Place top() const { return {m_text, {}}; }
    void note(const Place &place, const QString &words);
    /// The members of an object; noted are what is no object, names that come twice and names that are not `known`. With no
    /// `known` any name is. `whatItIs` begins a sentence.
    [[nodiscard]] Members members(const Place &place, const QStringList &known, const QString &whatItIs);
    /// Null where it is missing, which is noted.
    [[nodiscard]] const Place *required(const Members &members, const Place &parent, QStringView name);
    [[nodiscard]] std::vector<Place> elements(const Place &place, const QString &whatItIs);
    [[nodiscard]] QString text(const Place &place, const QString &whatItIs); ///< not empty
    [[nodiscard]] int positive(const Place &place, const QString &whatItIs); ///< from 1

    [[nodiscard]] bool isSound() const { return m_count == 0; }
    /// InvalidInput, a line each; the first twenty mistakes, and how many more there are.
    [[nodiscard]] connectors::Error error() const;

private:
    const std::string_view m_text;
    const QString m_fileName;
    QStringList m_lines;
    int m_count = 0;
};

} // namespace models::projection
