#include "app/lab/graph/GraphAnswer.h"

#include <chrono>

#include "app/lab/json/JsonOut.h"
#include "app/lab/text/Guid.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

// Intune's services answer with a JSON text inside the message.
std::string intuneMessage(const std::string& message, const std::string& path)
{
    const std::string activity = Guid::random().lower();
    std::string out = "{\r\n  \"_version\": 3,\r\n  \"Message\": ";
    appendJsonString(out,
        message
            + " - Operation ID (for customer support): 00000000-0000-0000-0000-000000000000 - Activity ID: "
            + activity + " - Url: https://fef.msub06.manage.microsoft.com/DeviceFE/StatelessDeviceFEService"
            + path + "?api-version=5024-02-13");
    return out
        + ",\r\n  \"CustomApiErrorPhrase\": \"\",\r\n  \"RetryAfter\": null,\r\n  \"ErrorSourceService\": "
          "\"\",\r\n  \"HttpHeaders\": \"{}\"\r\n}";
}

} // namespace

GraphAnswer graphJson(std::string body, int status)
{
    GraphAnswer answer;
    answer.status = status;
    answer.body = std::move(body);
    answer.contentType
        = "application/"
          "json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";
    return answer;
}

GraphAnswer graphNothing()
{
    GraphAnswer answer;
    answer.status = 204;
    return answer;
}

GraphAnswer graphError(int status, std::string code, std::string message)
{
    GraphAnswer answer;
    answer.status = status;
    answer.isError = true;
    answer.errorCode = std::move(code);
    answer.errorMessage = std::move(message);
    answer.contentType = "application/json";
    return answer;
}

GraphAnswer badRequest(std::string message)
{
    return graphError(400, "BadRequest", std::move(message));
}

GraphAnswer noSuchSegment(const std::string& segment)
{
    return badRequest("Resource not found for the segment '" + segment + "'.");
}

GraphAnswer noSuchResource(const std::string& id)
{
    return graphError(404, "Request_ResourceNotFound",
        "Resource '" + id
            + "' does not exist or one of its queried reference-property objects are not present.");
}

GraphAnswer noSuchIntuneEntity(const std::string& what)
{
    return graphError(
        404, "ResourceNotFound", intuneMessage("An error has occurred", "/deviceManagement/" + what));
}

GraphAnswer methodNotAllowed()
{
    return graphError(
        405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.");
}

GraphAnswer intuneForbidden(const std::vector<std::string>& anyOf, const std::string& path)
{
    return graphError(403, "Forbidden",
        intuneMessage(
            "Application is not authorized to perform this operation. Application must have one of the "
            "following scopes: "
                + joined(anyOf, ", "),
            path));
}

GraphAnswer directoryForbidden()
{
    return graphError(
        403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation.");
}

std::string graphErrorBody(
    const GraphAnswer& error, const std::string& requestId, const std::string& clientRequestId)
{
    using namespace std::chrono;
    std::string date = graphTime(duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count());
    date.pop_back(); // Graph's own dates of errors have no zone
    JsonOut inner;
    if (error.status == 429)
        inner.text("code", "429").text("status", "429").text("message", "Please retry after");
    inner.text("date", date).text("request-id", requestId).text("client-request-id", clientRequestId);
    const std::string body = JsonOut()
                                 .text("code", error.errorCode)
                                 .text("message", error.errorMessage)
                                 .raw("innerError", inner.finish())
                                 .finish();
    return JsonOut().raw("error", body).finish();
}

} // namespace postern::lab
