// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/event_cache.h"
#include "models/event/event_column.h"
#include "models/event/json_tree_model.h"
#include "ui/event/compare_view.h"
#include "ui/event/event_text.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QStackedWidget;
class QTabWidget;
class QTableWidget;
class QToolButton;
class QTreeView;

namespace ui::widgets {
class StateView;
}

namespace ui::event {

class BodyPager;
class EventHeader;
class HexView;

/// One event read: envelope, headers, JSON as a tree and as text, bytes, and beside another event. Everything in it comes from outside and is shown
/// as plain text; what takes long is made on another thread and dropped when another event has been chosen meanwhile. Of an event
/// that is a preview the rest is read: all of it up to WholeBytes, a page at a time of a larger body.
class EventPanel final : public QWidget
{
    Q_OBJECT

public:
    static constexpr qint64 WholeBytes = 8LL * 1024 * 1024;

    explicit EventPanel(QWidget *parent = nullptr);
    ~EventPanel() override;

    /// The connector reads what the event lacks, and the events that this one is compared with; without it, only a pinned one can be.
    void setEvent(const QString &connection, const models::event::CachedEvent &event, std::shared_ptr<connectors::Connector> connector = {});
    /// Reads the event at the place and shows it, and meanwhile that it is being read. Asked again for the same place, it goes on.
    void showAt(const QString &connection, const std::shared_ptr<connectors::Connector> &connector, const connectors::EventAddress &address);
    /// How the Compare tab finds the event before.
    void setFindPrevious(FindPrevious find) { m_compare->setFindPrevious(std::move(find)); }
    /// False on pages that have no filter: the context menus then offer to copy only.
    void setFilterOffered(bool isOffered) { m_isFilterOffered = isOffered; }
    /// Nothing chosen; says what to do.
    void clear(const QString &explanation = {});
    void showLoading(const connectors::EventAddress &address);
    /// Retention took it, or it never was.
    void showGone(const connectors::EventAddress &address);
    void showError(const connectors::Error &error);

    [[nodiscard]] const std::optional<models::event::CachedEvent> &shownEvent() const { return m_event; }

Q_SIGNALS:
    /// The correlation id, else the event id; empty where the event has neither, then `address` is all there is.
    void traceRequested(const QString &correlationOrEventId, const connectors::EventAddress &address);
    void aggregateRequested(const QString &aggregateId, const connectors::EventAddress &address);
    void filterRequested(const models::event::EventColumn &column, const QVariant &value, bool isEqual);
    void columnRequested(const models::event::EventColumn &column);

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Prepared {
        ShownText text;
        models::event::JsonTreeModel::Prepared tree;
    };
    void buildTabs();
    [[nodiscard]] QWidget *buildBody();
    void showState();
    void showEnvelope();
    void showHeaders();
    void showBody();
    void readRest(const std::shared_ptr<connectors::Connector> &connector);
    void showPage(const connectors::EventPage &page);
    void showCuts();
    /// What was being made of the body is not wanted any more.
    [[nodiscard]] quint64 beginBody();
    void prepareBody();
    void receiveBody(Prepared prepared);
    void showTreeOrText();
    void copyCurrentTab();
    void openMenu(const models::event::EventColumn &column, const QVariant &value, const QPoint &globalPosition);
    [[nodiscard]] QString traceId() const;
    [[nodiscard]] QString aggregateId() const; ///< empty: the event has none, or nobody knows whether it can be opened
    void requestAggregate();

    std::optional<models::event::CachedEvent> m_event;
    std::optional<models::event::CachedEvent> m_given; ///< the same, as it was given
    QString m_connection;
    std::optional<QString> m_whyNoAggregate; ///< null: not known; empty: it can be opened
    models::event::EventLookup m_lookup;
    std::shared_ptr<connectors::Connector> m_lookupConnector;   ///< of what showAt() asked for last
    std::optional<connectors::EventAddress> m_lookupAddress;
    bool m_isFilterOffered = true;
    QStackedWidget *m_stack;
    ui::widgets::StateView *m_state;
    EventHeader *m_header;
    QTabWidget *m_tabs;
    QTableWidget *m_envelope;
    QTableWidget *m_headers;
    QTreeView *m_tree;
    models::event::JsonTreeModel *m_treeModel;
    QStackedWidget *m_body; ///< the tree or the text
    QToolButton *m_asText;
    QPlainTextEdit *m_text;
    QLabel *m_textNote;
    HexView *m_hex;
    QLabel *m_cutNote;
    BodyPager *m_pager;
    CompareView *m_compare;
    std::vector<models::event::EventColumn> m_envelopeColumns; ///< of the rows of m_envelope
    quint64 m_generation = 0;
    std::stop_source m_stop;
    quint64 m_bodyGeneration = 0; ///< of what is made of the body
    std::stop_source m_bodyStop;
};

} // namespace ui::event
