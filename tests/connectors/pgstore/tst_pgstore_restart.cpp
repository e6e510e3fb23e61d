// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/pgstore_connector.h"
#include "tests/support/pgstore_fixture.h"
#include "tests/support/store_fixture.h"

#include <QTest>

using namespace connectors;
using tests::answerOf;
using tests::newEvent;

class TestPgStoreRestart final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        REQUIRE_POSTGRES();
        m_server = std::make_unique<tests::FreshPostgres>();
        m_database = std::make_unique<tests::FreshDatabase>(m_server->url());
        m_store = *pgstore::openEventStore(m_database->spec(true), {});
        QVERIFY(append(u"e1"_qs).has_value());
    }

    void cleanupTestCase()
    {
        m_store.reset();
        m_database.reset();
        m_server.reset();
    }

    void aTailAndQuestionsGoOnAfterACrashOfTheServer()
    {
        const auto identity = answerOf(m_store->identify({}));
        QVERIFY(identity.has_value());
        ReadRequest request;
        request.isFollowing = true;
        const EventChannelPtr channel = m_store->eventReader()->read(request);
        QCOMPARE(channel->waitPop()->record(0).position, 1);

        m_server->kill();
        const auto silent = answerOf(m_store->identify({}));
        QCOMPARE(silent.error().code, ErrorCode::CannotConnect);
        QVERIFY(silent.error().isRetryable);
        QCOMPARE(tests::readAll(m_store->eventReader()->read({})).result.error().code, ErrorCode::CannotConnect);
        QCOMPARE(append(u"e2"_qs).error().code, ErrorCode::CannotConnect);
        m_server->restart();

        QCOMPARE(answerOf(m_store->identify({}))->systemId, identity->systemId);
        const auto appended = append(u"e2"_qs);
        QVERIFY2(appended.has_value(), appended ? "" : qPrintable(describe(appended.error())));
        // After a crash the sequence skips what it had taken ahead; that counts for nothing.
        const EventBatchPtr next = channel->waitPop();
        QVERIFY(next != nullptr);
        QCOMPARE(next->record(0).position, appended->front().position);
        QCOMPARE(answerOf(m_store->streamCatalog()->listStreams({}, {}))->streams.front().partitions.front().events, std::optional<qint64>(2));
        channel->cancel();
    }

    void aConnectionThatTheRestartHasCutIsMadeAgainWithoutAWord()
    {
        QVERIFY(answerOf(m_store->identify({})).has_value());
        QVERIFY(append(u"e3"_qs).has_value());
        m_server->restart();
        QVERIFY(answerOf(m_store->identify({})).has_value());
        const auto appended = append(u"e4"_qs);
        QVERIFY2(appended.has_value(), appended ? "" : qPrintable(describe(appended.error())));
    }

    void certificatesAreVerifiedWhereItIsAskedFor()
    {
        ConnectionSpec spec = m_database->spec();
        spec.hosts = {u"localhost:"_qs + spec.hosts.front().section(u':', 1)};
        const auto with = [&](const QString &mode, const QString &ca) {
            spec.properties = {{u"sslmode"_qs, mode}, {u"sslrootcert"_qs, m_server->address(ca)}};
            return answerOf((*pgstore::openEventStore(spec, {}))->identify({}));
        };
        const auto right = with(u"verify-full"_qs, u"ca"_qs);
        QVERIFY2(right.has_value(), right ? "" : qPrintable(describe(right.error())));
        const auto wrong = with(u"verify-full"_qs, u"other_ca"_qs);
        QCOMPARE(wrong.error().code, ErrorCode::CannotConnect);
        QVERIFY2(wrong.error().advice.contains(u"sslrootcert"), qPrintable(describe(wrong.error())));
        spec.hosts = m_database->spec().hosts; // the certificate is for another name
        QCOMPARE(with(u"verify-full"_qs, u"ca"_qs).error().code, ErrorCode::CannotConnect);
        QVERIFY(with(u"verify-ca"_qs, u"ca"_qs).has_value());
    }

private:
    Result<std::vector<AppendedEvent>> append(const QString &id) { return answerOf(m_store->eventWriter()->append({newEvent(u"s"_qs, id)})); }

    std::unique_ptr<tests::FreshPostgres> m_server;
    std::unique_ptr<tests::FreshDatabase> m_database;
    std::shared_ptr<Connector> m_store;
};

QTEST_GUILESS_MAIN(TestPgStoreRestart)
#include "tst_pgstore_restart.moc"
