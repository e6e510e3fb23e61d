// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/kafka/reader_clients.h"

#include <algorithm>

namespace connectors::kafka {

namespace {

constexpr size_t MostIdle = 3;
/// As fast as any larger queue, because FetchWaker has it filled again in time, and records are still in the processor's
/// cache when they are searched.
constexpr qint64 FetchedAheadKilobytes = 32'768;

ClientProperties commonProperties()
{
    return {{"enable.partition.eof", "true"},
            {"check.crcs", "true"},
            // A position that is not there must be an error: the default would silently go on at the end.
            {"auto.offset.reset", "error"},
            // A body of 100 MB comes in one answer.
            {"receive.message.max.bytes", "268435456"}};
}

ClientProperties carefulProperties()
{
    ClientProperties properties = commonProperties();
    properties.emplace_back("queued.min.messages", "1");
    properties.emplace_back("fetch.message.max.bytes", "1");
    return properties;
}

ReaderProfile profileWithQueue(Isolation isolation, qint64 kilobytes)
{
    ReaderProfile profile{isolation, commonProperties(), kilobytes * 1024};
    // Counted in bytes only: many small events are as good as few large ones.
    profile.properties.emplace_back("queued.min.messages", "10000000");
    profile.properties.emplace_back("queued.max.messages.kbytes", QByteArray::number(kilobytes));
    return profile;
}

} // namespace

ReaderProfile ReaderProfile::scan(Isolation isolation, qint64 maxBytesPerSecond)
{
    // With a limit the queue holds what may be read in a second, so that the network keeps to the limit too.
    constexpr qint64 LeastKilobytes = 1024;
    ReaderProfile profile = profileWithQueue(isolation, maxBytesPerSecond > 0 ? std::clamp(maxBytesPerSecond / 1024, LeastKilobytes, FetchedAheadKilobytes) : FetchedAheadKilobytes);
    // The end of a partition without a record at its end is only known from an answer without records.
    profile.properties.emplace_back("fetch.wait.max.ms", "50");
    return profile;
}

ReaderProfile ReaderProfile::tail(Isolation isolation)
{
    ReaderProfile profile = profileWithQueue(isolation, FetchedAheadKilobytes);
    profile.properties.emplace_back("fetch.wait.max.ms", "500");
    return profile;
}

ReaderProfile ReaderProfile::careful(Isolation isolation)
{
    // A broker answers with one batch at least, and nothing is fetched while that one waits to be taken.
    ReaderProfile profile{isolation, carefulProperties(), 0};
    profile.properties.emplace_back("fetch.wait.max.ms", "50");
    return profile;
}

ReaderProfile ReaderProfile::fetch()
{
    // Whatever is shown was read in one isolation or the other; this one has both.
    ReaderProfile profile = profileWithQueue(Isolation::ReadUncommitted, FetchedAheadKilobytes);
    profile.properties.emplace_back("fetch.message.max.bytes", "65536");
    profile.properties.emplace_back("fetch.wait.max.ms", "50");
    return profile;
}

ReaderClients::ReaderClients(std::shared_ptr<Clients> clients)
    : m_clients(std::move(clients))
{
}

Result<ClientPtr> ReaderClients::take(const ReaderProfile &profile)
{
    {
        const std::lock_guard lock(m_mutex);
        const auto found = std::find_if(m_idle.begin(), m_idle.end(), [&profile](const Idle &idle) { return idle.profile == profile; });
        if (found != m_idle.end()) {
            ClientPtr client = std::move(found->client);
            m_idle.erase(found);
            return client;
        }
    }
    return m_clients->own(profile.isolation, profile.properties);
}

void ReaderClients::giveBack(const ReaderProfile &profile, ClientPtr client)
{
    ClientPtr surplus; // ends outside the lock
    const std::lock_guard lock(m_mutex);
    m_idle.push_front({profile, std::move(client)});
    if (m_idle.size() > MostIdle) {
        surplus = std::move(m_idle.back().client);
        m_idle.pop_back();
    }
}

} // namespace connectors::kafka
