// The whole client against the lab, over real sockets and TLS: sign-in by Basic and NTLM, cmdlets, faults,
// stop, bad certificates. What this finds wrong in the lab is the lab's to fix.
#include <QElapsedTimer>
#include <QTest>

#include "services/psrp/RunspacePool.h"
#include "services/psrp/clixml/Reader.h"
#include "services/wsman/Client.h"
#include "tests/support/LabFixture.h"
#include "tests/support/RunTask.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::psrp;
using namespace postern::test;

namespace {

constexpr int kLong = 60'000;

PsCommand allDevices()
{
    PsCommand command(u"Get-MobileDevice"_s);
    command.with(u"ResultSize"_s, u"Unlimited"_s);
    return command;
}

} // namespace

class TestLab : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanup();
    void signsIn_data();
    void signsIn();
    void wrongPassword_data();
    void wrongPassword();
    void refusedAccount();
    void listsAllDevices();
    void nonTerminatingErrors();
    void missingCmdletAndParameter();
    void scriptsAreRefused();
    void severalPipelines();
    void requestsOfOneCommand();
    void stopsALongCommand();
    void tooManySessions();
    void setRunspaces();
    void shellLost();
    void transportFaults_data();
    void transportFaults();
    void badCertificates_data();
    void badCertificates();

private:
    void openPool(wsman::Endpoint endpoint);
    bool closePool();
    LabFixture m_lab;
    std::unique_ptr<RunspacePool> m_pool;
};

void TestLab::initTestCase()
{
    if (!m_lab.start({u"--users"_s, u"120"_s, u"--time-scale"_s, u"0"_s})) {
        if (m_lab.reason().contains(u"not built"_s))
            QSKIP(qPrintable(m_lab.reason()));
        QFAIL(qPrintable(m_lab.reason()));
    }
}

void TestLab::cleanup()
{
    QVERIFY(closePool());
    QVERIFY2(m_lab.clearFaults(), qPrintable(m_lab.reason()));
}

void TestLab::openPool(wsman::Endpoint endpoint)
{
    m_pool = std::make_unique<RunspacePool>(std::make_unique<wsman::Client>(std::move(endpoint)));
    auto opened = runTask(m_pool->open({}));
    auto* result = opened.wait(kLong);
    QVERIFY(result);
    QVERIFY2(*result, *result ? "" : qPrintable(result->error().toLogText()));
}

bool TestLab::closePool()
{
    if (!m_pool)
        return true;
    auto closed = runTask(m_pool->close());
    const bool ended = closed.wait(kLong);
    m_pool.reset();
    return ended;
}

void TestLab::signsIn_data()
{
    QTest::addColumn<int>("signIn");
    QTest::addColumn<QString>("method");
    QTest::newRow("Basic") << int(wsman::SignIn::Basic) << u"Basic"_s;
    QTest::newRow("NTLM") << int(wsman::SignIn::Negotiate) << u"NTLM"_s; // this lab has no keytab
}

void TestLab::signsIn()
{
    QFETCH(int, signIn);
    QFETCH(QString, method);
    openPool(m_lab.endpoint(wsman::SignIn(signIn)));
    QCOMPARE(m_pool->client().signInMethod(), method);
    QCOMPARE(m_pool->protocolMinor(), 3);
    auto invoked = runTask(m_pool->invoke(PsCommand(u"Get-ActiveSyncOrganizationSettings"_s), {}));
    auto* result = invoked.wait(kLong);
    QVERIFY(result && *result);
    QCOMPARE((*result)->output.size(), size_t(1));
    QVERIFY(!(*result)->output.at(0).property(u"DefaultAccessLevel").enumText().isEmpty());
}

void TestLab::wrongPassword_data()
{
    QTest::addColumn<int>("signIn");
    QTest::newRow("Basic") << int(wsman::SignIn::Basic);
    QTest::newRow("NTLM") << int(wsman::SignIn::Negotiate);
}

void TestLab::wrongPassword()
{
    QFETCH(int, signIn);
    wsman::Endpoint endpoint = m_lab.endpoint(wsman::SignIn(signIn));
    endpoint.password = u"wrong"_s;
    m_pool = std::make_unique<RunspacePool>(std::make_unique<wsman::Client>(endpoint));
    auto opened = runTask(m_pool->open({}));
    auto* result = opened.wait(kLong);
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::AuthenticationFailed));
    QVERIFY(!result->error().toLogText().contains(u"wrong"_s)
        || result->error().detail.contains(u"password is wrong"_s));
}

void TestLab::refusedAccount()
{
    m_pool = std::make_unique<RunspacePool>(
        std::make_unique<wsman::Client>(m_lab.endpoint(wsman::SignIn::Basic, u"noRemotePowerShell"_s)));
    auto opened = runTask(m_pool->open({}));
    auto* result = opened.wait(kLong);
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::AccessDenied));
}

void TestLab::listsAllDevices()
{
    openPool(m_lab.endpoint(wsman::SignIn::Basic));
    auto pipeline = m_pool->pipeline(allDevices());
    int devices = 0;
    int chunks = 0;
    for (bool last = false; !last;) {
        auto next = runTask(pipeline->next({}));
        auto* chunk = next.wait(kLong);
        QVERIFY(chunk);
        QVERIFY2(*chunk, *chunk ? "" : qPrintable(chunk->error().toLogText()));
        for (const QByteArrayView document : (*chunk)->output) {
            const auto value = clixml::Reader().read(document);
            QVERIFY2(value, value ? "" : qPrintable(value.error().toLogText()));
            QVERIFY(!value->property(u"DeviceId").text().isEmpty());
            ++devices;
        }
        ++chunks;
        last = (*chunk)->last();
    }
    QCOMPARE(devices, m_lab.devices());
    QVERIFY(chunks >= 1);
}

void TestLab::nonTerminatingErrors()
{
    openPool(m_lab.endpoint(wsman::SignIn::Basic));
    PsCommand command(u"Get-CASMailbox"_s);
    command.with(u"Identity"_s, u"nobody-of-that-name"_s);
    auto invoked = runTask(m_pool->invoke(command, {}));
    auto* result = invoked.wait(kLong);
    QVERIFY(result);
    const ErrorCode code = *result
        ? ((*result)->errors.empty() ? ErrorCode::Internal : toError((*result)->errors.at(0), {}).code)
        : result->error().code;
    QCOMPARE(int(code), int(ErrorCode::NotFound));
}

void TestLab::missingCmdletAndParameter()
{
    openPool(m_lab.endpoint(wsman::SignIn::Basic));
    auto invoked = runTask(m_pool->invoke(PsCommand(u"Remove-Mailbox"_s), {}));
    auto* result = invoked.wait(kLong);
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::CmdletMissing));
    PsCommand command(u"Get-MobileDevice"_s);
    command.with(u"NoSuchParameter"_s, u"x"_s);
    auto second = runTask(m_pool->invoke(command, {}));
    result = second.wait(kLong);
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::ParameterMissing));
}

void TestLab::scriptsAreRefused()
{
    openPool(m_lab.endpoint(wsman::SignIn::Basic));
    auto invoked = runTask(m_pool->invoke(PsCommand::script(u"$a = 1; $a"_s), {}));
    auto* result = invoked.wait(kLong);
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::AccessDenied));
}

void TestLab::severalPipelines()
{
    openPool(m_lab.endpoint(wsman::SignIn::Basic));
    std::vector<RunningTask<Expected<PipelineResult>>> running;
    for (int i = 0; i < 8; ++i)
        running.push_back(runTask(m_pool->invoke(allDevices(), {})));
    for (auto& one : running) {
        auto* result = one.wait(kLong);
        QVERIFY(result);
        QVERIFY2(*result, *result ? "" : qPrintable(result->error().toLogText()));
        QCOMPARE(int((*result)->output.size()), m_lab.devices());
    }
}

void TestLab::requestsOfOneCommand()
{
    openPool(m_lab.endpoint(wsman::SignIn::Basic));
    const PsCommand command(u"Get-ActiveSyncOrganizationSettings"_s);
    const qint64 before = m_pool->client().requestsSent();
    for (int i = 0; i < 10; ++i) {
        auto invoked = runTask(m_pool->invoke(command, {}));
        auto* result = invoked.wait(kLong);
        QVERIFY(result && *result);
    }
    // Command, Receive, and the Signal beside the next command.
    QVERIFY2(m_pool->client().requestsSent() - before <= 30,
        qPrintable(QString::number(m_pool->client().requestsSent() - before)));
}

void TestLab::stopsALongCommand()
{
    openPool(m_lab.endpoint(wsman::SignIn::Basic));
    QVERIFY(m_lab.fault({{"kind"_L1, "slow"_L1}, {"cmdlet"_L1, "Get-MobileDevice"_L1}, {"ms"_L1, 3000}}));
    const auto begun = [this] { return m_lab.get(u"state"_s)["commands"_L1]["Get-MobileDevice"_L1].toInt(); };
    const int before = begun();
    std::stop_source stop;
    auto invoked = runTask(m_pool->invoke(allDevices(), stop.get_token()));
    QTRY_COMPARE(begun(), before + 1); // nothing on the client's side tells that the command is under way
    stop.request_stop();
    auto* result = invoked.wait(kLong);
    QVERIFY(result);
    if (!*result)
        QCOMPARE(int(result->error().code), int(ErrorCode::Cancelled));
    auto again = runTask(m_pool->invoke(PsCommand(u"Get-ActiveSyncOrganizationSettings"_s), {}));
    result = again.wait(kLong);
    QVERIFY(result);
    QVERIFY2(*result, *result ? "" : qPrintable(result->error().toLogText())); // the session lives on
}

void TestLab::tooManySessions()
{
    std::vector<std::unique_ptr<RunspacePool>> pools;
    std::optional<Error> refused;
    for (int i = 0; i < 30 && !refused; ++i) {
        pools.push_back(std::make_unique<RunspacePool>(
            std::make_unique<wsman::Client>(m_lab.endpoint(wsman::SignIn::Basic, u"readOnly"_s))));
        auto opened = runTask(pools.back()->open({}));
        auto* result = opened.wait(kLong);
        QVERIFY(result);
        if (!*result)
            refused = result->error();
    }
    QCOMPARE(pools.size(), size_t(19));
    QVERIFY(refused.has_value());
    QCOMPARE(int(refused->code), int(ErrorCode::TooManySessions));
    QVERIFY2(refused->detail.contains(u"18"_s), qPrintable(refused->detail));
    for (auto& pool : pools) {
        auto closed = runTask(pool->close());
        QVERIFY(closed.wait(kLong));
    }
    // All were really deleted: the places are free again.
    openPool(m_lab.endpoint(wsman::SignIn::Basic, u"readOnly"_s));
}

void TestLab::setRunspaces()
{
    openPool(m_lab.endpoint(wsman::SignIn::Basic));
    auto set = runTask(m_pool->setMaxRunspaces(2, {}));
    auto* answer = set.wait(kLong);
    QVERIFY(answer);
    QVERIFY2(*answer, *answer ? "" : qPrintable(answer->error().toLogText()));
    auto available = runTask(m_pool->availableRunspaces({}));
    auto* count = available.wait(kLong);
    QVERIFY(count);
    QVERIFY2(*count, *count ? "" : qPrintable(count->error().toLogText()));
    QVERIFY(**count >= 1);
}

void TestLab::shellLost()
{
    openPool(m_lab.endpoint(wsman::SignIn::Basic));
    QVERIFY(m_lab.fault({{"kind"_L1, "shellLost"_L1}, {"count"_L1, 1}, {"path"_L1, "/PowerShell"_L1}}));
    auto invoked = runTask(m_pool->invoke(allDevices(), {}));
    auto* result = invoked.wait(kLong);
    QVERIFY(result && !*result);
    QCOMPARE(int(result->error().code), int(ErrorCode::SessionLost));
    QCOMPARE(m_pool->state(), PoolState::Broken);
}

void TestLab::transportFaults_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QList<int>>("codes"); // any of these; 0 stands for success
    const auto codes = [](std::initializer_list<ErrorCode> list, bool mayWork = false) {
        QList<int> numbers;
        for (const ErrorCode code : list)
            numbers.append(int(code));
        if (mayWork)
            numbers.append(-1);
        return numbers;
    };
    QTest::newRow("503") << u"503"_s << codes({ErrorCode::ServerBusy}, true);
    QTest::newRow("429") << u"429"_s << codes({ErrorCode::ServerBusy}, true);
    QTest::newRow("cut") << u"cut"_s
                         << codes({ErrorCode::ConnectionLost, ErrorCode::Incomplete, ErrorCode::SessionLost},
                                true);
    QTest::newRow("truncate") << u"truncate"_s
                              << codes({ErrorCode::ConnectionLost, ErrorCode::Malformed,
                                           ErrorCode::Incomplete, ErrorCode::SessionLost},
                                     true);
    QTest::newRow("htmlAs200") << u"htmlAs200"_s << codes({ErrorCode::Malformed});
    QTest::newRow("malformedFragment")
        << u"malformedFragment"_s << codes({ErrorCode::Malformed, ErrorCode::LimitExceeded});
    QTest::newRow("loadQuota") << u"loadQuota"_s << codes({ErrorCode::ServerBusy}, true);
    QTest::newRow("unauthorized") << u"unauthorized"_s << codes({ErrorCode::AuthenticationFailed});
}

void TestLab::transportFaults()
{
    QFETCH(QString, kind);
    QFETCH(QList<int>, codes);
    // The fault hits the first, second, third ... request of a command: whichever it is, the end is one of
    // these, and a listing that claims to be whole is whole.
    for (int after = 0; after < 3; ++after) {
        openPool(m_lab.endpoint(wsman::SignIn::Basic));
        QVERIFY2(m_lab.fault({{"kind"_L1, kind}, {"count"_L1, 1}, {"after"_L1, after},
                     {"path"_L1, "/PowerShell"_L1}, {"retryAfter"_L1, 1}}),
            qPrintable(m_lab.reason()));
        auto invoked = runTask(m_pool->invoke(allDevices(), {}));
        auto* result = invoked.wait(kLong);
        QVERIFY(result);
        if (*result)
            QCOMPARE(int((*result)->output.size()), m_lab.devices());
        else
            qInfo().noquote() << kind << after << result->error().toLogText();
        const bool hit = !*result || codes.contains(-1) || after > 1;
        QVERIFY2(*result ? hit : codes.contains(int(result->error().code)),
            qPrintable(*result ? u"completed"_s : result->error().toLogText()));
        QVERIFY(closePool());
        QVERIFY(m_lab.clearFaults());
    }
}

void TestLab::badCertificates_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("code");
    QTest::newRow("expired") << u"expired"_s << int(ErrorCode::CertificateExpired);
    QTest::newRow("wrong host") << u"wrongHost"_s << int(ErrorCode::CertificateWrongHost);
    QTest::newRow("self-signed") << u"selfSigned"_s << int(ErrorCode::CertificateUntrusted);
    QTest::newRow("unknown authority") << u"untrusted"_s << int(ErrorCode::CertificateUntrusted);
}

void TestLab::badCertificates()
{
    QFETCH(QString, kind);
    QFETCH(int, code);
    for (const auto signIn : {wsman::SignIn::Basic, wsman::SignIn::Negotiate}) {
        wsman::Endpoint endpoint = m_lab.endpoint(signIn);
        endpoint.url = m_lab.badTls(kind);
        m_pool = std::make_unique<RunspacePool>(std::make_unique<wsman::Client>(endpoint));
        auto opened = runTask(m_pool->open({}));
        auto* result = opened.wait(kLong);
        QVERIFY(result && !*result);
        QCOMPARE(int(result->error().code), code);
        QVERIFY(closePool());
    }
}

QTEST_GUILESS_MAIN(TestLab)
#include "tst_powershell_lab.moc"
