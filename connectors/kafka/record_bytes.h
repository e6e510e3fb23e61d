// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <string_view>

namespace connectors::kafka {

/// Bytes of librdkafka; a null pointer gives a view without data.
[[nodiscard]] inline std::string_view viewOf(const void *bytes, size_t length)
{
    return {static_cast<const char *>(bytes), length};
}

[[nodiscard]] inline std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

} // namespace connectors::kafka
