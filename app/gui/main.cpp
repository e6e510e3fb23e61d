// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/look.h"
#include "app/gui/program.h"
#include "app/gui/quit_signals.h"

#include <QApplication>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <cstdio>

namespace {

constexpr int UsageStatus = 2;
constexpr int FailedStatus = 1;

void say(std::FILE *file, const QString &text)
{
    const QByteArray bytes = text.toUtf8();
    std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), file);
    std::fputc('\n', file);
}

bool hasDisplay()
{
    return qEnvironmentVariableIsSet("QT_QPA_PLATFORM") || !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY");
}

QString noDisplayText()
{
    return QStringLiteral("There is no display here to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set).\n"
                          "  Over ssh:              ssh -X HOST, then streamgauge\n"
                          "  Without any screen:    streamgauge --demo --screenshot overview.png --page overview\n"
                          "  Without a window:      streamgaugectl --help");
}

QStringList argumentsOf(int argc, char *argv[])
{
    QStringList arguments;
    for (int i = 1; i < argc; ++i)
        arguments += QString::fromLocal8Bit(argv[i]);
    return arguments;
}

/// Help and version are told without a display.
int tell(const gui::Options &options, int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    say(stdout, options.isVersionWanted ? QStringLiteral("streamgauge " STREAMGAUGE_VERSION) : gui::helpText());
    return 0;
}

int run(const gui::Options &options, QSettings *settings)
{
    gui::ProgramPlaces places;
    if (options.demo) // a shop that is kept keeps its history beside it, never among the user's own
        places.historyFolder = options.demo->storePath.isEmpty() ? QString() : options.demo->storePath + QStringLiteral("-history");
    else if (settings)
        places.historyFolder = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation) + QStringLiteral("/history");
    // What is tried on a demo's shop is gone with the shop; its records would lead nowhere.
    const QTemporaryDir demoFolder;
    if (options.demo && options.demo->storePath.isEmpty() && options.connections.isEmpty())
        places.journalPath = demoFolder.filePath(QStringLiteral("journal.db"));
    gui::QuitSignals quitSignals;
    int status = 0;
    gui::Program program(options, places, settings);
    QObject::connect(&quitSignals, &gui::QuitSignals::quitRequested, &program.quitGuard(), &gui::QuitGuard::stopAndQuit);
    QObject::connect(&program.quitGuard(), &gui::QuitGuard::readyToQuit, qApp, &QApplication::quit);
    QObject::connect(&program, &gui::Program::pictureTaken, qApp, [&status](const std::optional<connectors::Error> &problem) {
        if (problem) {
            status = FailedStatus;
            say(stderr, connectors::describe(*problem));
        }
        QApplication::quit();
    });
    program.start();
    const int ended = QApplication::exec();
    return status != 0 ? status : ended;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication::setApplicationName(QStringLiteral("streamgauge"));
    QCoreApplication::setApplicationVersion(QStringLiteral(STREAMGAUGE_VERSION));
    const auto options = gui::parseOptions(argumentsOf(argc, argv));
    if (!options) {
        say(stderr, connectors::describe(options.error()));
        return UsageStatus;
    }
    if (options->isHelpWanted || options->isVersionWanted)
        return tell(*options, argc, argv);
    const bool isPicture = !options->screenshotFile.isEmpty();
    if (!hasDisplay()) {
        if (!isPicture) {
            say(stderr, noDisplayText());
            return FailedStatus;
        }
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv);
    gui::applyStyle();
    if (isPicture)
        return run(*options, nullptr);
    QSettings settings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("streamgauge"), QStringLiteral("streamgauge"));
    return run(*options, &settings);
}
