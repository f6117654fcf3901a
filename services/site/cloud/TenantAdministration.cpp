#include "services/site/cloud/TenantAdministration.h"

#include <QCoroFuture>

#include "models/domain/ScheduleText.h"
#include "services/identity/ClientCertificate.h"
#include "services/identity/CodeFlow.h"
#include "services/identity/DelegatedTokenSource.h"
#include "services/identity/DeviceCodeFlow.h"
#include "services/identity/GrantedPermissions.h"
#include "services/identity/Jwt.h"
#include "services/store/cloud/TenantRepository.h"

using namespace Qt::StringLiterals;

namespace postern::site {

namespace {

Expected<void> validateCredential(const Tenant& tenant, const QString& credential)
{
    if (credential.isEmpty() || tenant.signIn != TenantSignIn::Certificate)
        return {};
    auto certificate = identity::ClientCertificate::fromPem(credential.toUtf8());
    if (!certificate)
        return fail(certificate.error());
    return {};
}

std::vector<TenantPermission> permissionRows(const identity::GrantedPermissions& granted)
{
    std::vector<TenantPermission> rows;
    const QList<identity::MissingPermission> missing = identity::missingPermissions(granted);
    for (const identity::RequiredPermission& wanted : identity::requiredPermissions()) {
        const QString name = QString::fromLatin1(wanted.name);
        const bool lacks = std::any_of(missing.begin(), missing.end(),
            [&name](const identity::MissingPermission& one) { return one.name == name; });
        rows.push_back({name, !lacks, wanted.essential, QString::fromLatin1(wanted.lost)});
    }
    return rows;
}

Expected<void> storePermissions(store::Session& session, TenantId id,
    const std::vector<TenantPermission>& permissions, const QString& account, const QDateTime& now)
{
    store::TenantRepository tenants(session);
    auto found = tenants.find(id);
    if (!found || !*found)
        return found ? fail(ErrorCode::NotFound, {}, u"the tenant"_s) : tl::unexpected(found.error());
    Tenant row = **found;
    if (!permissions.empty()) {
        row.permissions = permissions;
        row.permissionsAt = now;
    }
    if (!account.isEmpty())
        row.account = account;
    return tenants.record(row);
}

} // namespace

Expected<void> validateTenant(const Tenant& tenant)
{
    if (tenant.name.trimmed().isEmpty() || tenant.name.size() > 128)
        return fail(ErrorCode::InvalidInput, u"1 to 128 characters"_s, u"the tenant's name"_s);
    if (tenant.pollSeconds != 0 && (tenant.pollSeconds < 30 || tenant.pollSeconds > 86'400))
        return fail(ErrorCode::InvalidInput, u"30 to 86400, or 0 for none"_s, u"the seconds between polls"_s);
    if (auto schedule = ScheduleText::parse(tenant.fullSchedule); !schedule)
        return fail(schedule.error());
    auto settings = identityOf(tenant);
    return settings ? Expected<void>() : fail(settings.error());
}

TenantAdministration::TenantAdministration(
    store::Store& store, identity::SecretStore& secrets, const core::Clock& clock)
    : m_store(store)
    , m_secrets(secrets)
    , m_clock(clock)
{
}

QCoro::Task<Expected<void>> TenantAdministration::keepSecret(Tenant tenant, QString credential)
{
    const QString key = tenant.secretKey();
    QString secret = credential;
    if (secret.isEmpty() && isInteractive(tenant.signIn)) {
        const Expected<QString> signedIn = co_await m_unsaved.read(key);
        if (!signedIn)
            co_return Expected<void>(); // the one that is there, or a sign-in to come
        secret = *signedIn;
    }
    if (secret.isEmpty())
        co_return Expected<void>();
    const Expected<void> written = co_await m_secrets.write(key, secret);
    if (written)
        co_await m_unsaved.remove(key);
    co_return written;
}

QCoro::Task<Expected<Tenant>> TenantAdministration::save(Tenant tenant, QString credential)
{
    const Expected<void> valid = validateTenant(tenant);
    if (!valid)
        co_return fail(valid.error());
    const Expected<void> usable = validateCredential(tenant, credential);
    if (!usable)
        co_return fail(usable.error());
    auto future = m_store.write([tenant](store::Session& session) {
        store::TenantRepository tenants(session);
        return tenant.id.isValid() ? tenants.update(tenant) : tenants.insert(tenant);
    });
    const Expected<Tenant> saved = co_await future;
    if (!saved)
        co_return saved;
    // After the row: a refused tenant does not replace the secret of its namesake.
    const Expected<void> kept = co_await keepSecret(*saved, credential);
    if (!kept)
        co_return fail(kept.error());
    const QString account = m_accounts.take(saved->secretKey());
    if (!account.isEmpty()) {
        const TenantId id = saved->id;
        const QDateTime now = m_clock.now();
        auto recording = m_store.write([=](store::Session& session) {
            return storePermissions(session, id, std::vector<TenantPermission>(), account, now);
        });
        const Expected<void> recorded = co_await recording;
        if (!recorded)
            co_return fail(recorded.error());
    }
    co_return saved;
}

QCoro::Task<Expected<void>> TenantAdministration::remove(TenantId tenant)
{
    auto finding = m_store.read(
        [tenant](store::Session& session) { return store::TenantRepository(session).find(tenant); });
    const Expected<std::optional<Tenant>> found = co_await finding;
    if (!found)
        co_return fail(found.error());
    if (!*found)
        co_return fail(ErrorCode::NotFound, {}, u"the tenant"_s);
    auto removing = m_store.write(
        [tenant](store::Session& session) { return store::TenantRepository(session).remove(tenant); });
    const Expected<void> removed = co_await removing;
    if (!removed)
        co_return removed;
    const QString key = (*found)->secretKey();
    const Expected<void> forgotten = co_await m_secrets.remove(key);
    if (!forgotten && forgotten.error().code != ErrorCode::SecretMissing)
        co_return forgotten;
    co_return Expected<void>();
}

QCoro::Task<Expected<std::vector<CheckResult>>> TenantAdministration::check(
    Tenant tenant, QString credential, std::function<void(const CheckResult&)> report, std::stop_token token)
{
    const Expected<void> usable = validateCredential(tenant, credential);
    if (!usable)
        co_return fail(usable.error());
    const QString key = tenant.secretKey();
    identity::MemorySecretStore typed;
    if (!credential.isEmpty())
        co_await typed.write(key, credential);
    const Expected<QString> signedIn = co_await m_unsaved.read(key);
    identity::SecretStore* secrets = &m_secrets;
    if (!credential.isEmpty())
        secrets = &typed;
    else if (signedIn)
        secrets = &m_unsaved;
    auto connection = TenantConnection::make(tenant, *secrets, m_clock);
    if (!connection)
        co_return fail(connection.error());
    Expected<std::vector<CheckResult>> lines
        = co_await (*connection)->cloud().check(std::move(report), token);
    if (lines && tenant.id.isValid())
        co_await recordCheck(tenant, connection->get(), token);
    co_await (*connection)->close();
    co_return lines;
}

QCoro::Task<Expected<void>> TenantAdministration::recordCheck(
    Tenant tenant, TenantConnection* connection, std::stop_token token)
{
    const Expected<identity::GrantedPermissions> granted = co_await connection->tokens().permissions(token);
    if (!granted)
        co_return fail(granted.error());
    const std::vector<TenantPermission> permissions = permissionRows(*granted);
    const TenantId id = tenant.id;
    const QDateTime now = m_clock.now();
    auto future = m_store.write(
        [=](store::Session& session) { return storePermissions(session, id, permissions, QString(), now); });
    const Expected<void> stored = co_await future;
    co_return stored;
}

QCoro::Task<Expected<QString>> TenantAdministration::signIn(
    Tenant tenant, SignInSteps steps, std::stop_token token)
{
    if (!isInteractive(tenant.signIn))
        co_return fail(ErrorCode::InvalidInput, u"an app does not sign in as a person"_s, tenant.name);
    const Expected<identity::Tenant> settings = identityOf(tenant);
    if (!settings)
        co_return fail(settings.error());
    identity::TokenClient client(*settings, nullptr, &m_clock);
    Expected<identity::TokenAnswer> answer = fail(ErrorCode::Internal, {}, {});
    if (tenant.signIn == TenantSignIn::Browser) {
        identity::CodeFlowOptions options;
        options.prompt = u"select_account"_s;
        answer = co_await identity::signInWithBrowser(&client, options, steps.openBrowser, token);
    } else {
        const Expected<identity::DeviceCode> code
            = co_await identity::beginDeviceCode(&client, QStringList(), token);
        if (!code)
            co_return fail(code.error());
        steps.showCode(DeviceCodePrompt{code->userCode, code->verificationUri.toString(), code->expiresAt});
        answer = co_await identity::awaitDeviceCode(&client, *code, token);
    }
    if (!answer)
        co_return fail(answer.error());
    const Expected<identity::SignedInPerson> person = identity::readIdToken(answer->idToken);
    const QString account = person ? person->userName : QString();
    identity::SecretStore* const store = tenant.id.isValid() ? &m_secrets : &m_unsaved;
    const QString key = tenant.secretKey();
    identity::DelegatedTokenSource source(&client, store, key);
    const Expected<void> kept = co_await source.adopt(std::move(*answer), token);
    co_await source.stop();
    if (!kept)
        co_return fail(kept.error());
    if (!tenant.id.isValid()) {
        m_accounts.insert(key, account);
        co_return account;
    }
    const TenantId id = tenant.id;
    const QDateTime now = m_clock.now();
    auto future = m_store.write([=](store::Session& session) {
        return storePermissions(session, id, std::vector<TenantPermission>(), account, now);
    });
    const Expected<void> stored = co_await future;
    if (!stored)
        co_return fail(stored.error());
    co_return account;
}

} // namespace postern::site
