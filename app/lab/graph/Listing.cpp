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
    std::uint64_t at = 0;
    if (call.query.has("$skiptoken")) {
        const auto position = positionOf(call.query.value("$skiptoken"), listing.purpose);
        if (!position)
            return graphError(
                400, "Directory_ExpiredPageToken", "The specified page token value is not valid.");
        at = *position;
    }
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
    if (call.query.count && call.isEventual()) {
        std::int64_t all = 0;
        for (std::uint32_t i = 0; i < listing.count; ++i) {
            const auto text = listing.at(i);
            all += text && filter->matches(*text) ? 1 : 0;
        }
        out.number("@odata.count", all);
    }
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
    std::int64_t all = 0;
    for (std::uint32_t i = 0; i < listing.count; ++i) {
        const auto text = listing.at(i);
        all += text && filter->matches(*text) ? 1 : 0;
    }
    GraphAnswer answer;
    answer.contentType = "text/plain";
    answer.body = std::to_string(all);
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
    std::vector<Selection> selections;
    for (const EntityType* type : {&types::user, &types::group, &types::device}) {
        if (!call.query.has("$select")) {
            selections.push_back(unaskedOf(*type));
            continue;
        }
        Selection chosen;
        for (const std::string& name : split(call.query.value("$select"), ',')) {
            if (const auto index = type->indexOf(trimmed(name)))
                chosen.push_back(*index);
        }
        std::sort(chosen.begin(), chosen.end());
        selections.push_back(chosen);
    }
    std::uint64_t at = 0;
    if (call.query.has("$skiptoken")) {
        const auto position = positionOf(call.query.value("$skiptoken"), "objects");
        if (!position)
            return graphError(
                400, "Directory_ExpiredPageToken", "The specified page token value is not valid.");
        at = *position;
    }
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
        const EntityType& type = member.kind == ObjectKind::User ? types::user
            : member.kind == ObjectKind::Group                   ? types::group
                                                                 : types::device;
        text->appendTo(rows, selections[size_t(member.kind)], type.name);
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
