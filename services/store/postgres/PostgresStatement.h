// One server-side prepared statement. ":name" becomes $n; text and bytes are sent in binary form, so nothing
// is quoted. Thread of its connection.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "services/store/postgres/PostgresConnection.h"

namespace postern::store {

class PostgresStatement final : public Statement
{
public:
    PostgresStatement(PostgresConnection& connection, std::string_view sql, std::size_t number);
    ~PostgresStatement() override;
    [[nodiscard]] Expected<void> prepare();

    [[nodiscard]] int parameter(std::string_view name) const override;
    void bindInteger(int parameter, qint64 value) override;
    void bindText(int parameter, std::string_view utf8) override;
    void bindBytes(int parameter, QByteArrayView bytes) override;
    void bindNull(int parameter) override;
    void setStreaming(bool on) override { m_streaming = on; }

    [[nodiscard]] Expected<bool> step() override;
    [[nodiscard]] bool isNull(int column) const override;
    [[nodiscard]] qint64 integer(int column) const override;
    [[nodiscard]] std::string_view text(int column) const override;
    [[nodiscard]] QByteArray bytes(int column) const override;
    [[nodiscard]] qint64 affectedRows() const override { return m_affected; }
    void reset() override;
    void release() override;

private:
    void number(std::string_view sql);
    [[nodiscard]] Expected<void> start();
    [[nodiscard]] Expected<bool> nextStreamed();
    void setResult(pg_result* result);

    PostgresConnection& m_connection;
    std::string m_name;
    std::string m_sql; // with $n
    std::vector<std::string> m_parameters;
    std::vector<const char*> m_values;
    std::vector<int> m_lengths;
    std::vector<int> m_formats;
    std::vector<std::array<char, 24>> m_numbers;
    pg_result* m_result = nullptr;
    int m_row = -1;
    qint64 m_affected = 0;
    bool m_streaming = false;
    bool m_started = false;
    bool m_receiving = false; // streaming: the server has more to say
};

} // namespace postern::store
