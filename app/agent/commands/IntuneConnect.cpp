// intune connect: saves a tenant with the credential that comes on standard input, in a file, or from a
// person who signs in elsewhere with a code.
#include <QCoroFuture>
#include <QFile>

#include "app/agent/commands/ConnectorOptions.h"
#include "app/agent/commands/TenantFollow.h"
#include "models/base/EnumText.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

// A certificate with its key is some kilobytes.
constexpr qint64 largestCertificate = 256 * 1024;

Expected<TenantSignIn> signInOf(const CommandLine& line)
{
    const std::pair<QString, TenantSignIn> ways[] = {{u"secret-stdin"_s, TenantSignIn::Secret},
        {u"certificate"_s, TenantSignIn::Certificate}, {u"device-code"_s, TenantSignIn::DeviceCode}};
    std::optional<TenantSignIn> chosen;
    for (const auto& [option, method] : ways) {
        if (!line.has(option))
            continue;
        if (chosen)
            return fail(ErrorCode::InvalidInput, u"only one of them"_s,
                u"--secret-stdin, --certificate, --device-code"_s);
        chosen = method;
    }
    if (!chosen)
        return fail(ErrorCode::InvalidInput, u"one of them is needed"_s,
            u"--secret-stdin, --certificate PEM, --device-code"_s);
    return *chosen;
}

Expected<QString> certificateText(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::InvalidInput, file.errorString(), u"--certificate %1"_s.arg(path));
    const QByteArray text = file.read(largestCertificate + 1);
    if (text.size() > largestCertificate)
        return fail(ErrorCode::InvalidInput, u"larger than a certificate"_s, u"--certificate %1"_s.arg(path));
    return QString::fromUtf8(text);
}

Expected<QString> credentialOf(const CommandLine& line, TenantSignIn method)
{
    if (method == TenantSignIn::Certificate)
        return certificateText(line.value(u"certificate"_s));
    if (method != TenantSignIn::Secret)
        return QString();
    auto secret = passwordFromStandardInput();
    if (!secret)
        return fail(ErrorCode::InvalidInput, secret.error().detail, u"--secret-stdin"_s);
    return secret;
}

Expected<void> applyNumbers(const CommandLine& line, Tenant& tenant)
{
    if (line.has(u"cloud"_s)) {
        const auto cloud = enumFromText<NationalCloud>(line.value(u"cloud"_s));
        if (!cloud)
            return fail(ErrorCode::InvalidInput, u"global, usGovHigh, usGovDod or china"_s,
                u"--cloud %1"_s.arg(line.value(u"cloud"_s)));
        tenant.cloud = *cloud;
    }
    if (!line.has(u"poll-seconds"_s))
        return {};
    bool ok = false;
    tenant.pollSeconds = line.value(u"poll-seconds"_s).toInt(&ok);
    return ok ? Expected<void>()
              : fail(ErrorCode::InvalidInput, u"a whole number"_s,
                  u"--poll-seconds %1"_s.arg(line.value(u"poll-seconds"_s)));
}

// What the line says over what is stored; what it does not name stays.
Expected<Tenant> withOptions(Tenant tenant, const CommandLine& line, TenantSignIn method)
{
    const std::pair<QString, QString*> texts[]
        = {{u"tenant"_s, &tenant.tenantId}, {u"client-id"_s, &tenant.clientId}, {u"name"_s, &tenant.name},
            {u"authority"_s, &tenant.authority}, {u"graph-url"_s, &tenant.graphUrl},
            {u"ca-file"_s, &tenant.caFile}, {u"full-schedule"_s, &tenant.fullSchedule}};
    for (const auto& [option, target] : texts) {
        if (line.has(option))
            *target = line.value(option).trimmed();
    }
    if (tenant.name.isEmpty())
        tenant.name = tenant.tenantId;
    tenant.signIn = method;
    if (auto numbers = applyNumbers(line, tenant); !numbers)
        return fail(numbers.error());
    return tenant;
}

// The stored tenant of that id, or a new one.
QCoro::Task<Expected<Tenant>> startFrom(site::SiteSession* session, QString tenantId)
{
    const Expected<std::vector<Tenant>> tenants = co_await tenantsOf(session, QString());
    if (!tenants)
        co_return fail(tenants.error());
    Tenant found;
    for (const Tenant& tenant : *tenants) {
        if (tenant.tenantId.compare(tenantId, Qt::CaseInsensitive) == 0)
            found = tenant;
    }
    found.siteCode = session->siteCode();
    co_return Tenant(found);
}

QCoro::Task<Expected<void>> signIn(
    site::SiteSession* session, Tenant tenant, Terminal* terminal, std::stop_token stop)
{
    site::TenantAdministration::SignInSteps steps;
    steps.showCode = [terminal](const DeviceCodePrompt& prompt) {
        terminal->note(u"Open %1 and enter the code %2 (until %3 UTC)."_s.arg(
            prompt.verificationUrl, prompt.userCode, prompt.expiresAt.toUTC().toString(u"HH:mm:ss"_s)));
    };
    const Expected<QString> account
        = co_await session->tenantAdministration().signIn(tenant, std::move(steps), stop);
    if (!account)
        co_return fail(account.error());
    terminal->note(u"Signed in as %1."_s.arg(*account));
    co_return Expected<void>();
}

QCoro::Task<Expected<Tenant>> connectOn(site::SiteSession* session, CommandLine line, TenantSignIn method,
    QString credential, Terminal* terminal, std::stop_token stop)
{
    const Expected<Tenant> stored = co_await startFrom(session, line.value(u"tenant"_s).trimmed());
    if (!stored)
        co_return fail(stored.error());
    const Expected<Tenant> tenant = withOptions(*stored, line, method);
    if (!tenant)
        co_return fail(tenant.error());
    if (auto valid = site::validateTenant(*tenant); !valid)
        co_return fail(valid.error());
    if (method == TenantSignIn::DeviceCode) {
        const Expected<void> signedIn = co_await signIn(session, *tenant, terminal, stop);
        if (!signedIn)
            co_return fail(signedIn.error());
    }
    Expected<Tenant> saved = co_await session->saveTenant(*tenant, credential);
    co_return saved;
}

} // namespace

QCoro::Task<Expected<void>> intuneConnect(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<TenantSignIn> method = signInOf(line);
    if (!method)
        co_return fail(method.error());
    for (const QString& option : {u"tenant"_s, u"client-id"_s}) {
        if (line.value(option).trimmed().isEmpty())
            co_return fail(ErrorCode::InvalidInput, u"it is missing"_s, u"--%1"_s.arg(option));
    }
    const Expected<QString> credential = credentialOf(line, *method);
    if (!credential)
        co_return fail(credential.error());
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    const Expected<Tenant> saved
        = co_await connectOn(session->get(), line, *method, *credential, terminal, stop);
    co_await (*session)->close();
    if (!saved)
        co_return fail(saved.error());
    terminal->print(u"Tenant %1 connected. Next: intune check, then intune sync."_s.arg(saved->name));
    terminal->printJson(QJsonDocument(tenantJson(*saved)));
    co_return Expected<void>();
}

} // namespace postern::agent
