// SPDX-License-Identifier: GPL-3.0-or-later
#include "connectors/postgres/postgres_error.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>
#include <string_view>

namespace connectors::postgres {

namespace {

struct Meaning {
    std::string_view state; ///< of five characters, or the two of a class
    ErrorCode code = ErrorCode::Internal;
    const char *advice = "";
    bool isRetryable = false;
};

// A state before its class: the first that fits counts.
constexpr std::array Meanings{
    Meaning{"08", ErrorCode::CannotConnect, "Check the address, and whether the server runs.", true},
    Meaning{"0A", ErrorCode::Unsupported, "This version of PostgreSQL, or what stands between, cannot do it."},
    Meaning{"22P05", ErrorCode::InvalidInput, "Keep events in a database whose encoding is UTF8."},
    Meaning{"22", ErrorCode::InvalidInput, ""},
    Meaning{"23505", ErrorCode::Conflict, "Somebody else was faster. Read it again, then decide again."},
    Meaning{"23", ErrorCode::Refused, ""},
    Meaning{"25006", ErrorCode::Refused, "This connection only looks; on a standby nothing can be written at all."},
    Meaning{"28", ErrorCode::NotAuthenticated, "Check the user name and the password, and what pg_hba.conf lets in."},
    Meaning{"3D000", ErrorCode::NotFound, "Check the database's name in the address."},
    Meaning{"3F000", ErrorCode::NotFound, "Check the schema's name in the address."},
    Meaning{"40", ErrorCode::Conflict, "Try again.", true},
    Meaning{"42501", ErrorCode::NotPermitted, "Ask the owner to grant it."},
    Meaning{"42P01", ErrorCode::NotFound, "Check the database and the schema in the address."},
    Meaning{"42P04", ErrorCode::Conflict, ""},
    Meaning{"42P06", ErrorCode::Conflict, ""},
    Meaning{"42P07", ErrorCode::Conflict, ""},
    Meaning{"53100", ErrorCode::StorageFailed, "Free space on the server's disk, then try again; nothing of this step was stored."},
    Meaning{"53300", ErrorCode::CannotConnect, "The server has no connection left. Close some, or raise its max_connections.", true},
    Meaning{"53", ErrorCode::Refused, "The server has too little left of something. Try again later.", true},
    Meaning{"54", ErrorCode::InvalidInput, "Something in it is longer than PostgreSQL can take; names and ids have at most some 2,700 bytes."},
    Meaning{"55P03", ErrorCode::Conflict, "Another transaction holds what this one needs. Wait until it has ended, then try again.", true},
    Meaning{"57014", ErrorCode::TimedOut, "Ask for less at once, or try again when the server is less busy.", true},
    Meaning{"57P", ErrorCode::CannotConnect, "The server is starting or stopping. Try again in a few seconds.", true},
    Meaning{"58", ErrorCode::StorageFailed, "Look into the server's log."},
    Meaning{"P0001", ErrorCode::Refused, ""},
    Meaning{"XX001", ErrorCode::Unreadable, "Stop what writes to it, and restore a backup."},
    Meaning{"XX002", ErrorCode::Unreadable, "Rebuild the index with REINDEX."},
};

Meaning meaningOf(const QByteArray &state)
{
    const std::string_view text(state.constData(), static_cast<size_t>(state.size()));
    const auto *const found = std::find_if(Meanings.begin(), Meanings.end(), [&](const Meaning &meaning) { return text.starts_with(meaning.state); });
    return found == Meanings.end() ? Meaning{} : *found;
}

QString sentence(const QString &text)
{
    const QString plain = text.trimmed();
    return plain.endsWith(u'.') ? plain : plain + u'.';
}

/// What libpq says itself has no state; it is English or of the user's language, and only sorted by what stays the same.
Meaning meaningOfText(const QString &text)
{
    if (text.contains(u"SSL") || text.contains(u"certificate"))
        return {{}, ErrorCode::CannotConnect, "Check sslmode and sslrootcert, and the names in the server's certificate."};
    if (text.contains(u"fe_sendauth") || text.contains(u"password"))
        return {{}, ErrorCode::NotAuthenticated, "Enter the password, or check it."};
    return {{}, ErrorCode::CannotConnect, "Check the address, and whether the server runs.", true};
}

} // namespace

Error errorOf(const QByteArray &sqlState, const QString &message, const QString &place)
{
    const Meaning meaning = meaningOf(sqlState);
    QString text = place + QStringLiteral(": ") + sentence(message);
    if (meaning.code == ErrorCode::Internal)
        text = text.chopped(1) + QStringLiteral(" (SQLSTATE %1).").arg(QString::fromLatin1(sqlState));
    return {meaning.code, text, QString::fromUtf8(meaning.advice), meaning.isRetryable};
}

Error connectionError(const QString &text, const QString &place)
{
    // "connection to server at "…", port 5432 failed: FATAL:  28P01: password authentication failed for user "x"\nLOCATION:  …"
    static const QRegularExpression told(QStringLiteral(":\\s+((?=[A-Z]*[0-9])[0-9A-Z]{5}):\\s+([^\\n]*)"));
    QRegularExpressionMatch last;
    for (auto matches = told.globalMatch(text); matches.hasNext();)
        last = matches.next();
    if (last.hasMatch()) {
        Error error = errorOf(last.captured(1).toLatin1(), last.captured(2), place);
        if (error.code == ErrorCode::Internal)
            error.code = ErrorCode::CannotConnect;
        return error;
    }
    const QStringList lines = text.split(u'\n', Qt::SkipEmptyParts);
    const Meaning meaning = meaningOfText(text);
    const QString why = lines.isEmpty() ? QStringLiteral("no connection") : lines.front();
    return {meaning.code, QStringLiteral("%1 cannot be reached: %2").arg(place, sentence(why)), QString::fromUtf8(meaning.advice), meaning.isRetryable};
}

} // namespace connectors::postgres
