// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/session_factory.h"

#include "app/session/connection_url.h"
#include "app/session/tagged_connector.h"
#include "app/session/translation.h"
#include "models/connection/same_place.h"

#include <QRegularExpression>

#include <algorithm>

namespace session {

using namespace connectors;

void SessionFactory::setCredentials(const ConnectionSpec &spec, const Credentials &credentials)
{
    const std::lock_guard lock(m_mutex);
    m_known.insert(spec.name, {spec, credentials});
}

Credentials SessionFactory::credentials(const ConnectionSpec &spec) const
{
    const std::lock_guard lock(m_mutex);
    const auto known = m_known.constFind(spec.name);
    return known != m_known.constEnd() && models::connection::isSamePlace(known->spec, spec) ? known->credentials : Credentials();
}

Credentials SessionFactory::credentialsForPlace(const ConnectionSpec &spec) const
{
    const std::lock_guard lock(m_mutex);
    const auto same = std::find_if(m_known.cbegin(), m_known.cend(), [&spec](const Known &known) { return models::connection::isSamePlace(known.spec, spec); });
    return same == m_known.cend() ? Credentials() : same->credentials;
}

DeadLetterDeclarations SessionFactory::Team::deadLetters(const QString &connection)
{
    const std::lock_guard lock(mutex); // while it is read too: what another has read since is not told again as news
    const auto declared = folder.deadLetters(connection);
    const QString problem = declared ? QString() : declared.error().message;
    const bool isNew = std::exchange(told, problem) != problem;
    if (!declared && isNew && listener)
        listener(declared.error());
    return declared.value_or(DeadLetterDeclarations());
}

void SessionFactory::setTeamListener(std::function<void(const Error &)> listener)
{
    const std::lock_guard lock(m_team->mutex);
    m_team->listener = std::move(listener);
}

Result<void> SessionFactory::checkTeam(const ConnectionSpec &spec) const
{
    if (spec.kind != SystemKind::Kafka) // nothing is declared of others
        return {};
    return m_team->folder.deadLetters(spec.name).map([](const DeadLetterDeclarations &) { });
}

std::vector<ConnectionSpec> SessionFactory::named(const QString &name) const
{
    if (looksLikeUrl(name))
        return {}; // it says itself where it leads
    std::vector<ConnectionSpec> specs;
    if (const auto profile = m_profiles.find(name))
        specs.push_back(profile->spec);
    const std::lock_guard lock(m_mutex);
    if (const auto known = m_known.constFind(name); known != m_known.constEnd())
        specs.push_back(known->spec);
    return specs;
}

Result<std::shared_ptr<Connector>> SessionFactory::open(const ConnectionSpec &spec)
{
    const auto opened = m_systems->open(spec, credentials(spec), [team = m_team, name = spec.name] { return team->deadLetters(name); });
    if (!opened)
        return opened;
    return std::make_shared<TaggedConnector>(*opened, spec, m_tags);
}

Result<std::unique_ptr<CheckpointWriter>> SessionFactory::openCheckpointWriter(const ConnectionSpec &spec)
{
    return m_systems->openCheckpointWriter(spec, credentials(spec));
}

Result<std::unique_ptr<ReadModel>> SessionFactory::openReadModel(const ConnectionSpec &spec)
{
    return m_systems->openReadModel(spec, credentials(spec));
}

Result<std::unique_ptr<ReadModelWriter>> SessionFactory::openReadModelWriter(const ConnectionSpec &spec, const std::vector<TableSpec> &tables)
{
    return m_systems->openReadModelWriter(spec, credentials(spec), tables);
}

Result<std::unique_ptr<LineLog>> SessionFactory::openLineLog(const QString &address)
{
    static const QRegularExpression shape(QStringLiteral("^(kafka://[^/?]+)/([A-Za-z0-9._-]{1,249})(\\?.*)?$"));
    const auto match = shape.match(address);
    if (!match.hasMatch()) // not repeated: it may hold a secret
        return failure(ErrorCode::InvalidInput, tr("It is neither an absolute path nor the address of a Kafka topic."), tr("Write for example kafka://host:9092/TOPIC."));
    const auto spec = parseConnection(match.captured(1) + match.captured(3));
    if (!spec)
        return tl::unexpected(spec.error());
    return m_systems->openLineLog(*spec, credentialsForPlace(*spec), match.captured(2));
}

} // namespace session
