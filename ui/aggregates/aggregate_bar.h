// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/connection/workspace.h"

#include <QStringListModel>
#include <QWidget>

class QComboBox;
class QLineEdit;
class QPushButton;

namespace ui::aggregates {

/// Which aggregate of which connection. Connections that keep none are there, greyed out, with the reason.
class AggregateBar final : public QWidget
{
    Q_OBJECT

public:
    explicit AggregateBar(QWidget *parent = nullptr);

    /// Keeps the choice where it is still there and able.
    void setConnections(const QList<models::connection::Connection *> &connections);
    void setConnection(const QString &name);
    [[nodiscard]] QString connection() const; ///< empty: none is able
    void setAggregate(const QString &id);
    [[nodiscard]] QString aggregate() const;
    void setOpening(bool isOpening);
    /// What is offered while one types; more than the first few thousand are left out.
    void setKnown(QStringList ids);
    void focusLine();

Q_SIGNALS:
    void openRequested();
    void cancelRequested();
    void connectionChosen();

private:
    void submit();
    void updateButton();

    QComboBox *m_connections;
    QLineEdit *m_line;
    QPushButton *m_open;
    QStringListModel m_known;
    bool m_isOpening = false;
};

} // namespace ui::aggregates
