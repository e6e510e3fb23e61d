// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/connection.h"
#include "models/journal/journal_reader.h"
#include "models/replay/change.h"
#include "ui/replay/target_form.h"

#include <QWidget>

#include <map>

class QCheckBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace ui::widgets {
class Notice;
}

namespace ui::replay {

/// The first step: which streams and partitions of a consumer, and where to.
class WhatStep final : public QWidget
{
    Q_OBJECT

public:
    explicit WhatStep(QWidget *parent = nullptr);

    /// A consumer that is new here begins with everything chosen and no target; one that comes back finds what was chosen
    /// and typed for it.
    void show(const models::replay::Change &change, const models::connection::Connection &connection);
    /// The plans of this consumer that are in the journal and were never applied are offered again.
    void offerStoredPlans(const std::vector<models::journal::ListedRecord> &records);

Q_SIGNALS:
    void planRequested(const models::replay::ResetRequest &request, const QString &csvPath);
    void planFileChosen(const QString &path);
    void storedPlanChosen(const QString &journalId);

private:
    void buildLayout();
    struct Draft {
        std::map<QString, bool> streams = {}; ///< that are offered: whether they are chosen
        bool isWithOthers = false;
        QString partitions = {};
        TargetForm::Draft target = {};
    };
    [[nodiscard]] Draft draft() const;
    void changeTo(const QString &connection, const QString &consumer);
    [[nodiscard]] std::map<QString, bool> chosenStreams() const;
    void fillStreams(const std::map<QString, bool> &chosen);
    void addStream(const QString &stream, int partitions, bool isChosen);
    void learnStreams(const connectors::ConsumerState *state, const connectors::StreamList &all);
    void requestPlan();
    void choosePlanFile();
    [[nodiscard]] connectors::Result<models::replay::ResetRequest> request() const;

    QString m_connection;
    QString m_consumer;
    std::map<std::pair<QString, QString>, Draft> m_drafts; ///< by connection and consumer, of those that are not shown
    QLabel *m_title;
    QLabel *m_state;
    std::map<QString, int> m_own;   ///< streams with a checkpoint or a member, and how many partitions
    std::map<QString, int> m_other; ///< the others of the system
    QListWidget *m_streams;
    QCheckBox *m_withOthers;
    QLineEdit *m_partitions;
    TargetForm *m_target;
    widgets::Notice *m_notice;
    QPushButton *m_plan;
    QPushButton *m_file;
    QPushButton *m_stored;
};

/// "0,3,5-7" as numbers; empty: all. InvalidInput quotes the text.
[[nodiscard]] connectors::Result<std::vector<int>> parsePartitions(const QString &text);

} // namespace ui::replay
