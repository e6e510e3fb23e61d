// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/connection.h"
#include "tests/support/fake_consumer_connector.h"
#include "tests/support/fake_event_connector.h"
#include "tests/support/fake_process.h"

#include <QSignalSpy>
#include <QTest>

using models::connection::Connection;
using models::connection::Subject;

class TestConnectionPolls final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void internalStreamsAreAskedForOnlyWhileSomebodyLooksAtThem()
    {
        auto connector = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
        connector->add(QStringLiteral("orders"), {});
        connectors::ConnectionSpec spec;
        spec.name = QStringLiteral("shop");
        spec.kind = connectors::SystemKind::EventStoreSqlite;
        Connection connection(spec, connector);
        QTRY_VERIFY_WITH_TIMEOUT(connection.streams().hasValue(), 20'000);
        QCOMPARE(connector->internalLists(), 0);
        QObject page;
        connection.watch(&page, {Subject::Streams});
        const quint64 asked = connection.streams().generation;
        QTRY_VERIFY_WITH_TIMEOUT(connection.streams().generation > asked, 20'000);
        QCOMPARE(connector->internalLists(), 0);
        connection.watch(&page, {Subject::Streams, Subject::InternalStreams});
        QTRY_VERIFY_WITH_TIMEOUT(connector->internalLists() > 0, 20'000);
    }

    void aSystemThatStopsAnsweringIsSilentUntilItAnswersAgain()
    {
        auto connector = std::make_shared<tests::FakeConsumerConnector>();
        connector->add(QStringLiteral("payments"), connectors::ConsumerActivity::Empty, {70}, 100);
        Connection connection({}, connector);
        QTRY_VERIFY(connection.consumers().hasValue());
        QVERIFY(connection.isCurrent(connection.consumers()));
        QSignalSpy changes(&connection, &Connection::stateChanged);
        connector->error = connectors::Error{connectors::ErrorCode::CannotConnect, QStringLiteral("refused"), {}, true};
        connection.refresh();
        QTRY_VERIFY(connection.silence());
        QCOMPARE(changes.size(), 1);
        QVERIFY(!connection.isCurrent(connection.consumers()));
        QCOMPARE(connection.consumers().value.consumers.size(), size_t(1)); // what was known stays
        connector->error.reset(); // it is asked again long before the next poll of what nobody looks at
        QTRY_VERIFY_WITH_TIMEOUT(!connection.silence(), 5'000);
        QCOMPARE(changes.size(), 2);
        QVERIFY(connection.isCurrent(connection.consumers()));
    }

    void oneThatIsMuteIsSilentLongBeforeTheNextPoll()
    {
        auto connector = std::make_shared<tests::FakeConsumerConnector>();
        connector->add(QStringLiteral("payments"), connectors::ConsumerActivity::Empty, {70}, 100);
        Connection connection({}, connector);
        QTRY_VERIFY(connection.consumers().hasValue());
        connector->isMute = true;
        const quint64 asked = connection.consumers().generation; // nobody looks: the next poll is due in a minute
        QTRY_VERIFY_WITH_TIMEOUT(connection.silence(), 40'000);
        QCOMPARE(connection.silence()->code, connectors::ErrorCode::TimedOut);
        QCOMPARE(connection.consumers().generation, asked);
        QTRY_VERIFY_WITH_TIMEOUT(!connection.silence(), 20'000); // it was polled soon after, and that was answered
        QVERIFY(connection.consumers().generation > asked);
    }

    void whileItsProcessDoesNotRespondItIsSilentAndAskedAsItComesBack()
    {
        tests::FakeProcess process;
        auto connector = std::make_shared<tests::FakeConsumerConnector>();
        connector->process = &process;
        connector->add(QStringLiteral("payments"), connectors::ConsumerActivity::Empty, {70}, 100);
        Connection connection({}, connector);
        QTRY_VERIFY(connection.consumers().hasValue());
        QVERIFY(connection.process().isResponding() && !connection.silence());
        process.report.state = connectors::ProcessState::NotResponding;
        QTRY_VERIFY(!connection.process().isResponding());
        QVERIFY(connection.silence());
        QVERIFY(!connection.isCurrent(connection.consumers()));
        QCOMPARE(connection.consumers().value.consumers.size(), size_t(1));
        const quint64 asked = connection.consumers().generation;
        connection.restartProcess();
        QCOMPARE(process.restarts, 1);
        QTRY_VERIFY(connection.consumers().generation > asked);
        QVERIFY(connection.process().isResponding() && !connection.silence());
    }

    void aDeathOfItsProcessIsAnnouncedOnce()
    {
        tests::FakeProcess process;
        auto connector = std::make_shared<tests::FakeConsumerConnector>();
        connector->process = &process;
        Connection connection({}, connector);
        QSignalSpy deaths(&connection, &Connection::processDied);
        process.die(QStringLiteral("was ended by signal 9 (Killed)."));
        QTRY_COMPARE(deaths.size(), 1);
        QTest::qWait(2'500); // it is looked at twice in that time
        QCOMPARE(deaths.size(), 1);
        QCOMPARE(connection.process().report()->deaths, 1);
    }

    void membersThatWereNotAskedForAreThoseLastTold()
    {
        auto connector = std::make_shared<tests::FakeConsumerConnector>();
        connector->add(QStringLiteral("payments"), connectors::ConsumerActivity::Active, {70}, 100);
        Connection connection({}, connector);
        QTRY_VERIFY(connection.consumers().hasValue());
        const auto &payments = [&connection]() -> const connectors::ConsumerState & { return connection.consumers().value.consumers.front(); };
        QVERIFY(!payments().members);
        const auto poll = [&connection] {
            const quint64 before = connection.consumers().generation;
            connection.refresh();
            QTRY_VERIFY(connection.consumers().generation > before);
        };
        QObject page;
        connection.watch(&page, {Subject::Consumers});
        poll();
        QCOMPARE(payments().members->size(), size_t(1));
        connection.watch(&page, {});
        poll();
        QVERIFY(payments().members);
        QCOMPARE(payments().members->size(), size_t(1));
        connector->states.consumers.front().summary.activity = connectors::ConsumerActivity::Empty; // that much is told with the list
        poll();
        QVERIFY(payments().members);
        QVERIFY(payments().members->empty());
    }

    void aRefusalIsAnAnswer()
    {
        auto connector = std::make_shared<tests::FakeConsumerConnector>();
        connector->error = connectors::Error{connectors::ErrorCode::NotPermitted, QStringLiteral("Ask for the ACL"), {}, false};
        Connection connection({}, connector);
        QTRY_VERIFY(connection.consumers().error);
        QVERIFY(!connection.silence());
    }
};

QTEST_GUILESS_MAIN(TestConnectionPolls)
#include "tst_connection_polls.moc"
