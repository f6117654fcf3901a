#include "app/lab/wsman/Faults.h"

namespace postern::lab::faults {

namespace {

SoapFault sender(std::uint32_t code, const char* subcode, std::string reason, std::string message = {},
    const char* detail = "")
{
    SoapFault fault;
    fault.code = code;
    fault.subcode = subcode;
    fault.reason = std::move(reason);
    fault.message = std::move(message);
    fault.detail = *detail ? std::string("http://schemas.dmtf.org/wbem/wsman/1/wsman/faultDetail/") + detail
                           : std::string{};
    return fault;
}

SoapFault receiver(std::uint32_t code, const char* subcode, std::string reason)
{
    SoapFault fault = sender(code, subcode, std::move(reason));
    fault.sender = "s:Receiver";
    return fault;
}

const char* const invalidSelectorsText = "The WS-Management service cannot process the request because the "
                                         "request contained invalid selectors for the resource. ";

} // namespace

SoapFault timedOut()
{
    return receiver(2150858793U, "w:TimedOut",
        "The WS-Management service cannot complete the operation within the time specified in "
        "OperationTimeout.  ");
}

SoapFault unknownShell()
{
    return sender(2150858843U, "w:InvalidSelectors", invalidSelectorsText, {}, "UnexpectedSelectors");
}

SoapFault unknownCommand()
{
    return sender(2150858843U, "w:InvalidSelectors", invalidSelectorsText,
        "The Windows Remote Shell received a request to perform an operation on a command identifier that "
        "does not exist. Either "
        "the command has completed execution or the client specified an invalid command identifier. ",
        "UnexpectedSelectors");
}

SoapFault invalidResourceUri(std::string_view uri)
{
    return sender(2150858811U, "a:DestinationUnreachable",
        "The WS-Management service cannot process the request. The resource URI (" + std::string(uri)
            + ") was not found in the WS-Management catalog. The catalog contains the metadata that "
              "describes resources, or logical "
              "endpoints. ",
        {}, "InvalidResourceURI");
}

SoapFault invalidHeader(std::string_view message)
{
    return sender(2150858767U, "a:InvalidMessageInformationHeader",
        "The WS-Management service cannot process the request. The request contains one or more invalid SOAP "
        "headers. ",
        "The WS-Management service cannot process the request. " + std::string(message) + " ");
}

SoapFault headerRequired(std::string_view header)
{
    return sender(2150858769U, "a:MessageInformationHeaderRequired",
        "The WS-Management service cannot process the request. The request does not have all the expected "
        "SOAP headers. ",
        "The WS-Management service cannot process the request. The SOAP header " + std::string(header)
            + " is missing. ");
}

SoapFault mustUnderstand(std::string_view header)
{
    SoapFault fault = sender(2150858768U, "",
        "The WS-Management service cannot process a SOAP header in the request that is marked as "
        "mustUnderstand by the client. ",
        "The header " + std::string(header) + " is marked mustUnderstand and not known here. ");
    fault.sender = "s:MustUnderstand";
    return fault;
}

SoapFault schemaViolation(std::string_view message)
{
    return sender(2150858817U, "w:SchemaValidationError",
        "The SOAP XML in the message does not match the corresponding XML schema definition. Change the XML "
        "and retry. ",
        std::string(message));
}

SoapFault invalidBody(std::string_view message)
{
    return sender(2150858791U, "w:SchemaValidationError",
        "The WS-Management service cannot process the request because the request packet does not have a "
        "valid SOAP body. ",
        std::string(message));
}

SoapFault envelopeTooSmall()
{
    return sender(2150858878U, "w:EncodingLimit",
        "The MaxEnvelopeSize value specified is too small. It must be at least 8192 bytes. ", {},
        "MinimumEnvelopeLimit");
}

SoapFault envelopeTooLarge()
{
    return sender(2150858823U, "w:EncodingLimit",
        "The maximum envelope size in the request is too large. Change the maximum envelope size and try the "
        "request again. ",
        {}, "MaxEnvelopeSize");
}

SoapFault actionNotSupported(std::string_view action)
{
    return sender(2150858771U, "a:ActionNotSupported",
        "The WS-Management service does not support the action specified in the request. ",
        "The action " + std::string(action) + " is not supported. ");
}

SoapFault invalidOption(std::string_view message)
{
    return sender(2150858809U, "w:InvalidOptions",
        "The WS-Management service cannot process the request because the request contained invalid "
        "options. ",
        std::string(message), "InvalidValue");
}

SoapFault alreadyExists()
{
    return sender(2150858803U, "w:AlreadyExists",
        "The WS-Management service cannot create the resource because it already exists. ");
}

SoapFault operationAborted()
{
    return receiver(995U, "w:InternalError",
        "The I/O operation has been aborted because of either a thread exit or an application request. ");
}

SoapFault accessDenied(std::string_view message)
{
    return sender(5U, "w:AccessDenied", "Access is denied. ", std::string(message));
}

SoapFault tooManyShells(int limit)
{
    return receiver(2150859173U, "w:QuotaLimit",
        "The WS-Management service cannot process the request. This user is allowed a maximum number of "
            + std::to_string(limit)
            + " concurrent shells, which has been exceeded. Close existing shells or raise the quota for "
              "this user. ");
}

SoapFault tooManyOperations(int limit)
{
    return receiver(2150859174U, "w:QuotaLimit",
        "The WS-Management service cannot process the request. The maximum number of " + std::to_string(limit)
            + " concurrent operations for this user has been exceeded. Close existing operations for this "
              "user, or raise the quota "
              "for this user. ");
}

SoapFault loadQuota(int requests, int seconds, int milliseconds)
{
    return receiver(2150859175U, "w:QuotaLimit",
        "The WS-Management service cannot process the request. The user load quota of "
            + std::to_string(requests) + " requests per " + std::to_string(seconds)
            + " seconds has been exceeded. Send future requests at a slower rate or raise the quota for this "
              "user. The next request "
              "from this user will not be approved for at least "
            + std::to_string(milliseconds) + " milliseconds. ");
}

SoapFault invalidStream(std::string_view message)
{
    return sender(
        87U, "w:InvalidParameter", "The parameter is incorrect. ", std::string(message), "InvalidValue");
}

} // namespace postern::lab::faults
