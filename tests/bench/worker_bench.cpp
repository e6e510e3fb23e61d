// SPDX-License-Identifier: GPL-3.0-or-later
// A connection in a process of its own: from starting the process to the first lag sample, what it has in memory when nothing
// is asked, a tail while events come as fast as they can be written, from the broker to the rows of a table, and how soon a
// record is named that takes more memory than the process may take. Ends with 1 where a promise is missed.
//   worker_bench BOOTSTRAP TOPIC FILE BOMB   FILE has the events, a line each as key, tab and body; BOMB is a topic with such a record
#include "app/session/worker_systems.h"
#include "connectors/answer_of.h"
#include "models/event/event_feed.h"
#include "tests/bench/stopwatch.h"

#include <QCoreApplication>
#include <QFile>
#include <QProcess>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace connectors;

namespace {

constexpr int Starts = 7;
constexpr double PromisedSampleMs = 300;
constexpr double PromisedMebibytes = 40;
constexpr double PromisedRate = 200'000;
constexpr double PromisedFrameMs = 16;
constexpr double PromisedNamingMs = 5'000;
constexpr int LongestTailMs = 120'000;

ConnectionSpec specOf(const QString &bootstrap)
{
    ConnectionSpec spec;
    spec.name = QStringLiteral("bench");
    spec.hosts = {bootstrap};
    spec.environment = Environment::Development;
    return spec;
}

std::shared_ptr<Connector> openConnection(const QString &bootstrap)
{
    auto opened = session::WorkerSystems().open(specOf(bootstrap), {}, {});
    if (!opened)
        qFatal("%s", qPrintable(describe(opened.error())));
    return *opened;
}

double firstSampleMs(const QString &bootstrap)
{
    const double begin = bench::wallSeconds();
    const auto connector = openConnection(bootstrap);
    const auto states = answerOf(connector->consumerCatalog()->consumerStates({}, {}));
    if (!states)
        qFatal("%s", qPrintable(describe(states.error())));
    return (bench::wallSeconds() - begin) * 1000;
}

/// Resident memory of the only worker.
double workerMebibytes()
{
    QProcess ps;
    ps.start(QStringLiteral("ps"), {QStringLiteral("--ppid"), QString::number(QCoreApplication::applicationPid()), QStringLiteral("-o"), QStringLiteral("rss=,comm=")});
    ps.waitForFinished();
    for (const QByteArray &line : ps.readAllStandardOutput().split('\n'))
        if (line.contains("streamgauge"))
            return line.simplified().split(' ').front().toDouble() / 1024;
    return 0;
}

/// Until the batch is named that nobody can read.
double namingMs(const QString &bootstrap, const QString &topic)
{
    const auto connector = openConnection(bootstrap);
    ReadRequest request;
    request.streams = {topic};
    const double begin = bench::wallSeconds();
    const EventChannelPtr channel = connector->eventReader()->read(request);
    while (const EventBatchPtr batch = channel->waitPop()) { }
    if (channel->progress().leftOut.empty())
        qFatal("No batch was named.");
    return (bench::wallSeconds() - begin) * 1000;
}

/// Whether the promise is kept.
bool print(const char *what, double measured, double promised, const char *unit, bool isAtMost = true)
{
    const bool isReached = isAtMost ? measured <= promised : measured >= promised;
    std::printf("%s | %.0f %s | %s %.0f %s | %s\n", what, measured, unit, isAtMost ? "<=" : ">=", promised, unit, isReached ? "reached" : "MISSED");
    return isReached;
}

struct Tail {
    double seconds = 0;
    qint64 events = 0;
    qint64 dropped = 0;
    double longestTurnMs = 0;
    double writerSeconds = 0;
};

Tail tail(const QString &bootstrap, const QString &topic, const QString &file)
{
    const auto connector = openConnection(bootstrap);
    models::event::EventTableModel model;
    models::job::JobList jobs;
    models::event::EventFeed feed(model, jobs);
    ReadRequest request;
    request.streams = {topic};
    request.from = Latest{};
    request.isFollowing = true;
    request.isDroppingWhenFull = true;
    feed.start(connector, request, QStringLiteral("tail"), -1);
    Tail result;
    QProcess writer;
    QTimer turn;
    double before = bench::busySeconds();
    double first = 0;
    double last = 0;
    qint64 seen = 0;
    QObject::connect(&turn, &QTimer::timeout, [&] {
        const double now = bench::busySeconds();
        result.longestTurnMs = std::max(result.longestTurnMs, (now - before) * 1000);
        before = now;
        if (model.list().end() > seen) {
            first = first > 0 ? first : bench::wallSeconds();
            last = bench::wallSeconds();
            seen = model.list().end();
        } else if (first > 0 && writer.state() == QProcess::NotRunning && bench::wallSeconds() - last > 1) {
            QCoreApplication::quit();
        }
    });
    double writing = 0;
    QObject::connect(&writer, &QProcess::finished, [&] { result.writerSeconds = bench::wallSeconds() - writing; });
    QTimer::singleShot(3000, [&] { // the tail stands at the end by now
        writing = bench::wallSeconds();
        before = bench::busySeconds();
        result.longestTurnMs = 0;
        writer.start(QStringLiteral("kcat"), {QStringLiteral("-P"), QStringLiteral("-b"), bootstrap, QStringLiteral("-t"), topic, QStringLiteral("-K"), QStringLiteral("\t"),
                                              QStringLiteral("-z"), QStringLiteral("lz4"), QStringLiteral("-l"), file});
    });
    QTimer::singleShot(LongestTailMs, [] { QCoreApplication::quit(); });
    turn.start(0);
    QCoreApplication::exec();
    result.events = seen;
    result.dropped = feed.report().dropped;
    result.seconds = last - first;
    feed.cancel();
    return result;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    qputenv("STREAMGAUGE_WORKER", QFile::encodeName(QCoreApplication::applicationDirPath() + QStringLiteral("/../bin/streamgauge-worker")));
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() != 5) {
        std::fputs("worker_bench BOOTSTRAP TOPIC FILE BOMB\n", stderr);
        return 2;
    }
    std::vector<double> samples;
    for (int i = 0; i < Starts; ++i)
        samples.push_back(firstSampleMs(arguments[1]));
    std::sort(samples.begin(), samples.end());
    bool isReached = print("start of a worker to the first lag sample, median of 7", samples[Starts / 2], PromisedSampleMs, "ms");
    {
        const auto connector = openConnection(arguments[1]);
        std::ignore = answerOf(connector->identify({}));
        isReached &= print("an idle worker, resident", workerMebibytes(), PromisedMebibytes, "MiB");
    }
    const Tail live = tail(arguments[1], arguments[2], arguments[3]);
    std::printf("live tail: %lld events in %.2f s, written in %.2f s\n", static_cast<long long>(live.events), live.seconds, live.writerSeconds);
    isReached &= print("live tail through a worker into the table's model", static_cast<double>(live.events) / live.seconds, PromisedRate, "events/s", false);
    isReached &= print("the same: dropped", static_cast<double>(live.dropped), 0, "events");
    isReached &= print("the same: longest turn of the loop", live.longestTurnMs, PromisedFrameMs, "ms");
    isReached &= print("a record of 900 MB in 4 MB: until it is named", namingMs(arguments[1], arguments[4]), PromisedNamingMs, "ms");
    return isReached ? 0 : 1;
}
