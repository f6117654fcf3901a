// A whole list of Graph as a PageReader: pages mapped on the thread pool, each id once, and at the end
// whether Graph's own count was reached. Service thread. Errors: those of PageSource; Incomplete when objects
// are missing, or when page after page brings nothing new. anchors: a list that is not whole must not delete.
#pragma once

#include <QCoroFuture>
#include <QSet>
#include <QUuid>

#include "services/graph/Mapping.h"
#include "services/graph/PageSource.h"

namespace postern::graph {

// Ids that came by, in 16 bytes each. Letter case and spelling of GUIDs do not count.
class IdsSeen
{
public:
    // False when it had come before.
    bool insert(const QString& id);
    bool remove(const QString& id) { return m_ids.remove(keyOf(id)); }
    [[nodiscard]] bool contains(const QString& id) const { return m_ids.contains(keyOf(id)); }
    [[nodiscard]] qint64 size() const { return m_ids.size(); }
    void clear() { m_ids.clear(); }

private:
    [[nodiscard]] static QUuid keyOf(const QString& id);
    QSet<QUuid> m_ids;
};

// Graph's own figure against what came.
class Completeness
{
public:
    void page(const JsonBody& body);
    // After the last page, with how many different objects came.
    [[nodiscard]] Expected<void> verdict(qint64 distinct, const QString& what) const;

private:
    bool m_first = true;
    std::optional<qint64> m_declared;
};

inline constexpr int mostPagesWithoutNews = 50;

template <class T> class Listing final : public PageReader<T>
{
public:
    // `keep`: of items that Graph sent although the filter should have held them back; may be null.
    Listing(GraphClient& client, GraphRequest request, MapBody<T> map,
        std::function<bool(const T&)> keep = {}, bool checkCount = true)
        : m_source(client, std::move(request))
        , m_map(std::make_shared<MapBody<T>>(std::move(map)))
        , m_keep(std::move(keep))
        , m_checkCount(checkCount)
    {
    }

    QCoro::Task<Expected<Page<T>>> next(std::stop_token token) override
    {
        if (m_end)
            co_return fail(*m_end);
        Expected<RawPage> raw = co_await m_source.next(token);
        if (!raw)
            co_return fail(raw.error());
        if (raw->forgotten)
            co_return fail(ErrorCode::Incomplete, QStringLiteral("Graph forgot the list"), m_source.what());
        auto work = [map = m_map, body = raw->body, first = m_objects] {
            return Expected<Page<T>>((*map)(*body, first, nullptr));
        };
        QFuture<Expected<Page<T>>> future = core::runInPool(std::move(work));
        Expected<Page<T>> page = co_await future;
        if (page)
            account(*page, *raw);
        co_return std::move(page);
    }

private:
    void account(Page<T>& page, const RawPage& raw)
    {
        m_objects += raw.body->size();
        m_completeness.page(*raw.body);
        std::vector<T> fresh;
        fresh.reserve(page.items.size());
        qint64 news = page.skipped;
        m_nameless += page.skipped;
        for (T& item : page.items) {
            if (!m_seen.insert(item.id)) {
                ++page.repeated;
                continue;
            }
            ++news;
            if (!m_keep || m_keep(item))
                fresh.push_back(std::move(item));
        }
        page.items = std::move(fresh);
        m_idle = news > 0 ? 0 : m_idle + 1;
        page.last = raw.isLast();
        if (m_idle > mostPagesWithoutNews)
            m_end = Error{ErrorCode::Incomplete, QStringLiteral("page after page brings nothing new"),
                m_source.what(), std::nullopt};
        if (!page.last || !m_checkCount)
            return;
        if (const auto whole = m_completeness.verdict(m_seen.size() + m_nameless, m_source.what()); !whole) {
            // What came is handed over; that it is not all, with the next call.
            m_end = whole.error();
            page.last = false;
        }
    }

    PageSource m_source;
    std::shared_ptr<MapBody<T>> m_map;
    std::function<bool(const T&)> m_keep;
    const bool m_checkCount;
    IdsSeen m_seen;
    Completeness m_completeness;
    std::optional<Error> m_end;
    qint64 m_objects = 0;
    qint64 m_nameless = 0;
    int m_idle = 0;
};

} // namespace postern::graph
