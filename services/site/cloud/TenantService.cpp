#include "services/site/cloud/TenantService.h"

#include <QCoreApplication>
#include <QHostInfo>
#include <QUuid>

#include "models/base/ErrorText.h"
#include "services/store/cloud/TenantRepository.h"
#include "services/sync/cloud/DeviceActions.h"

using namespace Qt::StringLiterals;

namespace postern::site {

namespace {

QString ownerName()
{
    return u"%1:%2:%3"_s.arg(QHostInfo::localHostName())
        .arg(QCoreApplication::applicationPid())
        .arg(QUuid::createUuid().toString(QUuid::Id128).left(8));
}

TenantState stateAfter(const sync::TenantOutcome& outcome, bool everRead)
{
    if (outcome.ok)
        return TenantState::Connected;
    switch (outcome.error ? outcome.error->code : ErrorCode::Internal) {
    case ErrorCode::SignInRequired:
    case ErrorCode::SecretMissing:
        return TenantState::SignInRequired;
    case ErrorCode::ConsentRequired:
        return TenantState::ConsentRequired;
    default:
        return everRead ? TenantState::Degraded : TenantState::Disconnected;
    }
}

Expected<std::vector<std::pair<Tenant, bool>>> readTenants(store::Session& session)
{
    store::TenantRepository repository(session);
    auto tenants = repository.list();
    if (!tenants)
        return tl::unexpected(tenants.error());
    std::vector<std::pair<Tenant, bool>> rows;
    for (Tenant& tenant : *tenants) {
        auto requested = repository.isSyncRequested(tenant.id);
        if (!requested)
            return tl::unexpected(requested.error());
        rows.emplace_back(std::move(tenant), *requested);
    }
    return rows;
}

} // namespace

TenantService::TenantService(Dependencies dependencies, QObject* parent)
    : QObject(parent)
    , m_with(std::move(dependencies))
    , m_owner(ownerName())
{
    m_timer.setInterval(lookInterval);
    QObject::connect(&m_timer, &QTimer::timeout, this, &TenantService::wake);
}

TenantService::~TenantService() = default;

void TenantService::start()
{
    m_timer.start();
    wake();
}

void TenantService::wake()
{
    if (m_stopping)
        return;
    if (m_looking) {
        m_lookAgain = true;
        return;
    }
    m_looking = true;
    m_scope.start(look(), u"look at tenants"_s);
}

void TenantService::retry(TenantId tenant)
{
    if (const auto found = m_entries.find(tenant); found != m_entries.end()) {
        found->second->pace.failures = 0;
        found->second->linkRevision = -1; // the tokens of before are not asked again
    }
    wake();
}

void TenantService::pollNow(TenantId tenant)
{
    m_polls.insert(tenant);
    wake();
}

void TenantService::rematch()
{
    m_matchAgain = true;
    if (m_matching || m_stopping)
        return;
    m_matching = true;
    m_scope.start(matchAgain(), u"matching"_s);
}

QCoro::Task<Expected<void>> TenantService::matchAgain()
{
    Expected<void> outcome;
    while (m_matchAgain && !m_stopping) {
        m_matchAgain = false;
        auto reading = m_with.store.read(
            [](store::Session& session) { return store::TenantRepository(session).list(); });
        const Expected<std::vector<Tenant>> tenants = co_await reading;
        if (!tenants || tenants->empty()) {
            outcome = tenants ? Expected<void>() : Expected<void>(fail(tenants.error()));
            break;
        }
        const Expected<sync::MatchCounts> matches = co_await sync::rematch(m_with.store, m_scope.token());
        if (!matches) {
            outcome = fail(matches.error());
            break;
        }
        const sync::MatchCounts counts = *matches;
        auto writing = m_with.store.write([counts](store::Session& session) {
            return store::TenantRepository(session).recordMatches(counts.linked, counts.suggestions);
        });
        outcome = co_await writing;
    }
    m_matching = false;
    emit rematched();
    co_return outcome;
}

bool TenantService::isBusy(TenantId tenant) const
{
    const auto found = m_entries.find(tenant);
    return found != m_entries.end() && found->second->running;
}

// Rows that are gone, or switched off, end what runs for them.
void TenantService::adopt(const std::vector<std::pair<Tenant, bool>>& rows)
{
    std::map<TenantId, Shared> kept;
    for (const auto& [tenant, requested] : rows) {
        Shared& entry = m_entries[tenant.id];
        if (!entry) {
            entry = std::make_shared<Entry>();
            entry->pace.lastPoll = tenant.lastPoll;
        }
        if (entry->tenant.revision != tenant.revision)
            entry->pace.failures = 0; // somebody changed it: try again
        entry->tenant = tenant;
        entry->pace.requested = requested;
        if (!tenant.enabled)
            entry->stopRun.request_stop();
        kept.emplace(tenant.id, entry);
    }
    for (const auto& [id, entry] : m_entries) {
        if (kept.contains(id))
            continue;
        entry->stopRun.request_stop();
        if (!entry->running) // otherwise run() does it at its end
            m_scope.start(disconnect(entry), u"close tenant %1"_s.arg(entry->tenant.name));
    }
    m_entries = std::move(kept);
}

QCoro::Task<Expected<void>> TenantService::look()
{
    Expected<void> outcome;
    do {
        m_lookAgain = false;
        auto future = m_with.store.read(readTenants);
        const Expected<std::vector<std::pair<Tenant, bool>>> rows = co_await future;
        if (!rows) {
            outcome = fail(rows.error());
            break;
        }
        if (m_stopping)
            break;
        adopt(*rows);
        for (const auto& [id, entry] : m_entries) {
            if (entry->heldUntil.isValid())
                m_scope.start(keep(entry), u"keep tenant %1"_s.arg(entry->tenant.name));
            const TenantRun kind = entry->running ? TenantRun::None : runOf(*entry);
            if (kind == TenantRun::None)
                continue;
            m_polls.remove(id);
            entry->running = true;
            entry->stopRun = std::stop_source();
            m_scope.start(run(entry, kind), u"tenant %1"_s.arg(entry->tenant.name));
        }
    } while (m_lookAgain && !m_stopping);
    m_looking = false;
    emit looked();
    co_return outcome;
}

TenantRun TenantService::runOf(const Entry& entry) const
{
    const bool asked = m_polls.contains(entry.tenant.id) && entry.tenant.enabled;
    if (m_with.schedules || entry.pace.requested) {
        const TenantDue due = tenantDue(entry.tenant, entry.pace, m_with.clock.now(), m_with.zone);
        if (due.run == TenantRun::Full || !asked)
            return due.run;
    }
    if (!asked)
        return TenantRun::None;
    return entry.pace.lastPoll ? TenantRun::Poll : TenantRun::Full;
}

QCoro::Task<Expected<void>> TenantService::run(Shared entry, TenantRun kind)
{
    const Expected<void> held = co_await hold(entry);
    Expected<void> outcome;
    if (held)
        outcome = co_await runHeld(entry, kind);
    else if (held.error().code != ErrorCode::LeaseHeld) // another service does it
        outcome = held;
    entry->running = false;
    if (!held)
        emit ended(entry->tenant.id, held.error(), ErrorText::sentence(held.error()));
    if (!m_entries.contains(entry->tenant.id))
        co_await disconnect(entry);
    co_return outcome;
}

QCoro::Task<Expected<void>> TenantService::disconnect(Shared entry)
{
    if (entry->link)
        co_await entry->link->close();
    entry->link.reset();
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> TenantService::hold(Shared entry)
{
    const QDateTime now = m_with.clock.now();
    if (entry->heldUntil.isValid() && now.msecsTo(entry->heldUntil) > leaseTime.count() / 2)
        co_return Expected<void>();
    const TenantId id = entry->tenant.id;
    const QString owner = m_owner;
    auto future = m_with.store.write([=](store::Session& session) {
        return store::TenantRepository(session).hold(id, owner, now, leaseTime);
    });
    const Expected<void> held = co_await future;
    if (held)
        entry->heldUntil = now.addMSecs(leaseTime.count());
    co_return held;
}

// Somebody else has it: this process slept for longer than the lease.
QCoro::Task<Expected<void>> TenantService::keep(Shared entry)
{
    const Expected<void> held = co_await hold(entry);
    if (held)
        co_return held;
    entry->heldUntil = QDateTime();
    entry->stopRun.request_stop();
    co_return held.error().code == ErrorCode::LeaseHeld ? Expected<void>() : held;
}

QCoro::Task<Expected<void>> TenantService::connect(Shared entry)
{
    if (entry->link && entry->linkRevision == entry->tenant.revision)
        co_return Expected<void>();
    co_await disconnect(entry);
    auto made = m_with.connect(entry->tenant);
    if (!made)
        co_return fail(made.error());
    entry->link = std::move(*made);
    entry->linkRevision = entry->tenant.revision;
    co_return Expected<void>();
}

QCoro::Task<Expected<void>> TenantService::runHeld(Shared entry, TenantRun kind)
{
    const QDateTime begun = m_with.clock.now();
    Tenant tenant = entry->tenant;
    tenant.lastPoll = entry->pace.lastPoll;
    sync::TenantOutcome outcome;
    const Expected<void> connected = co_await connect(entry);
    if (!connected) {
        outcome.error = connected.error();
        outcome.sentence = ErrorText::sentence(connected.error());
        if (kind == TenantRun::Full)
            co_await recordUnreachable(entry, begun, outcome.sentence);
    } else {
        if (kind == TenantRun::Full)
            co_await setState(entry, TenantState::Synchronizing, QString());
        sync::TenantSync sync(tenant, {entry->link->cloud(), m_with.store, m_with.log, m_with.clock},
            sync::TenantSyncOptions());
        const std::stop_token stop = entry->stopRun.get_token();
        sync::TenantProgress progress
            = [this, id = tenant.id](const QString& step, qint64 count) { emit progressed(id, step, count); };
        if (kind == TenantRun::Full)
            outcome = co_await sync.full(std::move(progress), stop);
        else
            outcome = co_await sync.poll(stop);
        if (outcome.ok)
            co_await sync::followActions(entry->link->cloud(), m_with.store, m_with.clock, tenant.id, stop);
    }
    conclude(entry, kind, outcome, begun);
    const bool cancelled = outcome.error && outcome.error->code == ErrorCode::Cancelled;
    const TenantState state
        = cancelled ? tenant.state : stateAfter(outcome, entry->pace.lastPoll.has_value());
    const QString detail = outcome.ok || cancelled ? QString() : outcome.sentence;
    if (kind == TenantRun::Full || state != tenant.state || detail != tenant.stateDetail)
        co_await setState(entry, state, detail);
    emit ended(tenant.id, outcome.error, outcome.sentence);
    co_return Expected<void>();
}

// The run that was asked for took place, or it would be begun again at every look.
QCoro::Task<void> TenantService::recordUnreachable(Shared entry, QDateTime begun, QString sentence)
{
    const TenantId id = entry->tenant.id;
    const QDateTime now = m_with.clock.now();
    auto future = m_with.store.write([=](store::Session& session) -> Expected<void> {
        store::TenantRepository tenants(session);
        auto found = tenants.find(id);
        if (!found || !*found)
            return found ? Expected<void>() : fail(found.error());
        Tenant row = **found;
        row.lastSyncStart = begun;
        row.lastSyncEnd = now;
        row.lastSyncResult = sentence;
        return tenants.record(row);
    });
    co_await future;
}

void TenantService::conclude(
    const Shared& entry, TenantRun kind, const sync::TenantOutcome& outcome, const QDateTime& begun)
{
    TenantPace& pace = entry->pace;
    if (outcome.ok) {
        pace.failures = 0;
        pace.lastPoll = begun;
        pace.fullFailures = kind == TenantRun::Full ? 0 : pace.fullFailures;
    } else if (!outcome.error || outcome.error->code != ErrorCode::Cancelled) {
        ++pace.failures;
        pace.failedAt = m_with.clock.now();
        if (kind == TenantRun::Full) {
            ++pace.fullFailures;
            pace.fullFailedAt = pace.failedAt;
        }
    }
}

QCoro::Task<Expected<void>> TenantService::setState(Shared entry, TenantState state, QString detail)
{
    const TenantId id = entry->tenant.id;
    auto future = m_with.store.write([=](store::Session& session) {
        return store::TenantRepository(session).setState(id, state, detail);
    });
    const Expected<void> stored = co_await future;
    if (stored) {
        entry->tenant.state = state;
        entry->tenant.stateDetail = detail;
    }
    co_return stored;
}

QCoro::Task<void> TenantService::stop()
{
    m_stopping = true;
    m_timer.stop();
    for (const auto& [id, entry] : m_entries)
        entry->stopRun.request_stop();
    co_await m_scope.stop();
    const std::map<TenantId, Shared> entries = std::exchange(m_entries, {});
    const QString owner = m_owner;
    for (auto it = entries.begin(); it != entries.end(); ++it) {
        const TenantId id = it->first;
        if (it->second->link)
            co_await it->second->link->close();
        if (!it->second->heldUntil.isValid())
            continue;
        auto future = m_with.store.write(
            [=](store::Session& session) { return store::TenantRepository(session).release(id, owner); });
        const Expected<void> released = co_await future;
        if (!released)
            break; // it expires by itself
    }
}

} // namespace postern::site
