// Kerberos for real: a private KDC (tests/support/kdc.sh), the lab as the service HTTP/localhost with a
// keytab, and our client in front. Right and wrong passwords, no KDC, no service, the process' own tickets.
// Skips without krb5-kdc.
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "services/psrp/RunspacePool.h"
#include "services/wsman/Client.h"
#include "services/wsman/Kerberos.h"
#include "tests/support/LabFixture.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::psrp;
using namespace postern::test;

namespace {

constexpr int kLong = 60'000;
const QString kScript = QStringLiteral(POSTERN_SOURCE_DIR "/tests/support/kdc.sh");

} // namespace

class TestKerberos : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void cleanup();
    void signsIn_data();
    void signsIn();
    void manyRequestsOneTicket();
    void wrongPassword();
    void unknownUserFallsBack();
    void ownTickets();
    void noTicketsOfOurOwn();
    void unknownService();
    void serverIsProved();
    void principals_data();
    void principals();
    void noKdc(); // last: stops it

private:
    bool run(const QStringList& arguments, const QByteArray& input = {});
    RunningTask<Expected<void>> open(wsman::Endpoint endpoint);
    wsman::Endpoint endpoint(const QString& user, const QString& password) const;
    QTemporaryDir m_dir;
    LabFixture m_lab;
    std::unique_ptr<RunspacePool> m_pool;
    QByteArray m_output;
    QByteArray m_keytab;
};

bool TestKerberos::run(const QStringList& arguments, const QByteArray& input)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(arguments.first(), arguments.mid(1));
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(30'000))
        return false;
    m_output = process.readAllStandardOutput();
    return process.exitCode() == 0;
}

void TestKerberos::initTestCase()
{
    if (!run({u"bash"_s, kScript, u"available"_s}))
        QSKIP("krb5-kdc is not installed");
    qputenv("KDC_USERS", "svc-postern:Kerb-pass1 svc-reader:Kerb-pass2");
    QVERIFY(run({u"bash"_s, kScript, u"start"_s, m_dir.filePath(u"kdc"_s)}));
    for (const QByteArray& line : m_output.split('\n')) {
        if (line.startsWith("KRB5_CONFIG="))
            qputenv("KRB5_CONFIG", line.mid(12));
        else if (line.startsWith("KEYTAB="))
            m_keytab = line.mid(7);
    }
    qputenv("KRB5CCNAME", "FILE:" + m_dir.filePath(u"ccache"_s).toUtf8());
    if (!m_lab.start({u"--users"_s, u"20"_s, u"--time-scale"_s, u"0"_s, u"--kerberos-keytab"_s,
            QString::fromUtf8(m_keytab)})) {
        if (m_lab.reason().contains(u"not built"_s))
            QSKIP(qPrintable(m_lab.reason()));
        QFAIL(qPrintable(m_lab.reason()));
    }
}

void TestKerberos::cleanupTestCase()
{
    run({u"bash"_s, kScript, u"stop"_s, m_dir.filePath(u"kdc"_s)});
}

void TestKerberos::cleanup()
{
    if (!m_pool)
        return;
    auto closed = runTask(m_pool->close());
    QVERIFY(closed.wait(kLong));
    m_pool.reset();
    QFile::remove(m_dir.filePath(u"ccache"_s)); // of ownTickets
}

wsman::Endpoint TestKerberos::endpoint(const QString& user, const QString& password) const
{
    wsman::Endpoint endpoint = m_lab.endpoint(wsman::SignIn::Negotiate);
    endpoint.user = user;
    endpoint.password = password;
    return endpoint;
}

RunningTask<Expected<void>> TestKerberos::open(wsman::Endpoint endpoint)
{
    m_pool = std::make_unique<RunspacePool>(std::make_unique<wsman::Client>(std::move(endpoint)));
    return runTask(m_pool->open({}));
}

void TestKerberos::signsIn_data()
{
    QTest::addColumn<QString>("user");
    QTest::newRow("name and realm") << u"svc-postern@CONTOSO.LAB"_s;
    QTest::newRow("as a UPN, in small letters") << u"svc-postern@contoso.lab"_s;
    QTest::newRow("domain and name") << u"CONTOSO\\svc-postern"_s;
    QTest::newRow("DNS domain and name") << u"contoso.lab\\svc-postern"_s;
    QTest::newRow("name only") << u"svc-postern"_s;
}

void TestKerberos::signsIn()
{
    QFETCH(QString, user);
    auto opened = open(endpoint(user, u"Kerb-pass1"_s));
    auto* result = opened.wait(kLong);
    QVERIFY(result);
    QVERIFY2(*result, *result ? "" : qPrintable(result->error().toLogText()));
    QCOMPARE(m_pool->client().signInMethod(), u"Kerberos"_s);
}

void TestKerberos::manyRequestsOneTicket()
{
    auto opened = open(endpoint(u"svc-postern"_s, u"Kerb-pass1"_s));
    QVERIFY(opened.wait(kLong) && *opened.wait());
    for (int i = 0; i < 20; ++i) {
        auto invoked = runTask(m_pool->invoke(PsCommand(u"Get-ActiveSyncOrganizationSettings"_s), {}));
        auto* result = invoked.wait(kLong);
        QVERIFY(result);
        QVERIFY2(*result, *result ? "" : qPrintable(result->error().toLogText()));
        QCOMPARE((*result)->output.size(), size_t(1));
    }
    QFile log(m_dir.filePath(u"kdc/kdc.log"_s));
    QVERIFY(log.open(QIODevice::ReadOnly));
    const QByteArray text = log.readAll();
    const auto count = text.count("TGS_REQ");
    QVERIFY2(count < 20, qPrintable(QString::number(count))); // not one for each request
}

void TestKerberos::wrongPassword()
{
    auto opened = open(endpoint(u"svc-postern"_s, u"not the password"_s));
    auto* result = opened.wait(kLong);
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::AuthenticationFailed));
    QVERIFY2(result->error().detail.contains(u"the password is wrong"_s), qPrintable(result->error().detail));
    QVERIFY(!result->error().toLogText().contains(u"not the password"_s));
    QCOMPARE(
        m_pool->client().signInMethod(), QString()); // NTLM was not tried: it would count against the account
}

void TestKerberos::unknownUserFallsBack()
{
    // An account that the KDC does not know but the server does (a local one): NTLM signs it in.
    auto opened = open(endpoint(m_lab.user(u"exchange2010"_s), m_lab.password(u"exchange2010"_s)));
    auto* result = opened.wait(kLong);
    QVERIFY(result);
    QVERIFY2(*result, *result ? "" : qPrintable(result->error().toLogText()));
    QCOMPARE(m_pool->client().signInMethod(), u"NTLM"_s);
}

void TestKerberos::ownTickets()
{
    if (QStandardPaths::findExecutable(u"kinit"_s).isEmpty())
        QSKIP("kinit is not installed");
    QVERIFY(run({u"kinit"_s, u"svc-reader"_s}, "Kerb-pass2\n"));
    auto opened = open(endpoint({}, {}));
    auto* result = opened.wait(kLong);
    QVERIFY(result);
    QVERIFY2(*result, *result ? "" : qPrintable(result->error().toLogText()));
    QCOMPARE(m_pool->client().signInMethod(), u"Kerberos"_s);
}

void TestKerberos::noTicketsOfOurOwn()
{
    QVERIFY(!QFile::exists(m_dir.filePath(u"ccache"_s))); // passwords never make a cache on disk
    auto opened = open(endpoint({}, {}));
    auto* result = opened.wait(kLong);
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::AuthenticationFailed));
    QVERIFY2(result->error().detail.contains(u"no Kerberos ticket"_s), qPrintable(result->error().detail));
}

void TestKerberos::unknownService()
{
    wsman::Kerberos kerberos(u"mail.contoso.lab"_s, u"svc-postern"_s, u"Kerb-pass1"_s);
    const auto outcome = kerberos.start({}, true);
    QCOMPARE(int(outcome.fault), int(wsman::KerberosFault::UnknownService));
    QVERIFY2(outcome.reason.contains(u"HTTP/mail.contoso.lab"_s), qPrintable(outcome.reason));
}

void TestKerberos::serverIsProved()
{
    wsman::Kerberos kerberos(u"localhost"_s, u"svc-postern"_s, u"Kerb-pass1"_s);
    const auto outcome = kerberos.start("tls-server-end-point:0123456789", true);
    QVERIFY2(outcome.context != nullptr, qPrintable(outcome.reason));
    // A server that answers with something else is not believed.
    const auto finished = outcome.context->finish("\xA1\x07\x30\x05\xA0\x03\x0A\x01");
    QVERIFY(!finished);
    QCOMPARE(int(finished.error().code), int(ErrorCode::AuthenticationFailed));
}

void TestKerberos::principals_data()
{
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("realm"); // this computer's
    QTest::addColumn<QStringList>("expected"); // "E:" in front: enterprise name
    const auto row = [](const char* name, QString user, QString host, QString realm, QStringList expected) {
        QTest::newRow(name) << user << host << realm << expected;
    };
    row("NetBIOS name of the host's domain", u"CONTOSO\\a"_s, u"ex1.contoso.lab"_s, u"X.ORG"_s,
        {u"a@CONTOSO.LAB"_s});
    row("NetBIOS name of our domain", u"contoso\\a"_s, u"localhost"_s, u"CONTOSO.LAB"_s,
        {u"a@CONTOSO.LAB"_s});
    row("a short name of another spelling", u"CORP\\a"_s, u"ex1.contoso.lab"_s, u"CONTOSO.LAB"_s,
        {u"a@CONTOSO.LAB"_s});
    row("nobody's NetBIOS name", u"FABRIKAM\\a"_s, u"ex1.contoso.lab"_s, u"X.ORG"_s, {});
    row("DNS name", u"fabrikam.lab\\a"_s, u"ex1.contoso.lab"_s, u"X.ORG"_s, {u"a@FABRIKAM.LAB"_s});
    row("UPN", u"a@mail.example"_s, u"ex1"_s, u"X.ORG"_s, {u"a@MAIL.EXAMPLE"_s, u"E:a@mail.example"_s});
    row("plain", u"a"_s, u"ex1"_s, u"X.ORG"_s, {u"a"_s});
}

void TestKerberos::principals()
{
    QFETCH(QString, user);
    QFETCH(QString, host);
    QFETCH(QString, realm);
    QFETCH(QStringList, expected);
    QStringList names;
    for (const auto& entry : wsman::principalsFor(user, host, realm))
        names.append((entry.second ? u"E:"_s : QString()) + entry.first);
    QCOMPARE(names, expected);
}

void TestKerberos::noKdc()
{
    QVERIFY(run({u"bash"_s, kScript, u"stop"_s, m_dir.filePath(u"kdc"_s)}));
    wsman::Kerberos kerberos(u"localhost"_s, u"svc-postern"_s, u"Kerb-pass1"_s);
    const auto outcome = kerberos.start({}, true);
    QCOMPARE(int(outcome.fault), int(wsman::KerberosFault::NoKdc));
    QVERIFY2(outcome.reason.contains(u"KDC"_s), qPrintable(outcome.reason));
    // With the lab's own password NTLM takes over, because the server offers it.
    auto opened = open(m_lab.endpoint(wsman::SignIn::Negotiate));
    auto* result = opened.wait(kLong);
    QVERIFY(result);
    QVERIFY2(*result, *result ? "" : qPrintable(result->error().toLogText()));
    QCOMPARE(m_pool->client().signInMethod(), u"NTLM"_s);
}

QTEST_GUILESS_MAIN(TestKerberos)
#include "tst_kerberos.moc"
