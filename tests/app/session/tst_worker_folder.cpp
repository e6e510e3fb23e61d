// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/remote/worker_connector.h"
#include "tests/support/folders.h"
#include "tests/support/store_fixture.h"

#include <QDir>
#include <QProcess>
#include <QTest>

using namespace connectors;

class TestWorkerFolder final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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
        const tests::StoreFixture store;
        const auto opened = remote::openThroughWorker({{QStringLiteral("/usr/bin/env"), QStringLiteral("-i"), moved + QStringLiteral("/streamgauge-worker"), QStringLiteral("--memory-limit"),
                                                        QStringLiteral("1073741824")}, {store.spec(true), {}}});
        QVERIFY2(opened, opened ? "" : qPrintable(describe(opened.error())));
        const auto identity = tests::answerOf((*opened)->identify({}));
        QVERIFY2(identity, identity ? "" : qPrintable(describe(identity.error())));
    }
};

QTEST_GUILESS_MAIN(TestWorkerFolder)
#include "tst_worker_folder.moc"
