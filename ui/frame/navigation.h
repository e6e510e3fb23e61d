// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QHash>
#include <QWidget>

class QButtonGroup;
class QVBoxLayout;

namespace ui::frame {

class Page;

/// One page in the navigation: icon, word, and a count where something wants attention.
class NavigationButton final : public QAbstractButton
{
    Q_OBJECT

public:
    explicit NavigationButton(QWidget *parent = nullptr);
    void setCount(int count);
    [[nodiscard]] int count() const { return m_count; }
    void setCollapsed(bool isCollapsed);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int m_count = 0;
    bool m_isCollapsed = false;
};

/// The left-hand column of pages. ↑/↓ walk through it, Ctrl+1…9 come from the window.
class Navigation final : public QWidget
{
    Q_OBJECT

public:
    explicit Navigation(QWidget *parent = nullptr);
    void addPage(const Page *page);
    void setCurrent(const QString &pageId);
    void setCollapsed(bool isCollapsed);
    [[nodiscard]] bool isCollapsed() const { return m_isCollapsed; }

Q_SIGNALS:
    void pageChosen(const QString &pageId);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QHash<QString, NavigationButton *> m_buttons;
    QButtonGroup *m_group;
    QVBoxLayout *m_layout;
    bool m_isCollapsed = false;
};

} // namespace ui::frame
