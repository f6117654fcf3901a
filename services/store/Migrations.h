// The schema: numbered scripts in resources/schema, one source for both dialects, forward only. Any number of
// them is applied in one transaction, so a site has an old schema or a new one, never one between. Thread of
// the connection.
#pragma once

#include <QByteArray>
#include <vector>

#include "services/store/Connection.h"

namespace postern::store {

struct Migration
{
    int version = 0;
    QByteArray script; // with the tokens $ID, $KEY, $TEXT, $BYTES
};

[[nodiscard]] const std::vector<Migration>& shippedMigrations(); // by version, 1 to newest
[[nodiscard]] QByteArray scriptFor(Dialect dialect, const Migration& migration);

// 0: an empty database. StoreFailed: tables of something else.
[[nodiscard]] Expected<int> schemaVersion(Connection& connection);
// Brings the schema to `target`; returns the version it is at. StoreNewer when it is beyond the newest of
// `migrations`.
[[nodiscard]] Expected<int> migrate(
    Connection& connection, const std::vector<Migration>& migrations, int target);

} // namespace postern::store
