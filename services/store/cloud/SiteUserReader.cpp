#include "services/store/cloud/SiteUserReader.h"

#include <QHash>
#include <algorithm>

#include "models/domain/Exchange.h"
#include "services/store/cloud/CloudObjects.h"
#include "services/store/cloud/TenantRepository.h"

namespace postern::store {

namespace {

constexpr qint64 mailboxBit = qint64(1) << 48; // as DeviceKey keeps its two kinds apart

// A row of the device list, counted once however many partnerships are beneath it.
struct Seen
{
    qint64 row = 0;
    bool blocked = false;
};

class UserReader
{
public:
    explicit UserReader(Session& session)
        : m_session(session)
    {
    }
    [[nodiscard]] Expected<SharedUsers> read();

private:
    [[nodiscard]] Expected<void> readPeople(TenantId tenant);
    [[nodiscard]] Expected<void> readGroups(TenantId tenant);
    [[nodiscard]] Expected<void> readManagedDevices();
    [[nodiscard]] Expected<void> readMailboxes();
    [[nodiscard]] Expected<void> readPartnerships();
    void countDevices();

    Session& m_session;
    SiteUsers m_users;
    QHash<qint64, qsizetype> m_byId; // directory_user.id
    QHash<qint64, qsizetype> m_byMailbox;
    std::vector<std::vector<Seen>> m_devices; // parallel to m_users
};

Expected<void> UserReader::readPeople(TenantId tenant)
{
    auto subscriptions = SubscriptionRepository(m_session).list(tenant);
    if (!subscriptions)
        return tl::unexpected(subscriptions.error());
    QHash<QUuid, QString> names;
    for (const Subscription& subscription : *subscriptions)
        names.insert(subscription.skuId, subscription.skuPartNumber);
    return UserTable(m_session).each(tenant, [&](qint64 id, const QDateTime&, DirectoryUser&& person) {
        SiteUser user;
        user.id = {id};
        user.name = person.displayName.isEmpty() ? person.userPrincipalName : person.displayName;
        user.userPrincipalName = person.userPrincipalName;
        user.emailAddress = person.mail;
        user.department = person.department;
        user.objectId = person.id;
        for (const QUuid& sku : person.skuIds)
            user.licenses.append(names.value(sku, sku.toString(QUuid::WithoutBraces)));
        user.intuneLicensed = person.hasIntuneLicence;
        user.mailbox = person.hasExchangeOnlineLicence ? MailboxLocation::Online : MailboxLocation::None;
        user.accountEnabled = person.accountEnabled;
        m_byId.insert(id, qsizetype(m_users.size()));
        m_users.push_back(std::move(user));
        return true;
    });
}

Expected<void> UserReader::readGroups(TenantId tenant)
{
    GroupTable groups(m_session);
    QHash<qint64, QString> names;
    auto named = groups.each(tenant, [&names](qint64 id, const QDateTime&, DirectoryGroup&& group) {
        names.insert(id, group.displayName);
        return true;
    });
    if (!named)
        return named;
    return groups.eachMembership(tenant, [&](qint64 user, qint64 group) {
        if (const auto found = m_byId.constFind(user); found != m_byId.constEnd())
            m_users[std::size_t(*found)].groups.append(names.value(group));
    });
}

Expected<void> UserReader::readManagedDevices()
{
    m_devices.resize(m_users.size());
    Query query(m_session,
        "SELECT u.id, d.id FROM managed_device d JOIN directory_user u ON u.tenant_id = d.tenant_id"
        " AND u.object_id = d.user_object_id WHERE d.gone_since IS NULL");
    query.stream();
    while (query.next()) {
        if (const auto found = m_byId.constFind(query.integer(0)); found != m_byId.constEnd())
            m_devices[std::size_t(*found)].push_back(
                {DeviceKey(ManagedDeviceId{query.integer(1)}).value, false});
    }
    return query.result();
}

// Mailboxes of people, and those that are nobody's, who become people of their own.
Expected<void> UserReader::readMailboxes()
{
    Query query(m_session,
        "SELECT m.id, y.user_id, m.display_name, m.upn, m.primary_smtp, m.department FROM mailbox m"
        " LEFT JOIN mailbox_person y ON y.mailbox_id = m.id WHERE m.gone_since IS NULL ORDER BY m.id");
    query.stream();
    while (query.next()) {
        const qint64 mailbox = query.integer(0);
        const auto found = query.isNull(1) ? m_byId.constEnd() : m_byId.constFind(query.integer(1));
        if (found != m_byId.constEnd()) {
            SiteUser& user = m_users[std::size_t(*found)];
            user.mailbox = MailboxLocation::OnPremises;
            if (user.emailAddress.isEmpty())
                user.emailAddress = query.text(4);
            m_byMailbox.insert(mailbox, *found);
            continue;
        }
        SiteUser user;
        user.id = {mailbox | mailboxBit};
        user.name = query.text(2);
        user.userPrincipalName = query.text(3);
        user.emailAddress = query.text(4);
        user.department = query.text(5);
        user.mailbox = MailboxLocation::OnPremises;
        m_byMailbox.insert(mailbox, qsizetype(m_users.size()));
        m_users.push_back(std::move(user));
    }
    m_devices.resize(m_users.size());
    return query.result();
}

Expected<void> UserReader::readPartnerships()
{
    Query query(m_session,
        "SELECT p.id, p.mailbox_id, p.access_state, p.last_success_sync, d.id FROM partnership p"
        " LEFT JOIN partnership_match x ON x.partnership_id = p.id"
        " LEFT JOIN managed_device d ON d.id = x.device_id AND d.gone_since IS NULL"
        " WHERE p.gone_since IS NULL");
    query.stream();
    while (query.next()) {
        const auto found = m_byMailbox.constFind(query.integer(1));
        if (found == m_byMailbox.constEnd())
            continue;
        const DeviceKey row = query.isNull(4) ? DeviceKey(PartnershipId{query.integer(0)})
                                              : DeviceKey(ManagedDeviceId{query.integer(4)});
        m_devices[std::size_t(*found)].push_back(
            {row.value, AccessState(query.number(2)) == AccessState::Blocked});
        SiteUser& user = m_users[std::size_t(*found)];
        if (const auto seen = query.time(3); seen && (!user.lastSeen || *seen > *user.lastSeen))
            user.lastSeen = seen;
    }
    return query.result();
}

void UserReader::countDevices()
{
    for (std::size_t i = 0; i < m_users.size(); ++i) {
        std::vector<Seen>& rows = m_devices[i];
        std::sort(rows.begin(), rows.end(), [](const Seen& a, const Seen& b) {
            return a.row != b.row ? a.row < b.row : a.blocked > b.blocked;
        });
        const auto same = [](const Seen& a, const Seen& b) { return a.row == b.row; };
        rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
        m_users[i].deviceCount = int(rows.size());
        m_users[i].blockedCount
            = int(std::count_if(rows.begin(), rows.end(), [](const Seen& seen) { return seen.blocked; }));
    }
}

Expected<SharedUsers> UserReader::read()
{
    auto tenants = TenantRepository(m_session).list();
    if (!tenants)
        return tl::unexpected(tenants.error());
    for (const Tenant& tenant : *tenants) {
        if (auto done = readPeople(tenant.id); !done)
            return tl::unexpected(done.error());
    }
    for (const Tenant& tenant : *tenants) {
        if (auto done = readGroups(tenant.id); !done)
            return tl::unexpected(done.error());
    }
    using Part = Expected<void> (UserReader::*)();
    constexpr Part parts[]
        = {&UserReader::readManagedDevices, &UserReader::readMailboxes, &UserReader::readPartnerships};
    for (const Part part : parts) {
        if (auto done = (this->*part)(); !done)
            return tl::unexpected(done.error());
    }
    countDevices();
    std::sort(m_users.begin(), m_users.end(),
        [](const SiteUser& a, const SiteUser& b) { return a.id.value < b.id.value; });
    return std::make_shared<const SiteUsers>(std::move(m_users));
}

} // namespace

Expected<SharedUsers> readSiteUsers(Session& session)
{
    return UserReader(session).read();
}

} // namespace postern::store
