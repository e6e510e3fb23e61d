// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/journal/record_export.h"

#include <QTest>

using namespace models::journal;

class TestRecordExport final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPlanThatWasNeverTriedTellsWhatItWouldDo()
    {
        Record record = planned();
        const QJsonObject exported = exportJson(record);
        QCOMPARE(exported[QStringLiteral("who")].toString(), QStringLiteral("ann"));
        QVERIFY(exported[QStringLiteral("approved")].isNull() && exported[QStringLiteral("undoneBy")].isNull());
        const QJsonValue row = exported[QStringLiteral("rows")][0];
        QCOMPARE(row[u"target"].toInteger(), 9007199254740993);
        QVERIFY(row[u"before"].isNull() && row[u"now"].isNull() && row[u"result"].isNull());
    }

    void oneThatWasTriedTellsWhatBecameOfIt()
    {
        Record record = planned();
        record.approvedBy = QStringLiteral("bob");
        record.approved = 0;
        record.rows = {QJsonObject{{QStringLiteral("stream"), QStringLiteral("orders")}, {QStringLiteral("partition"), 3}, {QStringLiteral("before"), 9},
                                   {QStringLiteral("target"), 4}, {QStringLiteral("now"), 4}, {QStringLiteral("result"), QStringLiteral("DONE")}}};
        const QJsonObject exported = exportJson(record);
        QCOMPARE(exported[QStringLiteral("who")].toString(), QStringLiteral("bob"));
        QCOMPARE(exported[QStringLiteral("approved")].toString(), QStringLiteral("1970-01-01T00:00:00.000Z"));
        const QJsonObject row = exported[QStringLiteral("rows")][0].toObject();
        QCOMPARE(row.keys(), (QStringList{QStringLiteral("before"), QStringLiteral("now"), QStringLiteral("partition"), QStringLiteral("problem"),
                                          QStringLiteral("result"), QStringLiteral("stream"), QStringLiteral("target")}));
        QCOMPARE(row[QStringLiteral("result")].toString(), QStringLiteral("DONE"));
        QVERIFY(row[QStringLiteral("problem")].isNull());
    }

private:
    static Record planned()
    {
        Record record;
        record.journalId = QStringLiteral("1");
        record.change.who = QStringLiteral("ann");
        record.change.plan = {{QStringLiteral("rows"), QJsonArray{QJsonObject{{QStringLiteral("stream"), QStringLiteral("orders")}, {QStringLiteral("partition"), 3},
                                                                               {QStringLiteral("after"), qint64{9007199254740993}}}}}};
        return record;
    }
};

QTEST_GUILESS_MAIN(TestRecordExport)
#include "tst_record_export.moc"
