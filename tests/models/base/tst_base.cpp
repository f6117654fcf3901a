#include <QTest>

#include "models/base/Csv.h"
#include "models/base/EnumText.h"
#include "models/base/ErrorText.h"
#include "models/base/Ids.h"
#include "models/domain/Exchange.h"
#include "models/domain/Work.h"

using namespace postern;
using namespace Qt::StringLiterals;

class TestBase : public QObject
{
    Q_OBJECT

private slots:
    void csvGuardsFormulas_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cell");
        QTest::newRow("plain") << u"Anna"_s << u"Anna"_s;
        QTest::newRow("equals") << u"=1+1"_s << u"'=1+1"_s;
        QTest::newRow("plus") << u"+49 30"_s << u"'+49 30"_s;
        QTest::newRow("minus") << u"-1"_s << u"'-1"_s;
        QTest::newRow("at") << u"@SUM"_s << u"'@SUM"_s;
        QTest::newRow("tab") << u"\tx"_s << u"'\tx"_s;
        QTest::newRow("carriage return") << u"\rx"_s << u"\"'\rx\""_s;
        QTest::newRow("line feed") << u"\nx"_s << u"\"'\nx\""_s;
        QTest::newRow("full-width equals") << u"\uFF1D1"_s << u"'\uFF1D1"_s;
        QTest::newRow("comma") << u"Berg, Anna"_s << u"\"Berg, Anna\""_s;
        QTest::newRow("quote") << u"a \"b\""_s << u"\"a \"\"b\"\"\""_s;
        QTest::newRow("empty") << u""_s << u""_s;
    }
    void csvGuardsFormulas()
    {
        QFETCH(QString, text);
        QFETCH(QString, cell);
        QCOMPARE(csvLine({text, u"x"_s}), cell + u",x\r\n"_s);
        QCOMPARE(csvUnguard(csvGuard(text)), text);
    }

    void easDeviceIdsCompareNormalised()
    {
        const EasDeviceId a(u" {APPL-C39X} "_s);
        QCOMPARE(a.normalised(), u"applc39x"_s);
        QCOMPARE(a.raw(), u" {APPL-C39X} "_s);
        QVERIFY(a == EasDeviceId(u"applC39X"_s));
        QVERIFY(!(a == EasDeviceId(u"applC39Y"_s)));
        QCOMPARE(qHash(a), qHash(EasDeviceId(u"APPLC39X"_s)));
    }

    void everyErrorHasASentence()
    {
        for (const auto& entry : EnumTable<ErrorCode>::entries()) {
            const Error error{
                entry.value, u"<server's words>"_s, u"https://ex1/PowerShell/"_s, std::chrono::seconds(90)};
            const QString sentence = ErrorText::sentence(error);
            QVERIFY2(sentence.contains(u"https://ex1/PowerShell/"_s), qPrintable(sentence));
            QVERIFY2(sentence.contains(u"<server's words>"_s), qPrintable(sentence));
            QVERIFY2(!sentence.contains(u'%'), qPrintable(sentence));
            QVERIFY2(sentence.endsWith(u'.') && !sentence.contains(u".."_s), qPrintable(sentence));
            QVERIFY2(error.toLogText().startsWith(entry.text.toString()), qPrintable(error.toLogText()));
        }
        const Error busy{ErrorCode::ServerBusy, {}, u"ex1"_s, std::chrono::milliseconds(89'001)};
        const Error dotted{ErrorCode::ConsentRequired, {}, u"nothing is decided."_s, {}};
        QVERIFY2(!ErrorText::sentence(dotted).contains(u".."_s), qPrintable(ErrorText::sentence(dotted)));
        QVERIFY2(ErrorText::sentence(busy).contains(u"90"_s), qPrintable(ErrorText::sentence(busy)));
    }

    void exchangeWordsBecomeStates_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<AccessState>("state");
        QTest::newRow("allowed") << u"Allowed"_s << AccessState::Allowed;
        QTest::newRow("case") << u"bLoCkEd"_s << AccessState::Blocked;
        QTest::newRow("quarantined") << u"Quarantined"_s << AccessState::Quarantined;
        QTest::newRow("discovery") << u"DeviceDiscovery"_s << AccessState::Unknown;
        QTest::newRow("unheard of") << u"Teleported"_s << AccessState::Unknown;
        QTest::newRow("empty is seen, not absent") << u""_s << AccessState::Unknown;
    }
    void exchangeWordsBecomeStates()
    {
        QFETCH(QString, text);
        QFETCH(AccessState, state);
        QCOMPARE(accessStateFromExchange(text), state);
    }

    void reasonsMapToGraphNames()
    {
        QCOMPARE(enumText(accessStateReasonFromExchange(u"Individual")), u"exchangeIndividualRule");
        QCOMPARE(enumText(accessStateReasonFromExchange(u"Policy")), u"exchangeMailboxPolicy");
        QCOMPARE(accessStateReasonFromExchange(u"Watsons"), AccessStateReason::Other);
        QCOMPARE(accessStateReasonFromExchange(u""), AccessStateReason::None);
    }

    void enumTextRoundTrips()
    {
        for (const auto& entry : EnumTable<RequestKind>::entries())
            QCOMPARE(enumFromText<RequestKind>(entry.text), std::optional(entry.value));
        for (const auto& entry : EnumTable<AccessStateReason>::entries())
            QCOMPARE(enumFromText<AccessStateReason>(entry.text), std::optional(entry.value));
        QCOMPARE(enumFromText<JobState>(u"nonsense"), std::nullopt);
    }
};

QTEST_GUILESS_MAIN(TestBase)
#include "tst_base.moc"
