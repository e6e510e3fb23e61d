// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace tests {

/// While it lives, a Qt warning fails the running test.
class QtWarningsFail final
{
public:
    QtWarningsFail();
    ~QtWarningsFail();
    Q_DISABLE_COPY_MOVE(QtWarningsFail)

private:
    QtMessageHandler m_previous;
};

} // namespace tests
