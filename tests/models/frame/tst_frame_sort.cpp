// Sorting and grouping: orders people expect, ties by key, and the same order as a naive stable sort.
#include <QtTest>

#include "models/frame/DeviceFrameBuilder.h"
#include "models/frame/RankCell.h"
#include "models/frame/Sort.h"
#include "models/frame/TextFold.h"
#include "tests/models/frame/FrameChecks.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using frame::DeviceColumn;
using frame::RowVector;
using frame::SortKey;

class tst_frame_sort : public QObject
{
    Q_OBJECT
private slots:
    void textOrder_data();
    void textOrder();
    void idsSortAsText();
    void emptyFirst();
    void tiesKeepKeyOrder();
    void severalColumns();
    void sameAsNaive_data();
    void sameAsNaive();
    void longCommonBeginnings();
    void stopped();
    void ranksAreKept();
    void groups();
};

void tst_frame_sort::textOrder_data()
{
    QTest::addColumn<QStringList>("inOrder");
    QTest::newRow("case") << QStringList{u"alpha"_s, u"Beta"_s, u"gamma"_s};
    QTest::newRow("numbers by value")
        << QStringList{u"iOS 9.3"_s, u"iOS 10.1"_s, u"iOS 10.12"_s, u"iOS 17"_s};
    QTest::newRow("leading zeros") << QStringList{u"a 7"_s, u"a 08"_s, u"a 9"_s};
    QTest::newRow("digits before letters") << QStringList{u"7 up"_s, u"a"_s};
    QTest::newRow("long numbers") << QStringList{
        u"x 9"_s, u"x 123456789"_s, u"x 123456789012"_s, u"x 223456789012"_s, u"y"_s};
    QTest::newRow("accents") << QStringList{u"Eduard"_s, u"Émile"_s, u"Emma"_s, u"Zoë"_s, u"Zoltán"_s};
    QTest::newRow("prefix") << QStringList{u"abcdefgh"_s, u"abcdefghi"_s, u"abcdefghij"_s, u"abcdefgi"_s};
    QTest::newRow("zero byte") << QStringList{u"a"_s, u"a\0b"_s, u"ab"_s};
}

void tst_frame_sort::textOrder()
{
    QFETCH(QStringList, inOrder);
    std::vector<DeviceFactory> devices;
    for (qsizetype i = 0; i < inOrder.size(); ++i) // keys against the order
        devices.push_back(aDevice(inOrder.size() - i).set(DeviceColumn::DeviceOS, inOrder[i]));
    const auto frame = frameOf(devices);
    QStringList found;
    for (const auto row :
        frame::sortRows(*frame, frame::allRows(*frame), {{DeviceColumn::DeviceOS, Qt::AscendingOrder}}))
        found.append(frame->text(row, DeviceColumn::DeviceOS));
    QCOMPARE(found, inOrder);
}

void tst_frame_sort::idsSortAsText()
{
    const auto frame = frameOf({aDevice(1).set(DeviceColumn::EasDeviceId, u"B9"),
        aDevice(2).set(DeviceColumn::EasDeviceId, u"b10")});
    QCOMPARE(frame::sortRows(*frame, {0, 1}, {{DeviceColumn::EasDeviceId, Qt::AscendingOrder}}),
        (RowVector{1, 0}));
}

void tst_frame_sort::emptyFirst()
{
    const auto frame = frameOf(
        {aDevice(1).lastSync(1_days_ago), aDevice(2).neverSynced(), aDevice(3).lastSync(3_days_ago)});
    const auto sorted = [&](Qt::SortOrder order) {
        return frame::sortRows(*frame, frame::allRows(*frame), {{DeviceColumn::LastSuccessSync, order}});
    };
    QCOMPARE(sorted(Qt::AscendingOrder), (RowVector{1, 2, 0}));
    QCOMPARE(sorted(Qt::DescendingOrder), (RowVector{0, 2, 1}));
}

void tst_frame_sort::tiesKeepKeyOrder()
{
    const auto frame
        = frameOf({aDevice(1).of(u"b"), aDevice(2).of(u"a"), aDevice(3).of(u"B"), aDevice(4).of(u"A")});
    const auto sorted = [&](Qt::SortOrder order) {
        return frame::sortRows(*frame, {3, 2, 1, 0}, {{DeviceColumn::UserName, order}});
    };
    QCOMPARE(sorted(Qt::AscendingOrder), (RowVector{1, 3, 0, 2}));
    QCOMPARE(sorted(Qt::DescendingOrder), (RowVector{0, 2, 1, 3}));
    QCOMPARE(frame::sortRows(*frame, {3, 2, 1, 0}, {}), (RowVector{0, 1, 2, 3}));
}

void tst_frame_sort::severalColumns()
{
    const auto frame = frameOf(
        {aDevice(1).of(u"b").blocked(), aDevice(2).of(u"a").allowed(), aDevice(3).of(u"a").blocked()});
    QCOMPARE(
        frame::sortRows(*frame, frame::allRows(*frame),
            {{DeviceColumn::AccessState, Qt::DescendingOrder}, {DeviceColumn::UserName, Qt::AscendingOrder}}),
        (RowVector{2, 0, 1}));
}

void tst_frame_sort::sameAsNaive_data()
{
    QTest::addColumn<int>("column");
    for (const auto& info : frame::deviceColumns())
        QTest::newRow(qPrintable(info.key.toString())) << int(info.column);
}

void tst_frame_sort::sameAsNaive()
{
    QFETCH(int, column);
    static const auto frame = organisation(5000);
    const auto c = DeviceColumn(column);
    for (const Qt::SortOrder order : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        RowVector expected = frame::allRows(*frame);
        const bool isId = c == DeviceColumn::EasDeviceId || c == DeviceColumn::DeviceIdentity
            || c == DeviceColumn::Imei || c == DeviceColumn::PhoneNumber;
        std::vector<std::string> keys(frame->rowCount());
        std::string scratch;
        frame::SortKeyWriter writer;
        const bool isText = frame::deviceColumnInfo(c).kind == frame::ColumnKind::Text;
        for (frame::RowIndex row = 0; isText && row < frame->rowCount(); ++row)
            writer.append(keys[row], frame->utf8(row, c, scratch),
                isId ? frame::Digits::AsText : frame::Digits::ByValue);
        const auto less = [&](frame::RowIndex a, frame::RowIndex b) {
            return isText ? keys[a] < keys[b] : frame->number(a, c) < frame->number(b, c);
        };
        std::ranges::stable_sort(
            expected, [&](auto a, auto b) { return order == Qt::AscendingOrder ? less(a, b) : less(b, a); });
        QCOMPARE(frame::sortRows(*frame, frame::allRows(*frame), {{c, order}}), expected);
    }
}

void tst_frame_sort::longCommonBeginnings()
{
    const QString alike(100'000, u'x'); // would be 12,500 levels of recursion
    std::vector<DeviceFactory> devices;
    for (qint64 i = 1; i <= 40; ++i)
        devices.push_back(
            aDevice(i).set(DeviceColumn::UserAgent, QString(alike + QChar(u'a' + int((i * 7) % 20)))));
    const auto frame = frameOf(devices);
    const auto sorted
        = frame::sortRows(*frame, frame::allRows(*frame), {{DeviceColumn::UserAgent, Qt::AscendingOrder}});
    for (std::size_t i = 1; i < sorted.size(); ++i)
        QVERIFY(frame->text(sorted[i - 1], DeviceColumn::UserAgent)
            <= frame->text(sorted[i], DeviceColumn::UserAgent));
}

void tst_frame_sort::stopped()
{
    const auto frame = organisation(3000);
    std::stop_source source;
    source.request_stop();
    QVERIFY(
        frame::sortRows(*frame, frame::allRows(*frame), {{DeviceColumn::Name}}, source.get_token()).empty());
    QVERIFY(frame::groupRows(*frame, frame::allRows(*frame), DeviceColumn::Name, source.get_token())
                .groups.empty());
    // A stopped sort leaves no half-made rank behind.
    QCOMPARE(
        frame::sortRows(*frame, frame::allRows(*frame), {{DeviceColumn::Name}}).size(), std::size_t(3000));
}

void tst_frame_sort::ranksAreKept()
{
    const auto frame = organisation(100);
    const auto first = frame->rankCell(DeviceColumn::Name).ranks(*frame, DeviceColumn::Name, {});
    QCOMPARE(frame->rankCell(DeviceColumn::Name).ranks(*frame, DeviceColumn::Name, {}), first);
}

void tst_frame_sort::groups()
{
    const auto frame
        = frameOf({aDevice(1).of(u"Bo"), aDevice(2).of(u"anna"), aDevice(3).of(u"Anna"), aDevice(4).of(u"")});
    const auto grouped = frame::groupRows(*frame, {0, 2, 1, 3}, DeviceColumn::UserName);
    QCOMPARE(grouped.rows, (RowVector{3, 2, 1, 0}));
    QCOMPARE(grouped.groups.size(), std::size_t(3));
    QCOMPARE(grouped.groups[1].first, std::size_t(1));
    QCOMPARE(grouped.groups[1].count, std::size_t(2));
}

QTEST_GUILESS_MAIN(tst_frame_sort)
#include "tst_frame_sort.moc"
