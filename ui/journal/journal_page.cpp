// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/journal/journal_page.h"

#include "connectors/deliver.h"
#include "models/journal/journal.h"
#include "models/journal/record_export.h"
#include "ui/journal/journal_table_model.h"
#include "ui/journal/record_details.h"
#include "ui/replay/plan_text.h"
#include "ui/widgets/chart_export.h"
#include "ui/widgets/notice.h"
#include "ui/widgets/plain_table.h"
#include "ui/widgets/state_view.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QComboBox>
#include <QFileDialog>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace ui::journal {

using connectors::Result;
using models::journal::JournalReader;
using models::journal::ListedRecord;
using models::journal::State;
using models::replay::ReplaySession;
namespace text = widgets::text;

namespace {

constexpr std::chrono::milliseconds ReadInterval{5'000};

/// What the journal is for. A demo's is its own, and goes with it.
QString purposeText(const QString &path)
{
    const QString shown = text::untrusted(path);
    if (path == models::journal::Journal::defaultPath())
        return JournalPage::tr("Every change is written down in “%1” before it is made, with what is needed to put it back. "
                               "The command line of the same user writes the same journal. A change begins at a consumer, with “Reset…”.").arg(shown);
    return JournalPage::tr("Every change is written down in “%1” before it is made, with what is needed to put it back. "
                           "This is not the journal of the command line; that of a demo is removed with the demo. A change begins at a consumer, with “Reset…”.").arg(shown);
}

} // namespace

JournalPage::JournalPage(ReplaySession &session, QWidget *parent)
    : Page(QStringLiteral("journal"), tr("Journal"), QStringLiteral("journal"), parent)
    , m_session(session)
    , m_model(new JournalTableModel(this))
    , m_filter(new QLineEdit(this))
    , m_show(new QComboBox(this))
    , m_count(new QLabel(this))
    , m_verify(new QPushButton(theme::icon(QStringLiteral("ok")), tr("&Verify the chain"), this))
    , m_export(new QPushButton(theme::icon(QStringLiteral("export")), tr("E&xport…"), this))
    , m_notice(new widgets::Notice(QStringLiteral("journal-notice"), this))
    , m_table(new widgets::PlainTable(m_model, QStringLiteral("journal-table"), tr("Changes, newest first"), this))
    , m_details(new RecordDetails(this))
    , m_splitter(new QSplitter(Qt::Vertical, this))
    , m_stack(new QStackedWidget(this))
    , m_state(new widgets::StateView(this))
{
    buildLayout();
    buildCommands();
    connectParts();
    m_timer.setInterval(ReadInterval);
    connect(&m_timer, &QTimer::timeout, &m_session.journal(), &JournalReader::read);
    update();
}

QLayout *JournalPage::buildBar()
{
    m_filter->setObjectName(QStringLiteral("journal-filter"));
    m_filter->setAccessibleName(tr("Show changes whose consumer, connection, reason, person or id contains"));
    m_filter->setPlaceholderText(tr("Consumer, connection, person, reason or id…"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setFixedWidth(340);
    m_filter->addAction(theme::icon(QStringLiteral("filter"), theme::Role::Muted), QLineEdit::LeadingPosition);
    m_show->setObjectName(QStringLiteral("journal-show"));
    m_show->setAccessibleName(tr("Which changes are shown"));
    m_show->addItems({tr("All"), tr("Needs a look"), tr("Tried"), tr("Only planned")});
    m_count->setObjectName(QStringLiteral("journal-count"));
    m_count->setTextFormat(Qt::PlainText);
    m_verify->setObjectName(QStringLiteral("journal-verify"));
    m_verify->setAccessibleName(tr("Verify the chain"));
    m_verify->setToolTip(tr("Every entry holds the hash of the one before. This reads them all and names the first that is not as it was written."));
    m_export->setObjectName(QStringLiteral("journal-export"));
    m_export->setAccessibleName(tr("Export what is shown"));
    for (QPushButton *button : {m_verify, m_export})
        button->setAutoDefault(false);
    auto *bar = new QHBoxLayout;
    bar->setSpacing(theme::Spacing);
    bar->addWidget(m_filter);
    bar->addWidget(m_show);
    bar->addWidget(m_count, 1);
    bar->addWidget(m_verify);
    bar->addWidget(m_export);
    return bar;
}

void JournalPage::buildLayout()
{
    m_table->setWidths({5, 25, 20, 10, 22, 26, 7, 20, 26, 18}, JournalTableModel::ReasonColumn);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_details);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setSizes({360, 300});
    auto *content = new QWidget(this);
    auto *contentLayout = new QVBoxLayout(content);
    contentLayout->setContentsMargins(0, 0, 0, 0);
    contentLayout->setSpacing(theme::Spacing);
    contentLayout->addLayout(buildBar());
    contentLayout->addWidget(m_notice);
    contentLayout->addWidget(m_splitter, 1);
    m_stack->addWidget(m_state);
    m_stack->addWidget(content);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(theme::Margin, theme::Margin, theme::Margin, theme::Spacing);
    layout->addWidget(m_stack);
}

void JournalPage::buildCommands()
{
    auto *filter = new QAction(theme::icon(QStringLiteral("filter")), tr("Filter the journal"), this);
    filter->setShortcut(QKeySequence::Find);
    filter->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(filter, &QAction::triggered, m_filter, [this] { m_filter->setFocus(Qt::ShortcutFocusReason); });
    auto *verify = new QAction(theme::icon(QStringLiteral("ok")), tr("Verify the journal's chain"), this);
    connect(verify, &QAction::triggered, m_verify, &QPushButton::click);
    auto *exported = new QAction(theme::icon(QStringLiteral("export")), tr("Export the journal"), this);
    connect(exported, &QAction::triggered, m_export, &QPushButton::click);
    m_commands = {filter, verify, exported};
    addActions(m_commands);
}

void JournalPage::connectParts()
{
    JournalReader &journal = m_session.journal();
    connect(&journal, &JournalReader::recordsRead, this, [this] {
        setAttentionCount(m_session.journal().needingALook());
        markStale();
    });
    connect(&journal, &JournalReader::verified, this, &JournalPage::receiveVerified);
    connect(&m_session, &ReplaySession::foundOut, this, &JournalPage::receiveFoundOut);
    connect(m_filter, &QLineEdit::textChanged, this, &JournalPage::update);
    connect(m_show, &QComboBox::currentIndexChanged, this, &JournalPage::update);
    connect(m_state, &widgets::StateView::buttonClicked, this, [this] {
        if (m_session.journal().error())
            return refresh();
        Q_EMIT placeRequested({QStringLiteral("consumers"), {}, {}, {}});
    });
    connect(m_export, &QPushButton::clicked, this, &JournalPage::chooseExportFile);
    connect(m_verify, &QPushButton::clicked, this, [this] {
        m_verify->setEnabled(false);
        m_notice->say(theme::Role::Info, tr("Reading every entry."));
        m_session.journal().verify();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            select(m_model->record(current.row()).record.journalId);
    });
    const auto toWizard = [this](const QString &journalId) { Q_EMIT placeRequested({QStringLiteral("replay"), {}, journalId, {}}); };
    connect(m_details, &RecordDetails::undoRequested, this, toWizard);
    connect(m_details, &RecordDetails::planRequested, this, toWizard);
    connect(m_details, &RecordDetails::findOutRequested, this, &JournalPage::findOut);
    connect(m_details, &RecordDetails::recordRequested, this, [this](const QString &journalId) { goTo({id(), {}, journalId, {}}); });
}

void JournalPage::showEvent(QShowEvent *event)
{
    m_session.journal().read();
    m_timer.start();
    Page::showEvent(event);
}

void JournalPage::hideEvent(QHideEvent *event)
{
    m_timer.stop();
    Page::hideEvent(event);
}

void JournalPage::refresh()
{
    m_session.journal().read();
}

void JournalPage::refreshWhenShown()
{
    update();
}

bool JournalPage::isShown(const ListedRecord &each) const
{
    const State state = each.record.state;
    const auto show = static_cast<Show>(m_show->currentIndex());
    if ((show == NeedsALook && !each.needsALook) || (show == Tried && state == State::Planned) || (show == OnlyPlanned && state != State::Planned))
        return false;
    const QString wanted = m_filter->text().trimmed();
    const auto &change = each.record.change;
    const QStringList fields{each.record.journalId, change.target, change.connection, change.systemId, change.who, change.host, change.planId, each.record.reason};
    return wanted.isEmpty() || std::any_of(fields.begin(), fields.end(), [&](const QString &field) { return field.contains(wanted, Qt::CaseInsensitive); });
}

void JournalPage::update()
{
    const auto &all = m_session.journal().records();
    std::vector<ListedRecord> shown;
    std::copy_if(all.begin(), all.end(), std::back_inserter(shown), [this](const ListedRecord &each) { return isShown(each); });
    m_count->setText(shown.size() == all.size() ? tr("all %1").arg(text::exact(static_cast<qint64>(all.size())))
                                                : tr("%1 of %2").arg(text::exact(static_cast<qint64>(shown.size())), text::exact(static_cast<qint64>(all.size()))));
    m_export->setEnabled(!shown.empty());
    m_model->setRecords(std::move(shown));
    updateState();
    int row = m_model->rowOf(m_selected);
    if (row < 0 && m_selected.isEmpty() && m_model->rowCount() > 0)
        row = 0;
    if (row >= 0 && m_table->currentIndex().row() != row)
        m_table->selectRow(row);
    updateDetails();
}

void JournalPage::updateState()
{
    const JournalReader &journal = m_session.journal();
    if (!journal.records().empty()) {
        m_stack->setCurrentIndex(1);
        if (journal.error())
            m_notice->say(*journal.error());
        return;
    }
    m_stack->setCurrentIndex(0);
    if (journal.error())
        m_state->showError(tr("The journal could not be read"), *journal.error(), tr("Try again"));
    else if (!journal.hasAnswer())
        m_state->showLoading(tr("Reading the journal"));
    else
        m_state->showEmpty(tr("Nothing was changed from here yet"), purposeText(journal.path()), tr("Open Consumers"), QStringLiteral("journal"));
}

void JournalPage::updateDetails()
{
    const int row = m_model->rowOf(m_selected);
    m_details->setVisible(row >= 0);
    if (row >= 0)
        m_details->show(m_model->record(row), m_findingOut.contains(m_selected));
}

void JournalPage::select(const QString &journalId)
{
    if (m_selected == journalId)
        return;
    m_selected = journalId;
    updateDetails();
    Q_EMIT placeChanged();
}

void JournalPage::goTo(const frame::Place &place)
{
    if (place.object.isEmpty())
        return;
    m_selected = place.object;
    if (m_model->rowOf(place.object) < 0) {
        m_filter->clear();
        m_show->setCurrentIndex(All);
    }
    update();
    if (const int row = m_model->rowOf(place.object); row >= 0)
        m_table->scrollTo(m_model->index(row, 0));
    m_session.journal().read();
}

frame::Place JournalPage::place() const
{
    return {id(), {}, m_selected, {}};
}

void JournalPage::findOut(const QString &journalId)
{
    if (m_findingOut.contains(journalId))
        return;
    m_findingOut.insert(journalId);
    m_session.findOut(journalId);
    updateDetails();
}

void JournalPage::receiveFoundOut(const QString &journalId, const Result<models::replay::RunOutcome> &result)
{
    if (!m_findingOut.remove(journalId))
        return; // another page asked
    if (result)
        m_notice->say(replay::stateRole(result->state) == theme::Role::Error ? theme::Role::Warning : theme::Role::Ok,
                      tr("Change %1: %2. %3").arg(journalId, replay::stateWord(result->state), replay::stateExplanation(result->state)));
    else
        m_notice->say(result.error());
    updateDetails();
}

void JournalPage::receiveVerified(const Result<models::journal::Verification> &result)
{
    m_verify->setEnabled(true);
    if (!result) {
        m_notice->say(result.error());
        return;
    }
    if (result->isIntact()) {
        m_notice->say(theme::Role::Ok, tr("All %1 entries are as they were written.").arg(text::exact(result->entries)));
        return;
    }
    QString words = text::untrusted(result->problem, 500);
    for (const ListedRecord &each : m_session.journal().records())
        for (const models::journal::Entry &entry : each.record.entries)
            if (result->firstBad == entry.id)
                words = tr("%1 It belongs to change %2, %3 of %4.").arg(words, each.record.journalId, kindWord(each.record), text::untrusted(each.record.change.target, 60));
    m_notice->say(theme::Role::Error, tr("%1 Do not rely on what follows it.").arg(words));
}

void JournalPage::chooseExportFile()
{
    QJsonArray records;
    for (int row = 0; row < m_model->rowCount(); ++row)
        records.append(models::journal::exportJson(m_model->record(row).record));
    auto *dialog = new QFileDialog(this, tr("Export the journal"), QStringLiteral("journal.json"), tr("JSON (*.json)"));
    dialog->setObjectName(QStringLiteral("journal-export-dialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this, bytes = QJsonDocument(records).toJson()](const QString &path) {
        connectors::deliver(widgets::writeFile(path, bytes), this, [this, path](const Result<void> &result) {
            Q_EMIT messageRaised(result ? tr("The journal was written to “%1”.").arg(path) : connectors::describe(result.error()));
        });
    });
    dialog->open();
}

} // namespace ui::journal
