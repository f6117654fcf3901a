// Get-ExchangeServer (order as exported from a real server), Get-OrganizationConfig, Set-ADServerSettings.
#include <algorithm>
#include <array>

#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/cmdlets/Shapes.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

using shapes::add;

struct Build
{
    int build, revision;
};
// By the server's place in the list: the second one is a cumulative update behind.
constexpr std::array<Build, 2> builds{{{1544, 4}, {1258, 28}}};

Value version(const Build& server)
{
    auto object = std::make_shared<Object>();
    object->types = &shapes::chain({"Microsoft.Exchange.Data.ServerVersion", "System.Object"});
    object->text
        = "Version 15.2 (Build " + std::to_string(server.build) + "." + std::to_string(server.revision) + ")";
    object->serializationData = true;
    add(*object, "Major", std::int32_t(15));
    add(*object, "Minor", std::int32_t(2));
    add(*object, "Build", std::int32_t(server.build));
    add(*object, "Revision", std::int32_t(server.revision));
    add(*object, "FilePatchLevelDescription", Nil{});
    return ObjectPtr(object);
}

Value dataPath()
{
    auto object = std::make_shared<Object>();
    object->types = &shapes::chain(
        {"Microsoft.Exchange.Data.LocalLongFullPath", "Microsoft.Exchange.Data.LongPath", "System.Object"});
    object->text = "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Mailbox";
    object->serializationData = true;
    add(*object, "PathName", *object->text);
    add(*object, "IsLocalFull", true);
    add(*object, "IsUnc", false);
    add(*object, "DriveName", std::string("C:"));
    return ObjectPtr(object);
}

Value networkAddresses(const std::string& name, const std::string& fqdn)
{
    auto list = std::make_shared<Object>();
    list->types = &shapes::chain({"Microsoft.Exchange.Data.NetworkAddressCollection",
        "Microsoft.Exchange.Data.MultiValuedPropertyBase", "System.Object"});
    list->container = Container::List;
    for (const auto& [protocol, address] :
        {std::pair<std::string, std::string>{"ncacn_vns_spp", name}, {"netbios", name}, {"ncacn_np", name},
            {"ncacn_spx", name}, {"ncacn_ip_tcp", fqdn}, {"ncalrpc", name}}) {
        auto item = std::make_shared<Object>();
        item->types = &shapes::chain(
            {"Microsoft.Exchange.Data.CustomNetworkAddress", "Microsoft.Exchange.Data.NetworkAddress",
                "Microsoft.Exchange.Data.ProtocolAddress", "System.Object"});
        item->text = protocol + ":" + address;
        add(*item, "ProtocolType", protocol);
        add(*item, "AddressString", address);
        list->items.push_back(ObjectPtr(item));
    }
    return ObjectPtr(list);
}

shapes::Id serverId(const std::string& name)
{
    return {name,
        "CN=" + name
            + ",CN=Servers,CN=Exchange Administrative Group (FYDIBOHF23SPDLT),CN=Administrative Groups,"
            + std::string(shapes::organizationDn),
        shapes::namedGuid("server " + name), name, "Servers"};
}

void roles(Object& o)
{
    for (const auto& [name, value] : {std::pair{"IsHubTransportServer", true}, {"IsClientAccessServer", true},
             {"IsExchange2007OrLater", true}, {"IsEdgeServer", false}, {"IsMailboxServer", true},
             {"IsE14OrLater", true}, {"IsE15OrLater", true}, {"IsProvisionedServer", false},
             {"IsUnifiedMessagingServer", false}, {"IsFrontendTransportServer", true}})
        add(o, name, value);
}

void addMaintenance(Object& o, std::int64_t createdMs)
{
    add(o, "ErrorReportingEnabled", Nil{});
    add(o, "MitigationsEnabled", true);
    add(o, "MitigationsAppliedTime", shapes::time(createdMs));
    add(o, "StaticDomainControllers", shapes::strings({}));
    add(o, "StaticGlobalCatalogs", shapes::strings({}));
    add(o, "StaticConfigDomainController", std::string());
    add(o, "StaticExcludedDomainControllers", shapes::strings({}));
    add(o, "MonitoringGroup", std::string());
    add(o, "CurrentDomainControllers", shapes::strings({}));
    add(o, "CurrentGlobalCatalogs", shapes::strings({}));
    add(o, "CurrentConfigDomainController", std::string());
    add(o, "ProductID", std::string("02064-004-0605003-02545"));
    add(o, "IsExchangeTrialEdition", false);
    add(o, "IsExpiredExchangeTrialEdition", false);
    add(o, "MailboxProvisioningAttributes", Nil{});
    add(o, "RemainingTrialPeriod", shapes::timeSpan(0));
    add(o, "MitigationsApplied", shapes::strings({"PING1"}));
    add(o, "MitigationsBlocked", Nil{});
    add(o, "DataCollectionEnabled", true);
}

std::shared_ptr<Object> serverObject(
    const ClientAccessServer& server, const Build& build, std::int64_t createdMs)
{
    const std::string name = server.name;
    auto object = shapes::directoryObject(shapes::presentationChain("ExchangeServer"), name);
    Object& o = *object;
    add(o, "Name", name);
    add(o, "DataPath", dataPath());
    add(o, "Domain", std::string("contoso.lab"));
    add(o, "Edition", shapes::enumeration("Microsoft.Exchange.Data.ServerEditionType", "Enterprise", 3));
    add(o, "ExchangeLegacyDN",
        "/o=Contoso Lab/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Configuration/cn=Servers/cn="
            + name);
    add(o, "ExchangeLegacyServerRole", std::int32_t(0));
    add(o, "Fqdn", server.fqdn);
    add(o, "CustomerFeedbackEnabled", Nil{});
    add(o, "InternetWebProxy", Nil{});
    add(o, "InternetWebProxyBypassList", Nil{});
    roles(o);
    add(o, "NetworkAddress", networkAddresses(name, server.fqdn));
    add(o, "OrganizationalUnit", "contoso.lab/" + name);
    add(o, "AdminDisplayVersion", version(build));
    add(o, "Site",
        shapes::adObjectId({"contoso.lab/Configuration/Sites/" + server.site,
            "CN=" + escapedForDn(server.site) + ",CN=Sites,CN=Configuration,DC=contoso,DC=lab",
            shapes::namedGuid("site " + server.site), server.site, "contoso.lab/Configuration/Sites"}));
    add(o, "ServerRole",
        shapes::enumeration("Microsoft.Exchange.Data.Directory.SystemConfiguration.ServerRole",
            "Mailbox, ClientAccess", 16385));
    addMaintenance(o, createdMs);
    // The exported order of this object's tail differs from the common one: Identity first.
    auto rest = shapes::directoryObject(shapes::presentationChain("ExchangeServer"), name);
    shapes::appendTail(*rest,
        {serverId(name), name, "ms-Exch-Exchange-Server", {"top", "server", "msExchExchangeServer"},
            createdMs, createdMs});
    for (const char* property : {"Identity", "IsValid", "ExchangeVersion", "DistinguishedName", "Guid",
             "ObjectCategory", "ObjectClass", "WhenChanged", "WhenCreated", "WhenChangedUTC",
             "WhenCreatedUTC", "OrganizationId", "Id", "OriginatingServer", "ObjectState"})
        add(o, property, *rest->find(property));
    return object;
}

} // namespace

Ended getExchangeServer(CmdletCall& call)
{
    const std::int64_t created = call.estate().people().options().referenceMs - std::int64_t(1200) * 86400000;
    const std::string identity = call.text("Identity");
    bool found = false;
    const std::vector<ClientAccessServer>& servers = call.session().servers;
    for (size_t i = 0; i < servers.size(); ++i) {
        const ClientAccessServer& server = servers[i];
        if (!identity.empty() && !equalsIgnoreCase(identity, server.name)
            && !equalsIgnoreCase(identity, server.fqdn)
            && asciiLower(identity) != serverId(server.name).guid.lower())
            continue;
        found = true;
        call.sink().output(serverObject(server, builds[std::min(i, builds.size() - 1)], created));
    }
    if (!found)
        call.sink().error(objectNotFound(call.name(), identity));
    return {};
}

Ended getOrganizationConfig(CmdletCall& call)
{
    const std::int64_t created = call.estate().people().options().referenceMs - std::int64_t(1300) * 86400000;
    const shapes::Id id{"Contoso Lab", std::string(shapes::organizationDn),
        shapes::namedGuid("Contoso Lab organization"), "Contoso Lab", "Microsoft Exchange"};
    auto rest = shapes::directoryObject(shapes::presentationChain("OrganizationConfig"), "Contoso Lab");
    shapes::appendTail(*rest,
        {id, "Contoso Lab", "ms-Exch-Organization-Container",
            {"top", "container", "msExchOrganizationContainer"}, created, created});
    auto object = shapes::directoryObject(shapes::presentationChain("OrganizationConfig"), "Contoso Lab");
    Object& o = *object;
    for (const char* property : {"OrganizationId", "Name", "Identity", "Guid"})
        add(o, property, *rest->find(property));
    add(o, "ObjectVersion", std::int32_t(16763));
    add(o, "DefaultPublicFolderAgeLimit", Nil{});
    add(o, "DefaultPublicFolderIssueWarningQuota",
        shapes::unlimited("Microsoft.Exchange.Data.ByteQuantifiedSize, Microsoft.Exchange.Data, "
                          "Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35",
            "Unlimited"));
    add(o, "DefaultPublicFolderDeletedItemRetention", shapes::timeSpan(30 * 86400));
    add(o, "DistributionGroupNameBlockedWordsList", shapes::strings({}));
    add(o, "EwsEnabled", Nil{});
    add(o, "IsMixedMode", false);
    add(o, "MapiHttpEnabled", true);
    add(o, "OAuth2ClientProfileEnabled", true);
    for (const char* property :
        {"IsValid", "ExchangeVersion", "DistinguishedName", "ObjectCategory", "ObjectClass", "WhenChanged",
            "WhenCreated", "WhenChangedUTC", "WhenCreatedUTC", "Id", "OriginatingServer", "ObjectState"})
        add(o, property, *rest->find(property));
    call.sink().output(object);
    return {};
}

Ended setAdServerSettings(CmdletCall& call)
{
    if (call.has("ViewEntireForest"))
        call.session().viewEntireForest.store(call.flag("ViewEntireForest"));
    return {};
}

} // namespace postern::lab
