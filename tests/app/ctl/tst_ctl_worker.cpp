// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/frame.h"
#include "connectors/remote/wire.h"
#include "tests/app/ctl/ctl_process.h"

#include <QFile>
#include <QTest>

using namespace connectors::remote;

/// streamgaugectl --isolate with a worker that is not as it should be.
class TestCtlWorker final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void oneOfAnotherVersionIsSaidWithBothVersions()
    {
        const tests::CtlRun run = runWith(frameOf(QByteArray("\x08\x01\x12\x06" "99.0.0")), "exec cat > /dev/null");
        QCOMPARE(run.status, 1); // refused
        QVERIFY2(run.err.contains(QStringLiteral("The worker is of version 99.0.0, this program of version " STREAMGAUGE_VERSION)), qPrintable(run.err));
        QVERIFY2(run.err.contains(QStringLiteral("Install the same version on both sides.")), qPrintable(run.err));
        QVERIFY(run.out.isEmpty());
    }

    void oneThatDoesNotRespondEndsWithAnError()
    {
        const QByteArray up = frameOf(helloBytes()) + frameOf(Writer(0, Reply::Opened, {}).whole(Greeting{{true, true, true, true, true}, std::vector<QString>(6)}).bytes());
        const tests::CtlRun run = runWith(up, "exec sleep 600");
        QCOMPARE(run.status, 3);
        QVERIFY2(run.err.contains(QStringLiteral("did not respond for 10 s, and was ended.")), qPrintable(run.err));
        QVERIFY(run.out.isEmpty());
    }

private:
    /// The worker is a script that says these bytes, whatever it hears, and then does this.
    static tests::CtlRun runWith(const QByteArray &says, const QByteArray &then)
    {
        tests::CtlProcess ctl;
        write(ctl.path(QStringLiteral("says")), says);
        const QString worker = ctl.path(QStringLiteral("worker"));
        write(worker, "#!/bin/sh\ncat '" + QFile::encodeName(ctl.path(QStringLiteral("says"))) + "'\n" + then + '\n');
        QFile::setPermissions(worker, QFile::permissions(worker) | QFile::ExeOwner);
        ctl.setVariable(QStringLiteral("STREAMGAUGE_WORKER"), worker);
        return ctl.run({QStringLiteral("streams"), QStringLiteral("kafka://127.0.0.1:9092"), QStringLiteral("--isolate"), QStringLiteral("--timeout"), QStringLiteral("60")});
    }
    static void write(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("%s cannot be written.", qPrintable(path));
    }
};

QTEST_GUILESS_MAIN(TestCtlWorker)
#include "tst_ctl_worker.moc"
