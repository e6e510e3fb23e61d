// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/worker_systems.h"
#include "tests/support/folders.h"
#include "tests/support/store_fixture.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTest>

using namespace connectors;

class TestWorkerFolder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// By a command of the user's own, without any environment.
    void theWorkerRunsAloneFromAFolderThatWasMoved()
    {
        const QTemporaryDir folder;
        const QString made = folder.filePath(QStringLiteral("made"));
        const auto make = [&made] {
            QProcess process;
            process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
            process.start(tests::sourceFolder() + QStringLiteral("/packaging/worker-folder"), {made, tests::programFolder() + QStringLiteral("/streamgauge-worker")});
            return process.waitForFinished(120'000) ? process.exitCode() : -1;
        };
        QCOMPARE(make(), 0);
        QCOMPARE(make(), 1); // it is there already, and stays as it is
        const QString moved = folder.filePath(QStringLiteral("moved to here"));
        QVERIFY(QDir().rename(made, moved));
        const session::ProfileStore profiles(folder.filePath(QStringLiteral("connections.json")));
        QFile file(profiles.path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"version\": 1, \"connections\": [], \"commands\": {\"copy\": [\"/usr/bin/env\", \"-i\", \"" + moved.toUtf8() + "/streamgauge-worker\"]}}");
        file.close();
        const tests::StoreFixture store;
        ConnectionSpec spec = store.spec(true);
        spec.via = QStringLiteral("exec:copy");
        const session::WorkerSystems systems(session::WorkerSystems::DefaultMemoryLimit, profiles);
        const auto opened = systems.open(spec, {}, {});
        QVERIFY2(opened, opened ? "" : qPrintable(describe(opened.error())));
        const auto identity = tests::answerOf((*opened)->identify({}));
        QVERIFY2(identity, identity ? "" : qPrintable(describe(identity.error())));
    }
};

QTEST_GUILESS_MAIN(TestWorkerFolder)
#include "tst_worker_folder.moc"
