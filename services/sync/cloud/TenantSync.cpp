#include "services/sync/cloud/TenantSync.h"

#include "models/base/ErrorText.h"
#include "services/store/cloud/CloudObjects.h"
#include "services/store/cloud/MatchRepository.h"

namespace postern::sync {

using namespace Qt::StringLiterals;

namespace {

// Intune stamps a check-in a little before Graph lists it, and clocks differ.
constexpr qint64 overlapMsecs = 10 * 60 * 1000; // SYN-03

QString sentenceOf(const TenantOutcome& outcome, qint64 msecs, bool isFull)
{
    const TenantCounts& devices = outcome.devices;
    QString sentence = u"%1: %2 devices read, %3 added, %4 changed, %5 removed"_s
                           .arg(isFull ? u"Synchronization completed"_s : u"Changes read"_s)
                           .arg(devices.read)
                           .arg(devices.added)
                           .arg(devices.changed)
                           .arg(devices.removed);
    if (outcome.matches)
        sentence += u"; %1 partnerships matched"_s.arg(outcome.matches->linked);
    return sentence + u"; in %1 s."_s.arg(QString::number(double(msecs) / 1000, 'f', 1));
}

bool changedAnything(const TenantCounts& counts)
{
    return counts.added + counts.changed + counts.removed > 0;
}

struct MemberGroup
{
    qint64 id = 0;
    QString objectId;
};

Expected<std::vector<MemberGroup>> securityGroups(store::Session& session, TenantId tenant, int limit)
{
    std::vector<MemberGroup> groups;
    auto read
        = store::GroupTable(session).each(tenant, [&](qint64 id, const QDateTime&, DirectoryGroup&& group) {
              if (group.securityEnabled)
                  groups.push_back({id, group.id});
              return int(groups.size()) < limit;
          });
    if (!read)
        return tl::unexpected(read.error());
    return groups;
}

} // namespace

TenantSync::TenantSync(Tenant tenant, Dependencies dependencies, TenantSyncOptions options)
    : m_tenant(std::move(tenant))
    , m_with(dependencies)
    , m_options(options)
{
}

template <class T, class Rows> TenantListing<T, Rows> TenantSync::listing(const QString& what) const
{
    return TenantListing<T, Rows>(m_tenant.id, what, {m_with.store, m_with.log, m_with.clock}, m_progress);
}

QCoro::Task<TenantOutcome> TenantSync::full(TenantProgress progress, std::stop_token token)
{
    m_progress = std::move(progress);
    const QDateTime begun = m_with.clock.now();
    m_with.log.write(tracelog::lines::tenantSyncStarted(m_tenant.name));
    TenantOutcome outcome;
    const Expected<void> read = co_await readAll(&outcome, token);
    if (read)
        outcome.ok = true;
    else
        outcome.error = read.error();
    co_await record(&outcome, begun, true);
    co_return outcome;
}

QCoro::Task<TenantOutcome> TenantSync::poll(std::stop_token token)
{
    const QDateTime begun = m_with.clock.now();
    TenantOutcome outcome;
    const Expected<void> read = co_await readChanges(&outcome, token);
    if (read)
        outcome.ok = true;
    else
        outcome.error = read.error();
    co_await record(&outcome, begun, false);
    co_return outcome;
}

QCoro::Task<Expected<void>> TenantSync::readAll(TenantOutcome* outcome, std::stop_token token)
{
    m_progress(u"connecting"_s, 0);
    const Expected<void> organization = co_await readOrganization(token);
    if (!organization)
        co_return organization;
    const Expected<TenantListed> users = co_await readUsers(token);
    if (!users)
        co_return fail(users.error());
    outcome->users = users->counts;
    const Expected<TenantListed> groups = co_await readGroups(token);
    if (!groups)
        co_return fail(groups.error());
    outcome->groups = groups->counts;
    const Expected<void> members = co_await readMemberships(token);
    if (!members)
        co_return members;
    auto devices = listing<ManagedDevice, store::ManagedDeviceTable>(u"devices"_s);
    devices.confirmBy([cloud = &m_with.cloud](QStringList ids, std::stop_token stop) {
        return cloud->confirmGone(std::move(ids), std::move(stop));
    });
    auto reader = m_with.cloud.readManagedDevices();
    const Expected<TenantListed> listed
        = co_await devices.whole(std::move(reader), m_options.shrinkConfirmed, token);
    if (!listed)
        co_return fail(listed.error());
    outcome->devices = listed->counts;
    m_progress(u"matching"_s, 0);
    const Expected<MatchCounts> matches = co_await rematch(m_with.store, token);
    if (!matches)
        co_return fail(matches.error());
    outcome->matches = *matches;
    const std::pair<QString, TenantListed> lists[]
        = {{u"devices"_s, *listed}, {u"people"_s, *users}, {u"groups"_s, *groups}};
    for (const auto& [what, list] : lists) {
        if (!list.guarded)
            continue;
        outcome->needsConfirmation = true;
        co_return fail(ErrorCode::ShrinkGuard,
            u"%1 of %2 %3"_s.arg(QString::number(list.counts.read), QString::number(list.previous), what),
            m_with.cloud.address());
    }
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> TenantSync::readChanges(TenantOutcome* outcome, std::stop_token token)
{
    const std::optional<QDateTime> since = m_tenant.lastPoll; // set by every run that succeeded
    if (!since)
        co_return fail(ErrorCode::Incomplete, u"the tenant has not been read yet"_s, m_with.cloud.address());
    auto devices = listing<ManagedDevice, store::ManagedDeviceTable>(u"devices"_s);
    auto reader = m_with.cloud.readManagedDevicesChangedSince(since->addMSecs(-overlapMsecs));
    const Expected<TenantListed> changed = co_await devices.part(std::move(reader), token);
    if (!changed)
        co_return fail(changed.error());
    outcome->devices = changed->counts;
    const Expected<TenantListed> users = co_await readUsers(token);
    if (!users)
        co_return fail(users.error());
    outcome->users = users->counts;
    if (changedAnything(outcome->devices) || changedAnything(outcome->users)) {
        const Expected<MatchCounts> matches = co_await rematch(m_with.store, token);
        if (!matches)
            co_return fail(matches.error());
        outcome->matches = *matches;
    }
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> TenantSync::readOrganization(std::stop_token token)
{
    const Expected<TenantInfo> info = co_await m_with.cloud.open(token);
    if (!info)
        co_return fail(info.error());
    m_tenant.organizationName = info->displayName;
    const Expected<std::vector<Subscription>> subscriptions = co_await m_with.cloud.subscriptions(token);
    if (!subscriptions)
        co_return fail(subscriptions.error());
    const std::vector<Subscription> found = *subscriptions;
    const TenantId tenant = m_tenant.id;
    auto future = m_with.store.write([found, tenant](store::Session& session) {
        return store::SubscriptionRepository(session).replace(tenant, found);
    });
    const Expected<void> stored = co_await future;
    co_return stored;
}

QCoro::Task<Expected<QString>> TenantSync::deltaLink(store::DeltaList list)
{
    const TenantId tenant = m_tenant.id;
    auto future = m_with.store.read([tenant, list](store::Session& session) {
        return store::TenantRepository(session).deltaLink(tenant, list);
    });
    const Expected<QString> link = co_await future;
    co_return link;
}

QCoro::Task<Expected<TenantListed>> TenantSync::readUsers(std::stop_token token)
{
    const Expected<QString> link = co_await deltaLink(store::DeltaList::Users);
    if (!link)
        co_return fail(link.error());
    auto people = listing<DirectoryUser, store::UserTable>(u"people"_s);
    auto reader = m_with.cloud.readUsers(*link);
    const Expected<TenantListed> listed
        = co_await people.delta(std::move(reader), store::DeltaList::Users, m_options.shrinkConfirmed, token);
    co_return listed;
}

QCoro::Task<Expected<TenantListed>> TenantSync::readGroups(std::stop_token token)
{
    const Expected<QString> link = co_await deltaLink(store::DeltaList::Groups);
    if (!link)
        co_return fail(link.error());
    auto groups = listing<DirectoryGroup, store::GroupTable>(u"groups"_s);
    auto reader = m_with.cloud.readGroups(*link);
    const Expected<TenantListed> listed = co_await groups.delta(
        std::move(reader), store::DeltaList::Groups, m_options.shrinkConfirmed, token);
    co_return listed;
}

// A group that cannot be read keeps the members it had.
QCoro::Task<Expected<void>> TenantSync::readMemberships(std::stop_token token)
{
    const TenantId tenant = m_tenant.id;
    const int limit = m_options.memberGroups;
    auto reading = m_with.store.read(
        [tenant, limit](store::Session& session) { return securityGroups(session, tenant, limit); });
    const Expected<std::vector<MemberGroup>> groups = co_await reading;
    if (!groups)
        co_return fail(groups.error());
    auto identifying = m_with.store.read(
        [tenant](store::Session& session) { return store::UserTable(session).ids(tenant); });
    const Expected<QHash<QString, qint64>> users = co_await identifying;
    if (!users)
        co_return fail(users.error());
    qint64 done = 0;
    for (size_t i = 0; i < groups->size(); ++i) {
        const MemberGroup group = groups->at(i);
        const Expected<GroupMembership> membership = co_await m_with.cloud.membership(group.objectId, token);
        if (!membership && membership.error().code != ErrorCode::NotFound
            && membership.error().code != ErrorCode::Incomplete)
            co_return fail(membership.error());
        if (!membership) {
            m_with.log.write(tracelog::lines::objectProblem(group.objectId, membership.error().toLogText()));
            continue;
        }
        std::vector<qint64> members;
        for (const GroupMember& member : membership->members) {
            if (const qint64 user = users->value(store::objectKey(member.id)); user > 0)
                members.push_back(user);
        }
        auto writing = m_with.store.write([group, members](store::Session& session) {
            return store::GroupTable(session).replaceMembers(group.id, members);
        });
        const Expected<int> stored = co_await writing;
        if (!stored)
            co_return fail(stored.error());
        m_progress(u"memberships"_s, ++done);
    }
    co_return Expected<void>();
}

// The watermark of polls moves only after a successful run, to its start (SYN-04).
QCoro::Task<void> TenantSync::record(TenantOutcome* outcome, QDateTime begun, bool isFull)
{
    const QDateTime now = m_with.clock.now();
    outcome->sentence = outcome->ok ? sentenceOf(*outcome, begun.msecsTo(now), isFull)
                                    : ErrorText::sentence(outcome->error.value_or(Error()));
    if (outcome->ok)
        m_tenant.lastPoll = begun;
    if (isFull) {
        m_tenant.lastSyncStart = begun;
        m_tenant.lastSyncEnd = now;
        m_tenant.lastSyncResult = outcome->sentence;
        m_with.log.write(outcome->ok ? tracelog::lines::tenantSyncCompleted(m_tenant.name, outcome->sentence)
                                     : tracelog::lines::tenantSyncFailed(m_tenant.name, *outcome->error));
    }
    const Tenant tenant = m_tenant;
    const std::optional<MatchCounts> matches = outcome->matches;
    const bool allRead = isFull && outcome->ok;
    auto future
        = m_with.store.write([tenant, matches, allRead, begun](store::Session& session) -> Expected<void> {
              store::TenantRepository tenants(session);
              auto stored = tenants.find(tenant.id);
              if (!stored || !*stored)
                  return stored ? fail(ErrorCode::NotFound, {}, tenant.name) : tl::unexpected(stored.error());
              auto devices = store::ManagedDeviceTable(session).count(tenant.id);
              auto users = store::UserTable(session).count(tenant.id);
              auto groups = store::GroupTable(session).count(tenant.id);
              if (!devices || !users || !groups)
                  return tl::unexpected(!devices ? devices.error() : !users ? users.error() : groups.error());
              Tenant row = **stored; // a person may have edited it meanwhile
              row.organizationName = tenant.organizationName;
              row.lastPoll = tenant.lastPoll;
              row.lastSyncStart = tenant.lastSyncStart;
              row.lastSyncEnd = tenant.lastSyncEnd;
              row.lastSyncResult = tenant.lastSyncResult;
              row.deviceCount = int(*devices);
              row.userCount = int(*users);
              row.groupCount = int(*groups);
              if (matches) {
                  row.matchedCount = int(matches->linked);
                  row.suggestionCount = int(matches->suggestions);
              }
              auto recorded = tenants.record(row);
              return recorded && allRead ? tenants.recordDevicesRead(row.id, begun) : recorded;
          });
    const Expected<void> recorded = co_await future;
    if (!recorded && recorded.error().code != ErrorCode::NotFound)
        m_with.log.write(tracelog::lines::tenantSyncFailed(m_tenant.name, recorded.error()));
}

} // namespace postern::sync
