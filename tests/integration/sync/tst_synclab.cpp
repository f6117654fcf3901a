// The whole way, from postern-lab as a process over TLS to the site: what the lab's truth says is what the
// site shows, whatever happens on the wire meanwhile.
#include <QElapsedTimer>
#include <QTest>

#include "tests/integration/sync/LabSite.h"
#include "tests/integration/sync/LabTruth.h"

using namespace postern;
using namespace postern::sync;
using namespace postern::sync::test;
using postern::test::RunningLab;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

std::vector<CheckResult> checked(
    RunningLab& lab, const Connector& connector, const QString& password, QString* log = nullptr)
{
    LabSite site(lab.connector(), password);
    auto organization = exchange::connect(connector, password, {*site.site.trace, site.site.clock, u"PS1"_s});
    std::vector<CheckResult> reported;
    auto results
        = QCoro::waitFor(organization->check([&](const CheckResult& line) { reported.push_back(line); }, {}));
    QCoro::waitFor(organization->close());
    if (!results || *results != reported)
        qFatal("what is reported is not what is returned");
    if (log)
        *log = site.site.log();
    return reported;
}

const CheckResult* lineOf(const std::vector<CheckResult>& lines, const QString& name)
{
    for (const CheckResult& line : lines) {
        if (line.name == name)
            return &line;
    }
    return nullptr;
}

} // namespace

class TestSyncLab : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void truthIsWhatTheSiteShows();
    void legacyCmdlets();
    void partialAccount();
    void faultsOnTheWire_data();
    void faultsOnTheWire();
    void mailboxErrors();
    void failures_data();
    void failures();
    void checkPasses();
    void checkNamesWhatIsMissing();
    void checkCertificates_data();
    void checkCertificates();
    void noSecretInTheLog();

private:
    std::unique_ptr<RunningLab> m_lab;
};

void TestSyncLab::initTestCase()
{
    m_lab = std::make_unique<RunningLab>(
        QStringList{u"--users"_s, u"150"_s, u"--time-scale"_s, u"0"_s, u"--seed"_s, u"7"_s});
}

void TestSyncLab::truthIsWhatTheSiteShows()
{
    for (const int sessions : {1, 4}) {
        Connector connector = m_lab->connector();
        connector.parallelSessions = sessions;
        LabSite site(connector, m_lab->password());
        const SyncOutcome outcome = site.sync();
        QVERIFY2(outcome.complete, outcome.error ? qPrintable(outcome.error->toLogText()) : "");
        const QStringList want = trueRows(m_lab->truth());
        const QStringList have = storedRows(site.site);
        QVERIFY2(have == want, qPrintable(differences(have, want)));
        QCOMPARE(outcome.counts.devicesRead, want.size());
        QCOMPARE(outcome.counts.notRead, 0);
        QCOMPARE(outcome.problemCount, 0);
        QVERIFY(site.site.log().contains(u"Exchange Connector: starting, organization Contoso Lab"_s));
        // Nothing changed: nothing is written.
        const SyncOutcome again = site.sync();
        QVERIFY(again.complete);
        QCOMPARE(again.counts.added + again.counts.changed + again.counts.removed, 0);
    }
}

// Exchange 2010's surface: no MobileDevice cmdlets, only ActiveSync clients have statistics.
void TestSyncLab::legacyCmdlets()
{
    LabSite site(m_lab->connector(u"exchange2010"_s), m_lab->password(u"exchange2010"_s));
    const SyncOutcome outcome = site.sync();
    QVERIFY2(outcome.complete, outcome.error ? qPrintable(outcome.error->toLogText()) : "");
    QVERIFY(outcome.counts.devicesRead > 100);
    QVERIFY(outcome.counts.devicesRead <= m_lab->truth().size());
    const QStringList all = trueRows(m_lab->truth());
    int dated = 0;
    for (const QString& row : storedRows(site.site)) {
        QVERIFY(std::any_of(all.begin(), all.end(),
            [&](const QString& line) { return line.section(u'|', 0, 3) == row.section(u'|', 0, 3); }));
        dated += !row.section(u'|', 4, 4).isEmpty();
    }
    QVERIFY(dated > 50);
}

// Without Get-CASMailbox and Get-Recipient mailboxes cannot be listed: one clear error, nothing half done.
void TestSyncLab::partialAccount()
{
    LabSite site(m_lab->connector(u"missingCmdlets"_s), m_lab->password(u"missingCmdlets"_s));
    const SyncOutcome outcome = site.sync();
    QCOMPARE(outcome.state, JobState::Failed);
    QCOMPARE(outcome.error->code, ErrorCode::CmdletMissing);
    QVERIFY2(outcome.error->origin.contains(u"Get-"_s), qPrintable(outcome.error->toLogText()));
    QCOMPARE(site.site.statusIds().back(), 30005);
}

void TestSyncLab::faultsOnTheWire_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("after");
    for (const auto* kind :
        {"429", "503", "cut", "slow", "truncate", "htmlAs200", "shellLost", "malformedFragment", "microDelay",
            "loadQuota", "objectBroken", "unauthorized", "denied", "missingCmdlet"}) {
        for (const int after : {0, 5, 12, 20})
            QTest::addRow("%s after %d", kind, after) << QString::fromLatin1(kind) << after;
    }
}

// Complete and true, or not complete and nothing removed; and true after the next run without faults.
void TestSyncLab::faultsOnTheWire()
{
    QFETCH(QString, kind);
    QFETCH(int, after);
    LabSite site(m_lab->connector(), m_lab->password());
    QVERIFY(site.sync().complete);
    const QStringList want = trueRows(m_lab->truth());
    m_lab->setFaults({QJsonObject{
        {u"kind"_s, kind}, {u"count"_s, 1}, {u"after"_s, after}, {u"retryAfter"_s, 1}, {u"ms"_s, 50}}});
    const SyncOutcome outcome = site.sync();
    m_lab->clearFaults();
    const QStringList have = storedRows(site.site);
    QVERIFY2(have == want, qPrintable(differences(have, want)));
    if (!outcome.complete)
        QVERIFY(outcome.error.has_value() && !outcome.sentence.isEmpty());
    const SyncOutcome again = site.sync();
    QVERIFY2(again.complete, again.error ? qPrintable(again.error->toLogText()) : "");
    QCOMPARE(storedRows(site.site), want);
}

// SYN-07: a mailbox that fails is a line of its own; the other ninety-nine of its batch do not suffer.
void TestSyncLab::mailboxErrors()
{
    LabSite site(m_lab->connector(), m_lab->password());
    QVERIFY(site.sync().complete);
    const QJsonArray phones = m_lab->truth();
    const QString mailbox = phones.at(0)["owner"_L1].toString();
    m_lab->setFaults(
        {QJsonObject{{u"kind"_s, u"mailboxError"_s}, {u"target"_s, phones.at(0)["mailbox"_L1].toString()}},
            QJsonObject{{u"kind"_s, u"mailboxError"_s}, {u"target"_s, mailbox}}});
    const SyncOutcome outcome = site.sync();
    m_lab->clearFaults();
    QVERIFY2(outcome.complete, outcome.error ? qPrintable(outcome.error->toLogText()) : "");
    QCOMPARE(outcome.counts.notRead, 1);
    QCOMPARE(outcome.problems.front().object, mailbox);
    QCOMPARE(storedRows(site.site), trueRows(phones));
    QVERIFY(site.site.log().contains(u"Mailbox not read, former values kept: "_s + mailbox));
}

void TestSyncLab::failures_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("wrong password") << u"password"_s << ErrorCode::AuthenticationFailed;
    QTest::newRow("unreachable port") << u"port"_s << ErrorCode::ConnectionRefused;
    QTest::newRow("unknown host") << u"host"_s << ErrorCode::HostNotFound;
    QTest::newRow("untrusted certificate") << u"ca"_s << ErrorCode::CertificateUntrusted;
    QTest::newRow("no such CA file") << u"no ca"_s << ErrorCode::InvalidInput;
    QTest::newRow("clear text") << u"http"_s << ErrorCode::InvalidAddress;
    QTest::newRow("hosted") << u"hosted"_s << ErrorCode::Unsupported;
    QTest::newRow("not permitted") << u"noRemotePowerShell"_s << ErrorCode::AccessDenied;
}

void TestSyncLab::failures()
{
    QFETCH(QString, change);
    Connector connector = m_lab->connector();
    QString password = m_lab->password();
    if (change == "password"_L1)
        password = u"wrong"_s;
    else if (change == "port"_L1)
        connector.serverAddress = u"https://localhost:1/PowerShell/"_s;
    else if (change == "host"_L1)
        connector.serverAddress = u"https://no-such-host.invalid/PowerShell/"_s;
    else if (change == "ca"_L1)
        connector.caFile.clear();
    else if (change == "no ca"_L1)
        connector.caFile = u"/no/such/file.pem"_s;
    else if (change == "http"_L1)
        connector.serverAddress.replace(u"https:"_s, u"http:"_s);
    else if (change == "hosted"_L1)
        connector.kind = ConnectorKind::Hosted;
    else {
        connector.user = m_lab->connector(change).user;
        password = m_lab->password(change);
    }
    LabSite site(m_lab->connector(), password);
    auto organization = exchange::connect(
        site.configured(connector), password, {*site.site.trace, site.site.clock, u"PS1"_s});
    SyncOptions once = SyncFixture::quick();
    once.backOff.clear();
    const SyncOutcome outcome = site.site.runOn(*organization, once);
    QCOMPARE(outcome.state, JobState::Failed);
    QFETCH(ErrorCode, code);
    QCOMPARE(enumText(outcome.error->code).toString(), enumText(code).toString());
    QVERIFY(!outcome.sentence.isEmpty());
    QVERIFY(!site.site.log().contains(password));
}

void TestSyncLab::checkPasses()
{
    const auto lines = checked(*m_lab, m_lab->connector(), m_lab->password());
    int cmdlets = 0;
    for (const CheckResult& line : lines) {
        // The certificate is young, a notification account is not given.
        const bool fine = line.outcome == CheckResult::Outcome::Pass || line.name == "Server certificate"_L1
            || line.name == "Notification account"_L1;
        QVERIFY2(fine, qPrintable(line.name + u": "_s + line.detail));
        cmdlets += line.id == "CON-32"_L1;
    }
    QCOMPARE(cmdlets, 15);
    QVERIFY(lineOf(lines, u"Exchange version"_s)->detail.contains(u"Contoso Lab"_s));
    QVERIFY(lineOf(lines, u"Autodiscover"_s));
    QVERIFY(lineOf(lines, u"Exchange Web Services"_s));
}

void TestSyncLab::checkNamesWhatIsMissing()
{
    QString log;
    const auto lines
        = checked(*m_lab, m_lab->connector(u"missingCmdlets"_s), m_lab->password(u"missingCmdlets"_s), &log);
    QStringList failed, warned;
    for (const CheckResult& line : lines) {
        if (line.outcome == CheckResult::Outcome::Fail)
            failed << line.name;
        if (line.outcome == CheckResult::Outcome::Warning && line.id == "CON-33"_L1)
            warned << line.name + u": "_s + line.detail;
    }
    QCOMPARE(failed,
        QStringList({u"Cmdlet Get-Recipient"_s, u"Cmdlet Set-ActiveSyncDeviceAccessRule"_s,
            u"Cmdlet Remove-ActiveSyncDevice"_s}));
    QCOMPARE(warned.size(), 1);
    QVERIFY(warned.constFirst().contains(u"existing exemptions"_s));
    for (const QString& name : failed)
        QVERIFY(log.contains(u"<![LOG[Invoking cmdlet %1 failed]LOG]!>"_s.arg(name.section(u' ', 1))));
    const auto stripped = checked(
        *m_lab, m_lab->connector(u"strippedParameters"_s), m_lab->password(u"strippedParameters"_s));
    const CheckResult* parameters = lineOf(stripped, u"Parameters of Set-CASMailbox"_s);
    QVERIFY(parameters && parameters->outcome == CheckResult::Outcome::Warning);
    QVERIFY(parameters->detail.contains(u"ActiveSyncBlockedDeviceIDs"_s));
    QVERIFY(!parameters->detail.contains(u"ActiveSyncAllowedDeviceIDs"_s));
    const auto wrong = checked(*m_lab, m_lab->connector(), u"wrong password"_s);
    QCOMPARE(lineOf(wrong, u"Sign-in and PowerShell session"_s)->outcome, CheckResult::Outcome::Fail);
    QCOMPARE(lineOf(wrong, u"Cmdlet Get-Recipient"_s)->outcome, CheckResult::Outcome::NotApplicable);
    QCOMPARE(lineOf(wrong, u"Exchange Web Services"_s)->outcome, CheckResult::Outcome::Pass);
}

void TestSyncLab::checkCertificates_data()
{
    QTest::addColumn<QString>("which");
    for (const auto* which : {"expired", "selfSigned", "untrusted", "wrongHost"})
        QTest::newRow(which) << QString::fromLatin1(which);
}

void TestSyncLab::checkCertificates()
{
    QFETCH(QString, which);
    Connector connector = m_lab->connector();
    connector.serverAddress = m_lab->addresses()["badTls"_L1].toObject()[which].toString();
    const auto lines = checked(*m_lab, connector, m_lab->password());
    const CheckResult* certificate = lineOf(lines, u"Server certificate"_s);
    QVERIFY(certificate);
    QCOMPARE(certificate->outcome, CheckResult::Outcome::Fail);
    QVERIFY(certificate->detail.size() > 30);
    QCOMPARE(
        lineOf(lines, u"Sign-in and PowerShell session"_s)->outcome, CheckResult::Outcome::NotApplicable);
}

void TestSyncLab::noSecretInTheLog()
{
    LabSite site(m_lab->connector(), m_lab->password());
    m_lab->setFaults({QJsonObject{{u"kind"_s, u"denied"_s}, {u"count"_s, 2}}});
    site.sync();
    m_lab->clearFaults();
    const QString log = site.site.log();
    QVERIFY(!log.isEmpty());
    const QByteArray secret = m_lab->password().toUtf8();
    for (const QByteArray& form :
        {secret, secret.toBase64(), (m_lab->connector().user.toUtf8() + ':' + secret).toBase64()})
        QVERIFY(!log.contains(QString::fromUtf8(form)));
}

QTEST_GUILESS_MAIN(TestSyncLab)
#include "tst_synclab.moc"
