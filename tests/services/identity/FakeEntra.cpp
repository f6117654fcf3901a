#include "tests/services/identity/FakeEntra.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace postern::test {

using namespace Qt::StringLiterals;

QCoro::Task<bool> TestTime::pass(TestTime* time, std::chrono::milliseconds howLong, std::stop_token token)
{
    if (token.stop_requested())
        co_return false;
    time->slept.append(howLong.count());
    time->advance(howLong);
    co_return true;
}

identity::Sleep TestTime::sleep()
{
    return [this](std::chrono::milliseconds howLong, std::stop_token token) {
        return pass(this, howLong, std::move(token));
    };
}

TestCertificates& FakeEntra::certificates()
{
    static TestCertificates made;
    return made;
}

bool FakeEntra::start()
{
    static const bool made = certificates().make();
    m_server = std::make_unique<TlsFixture>();
    m_server->setAnswer([this](QSslSocket* socket, const QByteArray& request) { answer(socket, request); });
    return made && m_server->listen(certificates().server(u"good"_s));
}

identity::Tenant FakeEntra::tenant() const
{
    identity::Tenant tenant;
    tenant.cloud.authority = m_server->url(u"/"_s);
    tenant.id = u"11111111-2222-3333-4444-555555555555"_s;
    tenant.clientId = u"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"_s;
    tenant.authorities = certificates().authority();
    return tenant;
}

std::unique_ptr<identity::TokenClient> FakeEntra::client(TestTime* time) const
{
    return std::make_unique<identity::TokenClient>(tenant(), nullptr, time, time->sleep());
}

void FakeEntra::nextRaw(Raw raw)
{
    m_answers.push_back(std::move(raw));
}

void FakeEntra::nextBytes(int status, const QByteArray& body, const QByteArray& headers)
{
    nextRaw([=](QSslSocket* socket) { socket->write(TlsFixture::http(status, body, headers)); });
}

void FakeEntra::next(int status, const QJsonObject& json, const QByteArray& headers)
{
    nextBytes(status, QJsonDocument(json).toJson(QJsonDocument::Compact),
        "Content-Type: application/json; charset=utf-8\r\n" + headers);
}

void FakeEntra::nextHeld()
{
    nextRaw([this](QSslSocket* socket) { m_held.emplace_back(socket); });
}

void FakeEntra::release(int status, const QJsonObject& json)
{
    const QPointer<QSslSocket> socket = m_held.front();
    m_held.pop_front();
    if (socket)
        socket->write(TlsFixture::http(status, QJsonDocument(json).toJson()));
}

void FakeEntra::answer(QSslSocket* socket, const QByteArray& request)
{
    const qsizetype end = request.indexOf("\r\n\r\n");
    SeenForm seen;
    seen.head = request.first(end);
    seen.body = request.sliced(end + 4);
    for (const QByteArray& pair : seen.body.split('&')) {
        const qsizetype equals = pair.indexOf('=');
        seen.fields.insert(QUrl::fromPercentEncoding(pair.first(std::max<qsizetype>(equals, 0))),
            QUrl::fromPercentEncoding(QByteArray(pair.sliced(equals + 1)).replace('+', ' ')));
    }
    m_seen.append(seen);
    if (m_answers.empty()) {
        socket->write(TlsFixture::http(418, "the test expected no request"));
        return;
    }
    const Raw raw = m_answers.front();
    m_answers.pop_front();
    raw(socket);
}

QJsonObject FakeEntra::tokens(int number, int expiresIn)
{
    QJsonObject json = appTokens(number, expiresIn);
    json.insert("refresh_token"_L1, u"refresh-%1"_s.arg(number));
    json.insert("scope"_L1, u"https://graph.microsoft.com/User.Read.All openid profile"_s);
    return json;
}

QJsonObject FakeEntra::appTokens(int number, int expiresIn)
{
    QJsonObject json;
    json.insert("token_type"_L1, u"Bearer"_s);
    json.insert("expires_in"_L1, expiresIn);
    json.insert("access_token"_L1, u"access-%1"_s.arg(number));
    return json;
}

QJsonObject FakeEntra::error(const QString& name, int aadsts, const QString& words)
{
    QJsonObject json;
    json.insert("error"_L1, name);
    QString description = words;
    if (aadsts != 0) {
        description = u"AADSTS%1: %2"_s.arg(aadsts).arg(words);
        json.insert("error_codes"_L1, QJsonArray{aadsts});
    }
    json.insert("error_description"_L1,
        description
            + u" Trace ID: 00000000-0000-0000-0000-000000000001 Correlation ID: c0ffee Timestamp: now"_s);
    json.insert("correlation_id"_L1, u"c0ffee"_s);
    return json;
}

QString FakeEntra::jwt(const QJsonObject& payload)
{
    const auto part = [](const QByteArray& json) {
        return QString::fromLatin1(
            json.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
    };
    return part("{\"alg\":\"none\"}") + u'.' + part(QJsonDocument(payload).toJson(QJsonDocument::Compact))
        + u".c2lnbmF0dXJl"_s;
}

} // namespace postern::test
