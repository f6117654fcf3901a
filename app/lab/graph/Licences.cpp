#include "app/lab/graph/Licences.h"

#include <array>

#include "app/lab/entra/Signing.h"
#include "app/lab/json/JsonOut.h"

namespace postern::lab {

namespace {

constexpr ServicePlan intune{intunePlanId, "INTUNE_A", "SCO"};
constexpr ServicePlan exchange{"efb87545-963c-4e0d-99df-69c6916d9eb0", "EXCHANGE_S_ENTERPRISE", "exchange"};
constexpr ServicePlan premium{"41781fb2-bc02-4b7c-bd55-b576c07bb09d", "AAD_PREMIUM", "AADPremiumService"};

constexpr std::array<ServicePlan, 3> microsoft365{{intune, exchange, premium}};
constexpr std::array<ServicePlan, 1> office365{{exchange}};
constexpr std::array<ServicePlan, 2> mobility{{intune, premium}};

constexpr std::array<Product, 3> all{{
    {"05e9a617-0261-4cee-bb44-138d3ef5d965", "SPE_E3", microsoft365},
    {"6fd2c87f-b296-42f0-b197-1e91e994b900", "ENTERPRISEPACK", office365},
    {"efccb6f7-5641-4e0e-bd10-b4976e1bf68e", "EMS", mobility},
}};

// [item,item,…] of each product.
template <class Write> std::string list(Licence licence, Write write)
{
    std::string out = "[";
    for (const AssignedProduct& assigned : productsOf(licence)) {
        const std::string item = write(assigned);
        if (out.size() > 1 && !item.empty())
            out += ',';
        out += item;
    }
    return out += ']';
}

std::string disabled(const AssignedProduct& assigned)
{
    return assigned.withoutIntune ? "[" + jsonString(intunePlanId) + "]" : "[]";
}

bool isOff(const AssignedProduct& assigned, const ServicePlan& plan)
{
    return assigned.withoutIntune && plan.id == intunePlanId;
}

template <class Write> std::string plans(Licence licence, Write write)
{
    return list(licence, [&](const AssignedProduct& assigned) {
        std::string out;
        for (const ServicePlan& plan : assigned.product->plans) {
            const std::string item = write(plan, isOff(assigned, plan));
            if (!out.empty() && !item.empty())
                out += ',';
            out += item;
        }
        return out;
    });
}

} // namespace

std::span<const Product> products()
{
    return all;
}

std::vector<AssignedProduct> productsOf(Licence licence)
{
    switch (licence) {
    case Licence::Microsoft365E3:
        return {{&all[0], false}};
    case Licence::Office365WithEms:
        return {{&all[1], false}, {&all[2], false}};
    case Licence::Office365:
        return {{&all[1], false}};
    case Licence::Microsoft365WithoutIntune:
        return {{&all[0], true}};
    case Licence::None:
        break;
    }
    return {};
}

std::string assignedLicensesJson(Licence licence)
{
    return list(licence, [](const AssignedProduct& assigned) {
        return JsonOut()
            .raw("disabledPlans", disabled(assigned))
            .text("skuId", assigned.product->skuId)
            .finish();
    });
}

std::string assignedPlansJson(Licence licence, std::int64_t sinceMs)
{
    return plans(licence, [sinceMs](const ServicePlan& plan, bool off) {
        return JsonOut()
            .time("assignedDateTime", sinceMs)
            .text("capabilityStatus", off ? "Deleted" : "Enabled")
            .text("service", plan.service)
            .text("servicePlanId", plan.id)
            .finish();
    });
}

std::string provisionedPlansJson(Licence licence)
{
    return plans(licence, [](const ServicePlan& plan, bool off) {
        return off ? std::string()
                   : JsonOut()
                         .text("capabilityStatus", "Enabled")
                         .text("provisioningStatus", "Success")
                         .text("service", plan.service)
                         .finish();
    });
}

std::string licenseStatesJson(Licence licence, std::int64_t sinceMs)
{
    return list(licence, [sinceMs](const AssignedProduct& assigned) {
        return JsonOut()
            .null("assignedByGroup")
            .raw("disabledPlans", disabled(assigned))
            .text("error", "None")
            .time("lastUpdatedDateTime", sinceMs)
            .text("skuId", assigned.product->skuId)
            .text("state", "Active")
            .finish();
    });
}

std::string servicePlansJson(const Product& product, bool withoutIntune)
{
    std::string out = "[";
    for (const ServicePlan& plan : product.plans) {
        if (out.size() > 1)
            out += ',';
        out += JsonOut()
                   .text("appliesTo", "User")
                   .text("provisioningStatus",
                       withoutIntune && plan.id == intunePlanId ? "Disabled" : "Success")
                   .text("servicePlanId", plan.id)
                   .text("servicePlanName", plan.name)
                   .finish();
    }
    return out += ']';
}

std::string licenseDetailsJson(Licence licence)
{
    return list(licence, [](const AssignedProduct& assigned) {
        return JsonOut()
            .text("id", base64Url(assigned.product->skuId))
            .raw("servicePlans", servicePlansJson(*assigned.product, assigned.withoutIntune))
            .text("skuId", assigned.product->skuId)
            .text("skuPartNumber", assigned.product->partNumber)
            .finish();
    });
}

} // namespace postern::lab
