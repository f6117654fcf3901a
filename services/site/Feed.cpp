#include "services/site/Feed.h"

#include <QCoroFuture>
#include <algorithm>

#include "services/core/Logging.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/StatusMessageRepository.h"
#include "services/store/cloud/DeviceActionRepository.h"
#include "services/store/cloud/SiteDeviceReader.h"
#include "services/store/cloud/SiteUserReader.h"
#include "services/store/cloud/TenantRepository.h"

namespace postern::site {

namespace {

constexpr int finishedJobsShown = 50;
// A refresh may use a quarter of a core: after one that took t, the next begins 3 t later.
constexpr qint64 restFactor = 3;

struct DeviceChange
{
    store::DeviceRead read;
    std::shared_ptr<const frame::DeviceFrame> frame;
};

Expected<DeviceChange> readInto(store::Session& session, frame::DeviceFrameBuilder& builder, qint64 since)
{
    const auto apply = [&builder](const frame::DeviceRow& row) { builder.apply(row); };
    if (since == 0)
        builder.clear();
    auto read = store::readSiteDevices(session, since, apply);
    if (read && read->restartNeeded) {
        builder.clear();
        read = store::readSiteDevices(session, 0, apply);
    }
    if (!read)
        return fail(read.error());
    return DeviceChange{*read, builder.publish()};
}

bool containsAny(const store::ChangeSet& changes, std::initializer_list<store::Table> tables)
{
    return std::any_of(
        tables.begin(), tables.end(), [&changes](store::Table table) { return changes.contains(table); });
}

bool concernsDevices(const store::ChangeSet& changes)
{
    using enum store::Table;
    return containsAny(changes, {Partnership, Mailbox, ManagedDevice, DirectoryUser, Match});
}

} // namespace

Feed::Feed(store::Store& store, QObject* parent)
    : QObject(parent)
    , m_store(store)
    , m_builder(std::make_shared<frame::DeviceFrameBuilder>())
{
    m_soon.setSingleShot(true);
    connect(&m_soon, &QTimer::timeout, this, &Feed::begin);
    m_poll.setInterval(pollInterval);
    connect(&m_poll, &QTimer::timeout, this, &Feed::wake);
    connect(&m_store, &store::Store::changed, this, &Feed::wake);
}

Feed::~Feed() = default;

void Feed::start()
{
    m_poll.start();
    begin();
}

void Feed::wake()
{
    m_again = true;
    if (m_refreshing || m_soon.isActive() || m_stopping)
        return;
    const qint64 rest = std::max<qint64>(coalesce.count(), m_lastCostMs * restFactor);
    const qint64 waited = m_sinceRefresh.isValid() ? m_sinceRefresh.elapsed() : rest;
    m_soon.start(int(std::clamp<qint64>(rest - waited, 0, rest)));
}

void Feed::begin()
{
    if (m_refreshing || m_stopping)
        return;
    m_refreshing = true;
    m_again = false;
    m_scope.start(refresh(), QStringLiteral("change feed"));
}

QCoro::Task<void> Feed::stop()
{
    m_stopping = true;
    m_soon.stop();
    m_poll.stop();
    co_await m_scope.stop();
}

QCoro::Task<Expected<void>> Feed::refresh()
{
    QElapsedTimer cost;
    cost.start();
    auto work = m_store.read(
        [since = m_revision](store::Session& session) { return store::changesSince(session, since); });
    const Expected<store::ChangeSet> changes = co_await work;
    Expected<void> result = changes ? Expected<void>{} : Expected<void>(fail(changes.error()));
    if (result && (m_first || concernsDevices(*changes)))
        result = co_await refreshDevices();
    if (result)
        result = co_await refreshLists(*changes);
    if (result)
        result = co_await refreshCloud(*changes);
    if (result && (m_first || changes->contains(store::Table::StatusMessage)))
        result = co_await refreshMessages();
    if (result) {
        m_revision = changes->revision();
        m_first = false;
    }
    if (result && m_failing)
        emit recovered();
    if (!result && result.error().code != ErrorCode::Cancelled)
        emit failed(result.error());
    m_failing = !result;
    m_lastCostMs = cost.elapsed();
    m_sinceRefresh.restart();
    m_refreshing = false;
    if (m_again && result)
        wake(); // after a failure the poll timer comes back
    co_return result;
}

QCoro::Task<Expected<void>> Feed::refreshDevices()
{
    auto work = m_store.read([builder = m_builder, since = m_deviceRevision](
                                 store::Session& session) { return readInto(session, *builder, since); });
    const Expected<DeviceChange> change = co_await work;
    if (!change) {
        m_deviceRevision = 0; // the builder may hold half of it: start again
        co_return fail(change.error());
    }
    m_deviceRevision = change->read.revision;
    emit devicesChanged(change->frame);
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> Feed::refreshLists(store::ChangeSet changes)
{
    if (m_first || changes.contains(store::Table::Connector)) {
        auto work = m_store.read(
            [](store::Session& session) { return store::ConnectorRepository(session).list(); });
        const Expected<std::vector<Connector>> connectors = co_await work;
        if (!connectors)
            co_return fail(connectors.error());
        emit connectorsChanged(*connectors);
    }
    if (m_first || changes.contains(store::Table::Job)) {
        auto work = m_store.read(
            [](store::Session& session) { return store::JobRepository(session).list(finishedJobsShown); });
        const Expected<std::vector<Job>> jobs = co_await work;
        if (!jobs)
            co_return fail(jobs.error());
        emit jobsChanged(*jobs);
    }
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> Feed::refreshCloud(store::ChangeSet changes)
{
    using enum store::Table;
    if (m_first || changes.contains(Tenant)) {
        auto work
            = m_store.read([](store::Session& session) { return store::TenantRepository(session).list(); });
        const Expected<std::vector<postern::Tenant>> tenants = co_await work;
        if (!tenants)
            co_return fail(tenants.error());
        emit tenantsChanged(*tenants);
    }
    if (!m_first && changes.contains(DeviceAction)) {
        const Expected<void> told = co_await refreshActions();
        if (!told)
            co_return told;
    }
    m_usersChanged = m_usersChanged
        || containsAny(changes, {Partnership, Mailbox, DirectoryUser, DirectoryGroup, ManagedDevice, Match});
    const bool rested = !m_sinceUsers.isValid() || m_sinceUsers.hasExpired(usersInterval.count());
    if (!m_usersChanged || !rested) // the poll timer comes back to it
        co_return Expected<void>{};
    const Expected<void> refreshed = co_await refreshUsers();
    co_return refreshed;
}

QCoro::Task<Expected<void>> Feed::refreshActions()
{
    auto work = m_store.read([since = m_revision](store::Session& session) {
        return store::DeviceActionRepository(session).movedAfter(since);
    });
    const Expected<std::vector<ManagedDeviceId>> moved = co_await work;
    if (!moved)
        co_return fail(moved.error());
    for (const ManagedDeviceId device : *moved)
        emit deviceActionMoved(device);
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> Feed::refreshUsers()
{
    m_usersChanged = false;
    auto work = m_store.read(store::readSiteUsers);
    const Expected<SharedUsers> users = co_await work;
    m_sinceUsers.restart();
    if (!users) {
        m_usersChanged = true;
        co_return fail(users.error());
    }
    emit usersChanged(*users);
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> Feed::refreshMessages()
{
    store::StatusMessageFilter filter;
    filter.after = m_lastMessage;
    if (m_first)
        filter.limit = 1; // only to learn where "new" begins
    auto work = m_store.read(
        [filter](store::Session& session) { return store::StatusMessageRepository(session).list(filter); });
    const Expected<std::vector<StatusMessage>> messages = co_await work;
    if (!messages)
        co_return fail(messages.error());
    for (auto it = messages->rbegin(); it != messages->rend(); ++it) {
        m_lastMessage = it->id;
        if (!m_first)
            emit statusMessageAdded(*it);
    }
    co_return Expected<void>{};
}

} // namespace postern::site
