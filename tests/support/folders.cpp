// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/folders.h"

namespace tests {

QString sourceFolder()
{
    return QStringLiteral(STREAMGAUGE_SOURCE_FOLDER);
}

QString programFolder()
{
    return QStringLiteral(STREAMGAUGE_PROGRAM_FOLDER);
}

} // namespace tests
