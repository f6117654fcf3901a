// What the organisation is born with: settings, rules, policies, and the state each phone was left in.
#include "app/lab/directory/Estate.h"
#include "app/lab/population/Dice.h"

namespace postern::lab {

namespace {

constexpr std::int64_t minuteMs = 60000, hourMs = 3600000, dayMs = 86400000;

std::map<std::string, std::string> policySettings(bool strict)
{
    const char* require = strict ? "true" : "false";
    return {{"AllowApplePushNotifications", "true"}, {"AllowBluetooth", "Allow"}, {"AllowBrowser", "true"},
        {"AllowCamera", strict ? "false" : "true"}, {"AllowConsumerEmail", "true"},
        {"AllowDesktopSync", "true"}, {"AllowExternalDeviceManagement", "false"},
        {"AllowGooglePushNotifications", "true"}, {"AllowHTMLEmail", "true"},
        {"AllowInternetSharing", "true"}, {"AllowIrDA", "true"}, {"AllowMicrosoftPushNotifications", "true"},
        {"AllowMobileOTAUpdate", "true"}, {"AllowNonProvisionableDevices", strict ? "false" : "true"},
        {"AllowPOPIMAPEmail", "true"}, {"AllowRemoteDesktop", "true"},
        {"AllowSimplePassword", strict ? "false" : "true"},
        {"AllowSMIMEEncryptionAlgorithmNegotiation", "AllowAnyAlgorithmNegotiation"},
        {"AllowSMIMESoftCerts", "true"}, {"AllowStorageCard", "true"}, {"AllowTextMessaging", "true"},
        {"AllowUnsignedApplications", "true"}, {"AllowUnsignedInstallationPackages", "true"},
        {"AllowWiFi", "true"}, {"AlphanumericPasswordRequired", require}, {"ApprovedApplicationList", ""},
        {"AttachmentsEnabled", "true"}, {"DeviceEncryptionEnabled", require},
        {"DevicePolicyRefreshInterval", "Unlimited"}, {"IrmEnabled", "true"},
        {"MaxAttachmentSize", "Unlimited"}, {"MaxCalendarAgeFilter", "All"}, {"MaxEmailAgeFilter", "All"},
        {"MaxEmailBodyTruncationSize", "Unlimited"}, {"MaxEmailHTMLBodyTruncationSize", "Unlimited"},
        {"MaxInactivityTimeLock", strict ? "00:05:00" : "Unlimited"},
        {"MaxPasswordFailedAttempts", strict ? "8" : "Unlimited"}, {"MinPasswordComplexCharacters", "1"},
        {"MinPasswordLength", strict ? "6" : ""}, {"MobileOTAUpdateMode", "MinorVersionUpdates"},
        {"PasswordEnabled", require}, {"PasswordExpiration", "Unlimited"},
        {"PasswordHistory", strict ? "5" : "0"}, {"PasswordRecoveryEnabled", "false"},
        {"RequireDeviceEncryption", require}, {"RequireEncryptedSMIMEMessages", "false"},
        {"RequireEncryptionSMIMEAlgorithm", "TripleDES"}, {"RequireManualSyncWhenRoaming", "false"},
        {"RequireSignedSMIMEAlgorithm", "SHA1"}, {"RequireSignedSMIMEMessages", "false"},
        {"RequireStorageCardEncryption", require}, {"UnapprovedInROMApplicationList", ""},
        {"UNCAccessEnabled", "true"}, {"WSSAccessEnabled", "true"}};
}

} // namespace

void Estate::makeDefaults()
{
    const std::int64_t born = m_people.options().referenceMs - 1100 * dayMs;
    Dice dice(m_people.options().seed, 41, 0);
    const auto policy = [&](const char* name, bool isDefault, bool strict) {
        m_policies.push_back({name, isDefault, Guid::fromNumbers(dice.next(), dice.next()), born, born,
            policySettings(strict)});
    };
    policy("Default", true, false);
    policy("Executives", false, true);
    policy("Kiosk", false, false);
    m_policies[2].settings["PasswordEnabled"] = "true";
    m_policies[2].settings["MinPasswordLength"] = "4";
    const auto rule = [&](const char* query, Characteristic characteristic, Level level) {
        m_rules.push_back({m_nextRule++, query, characteristic, level, born, born});
    };
    rule("SM-G950F", Characteristic::DeviceModel, Level::Block);
    rule("WindowsMail", Characteristic::DeviceType, Level::Quarantine);
    rule("iOS 12.5.7 16H81", Characteristic::DeviceOS, Level::Quarantine);
    rule("Android/4.4-EAS-1.3", Characteristic::UserAgent, Level::Block);
    rule("Outlook", Characteristic::DeviceType, Level::Allow);
    rule("iPhone6C2", Characteristic::DeviceModel, Level::Block); // with the OS rule: block beats quarantine
    m_settings.defaultLevel = Level::Allow;
    m_settings.userMailInsert = "Your phone is being checked. See https://it.contoso.lab/phones.";
    m_settings.adminMailRecipients = {"mobile.admins@contoso.lab"};
    m_settings.changedMs = born;
}

PhoneState Estate::generatedState(const PhoneFacts& facts) const
{
    const std::int64_t now = m_people.options().referenceMs;
    Dice dice(m_people.options().seed, 42, facts.index);
    PhoneState state;
    const AccessAnswer answer = decide(UINT32_MAX, facts);
    state.access = answer.access;
    state.reason = answer.reason;
    state.rule = answer.rule.value_or(0);
    const std::int64_t idle = dice.percent(80) ? std::int64_t(dice.below(24 * 60)) * minuteMs
                                               : std::int64_t(dice.below(200)) * dayMs;
    state.lastAttemptMs = std::max(facts.firstSyncMs, now - idle);
    state.lastSuccessMs = state.lastAttemptMs;
    state.policyMs = facts.provisionable
        ? std::max(facts.firstSyncMs, state.lastAttemptMs - std::int64_t(dice.below(60)) * dayMs)
        : 0;
    state.changedMs = std::max(facts.firstSyncMs,
        now - std::int64_t(dice.below(500)) * dayMs - std::int64_t(dice.below(86400)) * 1000);
    if (state.access == Access::Blocked || state.access == Access::Quarantined)
        state.lastSuccessMs
            = dice.percent(50) ? std::max(facts.firstSyncMs, state.lastAttemptMs - 30 * dayMs) : 0;
    if (answer.refused && dice.percent(60)) { // EAS was switched off after the phone had been let in
        state.access = Access::Allowed;
        state.reason = Reason::Global;
    }
    unsettle(state, dice, std::max(facts.firstSyncMs, now - 45 * dayMs));
    if (facts.client != PhoneClient::Eas) // REP-07: Outlook mobile has no EAS sync times
        state.lastSuccessMs = state.lastAttemptMs = 0;
    return state;
}

// A few phones whose stored state is not what they would get today, and wipes in every stage.
void Estate::unsettle(PhoneState& state, Dice& dice, std::int64_t longAgoMs)
{
    const std::uint64_t roll = dice.below(1000);
    const auto left = [&](Access access, Reason reason) {
        state.access = access;
        state.reason = reason;
        state.rule = 0;
    };
    if (roll < 12) { // has not told yet what it is
        left(Access::DeviceDiscovery, Reason::Global);
        state.lastSuccessMs = 0;
    } else if (roll < 24) { // decided under an older default level and not seen since
        left(Access::Quarantined, Reason::Global);
        state.lastAttemptMs = longAgoMs;
        state.lastSuccessMs = 0;
    } else if (roll < 30) {
        left(Access::Quarantined, Reason::Upgrade);
    } else if (roll < 34) {
        left(Access::Unknown, Reason::Unknown);
    }
    if (dice.below(1000) < 8) {
        state.wipe = Wipe::Pending;
        state.wipeRequestedMs = state.lastAttemptMs + hourMs;
    } else if (dice.below(1000) < 4) {
        state.wipe = Wipe::Acknowledged;
        state.wipeRequestedMs = state.lastAttemptMs - 3 * hourMs;
        state.wipeSentMs = state.lastAttemptMs - hourMs;
        state.wipeAckedMs = state.lastAttemptMs;
    }
}

} // namespace postern::lab
