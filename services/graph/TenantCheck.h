// CON-39: whether Postern can work with a tenant, one line a check: sign-in, permissions by name,
// subscription, MDM authority, directory synchronisation, Intune answering. All of them, not only the first
// that fails. Changes nothing. Service thread. Errors: Cancelled only. graph-reference 2.7, 3, 7.
#pragma once

#include <QCoroTask>
#include <functional>
#include <stop_token>
#include <vector>

#include "models/domain/Directory.h"
#include "models/domain/Exchange.h"
#include "services/graph/GraphClient.h"
#include "services/identity/TokenSource.h"

namespace postern::graph {

// The tenant's own object.
QCoro::Task<Expected<TenantInfo>> readTenant(GraphClient* client, std::stop_token token);
QCoro::Task<Expected<std::vector<Subscription>>> readSubscriptions(
    GraphClient* client, std::stop_token token);

class TenantCheck
{
public:
    using Report = std::function<void(const CheckResult&)>;
    TenantCheck(GraphClient& client, identity::TokenSource& tokens, Report report);

    QCoro::Task<Expected<std::vector<CheckResult>>> run(std::stop_token token);

private:
    QCoro::Task<bool> checkSignIn(std::stop_token token); // false: nothing else can be asked
    void checkPermissions(const QString& accessToken);
    void checkTenant(const Expected<TenantInfo>& tenant);
    void checkSynchronisation(const TenantInfo& tenant);
    void checkSubscription(const Expected<std::vector<Subscription>>& subscriptions);
    QCoro::Task<void> checkIntune(std::stop_token token);
    void skip(const QString& why);
    void line(const QString& name, CheckResult::Outcome outcome, const QString& detail, bool required = true);
    void failed(const QString& name, const Error& error, bool required = true);

    GraphClient& m_client;
    identity::TokenSource& m_tokens;
    Report m_report;
    std::vector<CheckResult> m_results;
};

} // namespace postern::graph
