// SPDX-License-Identifier: GPL-3.0-or-later

#include "connectors/result.h"

namespace connectors {

QString describe(const Error &error)
{
    return error.advice.isEmpty() ? error.message : error.message + u'\n' + error.advice;
}

} // namespace connectors
