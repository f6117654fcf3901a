// PostgreSQL through libpq: server-side prepared statements with values bound out of band, COPY for bulk
// rows. A lost session is opened again by the next begin(). Used by the thread that opened it; interrupt()
// from any.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>

#include "services/store/Connection.h"

struct pg_conn;
struct pg_cancel;
struct pg_result;

namespace postern::store {

struct PostgresOptions
{
    SiteAddress address;
    QString password;
    std::chrono::seconds connectTimeout{10};
    std::chrono::milliseconds lockTimeout{10'000};
};

class PostgresConnection final : public Connection
{
public:
    [[nodiscard]] static Expected<std::unique_ptr<Connection>> open(const PostgresOptions& options);
    ~PostgresConnection() override;

    [[nodiscard]] Dialect dialect() const override { return Dialect::Postgres; }
    [[nodiscard]] Expected<void> begin(Access access) override;
    [[nodiscard]] Expected<void> commit() override;
    void rollback() override;
    [[nodiscard]] Expected<Statement*> prepare(std::string_view sql) override;
    [[nodiscard]] Expected<void> runScript(const QByteArray& sql) override;
    void interrupt() override;

    // COPY … FROM STDIN (FORMAT binary): rows are sent as PostgresCopy builds them.
    [[nodiscard]] Expected<void> copyIn(const QByteArray& command, const QByteArray& rows);

private:
    friend class PostgresStatement; // the same folder
    PostgresConnection() = default;
    [[nodiscard]] Expected<void> connect();
    void disconnect();
    [[nodiscard]] Error error(const pg_result* result, std::string_view doing) const;

    PostgresOptions m_options;
    pg_conn* m_session = nullptr;
    std::mutex m_cancelMutex;
    pg_cancel* m_cancel = nullptr;
    std::map<std::string, std::unique_ptr<Statement>, std::less<>> m_statements;
};

} // namespace postern::store
