// JSON batching: up to 20 parts, each throttled and answered on its own; a part whose dependency failed is
// 424 (graph-reference 9).
#include <QJsonArray>
#include <QJsonDocument>
#include <map>

#include "app/lab/graph/Body.h"
#include "app/lab/graph/GraphService.h"
#include "app/lab/text/Guid.h"
#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr int maximumParts = 20;

GraphAnswer invalidBatch(const std::string& why)
{
    return badRequest("Invalid batch payload format. " + why);
}

std::optional<GraphAnswer> problemOf(const QJsonObject& part, const std::map<std::string, int>& known)
{
    static constexpr std::array fields{BodyField{"id", JsonKind::Text, false},
        BodyField{"method", JsonKind::Text, false}, BodyField{"url", JsonKind::Text, false},
        BodyField{"headers", JsonKind::Object}, BodyField{"body", JsonKind::Object},
        BodyField{"dependsOn", JsonKind::List}};
    if (const auto wrong = wrongProperty(part, fields, "microsoft.graph.batchRequest"))
        return wrong;
    const std::string id = part.value("id"_L1).toString().toStdString();
    if (id.empty() || part.value("method"_L1).toString().isEmpty()
        || part.value("url"_L1).toString().isEmpty())
        return invalidBatch("Each request needs id, method and url.");
    if (known.contains(id))
        return invalidBatch("Request Id has to be unique in the batch: '" + id + "'.");
    if (part.contains("body"_L1) && !part.value("headers"_L1).toObject().contains("Content-Type"_L1)
        && !part.value("headers"_L1).toObject().contains("content-type"_L1))
        return invalidBatch("Write request id : " + id + " does not contain Content-Type header or body.");
    for (const auto& needed : part.value("dependsOn"_L1).toArray()) {
        if (!known.contains(needed.toString().toStdString()))
            return invalidBatch("dependsOn of '" + id + "' names a request that does not come before it.");
    }
    return std::nullopt;
}

bool dependencyFailed(const QJsonObject& part, const std::map<std::string, int>& statuses)
{
    for (const auto& needed : part.value("dependsOn"_L1).toArray()) {
        if (statuses.at(needed.toString().toStdString()) >= 400)
            return true;
    }
    return false;
}

GraphCall callOf(const QJsonObject& part, const GraphCall& outer)
{
    GraphCall call;
    call.method = part.value("method"_L1).toString().toUpper().toStdString();
    std::string url = part.value("url"_L1).toString().toStdString();
    if (!url.starts_with("/"))
        url = "/" + url;
    call.path = url.substr(0, url.find('?'));
    call.segments = graphSegments(call.path);
    const QJsonObject headers = part.value("headers"_L1).toObject();
    for (auto at = headers.begin(); at != headers.end(); ++at)
        call.headers.emplace(asciiLower(at.key().toStdString()), at.value().toString().toStdString());
    if (part.contains("body"_L1))
        call.body
            = QJsonDocument(part.value("body"_L1).toObject()).toJson(QJsonDocument::Compact).toStdString();
    call.claims = outer.claims;
    call.base = outer.base;
    return call;
}

std::string responseOf(const std::string& id, const GraphAnswer& answer)
{
    JsonOut headers;
    if (!answer.contentType.empty())
        headers.text("Content-Type", answer.contentType);
    for (const auto& [name, value] : answer.headers)
        headers.text(name, value);
    JsonOut out;
    out.text("id", id).number("status", answer.status).raw("headers", headers.finish());
    const std::string request = Guid::random().lower();
    if (answer.isError)
        out.raw("body", graphErrorBody(answer, request, request));
    else if (answer.contentType.starts_with("application/json"))
        out.raw("body", answer.body);
    else if (!answer.body.empty())
        out.text("body", base64(answer.body));
    return out.finish();
}

} // namespace

GraphAnswer GraphService::batch(GraphCall& call)
{
    const auto body = bodyOf(call, false);
    if (!body)
        return body.error();
    const QJsonArray parts = body->value("requests"_L1).toArray();
    if (body->size() != 1 || parts.isEmpty())
        return invalidBatch("The payload must be an object with requests.");
    if (parts.size() > maximumParts)
        return badRequest("Number of batch request steps exceeds the maximum value of 20.");
    std::map<std::string, int> statuses;
    for (const auto& part : parts) {
        if (const auto problem = problemOf(part.toObject(), statuses))
            return *problem;
        statuses.emplace(part.toObject().value("id"_L1).toString().toStdString(), 0);
    }
    std::vector<std::string> answers;
    for (const auto& value : parts) {
        const QJsonObject part = value.toObject();
        GraphCall inner = callOf(part, call);
        const std::string id = part.value("id"_L1).toString().toStdString();
        const std::string url = part.value("url"_L1).toString().toStdString();
        const auto mark = url.find('?');
        auto query = parsedQuery(mark == std::string::npos ? std::string() : url.substr(mark + 1));
        if (query)
            inner.query = *query;
        const bool nested = !inner.segments.empty() && inner.segments.front() == "$batch";
        const GraphAnswer answer = dependencyFailed(part, statuses)
            ? graphError(424, "FailedDependency", "A request that this one depends on has failed.")
            : !query ? query.error()
            : nested ? badRequest("Batch requests cannot be nested.")
                     : partAnswered(inner);
        statuses[id] = answer.status;
        answers.push_back(responseOf(id, answer));
    }
    // In an order of their own, as in the real service: dependants stay behind what they need.
    std::string list;
    for (const std::string& answer : answers)
        list = list.empty() ? answer : answer + "," + list;
    return graphJson(JsonOut().raw("responses", "[" + list + "]").finish());
}

// The faults that a single request would meet: each part is throttled on its own.
GraphAnswer GraphService::partAnswered(GraphCall& call)
{
    const auto fault = m_faults.any()
        ? m_faults.forRequest({"429", "429NoRetryAfter", "503"}, "/v1.0" + call.path)
        : std::nullopt;
    if (!fault)
        return dispatched(call);
    m_counters.fault(fault->kind);
    return busy(*fault);
}

} // namespace postern::lab
