// Get-OrganizationalUnit, and what -OrganizationalUnit of the listing cmdlets may name.
#include "app/lab/cmdlets/OrganizationalUnits.h"

#include <algorithm>

#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/cmdlets/Shapes.h"
#include "app/lab/population/Names.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

using shapes::add;

struct Unit
{
    std::string name, canonical, distinguishedName;
    bool isDomain = false;
    [[nodiscard]] Guid guid() const { return shapes::namedGuid("unit " + canonical); }
};

const std::vector<Unit>& units()
{
    static const std::vector<Unit> all = [] {
        std::vector<Unit> made{{"contoso.lab", "contoso.lab", "DC=contoso,DC=lab", true},
            {"Staff", "contoso.lab/Staff", "OU=Staff,DC=contoso,DC=lab", false}};
        for (const Place& place : places()) {
            const std::string name(place.unit);
            const std::string canonical = "contoso.lab/Staff/" + name;
            if (std::none_of(
                    made.begin(), made.end(), [&](const Unit& u) { return u.canonical == canonical; }))
                made.push_back(
                    {name, canonical, "OU=" + escapedForDn(name) + ",OU=Staff,DC=contoso,DC=lab", false});
        }
        return made;
    }();
    return all;
}

// Distinguished names compare without the blanks after commas.
std::string squeezed(std::string_view dn)
{
    std::string out;
    for (const std::string& part : split(dn, ','))
        out += (out.empty() ? "" : ",") + trimmed(part);
    return caseFolded(out);
}

std::vector<const Unit*> unitsNamed(std::string_view given)
{
    std::string wanted = caseFolded(trimmed(given));
    if (wanted.ends_with('/'))
        wanted.pop_back();
    const auto guid = Guid::parse(given);
    std::vector<const Unit*> exact, byName;
    for (const Unit& unit : units()) {
        if (caseFolded(unit.canonical) == wanted || squeezed(unit.distinguishedName) == squeezed(given)
            || (guid && unit.guid() == *guid))
            exact.push_back(&unit);
        else if (caseFolded(unit.name) == wanted)
            byName.push_back(&unit);
    }
    return exact.empty() ? byName : exact;
}

tl::expected<const Unit*, ErrorRecord> theUnit(const std::string& cmdlet, const std::string& given)
{
    const std::vector<const Unit*> found = unitsNamed(given);
    if (found.empty())
        return tl::unexpected(exchangeError(cmdlet, "ManagementObjectNotFoundException",
            "Couldn't find organizational unit \"" + given
                + "\". Make sure that you have typed the name of the organizational unit correctly.",
            InvalidData));
    if (found.size() > 1)
        return tl::unexpected(exchangeError(cmdlet, "ManagementObjectAmbiguousException",
            "The operation couldn't be performed because '" + given + "' matches multiple entries.",
            InvalidData));
    return found.front();
}

std::shared_ptr<Object> unitObject(const Unit& unit, std::int64_t createdMs)
{
    static const TypeChain& types = shapes::presentationChain("ExtendedOrganizationalUnit");
    const auto slash = unit.canonical.rfind('/');
    const std::string parent = slash == std::string::npos ? std::string{} : unit.canonical.substr(0, slash);
    auto object = shapes::directoryObject(types, unit.canonical);
    add(*object, "CanonicalName", unit.canonical);
    add(*object, "Type",
        shapes::enumeration("Microsoft.Exchange.Data.Directory.Management.OrganizationalUnitType",
            unit.isDomain ? "Domain" : "OrganizationalUnit", unit.isDomain ? 0 : 1));
    const bool hasChildren = unit.isDomain || unit.name == "Staff";
    add(*object, "HasChildren", hasChildren);
    shapes::appendTail(*object,
        {{unit.canonical, unit.distinguishedName, unit.guid(), unit.name, parent}, unit.name,
            unit.isDomain ? "Domain-DNS" : "Organizational-Unit",
            unit.isDomain ? std::vector<std::string>{"top", "domain", "domainDNS"}
                          : std::vector<std::string>{"top", "organizationalUnit"},
            createdMs, createdMs});
    return object;
}

} // namespace

tl::expected<std::string, ErrorRecord> searchRoot(CmdletCall& call)
{
    const std::string given = call.text("OrganizationalUnit");
    if (given.empty())
        return std::string{};
    const auto unit = theUnit(call.name(), given);
    if (!unit)
        return tl::unexpected(unit.error());
    return (*unit)->canonical;
}

bool isBelow(const Person& person, const std::string& canonicalRoot)
{
    return canonicalRoot.empty() || (person.organizationalUnit() + "/").starts_with(canonicalRoot + "/");
}

// Parameters of the real one: Identity, SearchText, SingleNodeOnly, IncludeContainers, ResultSize. No
// -Filter.
Ended getOrganizationalUnit(CmdletCall& call)
{
    const std::int64_t created = call.estate().people().options().referenceMs - std::int64_t(1300) * 86400000;
    const std::string identity = call.text("Identity"), search = call.text("SearchText");
    const Unit* root = nullptr;
    if (!identity.empty()) {
        const auto unit = theUnit(call.name(), identity);
        if (!unit) {
            call.sink().error(unit.error());
            return {};
        }
        root = *unit;
    }
    std::uint32_t left = call.resultSize();
    for (const Unit& unit : units()) {
        // With an identity alone it is this one; -SingleNodeOnly lists its children instead.
        const bool child = root && unit.canonical.starts_with(root->canonical + "/")
            && unit.canonical.find('/', root->canonical.size() + 1) == std::string::npos;
        if (root && (call.flag("SingleNodeOnly") ? !child : &unit != root))
            continue;
        if (!search.empty() && caseFolded(unit.name).find(caseFolded(search)) == std::string::npos)
            continue;
        if (left-- == 0 || call.sink().stopped())
            break;
        call.sink().output(unitObject(unit, created));
    }
    return {};
}

} // namespace postern::lab
