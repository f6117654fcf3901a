// One list of a tenant on its way into the store, page by page: a page is stored before the next is asked for
// (the reader has it under way meanwhile). What a whole listing did not have is gone, unless an object of it
// could not be understood or it is suspiciously short (SYN-05, 06). Service thread. Errors: those of the
// reader and the store; what was stored before stays.
#pragma once

#include <QCoroFuture>
#include <QCoroTask>
#include <functional>

#include "models/domain/Tenant.h"
#include "services/core/Clock.h"
#include "services/graph/PageReader.h"
#include "services/store/Store.h"
#include "services/store/cloud/ObjectTable.h"
#include "services/store/cloud/TenantRepository.h"
#include "services/tracelog/TraceLogWriter.h"

namespace postern::sync {

struct TenantCounts
{
    qint64 read = 0, added = 0, changed = 0, removed = 0;
    qint64 unusable = 0; // objects that gave no row: what they would have been does not count as gone
    bool operator==(const TenantCounts&) const = default;
};

struct TenantListed
{
    TenantCounts counts;
    qint64 previous = 0; // rows before a whole listing
    bool guarded = false; // it was suspiciously short: nothing was removed
};

using TenantProgress = std::function<void(const QString& step, qint64 done)>; // English: "people", 2000

template <class T, class Rows> class TenantListing
{
public:
    struct Dependencies
    {
        store::Store& store;
        tracelog::TraceLogWriter& log;
        const core::Clock& clock;
    };

    TenantListing(TenantId tenant, QString what, Dependencies dependencies, TenantProgress progress)
        : m_tenant(tenant)
        , m_what(std::move(what))
        , m_with(dependencies)
        , m_progress(std::move(progress))
    {
    }

    // Asked about what a whole list did not have: those that the other side says it has no more. Without it
    // the list is believed.
    using ConfirmGone = std::function<QCoro::Task<Expected<QStringList>>(QStringList, std::stop_token)>;
    void confirmBy(ConfirmGone confirm) { m_confirm = std::move(confirm); }

    // The whole list; `shrinkConfirmed`: an administrator accepted that it is shorter.
    QCoro::Task<Expected<TenantListed>> whole(
        std::unique_ptr<graph::PageReader<T>> reader, bool shrinkConfirmed, std::stop_token token);
    // A part of it: nothing is removed.
    QCoro::Task<Expected<TenantListed>> part(
        std::unique_ptr<graph::PageReader<T>> reader, std::stop_token token);
    // What changed since the link that the reader was given, or the whole. The new link is stored with it.
    QCoro::Task<Expected<TenantListed>> delta(std::unique_ptr<graph::DeltaReader<T>> reader,
        store::DeltaList list, bool shrinkConfirmed, std::stop_token token);

private:
    QCoro::Task<Expected<void>> put(graph::Page<T> page, QStringList removed);
    QCoro::Task<Expected<void>> putAll(graph::PageReader<T>* reader, std::stop_token token);
    QCoro::Task<Expected<void>> countPrevious();
    QCoro::Task<Expected<void>> confirmAbsent(bool shrinkConfirmed, std::stop_token token);
    QCoro::Task<Expected<void>> end(
        bool isWhole, bool shrinkConfirmed, std::optional<store::DeltaList> list, QString link);
    [[nodiscard]] bool isShort() const
    {
        return m_listed.previous > 0 && m_seenCount * 5 < m_listed.previous * 4; // SYN-06: 80 %
    }

    TenantId m_tenant;
    QString m_what;
    Dependencies m_with;
    TenantProgress m_progress;
    ConfirmGone m_confirm;
    TenantListed m_listed;
    store::IdBitmap m_seen;
    qint64 m_seenCount = 0;
};

template <class T, class Rows>
QCoro::Task<Expected<void>> TenantListing<T, Rows>::put(graph::Page<T> page, QStringList removed)
{
    for (const ObjectProblem& problem : page.problems)
        m_with.log.write(tracelog::lines::objectProblem(problem.object, problem.reason));
    m_listed.counts.read += qint64(page.items.size());
    m_listed.counts.unusable += page.skipped;
    auto rows = std::make_shared<const std::vector<T>>(std::move(page.items));
    const TenantId tenant = m_tenant;
    const QDateTime now = m_with.clock.now();
    auto future = m_with.store.write(
        [rows, removed, tenant, now](store::Session& session) -> Expected<std::pair<store::ObjectPage, int>> {
            Rows table(session);
            auto stored = table.upsertPage(tenant, *rows, now);
            if (!stored)
                return tl::unexpected(stored.error());
            auto gone = table.markRemoved(tenant, removed, now);
            if (!gone)
                return tl::unexpected(gone.error());
            return std::pair(std::move(*stored), *gone);
        });
    const Expected<std::pair<store::ObjectPage, int>> stored = co_await future;
    if (!stored)
        co_return fail(stored.error());
    m_listed.counts.added += stored->first.counts.added;
    m_listed.counts.changed += stored->first.counts.changed;
    m_listed.counts.removed += stored->second;
    for (const qint64 id : stored->first.ids) {
        m_seenCount += id > 0 && !m_seen.contains(id) ? 1 : 0;
        m_seen.add(id);
    }
    m_progress(m_what, m_listed.counts.read);
    co_return Expected<void>();
}

template <class T, class Rows>
QCoro::Task<Expected<void>> TenantListing<T, Rows>::putAll(
    graph::PageReader<T>* reader, std::stop_token token)
{
    for (bool last = false; !last;) {
        Expected<graph::Page<T>> page = co_await reader->next(token);
        if (!page)
            co_return fail(page.error());
        last = page->last;
        const Expected<void> stored = co_await put(std::move(*page), QStringList());
        if (!stored)
            co_return fail(stored.error());
    }
    co_return Expected<void>();
}

template <class T, class Rows> QCoro::Task<Expected<void>> TenantListing<T, Rows>::countPrevious()
{
    const TenantId tenant = m_tenant;
    auto future
        = m_with.store.read([tenant](store::Session& session) { return Rows(session).count(tenant); });
    const Expected<qint64> count = co_await future;
    if (!count)
        co_return fail(count.error());
    m_listed.previous = *count;
    co_return Expected<void>();
}

// A row that a listing lacks between two pages counts as seen when it is still there.
template <class T, class Rows>
QCoro::Task<Expected<void>> TenantListing<T, Rows>::confirmAbsent(bool shrinkConfirmed, std::stop_token token)
{
    const bool removes = m_listed.counts.unusable == 0 && (shrinkConfirmed || !isShort());
    if (!m_confirm || !removes || m_listed.previous + m_listed.counts.added <= m_seenCount)
        co_return Expected<void>();
    const TenantId tenant = m_tenant;
    auto future = m_with.store.read([tenant](store::Session& session) { return Rows(session).ids(tenant); });
    const Expected<QHash<QString, qint64>> present = co_await future;
    if (!present)
        co_return fail(present.error());
    QHash<QString, qint64> absent;
    for (auto it = present->cbegin(); it != present->cend(); ++it) {
        if (!m_seen.contains(it.value()))
            absent.insert(it.key(), it.value());
    }
    if (absent.isEmpty())
        co_return Expected<void>();
    const QStringList asked = absent.keys();
    const Expected<QStringList> gone = co_await m_confirm(asked, token);
    if (!gone && gone.error().code == ErrorCode::Unsupported)
        co_return Expected<void>();
    if (!gone)
        co_return fail(gone.error());
    for (const QString& id : *gone)
        absent.remove(store::objectKey(id));
    for (const qint64 id : std::as_const(absent))
        m_seen.add(id);
    co_return Expected<void>();
}

template <class T, class Rows>
QCoro::Task<Expected<void>> TenantListing<T, Rows>::end(
    bool isWhole, bool shrinkConfirmed, std::optional<store::DeltaList> list, QString link)
{
    m_listed.guarded = isWhole && !shrinkConfirmed && isShort();
    if (m_listed.guarded) {
        m_with.log.write(tracelog::lines::shrinkGuard(m_what, m_listed.previous, m_seenCount));
        co_return Expected<void>(); // without the link, so that the next run lists again
    }
    const bool removes = isWhole && m_listed.counts.unusable == 0;
    auto seen = std::make_shared<const store::IdBitmap>(std::move(m_seen));
    const TenantId tenant = m_tenant;
    const QDateTime now = m_with.clock.now();
    auto future = m_with.store.write(
        [seen, removes, list, link, tenant, now](store::Session& session) -> Expected<int> {
            int gone = 0;
            if (removes) {
                auto marked = Rows(session).markGone(tenant, *seen, now);
                if (!marked)
                    return marked;
                gone = *marked;
            }
            if (list && !link.isEmpty()) {
                if (auto stored = store::TenantRepository(session).setDeltaLink(tenant, *list, link); !stored)
                    return tl::unexpected(stored.error());
            }
            return gone;
        });
    const Expected<int> gone = co_await future;
    if (!gone)
        co_return fail(gone.error());
    m_listed.counts.removed += *gone;
    co_return Expected<void>();
}

template <class T, class Rows>
QCoro::Task<Expected<TenantListed>> TenantListing<T, Rows>::whole(
    std::unique_ptr<graph::PageReader<T>> reader, bool shrinkConfirmed, std::stop_token token)
{
    const Expected<void> counted = co_await countPrevious();
    if (!counted)
        co_return fail(counted.error());
    const Expected<void> read = co_await putAll(reader.get(), token);
    if (!read)
        co_return fail(read.error());
    const Expected<void> confirmed = co_await confirmAbsent(shrinkConfirmed, token);
    if (!confirmed)
        co_return fail(confirmed.error());
    const Expected<void> ended = co_await end(true, shrinkConfirmed, std::nullopt, QString());
    if (!ended)
        co_return fail(ended.error());
    TenantListed listed = m_listed;
    co_return listed;
}

template <class T, class Rows>
QCoro::Task<Expected<TenantListed>> TenantListing<T, Rows>::part(
    std::unique_ptr<graph::PageReader<T>> reader, std::stop_token token)
{
    const Expected<void> read = co_await putAll(reader.get(), token);
    if (!read)
        co_return fail(read.error());
    TenantListed listed = m_listed;
    co_return listed;
}

template <class T, class Rows>
QCoro::Task<Expected<TenantListed>> TenantListing<T, Rows>::delta(
    std::unique_ptr<graph::DeltaReader<T>> reader, store::DeltaList list, bool shrinkConfirmed,
    std::stop_token token)
{
    const Expected<void> counted = co_await countPrevious();
    if (!counted)
        co_return fail(counted.error());
    bool isWhole = false;
    QString link;
    for (bool last = false; !last;) {
        Expected<graph::DeltaPage<T>> page = co_await reader->next(token);
        if (!page)
            co_return fail(page.error());
        if (page->restarted) {
            isWhole = true;
            m_seen = store::IdBitmap();
            m_seenCount = 0;
            m_listed.counts.unusable = 0;
        }
        last = page->page.last;
        link = page->deltaLink;
        const Expected<void> stored = co_await put(std::move(page->page), page->removed);
        if (!stored)
            co_return fail(stored.error());
    }
    const Expected<void> ended = co_await end(isWhole, shrinkConfirmed, list, link);
    if (!ended)
        co_return fail(ended.error());
    TenantListed listed = m_listed;
    co_return listed;
}

} // namespace postern::sync
