// Clear-, Remove- of devices and Get-ActiveSyncDeviceClass.
#include <set>

#include "app/lab/cmdlets/Bodies.h"
#include "app/lab/cmdlets/Listing.h"
#include "app/lab/cmdlets/Shapes.h"

namespace postern::lab {

namespace {

tl::expected<std::uint32_t, ErrorRecord> target(CmdletCall& call)
{
    const auto phone = call.phone(call.text("Identity"));
    if (phone && call.name().find("ActiveSync") != std::string::npos
        && call.estate().phone(*phone).facts.client != PhoneClient::Eas)
        return tl::unexpected(objectNotFound(call.name(), call.text("Identity")));
    return phone;
}

} // namespace

Ended clearDevice(CmdletCall& call)
{
    const auto phone = target(call);
    if (!phone) {
        call.sink().error(phone.error());
        return {};
    }
    const PhoneFacts facts = call.estate().phone(*phone).facts;
    if (facts.client != PhoneClient::Eas && !call.flag("AccountOnly")) {
        call.sink().error(exchangeError(call.name(), "CannotWipeDeviceException",
            "The device '" + facts.name()
                + "' doesn't support a full remote wipe. Use the AccountOnly switch.",
            InvalidOperation, facts.name()));
        return {};
    }
    if (!call.whatIf())
        call.estate().requestWipe(*phone, call.flag("AccountOnly"), call.flag("Cancel"), call.who());
    return {};
}

Ended removeDevice(CmdletCall& call)
{
    const auto phone = target(call);
    if (!phone)
        call.sink().error(phone.error());
    else if (!call.whatIf())
        call.estate().removePhone(*phone, call.who());
    return {};
}

Ended getDeviceClass(CmdletCall& call)
{
    static const TypeChain& types = shapes::directoryChain("ActiveSyncDeviceClass");
    Listing listing(call, {"DeviceType", "DeviceModel"}, {"DeviceType", "DeviceModel", "Name"});
    if (listing.failure())
        return listing.failure();
    std::set<std::pair<std::string, std::string>> classes;
    for (std::uint32_t i = 0; i < call.estate().phoneCount() && !call.sink().stopped(); ++i) {
        const PhoneFacts facts = call.estate().phone(i).facts;
        classes.emplace(facts.type, facts.model);
    }
    const std::int64_t born = call.estate().people().options().referenceMs;
    for (const auto& [type, model] : classes) {
        const std::string name = type + "\u00a7" + model;
        if (const std::string identity = call.text("Identity"); !identity.empty() && identity != name)
            continue;
        auto object = shapes::directoryObject(types, name);
        shapes::add(*object, "DeviceType", type);
        shapes::add(*object, "DeviceModel", model);
        shapes::add(*object, "LastUpdateTime", shapes::time(born));
        shapes::appendTail(*object,
            {{name,
                 "CN=" + escapedForDn(name) + ",CN=ExchangeDeviceClasses,"
                     + std::string(shapes::organizationDn),
                 shapes::namedGuid(name), name, "ExchangeDeviceClasses"},
                name, "ms-Exch-Active-Sync-Device-Class", {"top", "msExchActiveSyncDeviceClass"}, born,
                born});
        if (!listing.offer(object))
            break;
    }
    listing.finish();
    return {};
}

} // namespace postern::lab
