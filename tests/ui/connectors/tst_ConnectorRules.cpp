// CON-01 to 03, 10, 11, 13, 14, 16: what a connector's fields may hold.
#include <QTemporaryFile>
#include <QTest>

#include "ui/connectors/ConnectorRules.h"

using namespace postern;
using namespace postern::connectors;
using namespace Qt::StringLiterals;

class TestConnectorRules : public QObject
{
    Q_OBJECT
private slots:
    void addressExpands_data();
    void addressExpands();
    void addressIsRefused_data();
    void addressIsRefused();
    void addressAdvises();
    void scheduleRoundTrips_data();
    void scheduleRoundTrips();
    void scheduleIsRefused_data();
    void scheduleIsRefused();
    void scheduleReadsAsASentence();
    void deltaHasItsRange_data();
    void deltaHasItsRange();
    void advicesAboutLoad();
    void names();
    void certificateFiles();
    void containers_data();
    void containers();
    void servers_data();
    void servers();
    void mailAddresses_data();
    void mailAddresses();
    void ewsAddresses_data();
    void ewsAddresses();
    void ranges_data();
    void ranges();
    void customSchedules();
};

void TestConnectorRules::containers_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("says"); // empty: accepted
    QTest::newRow("unit") << u"OU=Sales,DC=contoso,DC=com"_s << QString();
    QTest::newRow("lower case, spaces") << u"ou=Sales, dc=contoso, dc=com"_s << QString();
    QTest::newRow("escaped comma") << u"OU=Sales\\, EMEA,DC=contoso,DC=com"_s << QString();
    QTest::newRow("escaped hex") << u"OU=A\\2CB,DC=contoso,DC=com"_s << QString();
    QTest::newRow("umlaut") << u"OU=Büro München,DC=contoso,DC=com"_s << QString();
    QTest::newRow("domain alone") << u"DC=contoso,DC=com"_s << QString();
    QTest::newRow("numeric attribute") << u"2.5.4.11=Sales,DC=com"_s << QString();
    QTest::newRow("empty") << QString() << u"Enter the container"_s;
    QTest::newRow("canonical") << u"contoso.com/Sales"_s << u"Enter a distinguished name"_s;
    QTest::newRow("part without =") << u"Sales,DC=contoso"_s << u"\"Sales\" has no"_s;
    QTest::newRow("no value") << u"OU=,DC=contoso"_s << u"\"OU=\" has no value"_s;
    QTest::newRow("no domain") << u"DC=com,OU=Sales"_s << u"must end with its domain"_s;
    QTest::newRow("trailing comma") << u"OU=Sales,DC=com,"_s << u"nothing between two commas"_s;
    QTest::newRow("bare quote") << u"OU=\"Sales\",DC=com"_s << u"write a backslash"_s;
    QTest::newRow("bare plus") << u"OU=A+B,DC=com"_s << u"write a backslash"_s;
    QTest::newRow("attribute with a digit first") << u"1U=Sales,DC=com"_s << u"does not begin with"_s;
    QTest::newRow("backslash at the end") << u"OU=Sales,DC=com\\"_s << u"write a backslash"_s;
    QTest::newRow("endless") << u"OU="_s + QString(5000, u'a') + u",DC=com"_s << u"too long"_s;
}

void TestConnectorRules::containers()
{
    QFETCH(QString, name);
    QFETCH(QString, says);
    const QString said = containerComplaint(name);
    QVERIFY2(says.isEmpty() ? said.isEmpty() : said.contains(says), qPrintable(said));
}

void TestConnectorRules::servers_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("host") << u"ex2.contoso.com"_s << true;
    QTest::newRow("host and port") << u"ex2.contoso.com:8443"_s << true;
    QTest::newRow("address") << u"https://ex2.contoso.com/PowerShell/"_s << true;
    QTest::newRow("nothing") << QString() << false;
    QTest::newRow("ipv4") << u"10.0.0.1"_s << false;
    QTest::newRow("ipv6") << u"fe80::1"_s << false;
    QTest::newRow("space") << u"ex 2"_s << false;
    QTest::newRow("ftp") << u"ftp://ex2"_s << false;
}

void TestConnectorRules::servers()
{
    QFETCH(QString, typed);
    QFETCH(bool, accepted);
    QVERIFY2(serverComplaint(typed).isEmpty() == accepted, qPrintable(serverComplaint(typed)));
}

void TestConnectorRules::mailAddresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("nothing") << QString() << true;
    QTest::newRow("usual") << u"postern@contoso.com"_s << true;
    QTest::newRow("plus and dots") << u"a.b+c@mail.contoso.co.uk"_s << true;
    QTest::newRow("umlaut") << u"müller@contoso.com"_s << true;
    QTest::newRow("no at") << u"postern"_s << false;
    QTest::newRow("two ats") << u"a@b@contoso.com"_s << false;
    QTest::newRow("no domain") << u"a@contoso"_s << false;
    QTest::newRow("space") << u"a b@contoso.com"_s << false;
    QTest::newRow("two") << u"a@contoso.com; b@contoso.com"_s << false;
}

void TestConnectorRules::mailAddresses()
{
    QFETCH(QString, address);
    QFETCH(bool, accepted);
    QCOMPARE(mailComplaint(address).isEmpty(), accepted);
}

void TestConnectorRules::ewsAddresses_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("says");
    QTest::newRow("nothing") << QString() << QString();
    QTest::newRow("usual") << u"https://mail.contoso.com/EWS/Exchange.asmx"_s << QString();
    QTest::newRow("http") << u"http://mail.contoso.com/EWS/Exchange.asmx"_s << u"https://"_s;
    QTest::newRow("host only") << u"mail.contoso.com"_s << u"not an address"_s;
    QTest::newRow("password") << u"https://a:b@mail.contoso.com/"_s << u"Leave user name"_s;
}

void TestConnectorRules::ewsAddresses()
{
    QFETCH(QString, address);
    QFETCH(QString, says);
    const QString said = ewsComplaint(address);
    QVERIFY2(says.isEmpty() ? said.isEmpty() : said.contains(says), qPrintable(said));
}

void TestConnectorRules::ranges_data()
{
    QTest::addColumn<int>("value");
    QTest::addColumn<QString>("zeroIs");
    QTest::addColumn<QString>("says");
    QTest::newRow("low") << 4 << QString() << QString();
    QTest::newRow("high") << 16 << QString() << QString();
    QTest::newRow("below") << 3 << QString() << u"Enter 4 to 16."_s;
    QTest::newRow("above") << 17 << u"Never"_s << u"Enter 4 to 16, or 0 for: Never."_s;
    QTest::newRow("zero, unlimited") << 0 << u"Never"_s << QString();
    QTest::newRow("zero, no limit") << 0 << QString() << u"Enter 4 to 16."_s;
}

void TestConnectorRules::ranges()
{
    QFETCH(int, value);
    QFETCH(QString, zeroIs);
    QTEST(rangeComplaint(value, 4, 16, zeroIs), "says");
}

void TestConnectorRules::customSchedules()
{
    QVERIFY(scheduleComplaint(u"2d"_s).isEmpty());
    QVERIFY(scheduleComplaint(u"1d@02:30"_s).isEmpty());
    QVERIFY(scheduleComplaint(QString()).startsWith(u"Enter a schedule"_s)); // must not be "None"
    QVERIFY(scheduleComplaint(u"daily"_s).contains(u"1d@02:30"_s));
}

void TestConnectorRules::addressExpands_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("authentication");
    QTest::addColumn<QString>("expanded");
    const int negotiate = int(Authentication::Negotiate);
    const int basic = int(Authentication::Basic);
    QTest::newRow("host, Kerberos") << u"ex1.contoso.com"_s << negotiate
                                    << u"http://ex1.contoso.com/PowerShell/"_s;
    QTest::newRow("host, Basic") << u"ex1.contoso.com"_s << basic << u"https://ex1.contoso.com/PowerShell/"_s;
    QTest::newRow("host and port") << u"ex1.contoso.com:8443"_s << basic
                                   << u"https://ex1.contoso.com:8443/PowerShell/"_s;
    QTest::newRow("url without path")
        << u"https://ex1.contoso.com"_s << basic << u"https://ex1.contoso.com/PowerShell/"_s;
    QTest::newRow("url with slash") << u"https://ex1.contoso.com/"_s << basic
                                    << u"https://ex1.contoso.com/PowerShell/"_s;
    QTest::newRow("whole url") << u"https://ex1.contoso.com/PowerShell"_s << negotiate
                               << u"https://ex1.contoso.com/PowerShell"_s;
    QTest::newRow("ip with Basic") << u"https://127.0.0.1:9443/PowerShell/"_s << basic
                                   << u"https://127.0.0.1:9443/PowerShell/"_s;
    QTest::newRow("unusable stays") << u"ftp://x"_s << negotiate << u"ftp://x"_s;
}

void TestConnectorRules::addressExpands()
{
    QFETCH(QString, typed);
    QFETCH(int, authentication);
    QTEST(expandedAddress(typed, Authentication(authentication)), "expanded");
}

void TestConnectorRules::addressIsRefused_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("authentication");
    QTest::addColumn<QString>("says");
    const int negotiate = int(Authentication::Negotiate);
    const int basic = int(Authentication::Basic);
    QTest::newRow("empty") << QString() << negotiate << u"Enter the Client Access server"_s;
    QTest::newRow("scheme") << u"ftp://ex1.contoso.com"_s << negotiate << u"must start with http://"_s;
    QTest::newRow("ipv4 with Kerberos")
        << u"10.0.0.1"_s << negotiate << u"Kerberos needs the server's name"_s;
    QTest::newRow("ipv4 url with Kerberos")
        << u"https://10.0.0.1/PowerShell/"_s << negotiate << u"Kerberos needs the server's name"_s;
    QTest::newRow("ipv6 with Kerberos")
        << u"http://[fe80::1]/PowerShell/"_s << negotiate << u"Kerberos needs the server's name"_s;
    QTest::newRow("number as ip") << u"http://2130706433/"_s << negotiate
                                  << u"Kerberos needs the server's name"_s;
    QTest::newRow("http with Basic") << u"http://ex1.contoso.com/PowerShell/"_s << basic
                                     << u"must start with https://"_s;
    QTest::newRow("password in it") << u"https://user:secret@ex1.contoso.com/"_s << basic
                                    << u"Leave user name and password out"_s;
    QTest::newRow("query") << u"https://ex1.contoso.com/PowerShell/?x=1"_s << basic
                           << u"ends with its path"_s;
    QTest::newRow("space") << u"ex1 contoso com"_s << negotiate << u"not an address"_s;
    QTest::newRow("empty label") << u"ex1..contoso.com"_s << negotiate << u"not a"_s;
    QTest::newRow("no host") << u"https:///PowerShell/"_s << negotiate << u"not an address"_s;
    QTest::newRow("bad port") << u"ex1.contoso.com:99999"_s << negotiate << u"not an address"_s;
    QTest::newRow("long label") << QString(64, u'a') + u".com"_s << negotiate << u"not a"_s;
}

void TestConnectorRules::addressIsRefused()
{
    QFETCH(QString, typed);
    QFETCH(int, authentication);
    QFETCH(QString, says);
    const QString complaint = addressComplaint(typed, Authentication(authentication));
    QVERIFY2(complaint.contains(says), qPrintable(complaint));
}

void TestConnectorRules::addressAdvises()
{
    QVERIFY(addressAdvice(u"ex1"_s, Authentication::Negotiate).contains(u"full name"_s));
    QCOMPARE(addressAdvice(u"ex1.contoso.com"_s, Authentication::Negotiate), QString());
    QCOMPARE(addressAdvice(u"https://localhost:8443/"_s, Authentication::Basic), QString());
    QCOMPARE(addressAdvice(QString(), Authentication::Basic), QString());
}

void TestConnectorRules::scheduleRoundTrips_data()
{
    QTest::addColumn<QString>("kept");
    QTest::addColumn<int>("minutes");
    QTest::newRow("daily") << u"1d@00:00"_s << 1440;
    QTest::newRow("evenings") << u"7d@23:45"_s << 10080;
    QTest::newRow("hours") << u"12h"_s << 720;
}

void TestConnectorRules::scheduleRoundTrips()
{
    QFETCH(QString, kept);
    const auto schedule = ScheduleText::parse(kept);
    QVERIFY(schedule);
    QCOMPARE(schedule->toText(), kept);
    QTEST(schedule->periodMinutes(), "minutes");
}

void TestConnectorRules::scheduleIsRefused_data()
{
    QTest::addColumn<QString>("kept");
    for (const char* text :
        {"", "0h", "1", "12h\n", "1d@24:00", "1d@00:60", "h", "1h@00:00", "-1d@00:00", "1d@00:00 ", "9999h"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestConnectorRules::scheduleIsRefused()
{
    QFETCH(QString, kept);
    QVERIFY(!ScheduleText::parse(kept));
}

void TestConnectorRules::scheduleReadsAsASentence()
{
    QCOMPARE(scheduleSentence(u"12h"_s), u"Every 12 hour(s)"_s);
    QCOMPARE(scheduleSentence(u"2d"_s), u"Every 2 day(s)"_s);
    QVERIFY(scheduleSentence(u"1d@00:30"_s).startsWith(u"Every 1 day(s) at "_s));
    QCOMPARE(scheduleSentence(u"every full moon"_s), u"every full moon"_s);
}

void TestConnectorRules::deltaHasItsRange_data()
{
    QTest::addColumn<int>("minutes");
    QTest::addColumn<bool>("accepted");
    QTest::newRow("off") << 0 << true;
    QTest::newRow("14") << 14 << false;
    QTest::newRow("15") << 15 << true;
    QTest::newRow("720") << 720 << true;
    QTest::newRow("longer than the full period") << 721 << false;
    QTest::newRow("1440") << 1440 << false;
}

void TestConnectorRules::deltaHasItsRange()
{
    QFETCH(int, minutes);
    QFETCH(bool, accepted);
    QCOMPARE(deltaComplaint(minutes, *ScheduleText::parse(u"12h"_s)).isEmpty(), accepted);
}

void TestConnectorRules::advicesAboutLoad()
{
    QVERIFY(!deltaAdvice(0).isEmpty());
    QVERIFY(!deltaAdvice(59).isEmpty());
    QVERIFY(deltaAdvice(60).isEmpty());
    QVERIFY(!scheduleAdvice(*ScheduleText::parse(u"3h"_s)).isEmpty());
    QVERIFY(scheduleAdvice(*ScheduleText::parse(u"4h"_s)).isEmpty());
}

void TestConnectorRules::names()
{
    QVERIFY(nameComplaint(u"Büro <b>Nord</b>"_s).isEmpty());
    QVERIFY(!nameComplaint(QString()).isEmpty());
    QVERIFY(!nameComplaint(QString(129, u'x')).isEmpty());
    QVERIFY(!nameComplaint(u"a\tb"_s).isEmpty());
}

void TestConnectorRules::certificateFiles()
{
    QVERIFY(fileComplaint(QString()).isEmpty());
    QVERIFY(fileComplaint(u"/nowhere/ca.pem"_s).startsWith(u"The file cannot be read"_s));
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write("no certificate");
    file.flush();
    QVERIFY(fileComplaint(file.fileName()).contains(u"no certificate in PEM form"_s));
    file.write("\n-----BEGIN CERTIFICATE-----\n");
    file.flush();
    QVERIFY(fileComplaint(file.fileName()).isEmpty());
}

QTEST_GUILESS_MAIN(TestConnectorRules)
#include "tst_ConnectorRules.moc"
