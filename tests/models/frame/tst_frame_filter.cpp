// Filters against the naive way: every row, every cell, QString::contains. Criteria against a table of texts.
#include <QtTest>

#include "models/frame/Filter.h"
#include "models/frame/Sort.h"
#include "tests/models/frame/FrameChecks.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using frame::DeviceColumn;
using frame::RowVector;

Q_DECLARE_METATYPE(RowVector)

class tst_frame_filter : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void findsTextAsNaively_data();
    void findsTextAsNaively();
    void foldsCase_data();
    void foldsCase();
    void doesNotMatchAcrossCells();
    void longTextInMostCells();
    void stopped();
    void meetsCriteria_data();
    void meetsCriteria();
    void parsesAndWritesBack_data();
    void parsesAndWritesBack();
    void refusesWithThePlace_data();
    void refusesWithThePlace();

private:
    std::shared_ptr<const frame::DeviceFrame> m_organisation;
};

void tst_frame_filter::initTestCase()
{
    m_organisation = organisation(5000);
}

void tst_frame_filter::findsTextAsNaively_data()
{
    QTest::addColumn<QString>("text");
    for (const char16_t* text : {u"", u"a", u"E", u"anna", u"ARCHER", u"müller", u"MÜLLER", u"bergström12",
             u"_iPhone", u"r_i", u"lab/Sales", u"Sales/Anna", u"/ExchangeActiveSyncDevices/iphone", u"§appl",
             u"e§A", u"s/i", u"@contoso.com", u"1@contoso", u"contoso", u"Zoë ", u"yılmaz", u"appl0", u"35",
             u"+49170", u"SM-G99", u"ios 17", u"nowhere at all", u"'s", u"n.archer", u"Hélène", u"hélène r",
             u"HÉLÈNE ROSSI/E"})
        QTest::newRow(qPrintable(QString::fromUtf16(text))) << QString::fromUtf16(text);
}

void tst_frame_filter::findsTextAsNaively()
{
    QFETCH(QString, text);
    const QString wanted = text.toCaseFolded();
    const auto& frame = *m_organisation;
    static constexpr std::array identity{DeviceColumn::DeviceIdentity};
    static constexpr std::array email{DeviceColumn::EmailAddress};
    for (const std::span<const DeviceColumn> columns : {frame::textColumns(), frame::quickSearchColumns(),
             std::span<const DeviceColumn>(identity), std::span<const DeviceColumn>(email)}) {
        const std::vector<DeviceColumn> list(columns.begin(), columns.end());
        RowVector expected;
        for (frame::RowIndex row = 0; row < frame.rowCount(); ++row) {
            if (std::ranges::any_of(
                    list, [&](DeviceColumn c) { return frame.text(row, c).toCaseFolded().contains(wanted); }))
                expected.push_back(row);
        }
        QCOMPARE(frame::filterRows(frame, text, list), expected);
    }
}

void tst_frame_filter::foldsCase_data()
{
    QTest::addColumn<QString>("cell");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("found");
    QTest::newRow("small in capital") << u"ANNA"_s << u"nn"_s << true;
    QTest::newRow("capital in small") << u"anna"_s << u"NN"_s << true;
    QTest::newRow("not a letter's neighbour") << u"a@b"_s << u"a`b"_s << false;
    QTest::newRow("bracket and brace") << u"[x]"_s << u"{x}"_s << false;
    QTest::newRow("umlaut") << u"ÄRGER"_s << u"ärger"_s << true;
    QTest::newRow("sharp s is ss") << u"Straße"_s << u"STRASSE"_s << true;
    QTest::newRow("ss is sharp s") << u"STRASSE"_s << u"straße"_s << true;
    QTest::newRow("Kelvin sign") << u"\u212Alaus"_s << u"klaus"_s << true;
    QTest::newRow("Greek final sigma") << u"ΟΔΟΣ"_s << u"οδος"_s << true;
    QTest::newRow("Cyrillic") << u"Дмитрий"_s << u"ДМИ"_s << true;
    QTest::newRow("accents count") << u"José"_s << u"jose"_s << false;
    QTest::newRow("emoji") << u"a\U0001F600b"_s << u"\U0001F600B"_s << true;
    QTest::newRow("newline inside") << u"one\ntwo"_s << u"E\nT"_s << true;
    QTest::newRow("zero inside") << u"one\0two"_s << u"e\0t"_s << true;
    QTest::newRow("longer than the cell") << u"ab"_s << u"abc"_s << false;
    QTest::newRow("seventeen characters") << u"0123456789abcdefG"_s << u"0123456789ABCDEFg"_s << true;
}

void tst_frame_filter::foldsCase()
{
    QFETCH(QString, cell);
    QFETCH(QString, text);
    QFETCH(bool, found);
    const auto frame = frameOf({aDevice(1).set(DeviceColumn::FriendlyName, cell)});
    QCOMPARE(!frame::filterRows(*frame, text, std::array{DeviceColumn::FriendlyName}).empty(), found);
}

void tst_frame_filter::doesNotMatchAcrossCells()
{
    const auto frame
        = frameOf({aDevice(1).set(DeviceColumn::Imei, u"123"), aDevice(2).set(DeviceColumn::Imei, u"456")});
    QVERIFY(frame::filterRows(*frame, u"34", std::array{DeviceColumn::Imei}).empty());
    QCOMPARE(frame::filterRows(*frame, u"56", std::array{DeviceColumn::Imei}), RowVector{1});
}

// Where most cells match, another loop searches; a text longer than a register must not lead it out of the
// arena.
void tst_frame_filter::longTextInMostCells()
{
    const QString text = u"a device with a name that is much longer than sixteen characters"_s;
    std::vector<DeviceFactory> devices;
    RowVector expected;
    for (qint64 id = 1; id <= 700; ++id) {
        const bool has = id % 5 != 0;
        devices.push_back(aDevice(id).set(DeviceColumn::FriendlyName,
            u"%1 %2%3"_s.arg(id).arg(has ? text.toUpper() : text.left(40)).arg(id)));
        if (has)
            expected.push_back(frame::RowIndex(id - 1));
    }
    const auto frame = frameOf(devices);
    for (const QString& part : {text, text.left(17), text.mid(20), text.right(33)}) {
        RowVector naive;
        for (frame::RowIndex row = 0; row < frame->rowCount(); ++row) {
            if (frame->text(row, DeviceColumn::FriendlyName).toCaseFolded().contains(part))
                naive.push_back(row);
        }
        QCOMPARE(frame::filterRows(*frame, part, std::array{DeviceColumn::FriendlyName}), naive);
    }
    QCOMPARE(frame::filterRows(*frame, text, std::array{DeviceColumn::FriendlyName}), expected);
}

void tst_frame_filter::stopped()
{
    std::stop_source source;
    source.request_stop();
    QVERIFY(frame::filterRows(*m_organisation, u"a", frame::textColumns(), source.get_token()).empty());
    const auto criteria = frame::Criteria::parse(u"name contains a");
    QVERIFY(criteria);
    QVERIFY(frame::filterRows(*m_organisation, *criteria, 0, source.get_token()).empty());
}

void tst_frame_filter::meetsCriteria_data()
{
    QTest::addColumn<QString>("criteria");
    QTest::addColumn<RowVector>("rows");
    // 0: allowed, Anna, iOS 17.1, 2 h ago. 1: blocked, Bo, Android 14, 10 days ago. 2: quarantined, no name,
    // never.
    QTest::newRow("everything") << u""_s << RowVector{0, 1, 2};
    QTest::newRow("code") << u"exchangeAccessState = Blocked"_s << RowVector{1};
    QTest::newRow("code, case and key case") << u"EXCHANGEACCESSSTATE == blocked"_s << RowVector{1};
    QTest::newRow("code, or") << u"exchangeAccessState is equal to Blocked or Quarantined"_s
                              << RowVector{1, 2};
    QTest::newRow("code, not") << u"exchangeAccessState != Blocked"_s << RowVector{0, 2};
    QTest::newRow("text equal, case") << u"userName = anna"_s << RowVector{0};
    QTest::newRow("text is not") << u"userName is not anna"_s << RowVector{1, 2};
    QTest::newRow("contains") << u"deviceOS contains android"_s << RowVector{1};
    QTest::newRow("does not contain") << u"deviceOS does not contain Android"_s << RowVector{0, 2};
    QTest::newRow("starts with, quoted") << u"deviceOS starts with \"iOS 17\""_s << RowVector{0};
    QTest::newRow("empty text") << u"userName is empty"_s << RowVector{2};
    QTest::newRow("not empty text") << u"userName is not empty"_s << RowVector{0, 1};
    QTest::newRow("empty time") << u"lastSuccessSyncTime is empty"_s << RowVector{2};
    QTest::newRow("before a date") << u"lastSuccessSyncTime before 2026-11-20"_s << RowVector{1};
    QTest::newRow("before its own day") << u"lastSuccessSyncTime before 2026-11-10"_s << RowVector{};
    QTest::newRow("after a date") << u"lastSuccessSyncTime > 2026-11-10"_s << RowVector{0};
    QTest::newRow("on a date") << u"lastSuccessSyncTime = 2026-11-10"_s << RowVector{1};
    QTest::newRow("at a minute, with zone")
        << u"lastSuccessSyncTime = 2026-11-20T11:00+01:00"_s << RowVector{0};
    QTest::newRow("last days") << u"lastSuccessSyncTime in the last 3 days"_s << RowVector{0};
    QTest::newRow("last days or empty")
        << u"lastSuccessSyncTime in the last 3 days or lastSuccessSyncTime is empty"_s << RowVector{0, 2};
    QTest::newRow("number") << u"foldersSynced > 5"_s << RowVector{1};
    QTest::newRow("number less") << u"foldersSynced is less than 6"_s << RowVector{0};
    QTest::newRow("flag") << u"stale = yes"_s << RowVector{1};
    QTest::newRow("and")
        << u"exchangeAccessState = Blocked or Allowed and lastSuccessSyncTime before 2026-11-15"_s
        << RowVector{1};
    QTest::newRow("none") << u"userName = anna and userName = bo"_s << RowVector{};
}

void tst_frame_filter::meetsCriteria()
{
    QFETCH(QString, criteria);
    QFETCH(RowVector, rows);
    const auto frame = frameOf({
        aDevice(1)
            .of(u"Anna")
            .set(DeviceColumn::DeviceOS, u"iOS 17.1")
            .set(DeviceColumn::FoldersSynced, qint64(5)),
        aDevice(2)
            .of(u"Bo")
            .set(DeviceColumn::DeviceOS, u"Android 14")
            .blocked()
            .lastSync(10_days_ago)
            .set(DeviceColumn::FoldersSynced, qint64(6))
            .set(DeviceColumn::Stale, qint64(1)),
        aDevice(3).of(u"").quarantined().neverSynced(),
    });
    const auto parsed = frame::Criteria::parse(criteria);
    QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().detail));
    QCOMPARE(frame::filterRows(*frame, *parsed, testNow().toMSecsSinceEpoch()), rows);
}

void tst_frame_filter::parsesAndWritesBack_data()
{
    QTest::addColumn<QString>("criteria");
    QTest::newRow("issue's example")
        << u"exchangeAccessState = Blocked and lastSuccessSyncTime before 2026-11-01"_s;
    QTest::newRow("all in one")
        << u"name is empty or name contains \"a \\\" b\" or name starts with 'and' and lastSuccessSyncTime in the last 1 day"_s;
    QTest::newRow("keywords as values") << u"userName = \"or\" or \"and\""_s;
    QTest::newRow("a field's name as a value") << u"userName = name or imei"_s;
    QTest::newRow("no blanks around signs") << u"userName=anna and foldersSynced>3"_s;
    QTest::newRow("backslash") << u"userName = \"DOM\\\\anna\""_s;
}

void tst_frame_filter::parsesAndWritesBack()
{
    QFETCH(QString, criteria);
    const auto first = frame::Criteria::parse(criteria);
    QVERIFY2(first, first ? "" : qPrintable(first.error().detail));
    const auto second = frame::Criteria::parse(first->toText());
    QVERIFY2(second, second ? "" : qPrintable(second.error().detail + u" in "_s + first->toText()));
    QVERIFY(*second == *first);
    QVERIFY(!first->isEmpty());
}

void tst_frame_filter::refusesWithThePlace_data()
{
    QTest::addColumn<QString>("criteria");
    QTest::addColumn<QString>("begins");
    QTest::newRow("field") << u"foo = 1"_s << u"position 1: there is no field 'foo'"_s;
    QTest::newRow("near field")
        << u"accessState = x"_s
        << u"position 1: there is no field 'accessState'; did you mean accessStateReasonText or exchangeAccessState or"_s;
    QTest::newRow("operator") << u"name near x"_s << u"position 6: an operator is expected after name"_s;
    QTest::newRow("nothing after field") << u"name"_s << u"position 5: an operator is expected"_s;
    QTest::newRow("no value") << u"name = "_s << u"position 8: a value is expected after"_s;
    QTest::newRow("enum")
        << u"exchangeAccessState = Maybe"_s
        << u"position 23: 'Maybe' is not a value of exchangeAccessState; it can be Allowed"_s;
    QTest::newRow("contains of a code")
        << u"clientType contains EAS"_s << u"position 12: 'contains' cannot be used with clientType"_s;
    QTest::newRow("before of text") << u"name before 3"_s
                                    << u"position 6: 'before' cannot be used with name, which is text"_s;
    QTest::newRow("date") << u"firstSyncTime before 2026-13-01"_s
                          << u"position 22: '2026-13-01' is not a date"_s;
    QTest::newRow("number") << u"foldersSynced = x"_s << u"position 17: 'x' is not a whole number"_s;
    QTest::newRow("number too large") << u"foldersSynced = 99999999999999999"_s << u"position 17: "_s;
    QTest::newRow("flag") << u"stale = perhaps"_s << u"position 9: 'perhaps' is neither yes nor no"_s;
    QTest::newRow("days") << u"firstSyncTime in the last many days"_s
                          << u"position 27: 'many' is not a number of days"_s;
    QTest::newRow("without days") << u"firstSyncTime in the last 3 weeks"_s
                                  << u"position 29: 'days' is expected"_s;
    QTest::newRow("open quote") << u"name = \"abc"_s << u"position 8: the quotation mark is never closed"_s;
    QTest::newRow("two words") << u"name = two words"_s
                               << u"position 12: 'and', 'or' or the end is expected, not 'words'"_s;
    QTest::newRow("or of another field")
        << u"name = a or imei = b"_s << u"position 13: 'or' joins values of one field"_s;
    QTest::newRow("or after empty") << u"name is empty or x"_s
                                    << u"position 18: a field and an operator are expected"_s;
    QTest::newRow("hanging and") << u"name = a and"_s << u"position 13: a field is expected"_s;
    QTest::newRow("sign first") << u"= a"_s << u"position 1: a field is expected"_s;
    QTest::newRow("bracket") << u"(name = a)"_s << u"position 1: there is no field '(name'"_s;
}

void tst_frame_filter::refusesWithThePlace()
{
    QFETCH(QString, criteria);
    QFETCH(QString, begins);
    const auto parsed = frame::Criteria::parse(criteria);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code, ErrorCode::InvalidInput);
    QVERIFY2(parsed.error().detail.startsWith(begins), qPrintable(parsed.error().detail));
}

QTEST_GUILESS_MAIN(tst_frame_filter)
#include "tst_frame_filter.moc"
