// Get-CASMailbox and Set-CASMailbox.
#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/cmdlets/Listing.h"
#include "app/lab/cmdlets/OrganizationalUnits.h"
#include "app/lab/cmdlets/Shapes.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

using shapes::add;

const std::vector<std::string> filterable{"ActiveSyncEnabled", "ActiveSyncAllowedDeviceIDs",
    "ActiveSyncBlockedDeviceIDs", "ActiveSyncMailboxPolicy", "ActiveSyncSuppressReadReceipt", "DisplayName",
    "DistinguishedName", "EmailAddresses", "Guid", "HasActiveSyncDevicePartnership", "Identity",
    "LegacyExchangeDN", "Name", "OWAEnabled", "OWAforDevicesEnabled", "PrimarySmtpAddress", "SamAccountName",
    "ServerName", "WhenChanged", "WhenChangedUTC", "WhenCreated", "WhenCreatedUTC"};
const std::vector<std::string> sortable{
    "DisplayName", "Name", "PrimarySmtpAddress", "ServerLegacyDN", "SamAccountName"};

std::shared_ptr<Object> casObject(Estate& estate, const Person& p, bool withDebugLogging)
{
    static const TypeChain& types = shapes::presentationChain("CASMailbox");
    const CasSettings cas = estate.cas(p.index);
    const MailboxPolicyRecord policy = estate.policyOf(p.index);
    auto object = shapes::directoryObject(types, p.commonName);
    Object& o = *object;
    add(o, "EmailAddresses",
        shapes::proxyAddresses(p.smtp == p.upn
                ? std::vector<std::string>{"SMTP:" + p.smtp}
                : std::vector<std::string>{"SMTP:" + p.smtp, "smtp:" + p.upn}));
    add(o, "LegacyExchangeDN", p.legacyDn());
    add(o, "LinkedMasterAccount", std::string());
    add(o, "PrimarySmtpAddress", shapes::smtpAddress(p.smtp));
    add(o, "SamAccountName", p.alias);
    add(o, "ServerLegacyDN",
        std::string("/o=Contoso Lab/ou=Exchange Administrative Group "
                    "(FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn=EX1"));
    add(o, "ServerName", std::string("ex1"));
    add(o, "DisplayName", p.display);
    add(o, "ActiveSyncAllowedDeviceIDs", shapes::strings(cas.allowedIds));
    add(o, "ActiveSyncBlockedDeviceIDs", shapes::strings(cas.blockedIds));
    add(o, "ActiveSyncMailboxPolicy", shapes::adObjectId(shapes::policyId(policy)));
    add(o, "ActiveSyncMailboxPolicyIsDefaulted", cas.policy.empty());
    add(o, "ActiveSyncDebugLogging", withDebugLogging ? Value(cas.debugLogging) : Value(Nil{}));
    add(o, "ActiveSyncEnabled", cas.easEnabled);
    add(o, "HasActiveSyncDevicePartnership", !estate.phonesOf(p.index).empty());
    add(o, "ActiveSyncSuppressReadReceipt", cas.suppressReadReceipt);
    for (const char* name :
        {"OWAEnabled", "ECPEnabled", "PopEnabled", "ImapEnabled", "MAPIEnabled", "EwsEnabled"})
        add(o, name, true);
    add(o, "OwaMailboxPolicy", Nil{});
    add(o, "OWAforDevicesEnabled", cas.owaForDevices);
    add(o, "EwsAllowList", Nil{});
    add(o, "EwsBlockList", Nil{});
    shapes::appendTail(o,
        {shapes::userId(p), p.commonName, "person", {"top", "person", "organizationalPerson", "user"},
            cas.changedMs, p.createdMs});
    return object;
}

std::optional<std::string> policyName(CmdletCall& call)
{
    const std::string given = call.text("ActiveSyncMailboxPolicy");
    for (const MailboxPolicyRecord& policy : call.estate().policies()) {
        if (caseFolded(policy.name) == caseFolded(given) || policy.guid.lower() == asciiLower(given))
            return policy.name;
    }
    return std::nullopt;
}

} // namespace

Ended getCasMailbox(CmdletCall& call)
{
    Listing listing(call, filterable, sortable);
    if (listing.failure())
        return listing.failure();
    Estate& estate = call.estate();
    const bool debug = call.flag("ActiveSyncDebugLogging");
    const std::string anr = call.text("Anr");
    const auto unit = searchRoot(call);
    if (!unit)
        return unit.error();
    if (const std::string identity = call.text("Identity"); !identity.empty()) {
        const auto user = call.user(identity);
        if (!user)
            call.sink().error(user.error());
        else
            listing.offer(casObject(estate, estate.people().person(*user), debug));
        return {};
    }
    const auto since = listing.notBefore();
    const std::vector<std::uint32_t> changed
        = since ? estate.usersChangedSince(*since) : std::vector<std::uint32_t>{};
    const auto count = since ? std::uint32_t(changed.size()) : estate.people().userCount();
    for (std::uint32_t i = 0; i < count; ++i) {
        const Person p = estate.people().person(since ? changed[i] : i);
        if (!isBelow(p, *unit))
            continue;
        if (!anr.empty() && !matchesWildcard(p.display, anr + "*") && !matchesWildcard(p.alias, anr + "*")
            && !matchesWildcard(p.last, anr + "*"))
            continue;
        if (!listing.offer(casObject(estate, p, debug)))
            break;
    }
    listing.finish();
    return {};
}

Ended setCasMailbox(CmdletCall& call)
{
    const auto user = call.user(call.text("Identity"));
    if (!user) {
        call.sink().error(user.error());
        return {};
    }
    std::optional<std::string> policy;
    if (call.has("ActiveSyncMailboxPolicy") && !call.text("ActiveSyncMailboxPolicy").empty()) {
        policy = policyName(call);
        if (!policy) {
            call.sink().error(objectNotFound(call.name(), call.text("ActiveSyncMailboxPolicy")));
            return {};
        }
    }
    const Person person = call.estate().people().person(*user);
    if (call.session().faults.forCmdlet("mailboxError", call.name(), call.who(), person.smtp)) {
        call.sink().error(exchangeError(call.name(), "ADTransientException",
            "Active Directory server dc1.contoso.lab is not available. Please retry at a later time.",
            InvalidOperation, person.canonical()));
        return {};
    }
    if (call.whatIf())
        return {};
    call.estate().changeCas(
        *user,
        [&](CasSettings& cas) {
            cas.allowedIds = call.changedList("ActiveSyncAllowedDeviceIDs", cas.allowedIds);
            cas.blockedIds = call.changedList("ActiveSyncBlockedDeviceIDs", cas.blockedIds);
            for (const auto& [name, field] : {std::pair{"ActiveSyncEnabled", &CasSettings::easEnabled},
                     {"ActiveSyncDebugLogging", &CasSettings::debugLogging},
                     {"ActiveSyncSuppressReadReceipt", &CasSettings::suppressReadReceipt},
                     {"OWAforDevicesEnabled", &CasSettings::owaForDevices}}) {
                if (call.has(name))
                    cas.*field = call.flag(name);
            }
            if (call.has("ActiveSyncMailboxPolicy"))
                cas.policy = policy.value_or(std::string{});
        },
        call.who());
    return {};
}

} // namespace postern::lab
