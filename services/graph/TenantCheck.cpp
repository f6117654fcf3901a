#include "services/graph/TenantCheck.h"

#include "models/base/ErrorText.h"
#include "services/graph/DirectoryMapper.h"
#include "services/identity/GrantedPermissions.h"

namespace postern::graph {

using namespace Qt::StringLiterals;
using Outcome = CheckResult::Outcome;

namespace {

constexpr qint64 synchronisationIsLate = 3 * 3600; // seconds; it runs every 30 minutes

QString subscriptionName()
{
    return u"Intune subscription"_s;
}

QString authorityName()
{
    return u"Mobile device management authority"_s;
}

QString synchronisationName()
{
    return u"Directory synchronization"_s;
}

QString intuneName()
{
    return u"Intune devices can be read"_s;
}

GraphRequest directoryRequest(const QString& path, const QString& select)
{
    GraphRequest request;
    request.path = path;
    request.query.addQueryItem(u"$select"_s, select);
    request.area = ServiceArea::Directory;
    request.permission = u"Organization.Read.All"_s;
    return request;
}

} // namespace

QCoro::Task<Expected<TenantInfo>> readTenant(GraphClient* client, std::stop_token token)
{
    const Expected<GraphAnswer> answer
        = co_await client->send(directoryRequest(u"organization"_s, organizationSelect()), token);
    if (!answer)
        co_return fail(answer.error());
    const auto body = JsonBody::parseList(answer->body, u"organization"_s);
    if (!body)
        co_return fail(body.error());
    Page<TenantInfo> page = organizationsIn(**body);
    if (page.items.size() != 1)
        co_return fail(ErrorCode::Malformed, u"%1 organizations instead of one"_s.arg(page.items.size()),
            u"organization"_s);
    co_return std::move(page.items.front());
}

QCoro::Task<Expected<std::vector<Subscription>>> readSubscriptions(GraphClient* client, std::stop_token token)
{
    GraphRequest request;
    request.path = u"subscribedSkus"_s; // takes no $select in all clouds
    request.area = ServiceArea::Directory;
    request.permission = u"Organization.Read.All"_s;
    const Expected<GraphAnswer> answer = co_await client->send(std::move(request), token);
    if (!answer)
        co_return fail(answer.error());
    const auto body = JsonBody::parseList(answer->body, u"subscribedSkus"_s);
    if (!body)
        co_return fail(body.error());
    std::vector<ObjectProblem> problems;
    std::vector<Subscription> list = subscriptionsIn(**body, problems);
    co_return std::move(list);
}

TenantCheck::TenantCheck(GraphClient& client, identity::TokenSource& tokens, Report report)
    : m_client(client)
    , m_tokens(tokens)
    , m_report(std::move(report))
{
}

void TenantCheck::line(const QString& name, Outcome outcome, const QString& detail, bool required)
{
    m_results.push_back({u"CON-39"_s, name, outcome, detail, required});
    if (m_report)
        m_report(m_results.back());
}

void TenantCheck::failed(const QString& name, const Error& error, bool required)
{
    line(name, required ? Outcome::Fail : Outcome::Warning, ErrorText::sentence(error), required);
}

void TenantCheck::skip(const QString& why)
{
    for (const QString& name : {subscriptionName(), authorityName(), synchronisationName(), intuneName()})
        line(name, Outcome::NotApplicable, why);
}

QCoro::Task<bool> TenantCheck::checkSignIn(std::stop_token token)
{
    const Expected<QString> accessToken = co_await m_tokens.accessToken(token);
    if (!accessToken) {
        failed(u"Sign-in to %1"_s.arg(m_client.endpoint().tenantName), accessToken.error());
        co_return false;
    }
    line(u"Sign-in to %1"_s.arg(m_client.endpoint().tenantName), Outcome::Pass, u"a token was given"_s);
    checkPermissions(*accessToken);
    co_return true;
}

// By what the token says; Graph itself has the last word, in the checks that follow.
void TenantCheck::checkPermissions(const QString& accessToken)
{
    identity::TokenAnswer answer;
    answer.accessToken = accessToken;
    const auto granted = identity::grantedPermissions(answer);
    if (!granted) {
        line(u"Permissions"_s, Outcome::Warning, u"the token does not say which permissions it carries"_s,
            false);
        return;
    }
    const QList<identity::MissingPermission> missing = identity::missingPermissions(*granted);
    for (const identity::MissingPermission& permission : missing) {
        line(u"Permission %1"_s.arg(permission.name), permission.essential ? Outcome::Fail : Outcome::Warning,
            u"missing: %1. Grant it in Entra and have an administrator consent"_s.arg(permission.lost),
            permission.essential);
    }
    if (missing.isEmpty())
        line(u"Permissions"_s, Outcome::Pass, granted->names.join(u", "_s));
}

void TenantCheck::checkTenant(const Expected<TenantInfo>& tenant)
{
    if (!tenant) {
        failed(authorityName(), tenant.error());
        line(synchronisationName(), Outcome::NotApplicable, u"the tenant could not be read"_s);
        return;
    }
    const OpenEnum<MdmAuthority>& authority = tenant->mobileDeviceManagementAuthority;
    if (authority == MdmAuthority::Intune)
        line(authorityName(), Outcome::Pass, u"Intune manages the devices of %1"_s.arg(tenant->displayName));
    else if (authority == MdmAuthority::Unknown)
        line(authorityName(), Outcome::Fail,
            u"no authority is set: choose Intune in the Intune admin center, Devices > Enrollment"_s);
    else
        line(authorityName(), Outcome::Fail,
            u"it is %1: devices that Intune does not manage are not listed"_s.arg(authority.text()));
    checkSynchronisation(*tenant);
}

void TenantCheck::checkSynchronisation(const TenantInfo& tenant)
{
    if (!tenant.onPremisesSyncEnabled.value_or(false)) {
        line(synchronisationName(), Outcome::Fail,
            u"off: people on-premises are unknown to the tenant, so no phone can be matched to a mailbox by "
            u"its "
            "user. Set up Microsoft Entra Connect"_s);
        return;
    }
    const auto& last = tenant.onPremisesLastSyncDateTime;
    if (!last || last->secsTo(m_client.now()) > synchronisationIsLate) {
        line(synchronisationName(), Outcome::Warning,
            last ? u"on, but last ran at %1"_s.arg(last->toString(Qt::ISODate)) : u"on, but never ran"_s);
        return;
    }
    line(synchronisationName(), Outcome::Pass, u"last ran at %1"_s.arg(last->toString(Qt::ISODate)));
}

void TenantCheck::checkSubscription(const Expected<std::vector<Subscription>>& subscriptions)
{
    if (!subscriptions) {
        failed(subscriptionName(), subscriptions.error());
        return;
    }
    QStringList active, expired;
    for (const Subscription& sku : *subscriptions) {
        if (!sku.includesIntune)
            continue;
        const bool works = sku.capabilityStatus.compare("Enabled"_L1, Qt::CaseInsensitive) == 0
            || sku.capabilityStatus.compare("Warning"_L1, Qt::CaseInsensitive) == 0;
        (works ? active : expired) += u"%1 (%2)"_s.arg(sku.skuPartNumber, sku.capabilityStatus);
    }
    if (!active.isEmpty())
        line(subscriptionName(), Outcome::Pass, active.join(u", "_s));
    else if (!expired.isEmpty())
        line(subscriptionName(), Outcome::Fail, u"not active: %1"_s.arg(expired.join(u", "_s)));
    else
        line(subscriptionName(), Outcome::Fail, u"none of the tenant's subscriptions contains Intune"_s);
}

QCoro::Task<void> TenantCheck::checkIntune(std::stop_token token)
{
    GraphRequest request;
    request.path = u"deviceManagement/managedDevices"_s;
    request.query.addQueryItem(u"$select"_s, u"id"_s);
    request.query.addQueryItem(u"$top"_s, u"1"_s);
    request.area = ServiceArea::Intune;
    request.permission = u"DeviceManagementManagedDevices.Read.All"_s;
    const Expected<GraphAnswer> answer = co_await m_client.send(std::move(request), token);
    if (!answer) {
        failed(intuneName(), answer.error());
        co_return;
    }
    const auto body = JsonBody::parseList(answer->body, u"deviceManagement/managedDevices"_s);
    if (!body)
        failed(intuneName(), body.error());
    else
        line(intuneName(), Outcome::Pass,
            (*body)->size() > 0 ? u"devices are listed"_s : u"no device is enrolled yet"_s);
}

QCoro::Task<Expected<std::vector<CheckResult>>> TenantCheck::run(std::stop_token token)
{
    const bool signedIn = co_await checkSignIn(token);
    if (!signedIn) {
        skip(u"not checked: the sign-in failed"_s);
    } else {
        const auto subscriptions = co_await readSubscriptions(&m_client, token);
        checkSubscription(subscriptions);
        const auto tenant = co_await readTenant(&m_client, token);
        checkTenant(tenant);
        co_await checkIntune(token);
    }
    if (token.stop_requested())
        co_return fail(ErrorCode::Cancelled, {}, u"checking %1"_s.arg(m_client.endpoint().tenantName));
    std::vector<CheckResult> results = m_results;
    co_return std::move(results);
}

} // namespace postern::graph
