// An Exchange Server organisation over remote PowerShell. Prefers the MobileDevice cmdlets and falls back to
// the ActiveSync ones of 2010 (CON-35); asks with typed parameters only, always for unlimited results, never
// with an empty identity. Reads are repeated on a new session when one is lost; nothing here writes. Service
// thread; use connect().
#pragma once

#include "services/exchange/CommandSet.h"
#include "services/exchange/Connect.h"
#include "services/exchange/Listing.h"
#include "services/exchange/OrganizationMapper.h"
#include "services/exchange/StatisticsReader.h"

namespace postern::exchange {

class OnPremisesExchange final : public ExchangeOrganization
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
    [[nodiscard]] std::unique_ptr<PageReader<Partnership>> readPartnerships() override;
    [[nodiscard]] std::unique_ptr<PageReader<Mailbox>> readMailboxesChangedSince(
        const QDateTime& since) override;
    [[nodiscard]] std::unique_ptr<PageReader<Partnership>> readPartnershipsChangedSince(
        const QDateTime& since) override;
    QCoro::Task<Expected<StatisticsBatch>> statistics(
        std::vector<QString> mailboxIdentities, std::stop_token token) override;
    [[nodiscard]] int parallelism() const override;
    [[nodiscard]] QString address() const override;

private:
    [[nodiscard]] Expected<void> makeSessions();
    QCoro::Task<Expected<void>> readCommandSet(psrp::RunspacePool* session, std::stop_token token);
    QCoro::Task<Expected<OrganizationInfo>> readOrganization(
        psrp::RunspacePool* session, std::stop_token token);
    // All chunks of a short answer, with the first alternative that exists.
    QCoro::Task<Expected<std::vector<psrp::PipelineChunk>>> ask(
        std::vector<Alternative> alternatives, std::stop_token token);
    [[nodiscard]] std::unique_ptr<ListingStream> stream(std::vector<Alternative> alternatives);
    [[nodiscard]] std::vector<Alternative> inOrder(
        QStringView modern, QStringView legacy, const psrp::PsCommand& tail) const;
    // Each with its filter first, and whole when that is refused.
    [[nodiscard]] static std::vector<Alternative> filtered(
        std::vector<Alternative> alternatives, const QString& filter);
    [[nodiscard]] Error notOpen() const;
    void reportProblems(const std::vector<ObjectProblem>& problems);

    const Connector m_connector;
    const QString m_password;
    const ConnectDependencies m_dependencies;
    wsman::Endpoint m_endpoint;
    std::unique_ptr<SessionPool> m_sessions; // after makeSessions()
    CommandSet m_commands;
    StatisticsHabits m_habits;
};

// The address a person may type (CON-02) as the one that is used: a host name becomes
// https://host/PowerShell/.
[[nodiscard]] Expected<wsman::Endpoint> endpointOf(const Connector& connector, const QString& password);

} // namespace postern::exchange
