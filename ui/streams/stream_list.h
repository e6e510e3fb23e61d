// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/streams/stream_tree_model.h"

#include <QWidget>

class QLineEdit;
class QToolButton;
class QTreeView;

namespace ui::streams {

/// The left side of the page: filter, internal switch, tree. The choice stays through filters and polls.
class StreamList final : public QWidget
{
    Q_OBJECT

public:
    explicit StreamList(const models::connection::Workspace &workspace, QWidget *parent = nullptr);

    void update();
    /// Shows it as chosen, without a signal. What is not in the list (yet) is chosen once it is.
    void setCurrent(const QString &connection, const QString &stream);
    [[nodiscard]] bool isWithInternal() const;
    void setWithInternal(bool isWithInternal);
    [[nodiscard]] const StreamTreeModel &model() const { return m_model; }

Q_SIGNALS:
    void streamChosen(const QString &connection, const QString &stream); ///< an empty stream: all of the connection
    void internalToggled();

private:
    void applyFilter();
    void showCurrent();

    StreamTreeModel m_model;
    QLineEdit *m_filter;
    QToolButton *m_internal;
    QTreeView *m_tree;
    QString m_connection;
    QString m_stream;
    bool m_isShowingCurrent = false;
};

} // namespace ui::streams
