#include "tests/services/graph/FakeGraph.h"

#include <QJsonDocument>
#include <QTimer>

#include "tests/support/RunTask.h"

namespace postern::test {

using namespace Qt::StringLiterals;

QJsonObject GraphCall::json() const
{
    return QJsonDocument::fromJson(body).object();
}

FakeAnswer json(const QJsonObject& object, int status)
{
    FakeAnswer answer(QJsonDocument(object).toJson(QJsonDocument::Compact), status);
    answer.headers = {{"Content-Type", "application/json"}, {"request-id", "aaaa-request"}};
    return answer;
}

FakeAnswer fault(int status, const QString& code, const QString& message)
{
    const QJsonObject inner{{u"request-id"_s, u"aaaa-request"_s}, {u"client-request-id"_s, u"bbbb-client"_s}};
    return json(
        {{u"error"_s, QJsonObject{{u"code"_s, code}, {u"message"_s, message}, {u"innerError"_s, inner}}}},
        status);
}

QJsonObject listOf(const QJsonArray& items)
{
    return {{u"@odata.context"_s, graphRoot + u"$metadata"_s}, {u"value"_s, items}};
}

Respond paged(QJsonArray items, int size, bool count)
{
    return [items, size, count](const GraphCall& call) -> GraphReply {
        const int from = call.option(u"$skiptoken"_s).toInt();
        QJsonArray page;
        for (int i = from; i < std::min<int>(from + size, int(items.size())); ++i)
            page.append(items.at(i));
        QJsonObject body = listOf(page);
        if (count && from == 0)
            body.insert(u"@odata.count"_s, items.size());
        if (from + size < items.size()) {
            QUrl link(graphRoot + call.path);
            QUrlQuery query(call.query);
            query.removeAllQueryItems(u"$skiptoken"_s);
            query.addQueryItem(u"$skiptoken"_s, QString::number(from + size));
            link.setQuery(query);
            body.insert(u"@odata.nextLink"_s, link.toString(QUrl::FullyEncoded));
        }
        return json(body);
    };
}

std::function<QCoro::Task<bool>(std::chrono::milliseconds, std::stop_token)> VirtualTime::sleep()
{
    return [this](std::chrono::milliseconds wait, std::stop_token token) {
        return doze(this, wait, std::move(token));
    };
}

QCoro::Task<bool> VirtualTime::doze(VirtualTime* time, std::chrono::milliseconds wait, std::stop_token token)
{
    time->m_slept.push_back(wait.count());
    time->pass(wait);
    co_return !token.stop_requested();
}

QString FakeTokens::named(int number) const
{
    return fixed.isEmpty() ? u"secret-token-%1"_s.arg(number) : fixed;
}

QCoro::Task<Expected<QString>> FakeTokens::accessToken(std::stop_token)
{
    if (refusal)
        co_return fail(*refusal);
    co_return named(m_current);
}

QCoro::Task<Expected<QString>> FakeTokens::replaceToken(QString refused, QString wanted, std::stop_token)
{
    claims += wanted;
    if (refusal)
        co_return fail(*refusal);
    if (refused == named(m_current))
        ++m_current;
    co_return named(m_current);
}

bool FakeTokens::accepts(const QByteArray& authorization) const
{
    return authorization == "Bearer " + named(m_valid).toLatin1();
}

FakeGraph::FakeGraph(VirtualTime& time, FakeTokens& tokens)
    : m_time(time)
    , m_tokens(tokens)
{
}

int FakeGraph::callsOf(const QString& path) const
{
    return int(std::count_if(
        m_calls.begin(), m_calls.end(), [&path](const GraphCall& call) { return call.path == path; }));
}

GraphReply FakeGraph::decide(const GraphCall& call)
{
    if (!m_next.empty()) {
        GraphReply reply = std::move(m_next.front());
        m_next.pop_front();
        return reply;
    }
    if (!m_tokens.accepts(call.http.rawHeader("Authorization")))
        return fault(
            401, u"InvalidAuthenticationToken"_s, u"Lifetime validation failed, the token is expired."_s);
    const auto at = m_responses.find(call.path);
    return at == m_responses.end() ? fault(404, u"Request_ResourceNotFound"_s, call.path) : at->second(call);
}

QNetworkReply* FakeGraph::createRequest(
    Operation operation, const QNetworkRequest& request, QIODevice* outgoing)
{
    GraphCall call;
    call.method = operation == GetOperation
        ? QByteArray("GET")
        : request.attribute(QNetworkRequest::CustomVerbAttribute).toByteArray();
    call.url = request.url();
    call.path = request.url().toString(QUrl::RemoveQuery | QUrl::FullyEncoded).mid(graphRoot.size());
    call.query = QUrlQuery(request.url());
    call.http = request;
    call.body = outgoing ? outgoing->readAll() : QByteArray();
    call.at = m_time.elapsed();
    m_calls.push_back(call);
    QPointer<FakeReply> reply = new FakeReply(operation, request, this);
    const GraphReply decided = decide(call);
    QTimer::singleShot(0, this, [reply, decided] {
        if (!reply)
            return;
        if (decided.kind == GraphReply::Kind::Answer)
            reply->deliver(decided.answer);
        else if (decided.kind == GraphReply::Kind::Broken)
            reply->breakOff(decided.error);
    });
    return reply;
}

GraphFixture::GraphFixture()
{
    auto network = std::make_unique<FakeGraph>(time, tokens);
    wire = network.get();
    graph::GraphClientOptions options;
    options.network = std::move(network);
    options.clock = &time;
    options.sleep = time.sleep();
    options.random = [] { return 1.0; };
    options.share = 1.0;
    options.maximumBody = 4 * 1024 * 1024;
    auto endpoint = graph::endpointOf(
        QUrl(u"https://graph.example.test"_s), QSslConfiguration::defaultConfiguration(), u"contoso.com"_s);
    tenant = std::make_unique<graph::GraphTenant>(*endpoint, tokens, std::move(options));
}

GraphFixture::~GraphFixture()
{
    auto closed = runTask(tenant->close());
    closed.wait();
}

QString idOf(int number)
{
    return u"%1-0000-4000-8000-00000000abcd"_s.arg(number, 8, 16, QLatin1Char('0'));
}

QJsonObject managedDevice(int number)
{
    return {{u"id"_s, idOf(number)}, {u"deviceName"_s, u"Phone %1"_s.arg(number)},
        {u"operatingSystem"_s, u"iOS"_s}, {u"osVersion"_s, u"17.6.1"_s}, {u"model"_s, u"iPhone 14"_s},
        {u"manufacturer"_s, u"Apple"_s}, {u"serialNumber"_s, u"SN%1"_s.arg(number)},
        {u"imei"_s, u"35%1"_s.arg(number, 13, 10, QLatin1Char('0'))}, {u"userId"_s, idOf(number + 0x100000)},
        {u"userPrincipalName"_s, u"user%1@contoso.com"_s.arg(number)},
        {u"emailAddress"_s, u"user%1@contoso.com"_s.arg(number)},
        {u"easDeviceId"_s, u"APPLSN%1"_s.arg(number)}, {u"easActivated"_s, true},
        {u"easActivationDateTime"_s, u"2026-11-01T08:00:00Z"_s}, {u"complianceState"_s, u"compliant"_s},
        {u"managementState"_s, u"managed"_s}, {u"managedDeviceOwnerType"_s, u"personal"_s},
        {u"jailBroken"_s, u"False"_s}, {u"isEncrypted"_s, true}, {u"isSupervised"_s, false},
        {u"lastSyncDateTime"_s, u"2026-11-24T11:00:00Z"_s},
        {u"enrolledDateTime"_s, u"2026-01-05T09:30:00Z"_s}, {u"azureADDeviceId"_s, idOf(number + 0x200000)},
        {u"azureADRegistered"_s, true}, {u"deviceEnrollmentType"_s, u"userEnrollment"_s},
        {u"deviceRegistrationState"_s, u"registered"_s}, {u"exchangeAccessState"_s, u"allowed"_s},
        {u"exchangeAccessStateReason"_s, u"compliant"_s}};
}

QJsonObject directoryUser(int number)
{
    return {{u"id"_s, idOf(number)}, {u"userPrincipalName"_s, u"user%1@contoso.com"_s.arg(number)},
        {u"displayName"_s, u"User %1"_s.arg(number)}, {u"mail"_s, u"user%1@contoso.com"_s.arg(number)},
        {u"accountEnabled"_s, true}};
}

QJsonArray many(int from, int to, const std::function<QJsonObject(int)>& make)
{
    QJsonArray items;
    for (int i = from; i < to; ++i)
        items.append(make(i));
    return items;
}

} // namespace postern::test
