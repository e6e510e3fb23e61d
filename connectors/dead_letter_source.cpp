// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/dead_letter_source.h"

#include <algorithm>
#include <numeric>

namespace connectors {

void cutTexts(std::vector<DeadLetter> &letters)
{
    constexpr qsizetype LongestText = 64 * 1024;
    constexpr qsizetype MostTogether = 40 * 1024 * 1024;
    for (DeadLetter &letter : letters)
        for (QString *text : {&letter.originalStream, &letter.consumer, &letter.reason, &letter.exceptionClass, &letter.stage, &letter.stackTrace, &letter.eventType,
                              &letter.eventId, &letter.correlationId, &letter.key})
            text->truncate(LongestText);
    const auto together = [&letters](qsizetype longest) {
        return std::accumulate(letters.cbegin(), letters.cend(), qsizetype(0),
                               [longest](qsizetype sum, const DeadLetter &letter) { return sum + std::min(letter.stackTrace.size(), longest); });
    };
    qsizetype longest = LongestText;
    while (longest > 0 && together(longest) > MostTogether)
        longest /= 2;
    for (DeadLetter &letter : letters)
        letter.stackTrace.truncate(longest);
}

} // namespace connectors
