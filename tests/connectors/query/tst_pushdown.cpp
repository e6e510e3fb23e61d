// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/query/pushdown.h"

#include <QDateTime>
#include <QTest>

using namespace connectors;
using query::pushdownOf;

class TestPushdown final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void timesBecomeBounds_data()
    {
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("from");   // empty: none
        QTest::addColumn<QString>("before");
        const QString noon = u"2026-11-25T12:00:00.000Z"_qs;
        const QString afterNoon = u"2026-11-25T12:00:00.001Z"_qs;
        QTest::newRow("from") << u"time >= '2026-11-25T12:00:00Z'"_qs << noon << QString();
        QTest::newRow("turned") << u"'2026-11-25T12:00:00Z' <= event.time"_qs << noon << QString();
        QTest::newRow("before") << u"time < '2026-11-25T12:00:00Z'"_qs << QString() << noon;
        QTest::newRow("until") << u"time <= '2026-11-25T12:00:00Z'"_qs << QString() << afterNoon;
        QTest::newRow("at") << u"time = '2026-11-25T13:00:00+01:00'"_qs << noon << afterNoon;
        QTest::newRow("minute") << u"time > '2026-11-25 12:00'"_qs << noon << QString();
        QTest::newRow("day before") << u"time < '2026-11-25'"_qs << QString() << QString();
        QTest::newRow("both") << u"(key = 'x' AND (time >= '2026-11-25T12:00:00Z')) AND time > '2020-01-01'"_qs << noon << QString();
        QTest::newRow("or") << u"time >= '2026-11-25T12:00:00Z' OR key = 'x'"_qs << QString() << QString();
        QTest::newRow("inner or") << u"(time >= '2026-11-25T12:00:00Z' OR key = 'x') AND version = 1"_qs << QString() << QString();
        QTest::newRow("not") << u"NOT time >= '2026-11-25T12:00:00Z'"_qs << QString() << QString();
        QTest::newRow("not a part") << u"NOT (version = 1 AND time >= '2026-11-25T12:00:00Z')"_qs << QString() << QString();
        QTest::newRow("between") << u"version BETWEEN 1 AND time >= '2026-11-25T12:00:00Z'"_qs << QString() << QString();
        QTest::newRow("in a span") << u"time BETWEEN '2026-11-25T12:00:00Z' AND '2026-11-25T12:00:00Z' AND key = 'x'"_qs << noon << afterNoon;
        QTest::newRow("in a long span") << u"time BETWEEN ago('10w') AND '2026-11-25T12:00:00Z' AND time >= '2026-11-25T12:00:00Z'"_qs << noon << afterNoon;
        QTest::newRow("not in a span") << u"time NOT BETWEEN '2026-11-25T12:00:00Z' AND '2026-11-25T12:00:00Z'"_qs << QString() << QString();
        QTest::newRow("in a span of more") << u"time BETWEEN '2026-11-25T12:00:00Z' AND '2026-11-25T12:00:00Z' || 'x'"_qs << QString() << QString();
        QTest::newRow("in a span of days") << u"time BETWEEN '2026-11-25' AND '2026-11-26'"_qs << u"2026-11-25T00:00:00.000Z"_qs << QString();
        QTest::newRow("in a span, compared") << u"time BETWEEN '2026-11-25T12:00:00Z' AND '2026-11-25T12:00:00Z' = 0"_qs << QString() << QString();
        QTest::newRow("case") << u"CASE WHEN version AND time >= '2026-11-25T12:00:00Z' AND version THEN 1 ELSE 1 END"_qs << QString() << QString();
        QTest::newRow("more than a comparison") << u"time >= '2026-11-25T12:00:00Z' = 0"_qs << QString() << QString();
        QTest::newRow("collation") << u"time >= '2026-11-25T12:00:00Z' COLLATE NOCASE"_qs << QString() << QString();
        QTest::newRow("no time") << u"time >= 'noon'"_qs << QString() << QString();
        QTest::newRow("the event's own") << u"timestamp >= '2026-11-25T12:00:00Z'"_qs << QString() << QString();
        QTest::newRow("wrong") << u"time >= '2026-11-25T12:00:00Z' AND ("_qs << QString() << QString();
    }

    void timesBecomeBounds()
    {
        QFETCH(QString, where);
        QFETCH(QString, from);
        QFETCH(QString, before);
        const auto ms = [](const QString &text) { return text.isEmpty() ? std::optional<EpochMs>() : QDateTime::fromString(text, Qt::ISODateWithMs).toMSecsSinceEpoch(); };
        const query::Pushdown pushdown = pushdownOf(where);
        QCOMPARE(pushdown.from, ms(from));
        QCOMPARE(pushdown.before, ms(before));
    }

    void agoExcludesNothingThatAFilterMadeEarlierAccepts()
    {
        const EpochMs now = QDateTime::currentMSecsSinceEpoch();
        const auto from = pushdownOf(u"time > ago('1h')"_qs).from;
        QVERIFY(from && *from < now - 3'600'000 && *from > now - 7'200'000);
    }

    void equalityOnAnIdBecomesASearchForTheRarest()
    {
        const auto search = pushdownOf(u"key = 'k' AND correlationId = 'it''s' AND eventType = 'A'"_qs).search;
        QVERIFY(search.has_value());
        QCOMPARE(search->field, SearchField::CorrelationId);
        QCOMPARE(search->values, (std::vector<QByteArray>{"it's"}));
        QCOMPARE(pushdownOf(u"key = 'k'"_qs).key, QByteArray("k"));
        QCOMPARE(pushdownOf(u"eventId IN ('a', 'b', 'c', 'd')"_qs).search->values.size(), size_t(4));
        for (const QString &where : {u"eventId = 5"_qs, u"eventId <> 'a'"_qs, u"eventId IN ('a', key)"_qs, u"eventId NOT IN ('a')"_qs, u"eventId LIKE 'a'"_qs,
                                     u"eventId = 'a' COLLATE NOCASE"_qs, u"eventId = 'a' OR 1"_qs, u"eventId = 'a' || key"_qs})
            QVERIFY2(!pushdownOf(where).search, qPrintable(where));
    }
};

QTEST_GUILESS_MAIN(TestPushdown)
#include "tst_pushdown.moc"
