// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/quit_guard.h"

#include "ui/widgets/text.h"

#include <QMessageBox>
#include <QPushButton>

#include <utility>

namespace gui {

using models::projection::ProjectionSession;
using models::projection::ProjectionStage;
using models::replay::Change;
using models::replay::PlanKind;
using models::replay::ReplaySession;
using models::replay::Stage;
namespace text = ui::widgets::text;

QuitGuard::QuitGuard(ReplaySession &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
    // Queued: a window is not closed from within a change that is telling of its end.
    connect(&session, &ReplaySession::applyingEnded, this, &QuitGuard::goOnClosing, Qt::QueuedConnection);
}

void QuitGuard::watch(ProjectionSession &projections)
{
    m_projections = &projections;
    connect(&projections, &ProjectionSession::applyingEnded, this, &QuitGuard::goOnClosing, Qt::QueuedConnection);
}

void QuitGuard::goOnClosing()
{
    if (isApplying())
        return;
    if (m_question)
        m_question->close(); // there is nothing left to ask
    if (QWidget *window = std::exchange(m_closing, nullptr))
        window->close();
    if (std::exchange(m_isQuitting, false))
        Q_EMIT readyToQuit();
}

bool QuitGuard::isApplying() const
{
    return m_session.isApplying() || (m_projections && m_projections->isApplying());
}

void QuitGuard::stopAll()
{
    m_session.cancelAll();
    if (m_projections)
        m_projections->cancelAll();
}

bool QuitGuard::mayClose(QWidget *window)
{
    if (!isApplying())
        return true;
    if (!m_question && !m_closing)
        ask(window);
    return false;
}

void QuitGuard::stopAndQuit()
{
    if (!isApplying()) {
        Q_EMIT readyToQuit();
        return;
    }
    m_isQuitting = true;
    stopAll();
}

QString QuitGuard::whatIsApplied() const
{
    QStringList lines;
    for (const auto &change : m_session.changes()) {
        if (change->stage() != Stage::Applying || !change->plan())
            continue;
        const QString line = change->plan()->kind == PlanKind::Undo ? tr("Putting back the checkpoints of %1 on %2") : tr("Resetting %1 on %2");
        lines += line.arg(text::untrusted(change->consumer(), 80), text::untrusted(change->spec().name, 60));
    }
    if (m_projections) {
        for (const auto &each : m_projections->projections())
            if (each->stage() == ProjectionStage::Applying)
                lines += tr("Projection %1; what is filled is kept and can be gone on with").arg(text::untrusted(each->name(), 80));
    }
    return lines.join(u'\n');
}

void QuitGuard::ask(QWidget *window)
{
    auto *box = new QMessageBox(QMessageBox::Warning, tr("A change is being applied"), whatIsApplied(), QMessageBox::NoButton, window);
    box->setObjectName(QStringLiteral("quit-question"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(tr("Where it still waits, it is cancelled and nothing is changed. A step that was begun is finished and written to the journal first."));
    QPushButton *quit = box->addButton(tr("&Stop it and close"), QMessageBox::DestructiveRole);
    quit->setObjectName(QStringLiteral("quit-stop"));
    quit->setAccessibleName(tr("Stop the change and close the window"));
    QPushButton *stay = box->addButton(tr("&Let it go on"), QMessageBox::RejectRole);
    stay->setObjectName(QStringLiteral("quit-stay"));
    stay->setAccessibleName(tr("Let the change go on and keep the window"));
    box->setDefaultButton(stay);
    box->setEscapeButton(stay);
    connect(quit, &QPushButton::clicked, this, [this, window = QPointer<QWidget>(window)] {
        m_closing = window;
        stopAll();
    });
    m_question = box;
    box->open();
}

} // namespace gui
