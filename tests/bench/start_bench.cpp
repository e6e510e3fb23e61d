// SPDX-License-Identifier: GPL-3.0-or-later
// From starting `streamgauge --demo` until its window is painted, and until it is of use: painted with what the demo's
// store has told. The program itself says so on stderr (category streamgauge.start); the clock is that of this process, so
// loading the program counts. Run it under Xvfb: xvfb-run start_bench.
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace {

constexpr int Runs = 7;
constexpr int LongestWaitMs = 30'000;
constexpr double PromisedMs = 700;

struct Start {
    double paintedMs = -1;
    double usefulMs = -1;
};

Start measure(const QString &program)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("QT_LOGGING_RULES"), QStringLiteral("streamgauge.start.info=true"));
    process.setProcessEnvironment(environment);
    QElapsedTimer clock;
    clock.start();
    process.start(program, {QStringLiteral("--demo")});
    Start start;
    QByteArray said;
    while (start.usefulMs < 0 && clock.elapsed() < LongestWaitMs && process.state() != QProcess::NotRunning) {
        process.waitForReadyRead(50);
        said += process.readAllStandardError();
        const double now = static_cast<double>(clock.nsecsElapsed()) / 1e6;
        if (start.paintedMs < 0 && said.contains("the window is painted"))
            start.paintedMs = now;
        if (said.contains("the window is of use"))
            start.usefulMs = now;
    }
    process.terminate();
    process.waitForFinished();
    return start;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QString program = QCoreApplication::arguments().value(1, QCoreApplication::applicationDirPath() + QStringLiteral("/../bin/streamgauge"));
    std::vector<double> painted;
    std::vector<double> useful;
    for (int run = 0; run < Runs; ++run) {
        const Start start = measure(program);
        if (start.usefulMs < 0) {
            std::fprintf(stderr, "start_bench: %s did not say that its window is of use. Is there a display?\n", qPrintable(program));
            return 1;
        }
        painted.push_back(start.paintedMs);
        useful.push_back(start.usefulMs);
    }
    const double usefulMs = median(useful);
    std::printf("start of --demo, median of %d: window painted %.0f ms, of use %.0f ms (slowest %.0f ms); promised %.0f ms: %.2f of it\n", Runs, median(painted),
                usefulMs, *std::max_element(useful.cbegin(), useful.cend()), PromisedMs, usefulMs / PromisedMs);
    return 0;
}
