// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/result.h"
#include "ui/theme/theme.h"

#include <QWidget>

class QLabel;

namespace ui::widgets {

/// A sentence or a few that a user should not miss, with an icon, inside a page. Hidden while it says nothing. Plain text,
/// that can be selected and copied.
class Notice final : public QWidget
{
    Q_OBJECT

public:
    explicit Notice(const QString &objectName, QWidget *parent = nullptr);

    /// Role is Ok, Info, Warning or Error; an empty text hides it.
    void say(theme::Role role, const QString &text);
    void say(const connectors::Error &error);
    void clear() { say(theme::Role::Info, {}); }
    [[nodiscard]] QString text() const;

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void paintIcon();

    theme::Role m_role = theme::Role::Info;
    QLabel *m_icon;
    QLabel *m_text;
};

} // namespace ui::widgets
