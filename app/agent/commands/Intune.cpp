#include <QCoroFuture>
#include <QJsonArray>

#include "app/agent/commands/ConnectorOptions.h"
#include "app/agent/commands/Follow.h"
#include "app/agent/commands/TenantFollow.h"
#include "models/base/EnumText.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

// The name after "intune check"; empty: the only tenant.
QString nameIn(const CommandLine& line)
{
    return line.words.value(2);
}

QCoro::Task<Expected<void>> checkOn(
    site::SiteSession* session, QString name, Terminal* terminal, std::stop_token stop)
{
    const Expected<Tenant> tenant = co_await oneTenant(session, name);
    if (!tenant)
        co_return fail(tenant.error());
    std::function<void(const CheckResult&)> report
        = [terminal](const CheckResult& check) { terminal->print(checkLine(check)); };
    const Expected<std::vector<CheckResult>> results
        = co_await session->tenantAdministration().check(*tenant, QString(), report, stop);
    if (!results)
        co_return fail(results.error());
    QJsonArray json;
    int failed = 0;
    for (const CheckResult& check : *results) {
        json.append(checkJson(check));
        failed += check.required && check.outcome == CheckResult::Outcome::Fail ? 1 : 0;
    }
    terminal->printJson(QJsonDocument(json));
    if (failed > 0)
        co_return fail(ErrorCode::AccessDenied,
            u"%1 required check(s) failed, see the lines marked FAIL"_s.arg(failed),
            u"intune check %1"_s.arg(tenant->name));
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> removeOn(site::SiteSession* session, QString name, Terminal* terminal)
{
    const Expected<Tenant> tenant = co_await oneTenant(session, name);
    if (!tenant)
        co_return fail(tenant.error());
    const Expected<void> removed = co_await session->removeTenant(tenant->id);
    if (!removed)
        co_return removed;
    terminal->print(u"Tenant %1 removed, with what was read from it and its credential."_s.arg(tenant->name));
    terminal->printJson(QJsonDocument(QJsonObject{{u"removed"_s, tenant->name}}));
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> syncOn(
    site::SiteSession* session, CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<Tenant> tenant = co_await oneTenant(session, nameIn(line));
    if (!tenant)
        co_return fail(tenant.error());
    const TenantReading reading = line.has(u"delta"_s) ? TenantReading::Delta : TenantReading::Full;
    const Expected<TenantEnd> end = co_await readTenant(session, *tenant, reading, terminal, stop);
    if (!end)
        co_return fail(end.error());
    terminal->printJson(QJsonDocument(toJson(*end)));
    if (!end->ok)
        co_return saidAlready();
    co_return Expected<void>();
}

void printTenants(const std::vector<Tenant>& tenants, Terminal& terminal)
{
    std::vector<QStringList> rows;
    QJsonArray json;
    for (const Tenant& t : tenants) {
        rows.push_back({t.name, enumText(t.state).toString(), t.organizationName,
            enumText(t.signIn).toString(), QString::number(t.deviceCount), QString::number(t.userCount),
            QString::number(t.matchedCount), t.tenantId});
        json.append(tenantJson(t));
    }
    terminal.printJson(QJsonDocument(json));
    if (!terminal.json())
        terminal.printTable({u"NAME"_s, u"STATE"_s, u"ORGANIZATION"_s, u"SIGN-IN"_s, u"DEVICES"_s, u"USERS"_s,
                                u"MATCHED"_s, u"TENANT"_s},
            rows);
    for (const Tenant& t : tenants) {
        if (!t.stateDetail.isEmpty())
            terminal.note(u"%1: %2"_s.arg(t.name, t.stateDetail));
    }
}

} // namespace

QCoro::Task<Expected<void>> intuneCheck(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    Expected<void> result = co_await checkOn(session->get(), nameIn(line), terminal, stop);
    co_await (*session)->close();
    co_return result;
}

QCoro::Task<Expected<void>> intuneList(CommandLine line, Terminal* terminal, std::stop_token)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    const Expected<std::vector<Tenant>> tenants = co_await tenantsOf(session->get(), QString());
    co_await (*session)->close();
    if (!tenants)
        co_return fail(tenants.error());
    printTenants(*tenants, *terminal);
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> intuneSync(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::Yes);
    if (!session)
        co_return fail(session.error());
    Expected<void> result = co_await syncOn(session->get(), line, terminal, stop);
    co_await (*session)->close();
    co_return result;
}

QCoro::Task<Expected<void>> intuneRemove(CommandLine line, Terminal* terminal, std::stop_token)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::No);
    if (!session)
        co_return fail(session.error());
    Expected<void> result = co_await removeOn(session->get(), nameIn(line), terminal);
    co_await (*session)->close();
    co_return result;
}

} // namespace postern::agent
