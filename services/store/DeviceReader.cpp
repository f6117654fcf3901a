#include "services/store/DeviceReader.h"

#include "services/store/DeviceRowBuilder.h"
#include "services/store/Store.h"

namespace postern::store {

namespace {

Expected<bool> forgotten(Session& session, qint64 since)
{
    Query query(
        session, "SELECT 1 FROM change_state WHERE table_number = :table AND forgotten_before > :since");
    query.bind(":table", int(Table::Partnership)).bind(":since", since);
    const bool found = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

std::string sqlWith(const char* condition)
{
    // mailbox comes second in both plans, one look-up by its integer key a row.
    return "SELECT " + DeviceRowBuilder::columns()
        + " FROM partnership p CROSS JOIN mailbox m WHERE m.id = p.mailbox_id AND " + condition;
}

const std::string& sqlFor(qint64 since)
{
    static const std::string all = sqlWith("p.gone_since IS NULL AND :since = 0");
    static const std::string changed = sqlWith(
        "p.id IN (SELECT id FROM partnership WHERE revision > :since UNION"
        " SELECT q.id FROM mailbox n JOIN partnership q ON q.mailbox_id = n.id WHERE n.revision > :since)");
    return since == 0 ? all : changed;
}

} // namespace

Expected<DeviceRead> readDevices(
    Session& session, qint64 sinceRevision, const std::function<void(const frame::DeviceRow&)>& callback)
{
    auto revision = currentRevision(session);
    auto lost = forgotten(session, sinceRevision);
    auto connectors = loadConnectors(session);
    if (!revision || !lost || !connectors)
        return tl::unexpected(!revision ? revision.error() : !lost ? lost.error() : connectors.error());
    DeviceRead read{*revision, 0, sinceRevision > 0 && *lost};
    if (read.restartNeeded)
        return read;
    DeviceRowBuilder builder(*connectors);
    Query query(session, Sql::constant(sqlFor(sinceRevision)));
    query.bind(":since", sinceRevision).stream();
    while (query.next()) {
        callback(builder.build(query));
        ++read.rows;
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return read;
}

} // namespace postern::store
