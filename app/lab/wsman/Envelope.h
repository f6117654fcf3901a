// SOAP 1.2 envelopes of WS-Management, the server's side: a strict reader of requests and writers of answers
// in the shape of Windows' own answers. Pure, any thread. A request that is not acceptable becomes a
// SoapFault. [MS-WSMV] 2.2.4, 3.1.4.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace postern::lab {

struct SoapFault
{
    std::uint32_t code = 0; // f:WSManFault Code
    std::string sender = "s:Sender"; // or s:Receiver
    std::string subcode;
    std::string reason;
    std::string message; // f:Message; empty: the reason
    std::string detail; // w:FaultDetail URI
    std::string relatesTo; // the request's MessageID when the reader got that far
};

struct SoapStream
{
    std::string name, commandId, base64;
};

struct SoapRequest
{
    std::string action, to, replyTo, messageId, resourceUri, sessionId, locale;
    std::optional<std::uint32_t> maxEnvelopeSize;
    std::optional<int> operationTimeoutMs;
    std::map<std::string, std::string> options, selectors;
    bool identify = false;

    // Of the body, by operation.
    std::string bodyElement; // local name, empty when the body is empty
    std::string shellId, commandId, code, creationXml, idleTimeOut, inputStreams, outputStreams,
        desiredStream;
    std::vector<std::string> arguments;
    std::vector<SoapStream> streams;
};

[[nodiscard]] tl::expected<SoapRequest, SoapFault> readEnvelope(std::string_view xml);
// `PT20S`, `PT60.000S`, `PT1M30S`; nullopt: not a duration or negative.
[[nodiscard]] std::optional<int> durationMs(std::string_view text);

struct Answering // what every answer's header needs
{
    std::string relatesTo;
    std::string machine = "localhost";
};

[[nodiscard]] std::string faultEnvelope(const SoapFault& fault, const Answering& to);
// `action` with "Response" appended becomes a:Action; `body` is the content of s:Body.
[[nodiscard]] std::string answerEnvelope(
    std::string_view action, std::string_view body, const Answering& to, bool withTransfer = false);
[[nodiscard]] std::string identifyEnvelope();

namespace actions {
inline constexpr std::string_view create = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Create";
inline constexpr std::string_view remove = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Delete";
inline constexpr std::string_view shell = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/";
} // namespace actions

inline constexpr std::string_view shellNamespace = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell";

} // namespace postern::lab
