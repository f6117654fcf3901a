// /devices, the organization and its subscriptions (graph-reference 7).
#include "app/lab/entra/Signing.h"
#include "app/lab/graph/GraphService.h"
#include "app/lab/graph/Licences.h"

namespace postern::lab {

namespace {

constexpr std::int64_t dayMs = 86400000;

EntityText organizationText(const Tenant& tenant)
{
    const std::int64_t born = tenant.people().options().referenceMs - 2000 * dayMs;
    const auto domain = [](std::string_view name, bool initial) {
        return JsonOut()
            .text("capabilities", "Email, Intune")
            .flag("isDefault", !initial)
            .flag("isInitial", initial)
            .text("name", name)
            .text("type", "Managed")
            .finish();
    };
    EntityWriter w(types::organization);
    w.text("id", tenant.id().lower())
        .raw("assignedPlans", assignedPlansJson(Licence::Microsoft365E3, born))
        .raw("businessPhones", "[]")
        .text("city", "Berlin")
        .text("countryLetterCode", "DE")
        .time("createdDateTime", born)
        .text("displayName", "Contoso Lab")
        .raw("marketingNotificationEmails", "[]")
        .text("mobileDeviceManagementAuthority", "intune")
        .time("onPremisesLastSyncDateTime", tenant.estate().nowMs() / 1800000 * 1800000)
        .flag("onPremisesSyncEnabled", true)
        .text("preferredLanguage", "en")
        .raw("provisionedPlans", provisionedPlansJson(Licence::Microsoft365E3))
        .raw("securityComplianceNotificationMails", "[]")
        .raw("securityComplianceNotificationPhones", "[]")
        .strings("technicalNotificationMails", {"mobile.admins@contoso.lab"})
        .text("tenantType", "AAD")
        .raw("verifiedDomains", "[" + domain("contoso.lab", false) + "," + domain(cloudDomain, true) + "]");
    return w.finish();
}

EntityText skuText(const Tenant& tenant, const Product& product, std::int64_t consumed)
{
    const std::string id = tenant.id().lower() + "_" + std::string(product.skuId);
    EntityWriter w(types::subscribedSku);
    w.text("id", id)
        .text("accountId", tenant.id().lower())
        .text("accountName", "contosolab")
        .text("appliesTo", "User")
        .text("capabilityStatus", "Enabled")
        .number("consumedUnits", consumed)
        .raw("prepaidUnits",
            JsonOut()
                .number("enabled", (consumed / 25 + 1) * 25)
                .number("lockedOut", 0)
                .number("suspended", 0)
                .number("warning", 0)
                .finish())
        .raw("servicePlans", servicePlansJson(product))
        .text("skuId", product.skuId)
        .text("skuPartNumber", product.partNumber)
        .strings("subscriptionIds", {std::string(product.skuId)});
    return w.finish();
}

} // namespace

GraphService::Listing GraphService::deviceListing() const
{
    return {&types::device, "devices", "devices", m_directory.deviceCount(),
        [this](std::uint32_t device) { return m_directory.deviceText(device); },
        [this](const std::string& id) {
            const auto guid = Guid::parse(id);
            return guid ? m_directory.deviceById(*guid) : std::nullopt;
        }};
}

GraphAnswer GraphService::devices(GraphCall& call)
{
    if (const auto refusal = lacksDirectory(call, {"Device.Read.All"}))
        return *refusal;
    if (!call.isGet())
        return methodNotAllowed();
    if (call.segments.size() == 1)
        return listed(call, deviceListing());
    if (call.segments[1] == "delta")
        return delta(call, ObjectKind::Device);
    if (call.segments[1] == "$count")
        return counted(call, deviceListing());
    const auto id = Guid::parse(call.segments[1]);
    const auto device = id ? m_directory.deviceById(*id) : std::nullopt;
    if (!device)
        return noSuchResource(call.segments[1]);
    if (call.segments.size() == 2)
        return one(call, m_directory.deviceText(*device), types::device, "devices");
    const std::string& part = call.segments[2];
    if (part == "registeredOwners" || part == "registeredUsers") {
        std::vector<Member> owners;
        if (const std::uint32_t owner = m_directory.deviceOwner(*device); owner != nobody)
            owners.push_back({ObjectKind::User, owner});
        return objects(call, owners, "directoryObjects");
    }
    if (part == "memberOf" || part == "transitiveMemberOf") {
        std::vector<Member> list;
        for (const std::uint32_t group :
            m_directory.groupsOf({ObjectKind::Device, *device}, part == "transitiveMemberOf"))
            list.push_back({ObjectKind::Group, group});
        return objects(call, list, "directoryObjects");
    }
    return noSuchSegment(part);
}

GraphAnswer GraphService::organization(GraphCall& call) const
{
    if (const auto refusal = lacksDirectory(call, {"Organization.Read.All"}))
        return *refusal;
    if (!call.isGet())
        return methodNotAllowed();
    if (call.segments.size() == 1)
        return listed(call,
            {&types::organization, "organization", "organization", 1,
                [this](std::uint32_t) { return std::optional(organizationText(m_tenant)); }, {}});
    if (call.segments.size() > 2)
        return noSuchSegment(call.segments[2]);
    if (call.segments[1] != m_tenant.id().lower())
        return noSuchResource(call.segments[1]);
    return one(call, organizationText(m_tenant), types::organization, "organization");
}

GraphAnswer GraphService::subscribedSkus(GraphCall& call) const
{
    if (const auto refusal = lacksDirectory(call, {"Organization.Read.All"}))
        return *refusal;
    if (!call.isGet())
        return methodNotAllowed();
    std::map<std::string_view, std::int64_t> consumed;
    for (std::uint32_t user = 0; user < m_directory.userCount(); ++user) {
        for (const AssignedProduct& assigned : productsOf(m_directory.licenceOf(user)))
            ++consumed[assigned.product->skuId];
    }
    const auto text = [this, &consumed](std::uint32_t i) {
        const Product& product = products()[i];
        return std::optional(skuText(m_tenant, product, consumed[product.skuId]));
    };
    if (call.segments.size() == 1)
        return listed(call,
            {&types::subscribedSku, "subscribedSkus", "skus", std::uint32_t(products().size()), text, {}});
    for (std::uint32_t i = 0; i < products().size(); ++i) {
        if (call.segments.size() == 2
            && call.segments[1] == m_tenant.id().lower() + "_" + std::string(products()[i].skuId))
            return one(call, text(i), types::subscribedSku, "subscribedSkus");
    }
    return noSuchResource(call.segments[1]);
}

} // namespace postern::lab
