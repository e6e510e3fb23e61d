// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/eventstore/event_store_connector.h"
#include "connectors/eventstore/store_file.h"
#include "connectors/eventstore/store_writer.h"
#include "tests/support/store_fixture.h"
#include "tests/support/unprivileged.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <sys/stat.h>

using namespace connectors;
using tests::answerOf;
using tests::newEvent;
using tests::StoreFixture;
using tests::Unprivileged;

namespace {

void fill(const StoreFixture &fixture, int events)
{
    const auto store = *eventstore::openEventStore(fixture.spec(true));
    std::vector<NewEvent> batch;
    for (int i = 0; i < events; ++i)
        batch.push_back(newEvent(u"order-%1"_qs.arg(i % 7), u"e-%1"_qs.arg(i), i));
    const auto appended = answerOf(store->eventWriter()->append(batch));
    QVERIFY2(appended.has_value(), appended ? "" : qPrintable(describe(appended.error())));
}

void removeStore(const StoreFixture &fixture)
{
    for (const QString &end : {QString(), u"-wal"_qs, u"-shm"_qs})
        QFile::remove(fixture.path() + end);
}

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(bytes);
}

Result<SystemIdentity> identity(const ConnectionSpec &spec)
{
    return answerOf((*eventstore::openEventStore(spec))->identify({}));
}

QStringList filesIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::Files | QDir::Hidden, QDir::Name);
}

} // namespace

class TestStoreFiles final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAddressWithoutAFileOrWithPropertiesIsRefused()
    {
        ConnectionSpec spec;
        spec.kind = SystemKind::EventStoreSqlite;
        QCOMPARE(eventstore::openEventStore(spec).error().code, ErrorCode::InvalidInput);
        spec.path = u"/tmp/x.db"_qs;
        spec.properties = {{u"journal_mode"_qs, u"off"_qs}};
        const auto refused = eventstore::openEventStore(spec);
        QVERIFY(!refused && refused.error().message.contains(u"journal_mode"));
    }

    void whatIsNotAStoreIsNamedPlainly_data()
    {
        QTest::addColumn<QByteArray>("bytes"); // null: no file
        QTest::addColumn<int>("code");
        QTest::newRow("missing") << QByteArray() << int(ErrorCode::NotFound);
        QTest::newRow("text") << QByteArray("{\"this\":\"is JSON\"}\n").repeated(100) << int(ErrorCode::Unreadable);
        QTest::newRow("no bytes") << QByteArray("") << int(ErrorCode::Unsupported);
        QTest::newRow("only the header") << QByteArray("SQLite format 3\0", 16) << int(ErrorCode::Unreadable);
    }

    void whatIsNotAStoreIsNamedPlainly()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, code);
        StoreFixture fixture;
        if (!bytes.isNull())
            write(fixture.path(), bytes);
        const auto refused = identity(fixture.spec());
        QVERIFY(!refused);
        QCOMPARE(int(refused.error().code), code);
        QVERIFY2(refused.error().message.contains(fixture.path()), qPrintable(refused.error().message));
        QVERIFY(!refused.error().advice.isEmpty());
        QCOMPARE(filesIn(fixture.folder()).size(), bytes.isNull() ? 0 : 1); // looking makes nothing
    }

    void aFolderIsNoStore()
    {
        StoreFixture fixture;
        ConnectionSpec spec = fixture.spec(true);
        spec.path = fixture.folder();
        QCOMPARE(identity(spec).error().code, ErrorCode::InvalidInput);
        spec.path = fixture.folder() + u"/none/store.db"_qs;
        const auto store = *eventstore::openEventStore(spec);
        QCOMPARE(answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"a"_qs)})).error().code, ErrorCode::NotFound);
    }

    void whatIsNoFileIsNotOpened_data()
    {
        QTest::addColumn<bool>("isPipe");
        QTest::newRow("a pipe that nobody writes") << true;
        QTest::newRow("a device") << false;
    }

    void whatIsNoFileIsNotOpened()
    {
        QFETCH(bool, isPipe);
        StoreFixture fixture;
        ConnectionSpec spec = fixture.spec(true);
        if (isPipe)
            QCOMPARE(::mkfifo(fixture.path().toLocal8Bit().constData(), 0600), 0);
        else
            spec.path = u"/dev/zero"_qs;
        const auto store = *eventstore::openEventStore(spec);
        for (const Error &error : {answerOf(store->identify({})).error(), answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"x"_qs)})).error(),
                                   tests::readAll(store->eventReader()->read({})).result.error()})
            QVERIFY2(error.code == ErrorCode::InvalidInput && error.message.contains(u"is a device or a pipe"_qs), qPrintable(describe(error)));
    }

    void aForeignSqliteFileIsLeftAlone()
    {
        StoreFixture fixture;
        {
            sqlite::Database foreign(fixture.path(), sqlite::Database::Access::Create);
            foreign.execute("CREATE TABLE events (position INTEGER); INSERT INTO events VALUES (1)");
        }
        const auto refused = identity(fixture.spec(true));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY(refused.error().message.contains(u"not an event store of Streamgauge"));
        const auto store = *eventstore::openEventStore(fixture.spec(true));
        QCOMPARE(answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"a"_qs)})).error().code, ErrorCode::Unsupported);
        QCOMPARE(sqlite::Database(fixture.path(), sqlite::Database::Access::Look).queryInteger("SELECT count(*) FROM sqlite_master"), 1);
    }

    void aStoreOfANewerVersionIsNotTouched()
    {
        StoreFixture fixture;
        fill(fixture, 3);
        sqlite::Database(fixture.path(), sqlite::Database::Access::Write).execute("PRAGMA user_version = 999");
        const auto refused = identity(fixture.spec());
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unsupported);
        QVERIFY(refused.error().message.contains(u"newer") && refused.error().message.contains(u"999"));
        const auto store = *eventstore::openEventStore(fixture.spec());
        QCOMPARE(answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"x"_qs)})).error().code, ErrorCode::Unsupported);
    }

    void aCorruptStoreIsSaidToBeCorrupt()
    {
        StoreFixture fixture;
        fill(fixture, 2000);
        {
            QFile file(fixture.path());
            QVERIFY(file.open(QIODevice::ReadWrite));
            constexpr qint64 PageSize = 4096;
            for (qint64 page = 20; page * PageSize < file.size(); ++page) {
                file.seek(page * PageSize);
                file.write(QByteArray(PageSize, '\x7f'));
            }
        }
        const auto store = *eventstore::openEventStore(fixture.spec());
        ReadRequest request;
        const tests::ReadEvents events = tests::readAll(store->eventReader()->read(request));
        QVERIFY(!events.result);
        QCOMPARE(events.result.error().code, ErrorCode::Unreadable);
        QVERIFY2(events.result.error().message.contains(u"corrupt"), qPrintable(events.result.error().message));
        QVERIFY(!events.result.error().advice.isEmpty());
    }

    void aReadOnlyStoreIsReadAndNotWritten()
    {
        StoreFixture fixture;
        fill(fixture, 3);
        QFile::setPermissions(fixture.path(), QFile::ReadOwner | QFile::ReadGroup | QFile::ReadOther);
        QFile::setPermissions(fixture.folder(), QFile::ReadOwner | QFile::ExeOwner | QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther);
        {
            const Unprivileged nobody;
            const auto store = *eventstore::openEventStore(fixture.spec());
            QVERIFY(answerOf(store->identify({})).has_value());
            QCOMPARE(tests::readAll(store->eventReader()->read({})).positions().size(), size_t(3));
            const auto refused = answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"x"_qs)}));
            QVERIFY(!refused);
            QCOMPARE(refused.error().code, ErrorCode::StorageFailed);
            QVERIFY2(refused.error().message.contains(u"read-only"), qPrintable(refused.error().message));
        }
        QFile::setPermissions(fixture.folder(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }

    void aStoreThatMayNotBeReadIsSaidSo()
    {
        StoreFixture fixture;
        fill(fixture, 1);
        QFile::setPermissions(fixture.path(), QFile::Permissions());
        QFile::setPermissions(fixture.folder(), QFile::ReadOwner | QFile::ExeOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ExeGroup | QFile::ReadOther | QFile::ExeOther);
        const Unprivileged nobody;
        QCOMPARE(identity(fixture.spec()).error().code, ErrorCode::NotPermitted);
    }

    void aLockedStoreCanBeReadAndIsSaidToBeLockedForWriting()
    {
        StoreFixture fixture;
        fill(fixture, 3);
        const auto other = eventstore::openForWriting(fixture.path(), false);
        sqlite::Transaction held(*other, sqlite::Transaction::Kind::Write);
        const auto store = *eventstore::openEventStore(fixture.spec());
        QCOMPARE(tests::readAll(store->eventReader()->read({})).positions().size(), size_t(3));

        const auto second = eventstore::openForWriting(fixture.path(), false);
        second->setBusyTimeout(10);
        const auto refused = guarded([&] { sqlite::Transaction transaction(*second, sqlite::Transaction::Kind::Write); });
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::StorageFailed);
        QVERIFY(refused.error().isRetryable && refused.error().message.contains(u"locked"));
    }

    void aFullDiskStoresNothingOfTheStepAndTheStoreStaysGood()
    {
        StoreFixture fixture;
        fill(fixture, 3);
        const auto database = eventstore::openForWriting(fixture.path(), false);
        const qint64 pages = database->queryInteger("PRAGMA page_count");
        database->execute(QByteArray("PRAGMA max_page_count = " + QByteArray::number(pages + 2)).constData());
        eventstore::StoreWriter writer(*database);
        const auto append = [&] {
            NewEvent big = newEvent(u"s"_qs, u"big"_qs);
            big.payload = '"' + QByteArray(100'000, 'x') + '"';
            sqlite::Transaction transaction(*database, sqlite::Transaction::Kind::Write);
            std::ignore = writer.append({newEvent(u"s"_qs, u"small"_qs), big}, 1);
            transaction.commit();
        };
        const auto refused = guarded(append);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::StorageFailed);
        QVERIFY2(refused.error().message.contains(u"disk is full"), qPrintable(refused.error().message));
        QCOMPARE(database->queryInteger("SELECT count(*) FROM events"), 3);
        database->execute("PRAGMA max_page_count = 1000000");
        QVERIFY(guarded(append).has_value());
        QCOMPARE(database->queryInteger("SELECT count(*) FROM events"), 5);
    }

    void aStoreThatIsDeletedWhileItIsOpenIsSaidSo()
    {
        StoreFixture fixture;
        fill(fixture, 3);
        const auto store = *eventstore::openEventStore(fixture.spec());
        QVERIFY(answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"x"_qs)})));
        QCOMPARE(answerOf(store->streamCatalog()->listStreams({}, {}))->streams.size(), size_t(2));
        ReadRequest request;
        request.isFollowing = true;
        const EventChannelPtr tail = store->eventReader()->read(request);
        QVERIFY(tail->waitPop() != nullptr);
        removeStore(fixture);
        const auto list = answerOf(store->streamCatalog()->listStreams({}, {}));
        QVERIFY(!list);
        QVERIFY2(list.error().code == ErrorCode::NotFound && list.error().message.contains(fixture.path()), qPrintable(describe(list.error())));
        const auto lost = answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"y"_qs)})); // it would go where nobody can read it
        QVERIFY(!lost);
        QVERIFY2(lost.error().message.contains(u"was deleted or replaced"_qs), qPrintable(describe(lost.error())));
        while (tail->waitPop()) { }
        QVERIFY(!tail->result());
        QVERIFY2(tail->result().error().message.contains(u"was deleted or replaced"_qs), qPrintable(describe(tail->result().error())));
        QVERIFY(!QFile::exists(fixture.path()));
    }

    void aStoreThatIsReplacedIsNotTakenForTheOneThatWasOpened()
    {
        StoreFixture fixture;
        StoreFixture other;
        fill(fixture, 3);
        fill(other, 5);
        const QString copy = fixture.folder() + u"/copy.db"_qs;
        QVERIFY(QFile::copy(fixture.path(), copy));
        const auto store = *eventstore::openEventStore(fixture.spec());
        const auto id = answerOf(store->identify({}));
        QVERIFY(id);
        removeStore(fixture);
        QVERIFY(QFile::copy(other.path(), fixture.path()));
        const auto refused = answerOf(store->identify({}));
        QVERIFY(!refused);
        QVERIFY2(refused.error().message.contains(u"was deleted or replaced"_qs), qPrintable(describe(refused.error())));
        removeStore(fixture);
        QVERIFY(QFile::rename(copy, fixture.path())); // as from a backup
        QCOMPARE(answerOf(store->identify({}))->systemId, id->systemId);
    }

    void lookingLeavesNoFilesBehind()
    {
        StoreFixture fixture;
        fill(fixture, 3);
        QCOMPARE(filesIn(fixture.folder()), QStringList{u"store.db"_qs});
        {
            const auto store = *eventstore::openEventStore(fixture.spec());
            QVERIFY(answerOf(store->identify({})).has_value());
            QCOMPARE(tests::readAll(store->eventReader()->read({})).positions().size(), size_t(3));
        }
        QCOMPARE(filesIn(fixture.folder()), QStringList{u"store.db"_qs});
    }

    void everyFileNameIsTakenLiterally_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString &name : {u"a?mode=rwc.db"_qs, u"a#b.db"_qs, u"100%41.db"_qs, u"with blank & ünïcode.db"_qs})
            QTest::newRow(qPrintable(name)) << name;
    }

    void everyFileNameIsTakenLiterally()
    {
        QFETCH(QString, name);
        StoreFixture fixture;
        ConnectionSpec spec = fixture.spec(true);
        spec.path = fixture.folder() + u'/' + name;
        {
            const auto store = *eventstore::openEventStore(spec);
            QVERIFY(answerOf(store->eventWriter()->append({newEvent(u"s"_qs, u"a"_qs)})).has_value());
        }
        QCOMPARE(filesIn(fixture.folder()), QStringList{name});
    }

    void theStoresIdStaysTheSame()
    {
        StoreFixture fixture;
        fill(fixture, 1);
        const auto first = identity(fixture.spec());
        QVERIFY(first && !first->systemId.isEmpty());
        QCOMPARE(identity(fixture.spec())->systemId, first->systemId);
    }
};

QTEST_GUILESS_MAIN(TestStoreFiles)
#include "tst_store_files.moc"
