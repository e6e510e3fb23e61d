// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/replay/replay_session.h"
#include "ui/frame/page.h"

#include <QSet>
#include <QTimer>

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace ui::widgets {
class Notice;
class PlainTable;
class StateView;
}

namespace ui::journal {

class JournalTableModel;
class RecordDetails;

/// Every change ever planned or made here, by this window or the command line; what was interrupted; and the way back.
class JournalPage final : public frame::Page
{
    Q_OBJECT

public:
    explicit JournalPage(models::replay::ReplaySession &session, QWidget *parent = nullptr);

    /// The place's object is a journal id.
    void goTo(const frame::Place &place) override;
    [[nodiscard]] frame::Place place() const override;
    void refresh() override;
    [[nodiscard]] QList<QAction *> commands() const override { return m_commands; }

protected:
    void refreshWhenShown() override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    enum Show { All, NeedsALook, Tried, OnlyPlanned };
    void buildLayout();
    [[nodiscard]] QLayout *buildBar();
    void buildCommands();
    void connectParts();
    void update();
    void updateState();
    void updateDetails();
    void select(const QString &journalId);
    [[nodiscard]] bool isShown(const models::journal::ListedRecord &each) const;
    void findOut(const QString &journalId);
    void receiveFoundOut(const QString &journalId, const connectors::Result<models::replay::RunOutcome> &result);
    void receiveVerified(const connectors::Result<models::journal::Verification> &result);
    void chooseExportFile();

    models::replay::ReplaySession &m_session;
    JournalTableModel *m_model;
    QLineEdit *m_filter;
    QComboBox *m_show;
    QLabel *m_count;
    QPushButton *m_verify;
    QPushButton *m_export;
    widgets::Notice *m_notice;
    widgets::PlainTable *m_table;
    RecordDetails *m_details;
    QSplitter *m_splitter;
    QStackedWidget *m_stack;
    widgets::StateView *m_state;
    QList<QAction *> m_commands;
    QString m_selected;        ///< a journal id; stays while the filter hides it
    QSet<QString> m_findingOut;
    QTimer m_timer;            ///< the command line writes the same journal
};

} // namespace ui::journal
