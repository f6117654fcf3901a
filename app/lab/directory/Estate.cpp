#include "app/lab/directory/Estate.h"

#include <algorithm>
#include <chrono>
#include <mutex>

#include "app/lab/population/Dice.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

constexpr std::int64_t minuteMs = 60000, dayMs = 86400000;
constexpr size_t journalLength = 500;
constexpr std::int64_t discoveryMs = 14 * minuteMs;

std::int64_t realNowMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace

Estate::Estate(PopulationOptions options)
    : m_people(options)
    , m_startedRealMs(realNowMs())
    , m_startedMs(options.referenceMs)
{
    makeDefaults();
    m_states.reserve(m_people.phoneCount());
    for (std::uint32_t i = 0; i < m_people.phoneCount(); ++i)
        m_states.push_back(generatedState(m_people.phone(i)));
}

std::int64_t Estate::nowMs() const
{
    const double elapsed = double(realNowMs() - m_startedRealMs) * m_timeScale.load();
    return m_startedMs + std::int64_t(elapsed);
}

void Estate::setTimeScale(double scale)
{
    m_timeScale.store(scale);
}

void Estate::setNow(std::int64_t ms)
{
    m_startedMs = ms;
}

PhoneFacts Estate::facts(std::uint32_t phone) const
{
    return phone < m_people.phoneCount() ? m_people.phone(phone) : m_adopted[phone - m_people.phoneCount()];
}

std::uint32_t Estate::phoneCount() const
{
    const std::shared_lock lock(m_mutex);
    return std::uint32_t(m_states.size());
}

Phone Estate::phone(std::uint32_t index) const
{
    const std::shared_lock lock(m_mutex);
    return {facts(index), m_states[index]};
}

std::vector<std::uint32_t> Estate::phonesOf(std::uint32_t user) const
{
    const std::shared_lock lock(m_mutex);
    std::vector<std::uint32_t> out;
    const std::uint32_t first = m_people.firstPhoneOf(user);
    for (std::uint32_t i = first; i < first + m_people.phoneCountOf(user); ++i) {
        if (!m_states[i].removed)
            out.push_back(i);
    }
    for (const PhoneFacts& adopted : m_adopted) {
        if (adopted.owner == user && !m_states[adopted.index].removed)
            out.push_back(adopted.index);
    }
    return out;
}

std::vector<std::uint32_t> Estate::phonesWithId(std::string_view deviceId) const
{
    std::vector<std::uint32_t> out = m_people.phonesWithId(deviceId);
    const std::shared_lock lock(m_mutex);
    for (const PhoneFacts& adopted : m_adopted) {
        if (equalsIgnoreCase(adopted.deviceId, deviceId))
            out.push_back(adopted.index);
    }
    std::erase_if(out, [this](std::uint32_t p) { return m_states[p].removed; });
    return out;
}

// Guid, canonical name (`…/User/ExchangeActiveSyncDevices/Name`), `User\ExchangeActiveSyncDevices\Name`, DN,
// Name or id.
std::vector<std::uint32_t> Estate::phonesNamed(std::string_view identity) const
{
    if (const auto guid = Guid::parse(identity)) {
        std::vector<std::uint32_t> out = m_people.phonesWithGuid(*guid);
        const std::shared_lock lock(m_mutex);
        for (const PhoneFacts& adopted : m_adopted) {
            if (adopted.guid == *guid)
                out.push_back(adopted.index);
        }
        std::erase_if(out, [this](std::uint32_t p) { return m_states[p].removed; });
        return out;
    }
    std::string owner, name(identity);
    for (const std::string_view infix : {"/ExchangeActiveSyncDevices/", "\\ExchangeActiveSyncDevices\\"}) {
        if (const auto at = identity.find(infix); at != std::string_view::npos) {
            owner = identity.substr(0, at);
            name = identity.substr(at + infix.size());
        }
    }
    if (const auto at = identity.find(",CN=ExchangeActiveSyncDevices,");
        startsWithIgnoreCase(identity, "CN=") && at != std::string_view::npos) {
        owner = identity.substr(at + 30);
        name = identity.substr(3, at - 3);
    }
    const auto mark = name.rfind("\u00a7");
    const std::string id = mark == std::string::npos ? name : name.substr(mark + 2);
    std::vector<std::uint32_t> out = phonesWithId(id);
    const std::vector<std::uint32_t> owners
        = owner.empty() ? std::vector<std::uint32_t>{} : m_people.usersNamed(owner);
    std::erase_if(out, [&](std::uint32_t p) {
        const Phone candidate = phone(p);
        if (!owner.empty() && std::find(owners.begin(), owners.end(), candidate.facts.owner) == owners.end())
            return true;
        return mark != std::string::npos && caseFolded(candidate.facts.name()) != caseFolded(name);
    });
    return out;
}

std::vector<std::uint32_t> Estate::phonesChangedSince(std::int64_t ms) const
{
    const std::shared_lock lock(m_mutex);
    std::vector<std::uint32_t> out;
    for (std::uint32_t i = 0; i < m_states.size(); ++i) {
        if (m_states[i].changedMs >= ms) // never before the first synchronisation
            out.push_back(i);
    }
    return out;
}

std::vector<std::uint32_t> Estate::usersChangedSince(std::int64_t ms) const
{
    const std::unique_lock lock(m_mutex);
    for (auto user = std::uint32_t(m_generatedChanges.size()); user < m_people.userCount(); ++user)
        m_generatedChanges.push_back(generatedCas(user).changedMs);
    std::vector<std::uint32_t> out;
    for (std::uint32_t user = 0; user < m_people.userCount(); ++user) {
        const auto changed = m_cas.find(user);
        if ((changed == m_cas.end() ? m_generatedChanges[user] : changed->second.changedMs) >= ms)
            out.push_back(user);
    }
    return out;
}

CasSettings Estate::generatedCas(std::uint32_t user) const
{
    CasSettings cas;
    Dice dice(m_people.options().seed, 40, user);
    cas.easEnabled = !dice.oneIn(33);
    cas.owaForDevices = !dice.oneIn(20);
    cas.suppressReadReceipt = dice.oneIn(50);
    const Person person = m_people.person(user);
    if (person.department == "Executive Board")
        cas.policy = "Executives";
    else if (dice.oneIn(25))
        cas.policy = "Kiosk";
    cas.changedMs = person.createdMs + std::int64_t(dice.below(300)) * dayMs;
    const std::uint32_t first = m_people.firstPhoneOf(user);
    for (std::uint32_t i = first; i < first + m_people.phoneCountOf(user); ++i) {
        const std::uint64_t roll = dice.below(100);
        if (roll < 7)
            cas.allowedIds.push_back(m_people.phone(i).deviceId);
        else if (roll < 12)
            cas.blockedIds.push_back(m_people.phone(i).deviceId);
        else if (roll == 12) { // in both: blocked wins
            cas.allowedIds.push_back(m_people.phone(i).deviceId);
            cas.blockedIds.push_back(m_people.phone(i).deviceId);
        }
    }
    if (dice.oneIn(40)) // an id of a phone that is gone
        cas.allowedIds.push_back("Appl" + dice.characters(12, "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"));
    return cas;
}

CasSettings Estate::casUnlocked(std::uint32_t user) const
{
    const auto changed = m_cas.find(user);
    return changed != m_cas.end() ? changed->second : generatedCas(user);
}

CasSettings Estate::cas(std::uint32_t user) const
{
    const std::shared_lock lock(m_mutex);
    return casUnlocked(user);
}

OrganizationSettings Estate::settings() const
{
    const std::shared_lock lock(m_mutex);
    return m_settings;
}

std::vector<AccessRule> Estate::rules() const
{
    const std::shared_lock lock(m_mutex);
    return m_rules;
}

std::vector<MailboxPolicyRecord> Estate::policies() const
{
    const std::shared_lock lock(m_mutex);
    return m_policies;
}

const MailboxPolicyRecord& Estate::policyUnlocked(std::uint32_t user) const
{
    const std::string name = casUnlocked(user).policy;
    const MailboxPolicyRecord* fallback = &m_policies.front();
    for (const MailboxPolicyRecord& policy : m_policies) {
        if (!name.empty() && equalsIgnoreCase(policy.name, name))
            return policy;
        if (policy.isDefault)
            fallback = &policy;
    }
    return *fallback;
}

MailboxPolicyRecord Estate::policyOf(std::uint32_t user) const
{
    const std::shared_lock lock(m_mutex);
    return policyUnlocked(user);
}

std::string Estate::requestor(std::uint32_t number) const
{
    const std::shared_lock lock(m_mutex);
    return number < m_requestors.size() ? m_requestors[number] : std::string{};
}

std::vector<JournalEntry> Estate::journal() const
{
    const std::shared_lock lock(m_mutex);
    return m_journal;
}

AccessAnswer Estate::decide(std::uint32_t phone, const PhoneFacts& facts) const
{
    const CasSettings cas = casUnlocked(facts.owner);
    AccessQuestion question;
    question.easEnabled = cas.easEnabled;
    question.policyMet
        = facts.provisionable || policyUnlocked(facts.owner).flag("AllowNonProvisionableDevices");
    question.newDevice = phone < m_states.size() && m_states[phone].access == Access::DeviceDiscovery
        && nowMs() - facts.firstSyncMs < discoveryMs;
    question.deviceId = facts.deviceId;
    question.type = facts.type;
    question.model = facts.model;
    question.os = facts.os;
    question.userAgent = facts.userAgent;
    question.blockedIds = &cas.blockedIds;
    question.allowedIds = &cas.allowedIds;
    question.rules = &m_rules;
    question.defaultLevel = m_settings.defaultLevel;
    return decideAccess(question);
}

AccessAnswer Estate::truth(std::uint32_t phone) const
{
    const std::shared_lock lock(m_mutex);
    return decide(phone, facts(phone));
}

void Estate::runWipe(PhoneState& state, std::int64_t now)
{
    if (state.wipe == Wipe::Pending) {
        state.wipe = Wipe::Sent;
        state.wipeSentMs = now;
    } else if (state.wipe == Wipe::Sent) {
        state.wipe = Wipe::Acknowledged;
        state.wipeAckedMs = now;
    }
}

AccessAnswer Estate::connect(std::uint32_t phone)
{
    const std::unique_lock lock(m_mutex);
    const PhoneFacts known = facts(phone);
    const AccessAnswer answer = decide(phone, known);
    PhoneState& state = m_states[phone];
    const std::int64_t now = nowMs();
    if (answer.refused || state.removed)
        return answer;
    state.lastAttemptMs = now;
    if (state.access != answer.access || state.reason != answer.reason
        || state.rule != answer.rule.value_or(0))
        state.changedMs = now;
    state.access = answer.access;
    state.reason = answer.reason;
    state.rule = answer.rule.value_or(0);
    if (answer.access == Access::Allowed) {
        if (known.client == PhoneClient::Eas)
            state.lastSuccessMs = now;
        if (known.provisionable)
            state.policyMs = now;
    }
    if (answer.access != Access::Blocked) // a blocked phone never gets its wipe
        runWipe(state, now);
    m_changedPhones[phone] = true;
    m_revision.fetch_add(1);
    return answer;
}

} // namespace postern::lab
