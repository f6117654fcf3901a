// `/Microsoft-Server-ActiveSync`: OPTIONS, and POST far enough that a phone learns what it gets (CAP-60..62):
// 403 when refused or blocked, an empty but successful answer when quarantined. [MS-ASHTTP].
#include <QUrl>
#include <QUrlQuery>

#include "app/lab/http/Services.h"
#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

void describe(WebAnswer& answer)
{
    answer.headers.emplace_back("MS-Server-ActiveSync", "15.2");
    answer.headers.emplace_back("MS-ASProtocolVersions", "2.0,2.1,2.5,12.0,12.1,14.0,14.1,16.0,16.1");
    answer.headers.emplace_back("MS-ASProtocolCommands",
        "Sync,SendMail,SmartForward,SmartReply,GetAttachment,GetHierarchy,CreateCollection,DeleteCollection,"
        "MoveCollection,FolderSync,FolderCreate,FolderDelete,"
        "FolderUpdate,MoveItems,GetItemEstimate,MeetingResponse,Search,Settings,Ping,ItemOperations,"
        "Provision,ResolveRecipients,ValidateCert,Find");
    answer.headers.emplace_back("Public", "OPTIONS,POST");
    answer.headers.emplace_back("Allow", "OPTIONS,POST");
}

std::uint32_t partnership(Estate& estate, const Contact& contact)
{
    for (const std::uint32_t phone : estate.phonesOf(contact.user)) {
        if (equalsIgnoreCase(estate.phone(phone).facts.deviceId, contact.deviceId))
            return phone;
    }
    return estate.adopt(contact);
}

WebAnswer refusal(int status)
{
    WebAnswer answer;
    answer.status = status;
    return answer;
}

// Nothing when the request does not say which phone wants what.
std::optional<Contact> contactOf(const WebRequest& request, std::uint32_t user)
{
    const QUrlQuery query(QString::fromStdString(request.query));
    const auto item
        = [&](const QString& name) { return query.queryItemValue(name, QUrl::FullyDecoded).toStdString(); };
    Contact contact;
    contact.user = user;
    contact.deviceId = item(u"DeviceId"_s);
    contact.type = item(u"DeviceType"_s);
    contact.userAgent = request.header("user-agent");
    if (request.method != "POST" || contact.deviceId.empty() || contact.type.empty()
        || item(u"Cmd"_s).empty())
        return std::nullopt;
    return contact;
}

} // namespace

WebAnswer activeSync(WebRequest& request, const Gate& gate, Estate& estate)
{
    const Admission admission = gate.check(request, false);
    if (!admission.principal)
        return admission.refusal;
    const std::optional<std::uint32_t> user = admission.principal->user;
    if (!user || !estate.cas(*user).easEnabled)
        return refusal(403);
    WebAnswer answer;
    if (request.method == "OPTIONS") {
        describe(answer);
        return answer;
    }
    const std::optional<Contact> contact = contactOf(request, *user);
    if (!contact)
        return refusal(400);
    const std::uint32_t phone = partnership(estate, *contact);
    const AccessAnswer access = estate.connect(phone);
    if (access.refused || access.access == Access::Blocked)
        return refusal(403);
    const Phone now = estate.phone(phone);
    if (now.state.wipe == Wipe::Sent || now.state.wipe == Wipe::Acknowledged)
        return refusal(449); // the phone must provision, and finds the wipe there
    describe(answer);
    answer.contentType = "application/vnd.ms-sync.wbxml";
    answer.headers.emplace_back("X-Lab-Access", std::string(text(access.access)));
    // A minimal Sync answer, Status 1: with content only for those who may read it.
    answer.body = std::string("\x03\x01\x6a\0\x45\x5c\x4f\x4e\x03\x31\0\x01\x01\x01\x01", 15);
    if (access.access == Access::Allowed)
        answer.headers.emplace_back("X-Lab-Content", "mailbox");
    return answer;
}

} // namespace postern::lab
