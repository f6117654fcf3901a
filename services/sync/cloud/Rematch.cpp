#include "services/sync/cloud/Rematch.h"

#include <QCoroFuture>

#include "services/store/Store.h"
#include "services/store/cloud/CloudObjects.h"
#include "services/store/cloud/MatchRepository.h"
#include "services/store/cloud/TenantRepository.h"
#include "services/sync/matching/Matching.h"

namespace postern::sync {

using namespace Qt::StringLiterals;

namespace {

struct Found
{
    std::vector<store::MailboxPerson> people;
    std::vector<store::StoredMatch> matches;
    std::vector<store::StoredCandidate> candidates;
    MatchCounts counts;
};

// Everything that is read before anything is matched. One read transaction: a snapshot.
class Facts
{
public:
    explicit Facts(store::Session& session)
        : m_session(session)
        , m_repository(session)
    {
    }

    [[nodiscard]] Expected<Found> match()
    {
        if (auto read = readDirectory(); !read)
            return tl::unexpected(read.error());
        if (auto read = readMailboxes(); !read)
            return tl::unexpected(read.error());
        if (auto read = readPartnerships(); !read)
            return tl::unexpected(read.error());
        if (auto read = readAnswers(); !read)
            return tl::unexpected(read.error());
        storeMatches(matching::match(m_partnerships, m_devices, m_answers));
        return std::move(m_found);
    }

private:
    [[nodiscard]] Expected<void> readDirectory();
    [[nodiscard]] Expected<void> readDevices(TenantId tenant);
    [[nodiscard]] Expected<void> readMailboxes();
    [[nodiscard]] Expected<void> readPartnerships();
    [[nodiscard]] Expected<void> readAnswers();
    void storeMatches(const matching::Matches& matches);

    store::Session& m_session;
    store::MatchRepository m_repository;
    matching::People m_people;
    std::vector<UserId> m_users; // by person; people that only Exchange knows come after them
    QHash<qint64, matching::PersonId> m_owners; // of mailboxes
    std::vector<matching::PartnershipFacts> m_partnerships;
    std::vector<matching::DeviceFacts> m_devices;
    std::vector<matching::Answer> m_answers;
    Found m_found;
};

qint64 msecs(const std::optional<QDateTime>& time)
{
    return time ? time->toMSecsSinceEpoch() : 0;
}

Expected<void> Facts::readDirectory()
{
    auto tenants = store::TenantRepository(m_session).list();
    if (!tenants)
        return tl::unexpected(tenants.error());
    for (const Tenant& tenant : *tenants) {
        auto read = store::UserTable(m_session).each(
            tenant.id, [this](qint64 id, const QDateTime&, DirectoryUser&& user) {
                QStringList addresses = std::move(user.proxyAddresses);
                addresses.append(user.mail);
                m_people.add({user.id, user.onPremisesSecurityIdentifier, addresses, user.userPrincipalName});
                m_users.push_back({id});
                return true;
            });
        if (!read)
            return read;
    }
    // Devices after all people, so that a person of the second tenant is known to the first one's devices.
    for (const Tenant& tenant : *tenants) {
        if (auto read = readDevices(tenant.id); !read)
            return read;
    }
    return {};
}

Expected<void> Facts::readDevices(TenantId tenant)
{
    return store::ManagedDeviceTable(m_session).each(
        tenant, [this](qint64 id, const QDateTime&, ManagedDevice&& device) {
            matching::DeviceFacts facts;
            facts.key = id;
            facts.person
                = m_people.find({device.userId, {}, {device.emailAddress}, device.userPrincipalName}).person;
            facts.easId = device.easDeviceId.normalised();
            facts.imei = matching::imeiKey(device.imei);
            facts.serial = device.serialNumber.trimmed().toLower();
            facts.model = matching::modelKey(device.model);
            facts.platform = matching::platformOf(device.operatingSystem);
            facts.lastCheckIn = msecs(device.lastSyncDateTime);
            m_devices.push_back(std::move(facts));
            return true;
        });
}

Expected<void> Facts::readMailboxes()
{
    return m_repository.eachMailbox([this](store::MailboxIdentity&& mailbox) {
        QStringList addresses = std::move(mailbox.proxyAddresses);
        addresses.append(mailbox.primarySmtp);
        const matching::People::Found found = m_people.find({{}, {}, addresses, mailbox.upn});
        if (!found.person.isValid()) {
            ++m_found.counts.unknownPeople;
            return;
        }
        m_owners.insert(mailbox.id.value, found.person);
        m_found.people.push_back({mailbox.id, m_users[size_t(found.person.value)], int(found.evidence)});
    });
}

Expected<void> Facts::readPartnerships()
{
    return m_repository.eachPartnership([this](store::PartnershipFact&& row) {
        matching::PartnershipFacts facts;
        facts.key = row.id.value;
        facts.person = m_owners.value(row.mailbox.value);
        facts.easId = std::move(row.easKey);
        facts.imei = matching::imeiKey(row.imei);
        facts.model = matching::modelKey(row.model);
        facts.platform = matching::platformOf(row.deviceType);
        if (facts.platform == matching::Platform::Unknown)
            facts.platform = matching::platformOf(row.deviceOS);
        facts.lastSeen = std::max(msecs(row.lastSuccessSync), msecs(row.firstSync));
        m_partnerships.push_back(std::move(facts));
    });
}

Expected<void> Facts::readAnswers()
{
    auto answers = m_repository.answers();
    if (!answers)
        return tl::unexpected(answers.error());
    for (const store::StoredAnswer& answer : *answers)
        m_answers.push_back({answer.partnership.value, answer.device.value, answer.accepted});
    return {};
}

void Facts::storeMatches(const matching::Matches& matches)
{
    std::vector<bool> reset(m_partnerships.size(), false);
    for (const int i : matches.probablyReset)
        reset[size_t(i)] = true;
    m_found.counts.partnerships = qint64(m_partnerships.size());
    for (size_t i = 0; i < matches.links.size(); ++i) {
        const matching::Link& link = matches.links[i];
        if (link.device < 0 && !reset[i])
            continue;
        store::StoredMatch match;
        match.partnership = {m_partnerships[i].key};
        if (link.device >= 0) {
            match.device = {m_devices[size_t(link.device)].key};
            ++m_found.counts.linked;
        }
        match.kind = link.kind;
        match.probablyReset = reset[i];
        m_found.matches.push_back(match);
    }
    for (const matching::Candidate& candidate : matches.candidates) {
        const bool suggested = candidate.kind == CandidateKind::Suggested;
        (suggested ? m_found.counts.suggestions : m_found.counts.transferred) += 1;
        m_found.candidates.push_back({{m_partnerships[size_t(candidate.partnership)].key},
            {m_devices[size_t(candidate.device)].key}, candidate.kind});
    }
}

Expected<MatchCounts> write(store::Session& session, const Found& found)
{
    store::MatchRepository repository(session);
    MatchCounts counts = found.counts;
    for (auto written : {repository.replacePeople(found.people), repository.replaceMatches(found.matches),
             repository.replaceCandidates(found.candidates)}) {
        if (!written)
            return tl::unexpected(written.error());
        counts.changed += *written;
    }
    return counts;
}

} // namespace

QCoro::Task<Expected<MatchCounts>> rematch(store::Store& store, std::stop_token token)
{
    // A row that was purged between reading and writing fails the write; the next snapshot is without it.
    Expected<MatchCounts> outcome = fail(ErrorCode::Internal, {}, {});
    for (int attempt = 0; attempt < 3; ++attempt) {
        if (token.stop_requested())
            co_return fail(ErrorCode::Cancelled, {}, u"matching"_s);
        auto reading = store.read([](store::Session& session) { return Facts(session).match(); });
        const Expected<Found> found = co_await reading;
        if (!found)
            co_return fail(found.error());
        auto shared = std::make_shared<const Found>(*found);
        auto writing = store.write([shared](store::Session& session) { return write(session, *shared); });
        outcome = co_await writing;
        if (outcome || outcome.error().code != ErrorCode::StoreFailed)
            break;
    }
    co_return outcome;
}

} // namespace postern::sync
