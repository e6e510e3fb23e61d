// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/event/body_pages.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QToolButton;

namespace ui::event {

/// The way through a body that is too large to be shown at once: says which part is shown, turns to the others, and saves all of
/// it into a file. A page is in memory at a time. Hidden while none is open.
class BodyPager final : public QWidget
{
    Q_OBJECT

public:
    explicit BodyPager(QWidget *parent = nullptr);
    ~BodyPager() override;

    /// Only to be saved: all of it is shown elsewhere, but for its text, which is cut.
    void offerSave(const std::shared_ptr<connectors::Connector> &connector, const connectors::EventAddress &address, qint64 size);
    [[nodiscard]] bool isPaging() const { return m_isPaging; }
    /// Asks for the first page.
    void open(const std::shared_ptr<connectors::Connector> &connector, const connectors::EventAddress &address, qint64 size);
    /// A file that is being written goes on being written.
    void close();
    void saveTo(const QString &path);

Q_SIGNALS:
    void pageReceived(const connectors::EventPage &page);

private:
    void begin(const std::shared_ptr<connectors::Connector> &connector, const connectors::EventAddress &address, qint64 size, bool isPaging);
    void receive(const connectors::EventPage &page);
    void turnBy(int pages);
    void chooseFile();
    void showSaving();
    void finishSaving(const QString &path, const connectors::Result<void> &result);
    void updateButtons();

    models::event::BodyPages m_pages;
    qint64 m_offset = 0; ///< of the page that is shown, or asked for
    bool m_isReading = false;
    bool m_isPaging = false;
    std::shared_ptr<models::job::JobProgress> m_saving; ///< null: nothing is being saved
    QTimer m_showSaving;
    QLabel *m_words;
    QToolButton *m_previous;
    QToolButton *m_next;
    QToolButton *m_save;
    QToolButton *m_cancel;
    QLabel *m_saveWords;
};

} // namespace ui::event
