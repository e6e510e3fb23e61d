// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/connection/connection.h"
#include "tests/support/fake_event_connector.h"

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
};

QTEST_GUILESS_MAIN(TestConnectionPolls)
#include "tst_connection_polls.moc"
