#include "app/agent/commands/TenantFollow.h"

#include <QCoroFuture>
#include <QElapsedTimer>
#include <QJsonArray>

#include "models/base/EnumText.h"
#include "services/core/Await.h"
#include "services/store/cloud/TenantRepository.h"

using namespace Qt::StringLiterals;

namespace postern::agent {

namespace {

constexpr std::chrono::milliseconds lookEvery{200};
constexpr qint64 progressMs = 1000; // between two lines of one step

// What the service of this process says of one tenant. Outlived by nothing: its connections go with it.
class RunWatch : public QObject
{
public:
    RunWatch(site::TenantService* service, TenantId tenant, Terminal* terminal)
        : m_tenant(tenant)
        , m_terminal(terminal)
    {
        connect(service, &site::TenantService::progressed, this, &RunWatch::onProgress);
        connect(service, &site::TenantService::ended, this, &RunWatch::onEnd);
    }

    // The end that came since the last call.
    [[nodiscard]] std::optional<TenantEnd> takeEnd() { return std::exchange(m_end, std::nullopt); }
    [[nodiscard]] bool isElsewhere() const { return m_elsewhere; }

private:
    void onProgress(TenantId tenant, const QString& step, qint64 count)
    {
        if (tenant != m_tenant || (step == m_step && m_said.isValid() && !m_said.hasExpired(progressMs)))
            return;
        m_step = step;
        m_said.start();
        m_terminal->note(count > 0 ? u"Intune: %1 %2"_s.arg(count).arg(step) : u"Intune: %1"_s.arg(step));
    }
    void onEnd(TenantId tenant, const std::optional<Error>& error, const QString& sentence)
    {
        if (tenant != m_tenant)
            return;
        if (error && error->code == ErrorCode::LeaseHeld) {
            if (!std::exchange(m_elsewhere, true))
                m_terminal->note(
                    u"Another service (%1) reads this tenant; waiting for it."_s.arg(error->detail));
            return;
        }
        m_end = TenantEnd{{}, !error, sentence};
    }

    TenantId m_tenant;
    Terminal* m_terminal;
    std::optional<TenantEnd> m_end;
    QString m_step;
    QElapsedTimer m_said;
    bool m_elsewhere = false;
};

struct Stored
{
    Tenant tenant;
    bool requested = false;
};

Expected<Stored> readStored(store::Session& session, const Tenant& wanted)
{
    store::TenantRepository tenants(session);
    const auto tenant = tenants.find(wanted.id);
    if (!tenant)
        return fail(tenant.error());
    if (!*tenant)
        return fail(ErrorCode::NotFound, u"it was removed meanwhile"_s, u"tenant \"%1\""_s.arg(wanted.name));
    const auto requested = tenants.isSyncRequested(wanted.id);
    if (!requested)
        return fail(requested.error());
    return Stored{**tenant, *requested};
}

// Another process does it: its rows are all that is seen of it.
std::optional<TenantEnd> endElsewhere(const Stored& now, TenantReading reading, const QDateTime& asked)
{
    if (now.requested || now.tenant.state == TenantState::Synchronizing)
        return std::nullopt;
    const bool ok = now.tenant.state == TenantState::Connected;
    if (reading == TenantReading::Full)
        return TenantEnd{{}, ok, now.tenant.lastSyncResult};
    if (!ok)
        return TenantEnd{{}, false, now.tenant.stateDetail};
    if (!now.tenant.lastPoll || *now.tenant.lastPoll < asked)
        return std::nullopt;
    return TenantEnd{{}, true, u"The other service looked for changes."_s};
}

QCoro::Task<Expected<TenantEnd>> follow(
    site::SiteSession* session, Tenant tenant, TenantReading reading, RunWatch* watch, std::stop_token stop)
{
    const QDateTime asked = QDateTime::currentDateTimeUtc();
    while (true) {
        const bool goOn = co_await core::delay(lookEvery, stop);
        if (!goOn)
            co_return fail(ErrorCode::Cancelled, {}, u"the synchronization of %1"_s.arg(tenant.name));
        std::optional<TenantEnd> end = watch->takeEnd();
        auto work = session->store().read([tenant](store::Session& s) { return readStored(s, tenant); });
        const Expected<Stored> now = co_await work;
        if (!now)
            co_return fail(now.error());
        if (!end && watch->isElsewhere())
            end = endElsewhere(*now, reading, asked);
        // A run that was under way when this one was asked for has ended: ours follows it.
        if (!end || (reading == TenantReading::Full && now->requested))
            continue;
        end->tenant = now->tenant;
        co_return *end;
    }
}

} // namespace

QCoro::Task<Expected<std::vector<Tenant>>> tenantsOf(site::SiteSession* session, QString name)
{
    auto work = session->store().read([](store::Session& s) { return store::TenantRepository(s).list(); });
    Expected<std::vector<Tenant>> tenants = co_await work;
    if (!tenants || name.isEmpty())
        co_return tenants;
    std::erase_if(*tenants, [&name](const Tenant& t) {
        return t.name.compare(name, Qt::CaseInsensitive) != 0
            && t.tenantId.compare(name, Qt::CaseInsensitive) != 0;
    });
    if (tenants->empty())
        co_return fail(ErrorCode::NotFound, {}, u"tenant \"%1\""_s.arg(name));
    co_return tenants;
}

QCoro::Task<Expected<Tenant>> oneTenant(site::SiteSession* session, QString name)
{
    const Expected<std::vector<Tenant>> tenants = co_await tenantsOf(session, name);
    if (!tenants)
        co_return fail(tenants.error());
    if (tenants->empty())
        co_return fail(ErrorCode::NotFound, u"connect one with: intune connect"_s, u"a tenant"_s);
    if (tenants->size() > 1)
        co_return fail(ErrorCode::InvalidInput, u"there are several: name one, see intune list"_s, u"NAME"_s);
    const Tenant found = tenants->front();
    co_return Tenant(found);
}

QCoro::Task<Expected<TenantEnd>> readTenant(site::SiteSession* session, Tenant tenant, TenantReading reading,
    Terminal* terminal, std::stop_token stop)
{
    if (!tenant.enabled)
        co_return fail(ErrorCode::Unsupported, u"it is switched off"_s, u"tenant \"%1\""_s.arg(tenant.name));
    RunWatch watch(session->tenantService(), tenant.id, terminal);
    if (reading == TenantReading::Full) {
        const Expected<void> asked = co_await session->synchronizeTenant(tenant.id);
        if (!asked)
            co_return fail(asked.error());
    } else {
        session->tenantService()->pollNow(tenant.id);
    }
    const Expected<TenantEnd> end = co_await follow(session, tenant, reading, &watch, stop);
    if (!end)
        co_return fail(end.error());
    const QString sentence = u"%1: %2"_s.arg(tenant.name, end->sentence);
    if (end->ok)
        terminal->print(sentence);
    else
        terminal->note(sentence);
    const TenantEnd result = *end;
    co_return TenantEnd(result);
}

QJsonObject toJson(const TenantEnd& end)
{
    return {{u"tenant"_s, end.tenant.name}, {u"state"_s, end.ok ? u"Done"_s : u"Failed"_s},
        {u"result"_s, end.sentence}, {u"devices"_s, end.tenant.deviceCount},
        {u"users"_s, end.tenant.userCount}, {u"groups"_s, end.tenant.groupCount},
        {u"matched"_s, end.tenant.matchedCount}, {u"suggestions"_s, end.tenant.suggestionCount}};
}

QJsonObject tenantJson(const Tenant& tenant)
{
    const auto time = [](const std::optional<QDateTime>& at) {
        return at ? QJsonValue(at->toString(Qt::ISODateWithMs)) : QJsonValue();
    };
    QJsonArray permissions;
    for (const TenantPermission& one : tenant.permissions) {
        permissions.append(QJsonObject{{u"name"_s, one.name}, {u"granted"_s, one.granted},
            {u"essential"_s, one.essential}, {u"lost"_s, one.granted ? QString() : one.lost}});
    }
    return {{u"name"_s, tenant.name}, {u"tenantId"_s, tenant.tenantId}, {u"clientId"_s, tenant.clientId},
        {u"cloud"_s, enumText(tenant.cloud).toString()}, {u"signIn"_s, enumText(tenant.signIn).toString()},
        {u"account"_s, tenant.account}, {u"organization"_s, tenant.organizationName},
        {u"enabled"_s, tenant.enabled}, {u"state"_s, enumText(tenant.state).toString()},
        {u"stateDetail"_s, tenant.stateDetail}, {u"fullSchedule"_s, tenant.fullSchedule},
        {u"pollSeconds"_s, tenant.pollSeconds}, {u"devices"_s, tenant.deviceCount},
        {u"users"_s, tenant.userCount}, {u"groups"_s, tenant.groupCount}, {u"matched"_s, tenant.matchedCount},
        {u"suggestions"_s, tenant.suggestionCount}, {u"lastSyncStart"_s, time(tenant.lastSyncStart)},
        {u"lastSyncEnd"_s, time(tenant.lastSyncEnd)}, {u"lastPoll"_s, time(tenant.lastPoll)},
        {u"lastSyncResult"_s, tenant.lastSyncResult}, {u"permissions"_s, permissions}};
}

} // namespace postern::agent
