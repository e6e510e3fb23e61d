// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace tests {

/// While it lives, one turn of the GUI thread's event loop that takes more than 100 ms of CPU time fails the running test in
/// an optimised build, and is only reported in others (sanitizers, -O0). CPU time, not the clock: a busy machine fails nothing.
/// What the test itself computes between two turns counts too. Needs the application's event loop.
class GuiWatchdog final : public QObject
{
    Q_OBJECT

public:
    GuiWatchdog();
    /// Milliseconds of the longest turn so far.
    [[nodiscard]] double longestMs() const { return m_longestMs; }
    /// The turn under way is not counted: what the test has just done itself.
    void pardon();
    /// Judges the turn under way and begins another: for input that a test sends itself, which a user's hand would bring in
    /// a turn of its own.
    void endTurn();

private:

    double m_begunMs = 0;
    double m_longestMs = 0;
};

} // namespace tests
