// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTest>

/// Ends the test function where its real server is not there: skipped with the reason, but failed where CI=true.
#define REQUIRE_SERVER(isThere, variable)                                                                                                                 \
    do {                                                                                                                                                  \
        if (!(isThere)) {                                                                                                                                 \
            if (qEnvironmentVariable("CI") == u"true")                                                                                                    \
                QFAIL("No real server: " variable " is not set.");                                                                                        \
            QSKIP("No real server: " variable " is not set (see tests/servers).");                                                                        \
        }                                                                                                                                                 \
    } while (false)
