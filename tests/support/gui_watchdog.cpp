// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/gui_watchdog.h"

#include <QAbstractEventDispatcher>
#include <QTest>

#include <ctime>

namespace tests {

namespace {

constexpr double LongestTurnMs = 100;

#if defined(__OPTIMIZE__) && !defined(STREAMGAUGE_SANITIZED)
constexpr bool IsFailing = true;
#else
constexpr bool IsFailing = false;
#endif

double threadCpuMs()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

} // namespace

GuiWatchdog::GuiWatchdog()
    : m_begunMs(threadCpuMs())
{
    // The dispatcher tells when a turn begins and when it is about to sleep; whatever lies between two of these is one turn.
    const QAbstractEventDispatcher *dispatcher = QAbstractEventDispatcher::instance();
    connect(dispatcher, &QAbstractEventDispatcher::awake, this, &GuiWatchdog::endTurn);
    connect(dispatcher, &QAbstractEventDispatcher::aboutToBlock, this, &GuiWatchdog::endTurn);
}

void GuiWatchdog::pardon()
{
    m_begunMs = threadCpuMs();
}

void GuiWatchdog::endTurn()
{
    const double now = threadCpuMs();
    const double took = now - m_begunMs;
    m_begunMs = now;
    m_longestMs = std::max(m_longestMs, took);
    if (took <= LongestTurnMs)
        return;
    const QByteArray sentence = QStringLiteral("The GUI thread worked %1 ms in one turn of the event loop; %2 ms are allowed.").arg(took, 0, 'f', 0).arg(LongestTurnMs).toUtf8();
    if (IsFailing)
        QTest::qFail(sentence.constData(), __FILE__, __LINE__);
    else
        qInfo("%s", sentence.constData());
}

} // namespace tests
