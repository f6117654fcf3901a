// Device access rules and the organisation's ActiveSync settings.
#include <algorithm>

#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/cmdlets/Shapes.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

const char* const levelType = "Microsoft.Exchange.Data.Directory.SystemConfiguration.DeviceAccessLevel";

std::shared_ptr<Object> ruleObject(const AccessRule& rule)
{
    static const TypeChain& types = shapes::directoryChain("ActiveSyncDeviceAccessRule");
    auto object = shapes::directoryObject(types, rule.name());
    shapes::add(*object, "QueryString", rule.query);
    shapes::add(*object, "Characteristic",
        shapes::enumeration(
            "Microsoft.Exchange.Data.Directory.SystemConfiguration.DeviceAccessCharacteristic",
            text(rule.characteristic), int(rule.characteristic)));
    shapes::add(*object, "AccessLevel", shapes::enumeration(levelType, text(rule.level), int(rule.level)));
    shapes::appendTail(*object,
        {shapes::ruleId(rule), rule.name(), "ms-Exch-Device-Access-Rule", {"top", "msExchDeviceAccessRule"},
            rule.changedMs, rule.createdMs});
    return object;
}

std::optional<AccessRule> find(const std::vector<AccessRule>& rules, const std::string& identity)
{
    const auto guid = Guid::parse(identity);
    for (const AccessRule& rule : rules) {
        const shapes::Id id = shapes::ruleId(rule);
        if (caseFolded(id.name) == caseFolded(identity)
            || caseFolded(id.distinguishedName) == caseFolded(identity) || (guid && *guid == id.guid))
            return rule;
    }
    return std::nullopt;
}

std::shared_ptr<Object> settingsObject(const OrganizationSettings& s)
{
    static const TypeChain& types = shapes::directoryChain("ActiveSyncOrganizationSettings");
    auto object = shapes::directoryObject(types, "Mobile Mailbox Settings");
    shapes::add(*object, "DefaultAccessLevel",
        shapes::enumeration(levelType, text(s.defaultLevel), int(s.defaultLevel)));
    shapes::add(*object, "UserMailInsert", s.userMailInsert);
    shapes::add(*object, "AllowAccessForUnSupportedPlatform", s.allowUnsupportedPlatform);
    shapes::add(*object, "AdminMailRecipients", shapes::smtpAddresses(s.adminMailRecipients));
    shapes::add(*object, "OtaNotificationMailInsert", s.otaMailInsert);
    shapes::add(*object, "DeviceFiltering", Nil{});
    shapes::appendTail(*object,
        {{"Mobile Mailbox Settings", "CN=Mobile Mailbox Settings," + std::string(shapes::organizationDn),
             shapes::namedGuid("Mobile Mailbox Settings"), "Mobile Mailbox Settings", "Contoso Lab"},
            "Mobile Mailbox Settings", "ms-Exch-Active-Sync-Settings",
            {"top", "msExchContainer", "msExchActiveSyncSettings"}, s.changedMs, s.changedMs});
    return object;
}

} // namespace

Ended getAccessRule(CmdletCall& call)
{
    const std::vector<AccessRule> rules = call.estate().rules();
    const std::string identity = call.text("Identity");
    if (identity.empty()) {
        for (const AccessRule& rule : rules)
            call.sink().output(ruleObject(rule));
        return {};
    }
    if (const auto rule = find(rules, identity))
        call.sink().output(ruleObject(*rule));
    else
        call.sink().error(objectNotFound(call.name(), identity));
    return {};
}

Ended newAccessRule(CmdletCall& call)
{
    AccessRule rule;
    rule.query = call.text("QueryString");
    rule.characteristic
        = characteristicFromText(call.text("Characteristic")).value_or(Characteristic::DeviceType);
    rule.level = levelFromText(call.text("AccessLevel")).value_or(Level::Allow);
    if (find(call.estate().rules(), rule.name())) {
        call.sink().error(exchangeError(call.name(), "ADObjectAlreadyExistsException",
            "Active Directory operation failed on dc1.contoso.lab. The object 'CN=" + rule.name()
                + "' already exists.",
            NotSpecified, rule.name()));
        return {};
    }
    if (call.whatIf())
        return {};
    const std::uint32_t number = call.estate().addRule(rule, call.who());
    for (const AccessRule& made : call.estate().rules()) {
        if (made.number == number)
            call.sink().output(ruleObject(made));
    }
    return {};
}

Ended setAccessRule(CmdletCall& call)
{
    const auto rule = find(call.estate().rules(), call.text("Identity"));
    if (!rule) {
        call.sink().error(objectNotFound(call.name(), call.text("Identity")));
        return {};
    }
    const auto level = levelFromText(call.text("AccessLevel"));
    if (!level || *level == rule->level)
        call.sink().warning("The command completed successfully but no settings of '" + rule->name()
            + "' have been modified.");
    else if (!call.whatIf())
        call.estate().changeRule(rule->number, *level, call.who());
    return {};
}

Ended removeAccessRule(CmdletCall& call)
{
    const auto rule = find(call.estate().rules(), call.text("Identity"));
    if (!rule)
        call.sink().error(objectNotFound(call.name(), call.text("Identity")));
    else if (!call.whatIf())
        call.estate().removeRule(rule->number, call.who());
    return {};
}

Ended getOrganizationSettings(CmdletCall& call)
{
    call.sink().output(settingsObject(call.estate().settings()));
    return {};
}

Ended setOrganizationSettings(CmdletCall& call)
{
    for (const char* insert : {"UserMailInsert", "OtaNotificationMailInsert"}) {
        if (call.text(insert).size() > 256)
            return parameterError(call.name(), "ParameterArgumentValidationError",
                std::string("Cannot process argument transformation on parameter '") + insert
                    + "'. The length of the value must be at most 256 characters.",
                insert);
    }
    for (const std::string& recipient : call.changedList("AdminMailRecipients", {})) {
        if (recipient.find('@') == std::string::npos)
            return parameterError(call.name(), "ParameterArgumentTransformationError",
                "Cannot process argument transformation on parameter 'AdminMailRecipients'. The email "
                "address \""
                    + recipient + "\" isn't correct.",
                "AdminMailRecipients");
    }
    if (call.whatIf())
        return {};
    call.estate().changeSettings(
        [&](OrganizationSettings& s) {
            if (const auto level = levelFromText(call.text("DefaultAccessLevel")))
                s.defaultLevel = *level;
            if (call.has("UserMailInsert"))
                s.userMailInsert = call.text("UserMailInsert");
            if (call.has("OtaNotificationMailInsert"))
                s.otaMailInsert = call.text("OtaNotificationMailInsert");
            if (call.has("AllowAccessForUnSupportedPlatform"))
                s.allowUnsupportedPlatform = call.flag("AllowAccessForUnSupportedPlatform");
            s.adminMailRecipients = call.changedList("AdminMailRecipients", s.adminMailRecipients);
        },
        call.who());
    return {};
}

} // namespace postern::lab
