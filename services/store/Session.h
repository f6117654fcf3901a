// One transaction as a repository sees it: statements, the revision of its changes, and what they touched.
// Made by Store::write() and Store::read() only, lives on a store thread, ends with the work that was given
// it. Nothing is written unless that work returns a value and the commit succeeds.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "services/store/ChangeSet.h"
#include "services/store/Connection.h"

namespace postern::store {

class Session
{
public:
    Session(Connection& connection, Access access)
        : m_connection(connection)
        , m_access(access)
    {
    }
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session(); // rolls back unless committed

    [[nodiscard]] static Expected<void> begin(Session& session);
    [[nodiscard]] Expected<void> commit();

    [[nodiscard]] Connection& connection() { return m_connection; }
    [[nodiscard]] Dialect dialect() const { return m_connection.dialect(); }

    // Says that this transaction changes `table`, and returns the revision its rows carry. Called before the
    // first write to a table: the counter's row is locked from here to the commit, so revisions are in commit
    // order on PostgreSQL too, and whoever read up to revision n has seen every change up to n.
    [[nodiscard]] Expected<qint64> touch(Table table);
    // As touch(), and rows of `table` are physically deleted: readers that knew less than `revision` start
    // again.
    [[nodiscard]] Expected<void> forgetBefore(Table table, qint64 revision);

    // The first of `count` row ids that nobody has had, for the tables that are written in bulk.
    [[nodiscard]] Expected<qint64> allocateIds(Table table, qint64 count);
    // The site's secret for row hashes.
    [[nodiscard]] Expected<quint64> hashSeed();
    // The revision at which `table` was last changed, this transaction included.
    [[nodiscard]] Expected<qint64> tableRevision(Table table);

    // A statement failed: whatever the work makes of it, this transaction is not committed (PostgreSQL would
    // refuse, SQLite would not).
    void setFailed(const Error& error)
    {
        if (!m_failure)
            m_failure = error;
    }

    [[nodiscard]] const ChangeSet& changes() const { return m_changes; }
    // Runs after a rollback, on the store's thread: for what a repository keeps with the connection.
    void onRollback(std::function<void()> action) { m_onRollback.push_back(std::move(action)); }

private:
    void finishRollback();

    Connection& m_connection;
    Access m_access;
    bool m_open = false;
    std::optional<Error> m_failure;
    ChangeSet m_changes;
    std::vector<std::function<void()>> m_onRollback;
};

} // namespace postern::store
