// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/batch_connector.h"
#include "tests/support/fake_event_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/event/body_pager.h"
#include "ui/event/event_panel.h"
#include "ui/event/hex_view.h"
#include "ui/theme/theme.h"
#include "ui/widgets/state_view.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QScrollBar>
#include <QTabWidget>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

using namespace connectors;
using namespace std::string_view_literals;
using models::event::CachedEvent;
using models::event::JsonTreeModel;
using ui::event::EventPanel;

namespace {

constexpr std::string_view Markup = "<b>bold</b><img src=file:///dev/zero>";

CachedEvent eventWith(std::string_view body, BodyFormat format)
{
    EventBatchBuilder builder;
    EventRecord record;
    record.stream = builder.internStream(QStringLiteral("orders"));
    record.partition = 3;
    record.position = 1204;
    record.time = 1'700'000'000'000;
    record.format = format;
    if (format != BodyFormat::Null) {
        record.payload = builder.addBytes(body);
        record.size = static_cast<qint64>(body.size());
    }
    record.key = builder.addBytes(Markup);
    record.headers = builder.addHeaders({{"trace", "1"}, {Markup, Markup}, {"trace", "2"}, {"none", {}, true}});
    record.eventType = builder.addBytes("OrderPlaced");
    record.eventId = builder.addBytes("e-1");
    record.correlationId = builder.addBytes("flow-1");
    builder.add(record);
    return {builder.take(), 0};
}

} // namespace

class TestEventPanel final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_warningsFail.emplace();
        m_panel = std::make_unique<EventPanel>();
        m_panel->resize(500, 600);
        m_panel->show();
    }

    void cleanup()
    {
        m_panel.reset();
        m_warningsFail.reset();
    }

    void withoutAnEventItSaysWhatToDo()
    {
        QCOMPARE(find<ui::widgets::StateView>("state-view")->title(), QStringLiteral("No event is chosen"));
        m_panel->showGone({QStringLiteral("orders"), 0, 7});
        QCOMPARE(find<ui::widgets::StateView>("state-view")->title(), QStringLiteral("orders 0:7 is no longer stored"));
    }

    void headersKeepTheirOrderAndTheirDuplicates()
    {
        show(eventWith("{}", BodyFormat::Json));
        const auto *headers = find<QTableWidget>("event-headers");
        QStringList rows;
        for (int row = 0; row < headers->rowCount(); ++row)
            rows += headers->item(row, 0)->text() + u'=' + headers->item(row, 1)->text();
        const QString markup = QString::fromUtf8(Markup.data());
        QCOMPARE(rows, (QStringList{QStringLiteral("trace=1"), markup + u'=' + markup, QStringLiteral("trace=2"), QStringLiteral("none=–")}));
    }

    void theEventOnShowFollowsAChangeOfTheColours()
    {
        const QPalette before = QGuiApplication::palette();
        QGuiApplication::setPalette(ui::theme::palette(false));
        show(eventWith("{}", BodyFormat::Json));
        const auto *envelope = find<QTableWidget>("event-envelope");
        QCOMPARE(envelope->item(0, 0)->foreground().color(), ui::theme::color(ui::theme::Role::Muted, false));
        QGuiApplication::setPalette(ui::theme::palette(true));
        QTRY_COMPARE(envelope->item(0, 0)->foreground().color(), ui::theme::color(ui::theme::Role::Muted, true));
        QGuiApplication::setPalette(before);
    }

    void bothEventsOfAComparisonAreSeenAtOnce()
    {
        m_panel->resize(356, 600); // of a window of 1280 × 800
        show(eventWith("{}", BodyFormat::Json));
        find<QTabWidget>("event-tabs")->setCurrentIndex(4);
        const auto *table = find<QTableWidget>("compare-table");
        QTRY_VERIFY(table->isVisible());
        QTRY_COMPARE(table->horizontalHeader()->length(), table->viewport()->width());
    }

    void markupIsShownAsItStands()
    {
        show(eventWith("{\"<b>\":\"<img src=file:///dev/zero>\"}", BodyFormat::Json));
        QTRY_VERIFY(find<QPlainTextEdit>("event-text")->toPlainText().contains(QStringLiteral("\"<b>\": \"<img src=file:///dev/zero>\"")));
        QCOMPARE(find<QLabel>("event-title")->textFormat(), Qt::PlainText);
        const auto *envelope = find<QTableWidget>("event-envelope");
        QStringList values;
        for (int row = 0; row < envelope->rowCount(); ++row)
            values += envelope->item(row, 1)->text();
        QVERIFY(values.contains(QString::fromUtf8(Markup.data())));
    }

    void numbersStayAsTheyWereWritten()
    {
        show(eventWith(R"({"n":9007199254740993,"d":1.10,"n":[1e2,{"deep":true}]})", BodyFormat::Json));
        auto *tree = find<QTreeView>("event-tree");
        QTRY_COMPARE(tree->model()->rowCount(), 3);
        const QAbstractItemModelTester tester(tree->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        const auto cell = [tree](const QModelIndex &parent, int row, int column) { return tree->model()->index(row, column, parent); };
        QCOMPARE(cell({}, 0, 1).data().toString(), QStringLiteral("9007199254740993"));
        QCOMPARE(cell({}, 1, 1).data().toString(), QStringLiteral("1.10"));
        QCOMPARE(cell({}, 2, 0).data().toString(), QStringLiteral("n"));
        const QModelIndex array = cell({}, 2, 0);
        tree->expand(array);
        QCOMPARE(tree->model()->rowCount(array), 2);
        QCOMPARE(cell(array, 0, 1).data().toString(), QStringLiteral("1e2"));
        QCOMPARE(cell(array, 1, 0).data(JsonTreeModel::PointerRole).toString(), QStringLiteral("/n/1"));
        QVERIFY(find<QPlainTextEdit>("event-text")->toPlainText().contains(QStringLiteral("9007199254740993")));
    }

    void hostileBodiesAreShownAsText_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<BodyFormat>("format");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("note");
        QTest::newRow("null") << QByteArray() << BodyFormat::Null << QString() << QStringLiteral("The body is null: a tombstone.");
        QTest::newRow("0 bytes") << QByteArray("") << BodyFormat::Empty << QString() << QStringLiteral("The body is empty: 0 bytes.");
        QTest::newRow("not JSON") << QByteArray("<html>") << BodyFormat::NotJson << QStringLiteral("<html>") << QStringLiteral("The body is not valid JSON and is shown as it is.");
        QTest::newRow("truncated") << QByteArray("{\"a\":") << BodyFormat::NotJson << QStringLiteral("{\"a\":") << QStringLiteral("The body is not valid JSON and is shown as it is.");
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << BodyFormat::NotJson << QStringLiteral("a\\u0000b") << QStringLiteral("The body is not valid JSON and is shown as it is.");
        QTest::newRow("invalid UTF-8") << QByteArray("a\xff") << BodyFormat::NotJson << QString(u'a' + QString(QChar(0xfffd)))
                                       << QStringLiteral("The body is not valid JSON and is shown as it is. It is not valid UTF-8 either; “Raw” shows its bytes.");
        QTest::newRow("100,000 levels") << QByteArray(100'000, '[') + QByteArray(100'000, ']') << BodyFormat::JsonTooDeep << QString(4000, u'[')
                                        << QStringLiteral("This JSON is more than 512 levels deep and is shown as it is.");
    }

    void hostileBodiesAreShownAsText()
    {
        QFETCH(QByteArray, body);
        QFETCH(BodyFormat, format);
        QFETCH(QString, shown);
        QFETCH(QString, note);
        show(eventWith({body.constData(), static_cast<size_t>(body.size())}, format));
        QTRY_COMPARE(find<QLabel>("event-text-note")->text(), note);
        QVERIFY(find<QPlainTextEdit>("event-text")->toPlainText().startsWith(shown));
        QCOMPARE(find<ui::event::HexView>("event-hex")->bytes(), body);
    }

    void aBodyOf30MegabytesIsCutInTheTextButWholeInTheBytes()
    {
        const QByteArray body = "[\"" + QByteArray(30'000'000, 'x') + "\"]";
        show(eventWith({body.constData(), static_cast<size_t>(body.size())}, BodyFormat::Json));
        QTRY_VERIFY_WITH_TIMEOUT(find<QLabel>("event-text-note")->text().contains(QStringLiteral("first MiB")), 30'000);
        auto *hex = find<ui::event::HexView>("event-hex");
        QCOMPARE(hex->bytes().size(), body.size());
        QVERIFY2(hex->line(0).startsWith(QStringLiteral("00000000  5b 22 78 78")), qPrintable(hex->line(0)));
        find<QTabWidget>("event-tabs")->setCurrentIndex(3);
        QTest::keyClick(hex, Qt::Key_End);
        QVERIFY(hex->selectedText().contains(QStringLiteral("x\"]")) || hex->selectedText().contains(QStringLiteral("22 5d")));
    }

    void asManyBytesAreInALineAsHaveRoomWithTheirCharacters()
    {
        ui::event::HexView hex;
        hex.setBytes(QByteArray("0123456789abcdefghijklmnopqrstuvwxyz").repeated(40));
        hex.show();
        const int character = hex.fontMetrics().horizontalAdvance(u'0');
        for (const auto &[characters, bytes] : {std::pair(90, 16), std::pair(60, 8), std::pair(40, 4), std::pair(20, 4), std::pair(90, 16)}) {
            hex.resize(characters * character, 300);
            QTRY_COMPARE(hex.bytesPerLine(), bytes);
            QCOMPARE(hex.lineCount(), (hex.bytes().size() + bytes - 1) / bytes);
            if (characters >= 40)
                QCOMPARE(hex.horizontalScrollBar()->maximum(), 0);
        }
        hex.resize(60 * character, 300);
        QTRY_COMPARE(hex.line(1), QStringLiteral("00000008  38 39 61 62  63 64 65 66  89abcdef"));
        hex.resize(40 * character, 300);
        QTRY_COMPARE(hex.line(1), QStringLiteral("00000004  34 35  36 37  4567"));
    }

    void theTextStandsBesideTheTreeOnDemandAndAloneWithoutOne()
    {
        show(eventWith(R"({"a":1})", BodyFormat::Json));
        find<QTabWidget>("event-tabs")->setCurrentIndex(2);
        QTRY_VERIFY(find<QTreeView>("event-tree")->isVisible());
        QTest::mouseClick(find<QToolButton>("event-as-text"), Qt::LeftButton);
        QVERIFY(find<QPlainTextEdit>("event-text")->isVisible());
        QTest::mouseClick(find<QToolButton>("event-as-text"), Qt::LeftButton);
        show(eventWith("<html>", BodyFormat::NotJson));
        QTRY_VERIFY(find<QPlainTextEdit>("event-text")->isVisible());
        QVERIFY(!find<QToolButton>("event-as-text")->isEnabled());
    }

    void anArrayOfManyShowsTheFirstAndSaysSo()
    {
        QByteArray body = "[0";
        for (int i = 1; i < 20'000; ++i)
            body += ",0";
        body += ']';
        show(eventWith({body.constData(), static_cast<size_t>(body.size())}, BodyFormat::Json));
        auto *tree = find<QTreeView>("event-tree");
        QTRY_COMPARE(tree->model()->rowCount(), JsonTreeModel::ShownChildren + 1);
        QVERIFY(tree->model()->index(JsonTreeModel::ShownChildren, 1).data().toString().startsWith(QStringLiteral("More than 10000")));
    }

    void theTraceIsAskedForByTheCorrelation()
    {
        show(eventWith("{}", BodyFormat::Json));
        QSignalSpy traces(m_panel.get(), &EventPanel::traceRequested);
        QTest::mouseClick(find<QPushButton>("event-trace"), Qt::LeftButton);
        QCOMPARE(traces.size(), 1);
        QCOMPARE(traces[0][0].toString(), QStringLiteral("flow-1"));
    }

    void theEventBeforeIsReadAgainAndComparedFieldByField()
    {
        auto shop = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
        shop->add(QStringLiteral("orders"), {u"o1"_qs, u"OrderPlaced"_qs, {}, u"flow-1"_qs, u"order-1"_qs, {}});
        shop->add(QStringLiteral("orders"), {u"o2"_qs, u"OrderPlaced"_qs, {}, u"flow-2"_qs, u"order-1"_qs, {}});
        m_panel->setFindPrevious([](const CachedEvent &event, ui::event::CompareWith) -> std::optional<EventAddress> {
            const qint64 position = event.batch->record(event.row).position;
            return position == 0 ? std::nullopt : std::optional(EventAddress{QStringLiteral("orders"), 0, position - 1});
        });
        find<QTabWidget>("event-tabs")->setCurrentIndex(4);
        m_panel->showAt(QStringLiteral("shop"), shop, {QStringLiteral("orders"), 0, 1});
        QTRY_VERIFY(m_panel->shownEvent());
        auto *note = find<QLabel>("compare-note");
        QTRY_VERIFY2(note->text().contains(QStringLiteral("differences from orders 0:0")), qPrintable(note->text()));
        auto *table = find<QTableWidget>("compare-table");
        const int all = table->rowCount();
        find<QCheckBox>("compare-only-different")->setChecked(true);
        QVERIFY(table->rowCount() > 0 && table->rowCount() < all);
        for (int row = 0; row < table->rowCount(); ++row)
            QVERIFY(!table->item(row, 0)->text().isEmpty()); // a word, not only a colour
        m_panel->showAt(QStringLiteral("shop"), shop, {QStringLiteral("orders"), 0, 0});
        QTRY_VERIFY2(note->text().startsWith(QStringLiteral("No earlier event of this type")), qPrintable(note->text()));
    }

    void aPinnedEventIsComparedWithTheNextOnes()
    {
        show(eventWith(R"({"a":1})", BodyFormat::Json));
        find<QTabWidget>("event-tabs")->setCurrentIndex(4);
        QVERIFY(find<QLabel>("compare-note")->text().contains(QStringLiteral("pin one")));
        QTest::mouseClick(find<QToolButton>("compare-pin"), Qt::LeftButton);
        QTRY_COMPARE(find<QLabel>("compare-note")->text(), QStringLiteral("No difference from orders 3:1204."));
        show(eventWith(R"({"a":2})", BodyFormat::Json));
        auto *table = find<QTableWidget>("compare-table");
        QTRY_VERIFY(find<QLabel>("compare-note")->text().startsWith(QStringLiteral("One difference from")));
        QCOMPARE(table->item(table->rowCount() - 1, 0)->text(), QStringLiteral("changed"));
        QCOMPARE(table->item(table->rowCount() - 1, 1)->text(), QStringLiteral("/a"));
        QTest::mouseClick(find<QToolButton>("event-copy"), Qt::LeftButton);
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("changed\t/a\t2\t1")));
    }

    void aComparisonOfManyFieldsShowsTheFirstAndSaysSo()
    {
        QByteArray wide = "[0";
        for (int i = 1; i < 3000; ++i)
            wide += ",0";
        wide += ']';
        show(eventWith("{}", BodyFormat::Json));
        QTest::mouseClick(find<QToolButton>("compare-pin"), Qt::LeftButton);
        find<QTabWidget>("event-tabs")->setCurrentIndex(4);
        show(eventWith(wide.constData(), BodyFormat::Json));
        auto *note = find<QLabel>("compare-note");
        QTRY_VERIFY2(note->text().contains(QStringLiteral("The first 1,000 of 3,0")), qPrintable(note->text()));
        QCOMPARE(find<QTableWidget>("compare-table")->rowCount(), 1000);
        show(eventWith("{}", BodyFormat::Json));
        QTRY_VERIFY2(!note->text().contains(QStringLiteral("The first")) && find<QTableWidget>("compare-table")->rowCount() < 100, qPrintable(note->text()));
    }

    void whatIsNoLongerStoredIsSaidWhenItIsLookedUp()
    {
        auto shop = std::make_shared<tests::FakeEventConnector>(QStringLiteral("shop"));
        shop->add(QStringLiteral("orders"), {u"o1"_qs, u"OrderPlaced"_qs, {}, {}, {}, {}});
        m_panel->showAt(QStringLiteral("shop"), shop, {QStringLiteral("orders"), 0, 7});
        QTRY_COMPARE(find<ui::widgets::StateView>("state-view")->title(), QStringLiteral("orders 0:7 is no longer stored"));
    }

    void everythingCanBeCopied()
    {
        show(eventWith(R"({"a":1})", BodyFormat::Json));
        QTRY_VERIFY(!find<QPlainTextEdit>("event-text")->toPlainText().isEmpty());
        auto *copy = find<QToolButton>("event-copy");
        const QStringList expected{QStringLiteral("OrderPlaced"), QStringLiteral("trace\t1\ntrace") , QStringLiteral("\"a\": 1"), QStringLiteral("7b 22 61")};
        for (int tab = 0; tab < 4; ++tab) {
            find<QTabWidget>("event-tabs")->setCurrentIndex(tab);
            QTest::mouseClick(copy, Qt::LeftButton);
            const QString copied = QGuiApplication::clipboard()->text();
            QVERIFY2(tab == 1 ? copied.startsWith(QStringLiteral("trace\t1\n")) : copied.contains(expected[tab]), qPrintable(copied));
        }
    }

    void aPreviewIsCompletedFromItsConnection()
    {
        const std::string padding(100'000, 'p');
        const CachedEvent whole = eventWith("{\"padding\":\"" + padding + "\",\"last\":1}", BodyFormat::Json);
        const auto connector = std::make_shared<tests::BatchConnector>(whole.batch);
        m_panel->setEvent(QStringLiteral("shop"), {previewsOf(whole.batch, TablePreviewBytes), 0}, connector);
        const auto *tree = find<QTreeView>("event-tree");
        QTRY_COMPARE(tree->model()->rowCount(), 2);
        QVERIFY(!m_panel->shownEvent()->batch->record(0).isCut());
        QCOMPARE(find<ui::event::HexView>("event-hex")->bytes().size(), whole.batch->record(0).size);
        QVERIFY(!find<QWidget>("body-pager")->isVisible());
        QVERIFY(!find<QLabel>("event-cut-note")->isVisible());
    }

    void whatCannotBeReadAnyMoreIsSaid()
    {
        const CachedEvent whole = eventWith(std::string(100'000, 'p'), BodyFormat::NotJson);
        const auto connector = std::make_shared<tests::BatchConnector>(EventBatchBuilder().take());
        m_panel->setEvent(QStringLiteral("shop"), {previewsOf(whole.batch, TablePreviewBytes), 0}, connector);
        QTRY_VERIFY(find<QLabel>("event-cut-note")->text().contains(u"no longer stored"));
        QCOMPARE(find<ui::event::HexView>("event-hex")->bytes().size(), TablePreviewBytes);
    }

    void aBodyThatIsShownWholeButForItsTextIsSavedToo()
    {
        const CachedEvent whole = eventWith("{\"padding\":\"" + std::string(3'000'000, 'p') + "\"}", BodyFormat::Json);
        const auto connector = std::make_shared<tests::BatchConnector>(whole.batch);
        m_panel->setEvent(QStringLiteral("shop"), {previewsOf(whole.batch, TablePreviewBytes), 0}, connector);
        QTRY_VERIFY(find<QToolButton>("body-save")->isVisible());
        QVERIFY(!find<QToolButton>("body-next")->isVisible());
        QVERIFY(find<QLabel>("body-pager-words")->text().contains(u"As text its first MiB is shown"));
        QTRY_COMPARE(find<QTreeView>("event-tree")->model()->rowCount(), 1);
        const QTemporaryDir folder;
        find<ui::event::BodyPager>("body-pager")->saveTo(folder.filePath(QStringLiteral("body")));
        QTRY_VERIFY(find<QLabel>("body-save-words")->text().contains(u"were written"));
        QCOMPARE(QFileInfo(folder.filePath(QStringLiteral("body"))).size(), whole.batch->record(0).size);
    }

    void aLargeBodyIsTurnedOverAndSaved()
    {
        std::string body = "[";
        while (body.size() < 10'000'000)
            body += std::to_string(body.size()) + ",";
        body += "0]";
        const CachedEvent whole = eventWith(body, BodyFormat::Json);
        const auto connector = std::make_shared<tests::BatchConnector>(whole.batch);
        m_panel->setEvent(QStringLiteral("shop"), {previewsOf(whole.batch, TablePreviewBytes), 0}, connector);
        const auto *hex = find<ui::event::HexView>("event-hex");
        auto *previous = find<QToolButton>("body-previous");
        auto *next = find<QToolButton>("body-next");
        QTRY_COMPARE(hex->bytes().size(), PageBytes);
        QVERIFY(find<QWidget>("body-pager")->isVisible());
        QVERIFY(next->isEnabled() && !previous->isEnabled());
        QVERIFY(find<QLabel>("body-pager-words")->text().contains(u"1,048,576"));
        QTRY_VERIFY(find<QPlainTextEdit>("event-text")->toPlainText().size() >= PageBytes);
        QTest::mouseClick(next, Qt::LeftButton);
        QTRY_VERIFY(hex->line(0).startsWith(u"00100000"));
        QVERIFY(hex->bytes() == QByteArray(body.data() + PageBytes, PageBytes));
        QVERIFY(previous->isEnabled());
        for (qint64 offset = 2 * PageBytes; offset < static_cast<qint64>(body.size()); offset += PageBytes) {
            QTRY_VERIFY(next->isEnabled());
            QTest::mouseClick(next, Qt::LeftButton);
        }
        QTRY_COMPARE(hex->bytes().size(), static_cast<qsizetype>(body.size()) % PageBytes);
        QVERIFY(!next->isEnabled() && previous->isEnabled());
        QCOMPARE(find<QTreeView>("event-tree")->model()->rowCount(), 0);

        const QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("body"));
        find<ui::event::BodyPager>("body-pager")->saveTo(path);
        QTRY_VERIFY(find<QLabel>("body-save-words")->text().contains(u"were written"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readAll() == QByteArray(body.data(), static_cast<qsizetype>(body.size())));
        QVERIFY(!find<QToolButton>("body-save-cancel")->isVisible());
    }

private:
    void show(const CachedEvent &event)
    {
        m_panel->setEvent(QStringLiteral("shop"), event);
        QVERIFY(m_panel->shownEvent());
    }

    template<typename T>
    T *find(const char *name)
    {
        T *widget = m_panel->findChild<T *>(QLatin1String(name));
        if (!widget)
            qFatal("no widget %s", name);
        return widget;
    }

    std::unique_ptr<EventPanel> m_panel;
    std::optional<tests::QtWarningsFail> m_warningsFail;
};

QTEST_MAIN(TestEventPanel)
#include "tst_event_panel.moc"
