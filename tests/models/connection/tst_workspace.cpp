// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/workspace.h"
#include "tests/support/answered.h"
#include "tests/support/fake_dead_letter_connector.h"

#include <QPointer>
#include <QPromise>
#include <QSemaphore>
#include <QSignalSpy>
#include <QTest>
#include <QThread>

#include <atomic>

using models::connection::ConnectorCloser;
using models::connection::Workspace;

namespace {

/// What the test sees of a connector's end.
struct End {
    QSemaphore mayEnd;
    std::atomic<bool> hasBegun = false;
    std::atomic<bool> isOver = false;
    std::atomic<QThread *> thread = nullptr;
};

/// Closing it takes until the test lets it.
class SlowConnector final : public connectors::Connector
{
public:
    explicit SlowConnector(std::shared_ptr<End> end)
        : m_end(std::move(end))
    {
    }
    ~SlowConnector() override
    {
        m_end->thread = QThread::currentThread();
        m_end->hasBegun = true;
        m_end->mayEnd.acquire();
        m_end->isOver = true;
    }
    SlowConnector(const SlowConnector &) = delete;
    SlowConnector &operator=(const SlowConnector &) = delete;

    QFuture<connectors::Result<connectors::SystemIdentity>> identify(std::stop_token) override
    {
        QPromise<connectors::Result<connectors::SystemIdentity>> promise;
        promise.start();
        promise.addResult(connectors::SystemIdentity{});
        promise.finish();
        return promise.future();
    }
    [[nodiscard]] connectors::Traffic traffic() const override { return {}; }
    [[nodiscard]] QString whyNot(connectors::Ability) const override { return QStringLiteral("It can nothing."); }

private:
    const std::shared_ptr<End> m_end;
};

/// A system on this machine, under whatever address.
class LocalConnector final : public connectors::Connector
{
public:
    QFuture<connectors::Result<connectors::SystemIdentity>> identify(std::stop_token) override
    {
        connectors::SystemIdentity identity;
        identity.systemId = QStringLiteral("cluster-1");
        identity.areAllHostsLoopback = true;
        return tests::answered<connectors::SystemIdentity>(identity);
    }
    [[nodiscard]] connectors::Traffic traffic() const override { return {}; }
    [[nodiscard]] QString whyNot(connectors::Ability) const override { return QStringLiteral("It can nothing."); }
};

connectors::ConnectionSpec shop()
{
    connectors::ConnectionSpec spec;
    spec.name = QStringLiteral("shop");
    return spec;
}

} // namespace

class TestWorkspace final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void closingDoesNotWaitForTheConnectorsEnd()
    {
        const auto end = std::make_shared<End>();
        tests::NoOpener opener;
        Workspace workspace(opener);
        const QPointer connection = workspace.add(shop(), std::make_shared<SlowConnector>(end));
        workspace.close(QStringLiteral("shop"));
        QTRY_VERIFY_WITH_TIMEOUT(end->hasBegun, 20'000);
        QVERIFY(!connection); // gone from this thread, which goes on
        QVERIFY(!end->isOver);
        QVERIFY(end->thread != QThread::currentThread());
        end->mayEnd.release();
        QTRY_VERIFY_WITH_TIMEOUT(end->isOver, 20'000);
    }

    void aSystemThatIsTaggedUnderAnotherAddressIsNotAssumedToBeForDevelopment()
    {
        tests::NoOpener opener;
        Workspace workspace(opener);
        const auto *forwarded = workspace.add(shop(), std::make_shared<LocalConnector>());
        QTRY_COMPARE(forwarded->environment(), connectors::Environment::AssumedDevelopment);
        connectors::ConnectionSpec production = shop();
        production.name = QStringLiteral("prod");
        production.environment = connectors::Environment::Production;
        QSignalSpy changed(forwarded, &models::connection::Connection::stateChanged);
        workspace.add(production, std::make_shared<LocalConnector>());
        QTRY_COMPARE(forwarded->environment(), connectors::Environment::Production);
        QCOMPARE(changed.count(), 1);
    }

    void whoeverHoldsTheConnectorLastIsNotKeptEither()
    {
        const auto end = std::make_shared<End>();
        const ConnectorCloser closer;
        std::shared_ptr<connectors::Connector> first = closer.guard(std::make_shared<SlowConnector>(end));
        std::shared_ptr<connectors::Connector> last = first;
        first.reset();
        QCOMPARE(closer.closingCount(), 0);
        last.reset();
        QCOMPARE(closer.closingCount(), 1);
        QTRY_VERIFY_WITH_TIMEOUT(end->hasBegun, 20'000);
        end->mayEnd.release();
        QTRY_COMPARE_WITH_TIMEOUT(closer.closingCount(), 0, 20'000);
        QVERIFY(end->isOver);
    }

    void theEndOfTheWorkspaceWaitsForConnectorsThatClose()
    {
        const auto end = std::make_shared<End>();
        tests::NoOpener opener;
        auto workspace = std::make_unique<Workspace>(opener);
        workspace->add(shop(), std::make_shared<SlowConnector>(end));
        end->mayEnd.release();
        workspace.reset();
        QVERIFY(end->isOver);
    }

    void whatOutlivesTheWorkspaceIsClosedWhereItIsLetGo()
    {
        const auto end = std::make_shared<End>();
        tests::NoOpener opener;
        auto workspace = std::make_unique<Workspace>(opener);
        auto held = workspace->add(shop(), std::make_shared<SlowConnector>(end))->connector();
        workspace.reset();
        QVERIFY(!end->hasBegun);
        end->mayEnd.release();
        held.reset();
        QVERIFY(end->isOver);
        QCOMPARE(end->thread.load(), QThread::currentThread());
    }
};

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
