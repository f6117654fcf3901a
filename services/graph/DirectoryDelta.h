// Users, groups or devices of the directory as a whole, and afterwards what changed (delta query). Graph
// sends of a changed object only what changed, in no order, and repeats itself; so whatever is not the first
// sight of an object in a full listing is read again, whole, in batches. When Graph has forgotten where a
// delta was (410) or cannot read the stored link, it begins again and says so in DeltaPage::restarted.
// Service thread. Errors: those of PageSource and Batch; Incomplete when it is forgotten again and again.
// graph-reference 8.
#pragma once

#include <QCoroFuture>

#include "services/graph/Batch.h"
#include "services/graph/Listing.h"

namespace postern::graph {

// What is read: users, groups or devices.
struct DeltaSubject
{
    QString collection; // "users"
    QString select;
    QString permission;
    int listCost = 1; // resource units of a page
    int readCost = 1; // of one object
};

// The first request of a full listing.
[[nodiscard]] GraphRequest fullListing(const DeltaSubject& subject);
// One object by id, for a batch.
[[nodiscard]] GraphRequest oneObject(const DeltaSubject& subject, const QString& id);
// The continuation of a stored link; the full listing when the link is not this Graph's (the tenant's address
// changed).
[[nodiscard]] GraphRequest continuation(
    const GraphClient& client, const DeltaSubject& subject, const QUrl& link);

inline constexpr int mostRestarts = 3;

template <class T> class DirectoryDelta final : public DeltaReader<T>
{
public:
    using Parse = Expected<T> (*)(const QByteArray& object, const QString& origin);

    DirectoryDelta(
        GraphClient& client, DeltaSubject subject, const QString& deltaLink, MapBody<T> map, Parse parse)
        : m_client(client)
        , m_subject(std::move(subject))
        , m_map(std::make_shared<MapBody<T>>(std::move(map)))
        , m_parse(parse)
    {
        const QUrl link = QUrl::fromEncoded(deltaLink.toLatin1());
        const bool usable = !deltaLink.isEmpty() && client.isOwn(link);
        m_stored = usable;
        begin(usable ? link : QUrl(), !usable);
    }

    QCoro::Task<Expected<DeltaPage<T>>> next(std::stop_token token) override
    {
        if (m_end)
            co_return fail(*m_end);
        Expected<RawPage> raw = co_await m_source->next(token);
        if (!raw && m_stored && raw.error().code == ErrorCode::InvalidInput) {
            // A link that Graph cannot read is worth as much as one that it has forgotten.
            begin(QUrl(), true);
            raw = co_await m_source->next(token);
        }
        m_stored = false;
        while (raw && raw->forgotten) {
            if (++m_restarts > mostRestarts)
                co_return fail(ErrorCode::Incomplete,
                    QStringLiteral("Graph forgets the delta again and again"), m_subject.collection);
            begin(m_client.isOwn(raw->restart) ? raw->restart : QUrl(), true);
            raw = co_await m_source->next(token);
        }
        if (!raw)
            co_return fail(raw.error());
        DeltaMarks marks;
        Expected<Page<T>> mapped = co_await mapPage(*raw, &marks);
        if (!mapped)
            co_return fail(mapped.error());
        DeltaPage<T> page;
        const QStringList again = sortOut(*mapped, marks, page);
        const Expected<void> completed = co_await readAgain(again, &page, token);
        if (!completed)
            co_return fail(completed.error());
        finish(*raw, page);
        co_return std::move(page);
    }

private:
    void begin(const QUrl& link, bool full)
    {
        m_full = full;
        m_announce = full;
        m_seen.clear();
        m_objects = 0;
        m_source = std::make_unique<PageSource>(
            m_client, link.isEmpty() ? fullListing(m_subject) : continuation(m_client, m_subject, link));
    }

    QCoro::Task<Expected<Page<T>>> mapPage(RawPage raw, DeltaMarks* marks)
    {
        struct Mapped
        {
            Page<T> page;
            DeltaMarks marks;
        };
        auto work = [map = m_map, body = raw.body, first = m_objects] {
            Mapped mapped;
            mapped.page = (*map)(*body, first, &mapped.marks);
            return Expected<Mapped>(std::move(mapped));
        };
        m_objects += raw.body->size();
        QFuture<Expected<Mapped>> future = core::runInPool(std::move(work));
        Expected<Mapped> mapped = co_await future;
        *marks = std::move(mapped->marks);
        co_return std::move(mapped->page);
    }

    // Moves what can be taken as it is into `page`; returns the ids of what must be read again.
    QStringList sortOut(Page<T>& mapped, const DeltaMarks& marks, DeltaPage<T>& page)
    {
        page.restarted = std::exchange(m_announce, false);
        page.page.problems = std::move(mapped.problems);
        page.page.skipped = mapped.skipped;
        page.removed = marks.removed;
        const QSet<QString> removed(page.removed.begin(), page.removed.end());
        QStringList again;
        for (const QString& id : marks.removed)
            m_seen.remove(id);
        for (T& item : mapped.items) {
            const bool first = m_seen.insert(item.id);
            // Removed and there on one page: in which order is not promised.
            if (m_full && first && !removed.contains(item.id)) {
                page.page.items.push_back(std::move(item));
                continue;
            }
            page.page.repeated += m_full ? 1 : 0;
            if (!again.contains(item.id))
                again += item.id;
        }
        return again;
    }

    QCoro::Task<Expected<void>> readAgain(QStringList ids, DeltaPage<T>* page, std::stop_token token)
    {
        if (ids.isEmpty())
            co_return Expected<void>();
        std::vector<GraphRequest> parts;
        for (const QString& id : ids)
            parts.push_back(oneObject(m_subject, id));
        const auto answers = co_await sendBatch(&m_client, std::move(parts), token);
        if (!answers)
            co_return fail(answers.error());
        for (size_t i = 0; i < answers->size(); ++i) {
            const Expected<GraphAnswer>& answer = (*answers)[i];
            const QString id = ids.at(qsizetype(i));
            if (!answer && answer.error().code != ErrorCode::NotFound)
                co_return fail(answer.error()); // the link must not be stored: this change would be lost
            take(id, answer, page);
        }
        co_return Expected<void>();
    }

    void take(const QString& id, const Expected<GraphAnswer>& answer, DeltaPage<T>* page)
    {
        page->removed.removeAll(id);
        // An object that comes twice on one page: the one that was read just now counts.
        std::erase_if(page->page.items, [&id](const T& item) { return item.id == id; });
        if (!answer) {
            page->removed += id;
            return;
        }
        Expected<T> item = m_parse(answer->body, m_subject.collection);
        if (item) {
            page->page.items.push_back(std::move(*item));
        } else {
            page->page.problems.push_back({id, item.error().toLogText()});
            ++page->page.skipped;
        }
    }

    void finish(const RawPage& raw, DeltaPage<T>& page)
    {
        page.page.last = raw.isLast();
        if (!page.page.last)
            return;
        page.deltaLink = QString::fromLatin1(raw.body->deltaLink().toEncoded());
        if (page.deltaLink.isEmpty()) {
            // Neither a next page nor a delta link: the list broke off.
            page.page.last = false;
            m_end = Error{ErrorCode::Incomplete, QStringLiteral("the delta ends without a link"),
                m_subject.collection, std::nullopt};
        }
    }

    GraphClient& m_client;
    const DeltaSubject m_subject;
    std::shared_ptr<MapBody<T>> m_map;
    Parse m_parse;
    std::unique_ptr<PageSource> m_source;
    std::optional<Error> m_end;
    IdsSeen m_seen;
    bool m_full = true;
    bool m_announce = true; // the next page says "restarted"
    bool m_stored = false; // the first page, of a link from an earlier listing
    int m_restarts = 0;
    qint64 m_objects = 0;
};

} // namespace postern::graph
