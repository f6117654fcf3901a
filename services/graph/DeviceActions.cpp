#include "services/graph/DeviceActions.h"

#include <QJsonDocument>

#include "services/core/Logging.h"
#include "services/graph/Batch.h"
#include "services/graph/DeviceMapper.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

namespace {

// Clocks differ a little; an action of an hour ago is not the one that was just sent.
constexpr qint64 clockTolerance = 120'000;

bool sameText(const QString& a, const QString& b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool isWorkProfile(const ManagedDevice& device)
{
    return device.operatingSystem.contains("AndroidForWork"_L1, Qt::CaseInsensitive)
        || device.operatingSystem.contains("work profile"_L1, Qt::CaseInsensitive);
}

bool isMac(const ManagedDevice& device)
{
    return device.operatingSystem.compare("macOS"_L1, Qt::CaseInsensitive) == 0;
}

std::optional<QString> pendingRemoval(const ManagedDevice& device)
{
    switch (device.managementState.value) {
    case ManagementState::RetirePending:
    case ManagementState::RetireIssued:
    case ManagementState::WipePending:
    case ManagementState::WipeIssued:
    case ManagementState::DeletePending:
        return device.managementState.text();
    default:
        return std::nullopt;
    }
}

QString nameOf(const RemoteAction& action)
{
    return u"%1 of managed device %2"_s.arg(enumText(action.kind), action.deviceId);
}

bool isAmbiguous(ErrorCode code)
{
    return code == ErrorCode::Timeout || code == ErrorCode::ConnectionLost || code == ErrorCode::ServerBusy
        || code == ErrorCode::Cancelled;
}

} // namespace

QCoro::Task<Expected<ManagedDevice>> readManagedDevice(GraphClient* client, QString id, std::stop_token token)
{
    if (id.isEmpty())
        co_return fail(ErrorCode::InvalidInput, u"no device id"_s, u"deviceManagement/managedDevices"_s);
    GraphRequest request;
    request.path = u"deviceManagement/managedDevices/%1"_s.arg(segment(id));
    request.query.addQueryItem(u"$select"_s, managedDeviceSelect() + u",deviceActionResults"_s);
    request.area = ServiceArea::Intune;
    request.permission = u"DeviceManagementManagedDevices.Read.All"_s;
    const QString origin = request.path;
    const Expected<GraphAnswer> answer = co_await client->send(std::move(request), token);
    if (!answer)
        co_return fail(answer.error());
    Expected<ManagedDevice> device
        = managedDeviceOf(answer->body, u"%1 (request-id %2)"_s.arg(origin, answer->requestId));
    if (device && !sameText(device->id, id))
        co_return fail(ErrorCode::Malformed, u"asked for %1, got %2"_s.arg(id, device->id), origin);
    co_return std::move(device);
}

QCoro::Task<Expected<QStringList>> missingDevices(GraphClient* client, QStringList ids, std::stop_token token)
{
    std::vector<GraphRequest> parts;
    for (const QString& id : ids) {
        GraphRequest& part = parts.emplace_back();
        part.path = u"deviceManagement/managedDevices/%1"_s.arg(segment(id));
        part.query.addQueryItem(u"$select"_s, u"id"_s);
        part.area = ServiceArea::Intune;
        part.permission = u"DeviceManagementManagedDevices.Read.All"_s;
    }
    const auto answers = co_await sendBatch(client, std::move(parts), token);
    if (!answers)
        co_return fail(answers.error());
    QStringList missing;
    for (size_t i = 0; i < answers->size(); ++i) {
        const Expected<GraphAnswer>& answer = (*answers)[i];
        if (!answer && answer.error().code != ErrorCode::NotFound)
            co_return fail(answer.error()); // who is not asked about is not gone
        if (!answer)
            missing += ids.at(qsizetype(i));
    }
    co_return std::move(missing);
}

GraphRequest actionRequest(const RemoteAction& action)
{
    GraphRequest request;
    request.method = Method::Post;
    request.path
        = u"deviceManagement/managedDevices/%1/%2"_s.arg(segment(action.deviceId), enumText(action.kind));
    request.area = ServiceArea::Intune;
    request.permission = u"DeviceManagementManagedDevices.PrivilegedOperations.All"_s;
    // Asking a phone twice to synchronise or lock does no harm; a passcode that is reset twice does.
    request.mayRepeat
        = action.kind == RemoteAction::Kind::SyncDevice || action.kind == RemoteAction::Kind::RemoteLock;
    if (action.kind != RemoteAction::Kind::Wipe)
        return request;
    QJsonObject body{{u"keepEnrollmentData"_s, action.wipe.keepEnrollmentData},
        {u"keepUserData"_s, action.wipe.keepUserData}};
    if (action.wipe.persistEsimDataPlan)
        body.insert(u"persistEsimDataPlan"_s, true);
    if (!action.wipe.macOsUnlockCode.isEmpty())
        body.insert(u"macOsUnlockCode"_s, action.wipe.macOsUnlockCode);
    request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    return request;
}

Expected<void> mayPerform(const RemoteAction& action, const ManagedDevice& now)
{
    const QString name = nameOf(action);
    if (!sameText(now.id, action.deviceId))
        return fail(ErrorCode::Conflict, u"Intune answered with device %1"_s.arg(now.id), name);
    if (!sameText(now.userId, action.userId))
        return fail(ErrorCode::Conflict,
            u"the device now belongs to %1"_s.arg(
                now.userPrincipalName.isEmpty() ? u"nobody"_s : now.userPrincipalName),
            name);
    if (!sameText(now.serialNumber, action.serialNumber))
        return fail(
            ErrorCode::Conflict, u"the device now has the serial number %1"_s.arg(now.serialNumber), name);
    if (const auto pending = pendingRemoval(now))
        return fail(ErrorCode::AlreadyRunning, u"the device is already %1"_s.arg(*pending), name);
    if (action.kind == RemoteAction::Kind::Wipe && isWorkProfile(now))
        return fail(ErrorCode::InvalidInput,
            u"a personal phone with a work profile cannot be wiped; retire removes the profile"_s, name);
    if (!action.wipe.macOsUnlockCode.isEmpty() && !isMac(now))
        return fail(ErrorCode::InvalidInput, u"an unlock code is for macOS only"_s, name);
    return {};
}

bool wasTaken(const RemoteAction& action, const ManagedDevice& now, const QDateTime& since)
{
    const bool wipe = action.kind == RemoteAction::Kind::Wipe;
    const ManagementState state = now.managementState.value;
    if (now.managementState.isKnown()) {
        if (wipe && (state == ManagementState::WipePending || state == ManagementState::WipeIssued))
            return true;
        if (action.kind == RemoteAction::Kind::Retire
            && (state == ManagementState::RetirePending || state == ManagementState::RetireIssued))
            return true;
    }
    const auto result = latestResult(now.deviceActionResults, action.kind);
    return result && result->started && *result->started >= since.addMSecs(-clockTolerance);
}

QCoro::Task<Expected<void>> performAction(GraphClient* client, RemoteAction action, std::stop_token token)
{
    const QString name = nameOf(action);
    if (action.deviceId.isEmpty())
        co_return fail(ErrorCode::InvalidInput, u"no device id"_s, name);
    if (isDestructive(action.kind)) {
        const Expected<ManagedDevice> before = co_await readManagedDevice(client, action.deviceId, token);
        if (!before)
            co_return fail(before.error());
        if (const auto allowed = mayPerform(action, *before); !allowed)
            co_return fail(allowed.error());
    }
    const QDateTime sentAt = client->now();
    const Expected<GraphAnswer> answer = co_await client->send(actionRequest(action), token);
    if (answer) {
        qCInfo(core::logGraph).noquote() << name << "taken, request-id" << answer->requestId;
        co_return Expected<void>();
    }
    Error error = answer.error();
    error.origin = name;
    if (!isDestructive(action.kind) || !isAmbiguous(error.code))
        co_return fail(std::move(error));
    // Perhaps it was taken all the same. Without the caller's token: it is over, and this must be known.
    const Expected<ManagedDevice> after
        = co_await readManagedDevice(client, action.deviceId, client->scope().token());
    if (after && wasTaken(action, *after, sentAt))
        co_return Expected<void>();
    error.detail += after
        ? u" Intune does not list it: it was not taken."_s
        : u" Whether Intune took it is not known: look at the device before trying again."_s;
    co_return fail(std::move(error));
}

} // namespace postern::graph
