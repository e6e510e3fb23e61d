// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/session/team_folder.h"

#include "app/session/json_file.h"
#include "app/session/translation.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

namespace session {

using namespace connectors;
using TeamJson = nlohmann::ordered_json;

namespace {

/// The reason why an entry cannot be used, with its place; empty: it can.
using Problem = QString;

QString folderOf(const QString &path)
{
    if (!path.isEmpty())
        return path;
    if (const QString named = qEnvironmentVariable("STREAMGAUGE_TEAM_FOLDER"); !named.isEmpty())
        return named;
    const QString here = QDir::current().filePath(QStringLiteral("streamgauge.d"));
    if (QFileInfo(here).isDir())
        return here;
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) + QStringLiteral("/streamgauge/streamgauge.d");
}

auto unusable(const QString &path, const QString &what)
{
    return failure(ErrorCode::Unreadable, tr("The declarations of dead-letter queues in “%1” are not used: %2").arg(path, what),
                   tr("Correct the file, or remove it."));
}

QRegularExpression nameOf(const QString &glob)
{
    QRegularExpression name(QRegularExpression::wildcardToRegularExpression(glob));
    name.optimize();
    return name;
}

/// Reads the members of one entry.
class EntryReader final
{
public:
    EntryReader(const TeamJson &entry, QString place, const QString &connection)
        : m_place(std::move(place))
    {
        if (entry.is_string())
            m_stream = QString::fromStdString(entry.get<std::string>());
        else if (!entry.is_object())
            m_problem = tr("%1 is neither the name of a stream nor an object with one.").arg(m_place);
        else
            for (const auto &[member, value] : entry.items())
                readMember(QString::fromStdString(member), value, connection);
        if (m_problem.isEmpty() && m_stream.isEmpty())
            m_problem = tr("%1 names no “stream”.").arg(m_place);
        if (m_problem.isEmpty() && !nameOf(m_stream).isValid())
            m_problem = tr("%1: “%2” is no name, nor a pattern of names.").arg(m_place, m_stream.left(80));
    }

    [[nodiscard]] const Problem &problem() const { return m_problem; }
    [[nodiscard]] bool isOfConnection() const { return m_isOfConnection; }
    [[nodiscard]] DeclaredQueue queue() const { return {nameOf(m_stream), m_of, m_consumer}; }

private:
    void readMember(const QString &member, const TeamJson &value, const QString &connection)
    {
        const QString place = m_place + u'/' + member;
        if (!value.is_string()) {
            m_problem = tr("%1 is not a text.").arg(place);
            return;
        }
        const QString text = QString::fromStdString(value.get<std::string>());
        if (member == u"stream")
            m_stream = text;
        else if (member == u"connection")
            readConnection(place, text, connection);
        else if (member == u"of")
            m_of = text;
        else if (member == u"consumer")
            m_consumer = text;
        else
            m_problem = tr("%1 is not known; an entry has “stream”, “connection”, “of” and “consumer”.").arg(place);
    }

    void readConnection(const QString &place, const QString &text, const QString &connection)
    {
        const QRegularExpression name = nameOf(text);
        m_isOfConnection = text == connection || (name.isValid() && name.match(connection).hasMatch());
        if (!name.isValid())
            m_problem = tr("%1: “%2” is no name, nor a pattern of names.").arg(place, text.left(80));
    }

    const QString m_place;
    Problem m_problem;
    QString m_stream;
    QString m_of;
    QString m_consumer;
    bool m_isOfConnection = true;
};

/// Of one list of the document.
Problem readEntries(const TeamJson &list, const QString &place, const QString &connection, std::vector<DeclaredQueue> *entries)
{
    if (!list.is_array())
        return tr("%1 is not a list.").arg(place);
    for (size_t i = 0; i < list.size(); ++i) {
        const EntryReader entry(list[i], QStringLiteral("%1/%2").arg(place).arg(i), connection);
        if (!entry.problem().isEmpty())
            return entry.problem();
        if (entry.isOfConnection())
            entries->push_back(entry.queue());
    }
    return {};
}

Problem readDeclarations(const TeamJson &document, const QString &connection, DeadLetterDeclarations *declarations)
{
    if (!document.is_object())
        return tr("line 1: it is not an object with the lists “deadLetterQueues” and “notDeadLetterQueues”.");
    for (const auto &[member, list] : document.items()) {
        const QString name = QString::fromStdString(member);
        const QString place = u'/' + name;
        const bool isNot = name == u"notDeadLetterQueues";
        if (!isNot && name != u"deadLetterQueues")
            return tr("%1 is not known; the lists are called “deadLetterQueues” and “notDeadLetterQueues”.").arg(place);
        std::vector<DeclaredQueue> entries;
        if (const Problem problem = readEntries(list, place, connection, &entries); !problem.isEmpty())
            return problem;
        for (const DeclaredQueue &entry : entries) {
            if (isNot)
                declarations->notQueues.push_back(entry.stream);
            else
                declarations->queues.push_back(entry);
        }
    }
    return {};
}

} // namespace

Result<DeadLetterDeclarations> TeamFolder::deadLetters(const QString &connection) const
{
    const QString folder = folderOf(m_path);
    QFile file(folder + QStringLiteral("/dead-letters.json"));
    DeadLetterDeclarations declarations;
    if (!file.exists()) {
        if (folder == qEnvironmentVariable("STREAMGAUGE_TEAM_FOLDER") && !QFileInfo(folder).isDir())
            return failure(ErrorCode::NotFound, tr("There is no folder “%1”, which STREAMGAUGE_TEAM_FOLDER names.").arg(folder), tr("Correct the path, or unset the variable."));
        return declarations;
    }
    if (!QFileInfo(file).isFile()) // to open a pipe would wait for who writes
        return unusable(file.fileName(), tr("it is not a file."));
    if (!file.open(QIODevice::ReadOnly))
        return unusable(file.fileName(), file.errorString());
    const auto document = readJson(file);
    if (!document)
        return unusable(file.fileName(), document.error());
    if (const Problem problem = readDeclarations(*document, connection, &declarations); !problem.isEmpty())
        return unusable(file.fileName(), problem);
    return declarations;
}

Result<models::aggregate::Upcasts> TeamFolder::upcasts() const
{
    constexpr qint64 MostFileBytes = 4 * 1024 * 1024;
    const QDir folder(folderOf(m_path) + QStringLiteral("/projections"));
    std::vector<models::aggregate::Upcasts::File> files;
    // Not what is no file: to open a pipe would wait for who writes.
    for (const QFileInfo &found : folder.entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        QFile file(found.filePath());
        const bool isOpen = file.open(QIODevice::ReadOnly);
        QByteArray text = isOpen ? file.read(MostFileBytes + 1) : QByteArray();
        if (!isOpen || text.size() > MostFileBytes)
            return failure(ErrorCode::Unreadable, tr("The projection file “%1” is not used: %2").arg(file.fileName(), isOpen ? tr("it is larger than 4 MiB.") : file.errorString()),
                           tr("Correct the file, or remove it."));
        files.push_back({found.fileName(), std::move(text)});
    }
    return models::aggregate::Upcasts::of(files);
}

} // namespace session
