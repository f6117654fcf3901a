// A connection to an organisation of numbers that outlives it: what one job wrote, the next one finds. Test
// thread.
#pragma once

#include "tests/services/sync/FakeOrganization.h"

namespace postern::site::test {

class SharedOrganization final : public exchange::ExchangeOrganization
{
public:
    explicit SharedOrganization(sync::test::FakeOrganization& there)
        : m_there(there)
    {
    }

    QCoro::Task<Expected<OrganizationInfo>> open(std::stop_token token) override
    {
        return m_there.open(std::move(token));
    }
    QCoro::Task<void> close() override { return m_there.close(); }
    QCoro::Task<Expected<std::vector<CheckResult>>> check(
        std::function<void(const CheckResult&)> report, std::stop_token token) override
    {
        return m_there.check(std::move(report), std::move(token));
    }
    QCoro::Task<Expected<OrganizationSettings>> organizationSettings(std::stop_token token) override
    {
        return m_there.organizationSettings(std::move(token));
    }
    QCoro::Task<Expected<std::vector<AccessRule>>> accessRules(std::stop_token token) override
    {
        return m_there.accessRules(std::move(token));
    }
    QCoro::Task<Expected<std::vector<MailboxPolicy>>> mailboxPolicies(std::stop_token token) override
    {
        return m_there.mailboxPolicies(std::move(token));
    }
    [[nodiscard]] std::unique_ptr<exchange::PageReader<Mailbox>> readMailboxes() override
    {
        return m_there.readMailboxes();
    }
    QCoro::Task<Expected<Mailbox>> mailbox(QString identity, std::stop_token token) override
    {
        return m_there.mailbox(std::move(identity), std::move(token));
    }
    [[nodiscard]] std::unique_ptr<exchange::PageReader<Partnership>> readPartnerships() override
    {
        return m_there.readPartnerships();
    }
    [[nodiscard]] std::unique_ptr<exchange::PageReader<Mailbox>> readMailboxesChangedSince(
        const QDateTime& since) override
    {
        return m_there.readMailboxesChangedSince(since);
    }
    [[nodiscard]] std::unique_ptr<exchange::PageReader<Partnership>> readPartnershipsChangedSince(
        const QDateTime& since) override
    {
        return m_there.readPartnershipsChangedSince(since);
    }
    QCoro::Task<Expected<exchange::StatisticsBatch>> statistics(
        std::vector<QString> mailboxIdentities, std::stop_token token) override
    {
        return m_there.statistics(std::move(mailboxIdentities), std::move(token));
    }
    QCoro::Task<Expected<void>> apply(ExchangeWrite write, std::stop_token token) override
    {
        return m_there.apply(std::move(write), std::move(token));
    }
    [[nodiscard]] QString commandText(const ExchangeWrite& write) const override
    {
        return m_there.commandText(write);
    }
    QCoro::Task<Expected<MailboxLists>> readLists(QString identity, std::stop_token token) override
    {
        return m_there.readLists(std::move(identity), std::move(token));
    }
    QCoro::Task<Expected<MailboxPolicySettings>> policySettings(
        QString identity, std::stop_token token) override
    {
        return m_there.policySettings(std::move(identity), std::move(token));
    }
    [[nodiscard]] int parallelism() const override { return m_there.parallelism(); }
    [[nodiscard]] QString address() const override { return m_there.address(); }

private:
    sync::test::FakeOrganization& m_there;
};

} // namespace postern::site::test
