// Get-MobileDevice and Get-ActiveSyncDevice. Property order: exchange-management reference, Get-MobileDevice.
#include "app/lab/cmdlets/Devices.h"

#include "app/lab/cmdlets/Listing.h"
#include "app/lab/cmdlets/OrganizationalUnits.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

const std::vector<std::string> filterable{"ClientType", "DeviceAccessControlRule", "DeviceAccessState",
    "DeviceAccessStateReason", "DeviceActiveSyncVersion", "DeviceId", "DeviceImei", "DeviceMobileOperator",
    "DeviceModel", "DeviceOS", "DeviceOSLanguage", "DeviceTelephoneNumber", "DeviceType", "DeviceUserAgent",
    "FirstSyncTime", "FriendlyName", "ProvisioningFlags", "UserDisplayName", "ClientVersion", "Identity",
    "Name", "Guid", "DistinguishedName", "WhenChanged", "WhenChangedUTC", "WhenCreated", "WhenCreatedUTC"};
const std::vector<std::string> sortable{"Name", "DeviceId", "DeviceType", "DeviceModel", "DeviceOS",
    "FriendlyName", "UserDisplayName", "DeviceAccessState", "FirstSyncTime", "WhenChanged", "WhenCreated"};

std::string masked(const std::string& number)
{
    return number.size() < 4 ? std::string{}
                             : std::string(number.size() - 4, '*') + number.substr(number.size() - 4);
}

bool wanted(const CmdletCall& call, PhoneClient client)
{
    const bool any = call.flag("ActiveSync") || call.flag("OWAforDevices") || call.flag("RestApi")
        || call.flag("UniversalOutlook");
    if (!any)
        return true;
    return (call.flag("ActiveSync") && client == PhoneClient::Eas)
        || (call.flag("RestApi") && client != PhoneClient::Eas);
}

// The phones that the call names, until `offer` has enough. An error when it names what is not there.
std::optional<ErrorRecord> eachPhone(
    CmdletCall& call, std::optional<std::int64_t> notBefore, const std::function<bool(std::uint32_t)>& offer)
{
    Estate& estate = call.estate();
    if (const std::string identity = call.text("Identity"); !identity.empty()) {
        const auto phone = call.phone(identity);
        if (!phone)
            return phone.error();
        offer(*phone);
    } else if (const std::string mailbox = call.text("Mailbox"); !mailbox.empty()) {
        const auto user = call.user(mailbox);
        if (!user)
            return user.error();
        for (const std::uint32_t phone : estate.phonesOf(*user)) {
            if (!offer(phone))
                break;
        }
    } else if (notBefore) {
        for (const std::uint32_t phone : estate.phonesChangedSince(*notBefore)) {
            if (!offer(phone))
                break;
        }
    } else {
        // Phones of generated people in order, then those that came later; objects are made while the client
        // polls.
        for (std::uint32_t i = 0; i < estate.phoneCount(); ++i) {
            if (!offer(i))
                break;
        }
    }
    return {};
}

Ended listDevices(CmdletCall& call, DeviceFlavour flavour)
{
    Listing listing(call, filterable, sortable);
    if (listing.failure())
        return listing.failure();
    Estate& estate = call.estate();
    const std::vector<AccessRule> rules = estate.rules();
    const auto unit = searchRoot(call);
    if (!unit)
        return unit.error();
    const auto offer = [&](std::uint32_t index) {
        const Phone phone = estate.phone(index);
        if (phone.state.removed || !wanted(call, phone.facts.client))
            return true;
        if (flavour == DeviceFlavour::ActiveSync && phone.facts.client != PhoneClient::Eas)
            return true;
        const Person owner = estate.people().person(phone.facts.owner);
        if (!isBelow(owner, *unit))
            return true;
        return listing.offer(deviceObject(phone, owner, rules, flavour));
    };
    if (const auto error = eachPhone(call, listing.notBefore(), offer))
        call.sink().error(*error);
    else
        listing.finish();
    return {};
}

} // namespace

Value accessStateValue(Access access)
{
    return shapes::enumeration(
        "Microsoft.Exchange.Data.Directory.SystemConfiguration.DeviceAccessState", text(access), int(access));
}

Value accessReasonValue(Reason reason)
{
    return shapes::enumeration(
        "Microsoft.Exchange.Data.Directory.SystemConfiguration.DeviceAccessStateReason", text(reason),
        int(reason));
}

Value clientTypeValue(PhoneClient client)
{
    const char* name = client == PhoneClient::Eas ? "EAS"
        : client == PhoneClient::Outlook          ? "Outlook"
                                                  : "REST";
    return shapes::enumeration("Microsoft.Exchange.Data.Directory.SystemConfiguration.MobileClientType", name,
        client == PhoneClient::Eas           ? 0
            : client == PhoneClient::Outlook ? 4
                                             : 2);
}

Value ruleValue(std::uint32_t number, const std::vector<AccessRule>& rules)
{
    for (const AccessRule& rule : rules) {
        if (number != 0 && rule.number == number)
            return shapes::adObjectId(shapes::ruleId(rule));
    }
    return Nil{};
}

std::shared_ptr<Object> deviceObject(
    const Phone& phone, const Person& owner, const std::vector<AccessRule>& rules, DeviceFlavour flavour)
{
    static const TypeChain& mobile = shapes::directoryChain("MobileDevice");
    static const TypeChain& activeSync = shapes::directoryChain("ActiveSyncDevice");
    const PhoneFacts& f = phone.facts;
    auto device = shapes::directoryObject(flavour == DeviceFlavour::Mobile ? mobile : activeSync, f.name());
    Object& o = *device;
    shapes::add(o, "FriendlyName", f.friendlyName);
    shapes::add(o, "DeviceId", f.deviceId);
    shapes::add(o, "DeviceImei", f.imei);
    shapes::add(o, "DeviceMobileOperator", f.carrier);
    shapes::add(o, "DeviceOS", f.os);
    shapes::add(o, "DeviceOSLanguage", f.osLanguage);
    shapes::add(o, "DeviceTelephoneNumber", masked(f.number));
    shapes::add(o, "DeviceType", f.type);
    shapes::add(o, "DeviceUserAgent", f.userAgent);
    shapes::add(o, "DeviceModel", f.model);
    shapes::add(o, "FirstSyncTime", shapes::time(f.firstSyncMs));
    shapes::add(o, "UserDisplayName", owner.canonical());
    shapes::add(o, "DeviceAccessState", accessStateValue(phone.state.access));
    shapes::add(o, "DeviceAccessStateReason", accessReasonValue(phone.state.reason));
    shapes::add(o, "DeviceAccessControlRule", ruleValue(phone.state.rule, rules));
    if (flavour == DeviceFlavour::ActiveSync) {
        shapes::add(o, "DeviceActiveSyncVersion", f.protocol);
    } else {
        shapes::add(o, "ClientVersion", f.protocol);
        shapes::add(o, "ClientType", clientTypeValue(f.client));
        shapes::add(o, "IsManaged", false);
        shapes::add(o, "IsCompliant", false);
        shapes::add(o, "IsDisabled", false);
    }
    shapes::appendTail(o,
        {shapes::phoneId(f, owner), f.name(), "ms-Exch-Active-Sync-Device", {"top", "msExchActiveSyncDevice"},
            std::max(phone.state.changedMs, f.firstSyncMs), f.firstSyncMs});
    return device;
}

Ended getMobileDevice(CmdletCall& call)
{
    return listDevices(call, DeviceFlavour::Mobile);
}

Ended getActiveSyncDevice(CmdletCall& call)
{
    call.sink().warning("The Get-ActiveSyncDevice cmdlet will be removed in a future version of Exchange. "
                        "Use the Get-MobileDevice cmdlet instead. If "
                        "you have any scripts that use the Get-ActiveSyncDevice cmdlet, update them to use "
                        "the Get-MobileDevice cmdlet.");
    return listDevices(call, DeviceFlavour::ActiveSync);
}

} // namespace postern::lab
