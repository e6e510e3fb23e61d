// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/aggregate/upcasts.h"

#include "connectors/state_fold.h"

#include <QCoreApplication>

#include <nlohmann/json.hpp>

namespace models::aggregate {

using namespace connectors;
using projection::ProjectionFile;
using projection::Upcast;

namespace {

struct UpcastsText {
    Q_DECLARE_TR_FUNCTIONS(Upcasts)
};

/// One text for one meaning. What is renamed first can matter, so the order stays.
std::string canonical(const std::vector<Upcast> &steps)
{
    nlohmann::json list = nlohmann::json::array();
    for (const Upcast &step : steps)
        list.push_back({{"from", step.from}, {"to", step.to}, {"rename", step.renames}, {"default", step.defaults}});
    return list.dump();
}

} // namespace

Upcasts::Upcasts()
    : m_file(std::make_shared<ProjectionFile>())
{
}

Result<Upcasts> Upcasts::of(const std::vector<File> &files)
{
    auto all = std::make_shared<ProjectionFile>();
    std::map<QString, QString> fileOf; // by event type
    for (const File &file : files) {
        const auto parsed = projection::parseProjection(file.text, file.name);
        if (!parsed)
            return tl::unexpected(parsed.error());
        for (const auto &[type, steps] : parsed->upcasts) {
            const auto [there, isNew] = all->upcasts.emplace(type, steps);
            if (isNew)
                fileOf[type] = file.name;
            else if (canonical(there->second) != canonical(steps))
                return failure(ErrorCode::Conflict,
                               UpcastsText::tr("%1 and %2 bring events of the type “%3” to their newest schema version in different ways.").arg(fileOf[type], file.name, type.left(100)),
                               UpcastsText::tr("Let both files say the same: the state of an aggregate can follow one rule only."));
        }
    }
    Upcasts upcasts;
    upcasts.m_file = std::move(all);
    return upcasts;
}

QString Upcasts::ruleName() const
{
    QByteArray text;
    for (const auto &[type, steps] : m_file->upcasts)
        text += nlohmann::json(type.toStdString()).dump().append(canonical(steps)).append("\n").c_str();
    return fold::ruleName(text);
}

std::optional<std::string> Upcasts::newest(const QString &eventType, qint64 schemaVersion, std::string_view content) const
{
    return projection::Upcaster(*m_file).upcast(eventType, schemaVersion, content);
}

} // namespace models::aggregate
