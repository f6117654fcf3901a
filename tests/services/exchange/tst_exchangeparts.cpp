// The pure parts of an on-premises organisation: what a session can do, addresses, versions, warnings that
// mean something.
#include <QTest>

#include "services/exchange/CommandSet.h"
#include "services/exchange/Listing.h"
#include "services/exchange/OnPremisesExchange.h"
#include "services/exchange/PrerequisiteCheck.h"
#include "services/psrp/clixml/Object.h"

using namespace postern;
using namespace postern::exchange;
using namespace Qt::StringLiterals;
using clixml::Value;
using Outcome = CheckResult::Outcome;
using Presence = CommandSet::Presence;

namespace {

Value command(const QString& name, const QStringList& parameters)
{
    clixml::Object dictionary;
    dictionary.container = clixml::Container::Dictionary;
    for (const QString& parameter : parameters)
        dictionary.entries.emplace_back(Value::fromText(parameter), Value());
    clixml::Object object;
    object.addExtended(u"Name"_s, Value::fromText(name));
    object.addExtended(u"Parameters"_s, Value::fromObject(std::move(dictionary)));
    return Value::fromObject(std::move(object));
}

} // namespace

class TestExchangeParts : public QObject
{
    Q_OBJECT
private slots:
    void commandSet();
    void commandSetByRefusals();
    void asksForEveryCmdlet();
    void warnings_data();
    void warnings();
    void versions_data();
    void versions();
    void endpoints_data();
    void endpoints();
    void clocks();
};

void TestExchangeParts::commandSet()
{
    const CommandSet set = CommandSet::fromAnswer({command(u"Get-ActiveSyncDevice"_s, {u"Identity"_s}),
        command(u"Set-CASMailbox"_s, {u"Identity"_s, u"ActiveSyncAllowedDeviceIDs"_s})});
    QCOMPARE(set.has(u"get-activesyncdevice"), Presence::Present);
    QCOMPARE(set.has(u"Get-MobileDevice"), Presence::Missing); // asked for, and not there
    QCOMPARE(set.has(u"Get-Unheard"), Presence::Unknown);
    QCOMPARE(set.choose(u"Get-MobileDevice", u"Get-ActiveSyncDevice"), u"Get-ActiveSyncDevice"_s);
    QCOMPARE(set.hasParameter(u"Set-CASMailbox", u"activesyncalloweddeviceids"), Presence::Present);
    QCOMPARE(set.hasParameter(u"Set-CASMailbox", u"ActiveSyncBlockedDeviceIDs"), Presence::Missing);
    QCOMPARE(set.hasParameter(u"Get-Recipient", u"Identity"), Presence::Missing);
    // Both missing: the newer name is in the error.
    QCOMPARE(set.choose(u"Get-MobileDeviceStatistics", u"Get-ActiveSyncDeviceStatistics"),
        u"Get-MobileDeviceStatistics"_s);
}

void TestExchangeParts::commandSetByRefusals()
{
    CommandSet set;
    QCOMPARE(set.choose(u"Get-MobileDevice", u"Get-ActiveSyncDevice"), u"Get-MobileDevice"_s);
    set.learn(u"Get-MobileDevice", Presence::Missing);
    QCOMPARE(set.choose(u"Get-MobileDevice", u"Get-ActiveSyncDevice"), u"Get-ActiveSyncDevice"_s);
    QCOMPARE(set.hasParameter(u"Set-CASMailbox", u"X"), Presence::Unknown);
}

void TestExchangeParts::asksForEveryCmdlet()
{
    QCOMPARE(requiredCmdlets().size(), size_t(15));
    const psrp::PsCommand query = CommandSet::query();
    const auto& step = query.statements().front().front();
    QCOMPARE(step.text, u"Get-Command"_s);
    QVERIFY(!step.isScript);
    const QStringList names = step.arguments.front().value.stringList();
    for (const QStringView name : requiredCmdlets())
        QVERIFY(names.contains(name.toString()));
    QVERIFY(names.contains(u"Get-MobileDeviceStatistics"_s) && names.contains(u"Get-CASMailbox"_s));
}

void TestExchangeParts::warnings_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("truncated");
    QTest::addColumn<bool>("microDelay");
    QTest::newRow("cut") << u"By default, only the first 1000 items are returned. Use the ResultSize "
                            u"parameter to specify the number "
                            u"of items returned."_s
                         << true << false;
    QTest::newRow("cut, parameter only") << u"Verwenden Sie den Parameter ResultSize."_s << true << false;
    QTest::newRow("deprecated") << u"The Get-ActiveSyncDevice cmdlet will be removed in a future version."_s
                                << false << false;
    QTest::newRow("micro delay") << u"Micro delay applied. Actual delayed: 250 msecs, Enforced: True"_s
                                 << false << true;
}

void TestExchangeParts::warnings()
{
    QFETCH(QString, text);
    QTEST(saysTruncated(text), "truncated");
    QTEST(saysMicroDelay(text), "microDelay");
}

void TestExchangeParts::versions_data()
{
    QTest::addColumn<QString>("version");
    QTest::addColumn<Outcome>("outcome");
    QTest::newRow("2007") << u"8.3.83.6"_s << Outcome::Fail;
    QTest::newRow("2010 RTM") << u"14.0.639.21"_s << Outcome::Fail;
    QTest::newRow("2010 SP1") << u"14.1.218.15"_s << Outcome::Warning;
    QTest::newRow("2010 SP3") << u"14.3.123.4"_s << Outcome::Pass;
    QTest::newRow("2013") << u"15.0.1497.2"_s << Outcome::Pass;
    QTest::newRow("2016") << u"15.1.2507.6"_s << Outcome::Pass;
    QTest::newRow("2019") << u"15.2.1544.4"_s << Outcome::Pass;
    QTest::newRow("SE") << u"15.2.2562.17"_s << Outcome::Pass;
    QTest::newRow("newer") << u"16.0.1.1"_s << Outcome::Warning;
    QTest::newRow("unknown") << QString() << Outcome::Fail;
}

void TestExchangeParts::versions()
{
    QFETCH(QString, version);
    QTEST(judgeVersion(version).outcome, "outcome");
    QCOMPARE(judgeVersion(u"15.2.2562.17").product, u"Exchange Server SE"_s);
}

void TestExchangeParts::endpoints_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("url"); // empty: refused
    const QString query = u"?serializationLevel=None"_s;
    QTest::newRow("whole") << u"https://ex1.contoso.lab/PowerShell/"_s
                           << u"https://ex1.contoso.lab/PowerShell/"_s + query;
    QTest::newRow("host name") << u"ex1.contoso.lab"_s << u"https://ex1.contoso.lab/PowerShell/"_s + query;
    QTest::newRow("host and port") << u"ex1.contoso.lab:8443"_s
                                   << u"https://ex1.contoso.lab:8443/PowerShell/"_s + query;
    QTest::newRow("blanks") << u"  ex1.contoso.lab "_s << u"https://ex1.contoso.lab/PowerShell/"_s + query;
    QTest::newRow("own query stays") << u"https://ex1/PowerShell/?serializationLevel=Full"_s
                                     << u"https://ex1/PowerShell/?serializationLevel=Full"_s;
    QTest::newRow("clear text") << u"http://ex1/PowerShell/"_s << QString();
    QTest::newRow("with a password") << u"https://a:b@ex1/PowerShell/"_s << QString();
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("nonsense") << u"https://"_s << QString();
}

void TestExchangeParts::endpoints()
{
    QFETCH(QString, typed);
    QFETCH(QString, url);
    Connector connector;
    connector.serverAddress = typed;
    const auto endpoint = endpointOf(connector, u"secret"_s);
    QCOMPARE(endpoint ? endpoint->url.toString() : QString(), url);
    if (!endpoint)
        QCOMPARE(endpoint.error().code, ErrorCode::InvalidAddress);
}

void TestExchangeParts::clocks()
{
    const QDateTime now(QDate(2026, 3, 14), QTime(12, 0), Qt::UTC);
    const auto outcome = [&now](const QByteArray& date) {
        const auto result = judgeClock(date, now);
        return result ? int(result->outcome) : -1;
    };
    QCOMPARE(outcome("Sat, 14 Mar 2026 12:00:03 GMT"), int(Outcome::Pass));
    QCOMPARE(outcome("Sat, 14 Mar 2026 12:04:59 GMT"), int(Outcome::Pass));
    QCOMPARE(outcome("Sat, 14 Mar 2026 12:05:00 GMT"), int(Outcome::Warning));
    QCOMPARE(outcome("Sat, 14 Mar 2026 09:00:00 GMT"), int(Outcome::Warning));
    QVERIFY(judgeClock("Sat, 14 Mar 2026 09:00:00 GMT", now)->detail.startsWith(u"180 minutes"_s));
    QCOMPARE(outcome(""), -1);
    QCOMPARE(outcome("yesterday"), -1);
}

QTEST_GUILESS_MAIN(TestExchangeParts)
#include "tst_exchangeparts.moc"
