#include "services/graph/DirectoryDelta.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

GraphRequest fullListing(const DeltaSubject& subject)
{
    GraphRequest request;
    request.path = subject.collection + u"/delta"_s;
    request.query.addQueryItem(u"$select"_s, subject.select);
    request.area = ServiceArea::Directory;
    request.cost = subject.listCost;
    request.permission = subject.permission;
    request.acceptResync = true;
    return request;
}

GraphRequest oneObject(const DeltaSubject& subject, const QString& id)
{
    GraphRequest request;
    request.path = u"%1/%2"_s.arg(subject.collection, segment(id));
    request.query.addQueryItem(u"$select"_s, subject.select);
    request.area = ServiceArea::Directory;
    request.cost = subject.readCost;
    request.permission = subject.permission;
    return request;
}

GraphRequest continuation(const GraphClient& client, const DeltaSubject& subject, const QUrl& link)
{
    GraphRequest request = fullListing(subject);
    if (client.isOwn(link)) {
        request.link = link;
        request.query.clear();
    }
    return request;
}

} // namespace postern::graph
