// Answers of Graph as values: a JSON body, or an error with Graph's own code and words. Ids and dates of
// errors are filled in at the door. Any thread.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

namespace postern::lab {

struct GraphAnswer
{
    int status = 200;
    std::string body; // JSON; of an error only set at the door
    std::string errorCode, errorMessage; // of an error
    std::vector<std::pair<std::string, std::string>> headers;
    std::string contentType;
    bool isError = false;
};

template <class T> using Answered = tl::expected<T, GraphAnswer>;

[[nodiscard]] GraphAnswer graphJson(std::string body, int status = 200);
[[nodiscard]] GraphAnswer graphNothing(); // 204
[[nodiscard]] GraphAnswer graphError(int status, std::string code, std::string message);
[[nodiscard]] inline tl::unexpected<GraphAnswer> refused(int status, std::string code, std::string message)
{
    return tl::unexpected(graphError(status, std::move(code), std::move(message)));
}

// The errors that many calls share.
[[nodiscard]] GraphAnswer noSuchSegment(const std::string& segment);
[[nodiscard]] GraphAnswer noSuchResource(const std::string& id); // directory
[[nodiscard]] GraphAnswer noSuchIntuneEntity(const std::string& what); // Intune packs JSON into the message
[[nodiscard]] GraphAnswer methodNotAllowed();
[[nodiscard]] GraphAnswer badRequest(std::string message);
// 403 in Intune's words or in the directory's.
[[nodiscard]] GraphAnswer intuneForbidden(const std::vector<std::string>& anyOf, const std::string& path);
[[nodiscard]] GraphAnswer directoryForbidden();

// The body of an error with its ids; `clientRequestId` is the caller's, or the request's own id.
[[nodiscard]] std::string graphErrorBody(
    const GraphAnswer& error, const std::string& requestId, const std::string& clientRequestId);

} // namespace postern::lab
