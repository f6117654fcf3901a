// What people asked Intune to do with phones, and how far it has come (ACT-03, 04, 12). Rows are written
// before anything is sent and never deleted but with their device. Store thread, inside a Session.
#pragma once

#include <vector>

#include "models/domain/DeviceAction.h"
#include "services/store/Session.h"

namespace postern::store {

struct OpenAction
{
    qint64 id = 0;
    ManagedDeviceId device;
    TenantId tenant;
    QString objectId; // Graph's
    RemoteAction::Kind kind = RemoteAction::Kind::SyncDevice;
    QDateTime requestedAt;
};

class DeviceActionRepository
{
public:
    explicit DeviceActionRepository(Session& session)
        : m_session(session)
    {
    }
    // AlreadyRunning when one of this kind is open for the device. Returns its id.
    [[nodiscard]] Expected<qint64> insert(
        const DeviceActionRequest& request, const QString& account, const QDateTime& now);
    // A state that is final ends it: Done, Failed, Canceled, NotSupported.
    [[nodiscard]] Expected<void> update(
        qint64 id, DeviceActionState state, const QString& problem, const QDateTime& now);
    [[nodiscard]] Expected<std::vector<OpenAction>> open(TenantId tenant);
    // The newest of each kind.
    [[nodiscard]] Expected<std::vector<DeviceActionStatus>> latest(ManagedDeviceId device);
    // Whose actions moved after that revision.
    [[nodiscard]] Expected<std::vector<ManagedDeviceId>> movedAfter(qint64 revision);

private:
    Session& m_session;
};

[[nodiscard]] bool isOver(DeviceActionState state);

} // namespace postern::store
