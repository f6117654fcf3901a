#include "services/store/cloud/DeviceActionRepository.h"

#include "services/store/Query.h"

using namespace Qt::StringLiterals;

namespace postern::store {

bool isOver(DeviceActionState state)
{
    switch (state) {
    case DeviceActionState::Done:
    case DeviceActionState::Failed:
    case DeviceActionState::Canceled:
    case DeviceActionState::NotSupported:
        return true;
    case DeviceActionState::None:
    case DeviceActionState::Pending:
    case DeviceActionState::Active:
        break;
    }
    return false;
}

Expected<qint64> DeviceActionRepository::insert(
    const DeviceActionRequest& request, const QString& account, const QDateTime& now)
{
    auto revision = m_session.touch(Table::DeviceAction);
    if (!revision)
        return tl::unexpected(revision.error());
    Query same(m_session,
        "SELECT requested_by FROM device_action WHERE device_id = :device AND kind = :kind"
        " AND ended_at IS NULL");
    same.bind(":device", request.device).bind(":kind", request.kind);
    const bool found = same.next();
    if (auto result = same.result(); !result)
        return tl::unexpected(result.error());
    if (found)
        return fail(ErrorCode::AlreadyRunning, u"asked for by %1"_s.arg(same.text(0)), request.deviceName);
    Query query(m_session,
        "INSERT INTO device_action (device_id, kind, requested_by, requested_at, state, updated_at, revision)"
        " VALUES (:device, :kind, :account, :now, :state, :updated, :revision) RETURNING id");
    query.bind(":device", request.device)
        .bind(":kind", request.kind)
        .bind(":account", account)
        .bind(":now", now)
        .bind(":state", DeviceActionState::None)
        .bind(":updated", now)
        .bind(":revision", *revision);
    const bool row = query.next();
    if (auto result = query.result(); !result || !row)
        return tl::unexpected(result ? Error{} : result.error());
    return query.integer(0);
}

Expected<void> DeviceActionRepository::update(
    qint64 id, DeviceActionState state, const QString& problem, const QDateTime& now)
{
    auto revision = m_session.touch(Table::DeviceAction);
    if (!revision)
        return tl::unexpected(revision.error());
    Query query(m_session,
        "UPDATE device_action SET state = :state, problem = :problem, updated_at = :now, ended_at = :ended,"
        " revision = :revision WHERE id = :id");
    query.bind(":state", state).bind(":problem", problem).bind(":now", now);
    query.bind(":ended", isOver(state) ? std::optional(now) : std::nullopt);
    return query.bind(":revision", *revision).bind(":id", id).run();
}

Expected<std::vector<OpenAction>> DeviceActionRepository::open(TenantId tenant)
{
    Query query(m_session,
        "SELECT a.id, a.device_id, d.object_id, a.kind, a.requested_at FROM device_action a"
        " JOIN managed_device d ON d.id = a.device_id WHERE a.ended_at IS NULL AND d.tenant_id = :tenant"
        " ORDER BY a.id");
    query.bind(":tenant", tenant);
    std::vector<OpenAction> found;
    while (query.next())
        found.push_back({query.integer(0), query.id<ManagedDeviceTag>(1), tenant, query.text(2),
            query.enumeration(3, RemoteAction::Kind::SyncDevice), query.time(4).value_or(QDateTime())});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<std::vector<DeviceActionStatus>> DeviceActionRepository::latest(ManagedDeviceId device)
{
    Query query(m_session,
        "SELECT kind, state, requested_by, requested_at, updated_at, problem FROM device_action a"
        " WHERE device_id = :device AND NOT EXISTS (SELECT 1 FROM device_action b WHERE b.device_id ="
        " a.device_id AND b.kind = a.kind AND b.id > a.id) ORDER BY id DESC");
    query.bind(":device", device);
    std::vector<DeviceActionStatus> found;
    while (query.next())
        found.push_back({query.enumeration(0, RemoteAction::Kind::SyncDevice),
            query.enumeration(1, DeviceActionState::None), query.text(2), query.time(3), query.time(4),
            query.text(5)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<std::vector<ManagedDeviceId>> DeviceActionRepository::movedAfter(qint64 revision)
{
    Query query(m_session, "SELECT DISTINCT device_id FROM device_action WHERE revision > :revision");
    query.bind(":revision", revision);
    std::vector<ManagedDeviceId> found;
    while (query.next())
        found.push_back(query.id<ManagedDeviceTag>(0));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

} // namespace postern::store
