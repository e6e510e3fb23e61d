// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_consumer_connector.h"
#include "tests/support/fake_dead_letter_connector.h"
#include "tests/support/qt_warnings_fail.h"
#include "ui/frame/main_window.h"

#include <QAction>
#include <QLineEdit>
#include <QListWidget>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>

namespace {

/// A line to filter, and a list.
class ListPage : public ui::frame::Page
{
public:
    explicit ListPage(const QString &id)
        : Page(id, id, QStringLiteral("streams"))
        , line(new QLineEdit)
        , list(new QListWidget)
    {
        auto *layout = new QVBoxLayout(this);
        layout->addWidget(line);
        layout->addWidget(list);
    }
    QLineEdit *line;
    QListWidget *list;
};

/// One to which only another leads.
class InnerPage final : public ListPage
{
public:
    using ListPage::ListPage;
    [[nodiscard]] bool isInNavigation() const override { return false; }
};

} // namespace

class TestPage final : public QObject
{
    Q_OBJECT

private:
    tests::QtWarningsFail m_warningsFail;

private Q_SLOTS:
    void aShortcutLeadsIntoThePageAndBackToWhereOneWas()
    {
        tests::NoOpener opener;
        models::connection::Workspace workspace(opener);
        models::job::JobList jobs;
        ui::frame::MainWindow window(workspace, jobs);
        auto *one = new ListPage(QStringLiteral("one"));
        auto *two = new ListPage(QStringLiteral("two"));
        window.addPage(one);
        window.addPage(two);
        window.show();
        connectors::ConnectionSpec spec;
        spec.name = QStringLiteral("shop");
        workspace.add(spec, std::make_shared<tests::FakeConsumerConnector>());
        QTRY_VERIFY(one->isVisible());
        const auto go = [&window](const char *page) { window.findChild<QAction *>(QStringLiteral("action-page-") + QLatin1String(page))->trigger(); };
        go("two");
        QCOMPARE(window.focusWidget(), two->list);
        go("one");
        QCOMPARE(window.focusWidget(), one->list);
        one->line->setFocus();
        go("two");
        go("one");
        QCOMPARE(window.focusWidget(), one->line);
        one->line->setEnabled(false); // it cannot be gone back to
        go("two");
        go("one");
        QCOMPARE(window.focusWidget(), one->list);
    }

    void theNextStartIsAtAPageOfTheNavigation()
    {
        tests::NoOpener opener;
        models::connection::Workspace workspace(opener);
        models::job::JobList jobs;
        ui::frame::MainWindow window(workspace, jobs);
        window.addPage(new ListPage(QStringLiteral("one")));
        window.addPage(new InnerPage(QStringLiteral("inner")));
        const QTemporaryDir folder;
        QSettings settings(folder.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        const auto pageAfter = [&](const QString &page) {
            window.goTo({page, {}, {}, {}});
            window.save(settings);
            return settings.value(QStringLiteral("window/page")).toString();
        };
        QCOMPARE(pageAfter(QStringLiteral("one")), QStringLiteral("one"));
        QCOMPARE(pageAfter(QStringLiteral("inner")), QStringLiteral("overview"));
    }
};

QTEST_MAIN(TestPage)
#include "tst_page.moc"
