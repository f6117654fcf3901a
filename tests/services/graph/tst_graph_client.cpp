// GraphClient: tokens, refusals, throttling, limits, and what must never happen to the token.
#include <QJsonDocument>
#include <QTest>

#include "services/graph/GraphErrors.h"
#include "tests/services/graph/FakeGraph.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace postern;
using namespace postern::test;
using graph::GraphAnswer;
using graph::GraphRequest;
using graph::Method;

namespace {

GraphRequest get(const QString& path)
{
    GraphRequest request;
    request.path = path;
    request.area = graph::ServiceArea::Intune;
    request.permission = u"Device.Read.All"_s;
    return request;
}

GraphRequest post(const QString& path, bool mayRepeat)
{
    GraphRequest request = get(path);
    request.method = Method::Post;
    request.mayRepeat = mayRepeat;
    return request;
}

Expected<GraphAnswer> sent(GraphFixture& graph, GraphRequest request, std::stop_token token = {})
{
    auto task = runTask(graph.client().send(std::move(request), std::move(token)));
    Expected<GraphAnswer>* answer = task.wait();
    return answer ? *answer : fail(ErrorCode::Internal, u"no answer in time"_s);
}

Respond always(FakeAnswer answer)
{
    return [answer](const GraphCall&) -> GraphReply { return answer; };
}

FakeAnswer throttled(int status, const QByteArray& retryAfter = {})
{
    FakeAnswer answer = fault(status, u"TooManyRequests"_s, u"slow down"_s);
    if (!retryAfter.isEmpty())
        answer.with("Retry-After", retryAfter);
    return answer;
}

} // namespace

class TestGraphClient : public QObject
{
    Q_OBJECT
private slots:
    void sendsTokenAndIds();
    void waitsAsLongAsGraphSays();
    void waitsLongerEachTimeWhenGraphDoesNotSay();
    void everybodyWaitsWhenOneIsThrottled();
    void givesUpWhenItTakesTooLong();
    void keepsToThePublishedLimit();
    void batchCountsByItsParts();
    void anotherTokenAfter401();
    void claimsChallenge();
    void secondRefusalIsASignIn();
    void signInRequiredComesThrough();
    void refusalsAreNamed_data();
    void refusalsAreNamed();
    void tokenNeverInErrors();
    void foreignLinkIsRefused_data();
    void foreignLinkIsRefused();
    void redirectIsNotFollowed();
    void bodyLimit();
    void brokenLinesAreTriedAgain();
    void actionsAreSentOnce_data();
    void actionsAreSentOnce();
    void malformedJsonNamesThePlace();
    void stops();
};

void TestGraphClient::sendsTokenAndIds()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(json({{u"a"_s, 1}})));
    const auto answer = sent(graph, get(u"things"_s));
    QVERIFY(answer);
    QCOMPARE(answer->requestId, u"aaaa-request"_s);
    const GraphCall& call = graph.wire->calls().front();
    QCOMPARE(call.http.rawHeader("Authorization"), QByteArray("Bearer secret-token-1"));
    QVERIFY(!QUuid::fromString(QString::fromLatin1(call.http.rawHeader("client-request-id"))).isNull());
    QCOMPARE(call.url, QUrl(graphRoot + u"things"_s));
}

void TestGraphClient::waitsAsLongAsGraphSays()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(json({})));
    graph.wire->next(throttled(429, "17"));
    graph.wire->next(throttled(
        503, graph.time.now().addSecs(40).toString(u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s).toLatin1()));
    QVERIFY(sent(graph, get(u"things"_s)));
    QCOMPARE(int(graph.wire->calls().size()), 3);
    QCOMPARE(graph.wire->calls()[1].at, 17'000);
    QCOMPARE(graph.wire->calls()[2].at, 40'000);
}

void TestGraphClient::waitsLongerEachTimeWhenGraphDoesNotSay()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(json({})));
    for (int i = 0; i < 4; ++i)
        graph.wire->next(throttled(i % 2 ? 504 : 429));
    QVERIFY(sent(graph, get(u"things"_s)));
    QList<qint64> waits;
    for (size_t i = 1; i < graph.wire->calls().size(); ++i)
        waits += graph.wire->calls()[i].at - graph.wire->calls()[i - 1].at;
    QCOMPARE(waits, (QList<qint64>{2'000, 4'000, 8'000, 16'000}));
    // The jitter takes at most half of it.
    QVERIFY(graph.client().backoff(0) == 2s && graph.client().backoff(20) == 2min);
}

void TestGraphClient::everybodyWaitsWhenOneIsThrottled()
{
    GraphFixture graph;
    graph.on(u"b"_s, always(json({})));
    graph.on(u"directory"_s, always(json({})));
    graph.wire->next(throttled(429, "700")); // longer than a request waits
    QVERIFY(!sent(graph, get(u"a"_s)));
    const auto other = sent(graph, get(u"b"_s));
    QVERIFY(!other);
    QCOMPARE(other.error().code, ErrorCode::ServerBusy);
    QCOMPARE(*other.error().retryAfter, 700s);
    QCOMPARE(int(graph.wire->calls().size()), 1); // it was not even asked
    GraphRequest directory = get(u"directory"_s);
    directory.area = graph::ServiceArea::Directory;
    QVERIFY(sent(graph, directory)); // another service, another pause
    graph.time.pass(690s);
    QVERIFY(sent(graph, get(u"b"_s)));
    QCOMPARE(graph.wire->calls().back().at, 700'000);
}

void TestGraphClient::givesUpWhenItTakesTooLong()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(throttled(429, "120")));
    const auto answer = sent(graph, get(u"things"_s));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::ServerBusy);
    QCOMPARE(*answer.error().retryAfter, 120s);
    QVERIFY(answer.error().detail.contains(u"slow down"_s));
    QCOMPARE(int(graph.wire->calls().size()), 6); // at 0, 2, 4 … 10 minutes
    QVERIFY(graph.time.elapsed() <= 600'000);
}

void TestGraphClient::keepsToThePublishedLimit()
{
    VirtualTime time;
    graph::RequestBudget budget(1.0);
    GraphRequest read = get(u"deviceManagement/managedDevices"_s);
    std::vector<qint64> sentAt;
    for (int i = 0; i < 6'500; ++i) {
        for (auto wait = budget.take(read, time.now()); wait.count() > 0;
             wait = budget.take(read, time.now()))
            time.pass(wait);
        sentAt.push_back(time.elapsed());
        if (i % 3 == 0)
            time.pass(1ms);
    }
    for (size_t i = 2'000; i < sentAt.size(); ++i)
        QVERIFY2(sentAt[i] - sentAt[i - 2'000] >= 20'000, qPrintable(QString::number(i)));
    QVERIFY(time.elapsed() < 65'000); // and no slower than needed

    // Writes have less, and count against both.
    GraphRequest write = post(u"x"_s, false);
    graph::RequestBudget writes(1.0);
    for (int i = 0; i < 200; ++i)
        QCOMPARE(writes.take(write, time.now()), 0ms);
    QCOMPARE(writes.take(write, time.now()), 20'000ms);
    QCOMPARE(writes.take(read, time.now()), 0ms);
}

void TestGraphClient::batchCountsByItsParts()
{
    VirtualTime time;
    graph::RequestBudget budget(1.0);
    GraphRequest batch = post(u"$batch"_s, true);
    batch.cost = 20;
    for (int i = 0; i < 100; ++i)
        QCOMPARE(budget.take(batch, time.now()), 0ms);
    QCOMPARE(budget.take(batch, time.now()), 20'000ms);
}

void TestGraphClient::anotherTokenAfter401()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(json({})));
    graph.tokens.expire();
    QVERIFY(sent(graph, get(u"things"_s)));
    QCOMPARE(graph.tokens.claims, QStringList{QString()});
    QCOMPARE(int(graph.wire->calls().size()), 2);
    QCOMPARE(graph.wire->calls()[1].http.rawHeader("Authorization"), QByteArray("Bearer secret-token-2"));
}

void TestGraphClient::claimsChallenge()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(json({})));
    const QByteArray wanted = R"({"access_token":{"nbf":{"essential":true,"value":"1700000000"}}})";
    FakeAnswer challenge = fault(401, u"InvalidAuthenticationToken"_s, u"Continuous access evaluation"_s);
    challenge.with("WWW-Authenticate",
        "Bearer realm=\"\", authorization_uri=\"https://login.example.test\", error=\"insufficient_claims\", "
        "claims=\""
            + wanted.toBase64() + "\"");
    graph.wire->next(challenge);
    graph.tokens.expire();
    QVERIFY(sent(graph, get(u"things"_s)));
    QCOMPARE(int(graph.tokens.claims.size()), 1);
    QCOMPARE(QJsonDocument::fromJson(graph.tokens.claims.front().toUtf8()), QJsonDocument::fromJson(wanted));

    // The same question again after it was answered: a person has to look.
    graph.wire->next(challenge);
    graph.wire->next(challenge);
    const auto answer = sent(graph, get(u"things"_s));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::SignInRequired);
    QCOMPARE(int(graph.wire->calls().size()), 4);
}

void TestGraphClient::secondRefusalIsASignIn()
{
    GraphFixture graph;
    graph.tokens.expire();
    graph.tokens.expire();
    const auto answer = sent(graph, get(u"things"_s));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::SignInRequired);
    QCOMPARE(int(graph.wire->calls().size()), 2);
    QVERIFY(answer.error().detail.contains(u"aaaa-request"_s));
}

void TestGraphClient::signInRequiredComesThrough()
{
    GraphFixture graph;
    graph.tokens.refusal = Error{ErrorCode::SignInRequired, u"AADSTS50076"_s, u"x"_s, std::nullopt};
    const auto answer = sent(graph, get(u"things"_s));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::SignInRequired);
    QCOMPARE(answer.error().detail, u"AADSTS50076"_s);
    QVERIFY(graph.wire->calls().empty());
}

void TestGraphClient::refusalsAreNamed_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("graphCode");
    QTest::addColumn<QString>("message");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("words");
    const QString intune
        = u"{\r\n  \"_version\": 3,\r\n  \"Message\": \"Application is not authorized to perform this "
          "operation. Application must have one of the following scopes: "
          "DeviceManagementManagedDevices.Read.All, DeviceManagementManagedDevices.ReadWrite.All - "
          "Operation ID (for customer support): 0\"\r\n}"_s;
    QTest::newRow("intune names scopes")
        << 403 << u"Forbidden"_s << intune << ErrorCode::ConsentRequired
        << u"missing permission DeviceManagementManagedDevices.Read.All or DeviceManagementManagedDevices.ReadWrite.All"_s;
    QTest::newRow("directory names none")
        << 403 << u"Authorization_RequestDenied"_s << u"Insufficient privileges to complete the operation."_s
        << ErrorCode::ConsentRequired << u"missing permission Device.Read.All"_s;
    QTest::newRow("role or licence") << 403 << u"Forbidden"_s << u"Tenant has no licence."_s
                                     << ErrorCode::AccessDenied << u"Tenant has no licence"_s;
    QTest::newRow("bad request") << 400 << u"BadRequest"_s << u"Invalid filter clause"_s
                                 << ErrorCode::InvalidInput << u"Invalid filter clause"_s;
    QTest::newRow("gone") << 404 << u"ResourceNotFound"_s << u""_s << ErrorCode::NotFound
                          << u"ResourceNotFound"_s;
    QTest::newRow("conflict") << 409 << u"Conflict"_s << u"exists"_s << ErrorCode::Conflict << u"exists"_s;
    QTest::newRow("not in this cloud")
        << 501 << u"NotImplemented"_s << u""_s << ErrorCode::Unsupported << u"501"_s;
    QTest::newRow("empty code") << 400 << u""_s << u"Something"_s << ErrorCode::InvalidInput
                                << u"HTTP 400 Something"_s;
}

void TestGraphClient::refusalsAreNamed()
{
    QFETCH(int, status);
    QFETCH(QString, graphCode);
    QFETCH(QString, message);
    QFETCH(ErrorCode, code);
    QFETCH(QString, words);
    GraphFixture graph;
    graph.on(u"things"_s, always(fault(status, graphCode, message)));
    const auto answer = sent(graph, get(u"things"_s));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, code);
    QVERIFY2(answer.error().detail.contains(words), qPrintable(answer.error().detail));
    QVERIFY(answer.error().detail.contains(u"request-id aaaa-request"_s));
    QVERIFY(answer.error().detail.contains(u"client-request-id bbbb-client"_s));
    QVERIFY(answer.error().origin.contains(u"GET"_s) && answer.error().origin.contains(u"things"_s));
    QCOMPARE(int(graph.wire->calls().size()), 1);
}

void TestGraphClient::tokenNeverInErrors()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(fault(400, u"BadRequest"_s, u"you sent Bearer secret-token-1 with it"_s)));
    const auto answer = sent(graph, get(u"things"_s));
    QVERIFY(!answer);
    QVERIFY2(!answer.error().toLogText().contains(u"secret-token"_s), qPrintable(answer.error().toLogText()));
}

void TestGraphClient::foreignLinkIsRefused_data()
{
    QTest::addColumn<QString>("link");
    QTest::newRow("host") << u"https://evil.example.test/v1.0/users?$skiptoken=1"_s;
    QTest::newRow("host in front") << u"https://graph.example.test.evil.example/v1.0/users"_s;
    QTest::newRow("user part") << u"https://graph.example.test@evil.example/v1.0/users"_s;
    QTest::newRow("scheme") << u"http://graph.example.test/v1.0/users"_s;
    QTest::newRow("port") << u"https://graph.example.test:8443/v1.0/users"_s;
    QTest::newRow("version") << u"https://graph.example.test/beta/users"_s;
    QTest::newRow("dots") << u"https://graph.example.test/v1.0/../beta/users"_s;
    QTest::newRow("encoded dots") << u"https://graph.example.test/v1.0/%2e%2e/beta/users"_s;
    QTest::newRow("relative") << u"/v1.0/users"_s;
}

void TestGraphClient::foreignLinkIsRefused()
{
    QFETCH(QString, link);
    GraphFixture graph;
    GraphRequest request = get(u"users"_s);
    request.link = QUrl(link);
    const auto answer = sent(graph, request);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Redirected);
    QVERIFY(graph.wire->calls().empty());
    request.link = QUrl(u"https://graph.example.test/v1.0/users?$skiptoken=1"_s);
    QVERIFY(graph.client().isOwn(request.link));
}

void TestGraphClient::redirectIsNotFollowed()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(FakeAnswer("", 302).with("Location", "https://evil.example.test/x?code=1")));
    const auto answer = sent(graph, get(u"things"_s));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::Redirected);
    QVERIFY(answer.error().detail.contains(u"https://evil.example.test/x"_s));
    QCOMPARE(int(graph.wire->calls().size()), 1);
}

void TestGraphClient::bodyLimit()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(FakeAnswer(QByteArray(5 * 1024 * 1024, ' '))));
    const auto answer = sent(graph, get(u"things"_s));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::LimitExceeded);
    QCOMPARE(int(graph.wire->calls().size()), 1);
}

void TestGraphClient::brokenLinesAreTriedAgain()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(json({})));
    graph.wire->next(Broken());
    graph.wire->next(Broken{QNetworkReply::TimeoutError});
    QVERIFY(sent(graph, get(u"things"_s)));
    QCOMPARE(int(graph.wire->calls().size()), 3);
    for (int i = 0; i < 10; ++i)
        graph.wire->next(Broken());
    const auto answer = sent(graph, get(u"things"_s));
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, ErrorCode::ConnectionLost);
    QCOMPARE(int(graph.wire->calls().size()), 3 + 4);
    QVERIFY(answer.error().detail.contains(u"client-request-id"_s));
}

void TestGraphClient::actionsAreSentOnce_data()
{
    QTest::addColumn<int>("status"); // 0: a broken line
    QTest::addColumn<bool>("mayRepeat");
    QTest::addColumn<int>("calls");
    QTest::newRow("broken") << 0 << false << 1;
    QTest::newRow("broken, harmless") << 0 << true << 2;
    QTest::newRow("503") << 503 << false << 1;
    QTest::newRow("503, harmless") << 503 << true << 2;
    QTest::newRow("429 was not taken") << 429 << false << 2;
}

void TestGraphClient::actionsAreSentOnce()
{
    QFETCH(int, status);
    QFETCH(bool, mayRepeat);
    QFETCH(int, calls);
    GraphFixture graph;
    graph.on(u"act"_s, always(FakeAnswer("", 204)));
    graph.wire->next(status == 0 ? GraphReply(Broken()) : GraphReply(throttled(status, "1")));
    const auto answer = sent(graph, post(u"act"_s, mayRepeat));
    QCOMPARE(bool(answer), calls == 2);
    QCOMPARE(int(graph.wire->calls().size()), calls);
}

void TestGraphClient::malformedJsonNamesThePlace()
{
    GraphFixture graph;
    graph.on(u"things"_s, always(FakeAnswer("{\n  \"a\": 1,\n  \"b\": oops }")));
    auto task = runTask(graph.client().json(get(u"things"_s), {}));
    Expected<QJsonObject>* result = task.wait();
    QVERIFY(result && !*result);
    QCOMPARE(result->error().code, ErrorCode::Malformed);
    QVERIFY2(result->error().detail.contains(u"line 3, column 8"_s), qPrintable(result->error().detail));
}

void TestGraphClient::stops()
{
    GraphFixture graph;
    std::stop_source before;
    before.request_stop();
    const auto never = sent(graph, get(u"things"_s), before.get_token());
    QCOMPARE(never.error().code, ErrorCode::Cancelled);
    QVERIFY(graph.wire->calls().empty());

    graph.on(u"things"_s, [](const GraphCall&) -> GraphReply { return Silence(); });
    std::stop_source during;
    auto task = runTask(graph.client().send(get(u"things"_s), during.get_token()));
    QTRY_COMPARE(int(graph.wire->calls().size()), 1);
    QVERIFY(!task.done());
    during.request_stop();
    Expected<GraphAnswer>* answer = task.wait();
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestGraphClient)
#include "tst_graph_client.moc"
