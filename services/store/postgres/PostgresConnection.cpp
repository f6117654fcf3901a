#include "services/store/postgres/PostgresConnection.h"

#include <libpq-fe.h>

#include "services/core/Logging.h"
#include "services/store/postgres/PostgresStatement.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

ErrorCode codeOfState(QByteArrayView state)
{
    if (state == "23505")
        return ErrorCode::Conflict;
    if (state == "23503")
        return ErrorCode::NotFound;
    if (state == "55P03" || state == "40P01"
        || state == "53300") // lock time-out, deadlock, too many connections
        return ErrorCode::ServerBusy;
    if (state == "57014")
        return ErrorCode::Cancelled;
    if (state.startsWith("28"))
        return ErrorCode::AuthenticationFailed;
    if (state == "42501")
        return ErrorCode::AccessDenied;
    if (state == "3D000")
        return ErrorCode::NotFound;
    if (state.startsWith("08") || state.startsWith("57P"))
        return ErrorCode::ConnectionLost;
    return ErrorCode::StoreFailed;
}

// Connecting leaves no SQLSTATE, only words.
ErrorCode codeOfConnectFailure(const QString& words)
{
    if (words.contains("authentication"_L1) || words.contains("no password supplied"_L1))
        return ErrorCode::AuthenticationFailed;
    if (words.contains("could not translate host name"_L1))
        return ErrorCode::HostNotFound;
    if (words.contains("does not exist"_L1) && words.contains("database"_L1))
        return ErrorCode::NotFound;
    if (words.contains("timeout expired"_L1))
        return ErrorCode::Timeout;
    if (words.contains("refused"_L1) || words.contains("No such file"_L1))
        return ErrorCode::ConnectionRefused;
    return ErrorCode::StoreUnavailable;
}

} // namespace

Expected<std::unique_ptr<Connection>> PostgresConnection::open(const PostgresOptions& options)
{
    std::unique_ptr<PostgresConnection> connection(new PostgresConnection);
    connection->m_options = options;
    if (auto connected = connection->connect(); !connected)
        return tl::unexpected(connected.error());
    return connection;
}

PostgresConnection::~PostgresConnection()
{
    disconnect();
}

Expected<void> PostgresConnection::connect()
{
    disconnect();
    const QByteArray url = m_options.address.toString().toUtf8();
    const QByteArray password = m_options.password.toUtf8();
    const QByteArray timeout = QByteArray::number(qint64(m_options.connectTimeout.count()));
    // The dead-peer time-outs keep a vanished server from holding the writer for hours.
    const char* const keys[] = {"connect_timeout", "application_name", "keepalives_idle",
        "keepalives_interval", "tcp_user_timeout", "dbname", "client_encoding",
        password.isEmpty() ? nullptr : "password", nullptr};
    const char* const values[] = {timeout.constData(), "postern", "15", "5", "30000", url.constData(), "UTF8",
        password.isEmpty() ? nullptr : password.constData(), nullptr};
    m_session = PQconnectdbParams(keys, values, 1);
    if (PQstatus(m_session) != CONNECTION_OK) {
        const QString words = QString::fromUtf8(PQerrorMessage(m_session)).trimmed();
        disconnect();
        return fail(
            codeOfConnectFailure(words), words, u"connecting to %1"_s.arg(m_options.address.toString()));
    }
    PQsetNoticeProcessor(
        m_session, [](void*, const char* notice) { qCDebug(core::logStore) << "server:" << notice; },
        nullptr);
    const std::lock_guard lock(m_cancelMutex);
    m_cancel = PQgetCancel(m_session);
    return runScript("SET standard_conforming_strings=on; SET lock_timeout="
        + QByteArray::number(qint64(m_options.lockTimeout.count())));
}

void PostgresConnection::disconnect()
{
    m_statements.clear();
    {
        const std::lock_guard lock(m_cancelMutex);
        PQfreeCancel(m_cancel);
        m_cancel = nullptr;
    }
    PQfinish(m_session);
    m_session = nullptr;
}

Error PostgresConnection::error(const pg_result* result, std::string_view doing) const
{
    const char* state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const QString words
        = QString::fromUtf8(result ? PQresultErrorMessage(result) : PQerrorMessage(m_session)).trimmed();
    ErrorCode code = state ? codeOfState(state) : ErrorCode::StoreFailed;
    if (!m_session || PQstatus(m_session) != CONNECTION_OK)
        code = ErrorCode::ConnectionLost;
    Error error{code, words,
        u"%1: %2"_s.arg(m_options.address.toString(),
            QString::fromUtf8(doing.data(), qsizetype(std::min<std::size_t>(doing.size(), 80))).simplified()),
        {}};
    if (code == ErrorCode::ServerBusy)
        error.retryAfter = std::chrono::seconds(1);
    return error;
}

Expected<void> PostgresConnection::begin(Access access)
{
    const char* const command
        = access == Access::Write ? "BEGIN" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    if (m_session && PQstatus(m_session) == CONNECTION_OK) {
        auto begun = runScript(command);
        if (begun || begun.error().code != ErrorCode::ConnectionLost)
            return begun;
        qCInfo(core::logStore) << "connecting again after" << begun.error().toLogText();
    }
    if (auto connected = connect(); !connected)
        return connected;
    return runScript(command);
}

Expected<void> PostgresConnection::commit()
{
    if (faultInjected())
        return fail(ErrorCode::StoreFailed, u"injected fault"_s, u"COMMIT"_s);
    return runScript("COMMIT");
}

void PostgresConnection::rollback()
{
    for (const auto& entry : m_statements)
        entry.second->release();
    if (!m_session || PQtransactionStatus(m_session) == PQTRANS_IDLE || PQstatus(m_session) != CONNECTION_OK)
        return; // the server has rolled back, or will when it sees the session gone
    if (auto done = runScript("ROLLBACK"); !done)
        qCWarning(core::logStore) << "rollback:" << done.error().toLogText();
}

Expected<Statement*> PostgresConnection::prepare(std::string_view sql)
{
    if (const auto known = m_statements.find(sql); known != m_statements.end())
        return known->second.get();
    auto statement = std::make_unique<PostgresStatement>(*this, sql, m_statements.size());
    if (auto prepared = statement->prepare(); !prepared)
        return tl::unexpected(prepared.error());
    auto& slot = m_statements[std::string(sql)];
    slot = std::move(statement);
    return slot.get();
}

Expected<void> PostgresConnection::runScript(const QByteArray& sql)
{
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(PQexec(m_session, sql.constData()), PQclear);
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return {};
    return fail(error(result.get(), std::string_view(sql.constData(), std::size_t(sql.size()))));
}

void PostgresConnection::interrupt()
{
    const std::lock_guard lock(m_cancelMutex);
    char words[256];
    if (m_cancel)
        PQcancel(m_cancel, words, sizeof words);
}

Expected<void> PostgresConnection::copyIn(const QByteArray& command, const QByteArray& rows)
{
    if (faultInjected())
        return fail(ErrorCode::StoreFailed, u"injected fault"_s, QString::fromUtf8(command.left(80)));
    const std::string_view doing(command.constData(), std::size_t(command.size()));
    {
        const std::unique_ptr<PGresult, void (*)(PGresult*)> opened(
            PQexec(m_session, command.constData()), PQclear);
        if (PQresultStatus(opened.get()) != PGRES_COPY_IN)
            return fail(error(opened.get(), doing));
    }
    constexpr qsizetype chunk = 64 * 1024;
    for (qsizetype at = 0; at < rows.size(); at += chunk) {
        if (PQputCopyData(m_session, rows.constData() + at, int(std::min(chunk, rows.size() - at))) != 1)
            break; // the result below says why
    }
    PQputCopyEnd(m_session, nullptr);
    std::optional<Error> failure;
    while (auto* raw = PQgetResult(m_session)) {
        const std::unique_ptr<PGresult, void (*)(PGresult*)> result(raw, PQclear);
        if (PQresultStatus(raw) != PGRES_COMMAND_OK && !failure)
            failure = error(raw, doing);
    }
    if (!failure && PQstatus(m_session) != CONNECTION_OK)
        failure = error(nullptr, doing);
    if (failure)
        return fail(*failure);
    return {};
}

} // namespace postern::store
