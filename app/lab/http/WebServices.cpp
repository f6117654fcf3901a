// EWS as far as a connection check needs it: GetFolder and ResolveNames.
#include <QByteArray>
#include <QXmlStreamReader>

#include "app/lab/http/Services.h"
#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

std::string envelope(const std::string& body)
{
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope "
           "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Header><h:ServerVersionInfo "
           "MajorVersion=\"15\" "
           "MinorVersion=\"2\" MajorBuildNumber=\"1544\" MinorBuildNumber=\"4\" Version=\"V2017_07_11\" "
           "xmlns:h=\"http://schemas.microsoft.com/exchange/services/2006/types\"/></s:Header><s:Body "
           "xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\" "
           "xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\">"
        + body + "</s:Body></s:Envelope>";
}

WebAnswer xml(int status, std::string body)
{
    WebAnswer answer;
    answer.status = status;
    answer.contentType = "text/xml; charset=utf-8";
    answer.body = std::move(body);
    return answer;
}

std::string fault(const char* code, const std::string& text)
{
    return envelope(
        "<s:Fault><faultcode xmlns:a=\"http://schemas.microsoft.com/exchange/services/2006/types\">a:"
        + std::string(code) + "</faultcode><faultstring xml:lang=\"en-US\">" + xmlEscaped(text)
        + "</faultstring></s:Fault>");
}

struct Operation
{
    std::string name, mailbox, unresolved, folder;
};

Operation parse(const std::string& body)
{
    Operation operation;
    QXmlStreamReader reader(QByteArray::fromStdString(body));
    while (!reader.atEnd()) {
        reader.readNext();
        if (reader.isDTD())
            return {};
        if (!reader.isStartElement())
            continue;
        const QString name = reader.name().toString();
        if (name == "GetFolder"_L1 || name == "ResolveNames"_L1)
            operation.name = name.toStdString();
        else if (name == "EmailAddress"_L1)
            operation.mailbox = reader.readElementText().toStdString();
        else if (name == "UnresolvedEntry"_L1)
            operation.unresolved = reader.readElementText().toStdString();
        else if (name == "DistinguishedFolderId"_L1)
            operation.folder = reader.attributes().value("Id"_L1).toString().toStdString();
    }
    return reader.hasError() ? Operation{} : operation;
}

std::string folderError(const char* code, const char* text)
{
    return std::string("<m:GetFolderResponse><m:ResponseMessages><m:GetFolderResponseMessage "
                       "ResponseClass=\"Error\"><m:MessageText>")
        + text + "</m:MessageText><m:ResponseCode>" + code
        + "</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey><m:Folders/>"
          "</m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse>";
}

// Whose folder: nobody's when the account has no mailbox (administrators here have none), or somebody else's,
// which needs a permission that nobody here has.
std::string getFolder(const Operation& operation, const Mailboxes& mailboxes, const Principal& principal)
{
    const auto own = principal.user && mailboxes.isActive(*principal.user) ? principal.user : std::nullopt;
    if (operation.mailbox.empty() && !own)
        return folderError("ErrorMissingEmailAddress",
            "When making a request as an account that does not have a mailbox, you must specify the mailbox "
            "primary SMTP address for any distinguished folder Ids.");
    const auto asked = operation.mailbox.empty() ? own : mailboxes.withAddress(operation.mailbox);
    if (!asked)
        return folderError("ErrorNonExistentMailbox", "The SMTP address has no mailbox associated with it.");
    if (asked != own)
        return folderError("ErrorItemNotFound", "The specified object was not found in the store.");
    return "<m:GetFolderResponse><m:ResponseMessages><m:GetFolderResponseMessage "
           "ResponseClass=\"Success\"><m:ResponseCode>NoError</m:ResponseCode><m:Folders><t:Folder>"
           "<t:FolderId Id=\""
        + base64(std::to_string(*asked) + "/" + operation.folder)
        + "\" ChangeKey=\"AQAAABYAAAA=\"/><t:DisplayName>"
        + xmlEscaped(operation.folder == "inbox" ? "Inbox" : operation.folder)
        + "</t:DisplayName><t:TotalCount>12</t:TotalCount><t:ChildFolderCount>0</"
          "t:ChildFolderCount><t:UnreadCount>3</t:UnreadCount></t:Folder></m:Folders>"
          "</m:GetFolderResponseMessage></m:ResponseMessages></m:GetFolderResponse>";
}

std::string resolveNames(const Operation& operation, const Estate& estate, const Mailboxes& mailboxes)
{
    std::vector<std::uint32_t> users = estate.people().usersNamed(operation.unresolved);
    std::erase_if(users, [&](std::uint32_t user) { return !mailboxes.isActive(user); });
    std::string resolutions;
    for (const std::uint32_t user : users) {
        const Person p = estate.people().person(user);
        resolutions += "<t:Resolution><t:Mailbox><t:Name>" + xmlEscaped(p.display)
            + "</t:Name><t:EmailAddress>" + xmlEscaped(p.smtp)
            + "</t:EmailAddress><t:RoutingType>SMTP</t:RoutingType><t:MailboxType>Mailbox</t:MailboxType></"
              "t:Mailbox></t:Resolution>";
    }
    const std::string set = "<m:ResolutionSet TotalItemsInView=\"" + std::to_string(users.size())
        + "\" IncludesLastItemInRange=\"true\">" + resolutions + "</m:ResolutionSet>";
    const char* result = users.empty() ? "ResponseClass=\"Error\""
        : users.size() > 1             ? "ResponseClass=\"Warning\""
                                       : "ResponseClass=\"Success\"";
    const char* code = users.empty() ? "ErrorNameResolutionNoResults"
        : users.size() > 1           ? "ErrorNameResolutionMultipleResults"
                                     : "NoError";
    return "<m:ResolveNamesResponse><m:ResponseMessages><m:ResolveNamesResponseMessage " + std::string(result)
        + "><m:ResponseCode>" + code + "</m:ResponseCode>" + (users.empty() ? std::string{} : set)
        + "</m:ResolveNamesResponseMessage></m:ResponseMessages></m:ResolveNamesResponse>";
}

} // namespace

WebAnswer exchangeWebServices(
    WebRequest& request, const Gate& gate, const Estate& estate, const Mailboxes& mailboxes)
{
    if (asciiLower(request.path).ends_with("/healthcheck.htm")) {
        WebAnswer healthy;
        healthy.contentType = "text/html";
        healthy.body = "200 OK<br/>ex1.contoso.lab";
        return healthy;
    }
    const Admission admission = gate.check(request, true);
    if (!admission.principal)
        return admission.refusal;
    WebAnswer answer;
    if (request.method == "GET") {
        answer.contentType = "text/html";
        answer.body
            = "<html><head><title>Exchange Web Services</title></head><body><h1>Service</h1></body></html>";
    } else {
        const Operation operation = parse(request.body);
        if (operation.name == "GetFolder")
            answer = xml(200, envelope(getFolder(operation, mailboxes, *admission.principal)));
        else if (operation.name == "ResolveNames")
            answer = xml(200, envelope(resolveNames(operation, estate, mailboxes)));
        else
            answer = xml(500, fault("ErrorInvalidRequest", "The request is invalid."));
    }
    answer.headers.insert(answer.headers.end(), admission.headers.begin(), admission.headers.end());
    return answer;
}

} // namespace postern::lab
