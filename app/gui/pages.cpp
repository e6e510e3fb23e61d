// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/pages.h"

#include "app/gui/condition_check.h"
#include "app/session/team_folder.h"
#include "ui/aggregates/aggregates_page.h"
#include "ui/consumers/consumers_page.h"
#include "ui/deadletters/dead_letters_page.h"
#include "ui/frame/main_window.h"
#include "ui/journal/journal_page.h"
#include "ui/overview/overview_page.h"
#include "ui/projections/projections_page.h"
#include "ui/replay/replay_page.h"
#include "ui/streams/streams_page.h"
#include "ui/traces/traces_page.h"

#include <functional>

namespace gui {

namespace {

using ui::frame::Page;

struct PageEntry {
    const char *id;
    Page *(*make)(const PageParts &parts);
    bool isNamed = true; ///< a link may lead there
};

Page *makeStreams(const PageParts &parts)
{
    auto *page = new ui::streams::StreamsPage(parts.workspace, parts.jobs);
    page->setConditionChecker(std::make_shared<ConditionCheck>());
    return page;
}

Page *makeAggregates(const PageParts &parts)
{
    return new ui::aggregates::AggregatesPage(parts.workspace, parts.jobs, [] { return session::TeamFolder().upcasts(); });
}

/// One line a page; the order is the one in the navigation.
constexpr PageEntry Pages[] = {
    {"overview", [](const PageParts &p) -> Page * { return new ui::overview::OverviewPage(p.workspace, p.history); }},
    {"streams", makeStreams},
    {"consumers", [](const PageParts &p) -> Page * { return new ui::consumers::ConsumersPage(p.workspace, p.history); }},
    {"dead-letters", [](const PageParts &p) -> Page * { return new ui::deadletters::DeadLettersPage(p.workspace); }},
    {"traces", [](const PageParts &p) -> Page * { return new ui::traces::TracesPage(p.workspace, p.jobs); }},
    {"aggregates", makeAggregates},
    {"projections", [](const PageParts &p) -> Page * { return new ui::projections::ProjectionsPage(p.workspace, p.projections); }},
    {"journal", [](const PageParts &p) -> Page * { return new ui::journal::JournalPage(p.replay); }},
    {"replay", [](const PageParts &p) -> Page * { return new ui::replay::ReplayPage(p.workspace, p.history, p.replay); }, false},
};

} // namespace

void addPages(ui::frame::MainWindow &window, const PageParts &parts)
{
    for (const PageEntry &entry : Pages)
        window.addPage(entry.make(parts));
}

QStringList pageIds()
{
    QStringList ids;
    for (const PageEntry &entry : Pages)
        if (entry.isNamed)
            ids += QString::fromLatin1(entry.id);
    return ids;
}

} // namespace gui
