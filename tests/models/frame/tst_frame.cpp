// Frames against a naive map: whatever is applied in whatever order, every cell, id and lookup agrees.
#include <QtTest>

#include "models/frame/Chunk.h"
#include "models/frame/DeviceFrameBuilder.h"
#include "models/frame/FrameDifference.h"
#include "models/frame/PackedInts.h"
#include "tests/models/frame/FrameChecks.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using frame::DeviceColumn;

class tst_frame : public QObject
{
    Q_OBJECT
private slots:
    void packedIntsKeepValues_data();
    void packedIntsKeepValues();
    void emptyBuilderPublishesEmptyFrame();
    void keepsOddText();
    void replacesTextThatIsNotUtf8();
    void expandsTemplates();
    void lastWordOnAKeyCounts();
    void ignoresRowsWithoutId();
    void unchangedPublishIsTheSameFrame();
    void sharesWhatDidNotChange();
    void loadsInAnyOrder();
    void clearForgets();
    void randomChangesMatchMap_data();
    void randomChangesMatchMap();
    void differenceMatchesMap();
};

void tst_frame::packedIntsKeepValues_data()
{
    using V = std::vector<qint64>;
    QTest::addColumn<V>("values");
    QTest::addColumn<qint64>("bytes"); // of payload
    const qint64 none = frame::noValue;
    const qint64 t = 1'795'000'000'000;
    QTest::newRow("nothing") << V{} << qint64(0);
    QTest::newRow("all equal") << V{7, 7, 7} << qint64(0);
    QTest::newRow("all empty") << V{none, none} << qint64(0);
    QTest::newRow("small") << V{3, 250, none} << qint64(3);
    QTest::newRow("negative") << V{-100, 5} << qint64(2);
    QTest::newRow("words") << V{0, 65534, none} << qint64(6);
    QTest::newRow("times in seconds") << V{t, t + 86'400'000'000, none} << qint64(12);
    QTest::newRow("times in milliseconds") << V{t, t + 86'400'000'001} << qint64(16);
    QTest::newRow("extremes") << V{INT64_MIN + 1, INT64_MAX, 0, none} << qint64(32);
}

void tst_frame::packedIntsKeepValues()
{
    QFETCH(std::vector<qint64>, values);
    QFETCH(qint64, bytes);
    const frame::PackedInts packed(values);
    QCOMPARE(packed.size(), values.size());
    std::vector<qint64> decoded(values.size());
    packed.decode(decoded.data());
    QCOMPARE(decoded, values);
    for (std::size_t i = 0; i < values.size(); ++i)
        QCOMPARE(packed.at(i), values[i]);
    QCOMPARE(packed.memoryBytes() - qint64(sizeof packed), bytes);
}

void tst_frame::emptyBuilderPublishesEmptyFrame()
{
    frame::DeviceFrameBuilder builder;
    const auto empty = builder.publish();
    QVERIFY(empty);
    QCOMPARE(empty->rowCount(), 0U);
    QVERIFY(!empty->rowOf(PartnershipId{1}));
    QCOMPARE(frame::DeviceFrame::empty()->rowCount(), 0U);
}

void tst_frame::keepsOddText()
{
    const std::string odd("a\0b\n\xE2\x80\xAE"
                          "c\xF0\x9F\x98\x80",
        12);
    const auto frame = frameOf({aDevice(1).utf8(DeviceColumn::FriendlyName, odd)});
    std::string scratch;
    QCOMPARE(frame->utf8(0, DeviceColumn::FriendlyName, scratch), std::string_view(odd));
    QCOMPARE(frame->text(0, DeviceColumn::FriendlyName).size(), 8); // the emoji is two UTF-16 units
}

void tst_frame::replacesTextThatIsNotUtf8()
{
    const auto frame = frameOf({aDevice(1).utf8(DeviceColumn::FriendlyName, "x\xFF\xF9y")});
    QCOMPARE(frame->text(0, DeviceColumn::FriendlyName), u"x\uFFFD\uFFFDy"_s);
}

void tst_frame::expandsTemplates()
{
    const auto frame = organisation(3000);
    const auto& identity = frame->chunks()[0]->textColumn(DeviceColumn::DeviceIdentity);
    QCOMPARE(identity.form(), frame::TextColumn::Form::Template);
    DeviceMap expected;
    for (qint64 n = 1; n <= 3000; ++n)
        expected.emplace(n, organisationDevice(n));
    QCOMPARE(difference(*frame, expected), QString());
}

void tst_frame::lastWordOnAKeyCounts()
{
    const auto frame
        = frameOf({aDevice(1), aDevice(2), aDevice(1).blocked(), aDevice(2).gone(), aDevice(3).gone()});
    QCOMPARE(frame->rowCount(), 1U);
    QCOMPARE(frame->number(0, DeviceColumn::AccessState), qint64(AccessState::Blocked));
}

void tst_frame::ignoresRowsWithoutId()
{
    QCOMPARE(frameOf({aDevice(0), aDevice(-4)})->rowCount(), 0U);
}

void tst_frame::unchangedPublishIsTheSameFrame()
{
    frame::DeviceFrameBuilder builder;
    builder.apply(aDevice(1).row());
    const auto first = builder.publish();
    QCOMPARE(builder.publish(), first);
    builder.apply(aDevice(1).row());
    builder.apply(aDevice(99).gone().row());
    QCOMPARE(builder.publish(), first);
}

void tst_frame::sharesWhatDidNotChange()
{
    frame::DeviceFrameBuilder builder;
    for (qint64 n = 1; n <= 10'000; ++n)
        builder.apply(organisationDevice(n).row());
    const auto before = builder.publish();
    builder.apply(organisationDevice(5000).in(AccessState::NotSeen).lastSync(1_hours_ago).row());
    const auto after = builder.publish();
    QCOMPARE(after->chunks().size(), before->chunks().size());
    int changed = 0;
    for (std::size_t i = 0; i < before->chunks().size(); ++i) {
        if (after->chunks()[i] == before->chunks()[i])
            continue;
        ++changed;
        const auto columns = after->chunks()[i]->unsharedColumns(*before->chunks()[i]);
        const auto allowed = frame::columnBit(DeviceColumn::AccessState)
            | frame::columnBit(DeviceColumn::AccessStateReason)
            | frame::columnBit(DeviceColumn::LastSuccessSync);
        QCOMPARE(columns & ~allowed, frame::ColumnSet(0));
    }
    QCOMPARE(changed, 1);
    // The rank of names is lent on, that of nothing changed neither.
    QCOMPARE(&after->rankCell(DeviceColumn::Name), &before->rankCell(DeviceColumn::Name));
    QVERIFY(&after->rankCell(DeviceColumn::AccessState) != &before->rankCell(DeviceColumn::AccessState));
}

void tst_frame::loadsInAnyOrder()
{
    constexpr int count = 40'000; // more than the builder holds back
    std::vector<qint64> ids(count);
    std::iota(ids.begin(), ids.end(), 1);
    std::shuffle(ids.begin(), ids.end(), *QRandomGenerator::global());
    frame::DeviceFrameBuilder builder;
    for (const qint64 id : ids)
        builder.apply(aDevice(id).row());
    const auto frame = builder.publish();
    QCOMPARE(frame->rowCount(), frame::RowIndex(count));
    for (frame::RowIndex row = 0; row < frame->rowCount(); ++row)
        QCOMPARE(frame->id(row).value, qint64(row) + 1);
}

void tst_frame::clearForgets()
{
    frame::DeviceFrameBuilder builder;
    builder.apply(aDevice(1).row());
    QCOMPARE(builder.publish()->rowCount(), 1U);
    builder.apply(aDevice(2).row());
    builder.clear();
    QCOMPARE(builder.publish()->rowCount(), 0U);
    builder.apply(aDevice(3).row());
    QCOMPARE(builder.publish()->id(0).value, 3);
}

void tst_frame::randomChangesMatchMap_data()
{
    QTest::addColumn<quint32>("seed");
    QTest::addColumn<int>("highestId");
    for (quint32 seed = 1; seed <= 4; ++seed) {
        QTest::addRow("small %u", seed) << seed << 60;
        QTest::addRow("several chunks %u", seed) << seed << 6000;
    }
}

void tst_frame::randomChangesMatchMap()
{
    QFETCH(quint32, seed);
    QFETCH(int, highestId);
    QRandomGenerator random(seed);
    frame::DeviceFrameBuilder builder;
    DeviceMap expected;
    for (int round = 0; round < 12; ++round) {
        const int changes = random.bounded(highestId);
        for (int i = 0; i < changes; ++i) {
            const DeviceFactory device = randomChange(random, expected, highestId);
            builder.apply(device.row());
            if (device.row().gone)
                expected.erase(device.id());
            else
                expected.insert_or_assign(device.id(), device);
        }
        QCOMPARE(difference(*builder.publish(), expected), QString());
    }
}

void tst_frame::differenceMatchesMap()
{
    QRandomGenerator random(5);
    frame::DeviceFrameBuilder builder;
    DeviceMap devices;
    auto before = builder.publish();
    for (int round = 0; round < 10; ++round) {
        const DeviceMap old = devices;
        for (int i = 0, n = random.bounded(3000); i < n; ++i) {
            const DeviceFactory device = randomChange(random, devices, 5000);
            builder.apply(device.row());
            if (device.row().gone)
                devices.erase(device.id());
            else
                devices.insert_or_assign(device.id(), device);
        }
        const auto after = builder.publish();
        const auto found = frame::FrameDifference::between(*before, *after);
        std::map<frame::RowIndex, std::uint64_t> changes;
        for (const auto& change : found.changes)
            changes[change.row] = change.columns;
        frame::RowIndex row = 0;
        for (const auto& [id, device] : old) {
            const auto now = devices.find(id);
            const frame::RowIndex expected
                = now == devices.end() ? frame::noRow : after->rowOf(DeviceKey::fromValue(id)).value();
            QCOMPARE(found.newRowOf[row++], expected);
            if (expected == frame::noRow)
                continue;
            std::uint64_t columns = 0;
            for (const auto& info : frame::deviceColumns()) {
                if (device.text(info.column) != now->second.text(info.column)
                    || device.number(info.column) != now->second.number(info.column))
                    columns |= std::uint64_t(1) << int(info.column);
            }
            QCOMPARE(changes[expected], columns);
        }
        before = after;
    }
}

QTEST_GUILESS_MAIN(tst_frame)
#include "tst_frame.moc"
