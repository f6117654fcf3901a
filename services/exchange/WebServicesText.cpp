#include "services/exchange/WebServicesText.h"

#include <QXmlStreamReader>

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

constexpr int deepest = 64;

// Gives each leaf element's name and text; false from `leaf` or a fault of the document ends it.
template <class Start, class Leaf> Expected<void> walk(const QByteArray& body, Start start, Leaf leaf)
{
    QXmlStreamReader xml(body);
    int depth = 0;
    QString text;
    while (!xml.atEnd()) {
        switch (xml.readNext()) {
        case QXmlStreamReader::DTD:
            return fail(ErrorCode::Malformed, u"a document type is not accepted"_s);
        case QXmlStreamReader::StartElement:
            if (++depth > deepest)
                return fail(ErrorCode::Malformed, u"nested too deeply"_s);
            text.clear();
            start(xml);
            break;
        case QXmlStreamReader::Characters:
            text += xml.text();
            break;
        case QXmlStreamReader::EndElement:
            --depth;
            leaf(xml.name().toString(), text.trimmed());
            text.clear();
            break;
        default:
            break;
        }
    }
    if (xml.hasError())
        return fail(
            ErrorCode::Malformed, u"offset %1: %2"_s.arg(xml.characterOffset()).arg(xml.errorString()));
    return {};
}

} // namespace

QByteArray autodiscoverRequest(const QString& address)
{
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?><Autodiscover "
           "xmlns=\"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006\"><Request>"
           "<EMailAddress>"
        + address.toHtmlEscaped().toUtf8()
        + "</EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/"
          "outlook/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>";
}

Expected<AutodiscoverAnswer> readAutodiscover(const QByteArray& body)
{
    AutodiscoverAnswer answer;
    QString type; // of the Protocol block that is being read
    QString inner, outer;
    bool isAutodiscover = false;
    const auto start = [&](const QXmlStreamReader& xml) {
        isAutodiscover = isAutodiscover || xml.name() == "Autodiscover"_L1;
        if (xml.name() == "Protocol"_L1)
            type.clear();
    };
    const auto leaf = [&](const QString& name, const QString& text) {
        if (name == "Type"_L1)
            type = text;
        else if (name == "EwsUrl"_L1 && !text.isEmpty())
            (type == "EXCH"_L1 ? inner : outer) = text;
        else if (name == "RedirectAddr"_L1)
            answer.redirectAddress = text;
        else if (name == "RedirectUrl"_L1)
            answer.redirectUrl = QUrl(text, QUrl::StrictMode);
        else if (name == "ErrorCode"_L1)
            answer.errorCode = text.toInt();
        else if (name == "Message"_L1)
            answer.errorText = text.left(300);
    };
    if (const auto read = walk(body, start, leaf); !read)
        return fail(read.error());
    if (!isAutodiscover)
        return fail(ErrorCode::Malformed, u"this is no answer of Autodiscover"_s);
    answer.ews = QUrl(inner.isEmpty() ? outer : inner, QUrl::StrictMode);
    return answer;
}

QByteArray inboxRequest(const QString& address)
{
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?><s:Envelope "
           "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
           "xmlns:t=\"http://schemas.microsoft.com/exchange/services/2006/types\" "
           "xmlns:m=\"http://schemas.microsoft.com/exchange/services/2006/messages\"><s:Header>"
           "<t:RequestServerVersion Version=\"Exchange2010_SP1\"/></s:Header><s:Body><m:GetFolder>"
           "<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape><m:FolderIds>"
           "<t:DistinguishedFolderId Id=\"inbox\"><t:Mailbox><t:EmailAddress>"
        + address.toHtmlEscaped().toUtf8()
        + "</t:EmailAddress></t:Mailbox></t:DistinguishedFolderId></m:FolderIds></m:GetFolder></s:Body>"
          "</s:Envelope>";
}

Expected<FolderAnswer> readFolder(const QByteArray& body)
{
    FolderAnswer answer;
    bool isEnvelope = false, hasId = false;
    const auto start = [&](const QXmlStreamReader& xml) {
        isEnvelope = isEnvelope || xml.name() == "Envelope"_L1;
        hasId = hasId || xml.name() == "FolderId"_L1;
    };
    const auto leaf = [&](const QString& name, const QString& text) {
        if (name == "ResponseCode"_L1)
            answer.code = text;
        else if (name == "faultcode"_L1 && answer.code.isEmpty())
            answer.code = text.section(u':', -1);
        else if (name == "MessageText"_L1 || name == "faultstring"_L1)
            answer.text = text.left(300);
    };
    if (const auto read = walk(body, start, leaf); !read)
        return fail(read.error());
    if (!isEnvelope || answer.code.isEmpty())
        return fail(ErrorCode::Malformed, u"this is no answer of Exchange Web Services"_s);
    answer.found = answer.code == "NoError"_L1 && hasId;
    return answer;
}

} // namespace postern::exchange
