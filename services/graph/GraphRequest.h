// One request to Graph and its answer, as values. Any thread. graph-reference 9.
#pragma once

#include <QByteArray>
#include <QList>
#include <QNetworkReply>
#include <QString>
#include <QUrl>
#include <QUrlQuery>

namespace postern::graph {

enum class Method { Get, Post, Patch, Delete };

// Graph limits each service by itself, so each has a budget of its own.
enum class ServiceArea { Intune, Directory, ConditionalAccess, Other };

struct GraphRequest
{
    Method method = Method::Get;
    // Relative to the version: "deviceManagement/managedDevices". Segments that come from data are encoded
    // with segment().
    QString path;
    QUrlQuery query;
    // Instead of path and query: a nextLink or deltaLink, given back to Graph as it came. Must lead to the
    // client's own Graph (Redirected otherwise): the token travels with it.
    QUrl link;
    QByteArray body; // JSON, for POST and PATCH
    QList<QNetworkReply::RawHeaderPair> headers; // ConsistencyLevel and the like
    ServiceArea area = ServiceArea::Other;
    int cost = 1; // in the area's units (the directory's resource units)
    QString permission; // the least one it needs, for the words of a refusal
    // Another try after a lost connection or a 5xx may do it twice: not for actions. A GET always may.
    bool mayRepeat = true;
    // A delta that Graph has forgotten (410 and its like) is an answer, not an error.
    bool acceptResync = false;
};

struct GraphAnswer
{
    int status = 0;
    QByteArray body;
    QList<QNetworkReply::RawHeaderPair> headers;
    QString requestId;

    [[nodiscard]] QByteArray header(QByteArrayView name) const;
};

// A text as one segment of a path, whatever is in it.
[[nodiscard]] QString segment(const QString& text);
// For the log and errors: "GET /v1.0/users/delta"; never a token of a link.
[[nodiscard]] QString describe(const GraphRequest& request, const QUrl& url);
[[nodiscard]] QByteArray methodName(Method method);

} // namespace postern::graph
