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

void showNoConsumers(widgets::StateView &view, const models::connection::Workspace &workspace)
{
    std::vector<widgets::NamedError> errors;
    QString oneTitle;
    QString reading;
    for (const models::connection::Connection *connection : workspace.connections()) {
        const QString name = widgets::text::untrusted(connection->name(), 60);
        const auto &error = connection->error() ? connection->error() : connection->consumers().error;
        if (error) {
            errors.push_back({name, *error});
            oneTitle = connection->error() ? NoConsumers::tr("%1 is not connected").arg(name) : NoConsumers::tr("The consumers of %1 could not be read").arg(name);
        } else if (reading.isEmpty() && !connection->consumers().hasValue() && connection->connector()->consumerCatalog()) {
            reading = name;
        }
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
