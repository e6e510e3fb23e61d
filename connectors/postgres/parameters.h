// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace connectors::postgres {

/// The values of $1, $2 … of one statement, in this order, as texts whose types the server works out. A text that holds a NUL
/// ends there for PostgreSQL: refuse such ones before.
class Parameters final
{
public:
    Parameters &add(qint64 value);
    Parameters &add(const QString &text);
    Parameters &add(const QByteArray &utf8);
    Parameters &addNull();
    /// Null where the text is empty: for fields that an event may not have.
    Parameters &addOptional(const QString &text);
    /// As text[]: for `= ANY ($1)` and unnest($1).
    Parameters &addArray(const QByteArrayList &texts);

    [[nodiscard]] int count() const { return static_cast<int>(m_values.size()); }
    [[nodiscard]] qint64 bytes() const;
    /// Null-terminated texts, null pointers for nulls; valid as long as nothing is added.
    [[nodiscard]] std::vector<const char *> pointers() const;

private:
    std::vector<std::optional<QByteArray>> m_values;
};

} // namespace connectors::postgres
