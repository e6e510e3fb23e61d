// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "connectors/connection_spec.h"
#include "connectors/consumer_catalog.h"
#include "connectors/dead_letter_source.h"

#include <QString>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

class QTemporaryDir;

namespace session {

/// Where the shop's consumers and dead letters stood at one moment of its history, as a poll would have told it.
struct DemoMoment {
    connectors::EpochMs time = 0;
    connectors::ConsumerStates consumers;
    std::vector<connectors::DeadLetterQueue> deadLetters;
};

struct DemoOptions {
    quint64 seed = 1;
    QString storePath;            ///< empty: a temporary file, gone when the demo ends
    qint64 historyEvents = 12'000; ///< at least so many are there before the shop goes on live; made only in an empty store
    double eventsPerSecond = 50;
    /// So many events more, of one aggregate that lives long enough to have snapshots, among those of the history.
    qint64 warehouseEvents = 0;
    /// Told once, on the demo's thread, when the history is there: moments ten seconds apart; none of a store that had one.
    std::function<void(std::vector<DemoMoment> moments)> historyMade;
    std::optional<connectors::EpochMs> historyEnd; ///< null: now. Given, the same seed makes the same history to the byte
};

/// A small shop at work on an embedded event store, on a thread of its own: what `--demo` shows.
class Demo final
{
public:
    explicit Demo(DemoOptions options);
    ~Demo(); ///< stops
    Demo(const Demo &) = delete;
    Demo &operator=(const Demo &) = delete;

    /// Makes the store and waits until the first events are in it, so that whoever opens it has something to see; the thread
    /// makes the rest of the history and goes on live. Some ten milliseconds: not for the GUI thread. Refused where the file is somebody's own store.
    [[nodiscard]] connectors::Result<void> start();
    /// Lets the step under way end; the consumers leave. Takes well under a second.
    void stop();

    /// "demo shop", environment AssumedDevelopment. Valid after start().
    [[nodiscard]] connectors::ConnectionSpec spec() const;
    /// Waits until the history is made; false after `milliseconds` or when the demo failed. Not for the GUI thread.
    [[nodiscard]] bool waitForHistory(int milliseconds);
    /// Why the shop stands still, if it does; from any thread.
    [[nodiscard]] std::optional<connectors::Error> error() const;

private:
    void run(std::stop_token stop);
    void work(std::stop_token stop);
    void tellBegun();

    DemoOptions m_options;
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_hasBegun = false;
    bool m_hasHistory = false;
    std::optional<connectors::Error> m_error;
    std::jthread m_thread;
};

} // namespace session
