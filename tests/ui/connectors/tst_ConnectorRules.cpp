// CON-01, 02, 13, 14: what a connector's fields may hold.
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
};

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
    const auto schedule = parseSchedule(kept);
    QVERIFY(schedule);
    QCOMPARE(schedule->toText(), kept);
    QTEST(schedule->periodMinutes(), "minutes");
}

void TestConnectorRules::scheduleIsRefused_data()
{
    QTest::addColumn<QString>("kept");
    for (const char* text :
        {"", "0h", "1", "1d@24:00", "1d@00:60", "h", "1h@00:00", "-1d@00:00", "1d@00:00 ", "9999h"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

void TestConnectorRules::scheduleIsRefused()
{
    QFETCH(QString, kept);
    QVERIFY(!parseSchedule(kept));
}

void TestConnectorRules::scheduleReadsAsASentence()
{
    QCOMPARE(parseSchedule(u"12h"_s)->toSentence(), u"Every 12 hour(s)"_s);
    QVERIFY(parseSchedule(u"1d"_s)->toSentence().startsWith(u"Every 1 day(s) at "_s));
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
    QCOMPARE(deltaComplaint(minutes, *parseSchedule(u"12h"_s)).isEmpty(), accepted);
}

void TestConnectorRules::advicesAboutLoad()
{
    QVERIFY(!deltaAdvice(0).isEmpty());
    QVERIFY(!deltaAdvice(59).isEmpty());
    QVERIFY(deltaAdvice(60).isEmpty());
    QVERIFY(!scheduleAdvice(*parseSchedule(u"3h"_s)).isEmpty());
    QVERIFY(scheduleAdvice(*parseSchedule(u"4h"_s)).isEmpty());
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
