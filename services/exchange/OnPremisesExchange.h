// An Exchange Server organisation over remote PowerShell. Prefers the MobileDevice cmdlets and falls back to
// the ActiveSync ones of 2010 (CON-35); asks with typed parameters only, always for unlimited results, never
// with an empty identity. Reads are repeated on a new session when one is lost, writes never are. Service
// thread; use connect().
#pragma once

#include "services/exchange/CommandSet.h"
#include "services/exchange/Connect.h"
#include "services/exchange/ContainerScope.h"
#include "services/exchange/Listing.h"
#include "services/exchange/OrganizationMapper.h"
#include "services/exchange/ServerLadder.h"
#include "services/exchange/StatisticsReader.h"

namespace postern::exchange {

class OnPremisesExchange final : public ExchangeOrganization, private SessionGuard
{
public:
    OnPremisesExchange(Connector connector, QString password, ConnectDependencies dependencies);
    ~OnPremisesExchange() override;

    QCoro::Task<Expected<OrganizationInfo>> open(std::stop_token token) override;
    QCoro::Task<void> close() override;
    QCoro::Task<Expected<std::vector<CheckResult>>> check(
        std::function<void(const CheckResult&)> report, std::stop_token token) override;

    QCoro::Task<Expected<OrganizationSettings>> organizationSettings(std::stop_token token) override;
    QCoro::Task<Expected<std::vector<AccessRule>>> accessRules(std::stop_token token) override;
    QCoro::Task<Expected<std::vector<MailboxPolicy>>> mailboxPolicies(std::stop_token token) override;
    [[nodiscard]] std::unique_ptr<PageReader<Mailbox>> readMailboxes() override;
    QCoro::Task<Expected<Mailbox>> mailbox(QString identity, std::stop_token token) override;
    [[nodiscard]] bool listsEveryClient() const override;
    [[nodiscard]] std::unique_ptr<PageReader<Partnership>> readPartnerships() override;
    [[nodiscard]] std::unique_ptr<PageReader<Mailbox>> readMailboxesChangedSince(
        const QDateTime& since) override;
    [[nodiscard]] std::unique_ptr<PageReader<Partnership>> readPartnershipsChangedSince(
        const QDateTime& since) override;
    QCoro::Task<Expected<StatisticsBatch>> statistics(
        std::vector<QString> mailboxIdentities, std::stop_token token) override;
    QCoro::Task<Expected<void>> apply(ExchangeWrite write, std::stop_token token) override;
    [[nodiscard]] QString commandText(const ExchangeWrite& write) const override;
    QCoro::Task<Expected<MailboxLists>> readLists(QString mailboxIdentity, std::stop_token token) override;
    QCoro::Task<Expected<MailboxPolicySettings>> policySettings(
        QString policyIdentity, std::stop_token token) override;
    [[nodiscard]] int parallelism() const override;
    [[nodiscard]] QString address() const override;

private:
    [[nodiscard]] Expected<void> makeSessions();
    QCoro::Task<Expected<void>> readCommandSet(psrp::RunspacePool* session, std::stop_token token);
    QCoro::Task<Expected<std::vector<ExchangeServer>>> readServers(
        psrp::RunspacePool* session, std::stop_token token);
    [[nodiscard]] Expected<OrganizationInfo> recognize(
        const std::vector<ExchangeServer>& servers, const QString& host);
    QCoro::Task<Expected<void>> admit(
        psrp::RunspacePool* session, QString host, std::stop_token token) override;
    void remember(const OrganizationInfo& organization, std::vector<ExchangeServer> servers);
    // All chunks of a short answer, with the first alternative that exists.
    QCoro::Task<Expected<std::vector<psrp::PipelineChunk>>> ask(
        std::vector<Alternative> alternatives, std::stop_token token);
    [[nodiscard]] std::unique_ptr<ListingStream> stream(std::vector<Alternative> alternatives);
    template <class T, class Make> [[nodiscard]] std::unique_ptr<PageReader<T>> scoped(Make make);
    // Of one container, or of all; changed since then, or all.
    [[nodiscard]] std::unique_ptr<PageReader<Mailbox>> mailboxListing(
        const QString& container, const QDateTime& since);
    [[nodiscard]] std::unique_ptr<PageReader<Partnership>> partnershipListing(
        const QString& container, const QDateTime& since);
    // The only object of the answer of a cmdlet that was given an identity, for parse().
    QCoro::Task<Expected<QByteArray>> askForOne(
        std::vector<Alternative> alternatives, QString identity, std::stop_token token);
    [[nodiscard]] Error notOpen() const;
    void reportProblems(const std::vector<ObjectProblem>& problems);

    const Connector m_connector;
    const QString m_password;
    const ConnectDependencies m_dependencies;
    std::vector<wsman::Endpoint> m_configured;
    const Expected<ContainerScope> m_scope; // CON-16
    QString m_organizationId; // of this connector, as far as is known
    std::unique_ptr<SessionPool> m_sessions; // after makeSessions()
    CommandSet m_commands;
    StatisticsHabits m_habits;
};

} // namespace postern::exchange
