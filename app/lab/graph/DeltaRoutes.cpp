// Delta queries of users, groups and devices (graph-reference 8): a first listing in pages, then what
// changed; an old link means a full resync from the address in Location.
#include <set>

#include "app/lab/graph/GraphService.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr int usualPage = 200, membersAPage = 100;
constexpr std::int64_t tokenLifeMs = 7LL * 86400000;
constexpr std::uint64_t offsetBits = 32;

const EntityType& typeOf(ObjectKind kind)
{
    return kind == ObjectKind::User ? types::user : kind == ObjectKind::Group ? types::group : types::device;
}

std::string_view purposeOf(ObjectKind kind)
{
    return kind == ObjectKind::User ? "users" : kind == ObjectKind::Group ? "groups" : "devices";
}

int pageOf(const GraphCall& call, int forced)
{
    int page = usualPage;
    const auto prefer = call.headers.find("prefer");
    if (prefer != call.headers.end() && startsWithIgnoreCase(prefer->second, "odata.maxpagesize="))
        page = std::clamp(std::atoi(prefer->second.c_str() + 18), 1, 999);
    return forced > 0 ? std::min(forced, page) : page;
}

std::string removedObject(const Guid& id, const char* reason)
{
    return JsonOut()
        .text("id", id.lower())
        .raw("@removed", JsonOut().text("reason", reason).finish())
        .finish();
}

} // namespace

struct GraphService::DeltaPage
{
    std::string rows;
    int count = 0;
    void add(const std::string& row)
    {
        if (count++ > 0)
            rows += ',';
        rows += row;
    }
};

namespace {

// $select names what is tracked; `members` is no property and comes on top.
Answered<Selection> trackedOf(const DeltaToken& token, const EntityType& type, bool& withMembers)
{
    withMembers = !token.hasSelect;
    if (!token.hasSelect)
        return unaskedOf(type);
    Query query;
    query.options.emplace_back("$select", token.select);
    auto selection = selectionOf(query, type);
    for (const std::string& name : split(token.select, ','))
        withMembers = withMembers || trimmed(name) == "members";
    const auto id = type.indexOf("id");
    if (selection && (selection->empty() || selection->front() != *id))
        selection->insert(selection->begin(), *id);
    return selection;
}

std::string memberJson(const EntraDirectory& directory, const Member& member, bool present)
{
    JsonOut out;
    const EntityType& type = typeOf(member.kind);
    out.text("@odata.type", "#" + std::string(type.name));
    const Guid id = member.kind == ObjectKind::User ? directory.userId(member.number)
        : member.kind == ObjectKind::Group          ? directory.group(member.number).id
                                                    : directory.deviceId(member.number);
    out.text("id", id.lower());
    if (!present)
        out.raw("@removed", JsonOut().text("reason", "deleted").finish());
    return out.finish();
}

std::string withMembersOf(std::string object, const std::string& members)
{
    object.pop_back();
    return object + ",\"members@delta\":[" + members + "]}";
}

// Large groups come in several pieces, the same id again and again; `offset` becomes that of the next, 0
// after all.
std::string withMembersFrom(
    const EntraDirectory& directory, const std::string& row, std::uint32_t group, std::uint64_t& offset)
{
    const std::vector<Member> members = directory.members(group, false);
    const std::uint64_t end = std::min<std::uint64_t>(members.size(), offset + membersAPage);
    std::string list;
    for (std::uint64_t i = offset; i < end; ++i)
        list += (list.empty() ? "" : ",") + memberJson(directory, members[size_t(i)], true);
    offset = end < members.size() ? end : 0;
    return list.empty() ? row : withMembersOf(row, list);
}

std::optional<EntityText> textOf(const EntraDirectory& directory, ObjectKind kind, std::uint32_t number)
{
    return kind == ObjectKind::User ? directory.userText(number)
        : kind == ObjectKind::Group ? directory.groupText(number)
                                    : directory.deviceText(number);
}

Guid idOf(const EntraDirectory& directory, ObjectKind kind, std::uint32_t number)
{
    return kind == ObjectKind::User ? directory.userId(number)
        : kind == ObjectKind::Group ? directory.group(number).id
                                    : directory.deviceId(number);
}

} // namespace

GraphAnswer GraphService::resync(const GraphCall& call) const
{
    GraphAnswer answer = graphError(410, "syncStateNotFound",
        "The sync state generation is not found; a full resynchronization is required.");
    answer.headers.emplace_back("Location", call.url() + "?$deltatoken=");
    return answer;
}

GraphAnswer GraphService::delta(const GraphCall& call, ObjectKind kind)
{
    for (const char* option : {"$top", "$orderby", "$expand", "$skip", "$search", "$count"}) {
        if (call.query.has(option))
            return badRequest(
                "The query option '" + std::string(option) + "' is not supported for delta queries.");
    }
    DeltaToken token;
    token.purpose = purposeOf(kind);
    token.sequence = m_directory.visibleSequence();
    token.issuedMs = m_tenant.estate().nowMs();
    token.epoch = m_directory.epoch();
    token.hasSelect = call.query.has("$select");
    token.select = call.query.value("$select");
    const bool skip = call.query.has("$skiptoken");
    const std::string given = call.query.value(skip ? "$skiptoken" : "$deltatoken");
    if (given == "latest") {
        token.listing = false;
        token.position = token.sequence;
        return graphJson(JsonOut()
                             .text("@odata.context", call.context(token.purpose))
                             .text("@odata.deltaLink", call.url() + "?$deltatoken=" + token.text())
                             .raw("value", "[]")
                             .finish());
    }
    if (!given.empty()) {
        const auto known = DeltaToken::parse(given);
        if (!known || known->purpose != token.purpose)
            return badRequest("Badly formed token.");
        const bool old = m_tenant.estate().nowMs() - known->issuedMs > tokenLifeMs;
        if (old || known->epoch != token.epoch
            || !m_directory.knowsSequence(known->listing ? known->sequence : known->position))
            return resync(call);
        if (m_faults.any() && m_faults.forRequest({"deltaExpired"}, "/v1.0" + call.path)) {
            m_counters.fault("deltaExpired");
            return resync(call);
        }
        token = *known;
    }
    return token.listing ? deltaListing(call, kind, token) : deltaChanges(call, kind, token);
}

GraphAnswer GraphService::deltaListing(const GraphCall& call, ObjectKind kind, DeltaToken token) const
{
    bool withMembers = false;
    const auto selection = trackedOf(token, typeOf(kind), withMembers);
    if (!selection)
        return selection.error();
    const std::uint32_t count = kind == ObjectKind::User ? m_directory.userCount()
        : kind == ObjectKind::Group                      ? m_directory.groupCount()
                                                         : m_directory.deviceCount();
    const int page = pageOf(call, m_options.pageSize.load());
    std::uint64_t number = token.position & 0xffffffffU, offset = token.position >> offsetBits;
    DeltaPage out;
    for (int budget = page; number < count && budget > 0; --budget) {
        const auto text = textOf(m_directory, kind, std::uint32_t(number));
        std::string row;
        if (text)
            text->appendTo(row, *selection);
        if (text && kind == ObjectKind::Group && withMembers)
            row = withMembersFrom(m_directory, row, std::uint32_t(number), offset);
        if (text)
            out.add(row);
        if (offset == 0)
            ++number;
    }
    JsonOut answer;
    answer.text("@odata.context", call.context(std::string(purposeOf(kind))));
    token.position = number | (offset << offsetBits);
    if (number < count) {
        answer.text("@odata.nextLink", call.url() + "?$skiptoken=" + token.text());
    } else {
        token.listing = false;
        token.position = token.sequence;
        answer.text("@odata.deltaLink", call.url() + "?$deltatoken=" + token.text());
    }
    return graphJson(answer.raw("value", "[" + out.rows + "]").finish());
}

GraphAnswer GraphService::deltaChanges(const GraphCall& call, ObjectKind kind, DeltaToken token) const
{
    bool withMembers = false;
    const auto selection = trackedOf(token, typeOf(kind), withMembers);
    if (!selection)
        return selection.error();
    const std::uint64_t last = m_directory.visibleSequence();
    const int page = pageOf(call, m_options.pageSize.load());
    const auto changes = m_directory.changesSince(token.position, kind, size_t(page));
    DeltaPage out;
    std::set<std::uint32_t> written;
    for (const DirectoryChange& change : changes) {
        const Guid id = idOf(m_directory, kind, change.number);
        const auto text = textOf(m_directory, kind, change.number);
        if (change.member && (!withMembers || !text))
            continue;
        if (change.member) {
            const std::string member = memberJson(m_directory, *change.member, change.came);
            out.add(withMembersOf(JsonOut().text("id", id.lower()).finish(), member));
            continue;
        }
        if (!written.insert(change.number).second)
            continue;
        if (!text) {
            out.add(removedObject(id, kind == ObjectKind::Device ? "deleted" : "changed"));
            continue;
        }
        std::string row;
        text->appendTo(row, *selection);
        out.add(row);
    }
    const bool more = int(changes.size()) == page;
    token.position = more ? changes.back().sequence : std::max(last, token.position);
    token.issuedMs = m_tenant.estate().nowMs();
    return graphJson(JsonOut()
                         .text("@odata.context", call.context(std::string(purposeOf(kind))))
                         .text(more ? "@odata.nextLink" : "@odata.deltaLink",
                             call.url() + (more ? "?$skiptoken=" : "?$deltatoken=") + token.text())
                         .raw("value", "[" + out.rows + "]")
                         .finish());
}

} // namespace postern::lab
