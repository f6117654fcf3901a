// /users and what hangs on a user (graph-reference 7).
#include "app/lab/graph/GraphService.h"
#include "app/lab/graph/Licences.h"

namespace postern::lab {

namespace {

constexpr std::initializer_list<const char*> mayReadUsers{"User.Read.All"};
constexpr std::initializer_list<const char*> mayReadGroups{"Group.Read.All", "GroupMember.Read.All"};
constexpr std::initializer_list<const char*> mayReadDevices{"Device.Read.All"};

std::vector<Member> asMembers(ObjectKind kind, const std::vector<std::uint32_t>& numbers)
{
    std::vector<Member> out;
    for (const std::uint32_t number : numbers)
        out.push_back({kind, number});
    return out;
}

} // namespace

GraphService::Listing GraphService::userListing(const std::string& context) const
{
    return {&types::user, context, "users", m_directory.userCount(),
        [this](std::uint32_t user) { return m_directory.userText(user); },
        [this](const std::string& name) { return m_directory.userNamed(name); }};
}

GraphAnswer GraphService::users(GraphCall& call)
{
    const bool own = call.claims.delegated && call.segments.size() >= 2 && call.segments[1] == call.claims.oid
        && call.claims.permissions.contains("User.Read");
    const bool mailOrDevices = call.segments.size() > 2
        && (call.segments[2] == "sendMail" || call.segments[2] == "managedDevices");
    if (const auto refusal = lacksDirectory(call, mayReadUsers); refusal && !own && !mailOrDevices)
        return *refusal;
    if (call.segments.size() == 1)
        return call.isGet() ? listed(call, userListing("users")) : methodNotAllowed();
    if (call.segments[1] == "delta")
        return call.isGet() ? delta(call, ObjectKind::User) : methodNotAllowed();
    if (call.segments[1] == "$count")
        return call.isGet() ? counted(call, userListing("users")) : methodNotAllowed();
    const auto user = m_directory.userNamed(call.segments[1]);
    if (!user)
        return noSuchResource(call.segments[1]);
    if (call.segments.size() > 2)
        return userPart(call, *user);
    return call.isGet() ? one(call, m_directory.userText(*user), types::user, "users") : methodNotAllowed();
}

GraphAnswer GraphService::userPart(GraphCall& call, std::uint32_t user)
{
    const std::string& part = call.segments[2];
    if (part == "sendMail")
        return sendMail(call, user);
    if (part == "managedDevices")
        return managedDevices(call, 3, user);
    if (!call.isGet())
        return methodNotAllowed();
    const Member self{ObjectKind::User, user};
    if (part == "memberOf" || part == "transitiveMemberOf") {
        if (const auto refusal = lacksDirectory(call, mayReadGroups))
            return *refusal;
        return objects(call,
            asMembers(ObjectKind::Group, m_directory.groupsOf(self, part == "transitiveMemberOf")),
            "directoryObjects");
    }
    if (part == "ownedDevices" || part == "registeredDevices") {
        if (const auto refusal = lacksDirectory(call, mayReadDevices))
            return *refusal;
        return objects(call, asMembers(ObjectKind::Device, m_directory.devicesOf(user)), "directoryObjects");
    }
    if (part == "licenseDetails")
        return graphJson(
            JsonOut()
                .text("@odata.context", call.context("users('" + call.segments[1] + "')/licenseDetails"))
                .raw("value", licenseDetailsJson(m_directory.licenceOf(user)))
                .finish());
    if (part == "manager")
        return noSuchResource("manager");
    return noSuchSegment(part);
}

} // namespace postern::lab
