// Mobile device mailbox policies under both of their names: the ActiveSync cmdlets call some settings
// differently.
#include <array>

#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/cmdlets/Shapes.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

struct Renamed
{
    const char* activeSync;
    const char* mobile;
};
constexpr std::array<Renamed, 9> renamed{{
    {"AllowSimpleDevicePassword", "AllowSimplePassword"},
    {"AlphanumericDevicePasswordRequired", "AlphanumericPasswordRequired"},
    {"MaxInactivityTimeDeviceLock", "MaxInactivityTimeLock"},
    {"MaxDevicePasswordFailedAttempts", "MaxPasswordFailedAttempts"},
    {"MinDevicePasswordComplexCharacters", "MinPasswordComplexCharacters"},
    {"MinDevicePasswordLength", "MinPasswordLength"},
    {"DevicePasswordEnabled", "PasswordEnabled"},
    {"DevicePasswordExpiration", "PasswordExpiration"},
    {"DevicePasswordHistory", "PasswordHistory"},
}};

bool activeSync(const CmdletCall& call)
{
    return call.name().find("ActiveSync") != std::string::npos;
}

std::string mobileName(const std::string& name)
{
    for (const Renamed& r : renamed) {
        if (name == r.activeSync)
            return r.mobile;
    }
    return name;
}

std::string shownName(const std::string& mobile, bool forActiveSync)
{
    for (const Renamed& r : renamed) {
        if (forActiveSync && mobile == r.mobile)
            return r.activeSync;
    }
    return mobile;
}

Value shownValue(const std::string& name, const std::string& value)
{
    if (value == "true" || value == "false")
        return value == "true";
    if (name.ends_with("List"))
        return shapes::strings(value.empty() ? std::vector<std::string>{} : split(value, ','));
    if (name == "AllowBluetooth")
        return shapes::enumeration("Microsoft.Exchange.Data.Directory.SystemConfiguration.BluetoothType",
            value,
            value == "Allow"               ? 2
                : value == "HandsfreeOnly" ? 1
                                           : 0);
    if (name.ends_with("Filter") || name.ends_with("Negotiation") || name == "MobileOTAUpdateMode"
        || name.ends_with("Algorithm"))
        return shapes::enumeration(
            ("Microsoft.Exchange.Data.Directory.SystemConfiguration." + name + "Type").c_str(), value, 0);
    if (name == "MinPasswordLength")
        return value.empty() ? Value(Nil{}) : Value(std::int32_t(std::atoi(value.c_str())));
    if (name == "PasswordHistory" || name == "MinPasswordComplexCharacters")
        return std::int32_t(std::atoi(value.c_str()));
    if (name == "MaxPasswordFailedAttempts")
        return shapes::unlimited(
            "System.Int32, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089",
            value);
    if (name.ends_with("Size"))
        return shapes::unlimited("Microsoft.Exchange.Data.ByteQuantifiedSize, Microsoft.Exchange.Data, "
                                 "Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35",
            value);
    return shapes::unlimited("Microsoft.Exchange.Data.EnhancedTimeSpan, Microsoft.Exchange.Data, "
                             "Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35",
        value);
}

std::shared_ptr<Object> policyObject(const MailboxPolicyRecord& policy, bool forActiveSync)
{
    static const TypeChain& mobile = shapes::directoryChain("MobileMailboxPolicy");
    static const TypeChain& active = shapes::directoryChain("ActiveSyncMailboxPolicy");
    auto object = shapes::directoryObject(forActiveSync ? active : mobile, policy.name);
    for (const auto& [name, value] : policy.settings)
        shapes::add(*object, shownName(name, forActiveSync).c_str(), shownValue(name, value));
    shapes::add(*object, "IsDefault", policy.isDefault);
    if (forActiveSync)
        shapes::add(*object, "IsDefaultPolicy", policy.isDefault);
    shapes::appendTail(*object,
        {shapes::policyId(policy), policy.name, "ms-Exch-Mobile-Mailbox-Settings",
            {"top", "msExchRecipientTemplate", "msExchMobileMailboxSettings"}, policy.changedMs,
            policy.createdMs});
    return object;
}

std::optional<MailboxPolicyRecord> find(CmdletCall& call, const std::string& identity)
{
    const auto guid = Guid::parse(identity);
    for (const MailboxPolicyRecord& policy : call.estate().policies()) {
        if (caseFolded(policy.name) == caseFolded(identity) || (guid && *guid == policy.guid)
            || caseFolded(shapes::policyId(policy).distinguishedName) == caseFolded(identity))
            return policy;
    }
    return std::nullopt;
}

std::string storedText(CmdletCall& call, const ParameterSpec& parameter)
{
    if (parameter.type == ParameterType::Boolean)
        return call.flag(parameter.name) ? "true" : "false";
    if (parameter.type == ParameterType::List)
        return joined(call.changedList(parameter.name, {}), ",");
    return call.text(parameter.name);
}

void apply(CmdletCall& call, MailboxPolicyRecord& policy)
{
    for (const ParameterSpec& parameter : call.spec().parameters) {
        if (parameter.common || !call.has(parameter.name) || parameter.name == "Identity"
            || parameter.name == "DomainController")
            continue;
        if (parameter.name == "Name")
            policy.name = call.text("Name");
        else if (parameter.name == "IsDefault" || parameter.name == "IsDefaultPolicy")
            policy.isDefault = call.flag(parameter.name);
        else
            policy.settings[mobileName(parameter.name)] = storedText(call, parameter);
    }
}

void deprecated(CmdletCall& call)
{
    if (!activeSync(call))
        return;
    std::string successor = call.name();
    successor.replace(successor.find("ActiveSync"), 10, "MobileDevice");
    call.sink().warning("The " + call.name()
        + " cmdlet will be removed in a future version of Exchange. Use the " + successor
        + " cmdlet instead.");
}

} // namespace

Ended getMailboxPolicy(CmdletCall& call)
{
    deprecated(call);
    const std::string identity = call.text("Identity");
    if (identity.empty()) {
        for (const MailboxPolicyRecord& policy : call.estate().policies())
            call.sink().output(policyObject(policy, activeSync(call)));
        return {};
    }
    if (const auto policy = find(call, identity))
        call.sink().output(policyObject(*policy, activeSync(call)));
    else
        call.sink().error(objectNotFound(call.name(), identity));
    return {};
}

Ended newMailboxPolicy(CmdletCall& call)
{
    deprecated(call);
    MailboxPolicyRecord policy;
    for (const MailboxPolicyRecord& existing : call.estate().policies()) {
        if (existing.name == "Default")
            policy.settings = existing.settings;
    }
    apply(call, policy);
    if (call.whatIf())
        return {};
    if (!call.estate().addPolicy(policy, call.who())) {
        call.sink().error(exchangeError(call.name(), "ADObjectAlreadyExistsException",
            "Active Directory operation failed on dc1.contoso.lab. The object 'CN=" + policy.name
                + "' already exists.",
            NotSpecified, policy.name));
        return {};
    }
    if (const auto made = find(call, policy.name))
        call.sink().output(policyObject(*made, activeSync(call)));
    return {};
}

Ended setMailboxPolicy(CmdletCall& call)
{
    deprecated(call);
    const auto policy = find(call, call.text("Identity"));
    if (!policy)
        call.sink().error(objectNotFound(call.name(), call.text("Identity")));
    else if (!call.whatIf())
        call.estate().changePolicy(
            policy->name, [&](MailboxPolicyRecord& p) { apply(call, p); }, call.who());
    return {};
}

Ended removeMailboxPolicy(CmdletCall& call)
{
    deprecated(call);
    const auto policy = find(call, call.text("Identity"));
    if (!policy) {
        call.sink().error(objectNotFound(call.name(), call.text("Identity")));
    } else if (policy->isDefault) {
        call.sink().error(exchangeError(call.name(), "CannotRemoveDefaultPolicyException",
            "You can't remove the default mobile device mailbox policy '" + policy->name + "'.",
            InvalidOperation, policy->name));
    } else if (!call.whatIf()) {
        call.estate().removePolicy(policy->name, call.who());
    }
    return {};
}

} // namespace postern::lab
