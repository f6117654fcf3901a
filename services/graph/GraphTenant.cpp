#include "services/graph/GraphTenant.h"

#include "services/graph/DeviceActions.h"
#include "services/graph/DeviceMapper.h"
#include "services/graph/DirectoryDelta.h"
#include "services/graph/DirectoryMapper.h"
#include "services/graph/TenantCheck.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

namespace {

GraphRequest managedDevicesRequest()
{
    GraphRequest request;
    request.path = u"deviceManagement/managedDevices"_s;
    request.query.addQueryItem(u"$select"_s, managedDeviceSelect());
    request.area = ServiceArea::Intune;
    request.permission = u"DeviceManagementManagedDevices.Read.All"_s;
    return request;
}

QString oDataTime(const QDateTime& time)
{
    return time.toUTC().toString(u"yyyy-MM-dd'T'hh:mm:ss.zzz'Z'"_s);
}

// Intune ignores filters that it does not support, without a word, and lists everything; another day it may
// refuse this one. Either way what is older is held back here.
class ChangedDevices final : public PageReader<ManagedDevice>
{
public:
    ChangedDevices(GraphClient& client, const QDateTime& since)
        : m_client(client)
        , m_since(since)
    {
        GraphRequest request = managedDevicesRequest();
        request.query.addQueryItem(u"$filter"_s, u"lastSyncDateTime ge %1"_s.arg(oDataTime(since)));
        m_listing = listing(std::move(request));
    }

    QCoro::Task<Expected<Page<ManagedDevice>>> next(std::stop_token token) override
    {
        Expected<Page<ManagedDevice>> page = co_await m_listing->next(token);
        const bool refused = !page && page.error().code == ErrorCode::InvalidInput && !m_begun;
        m_begun = true;
        if (!refused)
            co_return std::move(page);
        m_listing = listing(managedDevicesRequest());
        Expected<Page<ManagedDevice>> whole = co_await m_listing->next(token);
        co_return std::move(whole);
    }

private:
    [[nodiscard]] std::unique_ptr<Listing<ManagedDevice>> listing(GraphRequest request)
    {
        auto keep = [since = m_since](const ManagedDevice& device) {
            return !device.lastSyncDateTime || *device.lastSyncDateTime >= since;
        };
        return std::make_unique<Listing<ManagedDevice>>(
            m_client, std::move(request), managedDeviceMapper(), std::move(keep), false);
    }

    GraphClient& m_client;
    const QDateTime m_since;
    std::unique_ptr<Listing<ManagedDevice>> m_listing;
    bool m_begun = false;
};

DeltaSubject users()
{
    return {u"users"_s, userSelect(), u"User.Read.All"_s, 1, 1};
}

DeltaSubject groups()
{
    return {u"groups"_s, groupSelect(), u"Group.Read.All"_s, 1, 1};
}

DeltaSubject directoryDevices()
{
    return {u"devices"_s, directoryDeviceSelect(), u"Device.Read.All"_s, 1, 1};
}

} // namespace

GraphTenant::GraphTenant(GraphEndpoint endpoint, identity::TokenSource& tokens, GraphClientOptions options)
    : m_tokens(tokens)
    , m_client(std::move(endpoint), tokens, std::move(options))
{
}

GraphTenant::~GraphTenant() = default;

QCoro::Task<Expected<TenantInfo>> GraphTenant::open(std::stop_token token)
{
    Expected<TenantInfo> tenant = co_await readTenant(&m_client, token);
    co_return std::move(tenant);
}

QCoro::Task<void> GraphTenant::close()
{
    co_await m_client.close();
}

QCoro::Task<Expected<std::vector<CheckResult>>> GraphTenant::check(
    std::function<void(const CheckResult&)> report, std::stop_token token)
{
    TenantCheck check(m_client, m_tokens, std::move(report));
    Expected<std::vector<CheckResult>> results = co_await check.run(token);
    co_return std::move(results);
}

std::unique_ptr<PageReader<ManagedDevice>> GraphTenant::readManagedDevices()
{
    return std::make_unique<Listing<ManagedDevice>>(m_client, managedDevicesRequest(), managedDeviceMapper());
}

std::unique_ptr<PageReader<ManagedDevice>> GraphTenant::readManagedDevicesChangedSince(const QDateTime& since)
{
    return std::make_unique<ChangedDevices>(m_client, since);
}

QCoro::Task<Expected<ManagedDevice>> GraphTenant::managedDevice(QString id, std::stop_token token)
{
    Expected<ManagedDevice> device = co_await readManagedDevice(&m_client, std::move(id), token);
    co_return std::move(device);
}

QCoro::Task<Expected<QStringList>> GraphTenant::confirmGone(QStringList deviceIds, std::stop_token token)
{
    Expected<QStringList> gone = co_await missingDevices(&m_client, std::move(deviceIds), token);
    co_return std::move(gone);
}

std::unique_ptr<DeltaReader<DirectoryUser>> GraphTenant::readUsers(const QString& deltaLink)
{
    return std::make_unique<DirectoryDelta<DirectoryUser>>(
        m_client, users(), deltaLink, userMapper(), &directoryObjectOf<DirectoryUser>);
}

std::unique_ptr<DeltaReader<DirectoryGroup>> GraphTenant::readGroups(const QString& deltaLink)
{
    return std::make_unique<DirectoryDelta<DirectoryGroup>>(
        m_client, groups(), deltaLink, groupMapper(), &directoryObjectOf<DirectoryGroup>);
}

std::unique_ptr<DeltaReader<DirectoryDevice>> GraphTenant::readDirectoryDevices(const QString& deltaLink)
{
    return std::make_unique<DirectoryDelta<DirectoryDevice>>(m_client, directoryDevices(), deltaLink,
        directoryDeviceMapper(), &directoryObjectOf<DirectoryDevice>);
}

std::unique_ptr<PageReader<GroupMember>> GraphTenant::readTransitiveMembers(const QString& groupId)
{
    GraphRequest request;
    request.path = u"groups/%1/transitiveMembers"_s.arg(segment(groupId));
    request.query.addQueryItem(u"$select"_s, memberSelect());
    request.query.addQueryItem(u"$top"_s, u"999"_s);
    request.area = ServiceArea::Directory;
    request.cost = 4; // 5, one less with $select
    request.permission = u"GroupMember.Read.All"_s;
    return std::make_unique<Listing<GroupMember>>(m_client, std::move(request), memberMapper());
}

QCoro::Task<Expected<GroupMembership>> GraphTenant::membership(QString groupId, std::stop_token token)
{
    if (groupId.isEmpty())
        co_return fail(ErrorCode::InvalidInput, u"no group id"_s, u"groups"_s);
    const std::unique_ptr<PageReader<GroupMember>> reader = readTransitiveMembers(groupId);
    GroupMembership membership;
    membership.groupId = groupId;
    for (bool last = false; !last;) {
        Expected<Page<GroupMember>> page = co_await reader->next(token);
        if (!page)
            co_return fail(page.error());
        // Somebody who cannot be read would be left out of the group.
        if (page->skipped > 0)
            co_return fail(ErrorCode::Incomplete, page->problems.front().reason, u"group %1"_s.arg(groupId));
        std::move(page->items.begin(), page->items.end(), std::back_inserter(membership.members));
        last = page->last;
    }
    co_return std::move(membership);
}

QCoro::Task<Expected<std::vector<Subscription>>> GraphTenant::subscriptions(std::stop_token token)
{
    Expected<std::vector<Subscription>> list = co_await readSubscriptions(&m_client, token);
    co_return std::move(list);
}

QCoro::Task<Expected<void>> GraphTenant::act(RemoteAction action, std::stop_token token)
{
    Expected<void> done = co_await performAction(&m_client, std::move(action), token);
    co_return std::move(done);
}

QString GraphTenant::address() const
{
    return u"%1 at %2"_s.arg(m_client.endpoint().tenantName, m_client.endpoint().root.host());
}

} // namespace postern::graph
