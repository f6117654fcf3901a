#include "services/sync/cloud/DeviceActions.h"

#include <QCoroFuture>

#include "models/base/ErrorText.h"
#include "services/store/Store.h"
#include "services/store/cloud/CloudObjects.h"
#include "services/store/cloud/DeviceActionRepository.h"
#include "services/store/cloud/TenantRepository.h"

namespace postern::sync {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 patienceDays = 7;

struct Target
{
    Tenant tenant;
    ManagedDevice device;
};

Expected<Target> targetOf(store::Session& session, const DeviceActionRequest& request)
{
    store::ManagedDeviceTable devices(session);
    auto device = devices.find(request.device.value);
    auto tenant = devices.tenantOf(request.device.value);
    if (!device || !tenant)
        return tl::unexpected(device ? tenant.error() : device.error());
    if (!*device || !*tenant)
        return fail(ErrorCode::NotFound, u"Intune does not list it any more"_s, request.deviceName);
    auto found = store::TenantRepository(session).find(**tenant);
    if (!found || !*found)
        return found ? fail(ErrorCode::NotFound, {}, request.deviceName) : tl::unexpected(found.error());
    const bool same = (*device)->serialNumber == request.serialNumber
        && (*device)->userPrincipalName.compare(request.userPrincipalName, Qt::CaseInsensitive) == 0;
    if (!same)
        return fail(
            ErrorCode::Conflict, u"it has another user or serial number by now"_s, request.deviceName);
    return Target{**found, **device};
}

Expected<void> storeState(
    store::Session& session, qint64 id, DeviceActionState state, const QString& problem, const QDateTime& now)
{
    return store::DeviceActionRepository(session).update(id, state, problem, now);
}

} // namespace

QCoro::Task<Expected<Tenant>> tenantOfAction(store::Store& store, DeviceActionRequest request)
{
    auto future = store.read([request](store::Session& session) { return targetOf(session, request); });
    const Expected<Target> target = co_await future;
    if (!target)
        co_return fail(target.error());
    co_return Tenant(target->tenant);
}

QCoro::Task<Expected<void>> performAction(graph::CloudTenant& cloud, store::Store& store,
    const core::Clock& clock, DeviceActionRequest request, QString account, std::stop_token token)
{
    const QDateTime now = clock.now();
    auto writing = store.write([=](store::Session& session) -> Expected<std::pair<qint64, ManagedDevice>> {
        auto target = targetOf(session, request);
        if (!target)
            return tl::unexpected(target.error());
        auto id = store::DeviceActionRepository(session).insert(request, account, now);
        if (!id)
            return tl::unexpected(id.error());
        return std::pair(*id, target->device);
    });
    const Expected<std::pair<qint64, ManagedDevice>> begun = co_await writing;
    if (!begun)
        co_return fail(begun.error());
    RemoteAction action;
    action.kind = request.kind;
    action.deviceId = begun->second.id;
    action.userId = begun->second.userId;
    action.serialNumber = begun->second.serialNumber;
    action.wipe = request.wipe;
    const Expected<void> sent = co_await cloud.act(std::move(action), token);
    const qint64 id = begun->first;
    const DeviceActionState state = sent ? DeviceActionState::Pending : DeviceActionState::Failed;
    const QString problem = sent ? QString() : ErrorText::sentence(sent.error());
    const QDateTime after = clock.now();
    auto ending = store.write(
        [=](store::Session& session) { return storeState(session, id, state, problem, after); });
    const Expected<void> stored = co_await ending;
    if (!sent)
        co_return sent;
    co_return stored;
}

QCoro::Task<Expected<void>> followActions(graph::CloudTenant& cloud, store::Store& store,
    const core::Clock& clock, TenantId tenant, std::stop_token token)
{
    auto reading = store.read(
        [tenant](store::Session& session) { return store::DeviceActionRepository(session).open(tenant); });
    const Expected<std::vector<store::OpenAction>> open = co_await reading;
    if (!open)
        co_return fail(open.error());
    for (size_t i = 0; i < open->size(); ++i) {
        const store::OpenAction action = open->at(i);
        const Expected<ManagedDevice> device = co_await cloud.managedDevice(action.objectId, token);
        if (!device && device.error().code != ErrorCode::NotFound)
            co_return fail(device.error());
        const QDateTime now = clock.now();
        std::optional<DeviceActionResult> result;
        if (device)
            result = latestResult(device->deviceActionResults, action.kind);
        // A phone that was retired or wiped is taken off the list when it has done so.
        std::optional<DeviceActionState> state;
        if (!device)
            state = isDestructive(action.kind) ? DeviceActionState::Done : DeviceActionState::Failed;
        else if (result && (!result->started || *result->started >= action.requestedAt.addSecs(-300)))
            state = result->state.value;
        else if (action.requestedAt.daysTo(now) > patienceDays)
            state = DeviceActionState::Failed;
        if (!state)
            continue;
        const QString problem = *state == DeviceActionState::Failed
            ? u"Intune reports that the action failed or knows nothing of it any more"_s
            : QString();
        const qint64 id = action.id;
        const DeviceActionState found = *state;
        auto writing = store.write(
            [=](store::Session& session) { return storeState(session, id, found, problem, now); });
        const Expected<void> stored = co_await writing;
        if (!stored)
            co_return stored;
    }
    co_return Expected<void>();
}

} // namespace postern::sync
