// What tokens and challenges say: JWT payloads, id tokens, claims challenges, the authorize address,
// permissions.
#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>
#include <QUrlQuery>

#include "services/identity/ClaimsChallenge.h"
#include "services/identity/CodeFlow.h"
#include "services/identity/GrantedPermissions.h"
#include "services/identity/Jwt.h"
#include "tests/services/identity/FakeEntra.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::identity;
using namespace postern::test;

namespace {

QJsonObject json(const QByteArray& text)
{
    return QJsonDocument::fromJson(text).object();
}

Tenant tenantOf(const QString& id)
{
    Tenant tenant;
    tenant.id = id;
    tenant.clientId = u"our-client"_s;
    return tenant;
}

const QString guid = QStringLiteral("11111111-2222-3333-4444-555555555555");

} // namespace

class TestIdentityClaims : public QObject
{
    Q_OBJECT
private slots:
    void payloads_data();
    void payloads();
    void idTokens_data();
    void idTokens();
    void people();
    void challenges_data();
    void challenges();
    void severalHeaders();
    void claimsOfARequest();
    void randomness();
    void pkce();
    void authorizeUrls();
    void badClaimsOpenNothing();
    void permissions_data();
    void permissions();
    void missing();
    void coveredPermissions_data();
    void coveredPermissions();
};

void TestIdentityClaims::payloads_data()
{
    QTest::addColumn<QString>("token");
    QTest::addColumn<bool>("good");
    QTest::newRow("good") << FakeEntra::jwt(json(R"({"a":1})")) << true;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("opaque") << u"secret-opaque"_s << false;
    QTest::newRow("two parts") << u"a.b"_s << false;
    QTest::newRow("five parts") << u"a.b.c.d.e"_s << false;
    QTest::newRow("not base64") << u"secret.§§§.x"_s << false;
    QTest::newRow("not JSON") << u"secret.c2VjcmV0.x"_s << false;
    QTest::newRow("array") << u"secret.W10.x"_s << false;
    QTest::newRow("long") << QString(70'000, u'a') << false;
}

void TestIdentityClaims::payloads()
{
    QFETCH(QString, token);
    QFETCH(bool, good);
    const auto payload = jwtPayload(token);
    QCOMPARE(payload.has_value(), good);
    if (good)
        QCOMPARE(payload->value("a"_L1).toInt(), 1);
    else
        QVERIFY(!payload.error().toLogText().contains(u"secret"));
}

void TestIdentityClaims::idTokens_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QString>("tenant");
    QTest::addColumn<QString>("complaint");
    const QString ours = guid;
    QTest::newRow("good")
        << R"({"nonce":"n","aud":"our-client","tid":"11111111-2222-3333-4444-555555555555"})"_ba << ours
        << QString();
    QTest::newRow("audiences") << R"({"nonce":"n","aud":["x","our-client"]})"_ba << ours << QString();
    QTest::newRow("domain") << R"({"nonce":"n","aud":"our-client","tid":"other"})"_ba << u"contoso.com"_s
                            << QString();
    QTest::newRow("other nonce") << R"({"nonce":"m","aud":"our-client"})"_ba << ours << u"nonce"_s;
    QTest::newRow("no nonce") << R"({"aud":"our-client"})"_ba << ours << u"nonce"_s;
    QTest::newRow("other app") << R"({"nonce":"n","aud":"their-client"})"_ba << ours << u"another app"_s;
    QTest::newRow("no audience") << R"({"nonce":"n"})"_ba << ours << u"another app"_s;
    QTest::newRow("other tenant")
        << R"({"nonce":"n","aud":"our-client","tid":"99999999-2222-3333-4444-555555555555"})"_ba << ours
        << u"another tenant (99999999"_s;
}

void TestIdentityClaims::idTokens()
{
    QFETCH(QByteArray, payload);
    QFETCH(QString, tenant);
    QFETCH(QString, complaint);
    const auto sound = checkIdToken(FakeEntra::jwt(json(payload)), tenantOf(tenant), u"n"_s);
    QCOMPARE(sound.has_value(), complaint.isEmpty());
    if (sound)
        return;
    QCOMPARE(sound.error().code, ErrorCode::AuthenticationFailed);
    QVERIFY2(sound.error().detail.contains(complaint), qPrintable(sound.error().detail));
}

void TestIdentityClaims::people()
{
    const auto person = readIdToken(FakeEntra::jwt(
        json(R"({"preferred_username":"ada@contoso.com","name":"Ada L","oid":"o1","tid":"t1"})")));
    QVERIFY(person);
    QCOMPARE(person->userName, u"ada@contoso.com"_s);
    QCOMPARE(person->displayName, u"Ada L"_s);
    QCOMPARE(person->objectId, u"o1"_s);
    QCOMPARE(person->tenantId, u"t1"_s);
    QCOMPARE(checkIdToken(u"x"_s, tenantOf(guid), u"n"_s).error().code, ErrorCode::Malformed);
}

void TestIdentityClaims::challenges_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("claims"); // empty: none
    const QByteArray claims = R"({"access_token":{"nbf":{"essential":true,"value":"1604106651"}}})";
    const QByteArray base64 = claims.toBase64();
    const QByteArray url = claims.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    const QString wanted = QString::fromUtf8(claims);
    QTest::newRow("as documented")
        << R"(Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000", error="insufficient_claims", claims=")"
            + base64 + '"'
        << wanted;
    QTest::newRow("claims first") << "Bearer claims=\"" + base64 + "\", error=\"insufficient_claims\""
                                  << wanted;
    QTest::newRow("url alphabet") << "Bearer error=\"insufficient_claims\", claims=\"" + url + "\"" << wanted;
    QTest::newRow("no quotes") << "Bearer error=insufficient_claims, claims=" + url << wanted;
    QTest::newRow("no blanks") << "Bearer error=\"insufficient_claims\",claims=\"" + base64 + "\"" << wanted;
    QTest::newRow("another scheme before")
        << "Negotiate, Bearer error=\"insufficient_claims\", claims=\"" + base64 + "\"" << wanted;
    QTest::newRow("claims inside a quoted text")
        << "Bearer realm=\"claims=x \\\" error=\", error=\"insufficient_claims\", claims=\"" + base64 + "\""
        << wanted;
    QTest::newRow("expired only") << R"(Bearer error="invalid_token", error_description="expired")"_ba
                                  << QString();
    QTest::newRow("claims without the error") << "Bearer claims=\"" + base64 + "\"" << QString();
    QTest::newRow("not base64") << R"(Bearer error="insufficient_claims", claims="%%%")"_ba << QString();
    QTest::newRow("not JSON") << R"(Bearer error="insufficient_claims", claims="Zm9v")"_ba << QString();
    QTest::newRow("empty") << ""_ba << QString();
    QTest::newRow("open quote") << QByteArray("Bearer error=\"insufficient_claims, claims=\"" + base64)
                                << QString();
    QTest::newRow("backslashes") << "Bearer realm=\"" + QByteArray(30'000, '\\') << QString();
}

void TestIdentityClaims::challenges()
{
    QFETCH(QByteArray, header);
    QFETCH(QString, claims);
    QList<QNetworkReply::RawHeaderPair> headers;
    headers.append(QNetworkReply::RawHeaderPair("Date", "x"));
    headers.append(QNetworkReply::RawHeaderPair("www-authenticate", header));
    const auto found = challengeClaims(headers);
    QCOMPARE(found.has_value(), !claims.isEmpty());
    if (found)
        QCOMPARE(json(found->toUtf8()), json(claims.toUtf8()));
}

void TestIdentityClaims::severalHeaders()
{
    const QByteArray first = R"(Bearer error="invalid_token")";
    const QByteArray second = R"(Bearer error="insufficient_claims", claims="eyJhIjoxfQ==")";
    QList<QNetworkReply::RawHeaderPair> apart;
    apart.append(QNetworkReply::RawHeaderPair("WWW-Authenticate", first));
    apart.append(QNetworkReply::RawHeaderPair("WWW-Authenticate", second));
    QCOMPARE(challengeClaims(apart).value_or(QString()), u"{\"a\":1}"_s);
    QList<QNetworkReply::RawHeaderPair> joined;
    joined.append(QNetworkReply::RawHeaderPair("WWW-Authenticate", first + '\n' + second));
    QCOMPARE(challengeClaims(joined).value_or(QString()), u"{\"a\":1}"_s);
    QVERIFY(!challengeClaims({}));
}

void TestIdentityClaims::claimsOfARequest()
{
    QCOMPARE(requestClaims({}).value(), u"{\"access_token\":{\"xms_cc\":{\"values\":[\"cp1\"]}}}"_s);
    const auto merged
        = requestClaims(u"{\"access_token\":{\"nbf\":{\"value\":\"1\"}},\"id_token\":{\"x\":null}}"_s);
    QVERIFY(merged);
    const QJsonObject wanted
        = json(R"({"access_token":{"nbf":{"value":"1"},"xms_cc":{"values":["cp1"]}},"id_token":{"x":null}})");
    QCOMPARE(json(merged->toUtf8()), wanted);
    for (const auto& bad : {u"[]"_s, u"{"_s, u"text"_s}) {
        const auto refused = requestClaims(bad);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Malformed);
    }
}

void TestIdentityClaims::randomness()
{
    QSet<QString> seen;
    for (int i = 0; i < 1'000; ++i) {
        const QString token = randomToken();
        QCOMPARE(token.size(), 43);
        QVERIFY(!token.contains(u'=') && !token.contains(u'+') && !token.contains(u'/'));
        seen.insert(token);
    }
    QCOMPARE(seen.size(), 1'000);
}

// RFC 7636 appendix B.
void TestIdentityClaims::pkce()
{
    QCOMPARE(codeChallenge(u"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"_s),
        u"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"_s);
}

void TestIdentityClaims::authorizeUrls()
{
    CodeFlowOptions options;
    options.permissions = QStringList{u"User.Read.All"_s, u"Device.Read.All"_s};
    options.loginHint = u"ada+x@contoso.com"_s;
    options.domainHint = u"organizations"_s;
    options.prompt = u"select_account"_s;
    options.claims = u"{\"access_token\":{\"nbf\":{\"value\":\"1\"}}}"_s;
    CodeRequest request;
    request.verifier = u"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"_s;
    request.state = u"the-state"_s;
    request.nonce = u"the-nonce"_s;
    request.redirectUri = u"http://localhost:49152"_s;
    const auto url = authorizeUrl(tenantOf(guid), options, request);
    QVERIFY(url);
    QVERIFY(url->toString().startsWith(
        u"https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/authorize?"));
    const QUrlQuery query(*url);
    const auto value
        = [&query](const QString& name) { return query.queryItemValue(name, QUrl::FullyDecoded); };
    QCOMPARE(value(u"client_id"_s), u"our-client"_s);
    QCOMPARE(value(u"response_type"_s), u"code"_s);
    QCOMPARE(value(u"response_mode"_s), u"query"_s);
    QCOMPARE(value(u"redirect_uri"_s), request.redirectUri);
    QCOMPARE(value(u"scope"_s), tenantOf(guid).delegatedScopes(options.permissions));
    QCOMPARE(value(u"state"_s), request.state);
    QCOMPARE(value(u"nonce"_s), request.nonce);
    QCOMPARE(value(u"code_challenge"_s), u"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"_s);
    QCOMPARE(value(u"code_challenge_method"_s), u"S256"_s);
    QCOMPARE(value(u"prompt"_s), options.prompt);
    QCOMPARE(value(u"login_hint"_s), options.loginHint);
    QVERIFY(url->query(QUrl::FullyEncoded).contains(u"login_hint=ada%2Bx%40contoso.com"));
    QCOMPARE(value(u"domain_hint"_s), options.domainHint);
    QCOMPARE(value(u"claims"_s), requestClaims(options.claims).value());
    QVERIFY2(!url->toString().contains(request.verifier), "the verifier stays here");

    const QUrlQuery plain(authorizeUrl(tenantOf(guid), CodeFlowOptions(), request).value());
    for (const auto& absent : {u"prompt"_s, u"login_hint"_s, u"domain_hint"_s})
        QVERIFY(!plain.hasQueryItem(absent));
}

void TestIdentityClaims::badClaimsOpenNothing()
{
    CodeFlowOptions options;
    options.claims = u"no JSON"_s;
    QCOMPARE(authorizeUrl(tenantOf(guid), options, CodeRequest()).error().code, ErrorCode::Malformed);
}

void TestIdentityClaims::permissions_data()
{
    QTest::addColumn<QString>("accessToken");
    QTest::addColumn<QString>("scope");
    QTest::addColumn<QStringList>("names");
    QTest::addColumn<int>("kind"); // 0 person, 1 app, -1 unknown
    const QStringList two{u"Device.Read.All"_s, u"User.Read.All"_s};
    QTest::newRow("scp") << FakeEntra::jwt(json(R"({"scp":"User.Read.All openid Device.Read.All"})"))
                         << u"x"_s << two << 0;
    QTest::newRow("roles") << FakeEntra::jwt(json(R"({"roles":["User.Read.All","Device.Read.All",7]})"))
                           << QString() << two << 1;
    QTest::newRow("an administrator's own roles")
        << FakeEntra::jwt(json(R"({"scp":"User.Read.All Device.Read.All","roles":["x"]})")) << QString()
        << two << 0;
    QTest::newRow("app without roles")
        << FakeEntra::jwt(json(R"({"idtyp":"app"})")) << QString() << QStringList() << 1;
    QTest::newRow("opaque")
        << u"opaque"_s
        << u"https://graph.microsoft.com/User.Read.All Device.Read.All profile email offline_access"_s << two
        << 0;
    QTest::newRow("default") << u"opaque"_s << u"https://graph.microsoft.com/.default"_s << QStringList()
                             << 0;
    QTest::newRow("twice") << u"opaque"_s << u"User.Read.All User.Read.All  Device.Read.All"_s << two << 0;
    QTest::newRow("nothing known") << u"opaque"_s << QString() << QStringList() << -1;
    QTest::newRow("JWT without") << FakeEntra::jwt(json(R"({"a":1})")) << QString() << QStringList() << -1;
}

void TestIdentityClaims::permissions()
{
    QFETCH(QString, accessToken);
    QFETCH(QString, scope);
    QFETCH(QStringList, names);
    QFETCH(int, kind);
    TokenAnswer answer;
    answer.accessToken = accessToken;
    answer.scope = scope;
    const auto granted = grantedPermissions(answer);
    QCOMPARE(granted.has_value(), kind >= 0);
    if (!granted) {
        QCOMPARE(granted.error().code, ErrorCode::Unsupported);
        return;
    }
    QCOMPARE(granted->names, names);
    QCOMPARE(granted->application, kind == 1);
}

// CON-39 names these; each says what is lost.
void TestIdentityClaims::missing()
{
    const QList<MissingPermission> all = missingPermissions(GrantedPermissions());
    QCOMPARE(all.size(), qsizetype(requiredPermissions().size()));
    QStringList names;
    for (const MissingPermission& entry : all) {
        names.append(entry.name);
        QVERIFY(entry.lost.size() > 20 && entry.lost.endsWith(u'.'));
    }
    for (const auto& name :
        {u"DeviceManagementManagedDevices.Read.All"_s, u"DeviceManagementManagedDevices.ReadWrite.All"_s,
            u"DeviceManagementManagedDevices.PrivilegedOperations.All"_s,
            u"DeviceManagementConfiguration.Read.All"_s, u"DeviceManagementConfiguration.ReadWrite.All"_s,
            u"Policy.Read.All"_s, u"Policy.ReadWrite.ConditionalAccess"_s, u"Group.Read.All"_s,
            u"User.Read.All"_s, u"Mail.Send"_s})
        QVERIFY2(names.contains(name), qPrintable(name));
    QCOMPARE(names.removeDuplicates(), 0);
    QVERIFY(all.constFirst().essential);

    GrantedPermissions everything;
    everything.names = names;
    QVERIFY(missingPermissions(everything).isEmpty());
    everything.names.removeOne(u"Mail.Send"_s);
    const auto one = missingPermissions(everything);
    QCOMPARE(one.size(), 1);
    QCOMPARE(one.constFirst().name, u"Mail.Send"_s);
    QVERIFY(!one.constFirst().essential);
}

void TestIdentityClaims::coveredPermissions_data()
{
    QTest::addColumn<QString>("granted");
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("covers");
    const QString read = u"DeviceManagementManagedDevices.Read.All"_s;
    const QString write = u"DeviceManagementManagedDevices.ReadWrite.All"_s;
    const QString privileged = u"DeviceManagementManagedDevices.PrivilegedOperations.All"_s;
    QTest::newRow("itself") << read << read << true;
    QTest::newRow("other case") << read.toLower() << read << true;
    QTest::newRow("write reads") << write << read << true;
    QTest::newRow("read does not write") << read << write << false;
    QTest::newRow("write does not wipe") << write << privileged << false;
    QTest::newRow("wipe does not read") << privileged << read << false;
    QTest::newRow("directory reads users") << u"Directory.Read.All"_s << u"User.Read.All"_s << true;
    QTest::newRow("directory reads no phones") << u"Directory.Read.All"_s << read << false;
    QTest::newRow("members are enough") << u"GroupMember.Read.All"_s << u"Group.Read.All"_s << true;
    QTest::newRow("a name's beginning") << u"User.Read"_s << u"User.Read.All"_s << false;
}

void TestIdentityClaims::coveredPermissions()
{
    QFETCH(QString, granted);
    QFETCH(QString, name);
    GrantedPermissions given;
    given.names = QStringList{granted};
    const auto lacking = missingPermissions(given);
    const bool isMissing = std::any_of(lacking.cbegin(), lacking.cend(),
        [&name](const MissingPermission& entry) { return entry.name == name; });
    QTEST(!isMissing, "covers");
}

QTEST_GUILESS_MAIN(TestIdentityClaims)
#include "tst_identity_claims.moc"
