// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "ui/frame/place.h"
#include "ui/frame/time_range.h"

#include <QList>
#include <QWidget>

class QAction;
class QSettings;

namespace ui::frame {

/// Base of every page. The frame shows one at a time; a hidden page does not update itself, it says
/// markStale() and is refreshed when it is shown.
class Page : public QWidget
{
    Q_OBJECT

public:
    /// `id` as in Place::page; the icon's name is a file of resources/icons.
    Page(QString id, QString title, QString iconName, QWidget *parent = nullptr);

    [[nodiscard]] const QString &id() const { return m_id; }
    [[nodiscard]] const QString &title() const { return m_title; }
    [[nodiscard]] const QString &iconName() const { return m_iconName; }
    /// False: reached from another page only (the wizard), not in the navigation.
    [[nodiscard]] virtual bool isInNavigation() const { return true; }

    /// Shows what the place names. Called when the page is (or is about to be) the current one.
    virtual void goTo(const Place &place);
    /// Where the user is now, for the way back.
    [[nodiscard]] virtual Place place() const;
    /// F5: asks the system again.
    virtual void refresh() { }
    /// The window's time range changed, or it was paused (the charts stand still) or set live again.
    virtual void setTimeRange(const TimeRange &range);
    virtual void setLive(bool isLive);
    [[nodiscard]] const TimeRange &timeRange() const { return m_timeRange; }
    [[nodiscard]] bool isLive() const { return m_isLive; }
    /// Puts the keyboard where the user was last in this page (`last` may be null), else into its first table or list.
    void takeFocus(QWidget *last);
    /// Actions of this page for the menu and the command palette; the page owns them. Their texts are whole phrases.
    [[nodiscard]] virtual QList<QAction *> commands() const { return {}; }
    /// The environment of what this page would change; the frame draws its border for it. Null: changes nothing.
    [[nodiscard]] virtual std::optional<connectors::Environment> targetEnvironment() const { return std::nullopt; }

    /// What the page remembers from one start to the next, under keys that begin with its id.
    virtual void saveTo(QSettings &settings) const;
    virtual void restoreFrom(const QSettings &settings);

    /// How many things want attention: the count beside the word in the navigation. 0 shows none.
    [[nodiscard]] int attentionCount() const { return m_attentionCount; }

Q_SIGNALS:
    void placeRequested(const ui::frame::Place &place); ///< take me there; goes into the history
    void placeChanged();          ///< the user moved within the page (place() is new)
    void attentionCountChanged();
    void targetEnvironmentChanged();
    void messageRaised(const QString &message); ///< one sentence for the status bar

protected:
    void setAttentionCount(int count);
    /// Something changed: calls refreshWhenShown() now if the page is visible, else when it is shown next.
    void markStale();
    /// Brings the widgets up to date with the models.
    virtual void refreshWhenShown() { }
    void showEvent(QShowEvent *event) override;

private:
    const QString m_id;
    const QString m_title;
    const QString m_iconName;
    TimeRange m_timeRange;
    bool m_isLive = true;
    bool m_isStale = true;
    int m_attentionCount = 0;
};

} // namespace ui::frame
