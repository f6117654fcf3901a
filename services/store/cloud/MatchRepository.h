// Whose mailbox it is, which managed device a partnership belongs to, what might belong together and what an
// operator said of it (SYN-09, SYN-11): the facts that matching needs, and its answers as differences.
// Numbers of kinds are those of models/domain/DeviceMatch.h. Store thread, inside a Session.
#pragma once

#include <functional>
#include <vector>

#include "models/domain/DeviceMatch.h"
#include "services/store/Session.h"

namespace postern::store {

struct MailboxIdentity
{
    MailboxId id;
    QString upn, primarySmtp;
    QStringList proxyAddresses;
};

struct PartnershipFact
{
    PartnershipId id;
    MailboxId mailbox;
    QString easKey; // normalised (SYN-12)
    QString imei, model, deviceType, deviceOS; // as Exchange has them
    std::optional<QDateTime> firstSync, lastSuccessSync;
};

struct MailboxPerson
{
    MailboxId mailbox;
    UserId user;
    int evidence = 0; // matching::People::Evidence
    bool operator==(const MailboxPerson&) const = default;
};

struct StoredMatch
{
    PartnershipId partnership;
    ManagedDeviceId device; // invalid: none
    MatchKind kind = MatchKind::None;
    bool probablyReset = false;
    bool operator==(const StoredMatch&) const = default;
};

struct StoredCandidate
{
    PartnershipId partnership;
    ManagedDeviceId device;
    CandidateKind kind = CandidateKind::Suggested;
    bool operator==(const StoredCandidate&) const = default;
};

struct StoredAnswer
{
    PartnershipId partnership;
    ManagedDeviceId device;
    bool accepted = false;
};

class MatchRepository
{
public:
    explicit MatchRepository(Session& session)
        : m_session(session)
    {
    }

    // Of every connector, without gone ones, by id.
    [[nodiscard]] Expected<void> eachMailbox(const std::function<void(MailboxIdentity&&)>& each);
    [[nodiscard]] Expected<void> eachPartnership(const std::function<void(PartnershipFact&&)>& each);
    [[nodiscard]] Expected<std::vector<StoredAnswer>> answers();

    // The whole of it; rows that stay as they are are not written. Each returns how many changed.
    [[nodiscard]] Expected<int> replacePeople(std::vector<MailboxPerson> people);
    [[nodiscard]] Expected<int> replaceMatches(std::vector<StoredMatch> matches);
    [[nodiscard]] Expected<int> replaceCandidates(std::vector<StoredCandidate> candidates);
    // NotFound when it is not suggested (any more).
    [[nodiscard]] Expected<void> answer(
        const StoredAnswer& answer, const QString& account, const QDateTime& now);

    [[nodiscard]] Expected<std::vector<StoredMatch>> matches(); // by partnership
    [[nodiscard]] Expected<std::vector<MailboxPerson>> people(); // by mailbox
    // Those of one row of the device list, with the names that people read.
    [[nodiscard]] Expected<DeviceDetail> detail(DeviceKey device);
    // Of the whole site, by mailbox's name.
    [[nodiscard]] Expected<std::vector<MatchCandidate>> allCandidates();
    [[nodiscard]] Expected<qint64> suggestionCount();

private:
    [[nodiscard]] Expected<std::vector<StoredCandidate>> candidates();
    [[nodiscard]] Expected<std::vector<DevicePartnership>> partnershipsOf(DeviceKey device);
    [[nodiscard]] Expected<std::vector<MatchCandidate>> candidatesOf(DeviceKey device);

    Session& m_session;
};

} // namespace postern::store
