// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/deliver.h"

#include <QPromise>
#include <QTest>

#include <optional>
#include <thread>

class TestDeliver final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aResultOfAnotherThreadComesOnThisOne()
    {
        QPromise<int> promise;
        promise.start();
        QObject context;
        std::optional<int> got;
        QThread *thread = nullptr;
        connectors::deliver(promise.future(), &context, [&](int value) {
            got = value;
            thread = QThread::currentThread();
        });
        std::thread([&] {
            promise.addResult(7);
            promise.finish();
        }).join();
        QVERIFY(!got);
        QTRY_COMPARE(got, std::optional<int>(7));
        QCOMPARE(thread, QThread::currentThread());
        QTRY_VERIFY(context.children().isEmpty()); // nothing is left behind
    }

    void aContextThatIsGoneGetsNothing()
    {
        QPromise<int> promise;
        promise.start();
        auto context = std::make_unique<QObject>();
        bool isCalled = false;
        connectors::deliver(promise.future(), context.get(), [&](int) { isCalled = true; });
        context.reset();
        promise.addResult(7);
        promise.finish();
        QCoreApplication::sendPostedEvents();
        QVERIFY(!isCalled);
    }

    void aFutureWithoutAResultDeliversNothing()
    {
        QPromise<int> promise;
        promise.start();
        QObject context;
        bool isCalled = false;
        connectors::deliver(promise.future(), &context, [&](int) { isCalled = true; });
        promise.future().cancel();
        promise.finish();
        QTRY_VERIFY(context.children().isEmpty());
        QVERIFY(!isCalled);
    }
};

QTEST_GUILESS_MAIN(TestDeliver)
#include "tst_deliver.moc"
