// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection_file.h"

#include <span>

namespace models::projection {

/// Brings the content of events to the newest schema version of their type, on their text: what is not moved stays exactly as it
/// was. The file must outlive this.
class Upcaster final
{
public:
    explicit Upcaster(const ProjectionFile &file);

    /// Whether an event of that version has anything to be done. `version` 0: it has none, which is 1.
    [[nodiscard]] bool isNewest(const QString &eventType, qint64 version) const;
    /// JSON; null where no step leads on from a version on the way to the newest.
    [[nodiscard]] std::optional<std::string> upcast(const QString &eventType, qint64 version, std::string_view content) const;

private:
    [[nodiscard]] const std::vector<Upcast> *stepsOf(const QString &eventType) const;

    const ProjectionFile &m_file;
};

/// The object without the member at the path; the same text where there is none.
[[nodiscard]] std::string withoutMember(std::string_view object, std::span<const connectors::json::Step> path);
/// The object with that JSON at the path, whatever was there; objects on the way are made. The same text where something else
/// than an object is on the way.
[[nodiscard]] std::string withMember(std::string_view object, std::span<const connectors::json::Step> path, std::string_view json);

} // namespace models::projection
