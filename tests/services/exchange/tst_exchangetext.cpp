// Text that lost its type: dates of many cultures, versions, names. What is not certain is no value.
#include <QTest>

#include "services/exchange/DeviceIdentity.h"
#include "services/exchange/ExchangeText.h"
#include "services/exchange/PartnershipMapper.h"

using namespace postern;
using namespace postern::exchange;
using namespace Qt::StringLiterals;

class TestExchangeText : public QObject
{
    Q_OBJECT
private slots:
    void dates_data();
    void dates();
    void never();
    void versions_data();
    void versions();
    void distinguishedNames_data();
    void distinguishedNames();
    void deviceIdentities_data();
    void deviceIdentities();
    void clientTypes_data();
    void clientTypes();
};

void TestExchangeText::dates_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("utc"); // empty: no value
    const QString day = u"2026-03-14T05:06:07.000Z"_s;
    QTest::newRow("ISO") << u"2026-03-14T05:06:07Z"_s << day;
    QTest::newRow("ISO, no zone") << u"2026-03-14T05:06:07"_s << day;
    QTest::newRow("ISO, offset") << u"2026-03-14T07:06:07+02:00"_s << day;
    QTest::newRow("ISO, west") << u"2026-03-14T00:06:07-0500"_s << day;
    QTest::newRow("ISO, ticks") << u"2026-03-14T05:06:07.1234567Z"_s << u"2026-03-14T05:06:07.123Z"_s;
    QTest::newRow("ISO, blank") << u"2026-03-14 05:06:07"_s << day;
    QTest::newRow("ISO, date only") << u"2026-03-14"_s << u"2026-03-14T00:00:00.000Z"_s;
    QTest::newRow("RFC 1123") << u"Sat, 14 Mar 2026 05:06:07 GMT"_s << day;
    QTest::newRow("US, certain") << u"3/14/2026 5:06:07 AM"_s << day;
    QTest::newRow("US, evening") << u"3/14/2026 5:06:07 PM"_s << u"2026-03-14T17:06:07.000Z"_s;
    QTest::newRow("US, midnight") << u"3/14/2026 12:06:07 AM"_s << u"2026-03-14T00:06:07.000Z"_s;
    QTest::newRow("US, noon") << u"3/14/2026 12:06:07 PM"_s << u"2026-03-14T12:06:07.000Z"_s;
    QTest::newRow("US, ambiguous") << u"3/4/2026 5:06:07 AM"_s << QString();
    QTest::newRow("same day and month") << u"3/3/2026 5:06:07 AM"_s << u"2026-03-03T05:06:07.000Z"_s;
    QTest::newRow("German, certain") << u"14.03.2026 05:06:07"_s << day;
    QTest::newRow("German, ambiguous") << u"04.03.2026 05:06:07"_s << QString();
    QTest::newRow("Turkish, certain") << u"14.03.2026 05:06:07"_s << day;
    QTest::newRow("Turkish, month name") << u"14 Mart 2026 Cumartesi 05:06:07"_s << QString();
    QTest::newRow("Japanese") << u"2026/03/14 5:06:07"_s << day;
    QTest::newRow("Japanese, small numbers") << u"2026/03/04 5:06:07"_s << u"2026-03-04T05:06:07.000Z"_s;
    QTest::newRow("Japanese, era") << u"令和8年3月14日 5:06:07"_s << QString();
    QTest::newRow("Japanese, AM in words") << u"2026/03/14 午前 5:06:07"_s << QString();
    QTest::newRow("Korean") << u"2026. 3. 14. 5:06:07"_s << day;
    QTest::newRow("Arabic digits, year first") << u"٢٠٢٦/٠٣/١٤ ٠٥:٠٦:٠٧"_s << day;
    QTest::newRow("Arabic, direction marks") << u"\u200f14\u200f/03\u200f/2026 05:06:07"_s << day;
    QTest::newRow("Arabic, AM in words") << u"14/03/2026 05:06:07 ص"_s << QString();
    QTest::newRow("Hijri") << u"25/09/1447 05:06:07"_s << QString();
    QTest::newRow("Hijri, two digits") << u"25/09/47 05:06:07 ص"_s << QString();
    QTest::newRow("Persian") << u"1404/12/23 05:06:07"_s << QString();
    QTest::newRow("Buddhist") << u"14/3/2569 5:06:07"_s << QString();
    QTest::newRow("two-digit year") << u"14.03.26 05:06:07"_s << QString();
    QTest::newRow("no such day") << u"2026-02-30T05:06:07Z"_s << QString();
    QTest::newRow("no such hour") << u"2026-03-14T25:06:07Z"_s << QString();
    QTest::newRow("no such minute") << u"2026-03-14T05:66:07Z"_s << QString();
    QTest::newRow("negative") << u"2026--3-14"_s << QString();
    QTest::newRow("words") << u"yesterday"_s << QString();
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("endless") << QString(100'000, u'1') << QString();
    QTest::newRow("bad offset") << u"2026-03-14T05:06:07+99"_s << QString();
    QTest::newRow("only separators") << u"// ::"_s << QString();
}

void TestExchangeText::dates()
{
    QFETCH(QString, text);
    const auto found = dateFromText(text);
    QTEST(found ? found->toString(Qt::ISODateWithMs) : QString(), "utc");
    if (found)
        QCOMPARE(found->timeSpec(), Qt::UTC);
}

void TestExchangeText::never()
{
    QVERIFY(isNever(QDateTime(QDate(1, 1, 1), QTime(0, 0), Qt::UTC)));
    QVERIFY(isNever(QDateTime(QDate(1601, 1, 1), QTime(0, 0), Qt::UTC)));
    QVERIFY(!isNever(QDateTime(QDate(2009, 1, 1), QTime(0, 0), Qt::UTC)));
}

void TestExchangeText::versions_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("version");
    QTest::newRow("Exchange") << u"Version 15.2 (Build 1544.4)"_s << u"15.2.1544.4"_s;
    QTest::newRow("plain") << u"15.2.1544.4"_s << u"15.2.1544.4"_s;
    QTest::newRow("2010") << u"Version 14.3 (Build 123.4)"_s << u"14.3.123.4"_s;
    QTest::newRow("translated") << u"Wersja 15.1 (Kompilacja 2507.6)"_s << u"15.1.2507.6"_s;
    QTest::newRow("one number") << u"15"_s << QString();
    QTest::newRow("too many") << u"1.2.3.4.5"_s << QString();
    QTest::newRow("none") << u"unknown"_s << QString();
}

void TestExchangeText::versions()
{
    QFETCH(QString, text);
    QTEST(versionFromText(text), "version");
}

void TestExchangeText::distinguishedNames_data()
{
    QTest::addColumn<QString>("dn");
    QTest::addColumn<QString>("canonical");
    QTest::newRow("plain") << u"CN=Anna Berg,OU=Users,DC=contoso,DC=lab"_s
                           << u"contoso.lab/Users/Anna Berg"_s;
    QTest::newRow("comma") << u"CN=Berg\\, Anna,OU=Users,DC=contoso,DC=lab"_s
                           << u"contoso.lab/Users/Berg, Anna"_s;
    QTest::newRow("hex") << u"CN=J\\C3\\B6rg,DC=contoso,DC=lab"_s << u"contoso.lab/Jörg"_s;
    QTest::newRow("slash") << u"CN=Sales/East,OU=A,DC=x"_s << u"x/A/Sales\\/East"_s;
    QTest::newRow("backslash") << u"CN=a\\\\b,DC=x"_s << u"x/a\\\\b"_s;
    QTest::newRow("astral") << u"CN=😀 x,DC=x"_s << u"x/😀 x"_s;
    QTest::newRow("lower case") << u"cn=a,ou=b,dc=c"_s << u"c/b/a"_s;
    QTest::newRow("no domain") << u"CN=a,OU=b"_s << QString();
    QTest::newRow("domain in front") << u"DC=x,CN=a"_s << QString();
    QTest::newRow("no name at all") << u"Anna"_s << QString();
    QTest::newRow("ends in an escape") << u"CN=a\\"_s << QString();
    QTest::newRow("empty") << QString() << QString();
}

void TestExchangeText::distinguishedNames()
{
    QFETCH(QString, dn);
    QTEST(canonicalFromDistinguishedName(dn), "canonical");
}

void TestExchangeText::deviceIdentities_data()
{
    QTest::addColumn<QString>("identity");
    QTest::addColumn<QString>("owner");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("deviceId");
    const QString container = u"/ExchangeActiveSyncDevices/"_s;
    QTest::newRow("canonical") << u"contoso.lab/Users/Anna Berg"_s + container + u"iPhone§APPLC39"_s
                               << u"contoso.lab/Users/Anna Berg"_s << u"iPhone§APPLC39"_s << u"APPLC39"_s;
    QTest::newRow("canonical, three parts")
        << u"contoso.lab/Users/Anna"_s + container + u"REST§Outlook§1f0c"_s << u"contoso.lab/Users/Anna"_s
        << u"REST§Outlook§1f0c"_s << u"1f0c"_s;
    QTest::newRow("short") << u"Anna Berg\\ExchangeActiveSyncDevices\\iPhone§APPLC39"_s << u"Anna Berg"_s
                           << u"iPhone§APPLC39"_s << u"APPLC39"_s;
    QTest::newRow("distinguished")
        << u"CN=iPhone§APPLC39,CN=ExchangeActiveSyncDevices,CN=Anna Berg,OU=Users,DC=contoso,DC=lab"_s
        << u"contoso.lab/Users/Anna Berg"_s << u"iPhone§APPLC39"_s << u"APPLC39"_s;
    QTest::newRow("distinguished, escaped")
        << u"CN=SAMSUNG\\,A\\+§SEC1,CN=ExchangeActiveSyncDevices,CN=Berg\\, Anna,DC=x"_s << u"x/Berg, Anna"_s
        << u"SAMSUNG,A+§SEC1"_s << u"SEC1"_s;
    QTest::newRow("owner with a slash") << u"contoso.lab/Users/Sales\\/East"_s + container + u"iPhone§A"_s
                                        << u"contoso.lab/Users/Sales\\/East"_s << u"iPhone§A"_s << u"A"_s;
    QTest::newRow("owner ends in a backslash") << u"contoso.lab/Users/x\\\\"_s + container + u"iPhone§A"_s
                                               << u"contoso.lab/Users/x\\\\"_s << u"iPhone§A"_s << u"A"_s;
    QTest::newRow("container's name escaped in the device")
        << u"d/u"_s + container + u"a\\/ExchangeActiveSyncDevices\\/b§C"_s << u"d/u"_s
        << u"a\\/ExchangeActiveSyncDevices\\/b§C"_s << u"C"_s;
    QTest::newRow("unit of the same name")
        << u"d/ExchangeActiveSyncDevices/Anna"_s + container + u"iPhone§A"_s
        << u"d/ExchangeActiveSyncDevices/Anna"_s << u"iPhone§A"_s << u"A"_s;
    QTest::newRow("other case") << u"d/u/exchangeactivesyncdevices/iPhone§A"_s << u"d/u"_s << u"iPhone§A"_s
                                << u"A"_s;
    QTest::newRow("no section sign") << u"d/u"_s + container + u"iPhone"_s << u"d/u"_s << u"iPhone"_s
                                     << QString();
    QTest::newRow("right-to-left owner")
        << u"d/ا/محمد"_s + container + u"iPhone§A"_s << u"d/ا/محمد"_s << u"iPhone§A"_s << u"A"_s;
    QTest::newRow("no owner") << container + u"iPhone§A"_s << QString() << QString() << QString();
    QTest::newRow("no device") << u"d/u/ExchangeActiveSyncDevices/"_s << QString() << QString() << QString();
    QTest::newRow("a mailbox") << u"contoso.lab/Users/Anna"_s << QString() << QString() << QString();
    QTest::newRow("empty") << QString() << QString() << QString() << QString();
}

void TestExchangeText::deviceIdentities()
{
    QFETCH(QString, identity);
    const DeviceIdentity cut = cutDeviceIdentity(identity);
    QTEST(cut.owner, "owner");
    QTEST(cut.name, "name");
    QTEST(deviceIdOfName(cut.name).toString(), "deviceId");
}

void TestExchangeText::clientTypes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<ClientType>("type");
    QTest::newRow("EAS") << u"EAS"_s << ClientType::Eas;
    QTest::newRow("case") << u"eas"_s << ClientType::Eas;
    QTest::newRow("absent (2010)") << QString() << ClientType::Eas;
    QTest::newRow("MOWA") << u"MOWA"_s << ClientType::OwaForDevices;
    QTest::newRow("REST") << u"REST"_s << ClientType::RestApi;
    QTest::newRow("Outlook") << u"Outlook"_s << ClientType::Outlook;
    QTest::newRow("UniversalOutlook") << u"UniversalOutlook"_s << ClientType::UniversalOutlook;
    QTest::newRow("unheard of") << u"Telepathy"_s << ClientType::Other;
}

void TestExchangeText::clientTypes()
{
    QFETCH(QString, text);
    QTEST(clientTypeFromExchange(text), "type");
}

QTEST_APPLESS_MAIN(TestExchangeText)
#include "tst_exchangetext.moc"
