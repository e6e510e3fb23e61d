// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/command.h"

namespace ctl {

CLI::Option *addRepeated(CLI::App &app, const std::string &name, std::vector<std::string> &values, const std::string &description)
{
    return app.add_option(name, values, description)->allow_extra_args(false);
}

} // namespace ctl
