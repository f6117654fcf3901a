// Entra's directory: users, groups with nesting, device objects, and the log of changes that delta queries
// read. Listings and deltas show a change a little after it was made, a single GET at once. Any thread.
#pragma once

#include <map>
#include <set>

#include "app/lab/graph/Tenant.h"

namespace postern::lab {

enum class ObjectKind : std::uint8_t { User, Group, Device };

struct Member
{
    ObjectKind kind = ObjectKind::User;
    std::uint32_t number = 0;
    friend auto operator<=>(const Member&, const Member&) = default;
};

struct Group
{
    Guid id;
    std::string name, description, mail;
    bool synced = false; // from the on-premises directory
    bool unified = false; // a Microsoft 365 group
    std::string rule; // of a dynamic group
    std::vector<Member> members; // sorted
    bool removed = false;
};

struct UserChanges // on top of what the seed says
{
    std::optional<bool> enabled;
    std::optional<Licence> licence;
    std::optional<std::string> department, displayName;
    bool removed = false;
};

struct DirectoryChange
{
    std::uint64_t sequence = 0; // 1, 2, …
    std::int64_t visibleMs = 0; // real time from which deltas show it
    ObjectKind kind = ObjectKind::User;
    std::uint32_t number = 0;
    std::optional<Member> member; // of a group: came or went
    bool came = false;
};

class EntraDirectory
{
public:
    EntraDirectory(Tenant& tenant, std::string administratorUpn, Guid administratorId);

    [[nodiscard]] Tenant& tenant() const { return m_tenant; }

    [[nodiscard]] std::uint32_t userCount() const;
    // By object id or userPrincipalName; removed ones are not found.
    [[nodiscard]] std::optional<std::uint32_t> userNamed(std::string_view idOrUpn) const;
    [[nodiscard]] Guid userId(std::uint32_t user) const;
    [[nodiscard]] std::optional<EntityText> userText(std::uint32_t user) const; // nullopt: removed
    [[nodiscard]] Licence licenceOf(std::uint32_t user) const;
    void changeUser(std::uint32_t user, const std::function<void(UserChanges&)>& change);

    [[nodiscard]] std::uint32_t groupCount() const;
    [[nodiscard]] std::optional<std::uint32_t> groupById(const Guid& id) const;
    [[nodiscard]] std::optional<std::uint32_t> groupNamed(const std::string& name) const;
    [[nodiscard]] Group group(std::uint32_t number) const;
    [[nodiscard]] std::optional<EntityText> groupText(std::uint32_t number) const;
    [[nodiscard]] std::vector<Member> members(std::uint32_t group, bool transitive) const;
    [[nodiscard]] std::vector<std::uint32_t> groupsOf(const Member& member, bool transitive) const;
    bool setMember(std::uint32_t group, const Member& member, bool present); // false: it was so already
    std::uint32_t addGroup(const std::string& name);
    void removeGroup(std::uint32_t group);

    [[nodiscard]] std::uint32_t deviceCount() const;
    [[nodiscard]] std::optional<std::uint32_t> deviceById(const Guid& id) const;
    [[nodiscard]] std::optional<EntityText> deviceText(std::uint32_t device) const;
    [[nodiscard]] Guid deviceId(std::uint32_t device) const; // the object's id, not its deviceId
    [[nodiscard]] std::uint32_t deviceOwner(std::uint32_t device) const; // nobody: none
    [[nodiscard]] std::vector<std::uint32_t> devicesOf(std::uint32_t user) const;
    void deviceChanged(std::uint32_t record); // Intune's record of it, perhaps new

    // Of this run: delta links of another one cannot be continued.
    [[nodiscard]] std::int64_t epoch() const { return m_epoch; }
    [[nodiscard]] std::uint64_t visibleSequence() const;
    // Visible changes of one kind after `sequence`, oldest first.
    [[nodiscard]] std::vector<DirectoryChange> changesSince(
        std::uint64_t sequence, ObjectKind kind, size_t limit) const;
    [[nodiscard]] bool knowsSequence(std::uint64_t sequence) const;

    // For --state: what is no longer as the seed made it.
    [[nodiscard]] std::map<std::uint32_t, UserChanges> changedUsers() const;
    [[nodiscard]] std::map<std::uint32_t, Group> changedGroups() const;
    [[nodiscard]] Expected<void> restoreUser(std::uint32_t user, UserChanges changes);
    [[nodiscard]] Expected<void> restoreGroup(std::uint32_t number, Group group); // in ascending order
    [[nodiscard]] std::uint64_t revision() const { return visibleAndHidden(); }

private:
    struct Device
    {
        std::uint32_t record = nobody; // Intune's; nobody: registered, but not managed …
        std::uint32_t owner = nobody; // … by this user
        Guid id, deviceId;
    };
    void makeGroups();
    std::uint32_t addGroup(Group group, std::vector<Member> members);
    void makeDevices();
    void addDevice(Device device);
    void log(DirectoryChange change); // m_mutex held
    [[nodiscard]] std::uint64_t visibleAndHidden() const;
    [[nodiscard]] bool isStaff(std::uint32_t user) const { return user >= m_tenant.people().userCount(); }
    [[nodiscard]] EntityText staffText() const;
    void collect(std::uint32_t group, std::set<Member>& into) const;

    Tenant& m_tenant;
    std::string m_administratorUpn;
    Guid m_administratorId;
    std::int64_t m_epoch;
    mutable std::shared_mutex m_mutex;
    std::vector<Group> m_groups;
    std::vector<Device> m_devices;
    std::unordered_map<Guid, std::uint32_t, GuidHash> m_groupById, m_deviceById;
    std::unordered_map<std::uint32_t, std::uint32_t> m_deviceOfRecord;
    std::unordered_multimap<std::uint32_t, std::uint32_t> m_devicesOfUser;
    std::map<std::uint32_t, UserChanges> m_changes;
    std::vector<DirectoryChange> m_log;
};

} // namespace postern::lab
