// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/ctl/ctl_process.h"

#include "app/session/demo/demo.h"
#include "tests/support/folders.h"

#include <QJsonObject>

namespace tests {

QJsonDocument CtlRun::json() const
{
    return QJsonDocument::fromJson(out);
}

QStringList CtlRun::lines() const
{
    return QString::fromUtf8(out).split(u'\n', Qt::SkipEmptyParts);
}

CtlProcess::CtlProcess()
{
    for (const char *name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"})
        m_environment.insert(QString::fromLatin1(name), m_home.path());
    m_environment.remove(QStringLiteral("STREAMGAUGE_PASSWORD"));
}

QString CtlProcess::program()
{
    return programFolder() + QStringLiteral("/streamgaugectl");
}

void CtlProcess::start(QProcess *process, const QStringList &arguments)
{
    process->setProcessEnvironment(m_environment);
    process->start(program(), arguments);
}

CtlRun CtlProcess::run(const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    start(&process, arguments);
    process.write(input);
    process.closeWriteChannel();
    return finish(process);
}

CtlRun CtlProcess::runInto(const QString &file, const QStringList &arguments, const QByteArray &input)
{
    QProcess process;
    process.setStandardOutputFile(file);
    start(&process, arguments);
    process.write(input);
    process.closeWriteChannel();
    return finish(process);
}

CtlRun CtlProcess::runOnAFullDisk(const QStringList &arguments, int blocks)
{
    // Without the trap the shell's limit ends the program by a signal, which a full disk does not.
    QProcess process;
    process.setProcessEnvironment(m_environment);
    process.start(QStringLiteral("/bin/sh"), QStringList{QStringLiteral("-c"), QStringLiteral("trap '' XFSZ; ulimit -f %1; exec \"$0\" \"$@\"").arg(blocks),
                                                         program()} + arguments);
    return finish(process);
}

CtlRun CtlProcess::finish(QProcess &process)
{
    constexpr int LongestRunMs = 60'000;
    CtlRun run;
    if ((process.state() == QProcess::NotRunning || process.waitForFinished(LongestRunMs)) && process.exitStatus() == QProcess::NormalExit)
        run.status = process.exitCode();
    run.out = process.readAllStandardOutput();
    run.err = QString::fromUtf8(process.readAllStandardError());
    return run;
}

QString CtlProcess::makeShop(qint64 events)
{
    session::DemoOptions options;
    options.storePath = path(QStringLiteral("shop.db"));
    options.historyEvents = events;
    session::Demo shop(options);
    constexpr int LongestWaitMs = 60'000;
    if (!shop.start() || !shop.waitForHistory(LongestWaitMs))
        return {};
    shop.stop();
    return QStringLiteral("sqlite:") + options.storePath;
}

QStringList memberNames(const QJsonValue &object)
{
    return object.toObject().keys();
}

} // namespace tests
