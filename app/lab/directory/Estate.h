// The lab's Exchange organisation: the population plus everything that cmdlets and phones change. Any thread:
// readers share, writers exclude; nothing is handed out by reference. Errors: a lookup that finds nothing is
// an empty list.
#pragma once

#include <atomic>
#include <functional>
#include <shared_mutex>
#include <unordered_map>

#include "app/lab/directory/Records.h"
#include "app/lab/population/Population.h"
#include "models/base/Error.h"

class QJsonObject;

namespace postern::lab {

class Dice;

struct JournalEntry
{
    std::int64_t timeMs = 0;
    std::string account, what, target;
};

struct Contact // a phone that connects
{
    std::uint32_t user = 0;
    std::string deviceId, type, model, os, userAgent, friendlyName;
};

class Estate
{
public:
    explicit Estate(PopulationOptions options);

    [[nodiscard]] const Population& people() const { return m_people; }
    [[nodiscard]] std::uint32_t phoneCount() const;
    [[nodiscard]] Phone phone(std::uint32_t index) const;
    [[nodiscard]] std::vector<std::uint32_t> phonesOf(std::uint32_t user) const; // without removed ones
    [[nodiscard]] std::vector<std::uint32_t> phonesWithId(std::string_view deviceId) const;
    [[nodiscard]] std::vector<std::uint32_t> phonesNamed(
        std::string_view identity) const; // any form of identity
    // As a directory's index would find them, in their order.
    [[nodiscard]] std::vector<std::uint32_t> phonesChangedSince(std::int64_t ms) const;
    [[nodiscard]] std::vector<std::uint32_t> usersChangedSince(std::int64_t ms) const;
    [[nodiscard]] CasSettings cas(std::uint32_t user) const;
    [[nodiscard]] OrganizationSettings settings() const;
    [[nodiscard]] std::vector<AccessRule> rules() const;
    [[nodiscard]] std::vector<MailboxPolicyRecord> policies() const;
    [[nodiscard]] MailboxPolicyRecord policyOf(std::uint32_t user) const;
    [[nodiscard]] std::string requestor(std::uint32_t number) const;
    [[nodiscard]] std::vector<JournalEntry> journal() const;

    // Every change goes through one of these; `account` and a note go to the journal.
    void changeCas(
        std::uint32_t user, const std::function<void(CasSettings&)>& change, const std::string& account);
    void changeSettings(const std::function<void(OrganizationSettings&)>& change, const std::string& account);
    [[nodiscard]] std::uint32_t addRule(AccessRule rule, const std::string& account);
    bool changeRule(std::uint32_t number, Level level, const std::string& account);
    bool removeRule(std::uint32_t number, const std::string& account);
    bool addPolicy(MailboxPolicyRecord policy, const std::string& account);
    bool changePolicy(const std::string& name, const std::function<void(MailboxPolicyRecord&)>& change,
        const std::string& account);
    bool removePolicy(const std::string& name, const std::string& account);
    void requestWipe(std::uint32_t phone, bool accountOnly, bool cancel, const std::string& account);
    void removePhone(std::uint32_t phone, const std::string& account);

    // CAP-60 now, without storing anything.
    [[nodiscard]] AccessAnswer truth(std::uint32_t phone) const;
    // The phone connects: decides, stores the new state, runs a pending wipe. Times are lab time.
    AccessAnswer connect(std::uint32_t phone);
    // A device that nobody knows yet becomes a partnership in discovery.
    std::uint32_t adopt(const Contact& contact);

    [[nodiscard]] std::int64_t nowMs() const;
    void setTimeScale(double scale);
    void setNow(std::int64_t ms); // before anybody asks; without it the lab begins at the history's end
    [[nodiscard]] std::uint64_t revision() const { return m_revision.load(); } // grows with every change

    [[nodiscard]] std::string saved() const; // JSON of the changes, for --state
    [[nodiscard]] Expected<void> restore(const std::string& json);

private:
    [[nodiscard]] AccessAnswer decide(std::uint32_t phone, const PhoneFacts& facts) const;
    [[nodiscard]] CasSettings casUnlocked(std::uint32_t user) const;
    [[nodiscard]] CasSettings generatedCas(std::uint32_t user) const;
    [[nodiscard]] const MailboxPolicyRecord& policyUnlocked(std::uint32_t user) const;
    [[nodiscard]] PhoneFacts facts(std::uint32_t phone) const;
    [[nodiscard]] PhoneState generatedState(const PhoneFacts& facts) const;
    [[nodiscard]] Expected<void> restorePhones(const QJsonObject& root);
    [[nodiscard]] Expected<void> restoreOrganization(const QJsonObject& root);
    static void unsettle(PhoneState& state, Dice& dice, std::int64_t longAgoMs);
    void makeDefaults();
    void wrote(const std::string& account, std::string what, std::string target);
    void runWipe(PhoneState& state, std::int64_t now);

    Population m_people;
    mutable std::shared_mutex m_mutex;
    std::vector<PhoneState> m_states; // of generated phones, then of adopted ones
    std::vector<PhoneFacts> m_adopted;
    std::unordered_map<std::uint32_t, CasSettings> m_cas;
    mutable std::vector<std::int64_t> m_generatedChanges; // of mailboxes, once they are asked for
    std::unordered_map<std::uint32_t, bool> m_changedPhones;
    OrganizationSettings m_settings;
    std::vector<AccessRule> m_rules;
    std::vector<MailboxPolicyRecord> m_policies;
    std::vector<std::string> m_requestors{""};
    std::vector<JournalEntry> m_journal;
    std::uint32_t m_nextRule = 1;
    bool m_rulesChanged = false, m_policiesChanged = false;
    std::atomic<double> m_timeScale{1.0};
    std::int64_t m_startedRealMs = 0, m_startedMs = 0;
    std::atomic<std::uint64_t> m_revision{0};
};

} // namespace postern::lab
