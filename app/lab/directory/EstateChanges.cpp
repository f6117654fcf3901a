// What cmdlets write. Part of Estate, apart from the reading side to keep both readable.
#include <algorithm>
#include <mutex>

#include "app/lab/directory/Estate.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr size_t journalLength = 500;

} // namespace

void Estate::wrote(const std::string& account, std::string what, std::string target)
{
    if (m_journal.size() >= journalLength)
        m_journal.erase(m_journal.begin());
    m_journal.push_back({nowMs(), account, std::move(what), std::move(target)});
    m_revision.fetch_add(1);
}

void Estate::changeCas(
    std::uint32_t user, const std::function<void(CasSettings&)>& change, const std::string& account)
{
    const std::unique_lock lock(m_mutex);
    CasSettings cas = casUnlocked(user);
    change(cas);
    cas.changedMs = nowMs();
    m_cas[user] = std::move(cas);
    wrote(account, "Set-CASMailbox", m_people.person(user).canonical());
}

void Estate::changeSettings(
    const std::function<void(OrganizationSettings&)>& change, const std::string& account)
{
    const std::unique_lock lock(m_mutex);
    change(m_settings);
    m_settings.changedMs = nowMs();
    wrote(account, "Set-ActiveSyncOrganizationSettings", "Mobile Mailbox Settings");
}

std::uint32_t Estate::addRule(AccessRule rule, const std::string& account)
{
    const std::unique_lock lock(m_mutex);
    rule.number = m_nextRule++;
    rule.createdMs = rule.changedMs = nowMs();
    m_rules.push_back(rule);
    m_rulesChanged = true;
    wrote(account, "New-ActiveSyncDeviceAccessRule", rule.name());
    return rule.number;
}

bool Estate::changeRule(std::uint32_t number, Level level, const std::string& account)
{
    const std::unique_lock lock(m_mutex);
    const auto at = std::find_if(
        m_rules.begin(), m_rules.end(), [&](const AccessRule& r) { return r.number == number; });
    if (at == m_rules.end())
        return false;
    at->level = level;
    at->changedMs = nowMs();
    m_rulesChanged = true;
    wrote(account, "Set-ActiveSyncDeviceAccessRule", at->name());
    return true;
}

bool Estate::removeRule(std::uint32_t number, const std::string& account)
{
    const std::unique_lock lock(m_mutex);
    const auto at = std::find_if(
        m_rules.begin(), m_rules.end(), [&](const AccessRule& r) { return r.number == number; });
    if (at == m_rules.end())
        return false;
    const std::string name = at->name();
    m_rules.erase(at);
    m_rulesChanged = true;
    wrote(account, "Remove-ActiveSyncDeviceAccessRule", name);
    return true;
}

bool Estate::addPolicy(MailboxPolicyRecord policy, const std::string& account)
{
    const std::unique_lock lock(m_mutex);
    for (MailboxPolicyRecord& existing : m_policies) {
        if (equalsIgnoreCase(existing.name, policy.name))
            return false;
    }
    if (policy.isDefault) {
        for (MailboxPolicyRecord& existing : m_policies)
            existing.isDefault = false;
    }
    policy.createdMs = policy.changedMs = nowMs();
    policy.guid = Guid::random();
    m_policies.push_back(policy);
    m_policiesChanged = true;
    wrote(account, "New-MobileDeviceMailboxPolicy", policy.name);
    return true;
}

bool Estate::changePolicy(const std::string& name, const std::function<void(MailboxPolicyRecord&)>& change,
    const std::string& account)
{
    const std::unique_lock lock(m_mutex);
    const auto at = std::find_if(m_policies.begin(), m_policies.end(),
        [&](const MailboxPolicyRecord& p) { return equalsIgnoreCase(p.name, name); });
    if (at == m_policies.end())
        return false;
    const bool wasDefault = at->isDefault;
    change(*at);
    at->changedMs = nowMs();
    if (at->isDefault && !wasDefault) {
        for (MailboxPolicyRecord& other : m_policies)
            other.isDefault = &other == &*at;
    }
    m_policiesChanged = true;
    wrote(account, "Set-MobileDeviceMailboxPolicy", at->name);
    return true;
}

bool Estate::removePolicy(const std::string& name, const std::string& account)
{
    const std::unique_lock lock(m_mutex);
    const auto at = std::find_if(m_policies.begin(), m_policies.end(),
        [&](const MailboxPolicyRecord& p) { return equalsIgnoreCase(p.name, name); });
    if (at == m_policies.end() || at->isDefault)
        return false;
    const std::string removed = at->name;
    m_policies.erase(at);
    m_policiesChanged = true;
    wrote(account, "Remove-MobileDeviceMailboxPolicy", removed);
    return true;
}

void Estate::requestWipe(std::uint32_t phone, bool accountOnly, bool cancel, const std::string& account)
{
    const std::unique_lock lock(m_mutex);
    PhoneState& state = m_states[phone];
    state.changedMs = nowMs();
    m_changedPhones[phone] = true;
    if (cancel) {
        state.wipe = Wipe::None;
        state.wipeRequestedMs = state.wipeSentMs = state.wipeAckedMs = 0;
        wrote(account, "Clear-MobileDevice -Cancel", facts(phone).name());
        return;
    }
    state.wipe = Wipe::Pending;
    state.accountOnly = accountOnly;
    state.wipeRequestedMs = nowMs();
    state.wipeSentMs = state.wipeAckedMs = 0;
    const auto known = std::find(m_requestors.begin(), m_requestors.end(), account);
    state.requestor = std::uint32_t(known - m_requestors.begin());
    if (known == m_requestors.end())
        m_requestors.push_back(account);
    wrote(
        account, accountOnly ? "Clear-MobileDevice -AccountOnly" : "Clear-MobileDevice", facts(phone).name());
}

void Estate::removePhone(std::uint32_t phone, const std::string& account)
{
    const std::unique_lock lock(m_mutex);
    m_states[phone].removed = true;
    m_changedPhones[phone] = true;
    wrote(account, "Remove-MobileDevice", facts(phone).name());
}

std::uint32_t Estate::adopt(const Contact& contact)
{
    const std::unique_lock lock(m_mutex);
    PhoneFacts facts;
    facts.index = std::uint32_t(m_states.size());
    facts.owner = contact.user;
    facts.deviceId = contact.deviceId;
    facts.type = contact.type;
    facts.model = contact.model;
    facts.os = contact.os;
    facts.userAgent = contact.userAgent;
    facts.friendlyName = contact.friendlyName;
    facts.osLanguage = "en-US";
    facts.protocol = "16.1";
    facts.guid = Guid::random();
    facts.firstSyncMs = nowMs();
    PhoneState state;
    state.access = Access::DeviceDiscovery;
    state.reason = Reason::Global;
    state.changedMs = state.lastAttemptMs = nowMs();
    m_adopted.push_back(facts);
    m_states.push_back(state);
    m_changedPhones[facts.index] = true;
    m_revision.fetch_add(1);
    return facts.index;
}

} // namespace postern::lab
