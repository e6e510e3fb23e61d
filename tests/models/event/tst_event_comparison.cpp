// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/event/event_comparison.h"

#include <QTest>

using namespace connectors;
using namespace models::event;
using namespace std::string_view_literals;

namespace {

CachedEvent eventWith(std::string_view body, BodyFormat format = BodyFormat::Json, const std::vector<Header> &headers = {}, std::string_view id = "e-1")
{
    EventBatchBuilder builder;
    EventRecord record;
    record.stream = builder.internStream(QStringLiteral("orders"));
    record.format = format;
    if (format != BodyFormat::Null)
        record.payload = builder.addBytes(body);
    record.headers = builder.addHeaders(headers);
    record.eventId = builder.addBytes(id);
    builder.add(record);
    return {builder.take(), 0};
}

/// "* /data/amount: 1.10 | 1.1", without the fields that are the same.
QStringList differences(const CachedEvent &here, const CachedEvent &there)
{
    QStringList lines;
    for (const ComparedField &field : compareEvents(here, there, {}).fields) {
        const char mark = field.change == FieldChange::Changed ? '*' : field.change == FieldChange::OnlyHere ? '+' : '-';
        if (field.change != FieldChange::Same)
            lines += QStringLiteral("%1 %2: %3 | %4").arg(QLatin1Char(mark)).arg(field.column.key(), field.here.toString(), field.there.toString());
    }
    return lines;
}

} // namespace

class TestEventComparison final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void equalEventsHaveNoDifference()
    {
        const CachedEvent one = eventWith(R"({"a":[1,{"b":null}]})", BodyFormat::Json, {{"trace", "1"}});
        QCOMPARE(compareEvents(one, one, {}).differences(), 0);
        QVERIFY(compareEvents(one, one, {}).fields.size() > 3);
    }

    void valuesAreComparedAsTheyWereWritten()
    {
        QCOMPARE(differences(eventWith(R"({"n":9007199254740993,"d":1.10,"a/b":"x"})"), eventWith(R"( {"d":1.1,"n":9007199254740992,"a/b":"x"})")),
                 (QStringList{QStringLiteral("* field:/n: 9007199254740993 | 9007199254740992"), QStringLiteral("* field:/d: 1.10 | 1.1")}));
    }

    void whatOnlyOneHasIsTold()
    {
        QCOMPARE(differences(eventWith(R"({"a":1,"list":[1,2]})"), eventWith(R"({"a":1,"list":[1],"c~d":{}})")),
                 (QStringList{QStringLiteral("+ field:/list/1: 2 | "), QStringLiteral("- field:/c~0d:  | {}")}));
    }

    void duplicateNamesArePairedInTheirOrder()
    {
        const CachedEvent here = eventWith(R"({"n":1,"n":2})", BodyFormat::Json, {{"trace", "1"}, {"trace", "2"}, {"none", {}, true}});
        const CachedEvent there = eventWith(R"({"n":1,"n":3})", BodyFormat::Json, {{"trace", "1"}, {"trace", "3"}, {"none", ""}, {"extra", "x"}});
        QCOMPARE(differences(here, there),
                 (QStringList{QStringLiteral("* header:trace: 2 | 3"), QStringLiteral("* header:none:  | "), QStringLiteral("- header:extra:  | x"),
                              QStringLiteral("* field:/n: 2 | 3")}));
    }

    void bodiesThatAreNotJsonAreOneField()
    {
        const QByteArray common(5000, 'x');
        const QByteArray other = common + 'y';
        QCOMPARE(differences(eventWith("<a>", BodyFormat::NotJson), eventWith("<a>", BodyFormat::NotJson)), QStringList());
        QCOMPARE(differences(eventWith({}, BodyFormat::Null), eventWith("", BodyFormat::Empty)).size(), 1);
        QCOMPARE(differences(eventWith(common.constData(), BodyFormat::NotJson), eventWith(other.constData(), BodyFormat::NotJson)).size(), 1);
    }

    void aLongValueThatDiffersAtItsEndDiffers()
    {
        const QByteArray common(5000, 'x');
        const QByteArray here = '"' + common + "1\"";
        const QByteArray there = '"' + common + "2\"";
        QCOMPARE(differences(eventWith(here.constData()), eventWith(there.constData())).size(), 1);
    }

    void manyHeadersAreCutAndTold()
    {
        const std::vector<Header> many(EventComparison::MaximumHeaders + 500, Header{"trace", "1", false});
        const CachedEvent with = eventWith("{}", BodyFormat::Json, many);
        const EventComparison gone = compareEvents(eventWith("{}"), with, {});
        QVERIFY(gone.areHeadersCut);
        QCOMPARE(gone.differences(), static_cast<qsizetype>(EventComparison::MaximumHeaders)); // each only there
        QVERIFY(!compareEvents(eventWith("{}"), eventWith("{}", BodyFormat::Json, {{"trace", "1"}}), {}).areHeadersCut);
    }

    void aStoppedComparisonPairsNothing()
    {
        std::stop_source stop;
        stop.request_stop();
        const CachedEvent here = eventWith("{}", BodyFormat::Json, {{"a", "1"}});
        const CachedEvent there = eventWith("{}", BodyFormat::Json, {{"b", "1"}});
        for (const ComparedField &field : compareEvents(here, there, stop.get_token()).fields)
            QVERIFY(field.column.kind != EventColumn::Kind::Header);
    }

    void deepAndWideBodiesEndInBoundedTime()
    {
        const QByteArray deep = QByteArray(512, '[') + QByteArray(512, ']');
        QCOMPARE(differences(eventWith(deep.constData()), eventWith(deep.constData())), QStringList());
        QByteArray wide = "[0";
        for (int i = 1; i < 20'000; ++i)
            wide += ",0";
        wide += ']';
        const EventComparison compared = compareEvents(eventWith(wide.constData()), eventWith(wide.constData()), {});
        QVERIFY(compared.isCut);
        QVERIFY(compared.fields.size() < 2 * EventComparison::MaximumValues);
    }
};

QTEST_GUILESS_MAIN(TestEventComparison)
#include "tst_event_comparison.moc"
