// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/probe_text.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>

namespace ui::frame {

using models::connection::ProbeOutcome;
using models::connection::ProbeStep;
namespace text = widgets::text;

namespace {

QString tr(const char *sentence, int count = -1)
{
    return QCoreApplication::translate("ui::frame::ConnectionDialog", sentence, nullptr, count);
}

QString stepDone(const ProbeOutcome &outcome)
{
    switch (outcome.step) {
    case ProbeStep::Connect:
        return tr("Connected and logged in: %1.").arg(text::untrusted(outcome.detail));
    case ProbeStep::ListStreams:
        return tr("Can list streams: %Ln found.", static_cast<int>(outcome.count));
    case ProbeStep::ListConsumers:
        return tr("Can list consumers: %Ln found.", static_cast<int>(outcome.count));
    case ProbeStep::ReadEvents:
        return outcome.wasTried ? tr("Can read events.") : tr("Reading was not tried: there is no event yet.");
    case ProbeStep::FindDeadLetters:
        return outcome.count == 1 ? tr("Can look for dead letters: one queue found.")
                                  : tr("Can look for dead letters: %Ln queues found.", static_cast<int>(outcome.count));
    }
    return {};
}

QString stepFailed(ProbeStep step)
{
    switch (step) {
    case ProbeStep::Connect:
        return tr("Could not connect.");
    case ProbeStep::ListStreams:
        return tr("Could not list streams.");
    case ProbeStep::ListConsumers:
        return tr("Could not list consumers.");
    case ProbeStep::ReadEvents:
        return tr("Could not read events.");
    case ProbeStep::FindDeadLetters:
        return tr("Could not look for dead letters.");
    }
    return {};
}

} // namespace

QString probeText(const ProbeOutcome &outcome)
{
    return outcome.error ? stepFailed(outcome.step) + u'\n' + text::error(*outcome.error) : stepDone(outcome);
}

} // namespace ui::frame
