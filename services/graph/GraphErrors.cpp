#include "services/graph/GraphErrors.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>

namespace postern::graph {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestMessage = 600;
constexpr qsizetype longestId = 64;

QString oneLine(const QString& text)
{
    return text.simplified().left(longestMessage);
}

// Intune packs an object with its words into "message": {"_version": 3, "Message": "…"}.
QString unpacked(const QString& message)
{
    if (!message.trimmed().startsWith(u'{'))
        return message;
    const QJsonObject inner = QJsonDocument::fromJson(message.toUtf8()).object();
    const QString words = inner.value("Message"_L1).toString();
    return words.isEmpty() ? message : words;
}

// A proxy's or a gateway's page has at most a title to say.
QString wordsOfForeignBody(const QByteArray& body)
{
    static const QRegularExpression title(
        u"<title[^>]{0,200}>([^<]{1,300})<"_s, QRegularExpression::CaseInsensitiveOption);
    const auto match = title.match(QString::fromUtf8(body.left(16 * 1024)));
    if (match.hasMatch())
        return u"not Graph's JSON but a page \"%1\""_s.arg(match.captured(1).simplified());
    return body.isEmpty() ? QString() : u"not Graph's JSON"_s;
}

ErrorCode codeOf(int status)
{
    switch (status) {
    case 400:
    case 406:
    case 411:
    case 415:
    case 416:
    case 422:
        return ErrorCode::InvalidInput;
    case 401:
        return ErrorCode::SignInRequired;
    case 402:
    case 403:
    case 407: // a proxy
        return ErrorCode::AccessDenied;
    case 404:
    case 410:
        return ErrorCode::NotFound;
    case 405:
    case 501:
        return ErrorCode::Unsupported;
    case 408:
        return ErrorCode::Timeout;
    case 409:
    case 412:
    case 423:
    case 424:
        return ErrorCode::Conflict;
    case 413:
        return ErrorCode::LimitExceeded;
    default:
        if (status >= 300 && status < 400)
            return ErrorCode::Redirected;
        return status == 429 || status >= 500 ? ErrorCode::ServerBusy : ErrorCode::Malformed;
    }
}

// 403: a permission that nobody consented to, or a person, a role or a licence that is missing.
void explainRefusal(Error& error, const GraphFault& fault, const GraphRequest& request)
{
    const QStringList named = permissionsIn(fault.message);
    const bool denied = fault.code.compare("Authorization_RequestDenied"_L1, Qt::CaseInsensitive) == 0;
    if (!named.isEmpty()) {
        error.code = ErrorCode::ConsentRequired;
        error.detail = u"missing permission %1. "_s.arg(named.join(u" or "_s)) + error.detail;
    } else if (denied && !request.permission.isEmpty()) {
        error.code = ErrorCode::ConsentRequired;
        error.detail = u"missing permission %1. "_s.arg(request.permission) + error.detail;
    } else if (!request.permission.isEmpty()) {
        error.detail
            += u" (needs %1 and, for a signed-in person, a role that has it)"_s.arg(request.permission);
    }
}

} // namespace

QString GraphFault::text() const
{
    QString text = code;
    if (!message.isEmpty())
        text += (text.isEmpty() ? QString() : u": "_s) + message;
    QStringList ids;
    if (!requestId.isEmpty())
        ids += u"request-id "_s + requestId;
    if (!clientRequestId.isEmpty() && clientRequestId != requestId)
        ids += u"client-request-id "_s + clientRequestId;
    if (!ids.isEmpty())
        text += u" (%1)"_s.arg(ids.join(u", "_s));
    return text.trimmed();
}

GraphFault readFault(const GraphAnswer& answer)
{
    GraphFault fault;
    fault.requestId = QString::fromLatin1(answer.header("request-id")).left(longestId);
    fault.clientRequestId = QString::fromLatin1(answer.header("client-request-id")).left(longestId);
    const QJsonDocument document = QJsonDocument::fromJson(answer.body);
    if (!document.isObject()) {
        fault.message = wordsOfForeignBody(answer.body);
        return fault;
    }
    const QJsonObject error = document.object().value("error"_L1).toObject();
    fault.code = oneLine(error.value("code"_L1).toString());
    fault.message = oneLine(unpacked(error.value("message"_L1).toString()));
    QJsonObject inner = error.value("innerError"_L1).toObject();
    if (inner.isEmpty())
        inner = error.value("innererror"_L1).toObject(); // some services spell it so
    if (fault.requestId.isEmpty())
        fault.requestId = inner.value("request-id"_L1).toString().left(longestId);
    if (fault.clientRequestId.isEmpty())
        fault.clientRequestId = inner.value("client-request-id"_L1).toString().left(longestId);
    return fault;
}

QStringList permissionsIn(const QString& message)
{
    // "…must have one of the following scopes: DeviceManagementManagedDevices.Read.All, …"
    static const QRegularExpression pattern(
        u"\\b([A-Z][A-Za-z]+\\.(?:Read|ReadWrite|ReadBasic|PrivilegedOperations|Send|Manage|Create)"
        "(?:\\.[A-Z][A-Za-z]+)?)\\b"_s);
    QStringList names;
    auto matches = pattern.globalMatch(message);
    while (matches.hasNext() && names.size() < 8) {
        const QString name = matches.next().captured(1);
        if (!names.contains(name))
            names += name;
    }
    return names;
}

Error errorOf(const GraphAnswer& answer, const GraphRequest& request, const QString& origin)
{
    const GraphFault fault = readFault(answer);
    Error error;
    error.code = codeOf(answer.status);
    error.origin = origin;
    error.detail = u"HTTP %1 %2"_s.arg(answer.status).arg(fault.text()).trimmed();
    if (error.code == ErrorCode::Redirected) {
        const QUrl target = QUrl::fromEncoded(answer.header("Location"));
        error.detail = target.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo).left(longestMessage);
    }
    if (answer.status == 403)
        explainRefusal(error, fault, request);
    return error;
}

bool asksForResync(const GraphAnswer& answer)
{
    if (answer.status == 410)
        return true;
    if (answer.status < 400 || answer.status >= 500)
        return false;
    const QString code = readFault(answer).code;
    for (const auto known : {"syncStateNotFound"_L1, "syncStateInvalid"_L1, "resyncRequired"_L1,
             "Directory_ExpiredPageToken"_L1}) {
        if (code.compare(known, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

bool isBusyStatus(int status)
{
    return status == 429 || status == 500 || status == 502 || status == 503 || status == 504 || status == 509;
}

QString jsonFault(const QByteArray& body)
{
    QJsonParseError where;
    const QJsonDocument document = QJsonDocument::fromJson(body, &where);
    if (where.error == QJsonParseError::NoError)
        return {};
    const qsizetype at = std::clamp<qsizetype>(where.offset, 0, body.size());
    const QByteArrayView before = QByteArrayView(body).first(at);
    const qsizetype line = std::count(before.begin(), before.end(), '\n') + 1;
    const qsizetype column = at - (before.lastIndexOf('\n') + 1) + 1;
    return u"at line %1, column %2 (byte %3 of %4): %5"_s.arg(line)
        .arg(column)
        .arg(at)
        .arg(body.size())
        .arg(where.errorString());
}

} // namespace postern::graph
