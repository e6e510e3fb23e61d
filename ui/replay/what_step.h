// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/connection.h"
#include "models/replay/change.h"

#include <QWidget>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace ui::widgets {
class Notice;
}

namespace ui::replay {

class TargetForm;

/// The first step: which streams and partitions of a consumer, and where to.
class WhatStep final : public QWidget
{
    Q_OBJECT

public:
    explicit WhatStep(QWidget *parent = nullptr);

    /// Another consumer begins with everything chosen; the same one keeps what was chosen.
    void show(const models::replay::Change &change, const models::connection::Connection &connection);

Q_SIGNALS:
    void planRequested(const models::replay::ResetRequest &request, const QString &csvPath);
    void planFileChosen(const QString &path);

private:
    void buildLayout();
    void fillStreams(const connectors::ConsumerState *state);
    void requestPlan();
    void choosePlanFile();
    [[nodiscard]] connectors::Result<models::replay::ResetRequest> request() const;

    QString m_connection;
    QString m_consumer;
    QLabel *m_title;
    QLabel *m_state;
    QListWidget *m_streams;
    QLineEdit *m_partitions;
    TargetForm *m_target;
    widgets::Notice *m_notice;
    QPushButton *m_plan;
    QPushButton *m_file;
};

/// "0,3,5-7" as numbers; empty: all. InvalidInput quotes the text.
[[nodiscard]] connectors::Result<std::vector<int>> parsePartitions(const QString &text);

} // namespace ui::replay
