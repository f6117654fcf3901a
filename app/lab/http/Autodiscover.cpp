// POX (outlook and mobilesync schemas) and the JSON lookup. [MS-OXDSCLI], [MS-ASCMD] 2.2.3.
#include <QByteArray>
#include <QUrl>
#include <QUrlQuery>
#include <QXmlStreamReader>

#include "app/lab/http/Services.h"
#include "app/lab/psrp/Value.h"
#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr std::string_view ns = "http://schemas.microsoft.com/exchange/autodiscover/";
constexpr std::string_view mobileSchema
    = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006";
constexpr std::string_view outlookSchema
    = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

WebAnswer xml(std::string body)
{
    WebAnswer answer;
    answer.contentType = "text/xml; charset=utf-8";
    answer.body = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Autodiscover xmlns=\"" + std::string(ns)
        + "responseschema/2006\">" + std::move(body) + "</Autodiscover>";
    return answer;
}

WebAnswer error(int code, const char* message, const Estate& estate)
{
    const std::string now = isoTime({estate.nowMs(), true});
    return xml("<Response><Error Time=\"" + now.substr(11, 12) + "\" Id=\"2477272013\"><ErrorCode>"
        + std::to_string(code) + "</ErrorCode><Message>" + message
        + "</Message><DebugData /></Error></Response>");
}

struct Asked
{
    std::string mail, schema;
    bool wellFormed = false;
};

Asked parse(const std::string& body)
{
    Asked asked;
    QXmlStreamReader reader(QByteArray::fromStdString(body));
    while (!reader.atEnd()) {
        reader.readNext();
        if (reader.isDTD())
            return {};
        if (!reader.isStartElement())
            continue;
        if (reader.name() == "EMailAddress"_L1)
            asked.mail = trimmed(reader.readElementText().toStdString());
        else if (reader.name() == "AcceptableResponseSchema"_L1)
            asked.schema = trimmed(reader.readElementText().toStdString());
    }
    asked.wellFormed = !reader.hasError() && !asked.mail.empty();
    return asked;
}

std::string outlook(const Person& p, const ServiceUrls& urls)
{
    std::string protocols;
    for (const char* type : {"EXCH", "EXPR"})
        protocols += std::string("<Protocol><Type>") + type + "</Type><Server>ex1.contoso.lab</Server><ASUrl>"
            + urls.ews() + "</ASUrl><EwsUrl>" + urls.ews() + "</EwsUrl><EmwsUrl>" + urls.ews()
            + "</EmwsUrl><OOFUrl>" + urls.ews() + "</OOFUrl></Protocol>";
    return "<Response xmlns=\"" + std::string(ns) + "outlook/responseschema/2006a\"><User><DisplayName>"
        + xmlEscaped(p.display) + "</DisplayName><LegacyDN>" + xmlEscaped(p.legacyDn())
        + "</LegacyDN><AutoDiscoverSMTPAddress>" + xmlEscaped(p.smtp)
        + "</AutoDiscoverSMTPAddress></User><Account><AccountType>email</AccountType><Action>settings</"
          "Action>"
        + protocols + "</Account></Response>";
}

std::string mobile(const Person& p, const ServiceUrls& urls)
{
    return "<Response xmlns=\"" + std::string(ns)
        + "mobilesync/responseschema/2006\"><Culture>en:us</Culture><User><DisplayName>"
        + xmlEscaped(p.display) + "</DisplayName><EMailAddress>" + xmlEscaped(p.smtp)
        + "</EMailAddress></User><Action><Settings><Server><Type>MobileSync</Type><Url>" + urls.activeSync()
        + "</Url><Name>" + urls.activeSync() + "</Name></Server></Settings></Action></Response>";
}

} // namespace

WebAnswer autodiscoverPox(
    WebRequest& request, const Gate& gate, const Mailboxes& mailboxes, const ServiceUrls& urls)
{
    const Estate& estate = mailboxes.estate();
    const Admission admission = gate.check(request, true);
    if (!admission.principal)
        return admission.refusal;
    if (request.method != "POST" || request.body.empty())
        return error(600, "Invalid Request", estate);
    const Asked asked = parse(request.body);
    if (!asked.wellFormed)
        return error(600, "Invalid Request", estate);
    const bool forMobile = asked.schema == mobileSchema;
    if (!forMobile && asked.schema != outlookSchema)
        return error(601, "Provider is not available", estate);
    const auto user = mailboxes.withAddress(asked.mail);
    if (!user)
        return error(500, "The email address can't be found.", estate);
    const Person person = estate.people().person(*user);
    return xml(forMobile ? mobile(person, urls) : outlook(person, urls));
}

WebAnswer autodiscoverJson(const WebRequest& request, const ServiceUrls& urls)
{
    WebAnswer answer;
    answer.contentType = "application/json; charset=utf-8";
    const QUrlQuery query(QString::fromStdString(request.query));
    const std::string protocol = query.queryItemValue(u"Protocol"_s, QUrl::FullyDecoded).toStdString();
    for (const auto& [name, url] : {std::pair<std::string, std::string>{"EWS", urls.ews()},
             {"ActiveSync", urls.activeSync()}, {"AutodiscoverV1", urls.autodiscover()}}) {
        if (equalsIgnoreCase(protocol, name)) {
            answer.body = R"({"Protocol":")" + name + R"(","Url":")" + url + "\"}";
            return answer;
        }
    }
    answer.status = 400;
    answer.body
        = R"({"ErrorCode":"InvalidProtocol","ErrorMessage":"The given protocol value is invalid. Supported values are \u0027ActiveSync,AutodiscoverV1,Ews\u0027"})";
    return answer;
}

} // namespace postern::lab
