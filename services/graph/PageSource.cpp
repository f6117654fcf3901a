#include "services/graph/PageSource.h"

#include <QCoroFuture>
#include <QCryptographicHash>

#include "services/graph/GraphErrors.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

namespace {

QByteArray fingerprint(const QString& text)
{
    return QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Md5);
}

// Where a link stands in the list: the same place under another link is a circle, too.
QString placeOf(const QUrl& link)
{
    const QUrlQuery query(link);
    for (const auto& [name, value] : query.queryItems(QUrl::FullyDecoded)) {
        if (name.compare("$skiptoken"_L1, Qt::CaseInsensitive) == 0
            || name.compare("$skip"_L1, Qt::CaseInsensitive) == 0)
            return name.toLower() + u'=' + value;
    }
    return link.toString(QUrl::FullyEncoded);
}

Expected<RawPage> readForgotten(const GraphAnswer& answer)
{
    RawPage page;
    page.forgotten = true;
    page.restart = QUrl::fromEncoded(answer.header("Location"));
    return page;
}

} // namespace

struct PageSource::Slot
{
    QPromise<Expected<RawPage>> promise;
    std::stop_source stop;
};

PageSource::PageSource(GraphClient& client, GraphRequest first)
    : m_client(client)
    , m_request(std::move(first))
    , m_what(m_request.link.isEmpty() ? m_request.path : m_request.link.path())
{
}

PageSource::~PageSource()
{
    if (m_ahead)
        m_ahead->stop.request_stop();
}

void PageSource::begin(GraphRequest request)
{
    m_ahead = std::make_shared<Slot>();
    m_ahead->promise.start();
    m_client.scope().start(fetchInto(&m_client, std::move(request), m_ahead), u"a page of %1"_s.arg(m_what));
}

QCoro::Task<Expected<void>> PageSource::fetchInto(
    GraphClient* client, GraphRequest request, std::shared_ptr<Slot> slot)
{
    std::stop_callback onClose(client->scope().token(), [slot] { slot->stop.request_stop(); });
    Expected<RawPage> page = co_await fetch(client, std::move(request), slot->stop.get_token());
    slot->promise.addResult(std::move(page));
    slot->promise.finish();
    co_return Expected<void>(); // who reads the page has its error
}

QCoro::Task<Expected<RawPage>> PageSource::fetch(
    GraphClient* client, GraphRequest request, std::stop_token token)
{
    const QString what = request.link.isEmpty() ? request.path : request.link.path();
    Expected<GraphAnswer> answer = co_await client->send(std::move(request), token);
    if (!answer)
        co_return fail(answer.error());
    if (answer->status >= 300)
        co_return readForgotten(*answer);
    const QString origin = u"%1 (request-id %2)"_s.arg(what, answer->requestId);
    auto parse = [bytes = std::move(answer->body), origin]() mutable {
        return JsonBody::parseList(std::move(bytes), origin);
    };
    QFuture<Expected<std::shared_ptr<const JsonBody>>> future = core::runInPool(std::move(parse));
    const Expected<std::shared_ptr<const JsonBody>> body = co_await future;
    if (!body)
        co_return fail(body.error());
    RawPage page;
    page.body = *body;
    co_return std::move(page);
}

// Starts the page behind `link`, unless it has been there before.
Expected<void> PageSource::follow(const QUrl& link)
{
    const QByteArray place = fingerprint(placeOf(link)),
                     whole = fingerprint(link.toString(QUrl::FullyEncoded));
    if (m_seen.contains(place) || m_seen.contains(whole))
        return fail(ErrorCode::Incomplete, u"Graph's links go in a circle"_s, m_what);
    m_seen.insert(place);
    m_seen.insert(whole);
    GraphRequest request = m_request;
    request.link = link;
    request.query.clear();
    begin(std::move(request));
    return {};
}

QCoro::Task<Expected<RawPage>> PageSource::next(std::stop_token token)
{
    if (m_broken)
        co_return fail(*m_broken);
    if (!m_begun) {
        m_begun = true;
        if (!m_request.link.isEmpty())
            m_seen.insert(fingerprint(m_request.link.toString(QUrl::FullyEncoded)));
        begin(m_request);
    }
    if (!m_ahead)
        co_return fail(ErrorCode::Internal, u"read beyond the last page"_s, m_what);
    const std::shared_ptr<Slot> slot = std::move(m_ahead);
    std::stop_callback onStop(token, [slot] { slot->stop.request_stop(); });
    QFuture<Expected<RawPage>> future = slot->promise.future();
    Expected<RawPage> page = co_await future;
    if (!page) {
        m_broken = page.error();
        co_return fail(page.error());
    }
    if (!page->isLast()) {
        // What came is handed over; that its continuation is unusable, with the next call.
        if (const auto followed = follow(page->body->nextLink()); !followed)
            m_broken = followed.error();
    }
    co_return std::move(page);
}

} // namespace postern::graph
