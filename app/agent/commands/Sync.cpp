#include <QCoroFuture>
#include <QJsonArray>

#include "app/agent/commands/Follow.h"
#include "app/agent/commands/TenantFollow.h"
#include "services/core/Await.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

struct Results
{
    QJsonArray json;
    int read = 0;
    bool failed = false;
};

QCoro::Task<Expected<void>> syncConnectors(site::SiteSession* session, CommandLine line, RequestKind kind,
    Terminal* terminal, std::stop_token stop, Results* results)
{
    const QString name = line.value(u"connector"_s);
    const Expected<std::vector<Connector>> connectors = co_await connectorsOf(session, name);
    if (!connectors)
        co_return fail(connectors.error());
    for (size_t i = 0; i < connectors->size(); ++i) {
        const Connector connector = connectors->at(i);
        Request request;
        request.kind = kind;
        if (line.has(u"confirm-shrink"_s))
            request.parameters = "{\"shrinkConfirmed\":true}";
        const Expected<Followed> end = co_await askAndFollow(session, connector, request, terminal, stop);
        if (!end)
            co_return fail(end.error());
        if (end->job && end->job->needsConfirmation)
            terminal->note(u"%1: when that is right: sync full --confirm-shrink"_s.arg(connector.name));
        results->failed = results->failed || !end->isDone();
        results->json.append(toJson(*end));
        ++results->read;
    }
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> syncTenants(site::SiteSession* session, TenantReading reading, Terminal* terminal,
    std::stop_token stop, Results* results)
{
    const Expected<std::vector<Tenant>> tenants = co_await tenantsOf(session, QString());
    if (!tenants)
        co_return fail(tenants.error());
    for (size_t i = 0; i < tenants->size(); ++i) {
        const Tenant tenant = tenants->at(i);
        if (!tenant.enabled) {
            terminal->note(u"%1 is switched off."_s.arg(tenant.name));
            continue;
        }
        const Expected<TenantEnd> end = co_await readTenant(session, tenant, reading, terminal, stop);
        if (!end)
            co_return fail(end.error());
        results->failed = results->failed || !end->ok;
        results->json.append(toJson(*end));
        ++results->read;
    }
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> syncAll(
    site::SiteSession* session, CommandLine line, RequestKind kind, Terminal* terminal, std::stop_token stop)
{
    Results results;
    Expected<void> done = co_await syncConnectors(session, line, kind, terminal, stop, &results);
    if (done && !line.has(u"connector"_s) && !stop.stop_requested()) {
        const TenantReading reading
            = kind == RequestKind::SynchronizeFull ? TenantReading::Full : TenantReading::Delta;
        done = co_await syncTenants(session, reading, terminal, stop, &results);
    }
    if (!done)
        co_return done;
    if (results.read == 0)
        co_return fail(ErrorCode::NotFound, u"add one with: connector add, or intune connect"_s,
            u"a connector or a tenant"_s);
    terminal->printJson(QJsonDocument(results.json));
    if (results.failed)
        co_return saidAlready();
    co_return Expected<void>{};
}

QCoro::Task<Expected<void>> synchronise(
    CommandLine line, RequestKind kind, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::unique_ptr<site::SiteSession>> session = co_await openSite(line, Serve::Yes);
    if (!session)
        co_return fail(session.error());
    Expected<void> result = co_await syncAll(session->get(), line, kind, terminal, stop);
    co_await (*session)->close();
    co_return result;
}

} // namespace

QCoro::Task<Expected<void>> syncFull(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<void> result = co_await synchronise(line, RequestKind::SynchronizeFull, terminal, stop);
    co_return result;
}

QCoro::Task<Expected<void>> syncDelta(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<void> result = co_await synchronise(line, RequestKind::SynchronizeDelta, terminal, stop);
    co_return result;
}

QCoro::Task<Expected<void>> runService(CommandLine line, Terminal* terminal, std::stop_token stop)
{
    const Expected<std::unique_ptr<site::SiteSession>> session
        = co_await openSite(line, Serve::WithSchedules);
    if (!session)
        co_return fail(session.error());
    terminal->note(u"Site %1 is served; stop with SIGINT or SIGTERM."_s.arg(line.site));
    while (co_await core::delay(std::chrono::hours(24), stop)) { }
    co_await (*session)->close();
    co_return Expected<void>{};
}

} // namespace postern::agent
