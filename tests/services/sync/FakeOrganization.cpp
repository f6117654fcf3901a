#include "tests/services/sync/FakeOrganization.h"

#include "services/core/Await.h"
#include "services/exchange/ContainerScope.h"
#include "services/exchange/Listing.h"

namespace postern::sync::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// The items from a fixed list, page by page.
template <class T> class ListReader final : public exchange::PageReader<T>
{
public:
    ListReader(FakeOrganization& organization, std::vector<T> items, bool isCut, int* running)
        : m_organization(organization)
        , m_items(std::move(items))
        , m_isCut(isCut)
        , m_running(running)
    {
        ++*m_running;
    }
    ~ListReader() override { --*m_running; }

    QCoro::Task<Expected<exchange::Page<T>>> next(std::stop_token token) override
    {
        if (m_organization.pageTime > 0ms)
            co_await core::delay(m_organization.pageTime, token);
        const Expected<void> went = co_await m_organization.step(token);
        if (!went)
            co_return fail(went.error());
        if (m_isCut && m_at >= m_items.size())
            co_return fail(ErrorCode::Incomplete, u"cut"_s, u"listing"_s);
        exchange::Page<T> page;
        const size_t end = std::min(m_items.size(), m_at + size_t(m_organization.pageSize));
        page.items.assign(m_items.begin() + qsizetype(m_at), m_items.begin() + qsizetype(end));
        if (!m_organization.repeatsPages || m_repeated)
            m_at = end;
        m_repeated = !m_repeated;
        page.last = !m_isCut && m_at >= m_items.size();
        m_organization.listed += qint64(page.items.size());
        co_return page;
    }

private:
    FakeOrganization& m_organization;
    std::vector<T> m_items;
    bool m_isCut;
    int* m_running;
    size_t m_at = 0;
    bool m_repeated = false;
};

} // namespace

QString mailboxIdentity(int number)
{
    const QString unit = number >= berlinFrom ? u"Staff/Berlin"_s
        : number >= staffFrom                 ? u"Staff"_s
                                              : u"Users"_s;
    return u"contoso.lab/%1/User %2"_s.arg(unit).arg(number);
}

Mailbox mailboxOf(int number)
{
    Mailbox mailbox;
    mailbox.guid = QUuid::createUuidV5(QUuid(), u"mailbox %1"_s.arg(number));
    mailbox.identity = mailboxIdentity(number);
    mailbox.displayName = u"User %1"_s.arg(number);
    mailbox.upn = u"user%1@contoso.lab"_s.arg(number);
    mailbox.primarySmtp = mailbox.upn;
    return mailbox;
}

Partnership partnershipOf(const FakePhone& phone)
{
    Partnership partnership;
    partnership.easDeviceId = EasDeviceId(phone.id);
    partnership.ownerIdentity = mailboxIdentity(phone.owner);
    partnership.deviceIdentity
        = u"%1/ExchangeActiveSyncDevices/%2§%3"_s.arg(partnership.ownerIdentity, phone.type, phone.id);
    partnership.guid = QUuid::createUuidV5(QUuid(), partnership.deviceIdentity);
    partnership.deviceType = phone.type;
    partnership.accessState = phone.state;
    partnership.accessStateReason = AccessStateReason::ExchangeGlobalRule;
    partnership.accessStateReasonText = u"Global"_s;
    partnership.whenChanged = phone.changed;
    return partnership;
}

PartnershipStatistics statisticsOf(const FakePhone& phone)
{
    const Partnership partnership = partnershipOf(phone);
    PartnershipStatistics statistics;
    statistics.easDeviceId = partnership.easDeviceId;
    statistics.deviceIdentity = partnership.deviceIdentity;
    statistics.ownerIdentity = partnership.ownerIdentity;
    statistics.lastSuccessSync = phone.lastSuccess;
    statistics.policyApplied = u"Default"_s;
    statistics.accessState = phone.state;
    statistics.accessStateReason = partnership.accessStateReason;
    statistics.accessStateReasonText = partnership.accessStateReasonText;
    return statistics;
}

FakeEstate FakeEstate::make(int count, int phonesEach)
{
    FakeEstate estate;
    for (int i = 0; i < count; ++i) {
        estate.mailboxes.push_back(i);
        for (int j = 0; j < phonesEach; ++j) {
            FakePhone phone;
            phone.owner = i;
            phone.id = u"APPL%1N%2"_s.arg(i).arg(j);
            phone.lastSuccess = QDateTime(QDate(2026, 3, 1), QTime(0, 0), Qt::UTC).addSecs(i);
            estate.phones.push_back(phone);
        }
    }
    AccessRule rule;
    rule.name = rule.identity = u"iPhone (DeviceType)"_s;
    rule.query = u"iPhone"_s;
    estate.rules.push_back(rule);
    MailboxPolicy policy;
    policy.name = policy.identity = u"Default"_s;
    estate.policies.push_back(policy);
    return estate;
}

FakeOrganization::FakeOrganization(FakeEstate theEstate)
    : estate(std::move(theEstate))
{
}

QCoro::Task<Expected<void>> FakeOrganization::step(std::stop_token token)
{
    const int call = ++calls;
    if (onCall)
        onCall(call);
    co_await core::delay(0ms, token);
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, address());
    const auto fault = faults.find(call);
    if (fault == faults.end())
        co_return Expected<void>();
    const Error error = fault->second;
    faults.erase(fault);
    co_return fail(error);
}

bool FakeOrganization::isListed(const QString& mailboxIdentityText) const
{
    return containers.isEmpty()
        || std::any_of(containers.begin(), containers.end(), [&](const QString& container) {
               return exchange::ContainerScope::isInside(mailboxIdentityText, container);
           });
}

Mailbox FakeOrganization::current(int number) const
{
    const auto listOf = [number](const std::map<int, QStringList>& lists) {
        const auto at = lists.find(number);
        return at == lists.end() ? QStringList() : at->second;
    };
    Mailbox mailbox = mailboxOf(number);
    mailbox.allowedIds = listOf(estate.allowedIds);
    mailbox.blockedIds = listOf(estate.blockedIds);
    return mailbox;
}

QCoro::Task<Expected<OrganizationInfo>> FakeOrganization::open(std::stop_token token)
{
    ++opened;
    const Expected<void> went = co_await step(token);
    if (!went)
        co_return fail(went.error());
    OrganizationInfo info;
    info.id = organizationId;
    info.name = u"Contoso"_s;
    info.serverName = u"ex1"_s;
    info.version = u"15.2.1544.4"_s;
    co_return info;
}

QCoro::Task<void> FakeOrganization::close()
{
    ++closed;
    co_return;
}

QCoro::Task<Expected<std::vector<CheckResult>>> FakeOrganization::check(
    std::function<void(const CheckResult&)>, std::stop_token)
{
    co_return std::vector<CheckResult>();
}

QCoro::Task<Expected<OrganizationSettings>> FakeOrganization::organizationSettings(std::stop_token token)
{
    const Expected<void> went = co_await step(token);
    if (!went)
        co_return fail(went.error());
    auto copy = estate.settings; // co_return would move it out of the estate
    co_return copy;
}

QCoro::Task<Expected<std::vector<AccessRule>>> FakeOrganization::accessRules(std::stop_token token)
{
    const Expected<void> went = co_await step(token);
    if (!went)
        co_return fail(went.error());
    auto copy = estate.rules; // co_return would move it out of the estate
    co_return copy;
}

QCoro::Task<Expected<std::vector<MailboxPolicy>>> FakeOrganization::mailboxPolicies(std::stop_token token)
{
    const Expected<void> went = co_await step(token);
    if (!went)
        co_return fail(went.error());
    auto copy = estate.policies; // co_return would move it out of the estate
    co_return copy;
}

std::unique_ptr<exchange::PageReader<Mailbox>> FakeOrganization::readMailboxes()
{
    static int ignored = 0;
    if (!hasContainers)
        return std::make_unique<exchange::FailedListing<Mailbox>>(Error{
            ErrorCode::NotFound, u"the organizational unit couldn't be found"_s, containers.join(u' '), {}});
    std::vector<Mailbox> items;
    for (const int number : estate.mailboxes) {
        if (!estate.unlisted.contains(number) && isListed(mailboxIdentity(number)))
            items.push_back(current(number));
        if (refusesNames && !items.empty())
            items.back().upn.clear();
    }
    return std::make_unique<ListReader<Mailbox>>(*this, std::move(items), false, &ignored);
}

QCoro::Task<Expected<Mailbox>> FakeOrganization::mailbox(QString identity, std::stop_token token)
{
    const Expected<void> went = co_await step(token);
    if (!went)
        co_return fail(went.error());
    for (const int number : estate.mailboxes) {
        if (mailboxIdentity(number) == identity)
            co_return current(number);
    }
    co_return fail(ErrorCode::NotFound, u"no such mailbox"_s, identity);
}

std::unique_ptr<exchange::PageReader<Partnership>> FakeOrganization::readPartnerships()
{
    std::vector<Partnership> items;
    for (const FakePhone& phone : estate.phones) {
        if (isListed(mailboxIdentity(phone.owner)))
            items.push_back(partnershipOf(phone));
    }
    return std::make_unique<ListReader<Partnership>>(
        *this, std::move(items), cutsPartnerships, &partnershipsBeingListed);
}

std::unique_ptr<exchange::PageReader<Mailbox>> FakeOrganization::readMailboxesChangedSince(
    const QDateTime& since)
{
    static int ignored = 0;
    changesAskedSince.push_back(since);
    std::vector<Mailbox> items;
    for (const int number : estate.mailboxes) {
        const auto changed = estate.changedMailboxes.find(number);
        const bool isIn = changed != estate.changedMailboxes.end() && changed->second >= since;
        if (!isIn && !refusesFilter)
            continue;
        Mailbox mailbox = current(number);
        if (!isIn)
            mailbox.upn.clear(); // the users' list was filtered all the same
        items.push_back(std::move(mailbox));
    }
    return std::make_unique<ListReader<Mailbox>>(*this, std::move(items), false, &ignored);
}

std::unique_ptr<exchange::PageReader<Partnership>> FakeOrganization::readPartnershipsChangedSince(
    const QDateTime& since)
{
    changesAskedSince.push_back(since);
    std::vector<Partnership> items;
    for (const FakePhone& phone : estate.phones) {
        if (refusesFilter || (phone.changed && *phone.changed >= since))
            items.push_back(partnershipOf(phone));
    }
    return std::make_unique<ListReader<Partnership>>(
        *this, std::move(items), cutsPartnerships, &partnershipsBeingListed);
}

QCoro::Task<Expected<exchange::StatisticsBatch>> FakeOrganization::statistics(
    std::vector<QString> mailboxIdentities, std::stop_token token)
{
    ++statisticsCalls;
    statisticsAtOnce = std::max(statisticsAtOnce, ++statisticsRunning);
    statisticsWhileListing += partnershipsBeingListed > 0;
    if (statisticsTime > 0ms)
        co_await core::delay(statisticsTime, token);
    const Expected<void> went = co_await step(token);
    --statisticsRunning;
    if (!went)
        co_return fail(went.error());
    exchange::StatisticsBatch batch;
    std::set<QString> wanted(mailboxIdentities.begin(), mailboxIdentities.end());
    for (const int number : estate.unreadable) {
        if (wanted.erase(mailboxIdentity(number)) > 0)
            batch.problems.push_back({mailboxIdentity(number), u"mailbox is moving"_s});
    }
    for (const FakePhone& phone : estate.phones) {
        if (wanted.contains(mailboxIdentity(phone.owner)))
            batch.items.push_back(statisticsOf(phone));
        if (wanted.contains(mailboxIdentity(phone.owner))
            && estate.wipes.contains(batch.items.back().deviceIdentity))
            batch.items.back().wipeStatus = WipeStatus::Pending;
    }
    asked.insert(asked.end(), mailboxIdentities.begin(), mailboxIdentities.end());
    co_return batch;
}

} // namespace postern::sync::test
