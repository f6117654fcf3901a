// /groups, their members, and /directoryObjects/getByIds (graph-reference 7).
#include <QJsonArray>

#include "app/lab/graph/Body.h"
#include "app/lab/graph/GraphService.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr std::initializer_list<const char*> mayReadGroups{"Group.Read.All"};
constexpr std::initializer_list<const char*> mayReadMembers{"Group.Read.All", "GroupMember.Read.All"};

// /members/microsoft.graph.user: only those.
bool isCast(const std::string& segment, ObjectKind& kind)
{
    for (const auto& [name, value] :
        {std::pair{"user", ObjectKind::User}, {"group", ObjectKind::Group}, {"device", ObjectKind::Device}}) {
        if (segment == name) {
            kind = value;
            return true;
        }
    }
    return false;
}

} // namespace

GraphService::Listing GraphService::groupListing() const
{
    return {&types::group, "groups", "groups", m_directory.groupCount(),
        [this](std::uint32_t group) { return m_directory.groupText(group); },
        [this](const std::string& id) {
            const auto guid = Guid::parse(id);
            return guid ? m_directory.groupById(*guid) : std::nullopt;
        }};
}

GraphAnswer GraphService::groups(GraphCall& call)
{
    if (const auto refusal = call.segments.size() > 2 ? lacksDirectory(call, mayReadMembers)
                                                      : lacksDirectory(call, mayReadGroups))
        return *refusal;
    if (!call.isGet())
        return methodNotAllowed();
    if (call.segments.size() == 1)
        return listed(call, groupListing());
    if (call.segments[1] == "delta")
        return delta(call, ObjectKind::Group);
    if (call.segments[1] == "$count")
        return counted(call, groupListing());
    const auto id = Guid::parse(call.segments[1]);
    if (!id)
        return graphError(400, "Request_BadRequest", "Invalid object identifier '" + call.segments[1] + "'.");
    const auto group = m_directory.groupById(*id);
    if (!group)
        return noSuchResource(call.segments[1]);
    if (call.segments.size() > 2)
        return groupPart(call, *group);
    return one(call, m_directory.groupText(*group), types::group, "groups");
}

GraphAnswer GraphService::groupPart(GraphCall& call, std::uint32_t group)
{
    const std::string& part = call.segments[2];
    if (part == "members" || part == "transitiveMembers") {
        std::vector<Member> list = m_directory.members(group, part == "transitiveMembers");
        ObjectKind kind = ObjectKind::User;
        if (call.segments.size() > 3) {
            if (!isCast(call.segments[3], kind))
                return noSuchSegment(call.segments[3]);
            std::erase_if(list, [kind](const Member& member) { return member.kind != kind; });
        }
        return objects(call, list, "directoryObjects");
    }
    if (part == "memberOf" || part == "transitiveMemberOf") {
        std::vector<Member> list;
        for (const std::uint32_t above :
            m_directory.groupsOf({ObjectKind::Group, group}, part == "transitiveMemberOf"))
            list.push_back({ObjectKind::Group, above});
        return objects(call, list, "directoryObjects");
    }
    if (part == "owners")
        return objects(call, {{ObjectKind::User, m_directory.userCount() - 1}}, "directoryObjects");
    return noSuchSegment(part);
}

GraphAnswer GraphService::getByIds(const GraphCall& call) const
{
    if (call.method != "POST")
        return methodNotAllowed();
    if (const auto refusal = lacksDirectory(call, {"User.Read.All", "Group.Read.All", "Device.Read.All"}))
        return *refusal;
    const auto body = bodyOf(call, false);
    if (!body)
        return body.error();
    static constexpr std::array fields{
        BodyField{"ids", JsonKind::List, false}, BodyField{"types", JsonKind::List}};
    if (const auto wrong = wrongParameter(*body, fields, "getByIds"))
        return *wrong;
    const QJsonArray ids = body->value("ids"_L1).toArray(), wanted = body->value("types"_L1).toArray();
    if (ids.isEmpty() || ids.size() > 1000)
        return graphError(400, "Request_BadRequest", "The number of ids must be between 1 and 1000.");
    const auto asked
        = [&wanted](const char* type) { return wanted.isEmpty() || wanted.contains(QLatin1String(type)); };
    std::vector<Member> found;
    for (const QJsonValue& value : ids) {
        const std::string text = value.toString().toStdString();
        const auto id = Guid::parse(text);
        if (!id)
            return graphError(400, "Request_BadRequest", "Invalid GUID:" + text);
        if (const auto user = asked("user") ? m_directory.userNamed(text) : std::nullopt)
            found.push_back({ObjectKind::User, *user});
        else if (const auto group = asked("group") ? m_directory.groupById(*id) : std::nullopt)
            found.push_back({ObjectKind::Group, *group});
        else if (const auto device = asked("device") ? m_directory.deviceById(*id) : std::nullopt)
            found.push_back({ObjectKind::Device, *device});
    }
    GraphCall whole = call;
    whole.query.top = 999;
    return objects(whole, found, "directoryObjects");
}

} // namespace postern::lab
