#include "services/site/TenantDesk.h"

#include "services/site/SiteSession.h"
#include "services/site/cloud/TenantAdministration.h"
#include "services/store/cloud/MatchRepository.h"

using namespace Qt::StringLiterals;

namespace postern::site {

QCoro::Task<void> TenantDesk::close()
{
    m_check.request_stop();
    m_signIn.request_stop();
    co_await m_scope.stop();
    m_session = nullptr;
}

Expected<void> TenantDesk::ready() const
{
    if (!m_session)
        return fail(ErrorCode::StoreUnavailable, u"the site is not open"_s);
    return {};
}

void TenantDesk::saveTenant(const Tenant& tenant, const QString& credential)
{
    m_scope.start(save(tenant, credential), u"save tenant"_s);
}

void TenantDesk::removeTenant(TenantId tenant)
{
    m_scope.start(remove(tenant), u"remove tenant"_s);
}

void TenantDesk::checkTenant(const Tenant& tenant, const QString& credential)
{
    m_check.request_stop();
    m_check = std::stop_source();
    m_scope.start(check(tenant, credential, m_check.get_token()), u"check tenant"_s);
}

void TenantDesk::startSignIn(const Tenant& tenant)
{
    m_signIn.request_stop();
    m_signIn = std::stop_source();
    m_scope.start(signIn(tenant, m_signIn.get_token()), u"sign in"_s);
}

void TenantDesk::synchronizeTenant(TenantId tenant)
{
    m_scope.start(synchronize(tenant), u"synchronize tenant"_s);
}

void TenantDesk::loadDeviceDetail(DeviceKey device)
{
    m_scope.start(readDetail(device), u"device detail"_s);
}

void TenantDesk::answerSuggestion(PartnershipId partnership, ManagedDeviceId device, bool accept)
{
    m_scope.start(answer(partnership, device, accept), u"answer a suggestion"_s);
}

void TenantDesk::performDeviceAction(const DeviceActionRequest& request)
{
    m_scope.start(act(request), u"device action"_s);
}

QCoro::Task<Expected<void>> TenantDesk::act(DeviceActionRequest request)
{
    Expected<void> done = ready();
    if (done)
        done = co_await m_session->performDeviceAction(request, m_scope.token());
    emit deviceActionAnswered(request, done ? std::nullopt : std::optional(done.error()));
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> TenantDesk::save(Tenant tenant, QString credential)
{
    Expected<Tenant> saved = fail(ErrorCode::StoreUnavailable, u"the site is not open"_s);
    if (ready())
        saved = co_await m_session->saveTenant(tenant, credential);
    if (saved)
        emit tenantSaved(*saved);
    else
        emit tenantRefused(tenant, saved.error());
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> TenantDesk::remove(TenantId id)
{
    Expected<void> removed = ready();
    if (removed)
        removed = co_await m_session->removeTenant(id);
    if (!removed) {
        Tenant tenant;
        tenant.id = id;
        emit tenantRefused(tenant, removed.error());
    }
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> TenantDesk::check(Tenant tenant, QString credential, std::stop_token token)
{
    Expected<std::vector<CheckResult>> lines = fail(ErrorCode::StoreUnavailable, u"the site is not open"_s);
    if (ready()) {
        std::function<void(const CheckResult&)> report
            = [this](const CheckResult& line) { emit tenantCheckReported(line); };
        tenant.siteCode = m_session->siteCode(); // its secrets are kept under it
        lines = co_await m_session->tenantAdministration().check(tenant, credential, report, token);
    }
    if (!lines) {
        emit tenantCheckFinished(lines.error(), false);
        co_return Expected<void>();
    }
    const bool ok = std::none_of(lines->begin(), lines->end(),
        [](const CheckResult& line) { return line.required && line.outcome == CheckResult::Outcome::Fail; });
    emit tenantCheckFinished(Error(), ok);
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> TenantDesk::signIn(Tenant tenant, std::stop_token token)
{
    Expected<QString> account = fail(ErrorCode::StoreUnavailable, u"the site is not open"_s);
    if (ready()) {
        TenantAdministration::SignInSteps steps;
        steps.openBrowser = [this](const QUrl& address) -> Expected<void> {
            emit signInBrowserRequested(address);
            return {};
        };
        steps.showCode = [this](const DeviceCodePrompt& prompt) { emit signInCodeIssued(prompt); };
        tenant.siteCode = m_session->siteCode(); // saving looks for the tokens under it
        account = co_await m_session->tenantAdministration().signIn(tenant, steps, token);
    }
    if (account && tenant.id.isValid())
        m_session->retryTenant(tenant.id);
    emit signInFinished(
        account ? Error() : account.error(), account.has_value(), account.value_or(QString()));
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> TenantDesk::synchronize(TenantId id)
{
    Expected<void> asked = ready();
    if (asked)
        asked = co_await m_session->synchronizeTenant(id);
    if (!asked) {
        Tenant tenant;
        tenant.id = id;
        emit tenantRefused(tenant, asked.error());
    }
    co_return Expected<void>();
}

// What cannot be read is empty; that the site cannot be read is said by the feed.
QCoro::Task<Expected<void>> TenantDesk::readDetail(DeviceKey device)
{
    const Expected<void> open = ready();
    if (!open)
        co_return open;
    auto future = m_session->store().read(
        [device](store::Session& session) { return store::MatchRepository(session).detail(device); });
    const Expected<DeviceDetail> detail = co_await future;
    DeviceDetail found = detail.value_or(DeviceDetail());
    found.key = device;
    emit deviceDetailLoaded(found);
    co_return detail ? Expected<void>() : Expected<void>(fail(detail.error()));
}

QCoro::Task<Expected<void>> TenantDesk::answer(PartnershipId partnership, ManagedDeviceId device, bool accept)
{
    Expected<void> answered = ready();
    if (answered)
        answered = co_await m_session->answerSuggestion(partnership, device, accept);
    emit suggestionAnswered(partnership, device, answered ? std::nullopt : std::optional(answered.error()));
    co_return Expected<void>();
}

} // namespace postern::site
