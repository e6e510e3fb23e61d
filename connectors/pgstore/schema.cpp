// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/pgstore/schema.h"

#include "connectors/postgres/transaction.h"

#include <QRandomGenerator>
#include <QRegularExpression>
#include <QUuid>

#include <limits>

namespace connectors::pgstore {

namespace {

// `@` stands for the schema, `#` for the store's own number. Texts are compared by their bytes. Payloads are text, not jsonb,
// which would round numbers and sort members; that they are JSON is checked all the same.
constexpr const char *Tables = R"(
CREATE TABLE @.store (
    id int PRIMARY KEY CHECK (id = 1),
    uuid text NOT NULL,
    schema_version int NOT NULL,
    created_at bigint NOT NULL,
    lock_number int NOT NULL -- names this store among advisory locks and notifications
);
CREATE SEQUENCE @.events_position AS bigint CACHE 1;
CREATE TABLE @.events (
    position bigint PRIMARY KEY,
    transaction_id xid8 NOT NULL,
    stream text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    stream_version bigint NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    event_type text COLLATE "C" NOT NULL,
    aggregate_id text COLLATE "C",
    timestamp text NOT NULL,
    version bigint NOT NULL,
    correlation_id text COLLATE "C",
    causation_id text COLLATE "C",
    recorded_at bigint NOT NULL, -- milliseconds since 1970
    schema_version bigint NOT NULL DEFAULT 1,
    payload text NOT NULL CONSTRAINT events_payload_is_json CHECK (payload::json IS NOT NULL),
    metadata text CONSTRAINT events_metadata_is_json CHECK (metadata IS NULL OR metadata::json IS NOT NULL)
);
CREATE UNIQUE INDEX events_id ON @.events (event_id);
CREATE UNIQUE INDEX events_stream ON @.events (stream, stream_version);
CREATE INDEX events_stream_position ON @.events (stream, position);
CREATE INDEX events_category ON @.events (category, position);
CREATE INDEX events_correlation ON @.events (correlation_id) WHERE correlation_id IS NOT NULL;
CREATE INDEX events_causation ON @.events (causation_id) WHERE causation_id IS NOT NULL;
CREATE INDEX events_aggregate ON @.events (aggregate_id) WHERE aggregate_id IS NOT NULL;
CREATE INDEX events_type ON @.events (event_type);
CREATE INDEX events_recorded ON @.events (recorded_at, position);
CREATE TABLE @.checkpoints (
    consumer text COLLATE "C" NOT NULL,
    stream text COLLATE "C" NOT NULL,
    position bigint NOT NULL CHECK (position >= 0), -- the next position to read
    metadata text NOT NULL DEFAULT '',
    updated_at bigint NOT NULL,
    PRIMARY KEY (consumer, stream)
);
CREATE TABLE @.members (
    consumer text COLLATE "C" NOT NULL,
    member text COLLATE "C" NOT NULL,
    client_id text NOT NULL DEFAULT '',
    host text NOT NULL DEFAULT '',
    epoch bigint NOT NULL DEFAULT 0, -- whoever comes with a lower one is of the past
    heartbeat_at bigint NOT NULL, -- 0: has left
    PRIMARY KEY (consumer, member)
);
CREATE TABLE @.dead_letters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer text COLLATE "C" NOT NULL,
    position bigint NOT NULL REFERENCES @.events (position),
    reason text NOT NULL,
    exception_class text NOT NULL DEFAULT '',
    stage text NOT NULL DEFAULT '',
    stack_trace text NOT NULL DEFAULT '',
    attempts int NOT NULL DEFAULT 1,
    died_at bigint NOT NULL,
    UNIQUE (consumer, position)
);
CREATE INDEX dead_letters_consumer ON @.dead_letters (consumer, died_at);
CREATE TABLE @.snapshots (
    stream text COLLATE "C" NOT NULL,
    stream_version bigint NOT NULL,
    position bigint NOT NULL,
    fold text COLLATE "C" NOT NULL, -- what made the state of the events
    state text NOT NULL CONSTRAINT snapshots_state_is_json CHECK (state::json IS NOT NULL),
    created_at bigint NOT NULL,
    PRIMARY KEY (stream, stream_version, fold)
);
)";

// How the order of positions comes to be what everybody sees, although transactions end in any order: before its first position
// a transaction takes a shared advisory lock that says from which position on it may add (the low 32 bits of it), and keeps
// it to its end. Whoever reads asks for the next position first, then for these locks, and reads below the lowest of
// them all with a snapshot that is younger: see safe_head.h. Nobody ever waits for such a lock.
// Recorded times come from the server's clock, and never before those that were committed when the transaction began to append.
constexpr const char *Functions = R"(
CREATE FUNCTION @.events_take_their_places() RETURNS trigger LANGUAGE plpgsql AS $function$
DECLARE
    earliest bigint := nullif(pg_catalog.current_setting('streamgauge.appending_#', true), '');
    lowest bigint;
BEGIN
    IF earliest IS NULL THEN
        SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END INTO lowest FROM @.events_position;
        PERFORM pg_catalog.pg_advisory_xact_lock_shared(#, ((((lowest + 2147483648) & 4294967295) - 2147483648)::int));
        SELECT coalesce(max(recorded_at), 0) INTO earliest FROM @.events;
        PERFORM pg_catalog.set_config('streamgauge.appending_#', earliest::text, true);
    END IF;
    NEW.transaction_id := pg_catalog.pg_current_xact_id();
    NEW.position := pg_catalog.nextval('@.events_position');
    NEW.category := pg_catalog.split_part(NEW.stream, '-', 1);
    NEW.recorded_at := greatest(earliest, coalesce(NEW.recorded_at, (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000)::bigint));
    RETURN NEW;
END $function$;
CREATE FUNCTION @.events_are_told() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    PERFORM pg_catalog.pg_notify('streamgauge_#', '');
    RETURN NULL;
END $function$;
CREATE FUNCTION @.events_stay() RETURNS trigger LANGUAGE plpgsql AS $function$
BEGIN
    RAISE EXCEPTION 'events are append-only: they cannot be %', CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END;
END $function$;
CREATE TRIGGER events_take_their_places BEFORE INSERT ON @.events FOR EACH ROW EXECUTE FUNCTION @.events_take_their_places();
CREATE TRIGGER events_are_told AFTER INSERT ON @.events FOR EACH STATEMENT EXECUTE FUNCTION @.events_are_told();
CREATE TRIGGER events_stay_unchanged BEFORE UPDATE OR DELETE ON @.events FOR EACH ROW EXECUTE FUNCTION @.events_stay();
CREATE TRIGGER events_stay BEFORE TRUNCATE ON @.events FOR EACH STATEMENT EXECUTE FUNCTION @.events_stay();
)";

QByteArray filled(const char *sql, const QByteArray &schema, qint64 number)
{
    return QByteArray(sql).replace("@.", QByteArray(schema + '.')).replace("#", QByteArray::number(number));
}

void requireUsableName(const QString &schema)
{
    static const QRegularExpression shape(QStringLiteral("\\A[\\w. -]+\\z"), QRegularExpression::UseUnicodePropertiesOption);
    if (!shape.match(schema).hasMatch())
        fail(ErrorCode::InvalidInput, QStringLiteral("No event store is made in a schema named “%1”.").arg(schema),
             QStringLiteral("Choose a name of letters, digits, “_”, “-”, “.” and spaces."));
}

void requireEmptySchema(postgres::Database &database, const QString &schema)
{
    if (database.query("SHOW server_encoding").string(0, 0) != u"UTF8")
        fail(ErrorCode::Unsupported, QStringLiteral("%1 is not in UTF-8, so it cannot hold every event.").arg(database.place()),
             QStringLiteral("Make a database with ENCODING 'UTF8'."));
    const postgres::Rows taken = database.query("SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1"
                                                " ORDER BY c.relname LIMIT 1",
                                                postgres::Parameters().add(schema));
    if (taken.count() > 0)
        fail(ErrorCode::Refused, QStringLiteral("%1: the schema %2 holds something else: %3.").arg(database.place(), schema, taken.string(0, 0)),
             QStringLiteral("Name another schema with schema=NAME in the address."));
}

} // namespace

void createSchema(postgres::Database &database, const QString &schema)
{
    requireUsableName(schema);
    postgres::Transaction transaction(database, postgres::Transaction::Kind::Write);
    database.query("SELECT pg_advisory_xact_lock(hashtext('streamgauge event store'), hashtext($1))", postgres::Parameters().add(schema));
    const QByteArray name = postgres::quotedName(schema);
    if (!database.query("SELECT to_regclass($1)::text", postgres::Parameters().add(QByteArray(name + ".store"))).isNull(0, 0)) // another program was faster
        return;
    requireEmptySchema(database, schema);
    if (database.query("SELECT 1 FROM pg_namespace WHERE nspname = $1", postgres::Parameters().add(schema)).count() == 0)
        database.execute("CREATE SCHEMA " + name);
    const qint64 number = QRandomGenerator::system()->bounded(1, std::numeric_limits<int>::max());
    database.execute(filled(Tables, name, number) + filled(Functions, name, number));
    database.query("INSERT INTO " + name + ".store VALUES (1, $1, $2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint, $3)",
                   postgres::Parameters().add(QUuid::createUuid().toString(QUuid::WithoutBraces)).add(SchemaVersion).add(number));
    transaction.commit();
}

} // namespace connectors::pgstore
