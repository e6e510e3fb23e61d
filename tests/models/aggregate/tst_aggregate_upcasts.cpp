// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/state_fold.h"
#include "tests/models/aggregate/aggregate_store.h"

#include <QTest>

using namespace models::aggregate;
using connectors::ErrorCode;
using tests::projectionWith;

namespace {

const QByteArray Rename = R"([{"eventType": "ThingHappened", "from": 1, "to": 2, "rename": {"/amount": "/total"}}])";
const QByteArray Default = R"([{"eventType": "OtherHappened", "from": 1, "to": 2, "default": {"/currency": "EUR"}}])";

} // namespace

class TestAggregateUpcasts final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutFilesNothingIsDone()
    {
        QVERIFY(Upcasts().isEmpty());
        QCOMPARE(Upcasts().ruleName(), connectors::fold::ruleName());
        QCOMPARE(*Upcasts().newest(QStringLiteral("ThingHappened"), 1, "{\"amount\":1}"), std::string("{\"amount\":1}"));
    }

    void thoseOfAllFilesCount()
    {
        const auto upcasts = Upcasts::of({projectionWith(QStringLiteral("a.json"), Rename), projectionWith(QStringLiteral("b.json"), Default)});
        QVERIFY2(upcasts, upcasts ? "" : qPrintable(upcasts.error().message));
        QCOMPARE(*upcasts->newest(QStringLiteral("ThingHappened"), 1, "{\"amount\":1}"), std::string("{\"total\":1}"));
        QCOMPARE(*upcasts->newest(QStringLiteral("OtherHappened"), 0, "{\"x\":1}"), std::string("{\"x\":1,\"currency\":\"EUR\"}"));
        QCOMPARE(*upcasts->newest(QStringLiteral("ThingHappened"), 2, "{\"amount\":1}"), std::string("{\"amount\":1}"));
    }

    void filesThatSayTheSameAgree()
    {
        const auto one = Upcasts::of({projectionWith(QStringLiteral("a.json"), Rename)});
        const auto two = Upcasts::of({projectionWith(QStringLiteral("a.json"), Rename), projectionWith(QStringLiteral("b.json"), Rename)});
        QVERIFY(two.has_value());
        QCOMPARE(two->ruleName(), one->ruleName());
        QVERIFY(one->ruleName() != connectors::fold::ruleName());
        QVERIFY(one->ruleName() != Upcasts::of({projectionWith(QStringLiteral("a.json"), Default)})->ruleName());
    }

    void filesThatDisagreeAreNamed()
    {
        QByteArray other = Rename;
        other.replace("/total", "/sum");
        const auto refused = Upcasts::of({projectionWith(QStringLiteral("a.json"), Rename), projectionWith(QStringLiteral("b.json"), other)});
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY(refused.error().message.contains(QStringLiteral("a.json")) && refused.error().message.contains(QStringLiteral("b.json")) && refused.error().message.contains(QStringLiteral("ThingHappened")));
    }

    void aFileThatIsNoneIsNamed()
    {
        const auto refused = Upcasts::of({{QStringLiteral("broken.json"), "{"}});
        QVERIFY(!refused);
        QVERIFY(refused.error().message.contains(QStringLiteral("broken.json")));
    }
};

QTEST_GUILESS_MAIN(TestAggregateUpcasts)
#include "tst_aggregate_upcasts.moc"
