// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>

namespace tests {

/// How a run of streamgaugectl ended.
struct CtlRun {
    int status = -1; ///< −1: killed by a signal or never ended
    QByteArray out;
    QString err;

    [[nodiscard]] QJsonDocument json() const; ///< null where stdout is no JSON document
    [[nodiscard]] QStringList lines() const;  ///< of stdout
};

/// Runs the real streamgaugectl with a home of its own: no saved connections, an empty journal.
class CtlProcess final
{
public:
    CtlProcess();
    [[nodiscard]] static QString program(); ///< its absolute path
    [[nodiscard]] CtlRun run(const QStringList &arguments, const QByteArray &input = {});
    /// The same with stdout going into a file.
    [[nodiscard]] CtlRun runInto(const QString &file, const QStringList &arguments, const QByteArray &input = {});
    /// The same where no file can grow beyond so many blocks of 512 bytes, as on a full disk.
    [[nodiscard]] CtlRun runOnAFullDisk(const QStringList &arguments, int blocks = 0);
    /// Starts it and leaves it to the test.
    void start(QProcess *process, const QStringList &arguments);
    [[nodiscard]] QString path(const QString &name) const { return m_home.filePath(name); }
    void setVariable(const QString &name, const QString &value) { m_environment.insert(name, value); }

    /// A store of the demo shop with so much history, at rest: its consumers have left. Gives its address.
    [[nodiscard]] QString makeShop(qint64 events);
    /// Waits until it has ended.
    [[nodiscard]] static CtlRun finish(QProcess &process);

private:

    QTemporaryDir m_home;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
};

/// The names of an object's members, sorted.
[[nodiscard]] QStringList memberNames(const QJsonValue &object);

} // namespace tests
