// Faults to Errors: the code table, the texts that say more than the code, and waits that a server states.
#include <QTest>

#include "services/wsman/Fault.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::wsman;
using namespace std::chrono_literals;

class TestFault : public QObject
{
    Q_OBJECT
private slots:
    void meaning_data();
    void meaning();
    void statedDelays_data();
    void statedDelays();
    void keepsTheServersWords();
    void redirectTargets_data();
    void redirectTargets();
};

void TestFault::meaning_data()
{
    QTest::addColumn<quint32>("code");
    QTest::addColumn<quint32>("nested");
    QTest::addColumn<QString>("subcode");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("expected");
    const auto row = [](const char* name, quint32 code, ErrorCode expected, quint32 nested = 0,
                         QString subcode = {}, QString text = u"x"_s) {
        QTest::newRow(name) << code << nested << subcode << text << int(expected);
    };
    row("shell unknown", 2150858843, ErrorCode::SessionLost);
    row("aborted", 995, ErrorCode::SessionLost);
    row("access denied", 5, ErrorCode::AccessDenied);
    row("logon failure", 1326, ErrorCode::AuthenticationFailed);
    row("no such configuration", 2150858811, ErrorCode::InvalidAddress);
    row("too many shells", 2150859173, ErrorCode::TooManySessions);
    row("user quota", 2150859175, ErrorCode::ServerBusy);
    row("timed out", 2150858793, ErrorCode::Timeout);
    row("redirect", 2150859161, ErrorCode::Redirected);
    row("unknown code", 12345, ErrorCode::Internal);
    row("nested code decides when the outer says nothing", 12345, ErrorCode::AccessDenied, 5);
    row("subcode decides without a code", 0, ErrorCode::AccessDenied, 0, u"AccessDenied"_s);
    row("text beats a general code", 2150858815, ErrorCode::TooManySessions, 0, {},
        u"This user is allowed a maximum number of 18 concurrent shells, which has been exceeded."_s);
    row("load quota in an unknown code", 12345, ErrorCode::ServerBusy, 0, {},
        u"The user load quota of 1000 requests per 2 seconds has been exceeded."_s);
}

void TestFault::meaning()
{
    QFETCH(quint32, code);
    QFETCH(quint32, nested);
    QFETCH(QString, subcode);
    QFETCH(QString, text);
    QFETCH(int, expected);
    Fault fault;
    fault.code = code;
    fault.nestedCode = nested;
    fault.subcode = subcode;
    fault.message = text;
    const Error error = toError(fault, u"Create on ex1"_s);
    QCOMPARE(int(error.code), expected);
    QCOMPARE(error.origin, u"Create on ex1"_s);
}

void TestFault::statedDelays_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("expected"); // -1: none
    QTest::newRow("plain") << u"will not be approved for at least 4500 milliseconds."_s << qint64(4500);
    QTest::newRow("separators") << u"for at least 1,234,567 milliseconds"_s << qint64(1234567);
    QTest::newRow("a day at most") << u"for at least 99999999999 milliseconds"_s << qint64(86'400'000);
    QTest::newRow("beyond 64 bits") << u"for at least 99999999999999999999999 milliseconds"_s << qint64(-1);
    QTest::newRow("none") << u"The server is busy."_s << qint64(-1);
    QTest::newRow("another unit") << u"for at least 5 seconds"_s << qint64(-1);
}

void TestFault::statedDelays()
{
    QFETCH(QString, text);
    QFETCH(qint64, expected);
    const auto delay = statedDelay(text);
    QCOMPARE(delay ? qint64(delay->count()) : qint64(-1), expected);
}

void TestFault::keepsTheServersWords()
{
    Fault fault;
    fault.code = 2150859175;
    fault.reason = u"short"_s;
    fault.message = u"The user load quota … for at least 2000 milliseconds"_s;
    const Error error = toError(fault, {});
    QVERIFY(error.detail.startsWith(fault.message));
    QVERIFY(error.detail.contains(u"2150859175"_s));
    QCOMPARE(error.retryAfter.value(), 2000ms);
}

void TestFault::redirectTargets_data()
{
    QTest::addColumn<QString>("element");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QUrl>("expected");
    QTest::newRow("its own element") << u" https://ex2/PowerShell "_s << u"see https://wrong/"_s
                                     << QUrl(u"https://ex2/PowerShell"_s);
    QTest::newRow("in the text") << QString() << u"Use \"https://ex3/p?a=b\" instead"_s
                                 << QUrl(u"https://ex3/p?a=b"_s);
    QTest::newRow("nowhere") << QString() << u"redirected"_s << QUrl();
}

void TestFault::redirectTargets()
{
    QFETCH(QString, element);
    QFETCH(QString, text);
    QFETCH(QUrl, expected);
    Fault fault;
    fault.code = FaultCode::RedirectRequested;
    fault.redirect = element;
    fault.message = text;
    QCOMPARE(fault.redirectTarget(), expected);
}

QTEST_APPLESS_MAIN(TestFault)
#include "tst_wsman_fault.moc"
