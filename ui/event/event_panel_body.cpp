// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/deliver.h"
#include "models/event/whole_event.h"
#include "ui/event/body_pager.h"
#include "ui/event/event_header.h"
#include "ui/event/event_panel.h"
#include "ui/event/hex_view.h"
#include "ui/widgets/text.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeView>
#include <QtConcurrentRun>

// What the panel makes of the body, and how it comes to what a preview lacks.

namespace ui::event {

using models::event::CachedEvent;
using models::event::JsonTreeModel;

void EventPanel::showBody()
{
    const auto &record = m_event->batch->record(m_event->row);
    const std::string_view body = m_event->batch->text(record.payload);
    const auto size = static_cast<qsizetype>(body.size());
    // No copy of a whole one: m_event keeps the bytes alive, and the view is emptied before m_event changes.
    m_hex->setBytes(record.isBodyCut() ? QByteArray(body.data(), size) : QByteArray::fromRawData(body.data(), size));
    m_text->clear();
    m_textNote->setText(tr("Formatting %1…").arg(widgets::text::bytes(static_cast<qint64>(body.size()))));
    prepareBody();
}

quint64 EventPanel::beginBody()
{
    m_bodyStop.request_stop();
    m_bodyStop = {};
    return ++m_bodyGeneration;
}

void EventPanel::prepareBody()
{
    const quint64 generation = beginBody();
    const auto prepare = [event = *m_event, stop = m_bodyStop.get_token()] {
        return Prepared{prettyText(event, stop), JsonTreeModel::prepare(event.batch, event.row)};
    };
    connectors::deliver(QtConcurrent::run(prepare), this, [this, generation](const Prepared &prepared) {
        if (generation == m_bodyGeneration)
            receiveBody(prepared);
    });
}

void EventPanel::receiveBody(Prepared prepared)
{
    m_text->setPlainText(prepared.text.text);
    m_textNote->setText(prepared.text.note);
    m_treeModel->setPrepared(std::move(prepared.tree));
    showTreeOrText();
    // A few levels at once, as far as they fit on a screen; the rest opens by hand.
    constexpr int OpenedRows = 40;
    for (int row = 0; row < std::min(m_treeModel->rowCount(), OpenedRows); ++row)
        m_tree->expand(m_treeModel->index(row, 0));
}

/// A body that is no tree is text, whatever was chosen.
void EventPanel::showTreeOrText()
{
    const bool isTree = m_treeModel->rowCount() > 0;
    m_asText->setEnabled(isTree);
    m_body->setCurrentWidget(isTree && !m_asText->isChecked() ? static_cast<QWidget *>(m_tree) : m_text);
}

/// The beginning is shown meanwhile.
void EventPanel::readRest(const std::shared_ptr<connectors::Connector> &connector)
{
    if (!connector || !connector->eventReader())
        return;
    const auto &record = m_event->batch->record(m_event->row);
    if (record.size > WholeBytes)
        m_pager->open(connector, m_event->batch->address(m_event->row), record.size);
    const bool isMoreThanBody = record.isKeyCut || record.areHeadersCut || record.isEnvelopeCut;
    if (record.size > WholeBytes && !isMoreThanBody)
        return;
    m_cutNote->setText(tr("Reading the rest of the event…"));
    m_cutNote->show();
    const auto read = [event = *m_event, connector, stop = m_stop.get_token()] {
        return models::event::wholeEvent(*connector->eventReader(), *event.batch, event.row, stop, WholeBytes);
    };
    connectors::deliver(QtConcurrent::run(read), this, [this, connector, generation = m_generation](const connectors::Result<connectors::EventBatchPtr> &whole) {
        if (generation != m_generation)
            return;
        if (!whole)
            return m_cutNote->setText(tr("The rest of the event could not be read. %1").arg(widgets::text::error(whole.error())));
        m_event = CachedEvent{*whole, 0};
        m_header->setEvent(m_connection, *m_event);
        showEnvelope();
        showHeaders();
        showCuts();
        if (!m_pager->isPaging())
            showBody();
        const auto &all = m_event->batch->record(m_event->row);
        if (!m_pager->isPaging() && !all.isBodyCut() && all.size > ShownTextBytes)
            m_pager->offerSave(connector, m_event->batch->address(m_event->row), all.size);
        m_compare->setEvent(*m_event, connector);
    });
}

/// What is still not there, since it is too large or nobody reads it.
void EventPanel::showCuts()
{
    const auto &record = m_event->batch->record(m_event->row);
    QStringList cuts;
    if (record.isKeyCut)
        cuts += tr("The key is cut.");
    if (record.areHeadersCut)
        cuts += tr("Headers are cut, and the last ones may be missing.");
    if (record.isEnvelopeCut)
        cuts += tr("A text of the envelope is cut.");
    m_cutNote->setText(cuts.join(u' '));
    m_cutNote->setVisible(!cuts.isEmpty());
}

void EventPanel::showPage(const connectors::EventPage &page)
{
    m_treeModel->clear();
    m_hex->setBytes(page.bytes, page.offset);
    m_textNote->setText({});
    const quint64 generation = beginBody();
    connectors::deliver(QtConcurrent::run([bytes = page.bytes] { return pageText(bytes); }), this, [this, generation](const QString &text) {
        if (generation != m_bodyGeneration)
            return;
        m_text->setPlainText(text);
        showTreeOrText();
    });
}

} // namespace ui::event
