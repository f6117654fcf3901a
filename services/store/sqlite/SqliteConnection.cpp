#include "services/store/sqlite/SqliteConnection.h"

#include <sqlite3.h>

#include <QFile>
#include <QFileInfo>

#include "services/core/Logging.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

QString excerpt(std::string_view sql)
{
    return QString::fromUtf8(sql.data(), qsizetype(std::min<std::size_t>(sql.size(), 80))).simplified();
}

struct Meaning
{
    ErrorCode code;
    QString words;
};

// What a result code means to somebody who has to do something about it.
Meaning meaningOf(int extended)
{
    if (extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY)
        return {ErrorCode::Conflict, u"such a row exists already"_s};
    if (extended == SQLITE_CONSTRAINT_FOREIGNKEY)
        return {ErrorCode::NotFound, u"a row it belongs to was removed"_s};
    switch (extended & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return {ErrorCode::ServerBusy, u"the database is locked by another process"_s};
    case SQLITE_FULL:
        return {ErrorCode::StoreFailed, u"the disk is full"_s};
    case SQLITE_READONLY:
        return {ErrorCode::StoreUnavailable, u"the database file or its folder is read-only"_s};
    case SQLITE_CANTOPEN:
        return {ErrorCode::StoreUnavailable, u"the database file cannot be opened"_s};
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return {ErrorCode::StoreUnavailable, u"access to the database file is denied"_s};
    case SQLITE_CORRUPT:
        return {ErrorCode::StoreFailed, u"the database file is damaged; restore a backup"_s};
    case SQLITE_NOTADB:
        return {ErrorCode::StoreFailed, u"the file is not a database"_s};
    case SQLITE_IOERR:
        return {ErrorCode::StoreFailed, u"reading or writing the database file failed"_s};
    case SQLITE_INTERRUPT:
        return {ErrorCode::Cancelled, u"the store is closing"_s};
    default:
        return {ErrorCode::StoreFailed, u"the statement failed"_s};
    }
}

} // namespace

class SqliteStatement final : public Statement
{
public:
    SqliteStatement(SqliteConnection& connection, sqlite3_stmt* statement)
        : m_connection(connection)
        , m_statement(statement)
    {
    }
    ~SqliteStatement() override { sqlite3_finalize(m_statement); }

    int parameter(std::string_view name) const override
    {
        return sqlite3_bind_parameter_index(m_statement, std::string(name).c_str()) - 1;
    }
    void bindInteger(int parameter, qint64 value) override
    {
        sqlite3_bind_int64(m_statement, parameter + 1, value);
    }
    void bindText(int parameter, std::string_view utf8) override
    {
        sqlite3_bind_text64(m_statement, parameter + 1, utf8.data() ? utf8.data() : "", utf8.size(),
            SQLITE_STATIC, SQLITE_UTF8);
    }
    void bindBytes(int parameter, QByteArrayView bytes) override
    {
        sqlite3_bind_blob64(m_statement, parameter + 1, bytes.isEmpty() ? "" : bytes.data(),
            sqlite3_uint64(bytes.size()), SQLITE_STATIC);
    }
    void bindNull(int parameter) override { sqlite3_bind_null(m_statement, parameter + 1); }
    void setStreaming(bool) override { } // it always streams

    Expected<bool> step() override
    {
        if (!m_started) {
            if (m_connection.faultInjected())
                return fail(ErrorCode::StoreFailed, u"injected fault"_s, excerpt(sqlite3_sql(m_statement)));
            m_started = true;
        }
        const int code = sqlite3_step(m_statement);
        if (code == SQLITE_ROW)
            return true;
        if (code == SQLITE_DONE)
            return false;
        return fail(m_connection.error(code, sqlite3_sql(m_statement)));
    }
    bool isNull(int column) const override { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }
    qint64 integer(int column) const override { return sqlite3_column_int64(m_statement, column); }
    std::string_view text(int column) const override
    {
        const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(m_statement, column));
        return data ? std::string_view(data, std::size_t(sqlite3_column_bytes(m_statement, column)))
                    : std::string_view();
    }
    QByteArray bytes(int column) const override
    {
        const auto* data = static_cast<const char*>(sqlite3_column_blob(m_statement, column));
        return QByteArray(data, sqlite3_column_bytes(m_statement, column));
    }
    qint64 affectedRows() const override { return sqlite3_changes64(sqlite3_db_handle(m_statement)); }
    void reset() override
    {
        sqlite3_reset(m_statement);
        m_started = false;
    }
    void release() override
    {
        reset();
        sqlite3_clear_bindings(m_statement);
    }

private:
    SqliteConnection& m_connection;
    sqlite3_stmt* m_statement;
    bool m_started = false;
};

Expected<std::unique_ptr<Connection>> SqliteConnection::open(const SqliteOptions& options)
{
    const QString origin = u"opening %1"_s.arg(options.filePath);
    if (!QFileInfo::exists(options.filePath)) {
        if (!options.create)
            return fail(ErrorCode::NotFound, u"there is no such file"_s, origin);
        QFile file(
            options.filePath); // made here, so that nobody else can read it: it names people and their phones
        if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly))
            return fail(ErrorCode::StoreUnavailable, file.errorString(), origin);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }
    std::unique_ptr<SqliteConnection> connection(new SqliteConnection);
    connection->m_filePath = options.filePath;
    const int flags = (options.readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
        | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(
        QFile::encodeName(options.filePath).constData(), &connection->m_database, flags, nullptr);
    if (code != SQLITE_OK)
        return fail(connection->error(code, "opening it"));
    if (auto configured = connection->configure(options); !configured)
        return tl::unexpected(configured.error());
    return connection;
}

SqliteConnection::~SqliteConnection()
{
    m_statements.clear();
    sqlite3_close_v2(m_database);
}

Expected<void> SqliteConnection::configure(const SqliteOptions& options)
{
    sqlite3_busy_timeout(m_database, int(options.busyTimeout.count()));
    sqlite3_db_config(m_database, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(m_database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    QByteArray pragmas = "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-"
        + QByteArray::number(options.cacheKilobytes) + ';';
    // journal_size_limit: the log file shrinks again after a long reader held it back.
    pragmas += options.readOnly
        ? "PRAGMA query_only=ON;"
        : "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=33554432;";
    return runScript(pragmas);
}

Error SqliteConnection::error(int code, std::string_view doing) const
{
    const int extended = m_database ? sqlite3_extended_errcode(m_database) : code;
    const Meaning meaning = meaningOf((extended & 0xff) == (code & 0xff) ? extended : code);
    const QString words = m_database ? QString::fromUtf8(sqlite3_errmsg(m_database)) : QString();
    Error error{meaning.code, u"%1 (SQLite %2: %3)"_s.arg(meaning.words).arg(extended).arg(words),
        u"%1: %2"_s.arg(m_filePath, excerpt(doing)), {}};
    if (meaning.code == ErrorCode::ServerBusy)
        error.retryAfter = std::chrono::seconds(1);
    return error;
}

Expected<void> SqliteConnection::begin(Access access)
{
    // IMMEDIATE: the lock is taken now, with the busy time-out, and not at the first write, where it could
    // only fail.
    return runScript(access == Access::Write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Expected<void> SqliteConnection::commit()
{
    if (faultInjected())
        return fail(ErrorCode::StoreFailed, u"injected fault"_s, u"COMMIT"_s);
    return runScript("COMMIT");
}

void SqliteConnection::rollback()
{
    for (const auto& entry : m_statements)
        entry.second->release();
    if (sqlite3_get_autocommit(m_database) != 0)
        return; // SQLite rolled back by itself (disk full, I/O error)
    if (auto done = runScript("ROLLBACK"); !done)
        qCWarning(core::logStore) << "rollback:" << done.error().toLogText();
}

Expected<Statement*> SqliteConnection::prepare(std::string_view sql)
{
    if (const auto known = m_statements.find(sql); known != m_statements.end())
        return known->second.get();
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(
        m_database, sql.data(), int(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK)
        return fail(error(code, sql));
    auto& slot = m_statements[std::string(sql)];
    slot = std::make_unique<SqliteStatement>(*this, statement);
    return slot.get();
}

Expected<void> SqliteConnection::runScript(const QByteArray& sql)
{
    const int code = sqlite3_exec(m_database, sql.constData(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK)
        return fail(error(code, std::string_view(sql.constData(), std::size_t(sql.size()))));
    return {};
}

void SqliteConnection::interrupt()
{
    sqlite3_interrupt(m_database);
}

} // namespace postern::store
