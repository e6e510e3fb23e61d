// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/profile_store.h"

#include "app/session/connection_url.h"
#include "app/session/json_file.h"
#include "app/session/translation.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QSaveFile>
#include <QStandardPaths>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <unistd.h>

namespace session {

using namespace connectors;
using Json = nlohmann::ordered_json;

namespace {

constexpr int FormatVersion = 1;
constexpr int LockTimeoutMs = 5000;

QString textOf(const Json &object, const char *member)
{
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? QString::fromStdString(found->get<std::string>()) : QString();
}

/// Empty where it is none, or where a member is no text.
QStringList argumentsOf(const Json &list)
{
    QStringList arguments;
    if (!list.is_array())
        return {};
    for (const Json &argument : list) {
        if (!argument.is_string() || argument.get_ref<const std::string &>().find('\0') != std::string::npos)
            return {};
        arguments += QString::fromStdString(argument.get<std::string>());
    }
    return arguments.isEmpty() || arguments.front().isEmpty() ? QStringList() : arguments;
}

/// As one text, which QProcess::splitCommand takes apart again; a list of arguments is written so too.
QString tokenCommandOf(const Json &entry)
{
    const auto command = entry.find("tokenCommand");
    if (command == entry.end() || !command->is_array())
        return textOf(entry, "tokenCommand");
    QStringList quoted;
    for (const QString &argument : argumentsOf(*command))
        quoted += u'"' + QString(argument).replace(u'"', QStringLiteral("\"\"\"")) + u'"';
    return quoted.join(u' ');
}

auto broken(const QString &path, const QString &what)
{
    return failure(ErrorCode::Unreadable, tr("The file of saved connections “%1” cannot be used: %2").arg(path, what),
                   tr("Correct the file, or move it away to start with an empty one. It has not been changed."));
}

/// The line on which a connection's name stands; 0 where it cannot be found (written with escapes).
int lineOfName(const QByteArray &text, const QString &name)
{
    const qsizetype at = text.indexOf(QByteArray('"' + name.toUtf8() + '"'));
    return at < 0 ? 0 : lineOf(text, static_cast<size_t>(at));
}

Result<Profile> profileOf(const Json &entry)
{
    if (!entry.is_object() || textOf(entry, "name").isEmpty() || textOf(entry, "url").isEmpty())
        return failure(ErrorCode::Unreadable, tr("A connection needs a “name” and a “url”."));
    Result<ConnectionSpec> spec = parseConnection(textOf(entry, "url"));
    if (!spec)
        return tl::unexpected(spec.error());
    Profile profile{*spec, tokenCommandOf(entry), textOf(entry, "systemId"), textOf(entry, "worker"), {}};
    if (const auto command = entry.find("passwordCommand"); command != entry.end())
        profile.passwordCommand = argumentsOf(*command);
    if (entry.contains("passwordCommand") && profile.passwordCommand.isEmpty())
        return failure(ErrorCode::Unreadable, tr("“passwordCommand” is not a list of texts: the program and its arguments."));
    profile.spec.name = textOf(entry, "name");
    return profile;
}

/// The whole document, checked; an empty one where there is no file.
Result<Json> readDocument(const QString &path)
{
    QFile file(path);
    if (!file.exists())
        return Json{{"version", FormatVersion}, {"connections", Json::array()}};
    if (!file.open(QIODevice::ReadOnly))
        return failure(ErrorCode::StorageFailed, tr("The file of saved connections “%1” cannot be read: %2").arg(path, file.errorString()),
                       tr("Check its permissions."));
    QByteArray text;
    const auto read = readJson(file, &text);
    if (!read)
        return broken(path, read.error());
    const Json &document = *read;
    if (!document.is_object() || !document.contains("connections") || !document["connections"].is_array())
        return broken(path, tr("line 1: it has no list “connections”."));
    if (document.contains("version") && (!document["version"].is_number_integer() || document["version"].get<qint64>() > FormatVersion))
        return broken(path, tr("it was written by a newer version of Streamgauge."));
    for (const Json &entry : document["connections"]) {
        if (const Result<Profile> profile = profileOf(entry); !profile) {
            const QString name = entry.is_object() ? textOf(entry, "name") : QString();
            return broken(path, tr("line %1, connection “%2”: %3").arg(lineOfName(text, name)).arg(name.left(60), profile.error().message));
        }
    }
    return document;
}

Result<void> writeDocument(const QString &path, const Json &document)
{
    QSaveFile file(path);
    const std::string text = document.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
    const bool isWritten = file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        && file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) && file.commit();
    if (!isWritten)
        return failure(ErrorCode::StorageFailed, tr("The file of saved connections “%1” cannot be written: %2").arg(path, file.errorString()),
                       tr("Check the free space and the permissions of its folder. The old file is unchanged."));
    return {};
}

Result<void> edit(const QString &path, const std::function<Result<void>(Json &)> &use)
{
    if (!QDir().mkpath(QFileInfo(path).absolutePath()))
        return failure(ErrorCode::StorageFailed, tr("The folder of “%1” cannot be made.").arg(path), tr("Check the permissions of the folder above it."));
    QLockFile lock(path + QStringLiteral(".lock"));
    if (!lock.tryLock(LockTimeoutMs))
        return failure(ErrorCode::StorageFailed, tr("The file of saved connections “%1” is in use by another program.").arg(path), tr("Try again."), true);
    Result<Json> document = readDocument(path);
    if (!document)
        return tl::unexpected(document.error());
    if (const Result<void> edited = use(*document); !edited)
        return edited;
    return writeDocument(path, *document);
}

Json::iterator findEntry(Json &entries, const QString &name)
{
    return std::find_if(entries.begin(), entries.end(), [&name](const Json &entry) { return textOf(entry, "name") == name; });
}

/// Whether it may be saved, and can be read again once it is: or the file would be broken by ourselves.
Result<void> checkFit(const Profile &profile)
{
    const QString name = profile.spec.name;
    if (name.trimmed().isEmpty() || looksLikeUrl(name) || name.size() > 200)
        return failure(ErrorCode::InvalidInput, tr("“%1” cannot be the name of a connection.").arg(name.left(80)),
                       tr("Choose a short name that is not an address, for example prod-eu."));
    for (const QString &property : profile.spec.properties.keys()) {
        if (isSecretProperty(property))
            return failure(ErrorCode::InvalidInput, tr("The property “%1” is a secret; secrets are not saved in a file.").arg(property.left(60)),
                           tr("Enter it as the password of the connection; it is kept in the system keyring."));
    }
    if (const Result<ConnectionSpec> parsed = parseConnection(connectionUrl(profile.spec)); !parsed)
        return tl::unexpected(parsed.error());
    return {};
}

void writeProfile(const Profile &profile, Json &entry)
{
    entry["name"] = profile.spec.name.toStdString();
    entry["url"] = connectionUrl(profile.spec).toStdString();
    if (tokenCommandOf(entry) == profile.tokenCommand) // a list stays one
        return;
    entry.erase("tokenCommand");
    if (!profile.tokenCommand.isEmpty())
        entry["tokenCommand"] = profile.tokenCommand.toStdString();
}

} // namespace

ProfileStore::ProfileStore(QString path)
    : m_path(std::move(path))
{
}

QString ProfileStore::defaultPath()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + QStringLiteral("/streamgauge/connections.json");
}

Result<std::vector<Profile>> ProfileStore::load() const
{
    const Result<Json> document = readDocument(m_path);
    if (!document)
        return tl::unexpected(document.error());
    std::vector<Profile> profiles;
    for (const Json &entry : (*document)["connections"])
        profiles.push_back(*profileOf(entry));
    std::sort(profiles.begin(), profiles.end(), [](const Profile &a, const Profile &b) { return a.spec.name < b.spec.name; });
    return profiles;
}

Result<void> ProfileStore::save(const Profile &profile) const
{
    if (const Result<void> fit = checkFit(profile); !fit)
        return fit;
    return edit(m_path, [&](Json &document) -> Result<void> {
        Json &entries = document["connections"];
        auto entry = findEntry(entries, profile.spec.name);
        if (entry == entries.end()) {
            entries.push_back(Json::object());
            entry = std::prev(entries.end());
        }
        writeProfile(profile, *entry);
        return {};
    });
}

Result<void> ProfileStore::change(const QString &name, const Profile &profile) const
{
    if (const Result<void> fit = checkFit(profile); !fit)
        return fit;
    return edit(m_path, [&](Json &document) -> Result<void> {
        Json &entries = document["connections"];
        const auto entry = findEntry(entries, name);
        if (entry == entries.end())
            return failure(ErrorCode::NotFound, tr("There is no saved connection “%1”.").arg(name.left(80)));
        if (profile.spec.name != name && findEntry(entries, profile.spec.name) != entries.end())
            return failure(ErrorCode::Refused, tr("Another connection is already saved as “%1”.").arg(profile.spec.name.left(80)),
                           tr("Choose another name, or forget that one first."));
        writeProfile(profile, *entry);
        return {};
    });
}

Result<void> ProfileStore::noteTag(const ConnectionSpec &spec, const QString &systemId) const
{
    const std::string address = connectionUrl(spec, false).toStdString();
    const bool isKept = countsAsProduction(spec.environment) || spec.environment == Environment::Staging;
    const std::string word = isKept ? environmentWord(spec.environment).toStdString() : std::string();
    const std::string system = systemId.toStdString();
    const auto kept = [&](const Json &document) {
        const auto systems = document.find("systems");
        const bool isThere = systems != document.end() && systems->is_object() && systems->contains(system) && (*systems)[system].is_object();
        return isThere ? textOf((*systems)[system], address.c_str()).toStdString() : std::string();
    };
    if (const auto document = readDocument(m_path); document && kept(*document) == word)
        return {};
    return edit(m_path, [&](Json &document) -> Result<void> {
        Json &systems = document["systems"];
        if (!systems.is_object())
            systems = Json::object();
        Json &addresses = systems[system];
        if (!addresses.is_object())
            addresses = Json::object();
        if (word.empty())
            addresses.erase(address);
        else
            addresses[address] = word;
        if (addresses.empty())
            systems.erase(system);
        return {};
    });
}

std::vector<Environment> ProfileStore::notedTags(const QString &systemId) const
{
    std::vector<Environment> tags;
    const Result<Json> document = readDocument(m_path);
    const auto systems = document ? document->find("systems") : Json::const_iterator();
    if (!document || systems == document->end() || !systems->is_object())
        return tags;
    const auto addresses = systems->find(systemId.toStdString());
    if (addresses == systems->end() || !addresses->is_object())
        return tags;
    for (const Json &word : *addresses) {
        const auto tag = word.is_string() ? environmentFromWord(QString::fromStdString(word.get<std::string>())) : std::nullopt;
        if (tag)
            tags.push_back(*tag);
    }
    return tags;
}

Result<void> ProfileStore::noteSystem(const QString &name, const QString &systemId) const
{
    return edit(m_path, [&](Json &document) -> Result<void> {
        Json &entries = document["connections"];
        const auto entry = findEntry(entries, name);
        if (entry == entries.end())
            return failure(ErrorCode::NotFound, tr("There is no saved connection “%1”.").arg(name.left(80)));
        (*entry)["systemId"] = systemId.toStdString();
        return {};
    });
}

Result<void> ProfileStore::remove(const QString &name) const
{
    return edit(m_path, [&](Json &document) -> Result<void> {
        Json &entries = document["connections"];
        const auto entry = findEntry(entries, name);
        if (entry == entries.end())
            return failure(ErrorCode::NotFound, tr("There is no saved connection “%1”.").arg(name.left(80)));
        entries.erase(entry);
        return {};
    });
}

Result<QStringList> ProfileStore::command(const QString &name) const
{
    const Result<Json> document = readDocument(m_path);
    if (!document)
        return tl::unexpected(document.error());
    const Json commands = document->value("commands", Json::object());
    if (!commands.is_object())
        return broken(m_path, tr("“commands” is not an object with a list of texts for each name."));
    const auto found = commands.find(name.toStdString());
    if (found == commands.end()) {
        QStringList known;
        for (const auto &[each, list] : commands.items())
            known += QString::fromStdString(each);
        return failure(ErrorCode::NotFound, tr("There is no command “%1” in “%2”.").arg(name.left(100), m_path),
                       known.isEmpty() ? tr("Write one there: \"commands\": {\"%1\": [\"kubectl\", \"exec\", \"-i\", \"deploy/shop\", \"--\", \"streamgauge-worker\"]}").arg(name.left(100))
                                       : tr("There are: %1.").arg(known.mid(0, 20).join(QStringLiteral(", "))));
    }
    const QStringList arguments = argumentsOf(*found);
    if (arguments.isEmpty())
        return broken(m_path, tr("the command “%1” is not a list of texts: the program and its arguments.").arg(name.left(100)));
    return checkOwn().map([&arguments] { return arguments; });
}

Result<void> ProfileStore::checkOwn() const
{
    const QFileInfo file(m_path);
    const bool isForeign = file.ownerId() != geteuid() && file.ownerId() != 0;
    if (isForeign || file.permission(QFile::WriteGroup) || file.permission(QFile::WriteOther)) {
        return failure(ErrorCode::Refused, tr("Others may write the file of saved connections “%1”, so no command in it is run.").arg(m_path),
                       tr("Make it yours alone: chmod go-w %1").arg(m_path));
    }
    return {};
}

Result<Profile> ProfileStore::find(const QString &nameOrUrl) const
{
    if (looksLikeUrl(nameOrUrl))
        return parseConnection(nameOrUrl).map([](const ConnectionSpec &spec) { return Profile{spec, {}, {}}; });
    const Result<std::vector<Profile>> profiles = load();
    if (!profiles)
        return tl::unexpected(profiles.error());
    QStringList names;
    for (const Profile &profile : *profiles) {
        if (profile.spec.name == nameOrUrl)
            return profile;
        names += profile.spec.name;
    }
    const QString known = names.isEmpty() ? tr("No connection is saved.") : tr("Saved are: %1.").arg(names.mid(0, 20).join(QStringLiteral(", ")));
    return failure(ErrorCode::NotFound, tr("There is no saved connection “%1”.").arg(nameOrUrl.left(80)),
                   known + u' ' + tr("An address is written kafka://host:port, sqlite:PATH or postgresql://user@host/database."));
}

} // namespace session
