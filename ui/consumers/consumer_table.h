// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/consumers/consumer_row.h"

#include <QTableView>

namespace ui::consumers {

class ConsumerTableModel;

/// The table of consumers, the same on the Overview and on the Consumers page.
class ConsumerTable final : public QTableView
{
    Q_OBJECT

public:
    explicit ConsumerTable(ConsumerTableModel *model, QWidget *parent = nullptr);

    /// Those that can be seen now.
    [[nodiscard]] std::vector<ConsumerRow> rowsOnScreen() const;

Q_SIGNALS:
    void consumerActivated(const QString &connection, const QString &consumer);

protected:
    void contextMenuEvent(QContextMenuEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    ConsumerTableModel *m_model;
};

} // namespace ui::consumers
