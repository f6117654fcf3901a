// Get-MobileDeviceStatistics and Get-ActiveSyncDeviceStatistics: what only the mailbox knows; one mailbox a
// call.
#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/cmdlets/Devices.h"

namespace postern::lab {

namespace {

using shapes::add;

const char* statusText(const PhoneState& state)
{
    switch (state.wipe) {
    case Wipe::Pending:
    case Wipe::Sent:
        return state.accountOnly ? "AccountOnlyDeviceWipePending" : "DeviceWipePending";
    case Wipe::Acknowledged:
        return state.accountOnly ? "AccountOnlyDeviceWipeSucceeded" : "DeviceWipeSucceeded";
    case Wipe::None:
        break;
    }
    return state.access == Access::Blocked ? "DeviceBlocked" : "DeviceOk";
}

Value applicationStatus(const Phone& phone)
{
    const char* name = !phone.facts.provisionable ? "NotApplied"
        : phone.state.policyMs != 0               ? "AppliedInFull"
                                                  : "Unknown";
    const int number = !phone.facts.provisionable ? 1 : phone.state.policyMs != 0 ? 2 : 0;
    return shapes::enumeration("Microsoft.Exchange.Data.Storage.DevicePolicyApplicationStatus", name, number);
}

Value mailboxDeviceId(const Phone& phone, const Person& owner)
{
    static const TypeChain& types = shapes::chain({"Microsoft.Exchange.Data.Storage.MobileDeviceIdentity",
        "Microsoft.Exchange.Data.ObjectId", "System.Object"});
    auto id = std::make_shared<Object>();
    id->types = &types;
    id->text = shapes::phoneId(phone.facts, owner).canonical;
    id->serializationData = true;
    add(*id, "DeviceId", phone.facts.deviceId);
    add(*id, "DeviceType", phone.facts.type);
    return ObjectPtr(id);
}

// The mailbox that a call names: its own, or that of the device.
tl::expected<std::vector<std::uint32_t>, ErrorRecord> named(CmdletCall& call)
{
    if (const std::string mailbox = call.text("Mailbox"); !mailbox.empty()) {
        const auto user = call.user(mailbox);
        if (!user)
            return tl::unexpected(user.error());
        return call.estate().phonesOf(*user);
    }
    const std::string identity = call.text("Identity");
    if (identity.empty())
        return tl::unexpected(parameterError(call.name(), "MissingMandatoryParameter",
            "Cannot process command because of one or more missing mandatory parameters: Identity.",
            "Identity"));
    const auto phone = call.phone(identity);
    if (!phone)
        return tl::unexpected(phone.error());
    return std::vector<std::uint32_t>{*phone};
}

Ended statistics(CmdletCall& call, DeviceFlavour flavour)
{
    const auto phones = named(call);
    if (!phones) {
        if (phones.error().fullyQualifiedId.starts_with("MissingMandatory"))
            return phones.error();
        call.sink().error(phones.error());
        return {};
    }
    Estate& estate = call.estate();
    const std::vector<AccessRule> rules = estate.rules();
    for (const std::uint32_t index : *phones) {
        const Phone phone = estate.phone(index);
        const Person owner = estate.people().person(phone.facts.owner);
        if (call.sink().stopped())
            break;
        if (flavour == DeviceFlavour::ActiveSync && phone.facts.client != PhoneClient::Eas)
            continue;
        if (call.flag("ActiveSync") && phone.facts.client != PhoneClient::Eas)
            continue;
        if (call.session().faults.forCmdlet("mailboxError", call.name(), call.who(), owner.smtp)) {
            call.sink().error(exchangeError(call.name(), "StorageTransientException",
                "The mailbox database is temporarily unavailable for mailbox '" + owner.canonical() + "'.",
                InvalidOperation, owner.canonical()));
            return {};
        }
        if (!phone.facts.hasStatistics) {
            if (call.has("Identity"))
                call.sink().error(exchangeError(call.name(), "ManagementObjectNotFoundException",
                    "Couldn't find the device '" + phone.facts.name() + "' in mailbox '" + owner.canonical()
                        + "'.",
                    NotSpecified));
            continue;
        }
        call.sink().output(statisticsObject(estate, phone, owner, rules, flavour));
    }
    return {};
}

void addWipes(Object& o, const PhoneState& s)
{
    const bool full = s.wipe != Wipe::None && !s.accountOnly, account = s.wipe != Wipe::None && s.accountOnly;
    add(o, "DeviceWipeSentTime", shapes::time(full ? s.wipeSentMs : 0));
    add(o, "DeviceWipeRequestTime", shapes::time(full ? s.wipeRequestedMs : 0));
    add(o, "DeviceWipeAckTime", shapes::time(full ? s.wipeAckedMs : 0));
    add(o, "AccountOnlyDeviceWipeSentTime", shapes::time(account ? s.wipeSentMs : 0));
    add(o, "AccountOnlyDeviceWipeRequestTime", shapes::time(account ? s.wipeRequestedMs : 0));
    add(o, "AccountOnlyDeviceWipeAckTime", shapes::time(account ? s.wipeAckedMs : 0));
}

void addPhone(Object& o, const PhoneFacts& f)
{
    add(o, "DeviceModel", f.model);
    add(o, "DeviceImei", f.imei);
    add(o, "DeviceFriendlyName", f.friendlyName);
    add(o, "DeviceOS", f.os);
    add(o, "DeviceOSLanguage", f.osLanguage);
    const size_t shown = std::min<size_t>(4, f.number.size());
    add(o, "DevicePhoneNumber",
        std::string(f.number.size() - shown, '*') + f.number.substr(f.number.size() - shown));
    add(o, "MailboxLogReport", Nil{});
    add(o, "DeviceEnableOutboundSMS", false);
    add(o, "DeviceMobileOperator", f.carrier);
}

void addAccess(Object& o, Estate& estate, const Phone& phone, const std::vector<AccessRule>& rules)
{
    const PhoneFacts& f = phone.facts;
    const PhoneState& s = phone.state;
    add(o, "Guid", f.guid);
    add(o, "IsRemoteWipeSupported", f.client == PhoneClient::Eas && f.provisionable);
    add(o, "Status",
        shapes::enumeration(
            "Microsoft.Exchange.Data.Storage.Management.DeviceRemoteWipeStatus", statusText(s), int(s.wipe)));
    add(o, "StatusNote",
        std::string(s.access == Access::Blocked ? "The device is blocked by the organization." : ""));
    add(o, "DeviceAccessState", accessStateValue(s.access));
    add(o, "DeviceAccessStateReason", accessReasonValue(s.reason));
    add(o, "DeviceAccessControlRule", ruleValue(s.rule, rules));
    add(o, "DevicePolicyApplied",
        s.policyMs == 0 ? Value(Nil{}) : shapes::adObjectId(shapes::policyId(estate.policyOf(f.owner))));
    add(o, "DevicePolicyApplicationStatus", applicationStatus(phone));
}

} // namespace

std::shared_ptr<Object> statisticsObject(Estate& estate, const Phone& phone, const Person& owner,
    const std::vector<AccessRule>& rules, DeviceFlavour flavour)
{
    static const TypeChain& mobile
        = shapes::chain({"Microsoft.Exchange.Data.Storage.Management.MobileDeviceConfiguration",
            "Microsoft.Exchange.Data.ConfigurableObject", "System.Object"});
    static const TypeChain& activeSync
        = shapes::chain({"Microsoft.Exchange.Data.Storage.Management.ActiveSyncDeviceConfiguration",
            "Microsoft.Exchange.Data.ConfigurableObject", "System.Object"});
    const PhoneFacts& f = phone.facts;
    const PhoneState& s = phone.state;
    const bool fullWipe = s.wipe != Wipe::None && !s.accountOnly,
               accountWipe = s.wipe != Wipe::None && s.accountOnly;
    auto statistics = shapes::directoryObject(
        flavour == DeviceFlavour::Mobile ? mobile : activeSync, shapes::phoneId(f, owner).canonical);
    Object& o = *statistics;
    add(o, "FirstSyncTime", shapes::time(f.firstSyncMs));
    add(o, "LastPolicyUpdateTime", shapes::time(s.policyMs));
    add(o, "LastSyncAttemptTime", shapes::time(s.lastAttemptMs));
    add(o, "LastSuccessSync", shapes::time(s.lastSuccessMs));
    add(o, "DeviceType", f.type);
    add(o, "DeviceID", f.deviceId);
    add(o, "DeviceUserAgent", f.userAgent);
    addWipes(o, s);
    add(o, "LastPingHeartbeat",
        f.client == PhoneClient::Eas ? Value(std::uint32_t(470 + f.index % 5 * 60)) : Value(Nil{}));
    add(o, "RecoveryPassword", std::string("********"));
    addPhone(o, f);
    add(o, "Identity", mailboxDeviceId(phone, owner));
    addAccess(o, estate, phone, rules);
    add(o, "LastDeviceWipeRequestor", fullWipe ? estate.requestor(s.requestor) : std::string());
    add(o, "LastAccountOnlyDeviceWipeRequestor", accountWipe ? estate.requestor(s.requestor) : std::string());
    add(o, "ClientVersion", f.protocol);
    add(o, "NumberOfFoldersSynced", std::int32_t(s.lastSuccessMs == 0 ? 0 : 6 + f.index % 30));
    add(o, "SyncStateUpgradeTime", Nil{});
    add(o, "ClientType", clientTypeValue(f.client));
    add(o, "IsValid", true);
    add(o, "ObjectState", shapes::enumeration("Microsoft.Exchange.Data.ObjectState", "New", 0));
    return statistics;
}

Ended getMobileDeviceStatistics(CmdletCall& call)
{
    return statistics(call, DeviceFlavour::Mobile);
}

Ended getActiveSyncDeviceStatistics(CmdletCall& call)
{
    call.sink().warning(
        "The Get-ActiveSyncDeviceStatistics cmdlet will be removed in a future version of Exchange. Use the "
        "Get-MobileDeviceStatistics cmdlet instead.");
    return statistics(call, DeviceFlavour::ActiveSync);
}

} // namespace postern::lab
