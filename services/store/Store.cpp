#include "services/store/Store.h"

#include <QFileInfo>

#include "services/core/Logging.h"
#include "services/store/Migrations.h"
#include "services/store/Query.h"
#include "services/store/postgres/PostgresConnection.h"
#include "services/store/sqlite/SqliteConnection.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

Expected<std::unique_ptr<Connection>> openConnection(
    const SiteAddress& address, const OpenOptions& options, Access access, bool create)
{
    if (address.dialect() == Dialect::Postgres)
        return PostgresConnection::open(
            {address, options.password, options.connectTimeout, options.busyTimeout});
    SqliteOptions sqlite;
    sqlite.filePath = address.filePath();
    sqlite.create = create;
    sqlite.readOnly = access == Access::Read;
    sqlite.busyTimeout = options.busyTimeout;
    if (access == Access::Read)
        sqlite.cacheKilobytes = 4 * 1024; // readers stream; what they read twice is in the system's cache
    return SqliteConnection::open(sqlite);
}

Error placed(Error error, const SiteAddress& address)
{
    if (error.origin.isEmpty())
        error.origin = u"opening the site %1"_s.arg(address.toString());
    return error;
}

Expected<void> prepareSchema(const SiteAddress& address, const OpenOptions& options)
{
    const Access access = options.readOnly ? Access::Read : Access::Write;
    auto connection = openConnection(address, options, access, options.create && !options.readOnly);
    if (!connection)
        return tl::unexpected(connection.error());
    auto version = schemaVersion(**connection);
    if (!version)
        return tl::unexpected(version.error());
    const int newest = shippedMigrations().back().version;
    const int target = options.schemaVersion > 0 ? options.schemaVersion : newest;
    if (*version > newest)
        return fail(ErrorCode::StoreNewer,
            u"the site has schema %1, this program knows up to %2"_s.arg(*version).arg(newest));
    if (*version == 0 && !options.create)
        return fail(ErrorCode::NotFound, u"there is no Postern site; make one with \"site init\""_s);
    if (*version < target && options.readOnly)
        return fail(ErrorCode::StoreFailed,
            u"the site has the old schema %1; open it for writing once"_s.arg(*version));
    if (*version >= target)
        return {};
    (*connection)->setFaultHook(options.faultHook);
    if (auto migrated = migrate(**connection, shippedMigrations(), target); !migrated)
        return tl::unexpected(migrated.error());
    return {};
}

Expected<SiteInfo> readSite(Session& session)
{
    Query query(session,
        "SELECT site_code, created_at, (SELECT max(version) FROM schema_version) FROM site WHERE site_code "
        "IS NOT NULL");
    if (query.next())
        return SiteInfo{query.text(0), query.number(2), query.time(1).value_or(QDateTime())};
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return fail(ErrorCode::NotFound, u"the site is not initialised"_s);
}

Expected<SiteInfo> initialiseSite(Session& session, const QString& siteCode, const QDateTime& now)
{
    static const auto isCodeCharacter = [](QChar c) { return c.unicode() < 128 && c.isLetterOrNumber(); };
    if (siteCode.size() != 3 || !std::all_of(siteCode.begin(), siteCode.end(), isCodeCharacter))
        return fail(
            ErrorCode::InvalidInput, u"a site code is three letters or digits, not \"%1\""_s.arg(siteCode));
    auto present = readSite(session);
    if (present && present->siteCode != siteCode)
        return fail(ErrorCode::Conflict, u"the site has the code %1 already"_s.arg(present->siteCode));
    if (present || present.error().code != ErrorCode::NotFound)
        return present;
    if (auto touched = session.touch(Table::Site); !touched)
        return tl::unexpected(touched.error());
    Query update(session, "UPDATE site SET site_code = :code, created_at = :now");
    if (auto done = update.bind(":code", siteCode).bind(":now", now).run(); !done)
        return tl::unexpected(done.error());
    return readSite(session);
}

} // namespace

Expected<std::unique_ptr<Store>> Store::open(const SiteAddress& address, OpenOptions options)
{
    if (auto prepared = prepareSchema(address, options); !prepared)
        return fail(placed(prepared.error(), address));
    return std::unique_ptr<Store>(new Store(address, std::move(options)));
}

Store::Store(SiteAddress address, OpenOptions options)
    : m_address(std::move(address))
    , m_options(std::move(options))
{
    const auto opener = [this](Access access) -> Expected<std::unique_ptr<Connection>> {
        auto connection = openConnection(m_address, m_options, access, false);
        if (connection && access == Access::Write)
            (*connection)->setFaultHook(m_options.faultHook);
        return connection;
    };
    m_readers.start(std::max(1, m_options.readers), [opener] { return opener(Access::Read); });
    if (!m_options.readOnly)
        m_writer.start(1, [opener] { return opener(Access::Write); });
}

Store::~Store()
{
    m_readers.close(true);
    m_writer.close(true);
}

QFuture<Expected<SiteInfo>> Store::initialise(QString siteCode, QDateTime now)
{
    return write([siteCode, now](Session& session) { return initialiseSite(session, siteCode, now); });
}

QFuture<Expected<SiteInfo>> Store::site()
{
    return read([](Session& session) { return readSite(session); });
}

void Store::announce(const ChangeSet& changes)
{
    const std::lock_guard lock(m_pendingMutex);
    const bool posted = !m_pending.isEmpty();
    m_pending.merge(changes);
    if (!posted)
        QMetaObject::invokeMethod(this, &Store::emitPending, Qt::QueuedConnection);
}

void Store::emitPending()
{
    ChangeSet changes;
    {
        const std::lock_guard lock(m_pendingMutex);
        std::swap(changes, m_pending);
    }
    emit changed(changes);
}

Expected<ChangeSet> changesSince(Session& session, qint64 since)
{
    Query query(session, "SELECT table_number, revision FROM change_state WHERE revision > :since");
    query.bind(":since", since);
    ChangeSet changes;
    changes.setRevision(since);
    while (query.next()) {
        if (query.number(0) >= 0 && query.number(0) < tableCount)
            changes.add(Table(query.number(0)));
        changes.setRevision(std::max(changes.revision(), query.integer(1)));
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return changes;
}

Expected<qint64> currentRevision(Session& session)
{
    Query query(session, "SELECT revision FROM site");
    if (query.next())
        return query.integer(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return fail(ErrorCode::StoreFailed, u"the site's row is missing"_s);
}

Expected<void> checkIntegrity(Session& session)
{
    if (session.dialect() == Dialect::Postgres)
        return {}; // the server's own business (amcheck needs its superuser)
    Query query(session, "PRAGMA integrity_check(1)");
    const bool row = query.next();
    if (auto result = query.result(); !result)
        return result;
    if (!row || query.text(0) != "ok"_L1)
        return fail(
            ErrorCode::StoreFailed, u"the database is damaged: "_s + (row ? query.text(0) : QString()));
    Query keys(session, "PRAGMA foreign_key_check");
    if (keys.next())
        return fail(ErrorCode::StoreFailed, u"a row of %1 refers to a missing one"_s.arg(keys.text(0)));
    return keys.result();
}

} // namespace postern::store
