#include "services/graph/GraphRequest.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

QByteArray GraphAnswer::header(QByteArrayView name) const
{
    for (const auto& [key, value] : headers) {
        if (QByteArrayView(key).compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

QString segment(const QString& text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

QString describe(const GraphRequest& request, const QUrl& url)
{
    const QString place = url.toString(QUrl::RemoveQuery | QUrl::RemoveUserInfo | QUrl::RemoveFragment);
    return u"%1 %2"_s.arg(QString::fromLatin1(methodName(request.method)), place);
}

QByteArray methodName(Method method)
{
    switch (method) {
    case Method::Get:
        return "GET";
    case Method::Post:
        return "POST";
    case Method::Patch:
        return "PATCH";
    case Method::Delete:
        return "DELETE";
    }
    return {};
}

} // namespace postern::graph
