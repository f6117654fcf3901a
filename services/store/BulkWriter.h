// Many rows of one shape: on SQLite a prepared statement for each, on PostgreSQL COPY (into the table, or
// into a staging table from which set statements take them), which measured 15 times prepared inserts. The
// repository says the shape in both dialects and hands over values once, in column order. Store thread,
// inside a Session.
#pragma once

#include <vector>

#include "services/store/Query.h"
#include "services/store/Utf8Buffer.h"
#include "services/store/postgres/PostgresCopy.h"

namespace postern::store {

// Built from constants only. In SQLite statements ?1 is the first value of a row.
struct BulkShape
{
    int columns = 0;
    std::vector<std::string> sqlite; // run for each row; the last one must affect exactly one
    std::string stage; // PostgreSQL: CREATE TEMP TABLE …; empty: COPY goes straight into the table
    std::string copy; // COPY … FROM STDIN (FORMAT binary)
    std::vector<std::string> postgres; // after the COPY; the last one must affect every row
};

class BulkWriter
{
public:
    BulkWriter(Session& session, const BulkShape& shape);
    BulkWriter(const BulkWriter&) = delete;
    BulkWriter& operator=(const BulkWriter&) = delete;
    ~BulkWriter();

    void beginRow();
    void integer(qint64 value);
    void text(const QString& value);
    void uuid(const QUuid& value);
    void null();
    void time(const std::optional<QDateTime>& value)
    {
        if (value)
            integer(value->toMSecsSinceEpoch());
        else
            null();
    }
    [[nodiscard]] Expected<void> endRow();
    // Nothing may be written afterwards. Internal when a row was not there to be updated.
    [[nodiscard]] Expected<void> finish();

private:
    void add(std::string_view utf8);
    [[nodiscard]] Expected<void> runRow();
    [[nodiscard]] Expected<void> copyAll();

    Session& m_session;
    const BulkShape& m_shape;
    bool m_copying; // PostgreSQL
    std::vector<Statement*> m_statements; // SQLite
    PostgresCopy m_copy;
    Utf8Buffer m_texts;
    std::optional<Error> m_error;
    int m_column = 0;
    qint64 m_rows = 0;
};

} // namespace postern::store
