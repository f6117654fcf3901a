// An Exchange organisation of numbers: mailboxes and phones made from their index, listed in pages, that
// takes every write (FakeWrites.cpp), with faults scripted by the number of the call. Every call suspends
// once, so that what overlaps in the real one overlaps here.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "services/exchange/ExchangeOrganization.h"

namespace postern::sync::test {

struct FakePhone
{
    int owner = 0;
    QString id;
    QString type = QStringLiteral("iPhone");
    AccessState state = AccessState::Allowed;
    std::optional<QDateTime> lastSuccess;
    std::optional<QDateTime> changed = QDateTime(QDate(2026, 2, 1), QTime(0, 0), Qt::UTC); // whenChanged
};

struct FakeEstate
{
    std::vector<int> mailboxes; // their numbers
    std::vector<FakePhone> phones;
    std::set<int> unlisted; // mailboxes that only mailbox() knows
    std::set<int> unreadable; // statistics fail
    std::map<int, QDateTime> changedMailboxes; // when; the others long ago
    std::map<int, QStringList> allowedIds, blockedIds; // by mailbox
    OrganizationSettings settings;
    std::vector<AccessRule> rules;
    std::vector<MailboxPolicy> policies;
    std::map<QString, MailboxPolicySettings> policySettings; // by policy; every group has a value
    std::set<QString> externallyManaged; // policies with AllowExternalDeviceManagement
    QHash<QString, bool> wipes; // device identity: the account only

    // `phonesEach` phones for each of `count` mailboxes.
    [[nodiscard]] static FakeEstate make(int count, int phonesEach = 1);
    // All groups with Exchange's defaults.
    [[nodiscard]] static MailboxPolicySettings unconfiguredPolicy();
    [[nodiscard]] MailboxPolicySettings& settingsOf(const QString& policy);
};

// Those from staffFrom on are in contoso.lab/Staff, from berlinFrom on in Staff/Berlin, the others in Users.
constexpr int staffFrom = 100'000, berlinFrom = 200'000;
[[nodiscard]] QString mailboxIdentity(int number);
[[nodiscard]] Mailbox mailboxOf(int number);
[[nodiscard]] Partnership partnershipOf(const FakePhone& phone);
[[nodiscard]] PartnershipStatistics statisticsOf(const FakePhone& phone);

class FakeOrganization final : public exchange::ExchangeOrganization
{
public:
    explicit FakeOrganization(FakeEstate estate);

    FakeEstate estate;
    int pageSize = 10;
    bool repeatsPages = false; // each page comes twice
    bool cutsPartnerships = false; // the listing never says "last": Incomplete after its pages
    std::multimap<int, Error> faults; // by the number of the call, from 1
    std::function<void(int call)> onCall; // before it answers
    QString organizationId = QStringLiteral("CN=Contoso");
    QStringList containers; // CON-16: only what is in them is listed; canonical names
    bool hasContainers = true; // false: a container of them is not in the directory any more
    int sessions = 2;
    std::chrono::milliseconds statisticsTime{0}, pageTime{0};

    int calls = 0;
    int opened = 0, closed = 0;
    int statisticsCalls = 0, statisticsRunning = 0, statisticsAtOnce = 0;
    int statisticsWhileListing = 0;
    std::vector<QString> asked; // mailboxes whose statistics were asked for
    bool refusesFilter = false; // gives whole lists instead
    std::vector<QDateTime> changesAskedSince;
    qint64 listed = 0; // objects of all listings
    int partnershipsBeingListed = 0;
    bool refusesNames = false; // the mailboxes come without what Get-User knows
    std::vector<ExchangeWrite> applied; // in order, those of lost answers included
    std::set<int> losesAnswers; // numbers of apply() calls that are done, but end with SessionLost
    bool ignoresWrites = false; // says yes and changes nothing: somebody else undoes it at once

    QCoro::Task<Expected<OrganizationInfo>> open(std::stop_token token) override;
    QCoro::Task<void> close() override;
    QCoro::Task<Expected<std::vector<CheckResult>>> check(
        std::function<void(const CheckResult&)> report, std::stop_token token) override;
    QCoro::Task<Expected<OrganizationSettings>> organizationSettings(std::stop_token token) override;
    QCoro::Task<Expected<std::vector<AccessRule>>> accessRules(std::stop_token token) override;
    QCoro::Task<Expected<std::vector<MailboxPolicy>>> mailboxPolicies(std::stop_token token) override;
    [[nodiscard]] std::unique_ptr<exchange::PageReader<Mailbox>> readMailboxes() override;
    QCoro::Task<Expected<Mailbox>> mailbox(QString identity, std::stop_token token) override;
    [[nodiscard]] std::unique_ptr<exchange::PageReader<Partnership>> readPartnerships() override;
    [[nodiscard]] std::unique_ptr<exchange::PageReader<Mailbox>> readMailboxesChangedSince(
        const QDateTime& since) override;
    [[nodiscard]] std::unique_ptr<exchange::PageReader<Partnership>> readPartnershipsChangedSince(
        const QDateTime& since) override;
    QCoro::Task<Expected<exchange::StatisticsBatch>> statistics(
        std::vector<QString> mailboxIdentities, std::stop_token token) override;
    QCoro::Task<Expected<void>> apply(ExchangeWrite write, std::stop_token token) override;
    [[nodiscard]] QString commandText(const ExchangeWrite& write) const override;
    QCoro::Task<Expected<MailboxLists>> readLists(
        QString mailboxIdentityText, std::stop_token token) override;
    QCoro::Task<Expected<MailboxPolicySettings>> policySettings(
        QString policyIdentity, std::stop_token token) override;
    [[nodiscard]] int parallelism() const override { return sessions; }
    [[nodiscard]] QString address() const override { return QStringLiteral("https://fake/PowerShell/"); }

    [[nodiscard]] bool isListed(const QString& mailboxIdentityText) const;
    // Counts the call, suspends, and is the fault that it meets.
    QCoro::Task<Expected<void>> step(std::stop_token token);
    // mailboxOf() with the lists as they are now.
    [[nodiscard]] Mailbox current(int number) const;
};

} // namespace postern::sync::test
