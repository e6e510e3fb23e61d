// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/frame/named_places.h"

#include <QFrame>
#include <QList>
#include <QPointer>

class QAction;
class QLineEdit;
class QListWidget;

namespace ui::frame {

/// Ctrl+K: type a few letters of any action, ↑/↓, Enter. Letters may be left out ("gcon" finds "Go to Consumers"). Finds what
/// has a name too, by a part of it, and searches the traces for anything else.
class CommandPalette final : public QFrame
{
    Q_OBJECT

public:
    CommandPalette(models::connection::Workspace &workspace, QWidget *window);
    /// Offers these now, in this order for an empty text; disabled ones are shown grey.
    void open(const QList<QAction *> &actions);

Q_SIGNALS:
    void placeChosen(const ui::frame::Place &place);
    void connectionWanted(const QString &name); ///< a saved one, to be opened
    void searchWanted(const QString &text);     ///< in the traces

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void addSaved();
    void fill();
    struct Match {
        int score = 0;
        QAction *action = nullptr; ///< or
        const NamedPlace *place = nullptr;
    };
    [[nodiscard]] std::vector<Match> matches(const QString &text) const;
    void add(const Match &match);
    void addSearch(const QString &text);
    void runCurrent();

    models::connection::Workspace &m_workspace;
    QLineEdit *m_edit;
    QListWidget *m_list;
    QList<QPointer<QAction>> m_actions;
    std::vector<NamedPlace> m_names;
};

/// How well the letters of `pattern` match `text` in order, ignoring case: higher is better, negative: not at all.
[[nodiscard]] int matchScore(const QString &text, const QString &pattern);

} // namespace ui::frame
