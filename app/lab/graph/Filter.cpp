#include "app/lab/graph/Filter.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <array>

#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

using Kind = FilterNode::Kind;

std::string_view bare(std::string_view json)
{
    return json.size() >= 2 && json.front() == '"' ? json.substr(1, json.size() - 2) : json;
}

// A date with a fraction or an offset of zero compares like one without.
std::string comparable(std::string_view json)
{
    std::string text = asciiLower(bare(json));
    if (text.size() > 19 && text[4] == '-' && text[10] == 't' && text[19] != 'z')
        text = text.substr(0, 19) + "z";
    return text;
}

bool ordered(std::string_view a, const std::string& operation, std::string_view b)
{
    if (a == "null" || b == "null")
        return operation == "eq" ? a == b : operation == "ne" && a != b;
    const std::string left = comparable(a), right = comparable(b);
    if (operation == "eq")
        return left == right;
    if (operation == "ne")
        return left != right;
    if (operation == "gt")
        return left > right;
    if (operation == "ge")
        return left >= right;
    return operation == "lt" ? left < right : left <= right;
}

bool functionHolds(std::string_view value, const std::string& function, std::string_view part)
{
    if (value == "null")
        return false;
    const std::string text = caseFolded(bare(value)), wanted = caseFolded(bare(part));
    if (function == "startswith")
        return text.starts_with(wanted);
    return function == "endswith" ? text.ends_with(wanted) : text.find(wanted) != std::string::npos;
}

bool anyHolds(const FilterNode& node, std::string_view value)
{
    const QJsonArray list
        = QJsonDocument::fromJson(QByteArray(value.data(), qsizetype(value.size()))).array();
    return std::any_of(list.begin(), list.end(), [&](const QJsonValue& element) {
        const QJsonValue compared
            = node.member.empty() ? element : element.toObject().value(QString::fromStdString(node.member));
        const std::string json = jsonString(compared.toString().toStdString());
        return node.operation == "startswith" ? functionHolds(json, node.operation, node.values.front())
                                              : ordered(json, node.operation, node.values.front());
    });
}

struct Supported
{
    std::string_view property, operations; // space-separated
};

constexpr auto intune = std::to_array<Supported>({{"azureADDeviceId", "eq"},
    {"complianceGracePeriodExpirationDateTime", "lt gt le ge"}, {"complianceState", "eq"},
    {"deviceCategoryDisplayName", "eq"}, {"deviceName", "eq contains startswith"},
    {"emailAddress", "contains"}, {"enrolledDateTime", "lt gt le ge"}, {"exchangeAccessState", "eq"},
    {"imei", "eq"}, {"jailBroken", "eq"}, {"lastSyncDateTime", "lt gt le ge"}, {"managementAgent", "eq"},
    {"managementState", "eq"}, {"manufacturer", "eq"}, {"model", "eq contains"}, {"operatingSystem", "eq"},
    {"osVersion", "contains"}, {"phoneNumber", "contains"}, {"serialNumber", "eq"},
    {"userPrincipalName", "eq ne"}});

constexpr std::string_view text = "eq in startswith", advancedText = "ne not endswith";
constexpr auto directory = std::to_array<Supported>({{"id", "eq in"}, {"userPrincipalName", text},
    {"mail", text}, {"displayName", text}, {"givenName", text}, {"surname", text}, {"mailNickname", text},
    {"department", "eq in startswith"}, {"jobTitle", text}, {"city", text}, {"accountEnabled", "eq in"},
    {"userType", "eq in"}, {"usageLocation", text}, {"proxyAddresses", "any"}, {"otherMails", "any"},
    {"groupTypes", "any"}, {"assignedLicenses", "any"}, {"onPremisesImmutableId", "eq in"},
    {"onPremisesSyncEnabled", "eq in"}, {"onPremisesSecurityIdentifier", "eq in"},
    {"createdDateTime", "eq ge le gt lt"}, {"mailEnabled", "eq in"}, {"securityEnabled", "eq in"},
    {"deviceId", "eq in"}, {"operatingSystem", text}, {"operatingSystemVersion", text}, {"isCompliant", "eq"},
    {"isManaged", "eq"}, {"trustType", "eq"}, {"approximateLastSignInDateTime", "eq ge le gt lt"}});

bool has(std::string_view operations, std::string_view operation)
{
    const std::vector<std::string> all = split(operations, ' ');
    return std::find(all.begin(), all.end(), operation) != all.end();
}

std::string operationOf(const FilterNode& node)
{
    return node.kind == Kind::In ? "in" : node.kind == Kind::Any ? "any" : node.operation;
}

template <size_t N>
std::string_view operationsFor(const std::array<Supported, N>& table, std::string_view property)
{
    const auto at = std::find_if(
        table.begin(), table.end(), [&](const Supported& s) { return s.property == property; });
    return at == table.end() ? std::string_view() : at->operations;
}

bool mixesProperties(const FilterNode& alternatives)
{
    return std::any_of(
        alternatives.children.begin(), alternatives.children.end(), [&](const FilterNode& child) {
            return child.kind == Kind::Everything || child.name.empty()
                || child.name != alternatives.children.front().name;
        });
}

} // namespace

bool Filter::holds(const FilterNode& node, const EntityText& entity)
{
    const auto child = [&entity](const FilterNode& inner) { return holds(inner, entity); };
    switch (node.kind) {
    case Kind::Everything:
        return true;
    case Kind::And:
        return std::all_of(node.children.begin(), node.children.end(), child);
    case Kind::Or:
        return std::any_of(node.children.begin(), node.children.end(), child);
    case Kind::Not:
        return !child(node.children.front());
    case Kind::Compare:
        return ordered(entity.value(node.property), node.operation, node.values.front());
    case Kind::In:
        return std::any_of(node.values.begin(), node.values.end(),
            [&](const std::string& value) { return ordered(entity.value(node.property), "eq", value); });
    case Kind::Function:
        return functionHolds(entity.value(node.property), node.operation, node.values.front());
    case Kind::Any:
        return anyHolds(node, entity.value(node.property));
    }
    return true;
}

FilterNode asIntuneReads(FilterNode node)
{
    for (FilterNode& child : node.children)
        child = asIntuneReads(std::move(child));
    switch (node.kind) {
    case Kind::Everything:
    case Kind::And:
        return node;
    case Kind::Not:
        return {};
    case Kind::Or: // "combinations of those filtered properties must use 'and', not 'or'"
        return mixesProperties(node) ? FilterNode{} : node;
    default:
        break;
    }
    const bool supported = has(operationsFor(intune, node.name), operationOf(node))
        && node.values.front() != "\"\"" && node.values.front() != "null";
    return supported ? node : FilterNode{};
}

Answered<Filter> asDirectoryReads(FilterNode node, const EntityType& type, bool advanced)
{
    for (const FilterNode& child : node.children) {
        const auto read = asDirectoryReads(child, type, advanced);
        if (!read)
            return read;
    }
    const std::string operation = node.kind == Kind::Not ? "not" : operationOf(node);
    const std::string shortName(type.name.substr(type.name.rfind('.') + 1));
    if (node.kind == Kind::And || node.kind == Kind::Or || node.kind == Kind::Everything)
        return Filter(std::move(node));
    const std::string_view operations
        = node.kind == Kind::Not ? advancedText : operationsFor(directory, node.name);
    const bool needsAdvanced = has(advancedText, operation);
    if (operations.empty() || (!needsAdvanced && !has(operations, operation)))
        return refused(400, "Request_UnsupportedQuery",
            "Unsupported or invalid query filter clause specified for property '" + node.name
                + "' of resource '" + shortName + "'.");
    if (needsAdvanced && !advanced)
        return refused(400, "Request_UnsupportedQuery",
            "Operator '" + operation
                + "' is not supported because the 'ConsistencyLevel:eventual' header is missing. Refer to "
                  "https://aka.ms/graph-docs/advanced-queries for more information.");
    return Filter(std::move(node));
}

} // namespace postern::lab
