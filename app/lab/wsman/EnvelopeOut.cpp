// The writing half of Envelope.h: header order, prefixes and declarations as Windows sends them (recorded by
// pypsrp).
#include "app/lab/text/Guid.h"
#include "app/lab/text/Text.h"
#include "app/lab/wsman/Envelope.h"

namespace postern::lab {

namespace {

constexpr std::string_view anonymous = "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous";
constexpr std::string_view soapDeclarations
    = R"(<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing")";
constexpr std::string_view transferDeclaration
    = R"( xmlns:x="http://schemas.xmlsoap.org/ws/2004/09/transfer")";
constexpr std::string_view wsmanDeclaration = R"( xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd")";
constexpr std::string_view shellDeclaration
    = R"( xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell")";
constexpr std::string_view microsoftDeclaration
    = R"( xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd")";

std::string header(std::string_view action, const Answering& to, bool withActivity)
{
    std::string out = "<s:Header><a:Action>";
    out += action;
    out += "</a:Action><a:MessageID>uuid:" + Guid::random().upper() + "</a:MessageID>";
    if (withActivity)
        out += "<p:ActivityId>" + Guid::random().upper() + "</p:ActivityId>";
    out += "<a:To>";
    out += anonymous;
    out += "</a:To>";
    if (!to.relatesTo.empty())
        out += "<a:RelatesTo>" + xmlEscaped(to.relatesTo) + "</a:RelatesTo>";
    return out + "</s:Header>";
}

} // namespace

std::string answerEnvelope(
    std::string_view action, std::string_view body, const Answering& to, bool withTransfer)
{
    std::string out;
    out.reserve(body.size() + 1400);
    out += soapDeclarations;
    if (withTransfer)
        out += transferDeclaration;
    out += wsmanDeclaration;
    if (action != actions::remove)
        out += shellDeclaration;
    out += microsoftDeclaration;
    out += '>';
    out += header(std::string(action) + "Response", to, true);
    out += "<s:Body>";
    out += body;
    out += "</s:Body></s:Envelope>";
    return out;
}

std::string faultEnvelope(const SoapFault& fault, const Answering& to)
{
    const std::string& message = fault.message.empty() ? fault.reason : fault.message;
    std::string out(soapDeclarations);
    out += transferDeclaration;
    out += R"( xmlns:e="http://schemas.xmlsoap.org/ws/2004/08/eventing" xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration")";
    out += wsmanDeclaration;
    out += microsoftDeclaration;
    out += '>';
    out += header("http://schemas.dmtf.org/wbem/wsman/1/wsman/fault", to, false);
    out += "<s:Body><s:Fault><s:Code><s:Value>" + fault.sender + "</s:Value>";
    if (!fault.subcode.empty())
        out += "<s:Subcode><s:Value>" + fault.subcode + "</s:Value></s:Subcode>";
    out += R"(</s:Code><s:Reason><s:Text xml:lang="en-US">)" + xmlEscaped(fault.reason)
        + "</s:Text></s:Reason><s:Detail>";
    if (!fault.detail.empty())
        out += "<w:FaultDetail>" + fault.detail + "</w:FaultDetail>";
    out += R"(<f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code=")"
        + std::to_string(fault.code) + R"(" Machine=")" + xmlEscaped(to.machine) + R"("><f:Message>)"
        + xmlEscaped(message) + "</f:Message></f:WSManFault></s:Detail></s:Fault></s:Body></s:Envelope>";
    return out;
}

std::string identifyEnvelope()
{
    return R"(<s:Envelope xml:lang="en-US" xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body>)"
           R"(<wsmid:IdentifyResponse xmlns:wsmid="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">)"
           "<wsmid:ProtocolVersion>http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd</wsmid:ProtocolVersion>"
           "<wsmid:ProductVendor>Microsoft Corporation</wsmid:ProductVendor>"
           "<wsmid:ProductVersion>OS: 10.0.17763 SP: 0.0 Stack: 3.0</wsmid:ProductVersion>"
           "</wsmid:IdentifyResponse></s:Body></s:Envelope>";
}

} // namespace postern::lab
