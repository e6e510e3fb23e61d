// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/consumers/no_consumers.h"

#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QCoreApplication>

namespace ui::consumers {

namespace {

struct NoConsumers {
    Q_DECLARE_TR_FUNCTIONS(NoConsumers)
};

} // namespace

std::vector<widgets::NamedError> unreadConnections(const models::connection::Workspace &workspace)
{
    std::vector<widgets::NamedError> errors;
    for (const models::connection::Connection *connection : workspace.connections()) {
        const auto &failure = connection->error() ? connection->error() : connection->consumers().error;
        if (const auto &error = failure ? failure : connection->silence())
            errors.push_back({widgets::text::untrusted(connection->name(), 60), *error});
    }
    return errors;
}

void showNoConsumers(widgets::StateView &view, const models::connection::Workspace &workspace)
{
    const std::vector<widgets::NamedError> errors = unreadConnections(workspace);
    QString oneTitle;
    QString reading;
    for (const models::connection::Connection *connection : workspace.connections()) {
        const QString name = widgets::text::untrusted(connection->name(), 60);
        if (connection->error())
            oneTitle = NoConsumers::tr("%1 is not connected").arg(name);
        else if (connection->consumers().error || connection->silence())
            oneTitle = NoConsumers::tr("The consumers of %1 could not be read").arg(name);
        else if (reading.isEmpty() && !connection->consumers().hasValue() && connection->connector()->consumerCatalog())
            reading = name;
    }
    if (!errors.empty())
        view.showErrors(errors.size() == 1 ? oneTitle : NoConsumers::tr("%1 connections could not be read").arg(widgets::text::exact(std::ssize(errors))), errors,
                        NoConsumers::tr("Try again"));
    else if (!reading.isEmpty())
        view.showLoading(NoConsumers::tr("Reading the consumers of %1").arg(reading));
    else
        view.showEmpty(NoConsumers::tr("There are no consumers"),
                       NoConsumers::tr("No consumer has read from what is open. One appears here as soon as it stores its first checkpoint."), NoConsumers::tr("Look again"));
}

} // namespace ui::consumers
