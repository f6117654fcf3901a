// SQLite through its C API. WAL, synchronous=NORMAL (a commit may be lost with the power, never torn),
// foreign keys on. Used by the thread that opened it; interrupt() from any.
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "services/store/Connection.h"

struct sqlite3;
struct sqlite3_stmt;

namespace postern::store {

struct SqliteOptions
{
    QString filePath;
    bool create = false;
    bool readOnly = false;
    std::chrono::milliseconds busyTimeout{10'000};
    int cacheKilobytes
        = 8 * 1024; // a full synchronisation stays within 64 MB with it; the system caches the rest
};

class SqliteConnection final : public Connection
{
public:
    [[nodiscard]] static Expected<std::unique_ptr<Connection>> open(const SqliteOptions& options);
    ~SqliteConnection() override;

    [[nodiscard]] Dialect dialect() const override { return Dialect::Sqlite; }
    [[nodiscard]] Expected<void> begin(Access access) override;
    [[nodiscard]] Expected<void> commit() override;
    void rollback() override;
    [[nodiscard]] Expected<Statement*> prepare(std::string_view sql) override;
    [[nodiscard]] Expected<void> runScript(const QByteArray& sql) override;
    void interrupt() override;

private:
    friend class SqliteStatement; // the same file pair
    SqliteConnection() = default;
    [[nodiscard]] Expected<void> configure(const SqliteOptions& options);
    [[nodiscard]] Error error(int code, std::string_view doing) const;

    sqlite3* m_database = nullptr;
    QString m_filePath;
    std::map<std::string, std::unique_ptr<Statement>, std::less<>> m_statements;
};

} // namespace postern::store
