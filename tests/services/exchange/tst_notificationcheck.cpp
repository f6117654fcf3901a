// Autodiscover and EWS as a check needs them: what is read from whom, what each failure says, and who never
// gets the password (CON-10, CON-11).
#include <QTest>

#include "services/exchange/NotificationCheck.h"
#include "services/exchange/WebServicesText.h"
#include "tests/support/RunTask.h"
#include "tests/support/TlsFixture.h"

using namespace postern;
using namespace postern::exchange;
using namespace Qt::StringLiterals;
using postern::test::runTask;
using postern::test::TestCertificates;
using postern::test::TlsFixture;
using Outcome = CheckResult::Outcome;

namespace {

const QByteArray responseNamespace
    = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

QByteArray settings(const QByteArray& inner, const QByteArray& outer)
{
    return "<?xml version=\"1.0\"?><Autodiscover><Response xmlns=\"" + responseNamespace
        + "\"><Account><Action>settings</Action><Protocol><Type>EXPR</Type><EwsUrl>" + outer
        + "</EwsUrl></Protocol><Protocol><Type>EXCH</Type><EwsUrl>" + inner
        + "</EwsUrl></Protocol></Account></Response></Autodiscover>";
}

QByteArray folder(const QByteArray& code, const QByteArray& text = {})
{
    const QByteArray found = code == "NoError" ? "<t:FolderId Id=\"x\"/>" : "";
    return "<s:Envelope xmlns:s=\"s\" xmlns:m=\"m\" xmlns:t=\"t\"><s:Body><m:MessageText>" + text
        + "</m:MessageText><m:ResponseCode>" + code + "</m:ResponseCode>" + found + "</s:Body></s:Envelope>";
}

// One server that is Autodiscover and EWS, and the check of it.
struct Fixture
{
    explicit Fixture(const TestCertificates& certificates)
    {
        if (!server.listen(certificates.server(u"good"_s)))
            qFatal("no server");
        connector.name = u"Contoso"_s;
        connector.notificationAccount = u"mdm@contoso.invalid"_s;
        connector.discoverServers = false; // only this host
        endpoint.url = server.url(u"/PowerShell/"_s);
        endpoint.user = u"CONTOSO\\svc"_s;
        endpoint.password = u"secret"_s;
        endpoint.authorities = certificates.authority();
        ews = folder("NoError");
        autodiscover = settings(server.url(u"/EWS/Exchange.asmx"_s).toEncoded(), "https://outer/EWS");
        server.setAnswer([this](QSslSocket* socket, const QByteArray& request) { reply(socket, request); });
    }
    void reply(QSslSocket* socket, const QByteArray& request)
    {
        requests.append(request);
        if (asksForPassword && !request.contains("Authorization: Basic "))
            socket->write(TlsFixture::http(401, {}, "WWW-Authenticate: Basic realm=\"x\"\r\n"));
        else if (request.startsWith("POST /EWS/"))
            socket->write(TlsFixture::http(ewsStatus, ews));
        else
            socket->write(TlsFixture::http(status, autodiscover, headers));
    }
    // "Pass Autodiscover…: …" a line.
    QStringList run()
    {
        QStringList lines;
        NotificationCheck check(connector, endpoint, [&lines](const CheckResult& result) {
            lines.append(u"%1 %2: %3"_s.arg(
                result.outcome == Outcome::Pass ? u"Pass"_s : u"Warning"_s, result.name, result.detail));
            if (result.required)
                lines.append(u"REQUIRED"_s);
        });
        auto task = runTask(check.run({}));
        if (!task.wait())
            lines.append(u"did not end"_s);
        return lines;
    }

    TlsFixture server;
    Connector connector;
    wsman::Endpoint endpoint;
    bool asksForPassword = true;
    int status = 200, ewsStatus = 200;
    QByteArray headers, autodiscover, ews;
    QByteArrayList requests;
};

} // namespace

class TestNotificationCheck : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void autodiscoverAnswers_data();
    void autodiscoverAnswers();
    void folderAnswers_data();
    void folderAnswers();
    void namesAreEscaped();
    void works();
    void asConfigured();
    void outcomes_data();
    void outcomes();
    void passwordStaysAtHome_data();
    void passwordStaysAtHome();
    void refusedPasswordIsGivenOnce();
    void followsToAnotherAddress();
    void noAccount();

private:
    TestCertificates m_certificates;
};

void TestNotificationCheck::initTestCase()
{
    if (!m_certificates.make())
        QSKIP("there is no openssl command");
}

void TestNotificationCheck::autodiscoverAnswers_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("ews"); // "!": malformed
    QTest::newRow("inner first") << settings("https://in/EWS", "https://out/EWS") << u"https://in/EWS"_s;
    QTest::newRow("outer only") << settings("", "https://out/EWS") << u"https://out/EWS"_s;
    QTest::newRow("none") << settings("", "") << QString();
    QTest::newRow("a page") << QByteArray("<html><body>Sign in</body></html>") << u"!"_s;
    QTest::newRow("no XML") << QByteArray("{}") << u"!"_s;
    QTest::newRow("cut") << settings("https://in/EWS", "").left(200) << u"!"_s;
    QTest::newRow("document type") << QByteArray("<!DOCTYPE a [<!ENTITY b \"c\">]><Autodiscover/>") << u"!"_s;
    QTest::newRow("deep") << QByteArray("<Autodiscover>") + QByteArray("<a>").repeated(100) << u"!"_s;
    QTest::newRow("empty") << QByteArray() << u"!"_s;
}

void TestNotificationCheck::autodiscoverAnswers()
{
    QFETCH(QByteArray, body);
    const auto answer = readAutodiscover(body);
    QTEST(answer ? answer->ews.toString() : u"!"_s, "ews");
}

void TestNotificationCheck::folderAnswers_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("code"); // "!": malformed
    QTest::addColumn<bool>("found");
    QTest::newRow("there") << folder("NoError") << u"NoError"_s << true;
    QTest::newRow("refused") << folder("ErrorAccessDenied") << u"ErrorAccessDenied"_s << false;
    QTest::newRow("fault") << QByteArray("<s:Envelope xmlns:s=\"s\"><s:Fault><faultcode>a:ErrorX</faultcode>"
                                         "<faultstring>no</faultstring></s:Fault></s:Envelope>")
                           << u"ErrorX"_s << false;
    QTest::newRow("yes, but nothing") << QByteArray("<s:Envelope xmlns:s=\"s\"><ResponseCode>NoError</"
                                                    "ResponseCode></s:Envelope>")
                                      << u"NoError"_s << false;
    QTest::newRow("a page") << QByteArray("<html/>") << u"!"_s << false;
}

void TestNotificationCheck::folderAnswers()
{
    QFETCH(QByteArray, body);
    QFETCH(bool, found);
    const auto answer = readFolder(body);
    QTEST(answer ? answer->code : u"!"_s, "code");
    QCOMPARE(answer && answer->found, found);
}

void TestNotificationCheck::namesAreEscaped()
{
    const QString hostile = u"a<b>&\"@x"_s;
    for (const QByteArray& body : {autodiscoverRequest(hostile), inboxRequest(hostile)})
        QVERIFY(body.contains(">a&lt;b&gt;&amp;&quot;@x<"));
}

void TestNotificationCheck::works()
{
    Fixture fixture(m_certificates);
    const QStringList lines = fixture.run();
    QCOMPARE(int(lines.size()), 2);
    QVERIFY2(lines.at(0).startsWith(u"Pass Autodiscover"_s), qPrintable(lines.at(0)));
    QCOMPARE(lines.at(1), u"Pass Mailbox of the notification account: mdm@contoso.invalid opens"_s);
    QVERIFY(fixture.requests.join().contains("<EMailAddress>mdm@contoso.invalid</EMailAddress>"));
}

void TestNotificationCheck::asConfigured()
{
    Fixture fixture(m_certificates);
    fixture.connector.ewsUrl = fixture.server.url(u"/EWS/Exchange.asmx"_s).toString();
    const QStringList lines = fixture.run();
    QCOMPARE(int(lines.size()), 2);
    QVERIFY(lines.at(0).startsWith(u"Pass Exchange Web Services address"_s));
    QVERIFY(lines.at(1).startsWith(u"Pass Mailbox"_s));
    QVERIFY(!fixture.requests.join().contains("autodiscover"));
    fixture.connector.ewsUrl = u"http://localhost/EWS/Exchange.asmx"_s;
    fixture.requests.clear();
    QVERIFY(fixture.run().join(u' ').startsWith(u"Warning Exchange Web Services address"_s));
    QVERIFY(fixture.requests.isEmpty());
}

void TestNotificationCheck::outcomes_data()
{
    QTest::addColumn<int>("status"); // of Autodiscover
    QTest::addColumn<QByteArray>("autodiscover"); // null: works
    QTest::addColumn<int>("ewsStatus");
    QTest::addColumn<QByteArray>("ews");
    QTest::addColumn<QString>("says"); // the last line
    const QByteArray works;
    const QByteArray nobody = "<Autodiscover><Response><Error><ErrorCode>500</ErrorCode><Message>Nobody has "
                              "it.</Message></Error></Response></Autodiscover>";
    QTest::newRow("nobody's address") << 200 << nobody << 200 << works << u"Nobody has it. (500)"_s;
    QTest::newRow("no Autodiscover") << 404 << QByteArray("x") << 200 << works << u"by hand"_s;
    QTest::newRow("a page") << 200 << QByteArray("<html/>") << 200 << works << u"Warning Autodiscover"_s;
    QTest::newRow("no mailbox") << 200 << works << 200 << folder("ErrorNonExistentMailbox", "None.")
                                << u"has no mailbox in this Exchange: None."_s;
    QTest::newRow("not allowed") << 200 << works << 200 << folder("ErrorAccessDenied", "No.")
                                 << u"Full Access"_s;
    QTest::newRow("moving") << 200 << works << 200 << folder("ErrorMailboxMoveInProgress") << u"just now"_s;
    QTest::newRow("something else") << 200 << works << 500 << folder("ErrorOdd")
                                    << u"cannot be opened: ErrorOdd"_s;
    QTest::newRow("EWS down") << 200 << works << 503 << QByteArray("<html/>") << u"Warning Mailbox"_s;
    QTest::newRow("EWS is a page") << 200 << works << 200 << QByteArray("<html/>") << u"does not answer as"_s;
}

void TestNotificationCheck::outcomes()
{
    QFETCH(int, status);
    QFETCH(QByteArray, autodiscover);
    QFETCH(int, ewsStatus);
    QFETCH(QByteArray, ews);
    QFETCH(QString, says);
    Fixture fixture(m_certificates);
    fixture.status = status;
    fixture.ewsStatus = ewsStatus;
    fixture.autodiscover = autodiscover.isNull() ? fixture.autodiscover : autodiscover;
    fixture.ews = ews.isNull() ? fixture.ews : ews;
    const QStringList lines = fixture.run();
    QVERIFY(!lines.isEmpty());
    QVERIFY2(lines.constLast().contains(says), qPrintable(lines.join(u'\n')));
    QVERIFY(lines.constLast().startsWith(u"Warning "_s)); // never a failure, never silence
    QVERIFY(!lines.contains(u"REQUIRED"_s));
    QVERIFY(!lines.join(u' ').contains(u"secret"_s));
}

void TestNotificationCheck::passwordStaysAtHome_data()
{
    QTest::addColumn<QByteArray>("autodiscover");
    QTest::addColumn<QByteArray>("headers");
    QTest::addColumn<int>("status");
    QTest::newRow("EWS of another host") << settings("https://127.0.0.1:1/EWS", "") << QByteArray() << 200;
    QTest::newRow("EWS in clear text") << settings("http://localhost/EWS", "") << QByteArray() << 200;
    QTest::newRow("redirect to another host")
        << QByteArray() << QByteArray("Location: https://127.0.0.1:1/autodiscover/autodiscover.xml\r\n")
        << 302;
    QTest::newRow("redirect in its words")
        << QByteArray("<Autodiscover><Response><Account><RedirectUrl>https://127.0.0.1:1/a</RedirectUrl>"
                      "</Account></Response></Autodiscover>")
        << QByteArray() << 200;
}

void TestNotificationCheck::passwordStaysAtHome()
{
    QFETCH(QByteArray, autodiscover);
    QFETCH(QByteArray, headers);
    QFETCH(int, status);
    Fixture fixture(m_certificates);
    fixture.autodiscover = autodiscover;
    fixture.headers = headers;
    fixture.status = status;
    const QStringList lines = fixture.run();
    QCOMPARE(int(lines.size()), 1); // nobody else was asked: a refused connection would say so
    QVERIFY(lines.at(0).startsWith(u"Warning Autodiscover"_s));
    QVERIFY2(!lines.at(0).contains(u"refused"_s), qPrintable(lines.at(0)));
}

void TestNotificationCheck::refusedPasswordIsGivenOnce()
{
    Fixture fixture(m_certificates);
    fixture.status = 401;
    fixture.headers = "WWW-Authenticate: Basic realm=\"x\"\r\n";
    const QStringList lines = fixture.run();
    QCOMPARE(int(lines.size()), 1);
    QVERIFY2(lines.at(0).contains(u"did not take the account"_s), qPrintable(lines.at(0)));
    int given = 0;
    for (const QByteArray& request : fixture.requests)
        given += request.contains("Authorization: Basic ");
    QCOMPARE(given, 1);
}

void TestNotificationCheck::followsToAnotherAddress()
{
    Fixture fixture(m_certificates);
    const QByteArray right = fixture.autodiscover;
    fixture.server.setAnswer([&](QSslSocket* socket, const QByteArray& request) {
        fixture.autodiscover = request.contains("mdm@contoso.invalid")
            ? QByteArray(
                "<Autodiscover><Response><Account><RedirectAddr>mdm@other.invalid</RedirectAddr></Account>"
                "</Response></Autodiscover>")
            : right;
        fixture.reply(socket, request);
    });
    QVERIFY(fixture.run().constLast().startsWith(u"Pass Mailbox"_s));
    // Round and round.
    fixture.server.setAnswer([&](QSslSocket* socket, const QByteArray& request) {
        fixture.autodiscover = "<Autodiscover><Response><RedirectAddr>mdm@contoso.invalid</RedirectAddr></"
                               "Response></Autodiscover>";
        fixture.reply(socket, request);
    });
    const QStringList lines = fixture.run();
    QCOMPARE(int(lines.size()), 1);
    QVERIFY2(lines.at(0).contains(u"redirected too often"_s), qPrintable(lines.at(0)));
}

void TestNotificationCheck::noAccount()
{
    Fixture fixture(m_certificates);
    for (const QString& account : {QString(), u"mdm"_s, u"@x"_s}) {
        fixture.connector.notificationAccount = account;
        const QStringList lines = fixture.run();
        QCOMPARE(int(lines.size()), 1);
        QVERIFY(lines.at(0).startsWith(u"Warning Notification account"_s));
    }
    QVERIFY(fixture.requests.isEmpty());
}

QTEST_GUILESS_MAIN(TestNotificationCheck)
#include "tst_notificationcheck.moc"
