#include "services/sync/Inactivity.h"

#include <QHash>

namespace postern::sync {

namespace {

constexpr size_t heldLimit = 10'000;

} // namespace

Inactivity::Inactivity(SyncContext& context)
    : m_context(context)
{
    if (context.connector.maxInactiveDays > 0)
        m_cutOff = context.with.clock.now().addDays(-context.connector.maxInactiveDays);
}

quint64 Inactivity::keyOf(MailboxId mailbox, const QString& device)
{
    return quint64(qHash(device, size_t(mailbox.value) * 0x9e3779b97f4a7c15ULL));
}

QCoro::Task<Expected<void>> Inactivity::load(std::stop_token token)
{
    if (!m_cutOff)
        co_return Expected<void>();
    const ConnectorId connector = m_context.connector.id;
    const QDateTime before = *m_cutOff;
    using Keys = std::vector<std::pair<quint64, bool>>;
    auto work = [connector, before](store::Session& session) -> Expected<Keys> {
        Keys keys;
        auto add = [&keys](MailboxId mailbox, const QString& device, bool gone) {
            keys.emplace_back(keyOf(mailbox, device), gone);
        };
        if (auto read = store::PartnershipRepository(session).eachInactive(connector, before, add); !read)
            return tl::unexpected(read.error());
        return keys;
    };
    const Expected<Keys> keys = co_await m_context.write(std::move(work), token);
    if (!keys)
        co_return fail(keys.error());
    for (const auto& [key, gone] : *keys) {
        m_known.insert(key);
        if (!gone)
            m_present.insert(key);
    }
    co_return Expected<void>();
}

void Inactivity::restart()
{
    m_held.clear();
}

bool Inactivity::hold(store::PartnershipRow& row)
{
    if (m_known.empty() || m_held.size() >= heldLimit)
        return false;
    if (!m_known.contains(keyOf(row.mailboxId, row.partnership.easDeviceId.normalised())))
        return false;
    m_held.push_back(std::move(row));
    return true;
}

bool Inactivity::knows(const store::PartnershipRow& row) const
{
    return m_known.contains(keyOf(row.mailboxId, row.partnership.easDeviceId.normalised()));
}

std::vector<store::MailboxRef> Inactivity::heldOwners() const
{
    std::vector<store::MailboxRef> owners;
    owners.reserve(m_held.size());
    for (const store::PartnershipRow& row : m_held)
        owners.push_back({row.mailboxId, QUuid(), row.partnership.ownerIdentity});
    return owners;
}

void Inactivity::see(const store::StatisticsRow& row)
{
    if (m_known.empty() || !m_cutOff)
        return;
    const auto& success = row.statistics.lastSuccessSync;
    const bool isActive = !success || *success >= *m_cutOff;
    if (isActive && m_known.contains(keyOf(row.mailboxId, row.statistics.easDeviceId.normalised())))
        m_active.push_back(row);
}

void Inactivity::keep(const std::vector<MailboxId>& notRead)
{
    for (const MailboxId mailbox : notRead)
        m_notRead.insert(mailbox.value);
}

QCoro::Task<Expected<void>> Inactivity::bringIn(std::stop_token token)
{
    std::unordered_set<quint64> active;
    for (const store::StatisticsRow& row : m_active)
        active.insert(keyOf(row.mailboxId, row.statistics.easDeviceId.normalised()));
    const auto comesIn = [&](const store::PartnershipRow& row) {
        const quint64 key = keyOf(row.mailboxId, row.partnership.easDeviceId.normalised());
        return active.contains(key) || (m_notRead.contains(row.mailboxId.value) && m_present.contains(key));
    };
    const auto split = std::partition(m_held.begin(), m_held.end(), std::not_fn(comesIn));
    const std::vector<store::PartnershipRow> rows(split, m_held.end());
    m_held.erase(split, m_held.end()); // held() counts the others
    if (rows.empty())
        co_return Expected<void>();
    const ConnectorId connector = m_context.connector.id;
    const store::SyncRunId run = m_context.run.id;
    const QDateTime now = m_context.with.clock.now();
    const std::vector<store::StatisticsRow> statistics = m_active;
    auto work = [=](store::Session& session) -> Expected<store::PageCounts> {
        store::PartnershipRepository partnerships(session);
        auto counts = partnerships.upsertPage(connector, run, rows, now);
        if (!counts)
            return counts;
        if (auto applied = partnerships.applyStatistics(connector, statistics, now); !applied)
            return tl::unexpected(applied.error());
        return counts;
    };
    const Expected<store::PageCounts> stored = co_await m_context.write(std::move(work), token);
    if (!stored)
        co_return fail(stored.error());
    m_context.progress.counts.added += stored->added;
    co_return Expected<void>();
}

} // namespace postern::sync
