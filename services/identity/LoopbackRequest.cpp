#include "services/identity/LoopbackRequest.h"

#include <QCoreApplication>
#include <QHash>
#include <QJsonObject>
#include <QUrl>

namespace postern::identity {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longest = 32 * 1024; // codes have some 2 KiB

LoopbackVerdict turnAway(int status)
{
    LoopbackVerdict verdict;
    verdict.status = status;
    return verdict;
}

struct Head
{
    QByteArray method;
    QByteArray target;
    QByteArrayList hosts;
};

// nullopt: not HTTP/1.
std::optional<Head> readHead(const QByteArray& text)
{
    const QByteArrayList lines = text.split('\n');
    const QByteArrayList first = lines.constFirst().trimmed().split(' ');
    if (first.size() != 3 || !first.at(2).startsWith("HTTP/1.") || !first.at(1).startsWith('/'))
        return std::nullopt;
    Head head;
    head.method = first.at(0);
    head.target = first.at(1);
    for (const QByteArray& line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).compare("host", Qt::CaseInsensitive) == 0)
            head.hosts.append(line.sliced(colon + 1).trimmed().toLower());
    }
    return head;
}

QString decoded(QByteArray text)
{
    return QUrl::fromPercentEncoding(text.replace('+', ' '));
}

// nullopt when a name comes twice: which of them would be meant?
std::optional<QHash<QString, QString>> readQuery(const QByteArray& query)
{
    QHash<QString, QString> values;
    for (const QByteArray& pair : query.split('&')) {
        if (pair.isEmpty())
            continue;
        const qsizetype equals = pair.indexOf('=');
        const QString name = decoded(equals < 0 ? pair : pair.first(equals));
        if (values.contains(name))
            return std::nullopt;
        values.insert(name, equals < 0 ? QString() : decoded(pair.sliced(equals + 1)));
    }
    return values;
}

std::optional<Redirect> readRedirect(const QHash<QString, QString>& values)
{
    Redirect redirect;
    redirect.code = values.value(u"code"_s);
    QJsonObject json;
    for (const auto& name :
        {u"error"_s, u"error_description"_s, u"suberror"_s, u"claims"_s, u"correlation_id"_s})
        json.insert(name, values.value(name));
    redirect.error = readOAuthError(json);
    if (redirect.error.has_value() == !redirect.code.isEmpty()) // both or neither
        return std::nullopt;
    return redirect;
}

bool isOurHost(const QByteArrayList& hosts, const LoopbackExpectation& expected)
{
    // One, and ours: a page elsewhere whose name points to 127.0.0.1 has its own name here (DNS rebinding).
    const QByteArray ours = expected.host.toLatin1().toLower() + ':' + QByteArray::number(expected.port);
    return hosts.size() == 1 && hosts.constFirst() == ours;
}

QByteArray reason(int status)
{
    switch (status) {
    case 200:
        return "OK";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 431:
        return "Request Header Fields Too Large";
    default:
        return "Bad Request";
    }
}

QString pageText(const LoopbackVerdict& verdict)
{
    if (!verdict.redirect)
        return QCoreApplication::translate(
            "SignInPage", "This is not an answer to a sign-in that Postern waits for.");
    if (verdict.redirect->error)
        return QCoreApplication::translate(
            "SignInPage", "The sign-in did not succeed. Postern says why. You can close this window.");
    return QCoreApplication::translate(
        "SignInPage", "Postern has your sign-in and goes on by itself. You can close this window.");
}

} // namespace

LoopbackVerdict judgeLoopbackRequest(const QByteArray& request, const LoopbackExpectation& expected)
{
    const qsizetype end = request.indexOf("\r\n\r\n");
    if (end < 0 || end > longest)
        return turnAway(request.size() > longest ? 431 : 0);
    const std::optional<Head> head = readHead(request.first(end));
    if (!head || !isOurHost(head->hosts, expected))
        return turnAway(400);
    if (head->method != "GET")
        return turnAway(405);
    const qsizetype mark = head->target.indexOf('?');
    const QByteArray path = mark < 0 ? head->target : head->target.first(mark);
    if (path != (expected.path.isEmpty() ? QByteArray("/") : expected.path.toUtf8()))
        return turnAway(404);
    const auto values = readQuery(mark < 0 ? QByteArray() : head->target.sliced(mark + 1));
    if (!values || expected.state.isEmpty() || values->value(u"state"_s) != expected.state)
        return turnAway(400);
    LoopbackVerdict verdict = turnAway(400);
    verdict.redirect = readRedirect(*values);
    if (verdict.redirect)
        verdict.status = 200;
    return verdict;
}

QByteArray loopbackAnswer(const LoopbackVerdict& verdict)
{
    const QByteArray page
        = "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>Postern</title></head><body><p>"
        + pageText(verdict).toHtmlEscaped().toUtf8() + "</p></body></html>\n";
    return "HTTP/1.1 " + QByteArray::number(verdict.status) + ' ' + reason(verdict.status)
        + "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " + QByteArray::number(page.size())
        + "\r\nConnection: close\r\nCache-Control: no-store\r\nReferrer-Policy: no-referrer"
          "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'"
          "\r\nX-Content-Type-Options: nosniff\r\n\r\n"
        + page;
}

} // namespace postern::identity
