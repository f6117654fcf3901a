// A tenant reached through Microsoft Graph. Service thread; co_await close() before its end, readers first.
// Errors: those of GraphClient. graph-reference 3, 7, 8.
#pragma once

#include "services/graph/CloudTenant.h"
#include "services/graph/GraphClient.h"

namespace postern::graph {

class GraphTenant final : public CloudTenant
{
public:
    // `tokens` outlives the tenant.
    GraphTenant(GraphEndpoint endpoint, identity::TokenSource& tokens, GraphClientOptions options = {});
    ~GraphTenant() override;

    QCoro::Task<Expected<TenantInfo>> open(std::stop_token token) override;
    QCoro::Task<void> close() override;
    QCoro::Task<Expected<std::vector<CheckResult>>> check(
        std::function<void(const CheckResult&)> report, std::stop_token token) override;

    [[nodiscard]] std::unique_ptr<PageReader<ManagedDevice>> readManagedDevices() override;
    [[nodiscard]] std::unique_ptr<PageReader<ManagedDevice>> readManagedDevicesChangedSince(
        const QDateTime& since) override;
    QCoro::Task<Expected<ManagedDevice>> managedDevice(QString id, std::stop_token token) override;
    QCoro::Task<Expected<QStringList>> confirmGone(QStringList deviceIds, std::stop_token token) override;

    [[nodiscard]] std::unique_ptr<DeltaReader<DirectoryUser>> readUsers(const QString& deltaLink) override;
    [[nodiscard]] std::unique_ptr<DeltaReader<DirectoryGroup>> readGroups(const QString& deltaLink) override;
    [[nodiscard]] std::unique_ptr<DeltaReader<DirectoryDevice>> readDirectoryDevices(
        const QString& deltaLink) override;
    [[nodiscard]] std::unique_ptr<PageReader<GroupMember>> readTransitiveMembers(
        const QString& groupId) override;
    QCoro::Task<Expected<GroupMembership>> membership(QString groupId, std::stop_token token) override;
    QCoro::Task<Expected<std::vector<Subscription>>> subscriptions(std::stop_token token) override;

    QCoro::Task<Expected<void>> act(RemoteAction action, std::stop_token token) override;
    [[nodiscard]] QString address() const override;

    [[nodiscard]] GraphClient& client() { return m_client; }

private:
    identity::TokenSource& m_tokens;
    GraphClient m_client;
};

} // namespace postern::graph
