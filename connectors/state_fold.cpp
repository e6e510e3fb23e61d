// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/state_fold.h"

#include "connectors/json_text.h"

#include <QCryptographicHash>

namespace connectors::fold {

std::optional<std::string_view> contentOf(std::string_view body)
{
    if (json::check(body) != json::Verdict::Valid)
        return std::nullopt;
    return json::find(body, {json::Step{"data", std::nullopt}}).value_or(body);
}

QString ruleName(const QByteArray &upcasts)
{
    constexpr qsizetype Digits = 16; // 64 bits: rules are few
    const QByteArray rule = "merge patch of the content, first form\n" + upcasts;
    return QString::fromLatin1(QCryptographicHash::hash(rule, QCryptographicHash::Sha256).toHex().left(Digits));
}

} // namespace connectors::fold
