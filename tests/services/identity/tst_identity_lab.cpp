// The sign-in against the lab's Entra, which shares no line with it: every flow from the first request to a
// token that the lab's Graph accepts.
#include <QFile>
#include <QJsonArray>
#include <QNetworkAccessManager>
#include <QTest>
#include <QUrlQuery>

#include "services/identity/ApplicationTokenSource.h"
#include "services/identity/ClaimsChallenge.h"
#include "services/identity/CodeFlow.h"
#include "services/identity/DelegatedTokenSource.h"
#include "services/identity/DeviceCodeFlow.h"
#include "services/identity/Jwt.h"
#include "tests/services/identity/WatchedStore.h"
#include "tests/support/LabFixture.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::identity;
using namespace postern::test;
using namespace std::chrono_literals;

namespace {

const QString key = QStringLiteral("tenant/LAB/contoso");

// What a person's browser does: fill in the form, follow the redirect.
class Person
{
public:
    Person(const QJsonObject& account, const Tenant& tenant)
        : m_account(account)
        , m_tls(tenant.tls())
    {
        m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    }

    void signIn(const QUrl& authorize, const QByteArray& decision)
    {
        const QByteArray body
            = authorize.query(QUrl::FullyEncoded).toLatin1() + '&' + credentials() + "&decision=" + decision;
        QUrl page = authorize;
        page.setQuery(QString());
        QNetworkReply* reply = post(page, body);
        QObject::connect(reply, &QNetworkReply::finished, &m_network, [this, reply] {
            m_network.get(QNetworkRequest(QUrl::fromEncoded(reply->rawHeader("Location"))));
        });
    }
    QNetworkReply* enterCode(const DeviceCode& code, const QByteArray& decision)
    {
        return post(code.verificationUri,
            "otc=" + QUrl::toPercentEncoding(code.userCode) + '&' + credentials() + "&decision=" + decision);
    }

private:
    [[nodiscard]] QByteArray credentials() const
    {
        return "login=" + QUrl::toPercentEncoding(m_account.value("upn"_L1).toString())
            + "&passwd=" + QUrl::toPercentEncoding(m_account.value("password"_L1).toString());
    }
    QNetworkReply* post(const QUrl& url, const QByteArray& body)
    {
        QNetworkRequest request(url);
        request.setSslConfiguration(m_tls);
        request.setHeader(
            QNetworkRequest::ContentTypeHeader, QByteArray("application/x-www-form-urlencoded"));
        return m_network.post(request, body);
    }
    const QJsonObject m_account;
    const QSslConfiguration m_tls;
    QNetworkAccessManager m_network;
};

} // namespace

class TestLab : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void secret();
    void certificate();
    void applications_data();
    void applications();
    void wrongAnswers_data();
    void wrongAnswers();
    void browser();
    void browserDeclines();
    void deviceCode();
    void deviceCodeDeclined();
    void signInEndsAndBeginsAgain();
    void challenge();

private:
    [[nodiscard]] QJsonObject cloud() const { return m_lab.about().value("cloud"_L1).toObject(); }
    [[nodiscard]] QJsonObject application(const QString& role) const;
    [[nodiscard]] Tenant tenant() const;
    [[nodiscard]] Person person() const { return Person(cloud().value("user"_L1).toObject(), tenant()); }
    int graphStatus(const QString& token, QList<QNetworkReply::RawHeaderPair>* headers = nullptr);
    Expected<QString> appToken(const Tenant& tenant, const QString& secret, AppCredential credential);
    Expected<TokenAnswer> signIn();

    LabFixture m_lab;
    WatchedStore m_store;
    std::unique_ptr<TokenClient> m_client;
};

void TestLab::initTestCase()
{
    if (!m_lab.start({u"--users"_s, u"20"_s, u"--seed"_s, u"7"_s}))
        QSKIP(qPrintable(m_lab.reason()));
}

void TestLab::init()
{
    m_store = WatchedStore();
    m_client = std::make_unique<TokenClient>(tenant());
}

QJsonObject TestLab::application(const QString& role) const
{
    for (const QJsonValue& entry : cloud().value("applications"_L1).toArray()) {
        if (entry.toObject().value("role"_L1).toString() == role)
            return entry.toObject();
    }
    return {};
}

Tenant TestLab::tenant() const
{
    Tenant tenant;
    tenant.cloud.authority = QUrl(cloud().value("authority"_L1).toString());
    tenant.cloud.graph = QUrl(cloud().value("graphUrl"_L1).toString());
    tenant.id = cloud().value("tenant"_L1).toString();
    tenant.clientId = cloud().value("clientId"_L1).toString();
    tenant.authorities = m_lab.authorities();
    return tenant;
}

int TestLab::graphStatus(const QString& token, QList<QNetworkReply::RawHeaderPair>* headers)
{
    QNetworkAccessManager network;
    QNetworkRequest request(
        QUrl(tenant().cloud.graph.toString() + u"/v1.0/deviceManagement/managedDevices?$top=1"_s));
    request.setSslConfiguration(tenant().tls());
    request.setRawHeader("Authorization", "Bearer " + token.toLatin1());
    const std::unique_ptr<QNetworkReply> reply(network.get(request));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000))
        return 0;
    if (headers)
        *headers = reply->rawHeaderPairs();
    return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

Expected<QString> TestLab::appToken(const Tenant& tenant, const QString& secret, AppCredential credential)
{
    m_store.secrets.insert(key, secret);
    TokenClient client(tenant);
    ApplicationTokenSource source(&client, &m_store, key, credential);
    auto asked = runTask(source.accessToken({}));
    const auto* token = asked.wait(30'000);
    Expected<QString> result = token ? *token : Expected<QString>(fail(ErrorCode::Internal, u"no end"_s));
    auto stopped = runTask(source.stop());
    stopped.wait();
    return result;
}

Expected<TokenAnswer> TestLab::signIn()
{
    Person somebody = person();
    OpenBrowser open = [&somebody](const QUrl& url) {
        somebody.signIn(url, "accept");
        return Expected<void>();
    };
    auto flow = runTask(signInWithBrowser(m_client.get(), CodeFlowOptions(), std::move(open), {}));
    const auto* answer = flow.wait(30'000);
    return answer ? *answer : Expected<TokenAnswer>(fail(ErrorCode::Internal, u"no end"_s));
}

void TestLab::secret()
{
    const auto token = appToken(tenant(), cloud().value("clientSecret"_L1).toString(), AppCredential::Secret);
    QVERIFY2(token, token ? "" : qPrintable(token.error().toLogText()));
    QCOMPARE(graphStatus(*token), 200);
    QCOMPARE(graphStatus(u"made-up"_s), 401);
}

void TestLab::certificate()
{
    QFile pem(cloud().value("certificateFile"_L1).toString());
    QVERIFY(pem.open(QIODevice::ReadOnly));
    const auto token = appToken(tenant(), QString::fromLatin1(pem.readAll()), AppCredential::Certificate);
    QVERIFY2(token, token ? "" : qPrintable(token.error().toLogText()));
    QCOMPARE(graphStatus(*token), 200);
}

void TestLab::applications_data()
{
    QTest::addColumn<QString>("role");
    QTest::addColumn<QStringList>("missing");
    QTest::addColumn<bool>("essential");
    QTest::newRow("full") << u"full"_s << QStringList() << false;
    QTest::newRow("readOnly") << u"readOnly"_s
                              << QStringList{u"DeviceManagementManagedDevices.PrivilegedOperations.All"_s,
                                     u"DeviceManagementManagedDevices.ReadWrite.All"_s}
                              << false;
    QTest::newRow("unconsented") << u"unconsented"_s
                                 << QStringList{u"DeviceManagementManagedDevices.Read.All"_s} << true;
}

// CON-39: what is missing, by name.
void TestLab::applications()
{
    QFETCH(QString, role);
    QFETCH(QStringList, missing);
    QFETCH(bool, essential);
    Tenant as = tenant();
    as.clientId = application(role).value("clientId"_L1).toString();
    const auto token
        = appToken(as, application(role).value("clientSecret"_L1).toString(), AppCredential::Secret);
    QVERIFY2(token, token ? "" : qPrintable(token.error().toLogText()));
    TokenAnswer answer;
    answer.accessToken = *token;
    const auto granted = grantedPermissions(answer);
    QVERIFY2(granted, granted ? "" : qPrintable(granted.error().toLogText()));
    QVERIFY(granted->application);
    QStringList names;
    bool anyEssential = false;
    for (const MissingPermission& entry : missingPermissions(*granted)) {
        names.append(entry.name);
        anyEssential = anyEssential || entry.essential;
    }
    QCOMPARE(anyEssential, essential);
    QCOMPARE(names.isEmpty(), missing.isEmpty());
    for (const QString& name : std::as_const(missing))
        QVERIFY2(names.contains(name), qPrintable(names.join(u' ')));
}

void TestLab::wrongAnswers_data()
{
    QTest::addColumn<QString>("role");
    QTest::addColumn<QString>("secret"); // empty: the right one
    QTest::addColumn<QString>("tenant");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("number");
    using enum ErrorCode;
    QTest::newRow("wrong secret") << u"full"_s << u"wrong-secret-canary"_s << QString()
                                  << AuthenticationFailed << u"AADSTS7000215"_s;
    QTest::newRow("expired secret") << u"expiredSecret"_s << QString() << QString() << AuthenticationFailed
                                    << u"AADSTS7000222"_s;
    QTest::newRow("unknown app") << QString() << u"x-canary"_s << QString() << InvalidInput
                                 << u"AADSTS700016"_s;
    QTest::newRow("unknown tenant") << u"full"_s << QString() << u"fabrikam.example"_s << InvalidInput
                                    << u"AADSTS90002"_s;
}

void TestLab::wrongAnswers()
{
    QFETCH(QString, role);
    QFETCH(QString, secret);
    QFETCH(QString, number);
    Tenant as = tenant();
    QFETCH(QString, tenant);
    as.clientId = u"00000000-1111-2222-3333-444444444444"_s;
    if (!role.isEmpty())
        as.clientId = application(role).value("clientId"_L1).toString();
    if (!tenant.isEmpty())
        as.id = tenant;
    if (secret.isEmpty())
        secret = application(role).value("clientSecret"_L1).toString();
    const auto token = appToken(as, secret, AppCredential::Secret);
    QVERIFY(!token);
    QTEST(token.error().code, "code");
    QVERIFY2(token.error().detail.contains(number), qPrintable(token.error().toLogText()));
    QVERIFY(!token.error().toLogText().contains(secret));
}

void TestLab::browser()
{
    const auto answer = signIn();
    QVERIFY2(answer, answer ? "" : qPrintable(answer.error().toLogText()));
    QCOMPARE(graphStatus(answer->accessToken), 200);
    const auto who = readIdToken(answer->idToken);
    QVERIFY(who);
    QCOMPARE(who->userName, cloud().value("user"_L1).toObject().value("upn"_L1).toString());
    QCOMPARE(who->tenantId, tenant().id);
    const auto granted = grantedPermissions(*answer);
    QVERIFY(granted && !granted->application && !granted->names.isEmpty());
}

void TestLab::browserDeclines()
{
    Person somebody = person();
    OpenBrowser open = [&somebody](const QUrl& url) {
        somebody.signIn(url, "decline");
        return Expected<void>();
    };
    auto flow = runTask(signInWithBrowser(m_client.get(), CodeFlowOptions(), std::move(open), {}));
    auto* answer = flow.wait(30'000);
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::ConsentRequired);
    QVERIFY(answer->error().detail.contains(u"AADSTS65004"));
}

void TestLab::deviceCode()
{
    auto begun = runTask(beginDeviceCode(m_client.get(), {}, {}));
    QVERIFY(begun.wait());
    QVERIFY2(*begun.wait(), *begun.wait() ? "" : qPrintable(begun.wait()->error().toLogText()));
    DeviceCode code = **begun.wait();
    code.interval = 1s; // the lab's own is as long as Entra's
    Person somebody = person();
    const QNetworkReply* entered = somebody.enterCode(code, "accept");
    QTRY_VERIFY(entered->isFinished());
    auto polled = runTask(awaitDeviceCode(m_client.get(), code, {}));
    auto* answer = polled.wait(60'000);
    QVERIFY(answer);
    QVERIFY2(*answer, *answer ? "" : qPrintable(answer->error().toLogText()));
    QCOMPARE(graphStatus((*answer)->accessToken), 200);
    QVERIFY(!(*answer)->refreshToken.isEmpty());
}

void TestLab::deviceCodeDeclined()
{
    auto begun = runTask(beginDeviceCode(m_client.get(), {}, {}));
    QVERIFY(begun.wait() && *begun.wait());
    DeviceCode code = **begun.wait();
    code.interval = 1s;
    Person somebody = person();
    const QNetworkReply* entered = somebody.enterCode(code, "decline");
    QTRY_VERIFY(entered->isFinished());
    auto polled = runTask(awaitDeviceCode(m_client.get(), code, {}));
    auto* answer = polled.wait(60'000);
    QVERIFY(answer && !*answer);
    QCOMPARE(answer->error().code, ErrorCode::AccessDenied);
}

// Rotation, revocation, and signing in again.
void TestLab::signInEndsAndBeginsAgain()
{
    const auto answer = signIn();
    QVERIFY(answer);
    DelegatedTokenSource source(m_client.get(), &m_store, key);
    auto adopted = runTask(source.adopt(*answer, {}));
    QVERIFY(adopted.wait() && *adopted.wait());
    const QString first = m_store.secrets.value(key);

    auto replaced = runTask(source.replaceToken(answer->accessToken, {}, {}));
    QVERIFY(replaced.wait());
    QVERIFY2(*replaced.wait(), *replaced.wait() ? "" : qPrintable(replaced.wait()->error().toLogText()));
    QVERIFY(**replaced.wait() != answer->accessToken);
    QCOMPARE(graphStatus(**replaced.wait()), 200);
    QVERIFY(m_store.secrets.value(key) != first);

    QJsonObject all;
    all.insert("refreshTokens"_L1, true);
    QVERIFY(m_lab.post(u"cloud/revoke"_s, all).isObject());
    auto ended = runTask(source.replaceToken(**replaced.wait(), {}, {}));
    QVERIFY(ended.wait() && !*ended.wait());
    QCOMPARE(ended.wait()->error().code, ErrorCode::SignInRequired);
    QVERIFY(!m_store.secrets.contains(key));

    const auto again = signIn();
    QVERIFY(again);
    auto kept = runTask(source.adopt(*again, {}));
    QVERIFY(kept.wait() && *kept.wait());
    auto token = runTask(source.accessToken({}));
    QVERIFY(token.wait() && *token.wait());
    QCOMPARE(graphStatus(**token.wait()), 200);
    auto stopped = runTask(source.stop());
    QVERIFY(stopped.wait());
}

// Graph asks for claims; the token that was made for them is accepted.
void TestLab::challenge()
{
    m_store.secrets.insert(key, cloud().value("clientSecret"_L1).toString());
    ApplicationTokenSource source(m_client.get(), &m_store, key, AppCredential::Secret);
    auto token = runTask(source.accessToken({}));
    QVERIFY(token.wait() && *token.wait());
    QJsonObject rule;
    rule.insert("kind"_L1, u"claimsChallenge"_s);
    rule.insert("count"_L1, 1);
    QVERIFY2(m_lab.fault(rule), qPrintable(m_lab.reason()));
    QList<QNetworkReply::RawHeaderPair> headers;
    QCOMPARE(graphStatus(**token.wait(), &headers), 401);
    const auto claims = challengeClaims(headers);
    QVERIFY(claims);
    auto replaced = runTask(source.replaceToken(**token.wait(), *claims, {}));
    QVERIFY(replaced.wait());
    QVERIFY2(*replaced.wait(), *replaced.wait() ? "" : qPrintable(replaced.wait()->error().toLogText()));
    QCOMPARE(graphStatus(**replaced.wait()), 200);
    auto stopped = runTask(source.stop());
    QVERIFY(stopped.wait());
    m_lab.clearFaults();
}

QTEST_GUILESS_MAIN(TestLab)
#include "tst_identity_lab.moc"
