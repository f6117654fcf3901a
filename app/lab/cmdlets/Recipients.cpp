// Get-Mailbox, Get-User and Get-Recipient.
#include <algorithm>

#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/cmdlets/Listing.h"
#include "app/lab/cmdlets/OrganizationalUnits.h"
#include "app/lab/cmdlets/Shapes.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

using shapes::add;

const std::vector<std::string> filterable{"Alias", "City", "Company", "Database", "Department", "DisplayName",
    "DistinguishedName", "EmailAddresses", "ExchangeGuid", "FirstName", "Guid",
    "HiddenFromAddressListsEnabled", "Identity", "LastName", "LegacyExchangeDN", "Name", "Office", "Phone",
    "PrimarySmtpAddress", "RecipientType", "RecipientTypeDetails", "SamAccountName", "ServerName", "Title",
    "UserPrincipalName", "WhenChanged", "WhenChangedUTC", "WhenCreated", "WhenCreatedUTC",
    "WindowsEmailAddress"};
const std::vector<std::string> sortable{"Alias", "City", "DisplayName", "FirstName", "LastName", "Name",
    "Office", "ServerLegacyDN", "Department", "PrimarySmtpAddress"};

Value recipientType(const char* property)
{
    const bool details = std::string_view(property) == "RecipientTypeDetails";
    return shapes::enumeration(details ? "Microsoft.Exchange.Data.Directory.Recipient.RecipientTypeDetails"
                                       : "Microsoft.Exchange.Data.Directory.Recipient.RecipientType",
        "UserMailbox", 1);
}

Value database()
{
    static const Value id = shapes::adObjectId({"DB01",
        "CN=DB01,CN=Databases,CN=Exchange Administrative Group (FYDIBOHF23SPDLT),CN=Administrative Groups,"
            + std::string(shapes::organizationDn),
        shapes::namedGuid("DB01"), "DB01", "Databases"});
    return id;
}

Value addresses(const Person& p)
{
    return shapes::proxyAddresses(p.smtp == p.upn
            ? std::vector<std::string>{"SMTP:" + p.smtp}
            : std::vector<std::string>{"SMTP:" + p.smtp, "smtp:" + p.upn});
}

void tail(Object& o, Estate& estate, const Person& p)
{
    shapes::appendTail(o,
        {shapes::userId(p), p.commonName, "person", {"top", "person", "organizationalPerson", "user"},
            estate.cas(p.index).changedMs, p.createdMs});
}

std::shared_ptr<Object> mailboxObject(Estate& estate, const Person& p, const std::string& culture)
{
    static const TypeChain& types = shapes::presentationChain("Mailbox");
    auto object = shapes::directoryObject(types, p.commonName);
    Object& o = *object;
    add(o, "Database", database());
    add(o, "ExchangeGuid", p.exchangeGuid);
    add(o, "ServerLegacyDN",
        std::string("/o=Contoso Lab/ou=Exchange Administrative Group "
                    "(FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn=EX1"));
    add(o, "ServerName", std::string("ex1"));
    add(o, "UserPrincipalName", p.upn);
    add(o, "SamAccountName", p.alias);
    add(o, "Office", p.office);
    add(o, "IsMailboxEnabled", true);
    add(o, "ProhibitSendQuota",
        shapes::unlimited("Microsoft.Exchange.Data.ByteQuantifiedSize, Microsoft.Exchange.Data, "
                          "Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35",
            p.index % 3 == 0
                ? std::string("Unlimited")
                : shapes::sizeText(std::int64_t(2 + p.index % 98) * 1073741824 + 536870912, culture)));
    add(o, "RetainDeletedItemsFor", shapes::timeSpan(14 * 86400));
    add(o, "OrganizationalUnit", p.organizationalUnit());
    add(o, "Alias", p.alias);
    add(o, "DisplayName", p.display);
    add(o, "EmailAddresses", addresses(p));
    add(o, "HiddenFromAddressListsEnabled", false);
    add(o, "LegacyExchangeDN", p.legacyDn());
    add(o, "PrimarySmtpAddress", shapes::smtpAddress(p.smtp));
    add(o, "RecipientType", recipientType("RecipientType"));
    add(o, "RecipientTypeDetails", recipientType("RecipientTypeDetails"));
    add(o, "WindowsEmailAddress", shapes::smtpAddress(p.smtp));
    tail(o, estate, p);
    return object;
}

std::shared_ptr<Object> userObject(Estate& estate, const Person& p, const std::string&)
{
    static const TypeChain& types = shapes::presentationChain("User");
    auto object = shapes::directoryObject(types, p.commonName);
    Object& o = *object;
    add(o, "IsSecurityPrincipal", true);
    add(o, "SamAccountName", p.alias);
    add(o, "UserPrincipalName", p.upn);
    add(o, "RemotePowerShellEnabled", false);
    add(o, "City", p.city);
    add(o, "Company", std::string("Contoso"));
    add(o, "Department", p.department);
    add(o, "DisplayName", p.display);
    add(o, "FirstName", p.first);
    add(o, "LastName", p.last);
    add(o, "Office", p.office);
    add(o, "Phone", p.phone);
    add(o, "Title", p.title);
    add(o, "OrganizationalUnit", p.organizationalUnit());
    add(o, "WindowsEmailAddress", shapes::smtpAddress(p.smtp));
    add(o, "RecipientType", recipientType("RecipientType"));
    add(o, "RecipientTypeDetails", recipientType("RecipientTypeDetails"));
    tail(o, estate, p);
    return object;
}

std::shared_ptr<Object> recipientObject(Estate& estate, const Person& p, const std::string&)
{
    static const TypeChain& types = shapes::presentationChain("ReducedRecipient");
    auto object = shapes::directoryObject(types, p.commonName);
    Object& o = *object;
    add(o, "Alias", p.alias);
    add(o, "DisplayName", p.display);
    add(o, "FirstName", p.first);
    add(o, "LastName", p.last);
    add(o, "PrimarySmtpAddress", shapes::smtpAddress(p.smtp));
    add(o, "EmailAddresses", addresses(p));
    add(o, "RecipientType", recipientType("RecipientType"));
    add(o, "RecipientTypeDetails", recipientType("RecipientTypeDetails"));
    add(o, "OrganizationalUnit", p.organizationalUnit());
    add(o, "Department", p.department);
    add(o, "Title", p.title);
    add(o, "Company", std::string("Contoso"));
    add(o, "Office", p.office);
    add(o, "Phone", p.phone);
    add(o, "City", p.city);
    add(o, "ServerName", std::string("ex1"));
    add(o, "Database", database());
    add(o, "ExchangeGuid", p.exchangeGuid);
    add(o, "SamAccountName", p.alias);
    add(o, "WindowsLiveID", shapes::smtpAddress(p.upn));
    add(o, "HiddenFromAddressListsEnabled", false);
    tail(o, estate, p);
    return object;
}

using Maker = std::shared_ptr<Object> (*)(Estate&, const Person&, const std::string& culture);

bool inScope(CmdletCall& call, const std::string& unit, const Person& p)
{
    const std::string anr = call.text("Anr");
    if (!isBelow(p, unit))
        return false;
    if (anr.empty())
        return true;
    return matchesWildcard(p.display, anr + "*") || matchesWildcard(p.alias, anr + "*")
        || matchesWildcard(p.last, anr + "*") || matchesWildcard(p.first, anr + "*");
}

bool typeExcluded(CmdletCall& call)
{
    for (const char* parameter : {"RecipientType", "RecipientTypeDetails"}) {
        const std::vector<std::string> wanted = call.changedList(parameter, {});
        if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), [](const std::string& t) {
                return equalsIgnoreCase(t, "UserMailbox");
            }))
            return true;
    }
    return false;
}

// -Properties: only these, and Identity with what it needs, as the reduced recipient has.
std::shared_ptr<Object> reduced(CmdletCall& call, std::shared_ptr<Object> object)
{
    const std::vector<std::string> wanted = call.changedList("Properties", {});
    if (wanted.empty() || wanted.front() == "*")
        return object;
    std::erase_if(object->properties, [&](const Property& p) {
        if (p.name == "Identity" || p.name == "ObjectState" || p.name == "IsValid")
            return false;
        return std::none_of(
            wanted.begin(), wanted.end(), [&](const std::string& w) { return equalsIgnoreCase(w, p.name); });
    });
    return object;
}

// Users by display name from a bookmark on.
std::vector<std::uint32_t> order(CmdletCall& call)
{
    const Population& people = call.estate().people();
    const std::string bookmark = call.text("BookmarkDisplayName");
    const bool include = !call.has("IncludeBookmarkObject") || call.flag("IncludeBookmarkObject");
    std::vector<std::pair<std::string, std::uint32_t>> names;
    const std::string from = caseFolded(bookmark);
    for (std::uint32_t i = 0; i < people.userCount(); ++i) {
        std::string name = caseFolded(people.person(i).display);
        if (name > from || (name == from && include))
            names.emplace_back(std::move(name), i);
    }
    std::sort(names.begin(), names.end());
    std::vector<std::uint32_t> out;
    for (const auto& [name, index] : names)
        out.push_back(index);
    return out;
}

Ended listPeople(CmdletCall& call, Maker make)
{
    Listing listing(call, filterable, sortable);
    if (listing.failure())
        return listing.failure();
    const auto unit = searchRoot(call);
    if (!unit)
        return unit.error();
    const std::string& culture = call.session().language.server;
    Estate& estate = call.estate();
    if (const std::string identity = call.text("Identity"); !identity.empty()) {
        const auto user = call.user(identity);
        if (!user)
            call.sink().error(user.error());
        else
            listing.offer(reduced(call, make(estate, estate.people().person(*user), culture)));
        return {};
    }
    if (typeExcluded(call))
        return {};
    const auto since = listing.notBefore();
    const bool bookmarked = call.has("BookmarkDisplayName"), some = bookmarked || since;
    const std::vector<std::uint32_t> ordered = bookmarked ? order(call)
        : since                                           ? estate.usersChangedSince(*since)
                                                          : std::vector<std::uint32_t>{};
    const std::uint32_t count = some ? std::uint32_t(ordered.size()) : estate.people().userCount();
    for (std::uint32_t i = 0; i < count; ++i) {
        const Person p = estate.people().person(some ? ordered[i] : i);
        if (inScope(call, *unit, p) && !listing.offer(reduced(call, make(estate, p, culture))))
            break;
    }
    listing.finish();
    return {};
}

} // namespace

Ended getMailbox(CmdletCall& call)
{
    return listPeople(call, mailboxObject);
}
Ended getUser(CmdletCall& call)
{
    return listPeople(call, userObject);
}
Ended getRecipient(CmdletCall& call)
{
    return listPeople(call, recipientObject);
}

} // namespace postern::lab
