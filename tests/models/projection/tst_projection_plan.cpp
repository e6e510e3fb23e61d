// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/projection/projection_plan.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace connectors;
using namespace models::projection;

namespace {

/// Every field has a value that is not its default.
ProjectionPlan wholePlan()
{
    ProjectionPlan plan;
    plan.planId = QStringLiteral("5b1c2d3e-0000-4000-8000-000000000001");
    plan.action = ProjectionAction::Swap;
    plan.job = QStringLiteral("5b1c2d3e");
    plan.fileName = QStringLiteral("orders.json");
    plan.definition = "{\"projection\": \"ä \\u0000 😀\"}\r\n";
    plan.projection = QStringLiteral("order summary");
    plan.version = 2;
    plan.source.name = QStringLiteral("kafka://broker:9092");
    plan.source.kind = SystemKind::Kafka;
    plan.source.hosts = QStringList{QStringLiteral("broker:9092")};
    plan.source.properties = {{QStringLiteral("client.id"), QStringLiteral("x")}};
    plan.source.userName = QStringLiteral("reader");
    plan.source.via = QStringLiteral("ssh:host");
    plan.target.name = QStringLiteral("shop");
    plan.target.kind = SystemKind::EventStoreSqlite;
    plan.target.path = QStringLiteral("/data/shop.db");
    plan.environment = Environment::Staging;
    plan.sourceSystemId = QStringLiteral("cluster");
    plan.targetSystemId = QStringLiteral("sqlite:/data/shop.db");
    plan.created = 1'700'000'000'123;
    plan.range = {{QStringLiteral("orders"), 3, 10, 9'007'199'254'740'993, -4}, {QStringLiteral("returns"), 0, 0, 5, 12}};
    plan.tables = {{QStringLiteral("order_summary"), true, 100, 99, {QStringLiteral("column “note”"), QStringLiteral("CHECK constraint")}}, {QStringLiteral("x\"; drop table y;--"), false, 0, 7, {}}};
    plan.events = 9'007'199'254'740'993;
    plan.withoutRule = 4;
    plan.unfit = 5;
    plan.milliseconds = 6;
    plan.bytesNeeded = 9'007'199'254'740'995;
    plan.bytesFree = 8;
    plan.maxBytesPerSecond = 9;
    plan.isParking = true;
    plan.areLossesAccepted = true;
    plan.nextWriter = QStringLiteral("projector 2.0");
    plan.reversible = QStringLiteral("fully");
    plan.warnings = {QStringLiteral("one"), QStringLiteral("two")};
    plan.refusals = {QStringLiteral("three")};
    return plan;
}

/// As the journal stores it.
QJsonObject stored(const ProjectionPlan &plan)
{
    return QJsonDocument::fromJson(QJsonDocument(toJson(plan)).toJson(QJsonDocument::Compact)).object();
}

using Change = std::function<void(ProjectionPlan &)>;

/// One of each field, and one of each part of what is a list.
const std::vector<std::pair<const char *, Change>> &changes()
{
    static const std::vector<std::pair<const char *, Change>> all{
        {"planId", [](ProjectionPlan &plan) { plan.planId += u'x'; }},
        {"action", [](ProjectionPlan &plan) { plan.action = ProjectionAction::SwapBack; }},
        {"job", [](ProjectionPlan &plan) { plan.job += u'x'; }},
        {"fileName", [](ProjectionPlan &plan) { plan.fileName += u'x'; }},
        {"definition", [](ProjectionPlan &plan) { plan.definition += ' '; }},
        {"projection", [](ProjectionPlan &plan) { plan.projection += u'x'; }},
        {"version", [](ProjectionPlan &plan) { ++plan.version; }},
        {"source", [](ProjectionPlan &plan) { plan.source.hosts.append(QStringLiteral("other:9092")); }},
        {"source's name", [](ProjectionPlan &plan) { plan.source.name += u'x'; }},
        {"target", [](ProjectionPlan &plan) { plan.target.path += u'x'; }},
        {"environment", [](ProjectionPlan &plan) { plan.environment = Environment::Production; }},
        {"sourceSystemId", [](ProjectionPlan &plan) { plan.sourceSystemId += u'x'; }},
        {"targetSystemId", [](ProjectionPlan &plan) { plan.targetSystemId += u'x'; }},
        {"created", [](ProjectionPlan &plan) { ++plan.created; }},
        {"range's stream", [](ProjectionPlan &plan) { plan.range[0].stream += u'x'; }},
        {"range's partition", [](ProjectionPlan &plan) { ++plan.range[0].partition; }},
        {"range's next", [](ProjectionPlan &plan) { ++plan.range[0].next; }},
        {"range's to", [](ProjectionPlan &plan) { ++plan.range[0].to; }},
        {"range's rankOffset", [](ProjectionPlan &plan) { ++plan.range[0].rankOffset; }},
        {"range", [](ProjectionPlan &plan) { plan.range.pop_back(); }},
        {"table", [](ProjectionPlan &plan) { plan.tables[0].table += u'x'; }},
        {"table's exists", [](ProjectionPlan &plan) { plan.tables[1].exists = true; }},
        {"table's rows", [](ProjectionPlan &plan) { ++plan.tables[0].rows; }},
        {"table's rebuiltRows", [](ProjectionPlan &plan) { ++plan.tables[0].rebuiltRows; }},
        {"table's losses", [](ProjectionPlan &plan) { plan.tables[0].losses.pop_back(); }},
        {"tables", [](ProjectionPlan &plan) { plan.tables.pop_back(); }},
        {"events", [](ProjectionPlan &plan) { ++plan.events; }},
        {"withoutRule", [](ProjectionPlan &plan) { ++plan.withoutRule; }},
        {"unfit", [](ProjectionPlan &plan) { ++plan.unfit; }},
        {"milliseconds", [](ProjectionPlan &plan) { ++plan.milliseconds; }},
        {"bytesNeeded", [](ProjectionPlan &plan) { plan.bytesNeeded.reset(); }},
        {"bytesFree", [](ProjectionPlan &plan) { plan.bytesFree = 0; }},
        {"maxBytesPerSecond", [](ProjectionPlan &plan) { ++plan.maxBytesPerSecond; }},
        {"isParking", [](ProjectionPlan &plan) { plan.isParking = false; }},
        {"areLossesAccepted", [](ProjectionPlan &plan) { plan.areLossesAccepted = false; }},
        {"nextWriter", [](ProjectionPlan &plan) { plan.nextWriter += u'x'; }},
        {"reversible", [](ProjectionPlan &plan) { plan.reversible += u'x'; }},
        {"warnings", [](ProjectionPlan &plan) { std::swap(plan.warnings[0], plan.warnings[1]); }},
        {"refusals", [](ProjectionPlan &plan) { plan.refusals.clear(); }},
    };
    return all;
}

} // namespace

class TestProjectionPlan final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPlanComesBackAsItWasStored()
    {
        const ProjectionPlan plan = wholePlan();
        const auto back = projectionPlanFrom(stored(plan));
        QVERIFY2(back, back ? "" : qPrintable(describe(back.error())));
        QVERIFY(*back == plan);
        QCOMPARE(hashOf(*back), hashOf(plan));
        ProjectionPlan empty;
        empty.job = QStringLiteral("12345678");
        QVERIFY(*projectionPlanFrom(stored(empty)) == empty); // what is null stays null
    }

    void everyFieldIsStored()
    {
        // A member that is left at its default would be one that the other tests say nothing of.
        const QJsonObject whole = toJson(wholePlan());
        const QJsonObject empty = toJson(ProjectionPlan());
        for (const QString &name : whole.keys()) {
            if (name != u"format")
                QVERIFY2(whole[name] != empty[name], qPrintable(name));
        }
    }

    void theHashChangesWithAnyField_data()
    {
        QTest::addColumn<size_t>("index");
        for (size_t i = 0; i < changes().size(); ++i)
            QTest::newRow(changes()[i].first) << i;
    }
    void theHashChangesWithAnyField()
    {
        QFETCH(size_t, index);
        ProjectionPlan plan = wholePlan();
        changes()[index].second(plan);
        QVERIFY(!(plan == wholePlan()));
        QVERIFY(hashOf(plan) != hashOf(wholePlan()));
        const auto back = projectionPlanFrom(stored(plan));
        QVERIFY(back && *back == plan);
    }

    void recordsOfOtherVersionsAreRefused_data()
    {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QJsonValue>("value");
        QTest::addColumn<int>("code");
        const auto unreadable = static_cast<int>(ErrorCode::Unreadable);
        const auto unsupported = static_cast<int>(ErrorCode::Unsupported);
        QTest::newRow("a later format") << QStringLiteral("format") << QJsonValue(2) << unreadable;
        QTest::newRow("no format") << QStringLiteral("format") << QJsonValue() << unreadable;
        QTest::newRow("an action of a later version") << QStringLiteral("action") << QJsonValue(QStringLiteral("rebuildTouchedKeys")) << unreadable;
        QTest::newRow("no job") << QStringLiteral("job") << QJsonValue(QString()) << unreadable;
        QTest::newRow("an environment of a later version") << QStringLiteral("environment") << QJsonValue(99) << unsupported;
        QJsonObject source = toJson(wholePlan())[QStringLiteral("source")].toObject();
        source[QStringLiteral("kind")] = 99;
        QTest::newRow("a system of a later version") << QStringLiteral("source") << QJsonValue(source) << unsupported;
    }
    void recordsOfOtherVersionsAreRefused()
    {
        QFETCH(QString, member);
        QFETCH(QJsonValue, value);
        QFETCH(int, code);
        QJsonObject object = toJson(wholePlan());
        object[member] = value;
        const auto refused = projectionPlanFrom(object);
        QVERIFY(!refused);
        QCOMPARE(static_cast<int>(refused.error().code), code);
        QVERIFY(refused.error().advice.contains(QStringLiteral("Plan again with this version")));
    }

    void whatIsNoObjectOfAPlanIsRefused()
    {
        QVERIFY(!projectionPlanFrom({}));
        QVERIFY(!projectionPlanFrom({{QStringLiteral("format"), 1}, {QStringLiteral("action"), QStringLiteral("swap")}}));
    }

    void everyActionHasAWordOfItsOwn()
    {
        QStringList words;
        for (const ProjectionAction action : {ProjectionAction::Rebuild, ProjectionAction::Resume, ProjectionAction::Swap, ProjectionAction::SwapBack, ProjectionAction::Drop}) {
            QCOMPARE(actionFrom(wordOf(action)), std::optional(action));
            QVERIFY(isProjectionKind(wordOf(action)));
            words += wordOf(action);
        }
        QCOMPARE(words.removeDuplicates(), 0);
        QVERIFY(!isProjectionKind(QStringLiteral("reset")) && !isProjectionKind(QString()));
    }

    void emptyAndMuchSmallerTablesAreNoticed_data()
    {
        QTest::addColumn<qint64>("rows");
        QTest::addColumn<qint64>("rebuiltRows");
        QTest::addColumn<bool>("isMuchSmaller");
        QTest::newRow("as many") << qint64{10} << qint64{10} << false;
        QTest::newRow("half of them") << qint64{10} << qint64{5} << false;
        QTest::newRow("less than half") << qint64{10} << qint64{4} << true;
        QTest::newRow("one of three") << qint64{3} << qint64{1} << true;
        QTest::newRow("none") << qint64{1} << qint64{0} << true;
        QTest::newRow("none, and there were none") << qint64{0} << qint64{0} << true;
        QTest::newRow("a new table") << qint64{0} << qint64{1} << false;
    }
    void emptyAndMuchSmallerTablesAreNoticed()
    {
        QFETCH(qint64, rows);
        QFETCH(qint64, rebuiltRows);
        QFETCH(bool, isMuchSmaller);
        ProjectionPlan plan;
        plan.tables = {{QStringLiteral("whole"), true, 5, 5, {}}, {QStringLiteral("table"), rows > 0, rows, rebuiltRows, {}}};
        QCOMPARE(plan.isMuchSmaller(), isMuchSmaller);
        QCOMPARE(plan.rebuiltRows(), 5 + rebuiltRows);
    }
};

QTEST_GUILESS_MAIN(TestProjectionPlan)
#include "tst_projection_plan.moc"
