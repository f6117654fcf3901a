#include "tests/support/LabFixture.h"

#include <QEventLoop>
#include <QFile>
#include <QJsonArray>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QTest>

namespace postern::test {

using namespace Qt::StringLiterals;

LabFixture::~LabFixture()
{
    if (m_process.state() != QProcess::NotRunning) {
        m_process.terminate();
        if (!m_process.waitForFinished(5'000))
            m_process.kill();
        m_process.waitForFinished(5'000);
    }
}

bool LabFixture::start(QStringList arguments)
{
    const QString program = QStringLiteral(POSTERN_BIN_DIR "/postern-lab");
    if (!QFile::exists(program)) {
        m_reason = u"postern-lab was not built"_s;
        return false;
    }
    m_process.setProcessChannelMode(QProcess::SeparateChannels);
    m_process.start(program, arguments);
    QByteArray line;
    const bool ready = QTest::qWaitFor(
        [&] {
            m_process.waitForReadyRead(10);
            line += m_process.readAllStandardOutput();
            return line.contains('\n') || m_process.state() == QProcess::NotRunning;
        },
        30'000);
    m_about = QJsonDocument::fromJson(line.left(line.indexOf('\n'))).object();
    if (ready && !m_about.isEmpty())
        return true;
    m_reason = u"the lab did not start: "_s + QString::fromUtf8(m_process.readAllStandardError());
    return false;
}

QUrl LabFixture::url() const
{
    return QUrl(m_about.value("exchange"_L1).toObject().value("url"_L1).toString());
}

QUrl LabFixture::badTls(const QString& kind) const
{
    return QUrl(m_about.value("badTls"_L1).toObject().value(kind).toString());
}

QList<QSslCertificate> LabFixture::authorities() const
{
    const auto read = wsman::readAuthorities(m_about.value("caFile"_L1).toString());
    return read ? *read : QList<QSslCertificate>();
}

QJsonObject LabFixture::account(const QString& role) const
{
    for (const QJsonValue& entry : m_about.value("accounts"_L1).toArray()) {
        if (entry.toObject().value("role"_L1).toString() == role)
            return entry.toObject();
    }
    return {};
}

QString LabFixture::user(const QString& role) const
{
    return account(role).value("user"_L1).toString();
}

QString LabFixture::password(const QString& role) const
{
    return account(role).value("password"_L1).toString();
}

wsman::Endpoint LabFixture::endpoint(wsman::SignIn signIn, const QString& role) const
{
    wsman::Endpoint endpoint;
    endpoint.url = url();
    endpoint.signIn = signIn;
    endpoint.user = user(role);
    endpoint.password = password(role);
    endpoint.authorities = authorities();
    endpoint.operationTimeout = std::chrono::seconds(5);
    return endpoint;
}

QJsonDocument LabFixture::request(const QByteArray& verb, const QString& path, const QByteArray& body)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(m_about.value("labUrl"_L1).toString() + path));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    request.setTransferTimeout(10'000);
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setCaCertificates(authorities());
    request.setSslConfiguration(tls);
    const std::unique_ptr<QNetworkReply> reply(network.sendCustomRequest(request, verb, body));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 12'000)
        || reply->error() != QNetworkReply::NoError) {
        m_reason = reply->errorString();
        return {};
    }
    return QJsonDocument::fromJson(reply->readAll());
}

QJsonDocument LabFixture::post(const QString& path, const QJsonObject& body)
{
    return request("POST", path, QJsonDocument(body).toJson(QJsonDocument::Compact));
}

QJsonDocument LabFixture::get(const QString& path)
{
    return request("GET", path, {});
}

bool LabFixture::fault(const QJsonObject& rule)
{
    QJsonObject body;
    body.insert("faults"_L1, QJsonArray{rule});
    return !post(u"faults"_s, body).isNull();
}

bool LabFixture::clearFaults()
{
    return !request("DELETE", u"faults"_s, {}).isNull();
}

} // namespace postern::test
