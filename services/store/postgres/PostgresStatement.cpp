#include "services/store/postgres/PostgresStatement.h"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>

using namespace Qt::StringLiterals;

namespace postern::store {

PostgresStatement::PostgresStatement(
    PostgresConnection& connection, std::string_view sql, std::size_t number_)
    : m_connection(connection)
    , m_name("postern_" + std::to_string(number_))
{
    number(sql);
    const auto count = m_parameters.size();
    m_values.assign(count, nullptr);
    m_lengths.assign(count, 0);
    m_formats.assign(count, 0);
    m_numbers.resize(count);
}

PostgresStatement::~PostgresStatement()
{
    PQclear(m_result);
}

// Our SQL has neither comments nor dollar quotes; '…' literals and :: casts are the only other places of a
// colon.
void PostgresStatement::number(std::string_view sql)
{
    bool quoted = false;
    for (std::size_t i = 0; i < sql.size(); ++i) {
        const char c = sql[i];
        if (c == '\'')
            quoted = !quoted;
        const bool cast = i + 1 < sql.size() && sql[i + 1] == ':';
        if (c != ':' || quoted || cast || (i > 0 && sql[i - 1] == ':')) {
            m_sql += c;
            continue;
        }
        std::size_t end = i + 1;
        while (end < sql.size() && (std::isalnum(static_cast<unsigned char>(sql[end])) || sql[end] == '_'))
            ++end;
        const std::string name(sql.substr(i, end - i));
        auto place = std::find(m_parameters.begin(), m_parameters.end(), name);
        if (place == m_parameters.end())
            place = m_parameters.insert(place, name);
        m_sql += '$' + std::to_string(place - m_parameters.begin() + 1);
        i = end - 1;
    }
}

Expected<void> PostgresStatement::prepare()
{
    const std::unique_ptr<PGresult, void (*)(PGresult*)> result(
        PQprepare(m_connection.m_session, m_name.c_str(), m_sql.c_str(), 0, nullptr), PQclear);
    if (PQresultStatus(result.get()) != PGRES_COMMAND_OK)
        return fail(m_connection.error(result.get(), m_sql));
    return {};
}

int PostgresStatement::parameter(std::string_view name) const
{
    const auto place = std::find(m_parameters.begin(), m_parameters.end(), name);
    return place == m_parameters.end() ? -1 : int(place - m_parameters.begin());
}

void PostgresStatement::bindInteger(int parameter, qint64 value)
{
    const auto at = std::size_t(parameter);
    auto& digits = m_numbers[at];
    *std::to_chars(digits.data(), digits.data() + digits.size() - 1, value).ptr = '\0';
    m_values[at] = digits.data();
    m_formats[at] = 0;
}

void PostgresStatement::bindText(int parameter, std::string_view utf8)
{
    const auto at = std::size_t(parameter);
    m_values[at] = utf8.data() ? utf8.data() : "";
    m_lengths[at] = int(utf8.size());
    m_formats[at] = 1;
}

void PostgresStatement::bindBytes(int parameter, QByteArrayView bytes)
{
    bindText(parameter, std::string_view(bytes.data(), std::size_t(bytes.size())));
}

void PostgresStatement::bindNull(int parameter)
{
    m_values[std::size_t(parameter)] = nullptr;
}

Expected<void> PostgresStatement::start()
{
    if (m_connection.faultInjected())
        return fail(ErrorCode::StoreFailed, u"injected fault"_s, QString::fromStdString(m_sql).left(80));
    m_started = true;
    auto* session = m_connection.m_session;
    const int count = int(m_values.size());
    if (m_streaming) {
        if (PQsendQueryPrepared(
                session, m_name.c_str(), count, m_values.data(), m_lengths.data(), m_formats.data(), 0)
                != 1
            || PQsetSingleRowMode(session) != 1)
            return fail(m_connection.error(nullptr, m_sql));
        m_receiving = true;
        return {};
    }
    setResult(PQexecPrepared(
        session, m_name.c_str(), count, m_values.data(), m_lengths.data(), m_formats.data(), 0));
    const auto status = PQresultStatus(m_result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
        return fail(m_connection.error(m_result, m_sql));
    m_affected = QByteArray(PQcmdTuples(m_result)).toLongLong();
    return {};
}

Expected<bool> PostgresStatement::step()
{
    if (!m_started) {
        if (auto started = start(); !started)
            return tl::unexpected(started.error());
    }
    if (m_streaming)
        return nextStreamed();
    ++m_row;
    return m_row < PQntuples(m_result);
}

Expected<bool> PostgresStatement::nextStreamed()
{
    while (auto* result = PQgetResult(m_connection.m_session)) {
        setResult(result);
        const auto status = PQresultStatus(result);
        if (status == PGRES_SINGLE_TUPLE) {
            m_row = 0;
            return true;
        }
        if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
            return fail(m_connection.error(result, m_sql));
    }
    m_receiving = false;
    return false;
}

void PostgresStatement::setResult(pg_result* result)
{
    PQclear(m_result);
    m_result = result;
}

bool PostgresStatement::isNull(int column) const
{
    return PQgetisnull(m_result, m_row, column) != 0;
}

qint64 PostgresStatement::integer(int column) const
{
    const auto digits = text(column);
    qint64 value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::string_view PostgresStatement::text(int column) const
{
    return {PQgetvalue(m_result, m_row, column), std::size_t(PQgetlength(m_result, m_row, column))};
}

QByteArray PostgresStatement::bytes(int column) const
{
    const auto hex = text(column); // bytea_output=hex: \x0123
    return hex.size() < 2 ? QByteArray()
                          : QByteArray::fromHex(QByteArray(hex.data() + 2, qsizetype(hex.size()) - 2));
}

void PostgresStatement::reset()
{
    if (m_receiving) {
        while (auto* rest = PQgetResult(m_connection.m_session))
            PQclear(rest);
    }
    setResult(nullptr);
    m_receiving = m_started = m_streaming = false;
    m_row = -1;
    m_affected = 0;
}

void PostgresStatement::release()
{
    reset();
    std::fill(m_values.begin(), m_values.end(), nullptr);
}

} // namespace postern::store
