// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/postgres_server.h"

#include "tests/support/folders.h"

#include <QProcess>
#include <QUrl>
#include <QUuid>

namespace tests {

using namespace connectors;

namespace {

constexpr int TimeoutMs = 120'000;

QByteArray runScript(const QStringList &arguments)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(sourceFolder() + QStringLiteral("/tests/servers/postgres"), arguments);
    if (!process.waitForFinished(TimeoutMs) || process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        qFatal("tests/servers/postgres %s failed.", qPrintable(arguments.join(u' ')));
    return process.readAllStandardOutput();
}

void runOn(const QString &url, const QByteArray &sql)
{
    const auto done = guarded([&] { postgresDatabase(postgresSpec(QUrl(url).path().mid(1), {}, url))->execute(sql); });
    if (!done)
        qFatal("The test's PostgreSQL: %s", qPrintable(done.error().message));
}

} // namespace

QString postgresUrl()
{
    return qEnvironmentVariable("STREAMGAUGE_TEST_POSTGRES");
}

ConnectionSpec postgresSpec(const QString &database, const QMap<QString, QString> &properties, const QString &url)
{
    const QUrl parts(url);
    ConnectionSpec spec;
    spec.name = url;
    spec.kind = SystemKind::EventStorePostgres;
    spec.hosts = {parts.host() + u':' + QString::number(parts.port())};
    spec.path = database;
    spec.userName = parts.userName();
    spec.properties = properties;
    return spec;
}

std::unique_ptr<postgres::Database> postgresDatabase(const ConnectionSpec &spec)
{
    const auto options = postgres::optionsOf(spec, {});
    if (!options)
        qFatal("The test's PostgreSQL: %s", qPrintable(options.error().message));
    auto opened = guarded([&] { return std::make_unique<postgres::Database>(*options, postgres::Database::Access::Write); });
    if (!opened)
        qFatal("The test's PostgreSQL: %s", qPrintable(opened.error().message));
    return std::move(*opened);
}

FreshDatabase::FreshDatabase(const QString &url)
    : m_url(url)
    , m_name(QStringLiteral("test_") + QUuid::createUuid().toString(QUuid::Id128).left(12))
{
    runOn(m_url, "CREATE DATABASE " + m_name.toUtf8());
}

FreshDatabase::~FreshDatabase()
{
    runOn(m_url, "DROP DATABASE " + m_name.toUtf8() + " WITH (FORCE)");
}

ConnectionSpec FreshDatabase::spec(bool mayCreate, const QMap<QString, QString> &properties) const
{
    ConnectionSpec spec = postgresSpec(m_name, properties, m_url);
    spec.mayCreate = mayCreate;
    return spec;
}

FreshPostgres::FreshPostgres()
{
    for (const QString &line : QString::fromUtf8(runScript({QStringLiteral("start")})).split(u'\n', Qt::SkipEmptyParts))
        m_addresses.insert(line.section(u'=', 0, 0), line.section(u'=', 1));
}

FreshPostgres::~FreshPostgres()
{
    runScript({QStringLiteral("stop"), address(QStringLiteral("state"))});
}

void FreshPostgres::kill() const
{
    runScript({QStringLiteral("kill"), address(QStringLiteral("state"))});
}

void FreshPostgres::restart() const
{
    runScript({QStringLiteral("restart"), address(QStringLiteral("state"))});
}

} // namespace tests
