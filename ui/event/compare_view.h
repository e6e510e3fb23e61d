// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_comparison.h"
#include "models/event/event_lookup.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QTableWidget;
class QToolButton;

namespace ui::event {

/// With what an event is compared.
enum class CompareWith { PreviousOfType, PreviousOfAggregate, Pinned };

/// The place of the event before `event` that has the same type (or aggregate), where the page knows one.
using FindPrevious = std::function<std::optional<connectors::EventAddress>(const models::event::CachedEvent &event, CompareWith with)>;

/// The event beside another one, field by field: the one before it of its type or aggregate, or one that was pinned. Reads and
/// compares only while it is shown.
class CompareView final : public QWidget
{
    Q_OBJECT

public:
    explicit CompareView(QWidget *parent = nullptr);
    ~CompareView() override;

    /// Without a finder only a pinned event can be compared with.
    void setFindPrevious(FindPrevious find);
    /// The connector reads the other event; null: only a pinned one.
    void setEvent(const models::event::CachedEvent &event, std::shared_ptr<connectors::Connector> connector);
    void clear();
    /// Keeps the event shown now, to compare later ones with it.
    void pin();
    /// Names, marks and both values, a line a field.
    [[nodiscard]] QString text() const;

protected:
    void showEvent(QShowEvent *event) override;

private:
    void buildLayout();
    void update();
    void compareWith(const models::event::CachedEvent &other);
    void receive(const models::event::EventComparison &comparison);
    void showRows();
    void say(const QString &words);
    [[nodiscard]] CompareWith chosen() const;

    FindPrevious m_find;
    std::optional<models::event::CachedEvent> m_event;
    std::optional<models::event::CachedEvent> m_pinned;
    std::shared_ptr<connectors::Connector> m_connector;
    models::event::EventLookup m_lookup;
    models::event::EventComparison m_comparison;
    QString m_otherPlace;
    QString m_words; ///< of m_note, without what is said about the rows
    bool m_isStale = false;
    quint64 m_generation = 0;
    std::stop_source m_stop;
    QComboBox *m_with;
    QToolButton *m_pin;
    QCheckBox *m_onlyDifferent;
    QLabel *m_note;
    QTableWidget *m_table;
};

} // namespace ui::event
