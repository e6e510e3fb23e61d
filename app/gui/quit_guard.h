// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/projection/projection_session.h"
#include "models/replay/replay_session.h"

#include <QPointer>
#include <QWidget>

namespace gui {

/// Stands between a change that is being applied and the end of the program: it asks first, and then ends the program only
/// when the step in hand is finished and written down.
class QuitGuard final : public QObject
{
    Q_OBJECT

public:
    /// The session must outlive the guard.
    explicit QuitGuard(models::replay::ReplaySession &session, QObject *parent = nullptr);
    /// Fillings of projections too. The session must outlive the guard.
    void watch(models::projection::ProjectionSession &projections);

    /// False while something is being applied: then it asks on `window`, and closes that itself after a yes.
    [[nodiscard]] bool mayClose(QWidget *window);
    /// Without a question, for a program that is told to end: what waits is cancelled, what was begun is finished.
    void stopAndQuit();

Q_SIGNALS:
    /// Nothing is being applied any more; only after stopAndQuit().
    void readyToQuit();

private:
    void ask(QWidget *window);
    void goOnClosing();
    void stopAll();
    [[nodiscard]] bool isApplying() const;
    [[nodiscard]] QString whatIsApplied() const;

    models::replay::ReplaySession &m_session;
    models::projection::ProjectionSession *m_projections = nullptr;
    QPointer<QWidget> m_closing; ///< it is closed as soon as nothing is being applied
    QPointer<QWidget> m_question;
    bool m_isQuitting = false;
};

} // namespace gui
