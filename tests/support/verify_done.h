// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"

#include <QTest>

/// Ends the test function, with the error's words, where a Result is one.
#define VERIFY_DONE(expression)                                                                                                                           \
    do {                                                                                                                                                  \
        const auto done_ = (expression);                                                                                                                  \
        QVERIFY2(done_, done_ ? "" : qPrintable(describe(done_.error())));                                                                                \
    } while (false)
