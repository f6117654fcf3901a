// The groups of the tenant: departments from the on-premises directory, nested ones, pilots, VIPs, a dynamic
// one, one with devices, an empty one, and two that hold each other.
#include <algorithm>
#include <mutex>

#include "app/lab/graph/EntraDirectory.h"
#include "app/lab/population/Dice.h"
#include "app/lab/population/Names.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

enum Kind : std::uint64_t { GroupKind = 121, PilotKind = 122 };

Member userMember(std::uint32_t number)
{
    return {ObjectKind::User, number};
}
Member groupMember(std::uint32_t number)
{
    return {ObjectKind::Group, number};
}

struct Draw // who is in which, drawn in one walk over the people
{
    std::vector<std::vector<Member>> departments, places;
    std::vector<Member> wave1, wave2, vip, exempt, licensed, ringA, ringB, unified;
};

Draw drawn(const Tenant& tenant)
{
    Draw out;
    const Population& people = tenant.people();
    out.departments.resize(departments().size());
    out.places.resize(places().size());
    for (std::uint32_t user = 0; user < people.userCount(); ++user) {
        const Person person = people.person(user);
        for (size_t i = 0; i < departments().size(); ++i) {
            if (person.department == departments()[i])
                out.departments[i].push_back(userMember(user));
        }
        for (size_t i = 0; i < places().size(); ++i) {
            if (person.city == places()[i].city)
                out.places[i].push_back(userMember(user));
        }
        Dice dice(people.options().seed, PilotKind, user);
        const std::uint64_t wave = dice.below(100);
        if (wave < 20)
            (wave < 5 ? out.wave1 : out.wave2).push_back(userMember(user));
        for (auto* list : {&out.vip, &out.exempt, &out.ringA, &out.ringB, &out.unified}) {
            if (dice.oneIn(50))
                list->push_back(userMember(user));
        }
        if (cloudUserOf(people, person).hasIntune())
            out.licensed.push_back(userMember(user));
    }
    return out;
}

Group named(std::string name, std::string description)
{
    Group group;
    group.name = std::move(name);
    group.description = std::move(description);
    return group;
}

} // namespace

std::uint32_t EntraDirectory::addGroup(Group group, std::vector<Member> members)
{
    const auto number = std::uint32_t(m_groups.size());
    Dice dice(m_tenant.people().options().seed, GroupKind, number);
    const std::uint64_t high = dice.next();
    group.id = Guid::fromNumbers(high, dice.next());
    std::sort(members.begin(), members.end());
    group.members = std::move(members);
    m_groupById.emplace(group.id, number);
    m_groups.push_back(std::move(group));
    return number;
}

void EntraDirectory::makeGroups()
{
    Draw who = drawn(m_tenant);
    std::vector<Member> all;
    for (size_t i = 0; i < who.departments.size(); ++i) {
        Group group = named("Dept " + std::string(departments()[i]), "Synchronized from contoso.lab");
        group.synced = true;
        all.push_back(groupMember(addGroup(std::move(group), std::move(who.departments[i]))));
    }
    const std::uint32_t board = 8; // Executive Board among the departments
    addGroup(named("All Staff", "Everybody, through the departments' groups"), all);
    const std::uint32_t wave1 = addGroup(named("Pilot Wave 1", "First to be enforced"), who.wave1);
    const std::uint32_t wave2 = addGroup(named("Pilot Wave 2", "Second to be enforced"), who.wave2);
    addGroup(named("Pilot", "Both waves"), {groupMember(wave1), groupMember(wave2)});
    who.vip.push_back(groupMember(board));
    addGroup(named("VIP", "The board and some others"), who.vip);
    addGroup(named("Mobile Exempt", "Never blocked"), who.exempt);
    Group dynamic = named("Intune Users", "Everybody with an Intune licence");
    dynamic.rule
        = "(user.assignedPlans -any (assignedPlan.servicePlanId -eq "
          "\"c1ec4a95-1f05-45b3-a911-aa3fa01094f5\" -and assignedPlan.capabilityStatus -eq \"Enabled\"))";
    addGroup(std::move(dynamic), who.licensed);
    std::vector<Member> kiosk;
    for (std::uint32_t device = 0; device < std::min<size_t>(m_devices.size(), 12); device += 3)
        kiosk.push_back({ObjectKind::Device, device});
    if (m_tenant.people().userCount() > 0)
        kiosk.push_back(userMember(0));
    addGroup(named("Kiosk Devices", "Devices, and the person who looks after them"), kiosk);
    addGroup(named("Empty Group", ""), {});
    Group unified = named("Mobile Friends", "A Microsoft 365 group");
    unified.unified = true;
    unified.mail = "mobile.friends@contoso.lab";
    addGroup(std::move(unified), who.unified);
    const std::uint32_t ringA = addGroup(named("Ring A", "Holds Ring B"), who.ringA);
    who.ringB.push_back(groupMember(ringA));
    const std::uint32_t ringB = addGroup(named("Ring B", "Holds Ring A"), who.ringB);
    m_groups[ringA].members.push_back(groupMember(ringB));
    for (size_t i = 0; i < who.places.size(); ++i)
        addGroup(named("Site " + std::string(places()[i].city), "By office"), std::move(who.places[i]));
}

std::uint32_t EntraDirectory::groupCount() const
{
    const std::shared_lock lock(m_mutex);
    return std::uint32_t(m_groups.size());
}

std::optional<std::uint32_t> EntraDirectory::groupById(const Guid& id) const
{
    const std::shared_lock lock(m_mutex);
    const auto at = m_groupById.find(id);
    return at == m_groupById.end() || m_groups[at->second].removed ? std::nullopt : std::optional(at->second);
}

std::optional<std::uint32_t> EntraDirectory::groupNamed(const std::string& name) const
{
    const std::shared_lock lock(m_mutex);
    for (size_t i = 0; i < m_groups.size(); ++i) {
        if (!m_groups[i].removed && caseFolded(m_groups[i].name) == caseFolded(name))
            return std::uint32_t(i);
    }
    return std::nullopt;
}

Group EntraDirectory::group(std::uint32_t number) const
{
    const std::shared_lock lock(m_mutex);
    return m_groups[number];
}

// m_mutex held. Groups may hold each other: each is walked once.
void EntraDirectory::collect(std::uint32_t group, std::set<Member>& into) const
{
    for (const Member& member : m_groups[group].members) {
        if (member.kind == ObjectKind::Group && m_groups[member.number].removed)
            continue;
        if (into.insert(member).second && member.kind == ObjectKind::Group)
            collect(member.number, into);
    }
}

std::vector<Member> EntraDirectory::members(std::uint32_t group, bool transitive) const
{
    const std::shared_lock lock(m_mutex);
    if (!transitive)
        return m_groups[group].members;
    std::set<Member> all;
    collect(group, all);
    return {all.begin(), all.end()};
}

std::vector<std::uint32_t> EntraDirectory::groupsOf(const Member& member, bool transitive) const
{
    const std::shared_lock lock(m_mutex);
    std::set<std::uint32_t> found;
    std::vector<Member> todo{member};
    while (!todo.empty()) {
        const Member wanted = todo.back();
        todo.pop_back();
        for (size_t i = 0; i < m_groups.size(); ++i) {
            const auto& list = m_groups[i].members;
            const bool in = !m_groups[i].removed && std::binary_search(list.begin(), list.end(), wanted);
            if (in && found.insert(std::uint32_t(i)).second && transitive)
                todo.push_back(groupMember(std::uint32_t(i)));
        }
    }
    return {found.begin(), found.end()};
}

bool EntraDirectory::setMember(std::uint32_t group, const Member& member, bool present)
{
    const std::unique_lock lock(m_mutex);
    auto& list = m_groups[group].members;
    const auto at = std::lower_bound(list.begin(), list.end(), member);
    const bool there = at != list.end() && *at == member;
    if (there == present)
        return false;
    if (present)
        list.insert(at, member);
    else
        list.erase(at);
    log({0, 0, ObjectKind::Group, group, member, present});
    return true;
}

std::uint32_t EntraDirectory::addGroup(const std::string& name)
{
    const std::unique_lock lock(m_mutex);
    Group group;
    group.name = name;
    const std::uint32_t number = addGroup(std::move(group), {});
    log({0, 0, ObjectKind::Group, number, std::nullopt, false});
    return number;
}

void EntraDirectory::removeGroup(std::uint32_t group)
{
    const std::unique_lock lock(m_mutex);
    m_groups[group].removed = true;
    log({0, 0, ObjectKind::Group, group, std::nullopt, false});
}

} // namespace postern::lab
