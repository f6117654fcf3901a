#include "tests/services/store/SiteFixture.h"

#include <libpq-fe.h>

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

QString serverUrl()
{
    return qEnvironmentVariable("POSTERN_TEST_PG");
}

bool onServer(const QByteArray& sql)
{
    auto* session = PQconnectdb(serverUrl().toUtf8().constData());
    auto* result = PQexec(session, sql.constData());
    const bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok)
        qWarning() << sql << PQerrorMessage(session);
    PQclear(result);
    PQfinish(session);
    return ok;
}

} // namespace

QString SiteFixture::whyNot(Dialect dialect)
{
    if (dialect == Dialect::Postgres && serverUrl().isEmpty())
        return u"POSTERN_TEST_PG is not set (tests/support/postgres.sh run … sets it)"_s;
    return {};
}

SiteFixture::SiteFixture(Dialect dialect)
{
    QString text = m_folder.filePath(u"site.db"_s);
    if (dialect == Dialect::Postgres) {
        m_database = u"test_"_s + QUuid::createUuid().toString(QUuid::Id128);
        if (!onServer("CREATE DATABASE " + m_database.toLatin1()))
            qFatal("cannot make a database");
        QUrl url(serverUrl());
        url.setPath(u'/' + m_database);
        text = url.toString();
    }
    auto parsed = SiteAddress::parse(text);
    if (!parsed)
        qFatal("%s", qPrintable(parsed.error().toLogText()));
    m_address = *parsed;
}

SiteFixture::~SiteFixture()
{
    if (!m_database.isEmpty())
        onServer("DROP DATABASE " + m_database.toLatin1() + " WITH (FORCE)");
}

Expected<std::unique_ptr<Store>> SiteFixture::open(OpenOptions options) const
{
    options.create = true;
    return Store::open(m_address, std::move(options));
}

} // namespace postern::store
