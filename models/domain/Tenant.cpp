#include "models/domain/Tenant.h"

namespace postern {

std::span<const EnumEntry<NationalCloud>> EnumTable<NationalCloud>::entries()
{
    static constexpr EnumEntry<NationalCloud> table[] = {
        {NationalCloud::Global, u"global"},
        {NationalCloud::UsGovHigh, u"usGovHigh"},
        {NationalCloud::UsGovDod, u"usGovDod"},
        {NationalCloud::China, u"china"},
    };
    return table;
}

std::span<const EnumEntry<TenantSignIn>> EnumTable<TenantSignIn>::entries()
{
    static constexpr EnumEntry<TenantSignIn> table[] = {
        {TenantSignIn::Browser, u"browser"},
        {TenantSignIn::DeviceCode, u"deviceCode"},
        {TenantSignIn::Certificate, u"certificate"},
        {TenantSignIn::Secret, u"secret"},
    };
    return table;
}

std::span<const EnumEntry<TenantState>> EnumTable<TenantState>::entries()
{
    static constexpr EnumEntry<TenantState> table[] = {
        {TenantState::New, u"New"},
        {TenantState::Connected, u"Connected"},
        {TenantState::Synchronizing, u"Synchronizing"},
        {TenantState::SignInRequired, u"SignInRequired"},
        {TenantState::ConsentRequired, u"ConsentRequired"},
        {TenantState::Degraded, u"Degraded"},
        {TenantState::Disconnected, u"Disconnected"},
        {TenantState::Disabled, u"Disabled"},
        {TenantState::Removing, u"Removing"},
    };
    return table;
}

} // namespace postern
