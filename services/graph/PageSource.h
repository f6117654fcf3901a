// The pages of one list, as parsed bodies: follows the links that Graph gives, asks for the next page while
// the caller works on this one, and refuses links that go in circles or lead elsewhere. Service thread.
// Destroying it drops the request under way. Errors: those of GraphClient; Incomplete for a circle.
// graph-reference 3, 8.
#pragma once

#include <QFuture>
#include <QPromise>
#include <QSet>
#include <memory>
#include <stop_token>

#include "services/graph/GraphClient.h"
#include "services/graph/JsonBody.h"

namespace postern::graph {

struct RawPage
{
    std::shared_ptr<const JsonBody> body; // null: forgotten
    // A delta that Graph has forgotten: everything must be read again, from here (may be empty).
    bool forgotten = false;
    QUrl restart;

    [[nodiscard]] bool isLast() const { return !body || body->nextLink().isEmpty(); }
};

class PageSource
{
public:
    // `client` outlives the source.
    PageSource(GraphClient& client, GraphRequest first);
    ~PageSource();
    PageSource(const PageSource&) = delete;
    PageSource& operator=(const PageSource&) = delete;

    // After the last page or an error, do not call again.
    QCoro::Task<Expected<RawPage>> next(std::stop_token token);
    [[nodiscard]] const QString& what() const { return m_what; } // for errors

private:
    struct Slot; // a page under way

    void begin(GraphRequest request);
    static QCoro::Task<Expected<void>> fetchInto(
        GraphClient* client, GraphRequest request, std::shared_ptr<Slot> slot);
    static QCoro::Task<Expected<RawPage>> fetch(
        GraphClient* client, GraphRequest request, std::stop_token token);
    [[nodiscard]] Expected<void> follow(const QUrl& link);

    GraphClient& m_client;
    GraphRequest m_request; // of every page, but for the link
    QString m_what;
    std::shared_ptr<Slot> m_ahead;
    QSet<QByteArray> m_seen; // links and skip tokens that were followed
    std::optional<Error> m_broken; // given instead of the next page
    bool m_begun = false;
};

} // namespace postern::graph
