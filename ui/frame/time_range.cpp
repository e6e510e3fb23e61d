// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/frame/time_range.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace ui::frame {

QString textOf(const TimeRange &range)
{
    const auto tr = [](const char *text) { return QCoreApplication::translate("TimeRange", text); };
    if (range.isMoving()) {
        const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(range.last).count();
        if (minutes >= 24 * 60)
            return tr("Last %1 d").arg(minutes / (24 * 60));
        return minutes >= 60 ? tr("Last %1 h").arg(minutes / 60) : tr("Last %1 min").arg(minutes);
    }
    const auto text = [](connectors::EpochMs time) {
        return QLocale().toString(widgets::text::dateTime(time), QStringLiteral("yyyy-MM-dd HH:mm:ss"));
    };
    return tr("%1 – %2").arg(text(*range.from), text(*range.to));
}

} // namespace ui::frame
