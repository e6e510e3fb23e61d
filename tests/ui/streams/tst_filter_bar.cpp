// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/qt_warnings_fail.h"
#include "ui/streams/condition_edit.h"
#include "ui/streams/filter_bar.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>

using models::event::ConditionProblem;
using ui::streams::FilterBar;

namespace {

/// Knows one wrong word.
class OneWrongWord final : public models::event::ConditionChecker
{
public:
    std::optional<ConditionProblem> check(const QString &where) const override
    {
        const qsizetype at = where.indexOf(QStringLiteral("eventTyp "));
        return at < 0 ? std::nullopt : std::optional(ConditionProblem{QStringLiteral("There is no column <b>eventTyp</b>."), QStringLiteral("Did you mean eventType?"), at, 8});
    }
};

} // namespace

class TestFilterBar final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_bar = std::make_unique<FilterBar>();
        m_bar->setChecker(&m_checker);
        m_bar->condition()->setSeenValues([](const QString &column) {
            return column == u"eventType" ? QStringList{QStringLiteral("OrderPlaced"), QStringLiteral("It's paid")} : QStringList();
        });
        m_bar->resize(900, 80);
        m_bar->show();
    }

    void whatIsWrongIsSaidWhileTyping()
    {
        const tests::QtWarningsFail warningsFail;
        auto *problem = m_bar->findChild<QLabel *>(QStringLiteral("event-where-problem"));
        const auto *tick = m_bar->findChild<QLabel *>(QStringLiteral("event-count-tick"));
        m_bar->setCount(QStringLiteral("46 of 2,953"), true);
        QVERIFY(tick->isVisible());
        QTest::keyClicks(m_bar->condition(), QStringLiteral("eventTyp = 'x'"));
        QTRY_VERIFY(problem->isVisible());
        QVERIFY(!tick->isVisible());
        m_bar->setCount(QStringLiteral("46 of 2,953"), true); // as every second of a live table
        QVERIFY(!tick->isVisible());
        QCOMPARE(problem->text(), QStringLiteral("There is no column <b>eventTyp</b>. Did you mean eventType?"));
        QCOMPARE(problem->textFormat(), Qt::PlainText);
        m_bar->setWhere(QStringLiteral("eventType = 'x'"));
        QVERIFY(!problem->isVisible());
        QTRY_VERIFY(tick->isVisible());
    }

    void columnsFunctionsAndSeenValuesAreOffered_data()
    {
        QTest::addColumn<QString>("written");
        QTest::addColumn<QStringList>("offered");
        QTest::newRow("column") << QStringLiteral("even") << QStringList{QStringLiteral("eventType"), QStringLiteral("eventId")};
        QTest::newRow("function") << QStringLiteral("size > 4 AND fie") << QStringList{QStringLiteral("field('/")};
        QTest::newRow("value") << QStringLiteral("eventType = 'place") << QStringList{QStringLiteral("OrderPlaced")};
        QTest::newRow("value with a quote") << QStringLiteral("eventType = 'It") << QStringList{QStringLiteral("It's paid")};
        QTest::newRow("text of another column") << QStringLiteral("key = 'Ord") << QStringList();
    }

    void columnsFunctionsAndSeenValuesAreOffered()
    {
        QFETCH(QString, written);
        QFETCH(QStringList, offered);
        m_bar->setWhere(written);
        QCOMPARE(m_bar->condition()->completions(), offered);
    }

    void anAddedConditionIsNotSwallowedByAnOr()
    {
        QSignalSpy applied(m_bar.get(), &FilterBar::applied);
        m_bar->addCondition(QStringLiteral("size > 4"));
        m_bar->addCondition(QStringLiteral("size < 9"));
        QCOMPARE(m_bar->where(), QStringLiteral("size > 4 AND size < 9"));
        m_bar->setWhere(QStringLiteral("a = 1 OR b = 2"));
        m_bar->addCondition(QStringLiteral("c = 3"));
        QCOMPARE(m_bar->where(), QStringLiteral("(a = 1 OR b = 2) AND c = 3"));
        QCOMPARE(applied.size(), 3);
    }

private:
    OneWrongWord m_checker;
    std::unique_ptr<FilterBar> m_bar;
};

QTEST_MAIN(TestFilterBar)
#include "tst_filter_bar.moc"
