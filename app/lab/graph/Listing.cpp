// Collections of the directory: $select, $filter, $top, $count, $search, pages by $skiptoken (graph-reference
// 7).
#include <algorithm>

#include "app/lab/graph/GraphService.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr int defaultPage = 100, maximumPage = 999;

std::optional<GraphAnswer> refusedOptions(const GraphCall& call)
{
    const Query& query = call.query;
    if (query.has("$skip"))
        return badRequest("'$skip' is not supported by the service.");
    if (query.has("$orderby"))
        return graphError(400, "Request_UnsupportedQuery", "Sorting not supported for current query.");
    if (query.has("$expand"))
        return badRequest("Parsing OData Select and Expand failed: the lab does not serve $expand here.");
    if (query.top && (*query.top < 1 || *query.top > maximumPage))
        return graphError(400, "Request_UnsupportedQuery",
            "Invalid page size specified: '" + std::to_string(*query.top)
                + "'. Must be between 1 and 999 inclusive.");
    if (query.has("$search") && !call.isEventual())
        return graphError(400, "Request_UnsupportedQuery",
            "Request with $search query parameter only works through MSGraph with a special request header: "
            "'ConsistencyLevel: eventual'");
    return std::nullopt;
}

Answered<Filter> filterOf(const GraphCall& call, const EntityType& type)
{
    Filter out;
    if (call.query.has("$filter")) {
        const auto parsed = parsedFilter(call.query.value("$filter"), type);
        if (!parsed)
            return tl::unexpected(parsed.error());
        auto read = asDirectoryReads(*parsed, type, call.isEventual() && call.query.count);
        if (!read)
            return read;
        out = std::move(*read);
    }
    if (!call.query.has("$search"))
        return out;
    // "displayName:text"
    const std::string search = call.query.value("$search");
    const auto colon = search.find(':');
    if (search.size() < 4 || search.front() != '"' || search.back() != '"' || colon == std::string::npos)
        return refused(400, "BadRequest",
            "Syntax error: character '" + search.substr(0, 1) + "' is not valid at position 0 in '" + search
                + "'.");
    FilterNode node;
    node.kind = FilterNode::Kind::Function;
    node.operation = "contains";
    const auto index = type.indexOf(search.substr(1, colon - 1));
    if (!index)
        return refused(400, "Request_UnsupportedQuery", "Unsupported property in $search.");
    node.property = *index;
    node.values = {jsonString(search.substr(colon + 1, search.size() - colon - 2))};
    return Filter(std::move(node));
}

// `id eq 'x'` and `userPrincipalName eq 'x'` look the object up instead of walking over all.
std::optional<std::string> exactName(const Filter& filter)
{
    const FilterNode& root = filter.root();
    if (root.kind != FilterNode::Kind::Compare || root.operation != "eq"
        || (root.name != "id" && root.name != "userPrincipalName"))
        return std::nullopt;
    const std::string& json = root.values.front();
    return json.size() > 2 && json.front() == '"' && json.find('\\') == std::string::npos
        ? std::optional(json.substr(1, json.size() - 2))
        : std::nullopt;
}

std::int64_t countOf(std::uint32_t count, const std::function<std::optional<EntityText>(std::uint32_t)>& at,
    const Filter& filter)
{
    std::int64_t all = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto text = at(i);
        all += text && filter.matches(*text) ? 1 : 0;
    }
    return all;
}

const EntityType& typeOf(ObjectKind kind)
{
    return kind == ObjectKind::User ? types::user : kind == ObjectKind::Group ? types::group : types::device;
}

// Of each kind of object; $select counts where the type has the property.
std::vector<Selection> mixedSelections(const Query& query)
{
    std::vector<Selection> out;
    for (const ObjectKind kind : {ObjectKind::User, ObjectKind::Group, ObjectKind::Device}) {
        if (!query.has("$select")) {
            out.push_back(unaskedOf(typeOf(kind)));
            continue;
        }
        Selection chosen;
        for (const std::string& name : split(query.value("$select"), ',')) {
            if (const auto index = typeOf(kind).indexOf(trimmed(name)))
                chosen.push_back(*index);
        }
        std::sort(chosen.begin(), chosen.end());
        out.push_back(chosen);
    }
    return out;
}

// Where a listing goes on; `purpose` keeps the tokens of different listings apart.
Answered<std::uint64_t> startOf(const Query& query, const std::string& purpose)
{
    if (!query.has("$skiptoken"))
        return 0;
    const auto position = positionOf(query.value("$skiptoken"), purpose);
    if (!position)
        return refused(400, "Directory_ExpiredPageToken", "The specified page token value is not valid.");
    return *position;
}

} // namespace

int GraphService::directoryPage(const Query& query) const
{
    const int forced = m_options.pageSize.load();
    const int wanted = query.top.value_or(defaultPage);
    return forced > 0 ? std::min(forced, wanted) : wanted;
}

GraphAnswer GraphService::listed(const GraphCall& call, const Listing& listing) const
{
    if (const auto refusal = refusedOptions(call))
        return *refusal;
    const auto selection = selectionOf(call.query, *listing.type);
    if (!selection)
        return selection.error();
    const auto filter = filterOf(call, *listing.type);
    if (!filter)
        return filter.error();
    const auto start = startOf(call.query, listing.purpose);
    if (!start)
        return start.error();
    std::uint64_t at = *start;
    std::uint64_t end = listing.count;
    if (const auto name = exactName(*filter); name && listing.find) {
        const auto found = listing.find(*name);
        at = found ? *found : end;
        end = found ? *found + 1 : end;
    }
    const int page = directoryPage(call.query);
    std::string rows;
    int count = 0;
    for (; at < end && count < page; ++at) {
        const auto text = listing.at(std::uint32_t(at));
        if (!text || !filter->matches(*text))
            continue;
        if (count++ > 0)
            rows += ',';
        text->appendTo(rows, *selection);
    }
    JsonOut out;
    out.text("@odata.context", call.context(listing.context));
    if (call.query.count && call.isEventual())
        out.number("@odata.count", countOf(listing.count, listing.at, *filter));
    if (at < end)
        out.text("@odata.nextLink",
            linkWith(call.url(), call.query, "$skiptoken", skipToken(at, listing.purpose)));
    return graphJson(out.raw("value", "[" + rows + "]").finish());
}

GraphAnswer GraphService::counted(const GraphCall& call, const Listing& listing) const
{
    if (!call.isEventual())
        return graphError(400, "Request_BadRequest", "$count is not currently supported.");
    GraphCall asCounted = call;
    asCounted.query.count = true;
    const auto filter = filterOf(asCounted, *listing.type);
    if (!filter)
        return filter.error();
    GraphAnswer answer;
    answer.contentType = "text/plain";
    answer.body = std::to_string(countOf(listing.count, listing.at, *filter));
    return answer;
}

GraphAnswer GraphService::one(const GraphCall& call, const std::optional<EntityText>& text,
    const EntityType& type, const std::string& context) const
{
    const auto selection = selectionOf(call.query, type);
    if (!selection)
        return selection.error();
    if (!text)
        return noSuchResource(call.segments.size() > 1 ? call.segments[1] : std::string());
    std::string out;
    text->appendTo(out, *selection);
    const bool empty = out == "{}";
    return graphJson("{\"@odata.context\":" + jsonString(call.context(context + "/$entity"))
        + (empty ? "" : ",") + out.substr(1));
}

// Users, groups and devices mixed: each names its type, $select counts where the type has the property.
GraphAnswer GraphService::objects(
    const GraphCall& call, const std::vector<Member>& members, const std::string& context) const
{
    if (const auto refusal = refusedOptions(call))
        return *refusal;
    const std::vector<Selection> selections = mixedSelections(call.query);
    const auto start = startOf(call.query, "objects");
    if (!start)
        return start.error();
    std::uint64_t at = *start;
    const int page = directoryPage(call.query);
    std::string rows;
    int count = 0;
    for (; at < members.size() && count < page; ++at) {
        const Member& member = members[size_t(at)];
        const auto text = member.kind == ObjectKind::User ? m_directory.userText(member.number)
            : member.kind == ObjectKind::Group            ? m_directory.groupText(member.number)
                                                          : m_directory.deviceText(member.number);
        if (!text)
            continue;
        if (count++ > 0)
            rows += ',';
        text->appendTo(rows, selections[size_t(member.kind)], typeOf(member.kind).name);
    }
    JsonOut out;
    out.text("@odata.context", call.context(context));
    if (call.query.count && call.isEventual())
        out.number("@odata.count", std::int64_t(members.size()));
    if (at < members.size())
        out.text("@odata.nextLink", linkWith(call.url(), call.query, "$skiptoken", skipToken(at, "objects")));
    return graphJson(out.raw("value", "[" + rows + "]").finish());
}

} // namespace postern::lab
