#include "services/graph/Batch.h"

#include <QJsonArray>
#include <QJsonDocument>

#include "services/core/Logging.h"
#include "services/graph/GraphErrors.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

namespace {

struct Part
{
    GraphRequest request;
    Expected<GraphAnswer> outcome = fail(ErrorCode::Internal, {});
    bool open = true; // no outcome that stands yet
};
using Parts = std::vector<Part>;

QString relativeUrl(const GraphRequest& request)
{
    QString url = u'/' + request.path;
    if (!request.query.isEmpty())
        url += u'?' + request.query.toString(QUrl::FullyEncoded);
    return url;
}

QJsonObject partJson(const GraphRequest& request, int id)
{
    QJsonObject part{{u"id"_s, QString::number(id)},
        {u"method"_s, QString::fromLatin1(methodName(request.method))}, {u"url"_s, relativeUrl(request)}};
    QJsonObject headers;
    for (const auto& [name, value] : request.headers)
        headers.insert(QString::fromLatin1(name), QString::fromLatin1(value));
    if (!request.body.isEmpty()) {
        part.insert(u"body"_s, QJsonDocument::fromJson(request.body).object());
        headers.insert(u"Content-Type"_s, u"application/json"_s);
    }
    if (!headers.isEmpty())
        part.insert(u"headers"_s, headers);
    return part;
}

// The numbers of up to 20 open parts.
std::vector<int> chooseOpen(const Parts& parts)
{
    std::vector<int> chosen;
    for (int i = 0; i < int(parts.size()) && chosen.size() < mostBatchParts; ++i) {
        if (parts[size_t(i)].open)
            chosen.push_back(i);
    }
    return chosen;
}

GraphRequest batchRequest(const Parts& parts, const std::vector<int>& chosen)
{
    GraphRequest batch;
    batch.method = Method::Post;
    batch.path = u"$batch"_s;
    batch.area = parts[size_t(chosen.front())].request.area;
    batch.permission = parts[size_t(chosen.front())].request.permission;
    batch.cost = 0;
    QJsonArray list;
    for (const int i : chosen) {
        const GraphRequest& request = parts[size_t(i)].request;
        batch.cost += std::max(1, request.cost);
        batch.mayRepeat = batch.mayRepeat && (request.mayRepeat || request.method == Method::Get);
        list.append(partJson(request, i));
    }
    batch.body = QJsonDocument(QJsonObject{{u"requests"_s, list}}).toJson(QJsonDocument::Compact);
    return batch;
}

GraphAnswer answerOf(const QJsonObject& response)
{
    GraphAnswer answer;
    answer.status = response.value("status"_L1).toInt();
    const QJsonObject headers = response.value("headers"_L1).toObject();
    for (auto it = headers.begin(); it != headers.end(); ++it)
        answer.headers.append(
            QNetworkReply::RawHeaderPair(it.key().toLatin1(), it.value().toVariant().toString().toLatin1()));
    answer.requestId = QString::fromLatin1(answer.header("request-id")).left(64);
    const QJsonValue body = response.value("body"_L1);
    if (body.isObject())
        answer.body = QJsonDocument(body.toObject()).toJson(QJsonDocument::Compact);
    else
        answer.body = body.toString().toUtf8();
    return answer;
}

Expected<GraphAnswer> outcomeOf(GraphAnswer answer, const GraphRequest& request, const QDateTime& now)
{
    if (answer.status >= 200 && answer.status < 300)
        return answer;
    Error error = errorOf(answer, request,
        u"%1 %2 in a batch"_s.arg(QString::fromLatin1(methodName(request.method)), request.path));
    if (error.code == ErrorCode::ServerBusy) {
        core::HttpAnswer http;
        http.headers = answer.headers;
        error.retryAfter = http.retryAfter(now);
    }
    return fail(std::move(error));
}

// Only 429 says that nothing was done.
bool mayTryAgain(const GraphAnswer& answer, const GraphRequest& request)
{
    return answer.status == 429
        || (isBusyStatus(answer.status) && (request.mayRepeat || request.method == Method::Get));
}

// Puts the answers where they belong. Answers come in any order; one that was not asked for, or a second one,
// makes the whole batch unusable. Returns those that may be sent again.
Expected<std::vector<int>> distribute(
    Parts& parts, const std::vector<int>& chosen, const QJsonObject& json, const QDateTime& now)
{
    const QJsonValue responses = json.value("responses"_L1);
    if (!responses.isArray())
        return fail(ErrorCode::Malformed, u"no list \"responses\" in it"_s, u"$batch"_s);
    std::vector<int> again;
    QSet<int> missing(chosen.begin(), chosen.end());
    for (const QJsonValue value : responses.toArray()) {
        const QJsonObject response = value.toObject();
        bool isNumber = false;
        const int i = response.value("id"_L1).toVariant().toString().toInt(&isNumber);
        if (!isNumber || !missing.remove(i))
            return fail(ErrorCode::Malformed,
                u"an answer with id \"%1\" that was not asked for"_s.arg(
                    response.value("id"_L1).toVariant().toString().left(40)),
                u"$batch"_s);
        Part& part = parts[size_t(i)];
        GraphAnswer answer = answerOf(response);
        const bool retry = mayTryAgain(answer, part.request);
        part.outcome = outcomeOf(std::move(answer), part.request, now);
        part.open = false;
        if (retry)
            again.push_back(i);
    }
    for (const int i : missing) {
        parts[size_t(i)].outcome
            = fail(ErrorCode::Malformed, u"Graph did not answer this part"_s, parts[size_t(i)].request.path);
        parts[size_t(i)].open = false;
    }
    return again;
}

std::chrono::milliseconds longestWait(
    const Parts& parts, const std::vector<int>& again, std::chrono::milliseconds otherwise)
{
    std::chrono::milliseconds longest{0};
    for (const int i : again)
        longest = std::max(longest, parts[size_t(i)].outcome.error().retryAfter.value_or(otherwise));
    return std::max(longest, std::chrono::milliseconds(1));
}

} // namespace

QCoro::Task<Expected<std::vector<Expected<GraphAnswer>>>> sendBatch(
    GraphClient* client, std::vector<GraphRequest> requests, std::stop_token token)
{
    Parts parts(requests.size());
    for (size_t i = 0; i < requests.size(); ++i)
        parts[i].request = std::move(requests[i]);
    const QDateTime giveUpAt = client->now().addMSecs(client->patience().count());
    int tries = 0;
    for (std::vector<int> chosen = chooseOpen(parts); !chosen.empty(); chosen = chooseOpen(parts)) {
        const Expected<QJsonObject> json = co_await client->json(batchRequest(parts, chosen), token);
        if (!json)
            co_return fail(json.error());
        const Expected<std::vector<int>> again = distribute(parts, chosen, *json, client->now());
        if (!again)
            co_return fail(again.error());
        if (again->empty()) {
            tries = 0;
            continue;
        }
        const std::chrono::milliseconds wait = longestWait(parts, *again, client->backoff(tries++));
        const QDateTime until = client->now().addMSecs(wait.count());
        if (until > giveUpAt)
            continue; // their outcome is ServerBusy; the parts that were not sent yet still are
        qCInfo(core::logGraph) << "$batch:" << again->size() << "parts again in" << wait.count() << "ms";
        client->budget().pause(parts[size_t(again->front())].request.area, until);
        for (const int i : *again)
            parts[size_t(i)].open = true;
    }
    std::vector<Expected<GraphAnswer>> outcomes;
    for (Part& part : parts)
        outcomes.push_back(std::move(part.outcome));
    co_return std::move(outcomes);
}

} // namespace postern::graph
