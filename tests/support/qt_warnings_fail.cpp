// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_warnings_fail.h"

#include <QTest>

namespace tests {

namespace {

QtMessageHandler previousHandler = nullptr;

void failOnWarning(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    // What the offscreen platform cannot do says nothing about us.
    if (message.startsWith(QStringLiteral("This plugin does not support")))
        return;
    if (type == QtWarningMsg || type == QtCriticalMsg)
        QTest::qFail(qPrintable(QStringLiteral("Qt warning: ") + message), context.file, context.line);
    if (previousHandler)
        previousHandler(type, context, message);
}

} // namespace

QtWarningsFail::QtWarningsFail()
    : m_previous(qInstallMessageHandler(failOnWarning))
{
    previousHandler = m_previous;
}

QtWarningsFail::~QtWarningsFail()
{
    qInstallMessageHandler(m_previous);
    previousHandler = nullptr;
}

} // namespace tests
