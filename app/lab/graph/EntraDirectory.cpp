#include "app/lab/graph/EntraDirectory.h"

#include <algorithm>
#include <chrono>
#include <mutex>

#include "app/lab/population/Dice.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

std::int64_t steadyMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

// Small enough to pass through a JSON number unharmed.
std::int64_t newEpoch()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

EntraDirectory::EntraDirectory(Tenant& tenant, std::string administratorUpn, Guid administratorId)
    : m_tenant(tenant)
    , m_administratorUpn(std::move(administratorUpn))
    , m_administratorId(administratorId)
    , m_epoch(newEpoch())
{
    makeDevices();
    makeGroups();
}

std::uint32_t EntraDirectory::userCount() const
{
    return m_tenant.people().userCount() + 1; // the administrator has no mailbox and comes last
}

std::optional<std::uint32_t> EntraDirectory::userNamed(std::string_view idOrUpn) const
{
    std::optional<std::uint32_t> found;
    if (const auto id = Guid::parse(idOrUpn))
        found = *id == m_administratorId ? std::optional(m_tenant.people().userCount())
                                         : m_tenant.userById(*id);
    else if (equalsIgnoreCase(idOrUpn, m_administratorUpn))
        found = m_tenant.people().userCount();
    else
        found = m_tenant.userByName(idOrUpn);
    if (!found)
        return found;
    const std::shared_lock lock(m_mutex);
    const auto changed = m_changes.find(*found);
    return changed != m_changes.end() && changed->second.removed ? std::nullopt : found;
}

Guid EntraDirectory::userId(std::uint32_t user) const
{
    return isStaff(user) ? m_administratorId : m_tenant.user(user).id;
}

Licence EntraDirectory::licenceOf(std::uint32_t user) const
{
    {
        const std::shared_lock lock(m_mutex);
        const auto changed = m_changes.find(user);
        if (changed != m_changes.end() && changed->second.licence)
            return *changed->second.licence;
    }
    return isStaff(user) ? Licence::Microsoft365E3 : m_tenant.user(user).licence;
}

void EntraDirectory::changeUser(std::uint32_t user, const std::function<void(UserChanges&)>& change)
{
    const std::unique_lock lock(m_mutex);
    change(m_changes[user]);
    log({0, 0, ObjectKind::User, user, std::nullopt, false});
}

void EntraDirectory::log(DirectoryChange change)
{
    change.sequence = m_log.size() + 1;
    change.visibleMs = steadyMs() + m_tenant.lag();
    m_log.push_back(std::move(change));
}

std::uint64_t EntraDirectory::visibleSequence() const
{
    const std::shared_lock lock(m_mutex);
    const std::int64_t now = steadyMs();
    std::uint64_t last = m_log.size();
    while (last > 0 && m_log[last - 1].visibleMs > now)
        --last;
    return last;
}

bool EntraDirectory::knowsSequence(std::uint64_t sequence) const
{
    const std::shared_lock lock(m_mutex);
    return sequence <= m_log.size();
}

std::vector<DirectoryChange> EntraDirectory::changesSince(
    std::uint64_t sequence, ObjectKind kind, size_t limit) const
{
    const std::uint64_t last = visibleSequence();
    const std::shared_lock lock(m_mutex);
    std::vector<DirectoryChange> out;
    for (std::uint64_t at = sequence; at < last && out.size() < limit; ++at) {
        if (m_log[at].kind == kind)
            out.push_back(m_log[at]);
    }
    return out;
}

void EntraDirectory::addDevice(Device device)
{
    const auto number = std::uint32_t(m_devices.size());
    m_deviceById.emplace(device.id, number);
    if (device.record != nobody)
        m_deviceOfRecord.emplace(device.record, number);
    if (device.owner != nobody)
        m_devicesOfUser.emplace(device.owner, number);
    m_devices.push_back(device);
}

void EntraDirectory::makeDevices()
{
    for (std::uint32_t number = 0; number < m_tenant.recordCount(); ++number) {
        const ManagedRecord record = m_tenant.record(number);
        if (record.state.inDirectory && !record.former)
            addDevice({number, record.state.user, record.directoryId, record.azureDeviceId});
    }
    // Registered by their users for single sign-on, never enrolled.
    for (std::uint32_t user = 4; user < m_tenant.people().userCount(); user += 9) {
        Dice dice(m_tenant.people().options().seed, 120, user);
        Device device;
        device.owner = user;
        for (Guid* id : {&device.id, &device.deviceId}) {
            const std::uint64_t high = dice.next();
            *id = Guid::fromNumbers(high, dice.next());
        }
        addDevice(device);
    }
}

std::uint32_t EntraDirectory::deviceCount() const
{
    const std::shared_lock lock(m_mutex);
    return std::uint32_t(m_devices.size());
}

std::optional<std::uint32_t> EntraDirectory::deviceById(const Guid& id) const
{
    const std::shared_lock lock(m_mutex);
    const auto at = m_deviceById.find(id);
    return at == m_deviceById.end() ? std::nullopt : std::optional(at->second);
}

Guid EntraDirectory::deviceId(std::uint32_t device) const
{
    const std::shared_lock lock(m_mutex);
    return m_devices[device].id;
}

std::uint32_t EntraDirectory::deviceOwner(std::uint32_t device) const
{
    const std::shared_lock lock(m_mutex);
    return m_devices[device].owner;
}

std::vector<std::uint32_t> EntraDirectory::devicesOf(std::uint32_t user) const
{
    const std::shared_lock lock(m_mutex);
    std::vector<std::uint32_t> out;
    const auto [from, to] = m_devicesOfUser.equal_range(user);
    for (auto at = from; at != to; ++at)
        out.push_back(at->second);
    std::sort(out.begin(), out.end());
    return out;
}

void EntraDirectory::deviceChanged(std::uint32_t record)
{
    const ManagedRecord known = m_tenant.record(record);
    const std::unique_lock lock(m_mutex);
    const auto at = m_deviceOfRecord.find(record);
    if (at == m_deviceOfRecord.end()) {
        if (!known.state.inDirectory || known.former)
            return;
        addDevice({record, known.state.user, known.directoryId, known.azureDeviceId});
    }
    log({0, 0, ObjectKind::Device, m_deviceOfRecord.at(record), std::nullopt, false});
}

std::uint64_t EntraDirectory::visibleAndHidden() const
{
    const std::shared_lock lock(m_mutex);
    return m_log.size();
}

std::map<std::uint32_t, UserChanges> EntraDirectory::changedUsers() const
{
    const std::shared_lock lock(m_mutex);
    return m_changes;
}

std::map<std::uint32_t, Group> EntraDirectory::changedGroups() const
{
    const std::shared_lock lock(m_mutex);
    std::map<std::uint32_t, Group> out;
    for (const DirectoryChange& change : m_log) {
        if (change.kind == ObjectKind::Group)
            out.emplace(change.number, m_groups[change.number]);
    }
    return out;
}

Expected<void> EntraDirectory::restoreUser(std::uint32_t user, UserChanges changes)
{
    if (user >= userCount())
        return fail(ErrorCode::InvalidInput, QStringLiteral("there is no user %1 in this lab").arg(user));
    changeUser(user, [&changes](UserChanges& into) { into = std::move(changes); });
    return {};
}

Expected<void> EntraDirectory::restoreGroup(std::uint32_t number, Group group)
{
    const std::unique_lock lock(m_mutex);
    if (number > m_groups.size())
        return fail(ErrorCode::InvalidInput, QStringLiteral("there is no group %1 in this lab").arg(number));
    for (const Member& member : group.members) {
        const size_t known = member.kind == ObjectKind::User ? m_tenant.people().userCount() + 1
            : member.kind == ObjectKind::Group               ? m_groups.size() + 1
                                                             : m_devices.size();
        if (member.number >= known)
            return fail(ErrorCode::InvalidInput,
                QStringLiteral("group %1 has a member that is not in this lab: %2")
                    .arg(number)
                    .arg(member.number));
    }
    if (number == m_groups.size()) {
        Group fresh;
        fresh.name = group.name;
        addGroup(std::move(fresh), {});
    }
    std::sort(group.members.begin(), group.members.end());
    m_groups[number].members = std::move(group.members);
    m_groups[number].removed = group.removed;
    log({0, 0, ObjectKind::Group, number, std::nullopt, false});
    return {};
}

} // namespace postern::lab
