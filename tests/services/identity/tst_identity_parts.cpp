// The pure parts of a sign-in: addresses, forms, token answers, errors and their words, clocks.
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include "services/identity/Form.h"
#include "services/identity/SignInErrors.h"
#include "services/identity/Tenant.h"
#include "services/identity/TokenAnswer.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::identity;

namespace {

const QDateTime noon = QDateTime::fromString(QStringLiteral("2026-03-01T12:00:00Z"), Qt::ISODate);

QJsonObject json(const QByteArray& text)
{
    return QJsonDocument::fromJson(text).object();
}

Tenant contoso()
{
    Tenant tenant;
    tenant.id = u"contoso.onmicrosoft.com"_s;
    tenant.clientId = u"aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"_s;
    return tenant;
}

void addError(const char* error, int number, int status, ErrorCode person, ErrorCode application)
{
    QTest::addRow("%s %d %d", error, number, status)
        << QString::fromLatin1(error) << number << status << person << application;
}

void addErrorsOfTheGrant()
{
    using enum ErrorCode;
    addError("invalid_grant", 0, 400, SignInRequired, AccessDenied);
    addError("invalid_grant", 70043, 400, SignInRequired, AccessDenied);
    addError("invalid_grant", 700082, 400, SignInRequired, AccessDenied);
    addError("invalid_grant", 50076, 400, SignInRequired, AccessDenied);
    addError("invalid_grant", 53003, 400, SignInRequired, AccessDenied);
    addError("invalid_grant", 65001, 400, ConsentRequired, ConsentRequired);
    addError("invalid_grant", 50105, 400, AccessDenied, AccessDenied);
    addError("invalid_grant", 99999, 400, SignInRequired, AccessDenied); // a number nobody knows yet
    addError("interaction_required", 50079, 400, SignInRequired, AccessDenied);
    addError("login_required", 50058, 400, SignInRequired, AccessDenied);
    addError("consent_required", 0, 400, ConsentRequired, ConsentRequired);
    addError("expired_token", 70019, 400, SignInRequired, AccessDenied);
    addError("access_denied", 65004, 400, ConsentRequired, ConsentRequired);
    addError("access_denied", 0, 400, AccessDenied, AccessDenied);
    addError("authorization_declined", 0, 400, AccessDenied, AccessDenied);
}

void addErrorsOfTheRequest()
{
    using enum ErrorCode;
    addError("invalid_client", 7000215, 401, AuthenticationFailed, AuthenticationFailed);
    addError("invalid_client", 7000222, 401, AuthenticationFailed, AuthenticationFailed);
    addError("invalid_client", 700027, 401, AuthenticationFailed, AuthenticationFailed);
    addError("invalid_client", 7000218, 401, InvalidInput, InvalidInput);
    addError("invalid_client", 0, 401, AuthenticationFailed, AuthenticationFailed);
    addError("invalid_request", 90002, 400, InvalidInput, InvalidInput);
    addError("unauthorized_client", 700016, 400, InvalidInput, InvalidInput);
    addError("unauthorized_client", 0, 400, InvalidInput, InvalidInput);
    addError("invalid_scope", 70011, 400, Unsupported, Unsupported);
    addError("invalid_resource", 500011, 400, Unsupported, Unsupported);
    addError("invalid_request", 50011, 400, InvalidInput, InvalidInput);
    addError("invalid_request", 0, 400, Unsupported, Unsupported);
    addError("unsupported_grant_type", 0, 400, Unsupported, Unsupported);
    addError("unsupported_response_type", 0, 400, Unsupported, Unsupported);
    addError("temporarily_unavailable", 0, 400, ServerBusy, ServerBusy);
    addError("server_error", 0, 400, ServerBusy, ServerBusy);
    addError("bad_verification_code", 70018, 400, Internal, Internal);
    addError("something_new", 0, 400, AuthenticationFailed, AuthenticationFailed);
    addError("something_new", 0, 500, ServerBusy, ServerBusy);
    addError("something_new", 0, 429, ServerBusy, ServerBusy);
}

} // namespace

class TestIdentityParts : public QObject
{
    Q_OBJECT
private slots:
    void clouds_data();
    void clouds();
    void addressesOfATenant();
    void overriddenAddressesKeepTheResource();
    void badTenants_data();
    void badTenants();
    void secretKeys();
    void formsAreEncoded();
    void tokenAnswers_data();
    void tokenAnswers();
    void lifetimes_data();
    void lifetimes();
    void errorsAreRead();
    void errorCodes_data();
    void errorCodes();
    void everyNumberHasWords();
    void wordsOfAnError();
    void theEndOfAGrant_data();
    void theEndOfAGrant();
    void clocks_data();
    void clocks();
    void clockWords();
};

void TestIdentityParts::clouds_data()
{
    QTest::addColumn<CloudId>("id");
    QTest::addColumn<QString>("authority");
    QTest::addColumn<QString>("graph");
    QTest::newRow("global") << CloudId::Global << u"https://login.microsoftonline.com"_s
                            << u"https://graph.microsoft.com"_s;
    QTest::newRow("usGovHigh") << CloudId::UsGovHigh << u"https://login.microsoftonline.us"_s
                               << u"https://graph.microsoft.us"_s;
    QTest::newRow("usGovDod") << CloudId::UsGovDod << u"https://login.microsoftonline.us"_s
                              << u"https://dod-graph.microsoft.us"_s;
    QTest::newRow("china") << CloudId::China << u"https://login.chinacloudapi.cn"_s
                           << u"https://microsoftgraph.chinacloudapi.cn"_s;
}

void TestIdentityParts::clouds()
{
    QFETCH(CloudId, id);
    const Cloud cloud = cloudOf(id);
    QCOMPARE(cloud.id, id);
    QTEST(cloud.authority.toString(), "authority");
    QTEST(cloud.graph.toString(), "graph");
    QTEST(cloud.graphResource, "graph");
    QCOMPARE(enumText(id).toString(), QString::fromLatin1(QTest::currentDataTag()));
    QCOMPARE(enumFromText<CloudId>(enumText(id)), id);
}

void TestIdentityParts::addressesOfATenant()
{
    const Tenant tenant = contoso();
    QVERIFY(tenant.validate());
    const QString base = u"https://login.microsoftonline.com/contoso.onmicrosoft.com/oauth2/v2.0/"_s;
    QCOMPARE(tenant.tokenUrl().toString(), base + u"token"_s);
    QCOMPARE(tenant.authorizeUrl().toString(), base + u"authorize"_s);
    QCOMPARE(tenant.deviceCodeUrl().toString(), base + u"devicecode"_s);
    QCOMPARE(tenant.defaultScope(), u"https://graph.microsoft.com/.default"_s);
    QCOMPARE(tenant.delegatedScopes({u"User.Read.All"_s}),
        u"openid profile offline_access https://graph.microsoft.com/User.Read.All"_s);
    QVERIFY(tenant.delegatedScopes({}).endsWith(u" https://graph.microsoft.com/.default"_s));
    QCOMPARE(tenant.displayName(), u"contoso.onmicrosoft.com at login.microsoftonline.com"_s);
}

void TestIdentityParts::overriddenAddressesKeepTheResource()
{
    Tenant tenant = contoso();
    tenant.cloud.authority = QUrl(u"https://localhost:8443/entra/"_s);
    tenant.cloud.graph = QUrl(u"https://localhost:8443/graph"_s);
    QVERIFY(tenant.validate());
    QCOMPARE(tenant.tokenUrl().toString(),
        u"https://localhost:8443/entra/contoso.onmicrosoft.com/oauth2/v2.0/token"_s);
    QCOMPARE(tenant.defaultScope(), u"https://graph.microsoft.com/.default"_s);
    QCOMPARE(tenant.displayName(), u"contoso.onmicrosoft.com at localhost:8443"_s);
}

void TestIdentityParts::badTenants_data()
{
    QTest::addColumn<QString>("authority");
    QTest::addColumn<QString>("tenant");
    QTest::addColumn<QString>("client");
    QTest::addColumn<ErrorCode>("code");
    const QString good = u"https://login.microsoftonline.com"_s;
    QTest::newRow("http") << u"http://login.microsoftonline.com"_s << u"a"_s << u"b"_s
                          << ErrorCode::InvalidAddress;
    QTest::newRow("no host") << u"https:///x"_s << u"a"_s << u"b"_s << ErrorCode::InvalidAddress;
    QTest::newRow("empty") << QString() << u"a"_s << u"b"_s << ErrorCode::InvalidAddress;
    QTest::newRow("user") << u"https://me:pw@login.x"_s << u"a"_s << u"b"_s << ErrorCode::InvalidAddress;
    QTest::newRow("query") << u"https://login.x/?a=b"_s << u"a"_s << u"b"_s << ErrorCode::InvalidAddress;
    QTest::newRow("no tenant") << good << QString() << u"b"_s << ErrorCode::InvalidInput;
    QTest::newRow("slash") << good << u"a/b"_s << u"b"_s << ErrorCode::InvalidInput;
    QTest::newRow("dots") << good << u"a..b"_s << u"b"_s << ErrorCode::InvalidInput;
    QTest::newRow("only dots") << good << u".."_s << u"b"_s << ErrorCode::InvalidInput;
    QTest::newRow("percent") << good << u"a%2f"_s << u"b"_s << ErrorCode::InvalidInput;
    QTest::newRow("blank") << good << u"a b"_s << u"b"_s << ErrorCode::InvalidInput;
    QTest::newRow("newline") << good << u"a\n"_s << u"b"_s << ErrorCode::InvalidInput;
    QTest::newRow("no client") << good << u"a"_s << QString() << ErrorCode::InvalidInput;
    QTest::newRow("client with &") << good << u"a"_s << u"b&c"_s << ErrorCode::InvalidInput;
}

void TestIdentityParts::badTenants()
{
    QFETCH(QString, authority);
    QFETCH(QString, tenant);
    QFETCH(QString, client);
    Tenant bad;
    bad.cloud.authority = QUrl(authority);
    bad.id = tenant;
    bad.clientId = client;
    const auto valid = bad.validate();
    QVERIFY(!valid);
    QTEST(valid.error().code, "code");
    QVERIFY2(!valid.error().toLogText().contains(u"pw"), "a password in the address is not shown");
}

void TestIdentityParts::secretKeys()
{
    QCOMPARE(tenantSecretKey(u"PS1"_s, u"AAAA-Bbbb"_s), u"tenant/PS1/aaaa-bbbb"_s);
    QVERIFY(contoso().isOne());
    for (const auto& several : {u"common"_s, u"Organizations"_s, u"consumers"_s}) {
        Tenant tenant = contoso();
        tenant.id = several;
        QVERIFY(!tenant.isOne());
    }
}

void TestIdentityParts::formsAreEncoded()
{
    Form form;
    form.add("a", u"x y+z&=%"_s);
    form.addSecret("client_secret", u"~ä/\U0001F511"_s);
    QCOMPARE(form.encoded(), QByteArray("a=x%20y%2Bz%26%3D%25&client_secret=~%C3%A4%2F%F0%9F%94%91"));
    QCOMPARE(form.secrets(), QStringList(u"~ä/\U0001F511"_s));
}

void TestIdentityParts::tokenAnswers_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("complaint"); // empty: good
    QTest::newRow("good") << R"({"token_type":"Bearer","access_token":"secret-token","expires_in":3600})"_ba
                          << QString();
    QTest::newRow("lower case") << R"({"token_type":"bearer","access_token":"secret-token"})"_ba << QString();
    QTest::newRow("empty") << "{}"_ba << u"token_type"_s;
    QTest::newRow("mac") << R"({"token_type":"mac","access_token":"secret-token"})"_ba
                         << u"token_type is \"mac\""_s;
    QTest::newRow("no token") << R"({"token_type":"Bearer"})"_ba << u"access_token"_s;
    QTest::newRow("token is a number")
        << R"({"token_type":"Bearer","access_token":7})"_ba << u"access_token"_s;
    QTest::newRow("header injection")
        << R"({"token_type":"Bearer","access_token":"secret-token\r\nX: y"})"_ba << u"access_token"_s;
    QTest::newRow("not ASCII") << R"({"token_type":"Bearer","access_token":"secret-tokenä"})"_ba
                               << u"access_token"_s;
}

void TestIdentityParts::tokenAnswers()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, complaint);
    const Expected<TokenAnswer> answer = readTokenAnswer(json(text), noon);
    QCOMPARE(answer.has_value(), complaint.isEmpty());
    if (answer) {
        QCOMPARE(answer->accessToken, u"secret-token"_s);
        QCOMPARE(answer->issuedAt, noon);
        return;
    }
    QCOMPARE(answer.error().code, ErrorCode::Malformed);
    QVERIFY2(answer.error().detail.contains(complaint), qPrintable(answer.error().detail));
    QVERIFY(!answer.error().toLogText().contains(u"secret-token"));
}

void TestIdentityParts::lifetimes_data()
{
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<int>("lives"); // -1: refused
    QTest::addColumn<int>("renew"); // -1: not given
    QTest::newRow("number") << R"("expires_in":3599)"_ba << 3599 << -1;
    QTest::newRow("text") << R"("expires_in":"3599")"_ba << 3599 << -1;
    QTest::newRow("fraction") << R"("expires_in":3599.9)"_ba << 3599 << -1;
    QTest::newRow("zero") << R"("expires_in":0)"_ba << 0 << -1;
    QTest::newRow("absent") << R"("x":0)"_ba << 300 << -1;
    QTest::newRow("huge") << R"("expires_in":1e300)"_ba << 48 * 3600 << -1;
    QTest::newRow("negative") << R"("expires_in":-5)"_ba << -1 << -1;
    QTest::newRow("words") << R"("expires_in":"soon")"_ba << -1 << -1;
    QTest::newRow("nan") << R"("expires_in":"nan")"_ba << -1 << -1;
    QTest::newRow("null") << R"("expires_in":null)"_ba << -1 << -1;
    QTest::newRow("refresh_in") << R"("expires_in":86400,"refresh_in":"43200")"_ba << 86400 << 43200;
    QTest::newRow("refresh_in too late") << R"("expires_in":3600,"refresh_in":3600)"_ba << 3600 << -1;
}

void TestIdentityParts::lifetimes()
{
    QFETCH(QByteArray, members);
    QFETCH(int, lives);
    QFETCH(int, renew);
    const auto answer
        = readTokenAnswer(json(R"({"token_type":"Bearer","access_token":"t",)" + members + '}'), noon);
    QCOMPARE(answer.has_value(), lives >= 0);
    if (!answer)
        return;
    QCOMPARE(noon.secsTo(answer->expiresAt), lives);
    QCOMPARE(answer->renewAt.isValid(), renew >= 0);
    if (renew >= 0)
        QCOMPARE(noon.secsTo(answer->renewAt), renew);
}

void TestIdentityParts::errorsAreRead()
{
    const auto error = readOAuthError(json(R"({"error":"invalid_grant","suberror":"basic_action",
        "error_description":"AADSTS50076: Due to a policy\r\nyou must use MFA. Trace ID: 1 Correlation ID: 2",
        "error_codes":[1],"correlation_id":"c0ffee","claims":"{\"access_token\":{}}"})"));
    QVERIFY(error);
    QCOMPARE(error->error, u"invalid_grant"_s);
    QCOMPARE(error->number, 50076);
    QCOMPARE(error->description, u"AADSTS50076: Due to a policy you must use MFA."_s);
    QCOMPARE(error->suberror, u"basic_action"_s);
    QCOMPARE(error->claims, u"{\"access_token\":{}}"_s);
    QCOMPARE(error->correlationId, u"c0ffee"_s);

    // Named first: moc does not read raw strings inside macros.
    const auto bare = readOAuthError(json(R"({"error":"x","error_codes":[70043]})"));
    QCOMPARE(bare->number, 70043);
    const auto object = readOAuthError(json(R"({"error":"x","claims":{"a":1}})"));
    QCOMPARE(object->claims, u"{\"a\":1}"_s);
    const QByteArray endless(100'000, 'w');
    const auto wordy = readOAuthError(json("{\"error\":\"x\",\"error_description\":\"" + endless + "\"}"));
    QCOMPARE(wordy->description.size(), 300);
    const auto graphs = readOAuthError(json(R"({"error":{"code":"InvalidAuthenticationToken"}})"));
    QVERIFY(!graphs);
    QVERIFY(!readOAuthError(json("{}")));
}

void TestIdentityParts::errorCodes_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<int>("number");
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorCode>("person");
    QTest::addColumn<ErrorCode>("application");
    addErrorsOfTheGrant();
    addErrorsOfTheRequest();
}

void TestIdentityParts::errorCodes()
{
    QFETCH(QString, error);
    QFETCH(int, number);
    QFETCH(int, status);
    OAuthError given;
    given.error = error;
    given.number = number;
    given.description = u"the server's own words"_s;
    const Error forPerson = toError(given, Grant::Person, status, u"sign-in to x"_s);
    QTEST(forPerson.code, "person");
    QTEST(toError(given, Grant::Application, status, {}).code, "application");
    QCOMPARE(forPerson.origin, u"sign-in to x"_s);
    QVERIFY(forPerson.detail.contains(u"the server's own words"));
    QVERIFY(forPerson.detail.contains(number ? u"AADSTS%1"_s.arg(number) : error));
}

void TestIdentityParts::everyNumberHasWords()
{
    // As graph-reference 2.5 lists them; 70016 (pending) is no error that anybody sees.
    for (const int number : {50011, 500011, 50003, 50012, 500133, 70011, 50076, 50079, 50105, 50173, 53000,
             53003, 65001, 700016, 700027, 70043, 700082, 7000215, 7000218, 7000222, 90002}) {
        const NumberAdvice* advice = adviceFor(number);
        QVERIFY2(advice, qPrintable(QString::number(number)));
        QCOMPARE(advice->number, number);
        QVERIFY(qstrlen(advice->advice) > 30);
        QVERIFY(QByteArray(advice->advice).endsWith('.'));
    }
    QVERIFY(!adviceFor(0));
    QVERIFY(!adviceFor(50000));
    QVERIFY(!adviceFor(7000223));
}

void TestIdentityParts::wordsOfAnError()
{
    OAuthError error;
    error.error = u"invalid_client"_s;
    error.number = 7000222;
    error.description = u"AADSTS7000222: The provided client secret keys are expired."_s;
    error.correlationId = u"c0ffee"_s;
    QCOMPARE(toError(error, Grant::Application, 401, {}).detail,
        u"AADSTS7000222: The client secret has expired. Create a new one under Certificates & secrets in the "
        u"app "
        "registration and enter it here. Entra says: \"AADSTS7000222: The provided client secret keys are "
        "expired.\" (correlation id c0ffee)"_s);
    OAuthError unknown;
    unknown.error = u"strange"_s;
    QCOMPARE(toError(unknown, Grant::Person, 400, {}).detail, u"strange."_s);
    unknown.description = u"Words."_s;
    QCOMPARE(toError(unknown, Grant::Person, 400, {}).detail, u"Entra says strange: \"Words.\""_s);
    OAuthError consent;
    consent.error = u"invalid_grant"_s;
    consent.suberror = u"consent_required"_s;
    QCOMPARE(toError(consent, Grant::Person, 400, {}).code, ErrorCode::ConsentRequired);
}

void TestIdentityParts::theEndOfAGrant_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("suberror");
    QTest::addColumn<QString>("claims");
    QTest::addColumn<bool>("ends");
    QTest::newRow("revoked") << u"invalid_grant"_s << QString() << QString() << true;
    QTest::newRow("bad token") << u"invalid_grant"_s << u"bad_token"_s << QString() << true;
    QTest::newRow("second factor") << u"invalid_grant"_s << u"basic_action"_s << QString() << false;
    QTest::newRow("claims") << u"invalid_grant"_s << QString() << u"{}"_s << false;
    QTest::newRow("consent") << u"invalid_grant"_s << u"consent_required"_s << QString() << false;
    QTest::newRow("interaction") << u"interaction_required"_s << QString() << QString() << false;
    QTest::newRow("busy") << u"temporarily_unavailable"_s << QString() << QString() << false;
    QTest::newRow("client") << u"invalid_client"_s << QString() << QString() << false;
}

void TestIdentityParts::theEndOfAGrant()
{
    QFETCH(QString, error);
    QFETCH(QString, suberror);
    QFETCH(QString, claims);
    OAuthError given;
    given.error = error;
    given.suberror = suberror;
    given.claims = claims;
    QTEST(endsTheGrant(given), "ends");
}

void TestIdentityParts::clocks_data()
{
    QTest::addColumn<QByteArray>("date");
    QTest::addColumn<int>("skew");
    QTest::newRow("the same") << "Sun, 01 Mar 2026 12:00:01 GMT"_ba << 0;
    QTest::newRow("a second before") << "Sun, 01 Mar 2026 11:59:59 GMT"_ba << 0;
    QTest::newRow("ahead") << "Sun, 01 Mar 2026 12:10:02 GMT"_ba << 600;
    QTest::newRow("behind") << "Sun, 01 Mar 2026 11:50:00 GMT"_ba << -600;
    QTest::newRow("blanks") << " Sun, 01 Mar 2026 12:10:02 GMT "_ba << 600;
    QTest::newRow("none") << ""_ba << -1;
    QTest::newRow("nonsense") << "yesterday"_ba << -1;
}

void TestIdentityParts::clocks()
{
    QFETCH(QByteArray, date);
    QFETCH(int, skew);
    const auto seen = clockSkew(date, noon, noon.addSecs(2));
    QCOMPARE(seen.has_value(), skew != -1);
    if (seen)
        QCOMPARE(int(seen->count()), skew);
}

void TestIdentityParts::clockWords()
{
    using namespace std::chrono_literals;
    QVERIFY(clockSkewText(0s).isEmpty());
    QVERIFY(clockSkewText(300s).isEmpty());
    QVERIFY(clockSkewText(-300s).isEmpty());
    QVERIFY(clockSkewText(720s).startsWith(u"this computer's clock is 12 minutes behind Entra's"));
    QVERIFY(clockSkewText(-720s).startsWith(u"this computer's clock is 12 minutes ahead of Entra's"));
}

QTEST_APPLESS_MAIN(TestIdentityParts)
#include "tst_identity_parts.moc"
