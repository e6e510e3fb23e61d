// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/position.h"
#include "connectors/result.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QToolButton;

namespace ui::streams {

/// What is read of a stream: from, to, and the ways to start: read, tail, jump. Both ends take words of a menu or anything that
/// a position is written as: 1204, a time, -30m, last:100, earliest, latest.
class RangeBar final : public QWidget
{
    Q_OBJECT

public:
    explicit RangeBar(QWidget *parent = nullptr);

    /// InvalidInput quotes what was typed.
    [[nodiscard]] connectors::Result<connectors::PositionSpec> from() const;
    [[nodiscard]] connectors::Result<connectors::PositionSpec> to() const;
    /// As a position is written; shown as the menu's words where it is one of them.
    void setRange(const QString &from, const QString &to);
    /// “Newest 1,000” are those of each partition, which is said where there are several.
    void setPartitioned(bool isPartitioned);
    void focusJump();
    /// Buttons follow what is going on.
    void setReading(bool isReading, bool isFollowing, bool isPaused);
    [[nodiscard]] QToolButton *menuButton() const { return m_menu; }

Q_SIGNALS:
    void changed();
    void readRequested();
    void tailToggled(bool isWanted);
    void pauseToggled();
    void jumpEdited();
    void jumpRequested(const QString &text);

private:
    [[nodiscard]] QComboBox *makeCombo(const QString &objectName, const QString &accessibleName);
    [[nodiscard]] QString newestWords(int count) const;
    [[nodiscard]] static QString written(const QComboBox *combo);

    bool m_isPartitioned = false;
    QComboBox *m_from;
    QComboBox *m_to;
    QToolButton *m_read;
    QToolButton *m_tail;
    QToolButton *m_pause;
    QLineEdit *m_jump;
    QToolButton *m_menu;
};

} // namespace ui::streams
