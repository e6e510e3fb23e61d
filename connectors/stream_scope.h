// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace connectors {

/// Which events of an event store a stream's name stands for: `$all` all of them; `order-*` the category, that is every stream
/// whose name up to the first '-' is `order`; any other name that one stream. Positions are the store's in all of them.
class StreamScope
{
public:
    enum class Kind { All, Category, Stream };
    explicit StreamScope(const QString &stream);

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] const QString &stream() const { return m_stream; }
    [[nodiscard]] bool contains(const QString &eventStream) const;
    /// What to bind as the statements' first value: the category's or the stream's name; empty for `$all`.
    [[nodiscard]] QString name() const;

private:
    QString m_stream;
    Kind m_kind;
};

inline const QString AllStreams = QStringLiteral("$all");

/// The name up to the first '-', or all of it.
[[nodiscard]] QString categoryOf(const QString &stream);
/// How a category is listed: `order-*`; a category of one stream without '-' goes by the stream's own name.
[[nodiscard]] QString categoryStream(const QString &category);

} // namespace connectors
