// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/aggregate/verification.h"

#include "connectors/answer_of.h"
#include "connectors/json_text.h"

namespace models::aggregate {

using namespace connectors;

namespace {

std::string_view viewOfBytes(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

class Verifier final
{
public:
    Verifier(const StateFolder &folder, const std::stop_token &stop)
        : m_folder(folder)
        , m_stop(stop)
    {
    }

    Result<void> list()
    {
        if (!m_folder.history().isStream)
            return {};
        const auto all = answerOf(m_folder.connector().snapshotSource()->listSnapshots(m_folder.history().id, m_stop));
        if (!all)
            return tl::unexpected(all.error());
        for (const Snapshot &snapshot : *all) {
            if (snapshot.fold != m_folder.ruleName())
                ++m_found.ofOtherRules;
            else if (snapshot.streamVersion > m_folder.history().versions())
                ++m_found.newer;
            else if (snapshot.streamVersion < 1 || m_folder.history().at(snapshot.streamVersion).position != snapshot.position)
                m_found.differing.push_back({used(snapshot), true, {}});
            else
                m_snapshots.push_back(snapshot);
        }
        return {};
    }

    Result<void> compareAt(qint64 version, const json::MergedValue &state)
    {
        ++m_found.events;
        if (m_next >= m_snapshots.size() || m_snapshots[m_next].streamVersion != version)
            return {};
        const Snapshot &listed = m_snapshots[m_next++];
        const auto whole = answerOf(m_folder.connector().snapshotSource()->newestSnapshot(listed.stream, listed.fold, version, m_stop));
        if (!whole)
            return tl::unexpected(whole.error());
        if (!*whole || (*whole)->streamVersion != version) // it has gone meanwhile
            return {};
        ++m_found.compared;
        const QByteArray &kept = (*whole)->state;
        const bool isJson = json::check(viewOfBytes(kept)) == json::Verdict::Valid;
        StateDifference difference = differenceOf(state.text(), isJson ? viewOfBytes(kept) : std::string_view(), Verification::MostTold);
        if (!difference.isEmpty())
            m_found.differing.push_back({used(**whole), false, std::move(difference)});
        return {};
    }

    [[nodiscard]] Verification take() { return std::move(m_found); }

private:
    static UsedSnapshot used(const Snapshot &snapshot) { return {snapshot.streamVersion, snapshot.position, snapshot.createdAt}; }

    const StateFolder &m_folder;
    const std::stop_token m_stop;
    std::vector<Snapshot> m_snapshots; ///< by version
    size_t m_next = 0;
    Verification m_found;
};

} // namespace

Result<Verification> verify(const StateFolder &folder, const std::stop_token &stop, const ReadObserver &observer)
{
    Verifier verifier(folder, stop);
    if (const Result<void> listed = verifier.list(); !listed)
        return tl::unexpected(listed.error());
    const auto compare = [&](qint64 version, const json::MergedValue &state) {
        if (observer)
            observer(version);
        return verifier.compareAt(version, state);
    };
    if (const Result<void> folded = folder.forEachState(folder.history().versions(), compare, stop); !folded)
        return tl::unexpected(folded.error());
    return verifier.take();
}

} // namespace models::aggregate
