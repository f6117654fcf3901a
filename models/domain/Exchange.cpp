#include "models/domain/Exchange.h"

namespace postern {

std::span<const EnumEntry<AccessState>> EnumTable<AccessState>::entries()
{
    static constexpr EnumEntry<AccessState> table[] = {
        {AccessState::NotSeen, u""},
        {AccessState::Allowed, u"Allowed"},
        {AccessState::Unknown, u"Unknown"},
        {AccessState::Quarantined, u"Quarantined"},
        {AccessState::Blocked, u"Blocked"},
    };
    return table;
}

std::span<const EnumEntry<AccessStateReason>> EnumTable<AccessStateReason>::entries()
{
    static constexpr EnumEntry<AccessStateReason> table[] = {
        {AccessStateReason::None, u"none"},
        {AccessStateReason::Unknown, u"unknown"},
        {AccessStateReason::ExchangeGlobalRule, u"exchangeGlobalRule"},
        {AccessStateReason::ExchangeIndividualRule, u"exchangeIndividualRule"},
        {AccessStateReason::ExchangeDeviceRule, u"exchangeDeviceRule"},
        {AccessStateReason::ExchangeUpgrade, u"exchangeUpgrade"},
        {AccessStateReason::ExchangeMailboxPolicy, u"exchangeMailboxPolicy"},
        {AccessStateReason::Other, u"other"},
        {AccessStateReason::Compliant, u"compliant"},
        {AccessStateReason::NotCompliant, u"notCompliant"},
        {AccessStateReason::NotEnrolled, u"notEnrolled"},
        {AccessStateReason::UnknownLocation, u"unknownLocation"},
        {AccessStateReason::MfaRequired, u"mfaRequired"},
        {AccessStateReason::AzureAdBlockDueToAccessPolicy, u"azureADBlockDueToAccessPolicy"},
        {AccessStateReason::CompromisedPassword, u"compromisedPassword"},
        {AccessStateReason::DeviceNotKnownWithManagedApp, u"deviceNotKnownWithManagedApp"},
    };
    return table;
}

std::span<const EnumEntry<ClientType>> EnumTable<ClientType>::entries()
{
    static constexpr EnumEntry<ClientType> table[] = {
        {ClientType::Eas, u"EAS"},
        {ClientType::Outlook, u"Outlook"},
        {ClientType::RestApi, u"RestApi"},
        {ClientType::OwaForDevices, u"OWAforDevices"},
        {ClientType::UniversalOutlook, u"UniversalOutlook"},
        {ClientType::Other, u"Other"},
    };
    return table;
}

std::span<const EnumEntry<AccessLevel>> EnumTable<AccessLevel>::entries()
{
    static constexpr EnumEntry<AccessLevel> table[] = {
        {AccessLevel::Allow, u"Allow"},
        {AccessLevel::Block, u"Block"},
        {AccessLevel::Quarantine, u"Quarantine"},
    };
    return table;
}

std::span<const EnumEntry<AccessRuleCharacteristic>> EnumTable<AccessRuleCharacteristic>::entries()
{
    static constexpr EnumEntry<AccessRuleCharacteristic> table[] = {
        {AccessRuleCharacteristic::DeviceType, u"DeviceType"},
        {AccessRuleCharacteristic::DeviceModel, u"DeviceModel"},
        {AccessRuleCharacteristic::DeviceOS, u"DeviceOS"},
        {AccessRuleCharacteristic::UserAgent, u"UserAgent"},
        {AccessRuleCharacteristic::XmsWlHeader, u"XMSWLHeader"},
    };
    return table;
}

std::span<const EnumEntry<WipeStatus>> EnumTable<WipeStatus>::entries()
{
    static constexpr EnumEntry<WipeStatus> table[] = {
        {WipeStatus::None, u"None"},
        {WipeStatus::Pending, u"Pending"},
        {WipeStatus::Sent, u"Sent"},
        {WipeStatus::Acknowledged, u"Acknowledged"},
        {WipeStatus::Cancelled, u"Cancelled"},
        {WipeStatus::Failed, u"Failed"},
    };
    return table;
}

std::span<const EnumEntry<CheckResult::Outcome>> EnumTable<CheckResult::Outcome>::entries()
{
    static constexpr EnumEntry<CheckResult::Outcome> table[] = {
        {CheckResult::Outcome::Pass, u"Pass"},
        {CheckResult::Outcome::Warning, u"Warning"},
        {CheckResult::Outcome::Fail, u"Fail"},
        {CheckResult::Outcome::NotApplicable, u"NotApplicable"},
    };
    return table;
}

AccessState accessStateFromExchange(QStringView text)
{
    // The empty text would read as NotSeen: an object that Exchange lists has been seen.
    return text.isEmpty() ? AccessState::Unknown
                          : enumFromText<AccessState>(text).value_or(AccessState::Unknown);
}

AccessStateReason accessStateReasonFromExchange(QStringView text)
{
    static constexpr EnumEntry<AccessStateReason> table[] = {
        {AccessStateReason::ExchangeGlobalRule, u"Global"},
        {AccessStateReason::ExchangeIndividualRule, u"Individual"},
        {AccessStateReason::ExchangeDeviceRule, u"DeviceRule"},
        {AccessStateReason::ExchangeUpgrade, u"Upgrade"},
        {AccessStateReason::ExchangeMailboxPolicy, u"Policy"},
        {AccessStateReason::Unknown, u"Unknown"},
    };
    if (text.isEmpty())
        return AccessStateReason::None;
    for (const auto& entry : table) {
        if (entry.text.compare(text, Qt::CaseInsensitive) == 0)
            return entry.value;
    }
    return AccessStateReason::Other;
}

} // namespace postern
