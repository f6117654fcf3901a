#include "tests/integration/sync/RunningLab.h"

#include <QEventLoop>
#include <QJsonDocument>
#include <QNetworkReply>
#include <QSslConfiguration>

namespace postern::test {

using namespace Qt::StringLiterals;

RunningLab::RunningLab(const QStringList& arguments)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(QStringLiteral(POSTERN_BIN_DIR) + u"/postern-lab"_s, arguments);
    QByteArray line;
    while (!line.contains('\n')) {
        if (!m_process.waitForReadyRead(60'000))
            qFatal("postern-lab did not start: %s", qPrintable(m_process.errorString()));
        line += m_process.readAllStandardOutput();
    }
    m_addresses = QJsonDocument::fromJson(line).object();
}

RunningLab::~RunningLab()
{
    m_process.terminate();
    if (!m_process.waitForFinished(10'000))
        m_process.kill();
    m_process.waitForFinished();
}

QJsonObject RunningLab::account(const QString& role) const
{
    const QJsonArray accounts = m_addresses["accounts"_L1].toArray();
    for (const QJsonValue& account : accounts) {
        if (account["role"_L1].toString() == role)
            return account.toObject();
    }
    qFatal("the lab has no account %s", qPrintable(role));
}

QString RunningLab::password(const QString& role) const
{
    return account(role)["password"_L1].toString();
}

Connector RunningLab::connector(const QString& role) const
{
    Connector connector;
    connector.name = u"Lab"_s;
    connector.siteCode = u"PS1"_s;
    connector.serverAddress = m_addresses["exchange"_L1].toObject()["url"_L1].toString();
    connector.authentication = Authentication::Basic;
    connector.user = account(role)["user"_L1].toString();
    connector.caFile = m_addresses["caFile"_L1].toString();
    connector.parallelSessions = 2;
    return connector;
}

QJsonObject RunningLab::request(const QByteArray& verb, const QString& path, const QJsonObject& body)
{
    QNetworkRequest request(QUrl(m_addresses["labUrl"_L1].toString() + path));
    QSslConfiguration tls = request.sslConfiguration();
    tls.setCaCertificates(QSslCertificate::fromPath(m_addresses["caFile"_L1].toString()));
    request.setSslConfiguration(tls);
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    const QByteArray bytes = verb == "POST" ? QJsonDocument(body).toJson() : QByteArray();
    QNetworkReply* reply = m_network.sendCustomRequest(request, verb, bytes);
    QEventLoop loop;
    QObject::connect(reply, &QNetworkReply::finished, &loop, &QEventLoop::quit);
    loop.exec();
    if (reply->error() != QNetworkReply::NoError)
        qFatal("%s %s: %s", verb.constData(), qPrintable(path), qPrintable(reply->errorString()));
    const QJsonObject answer = QJsonDocument::fromJson(reply->readAll()).object();
    reply->deleteLater();
    return answer;
}

QJsonArray RunningLab::truth()
{
    QJsonArray present;
    for (QJsonValue next = 0; !next.isUndefined();) {
        const QJsonObject page = request("GET", u"truth?from=%1"_s.arg(next.toInt()));
        for (const QJsonValue phone : page["phones"_L1].toArray()) {
            if (!phone["removed"_L1].toBool())
                present.append(phone);
        }
        next = page["next"_L1];
    }
    return present;
}

void RunningLab::connectAll()
{
    request("POST", u"sync?all=1"_s);
}

int RunningLab::change(int every, int from)
{
    return request("POST", u"change?every=%1&from=%2"_s.arg(every).arg(from))["changed"_L1].toInt();
}

QDateTime RunningLab::now()
{
    return QDateTime::fromString(state()["now"_L1].toString(), Qt::ISODate);
}

QJsonObject RunningLab::state()
{
    return request("GET", u"state"_s);
}

void RunningLab::setFaults(const QJsonArray& faults)
{
    request("POST", u"faults"_s, {{u"faults"_s, faults}});
}

QJsonArray RunningLab::faults()
{
    return request("GET", u"faults"_s)["faults"_L1].toArray();
}

void RunningLab::clearFaults()
{
    request("DELETE", u"faults"_s);
}

} // namespace postern::test
