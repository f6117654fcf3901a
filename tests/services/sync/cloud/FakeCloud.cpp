#include "tests/services/sync/cloud/FakeCloud.h"

using namespace Qt::StringLiterals;

namespace postern::sync::test {

namespace {

template <class T> graph::Page<T> pageOf(const std::vector<T>& all, size_t from, size_t size)
{
    graph::Page<T> page;
    const size_t end = std::min(all.size(), from + size);
    page.items.assign(all.begin() + std::ptrdiff_t(from), all.begin() + std::ptrdiff_t(end));
    page.last = end == all.size();
    return page;
}

template <class T> class Pages final : public graph::PageReader<T>
{
public:
    std::vector<T> all;
    size_t size = 2;
    std::optional<size_t> failAt;
    Error fault;
    qint64 garbled = 0;

    QCoro::Task<Expected<graph::Page<T>>> next(std::stop_token token) override
    {
        if (token.stop_requested())
            co_return fail(ErrorCode::Cancelled, {}, u"fake"_s);
        if (failAt == m_page)
            co_return fail(fault);
        graph::Page<T> page = pageOf(all, m_page++ * size, size);
        if (page.last)
            page.skipped = garbled;
        co_return page;
    }

private:
    size_t m_page = 0;
};

template <class T> class Deltas final : public graph::DeltaReader<T>
{
public:
    std::vector<T> all;
    QStringList removed;
    bool restarted = false;
    size_t size = 2;
    std::optional<size_t> failAt;
    Error fault;
    QString link;

    QCoro::Task<Expected<graph::DeltaPage<T>>> next(std::stop_token token) override
    {
        if (token.stop_requested())
            co_return fail(ErrorCode::Cancelled, {}, u"fake"_s);
        if (failAt == m_page)
            co_return fail(fault);
        graph::DeltaPage<T> page;
        page.restarted = restarted && m_page == 0;
        page.page = pageOf(all, m_page++ * size, size);
        if (page.page.last) {
            page.removed = removed;
            page.deltaLink = link;
        }
        co_return page;
    }

private:
    size_t m_page = 0;
};

} // namespace

QCoro::Task<Expected<TenantInfo>> FakeCloud::open(std::stop_token)
{
    if (openError)
        co_return fail(*openError);
    TenantInfo info;
    info.displayName = u"Contoso Ltd"_s;
    co_return info;
}

QCoro::Task<void> FakeCloud::close()
{
    co_return;
}

QCoro::Task<Expected<std::vector<CheckResult>>> FakeCloud::check(
    std::function<void(const CheckResult&)>, std::stop_token)
{
    co_return std::vector<CheckResult>();
}

QCoro::Task<Expected<QStringList>> FakeCloud::confirmGone(QStringList deviceIds, std::stop_token)
{
    asked << u"gone: "_s + deviceIds.join(u' ');
    if (confirmError)
        co_return fail(*confirmError);
    for (const ManagedDevice& device : devices)
        deviceIds.removeAll(device.id.toLower());
    co_return deviceIds;
}

std::unique_ptr<graph::PageReader<ManagedDevice>> FakeCloud::readManagedDevices()
{
    asked << u"devices"_s;
    auto reader = std::make_unique<Pages<ManagedDevice>>();
    std::copy_if(devices.begin(), devices.end(), std::back_inserter(reader->all),
        [this](const ManagedDevice& device) { return !unlisted.contains(device.id); });
    reader->size = pageSize;
    reader->failAt = devicesFailAtPage;
    reader->fault = fault;
    reader->garbled = garbledDevices;
    return reader;
}

std::unique_ptr<graph::PageReader<ManagedDevice>> FakeCloud::readManagedDevicesChangedSince(
    const QDateTime& since)
{
    asked << u"devices since %1"_s.arg(since.toString(Qt::ISODate));
    auto reader = std::make_unique<Pages<ManagedDevice>>();
    for (const ManagedDevice& device : devices) {
        if (device.lastSyncDateTime && *device.lastSyncDateTime >= since)
            reader->all.push_back(device);
    }
    reader->size = pageSize;
    reader->failAt = devicesFailAtPage;
    reader->fault = fault;
    return reader;
}

QCoro::Task<Expected<ManagedDevice>> FakeCloud::managedDevice(QString id, std::stop_token)
{
    for (const ManagedDevice& device : devices) {
        if (device.id == id)
            co_return device;
    }
    co_return fail(ErrorCode::NotFound, {}, id);
}

std::unique_ptr<graph::DeltaReader<DirectoryUser>> FakeCloud::readUsers(const QString& deltaLink)
{
    asked << (deltaLink.isEmpty() ? u"users"_s : u"users since "_s + deltaLink);
    auto reader = std::make_unique<Deltas<DirectoryUser>>();
    reader->restarted = deltaLink.isEmpty() || forgetDeltas;
    reader->all = reader->restarted ? users : changedUsers;
    if (!reader->restarted)
        reader->removed = removedUsers;
    reader->size = pageSize;
    reader->failAt = usersFailAtPage;
    reader->fault = fault;
    reader->link = u"link%1"_s.arg(asked.size());
    return reader;
}

std::unique_ptr<graph::DeltaReader<DirectoryGroup>> FakeCloud::readGroups(const QString& deltaLink)
{
    asked << (deltaLink.isEmpty() ? u"groups"_s : u"groups since "_s + deltaLink);
    auto reader = std::make_unique<Deltas<DirectoryGroup>>();
    reader->restarted = deltaLink.isEmpty();
    if (reader->restarted)
        reader->all = groups;
    reader->size = pageSize;
    reader->link = u"glink%1"_s.arg(asked.size());
    return reader;
}

std::unique_ptr<graph::DeltaReader<DirectoryDevice>> FakeCloud::readDirectoryDevices(const QString&)
{
    return std::make_unique<Deltas<DirectoryDevice>>();
}

std::unique_ptr<graph::PageReader<GroupMember>> FakeCloud::readTransitiveMembers(const QString& groupId)
{
    auto reader = std::make_unique<Pages<GroupMember>>();
    reader->all = members[groupId];
    return reader;
}

QCoro::Task<Expected<GroupMembership>> FakeCloud::membership(QString groupId, std::stop_token)
{
    asked << u"members "_s + groupId;
    if (const auto error = memberErrors.find(groupId); error != memberErrors.end())
        co_return fail(error->second);
    GroupMembership membership;
    membership.groupId = groupId;
    membership.members = members[groupId];
    co_return membership;
}

QCoro::Task<Expected<std::vector<Subscription>>> FakeCloud::subscriptions(std::stop_token)
{
    std::vector<Subscription> all = skus;
    co_return all;
}

QCoro::Task<Expected<void>> FakeCloud::act(RemoteAction action, std::stop_token)
{
    acted.push_back(action);
    if (actError)
        co_return fail(*actError);
    co_return Expected<void>();
}

} // namespace postern::sync::test
