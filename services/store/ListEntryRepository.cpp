#include "services/store/ListEntryRepository.h"

#include <set>

#include "services/store/Query.h"

namespace postern {

std::span<const EnumEntry<store::AccessList>> EnumTable<store::AccessList>::entries()
{
    static constexpr EnumEntry<store::AccessList> table[]
        = {{store::AccessList::Allowed, u"Allowed"}, {store::AccessList::Blocked, u"Blocked"}};
    return table;
}

} // namespace postern

namespace postern::store {

namespace {

const std::string& selectEntries()
{
    static const std::string sql
        = "SELECT e.connector_id, e.mailbox_id, m.identity, e.list, e.device_id, e.origin, e.reason,"
          " e.write_id, e.written_at, e.expires_at FROM list_entry e JOIN mailbox m ON m.id = e.mailbox_id ";
    return sql;
}

Expected<std::vector<ListEntry>> collect(Query& query)
{
    std::vector<ListEntry> entries;
    while (query.next()) {
        ListEntry entry;
        entry.connectorId = query.id<ConnectorTag>(0);
        entry.mailboxId = query.id<MailboxTag>(1);
        entry.mailboxIdentity = query.text(2);
        entry.list = query.enumeration(3, AccessList::Blocked);
        entry.deviceId = query.text(4);
        entry.origin = query.enumeration(5, WriteOrigin::Policy);
        entry.reason = query.text(6);
        entry.writeId = query.id<WriteTag>(7);
        entry.writtenAt = query.time(8).value_or(QDateTime());
        entry.expiresAt = query.time(9);
        entries.push_back(std::move(entry));
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return entries;
}

} // namespace

QString listKey(const QString& deviceId)
{
    return deviceId.trimmed().toCaseFolded();
}

Expected<void> ListEntryRepository::record(
    const WriteRecord& write, const std::optional<QDateTime>& expiresAt)
{
    const auto* list = std::get_if<ListWrite>(&write.write);
    if (!list)
        return {};
    if (auto revision = m_session.touch(Table::Write); !revision)
        return tl::unexpected(revision.error());
    Expected<void> done = drop(write.mailboxId, AccessList::Allowed, list->removeAllowed);
    if (done)
        done = drop(write.mailboxId, AccessList::Blocked, list->removeBlocked);
    if (done)
        done = add(write, AccessList::Allowed, list->addAllowed, expiresAt);
    if (done)
        done = add(write, AccessList::Blocked, list->addBlocked, expiresAt);
    return done;
}

Expected<void> ListEntryRepository::add(const WriteRecord& write, AccessList list, const QStringList& ids,
    const std::optional<QDateTime>& expiresAt)
{
    for (const QString& id : ids) {
        Query query(m_session,
            "INSERT INTO list_entry (mailbox_id, list, device_key, device_id, connector_id, origin, reason,"
            " write_id, written_at, expires_at) VALUES (:mailbox, :list, :key, :device, :connector, :origin,"
            " :reason, :write, :at, :expires) ON CONFLICT (mailbox_id, list, device_key) DO UPDATE SET"
            " device_id = excluded.device_id, origin = excluded.origin, reason = excluded.reason,"
            " write_id = excluded.write_id, written_at = excluded.written_at,"
            " expires_at = excluded.expires_at");
        query.bind(":mailbox", write.mailboxId.value).bind(":list", list).bind(":key", listKey(id));
        query.bind(":device", id).bind(":connector", write.connectorId.value).bind(":origin", write.origin);
        query.bind(":reason", write.cause).bind(":write", write.id.value).bind(":expires", expiresAt);
        if (auto done = query.bind(":at", write.sentAt.value_or(write.plannedAt)).run(); !done)
            return done;
    }
    return {};
}

Expected<void> ListEntryRepository::drop(MailboxId mailbox, AccessList list, const QStringList& ids)
{
    for (const QString& id : ids) {
        Query query(m_session,
            "DELETE FROM list_entry WHERE mailbox_id = :mailbox AND list = :list AND device_key = :key");
        query.bind(":mailbox", mailbox.value).bind(":list", list);
        if (auto done = query.bind(":key", listKey(id)).run(); !done)
            return done;
    }
    return {};
}

Expected<std::vector<ListEntry>> ListEntryRepository::ofConnector(ConnectorId connector)
{
    static const std::string sql
        = selectEntries() + "WHERE e.connector_id = :id ORDER BY e.mailbox_id, e.list, e.device_key";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", connector.value);
    return collect(query);
}

Expected<std::vector<ListEntry>> ListEntryRepository::ofMailbox(MailboxId mailbox)
{
    static const std::string sql = selectEntries() + "WHERE e.mailbox_id = :id ORDER BY e.list, e.device_key";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", mailbox.value);
    return collect(query);
}

Expected<std::vector<ListEntry>> ListEntryRepository::expired(ConnectorId connector, const QDateTime& now)
{
    static const std::string sql
        = selectEntries() + "WHERE e.connector_id = :id AND e.expires_at <= :now ORDER BY e.mailbox_id";
    Query query(m_session, Sql::constant(sql));
    query.bind(":id", connector.value).bind(":now", now);
    return collect(query);
}

Expected<qint64> ListEntryRepository::count(ConnectorId connector)
{
    Query query(m_session, "SELECT count(*) FROM list_entry WHERE connector_id = :id");
    query.bind(":id", connector.value);
    qint64 count = 0;
    if (query.next())
        count = query.integer(0);
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return count;
}

Expected<QStringList> ListEntryRepository::spareForeign(MailboxId mailbox, ListWrite& write)
{
    const auto ours = ofMailbox(mailbox);
    if (!ours)
        return tl::unexpected(ours.error());
    std::set<std::pair<AccessList, QString>> keys;
    for (const ListEntry& entry : *ours)
        keys.emplace(entry.list, listKey(entry.deviceId));
    QStringList spared;
    const auto spare = [&](AccessList list, QStringList& ids) {
        ids.removeIf([&](const QString& id) {
            const bool foreign = !keys.contains({list, listKey(id)});
            if (foreign)
                spared.append(id);
            return foreign;
        });
    };
    spare(AccessList::Allowed, write.removeAllowed);
    spare(AccessList::Blocked, write.removeBlocked);
    return spared;
}

} // namespace postern::store
