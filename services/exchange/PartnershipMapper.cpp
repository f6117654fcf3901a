#include "services/exchange/PartnershipMapper.h"

#include "services/exchange/DeviceIdentity.h"
#include "services/exchange/ExchangeText.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

// Made once: a PropertyName takes a lock.
struct Properties
{
    Names identity = namesOf({u"Identity"});
    Names distinguishedName = namesOf({u"DistinguishedName"});
    Names owner = namesOf({u"UserDisplayName"});
    Names name = namesOf({u"Name"});
    Names guid = namesOf({u"Guid"});
    Names deviceId = namesOf({u"DeviceId", u"DeviceID"});
    Names type = namesOf({u"DeviceType"});
    Names model = namesOf({u"DeviceModel"});
    Names friendlyName = namesOf({u"FriendlyName", u"DeviceFriendlyName"});
    Names os = namesOf({u"DeviceOS"});
    Names userAgent = namesOf({u"DeviceUserAgent"});
    Names clientType = namesOf({u"ClientType"});
    Names clientVersion = namesOf({u"ClientVersion", u"DeviceActiveSyncVersion"});
    Names imei = namesOf({u"DeviceImei"});
    Names phone = namesOf({u"DeviceTelephoneNumber", u"DevicePhoneNumber"});
    Names mobileOperator = namesOf({u"DeviceMobileOperator"});
    Names firstSync = namesOf({u"FirstSyncTime"});
    Names state = namesOf({u"DeviceAccessState"});
    Names reason = namesOf({u"DeviceAccessStateReason"});
    Names rule = namesOf({u"DeviceAccessControlRule"});
    Names changed = namesOf({u"WhenChangedUTC", u"WhenChanged"});
};

const Properties& properties()
{
    static const Properties made;
    return made;
}

} // namespace

ClientType clientTypeFromExchange(QStringView text)
{
    static constexpr EnumEntry<ClientType> aliases[] = {
        {ClientType::Eas, u"EAS"},
        {ClientType::OwaForDevices, u"MOWA"},
        {ClientType::RestApi, u"REST"},
        {ClientType::Outlook, u"OutlookMobile"},
    };
    if (text.isEmpty())
        return ClientType::Eas; // Exchange 2010 knows no other and has no such property
    for (const auto& alias : aliases) {
        if (alias.text.compare(text, Qt::CaseInsensitive) == 0)
            return alias.value;
    }
    return enumFromText<ClientType>(text).value_or(ClientType::Other);
}

std::optional<Partnership> PartnershipMapper::map(
    const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems)
{
    const Properties& p = properties();
    m_row.begin(bag, problems);
    Partnership partnership;
    if (!mapIdentity(partnership))
        return std::nullopt;
    partnership.guid = m_row.guid(p.guid);
    partnership.deviceType = m_row.shared(p.type);
    partnership.deviceModel = m_row.shared(p.model);
    partnership.friendlyName = m_row.shared(p.friendlyName);
    partnership.deviceOS = m_row.shared(p.os);
    partnership.userAgent = m_row.shared(p.userAgent);
    partnership.clientTypeText = m_row.shared(p.clientType);
    partnership.clientType = clientTypeFromExchange(partnership.clientTypeText);
    partnership.clientVersion = m_row.shared(p.clientVersion);
    partnership.imei = m_row.text(p.imei);
    partnership.phoneNumber = m_row.text(p.phone);
    partnership.mobileOperator = m_row.shared(p.mobileOperator);
    partnership.firstSyncTime = m_row.time(p.firstSync);
    partnership.whenChanged = m_row.time(p.changed);
    mapAccess(partnership);
    return partnership;
}

// The key: whose phone, and which.
bool PartnershipMapper::mapIdentity(Partnership& partnership)
{
    const Properties& p = properties();
    partnership.deviceIdentity = m_row.text(p.identity);
    m_row.name(partnership.deviceIdentity);
    DeviceIdentity cut = cutDeviceIdentity(partnership.deviceIdentity);
    if (!cut.isValid()) {
        const QString dn = m_row.text(p.distinguishedName);
        cut = cutDeviceIdentity(dn);
        if (partnership.deviceIdentity.isEmpty()) {
            partnership.deviceIdentity = dn;
            m_row.name(dn);
        }
    }
    partnership.ownerIdentity = cut.isValid() ? cut.owner : m_row.text(p.owner);
    QString deviceId = m_row.text(p.deviceId);
    if (deviceId.isEmpty())
        deviceId = deviceIdOfName(cut.isValid() ? cut.name : m_row.text(p.name)).toString();
    partnership.easDeviceId = EasDeviceId(deviceId);
    if (partnership.easDeviceId.isEmpty())
        m_row.problem(u"DeviceId is missing"_s);
    else if (partnership.ownerIdentity.isEmpty())
        m_row.problem(u"Identity names no owner"_s);
    else if (partnership.deviceIdentity.isEmpty())
        m_row.problem(u"Identity is missing"_s);
    else
        return true;
    return false;
}

void PartnershipMapper::mapAccess(Partnership& partnership)
{
    const Properties& p = properties();
    partnership.accessState = accessStateFromExchange(m_row.shared(p.state));
    partnership.accessStateReasonText = m_row.shared(p.reason);
    partnership.accessStateReason = accessStateReasonFromExchange(partnership.accessStateReasonText);
    partnership.accessControlRule = m_row.shared(p.rule);
}

} // namespace postern::exchange
