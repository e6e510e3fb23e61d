// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/process_text.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QLocale>

namespace ui::frame {

namespace text = widgets::text;

namespace {

QString processTr(const char *sentence, int count = -1)
{
    return QCoreApplication::translate("ui::frame::Process", sentence, nullptr, count);
}

} // namespace

QString deathText(const connectors::ProcessReport &report)
{
    if (report.deaths == 0)
        return {};
    constexpr int Longest = 300;
    QStringList sentences;
    sentences += processTr("At %1 its process %2").arg(text::shortTime(report.diedAt), text::untrusted(report.lastDeath, Longest));
    if (report.memoryLimit > 0)
        sentences += processTr("It may take %1 of memory.").arg(QLocale().formattedDataSize(report.memoryLimit));
    sentences += report.startedAt >= report.diedAt ? processTr("Another was started at %1.").arg(text::shortTime(report.startedAt))
                                                   : processTr("Another has not been started yet.");
    if (report.deaths > 1)
        sentences += processTr("That has happened %1 times.").arg(text::exact(report.deaths));
    return sentences.join(u' ');
}

} // namespace ui::frame
