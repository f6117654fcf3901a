// The tenant's subscriptions: products with their service plans (Microsoft's own ids), and what a person's
// licence means in Graph's terms. Constant data; any thread.
#pragma once

#include <span>

#include "app/lab/population/CloudUser.h"

namespace postern::lab {

struct ServicePlan
{
    std::string_view id, name, service;
};

struct Product
{
    std::string_view skuId, partNumber;
    std::span<const ServicePlan> plans;
};

inline constexpr std::string_view intunePlanId = "c1ec4a95-1f05-45b3-a911-aa3fa01094f5";

struct AssignedProduct
{
    const Product* product = nullptr;
    bool withoutIntune = false; // its Intune plan is switched off
};

[[nodiscard]] std::span<const Product> products();
[[nodiscard]] std::vector<AssignedProduct> productsOf(Licence licence);

[[nodiscard]] std::string assignedLicensesJson(Licence licence);
[[nodiscard]] std::string assignedPlansJson(Licence licence, std::int64_t sinceMs);
[[nodiscard]] std::string provisionedPlansJson(Licence licence);
[[nodiscard]] std::string licenseStatesJson(Licence licence, std::int64_t sinceMs);
// The items of /users/{id}/licenseDetails.
[[nodiscard]] std::string licenseDetailsJson(Licence licence);
[[nodiscard]] std::string servicePlansJson(const Product& product, bool withoutIntune = false);

} // namespace postern::lab
