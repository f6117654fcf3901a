// One row out of Intune's and Exchange's (SYN-14, SYN-16, OBJ-23): who has the word on each column, whose
// state shows, and keys that never meet.
#include <QRandomGenerator>
#include <QUuid>
#include <QtTest>

#include "models/domain/DeviceMatch.h"
#include "models/domain/Intune.h"
#include "models/frame/DeviceFrameBuilder.h"
#include "models/frame/DeviceMerge.h"
#include "tests/support/DeviceFactory.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using C = frame::DeviceColumn;

namespace {

const qint64 now = testNow().toMSecsSinceEpoch();

DeviceFactory intune(qint64 id)
{
    DeviceFactory device(id);
    device.managed().named(u"ann_iPhone_11").of(u"Ann Archer");
    return device.set(C::SerialNumber, u"F2LX")
        .set(C::OsVersion, u"17.1.2")
        .set(C::ComplianceState, qint64(ComplianceState::Compliant))
        .set(C::IntuneDataAsOf, now);
}

QString textOf(const frame::DeviceRow& row, C column)
{
    const std::string_view text = row.text[std::size_t(column)];
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

qint64 numberOf(const frame::DeviceRow& row, C column)
{
    return row.number[std::size_t(column)];
}

// The rows keep pointing into the factories.
struct Merge
{
    std::vector<DeviceFactory> exchange;
    DeviceFactory managed;

    explicit Merge(std::vector<DeviceFactory> partnerships, DeviceFactory device = intune(7))
        : exchange(std::move(partnerships))
        , managed(std::move(device))
    {
    }
    [[nodiscard]] frame::DeviceRow row() const
    {
        std::vector<frame::DeviceRow> rows;
        for (const DeviceFactory& one : exchange)
            rows.push_back(one.row());
        return frame::mergedRow(managed.row(), rows);
    }
};

} // namespace

class tst_device_merge : public QObject
{
    Q_OBJECT
private slots:
    void keysNeverMeet();
    void identityIsIntunes();
    void exchangeFillsWhatIntuneLeavesOut();
    void accessIsExchanges();
    void worstStateShows_data();
    void worstStateShows();
    void timesOfAllPartnerships();
    void wipeUnderWayShows();
    void strongestEvidenceShows();
    void withoutPartnerships();
    void unmatchedPartnershipIsNotEnrolled();
    void goesIntoAFrame();
    void memoryStaysInBounds();
};

void tst_device_merge::keysNeverMeet()
{
    const DeviceKey partnership(PartnershipId{5});
    const DeviceKey device(ManagedDeviceId{5});
    QVERIFY(!(partnership == device));
    QVERIFY(partnership < device);
    QCOMPARE(partnership.value, 5); // what is stored and selected stays what it was
    QCOMPARE(partnership.partnership(), PartnershipId{5});
    QVERIFY(!partnership.isManaged() && !partnership.managedDevice().isValid());
    QVERIFY(device.isManaged() && !device.partnership().isValid());
    QCOMPARE(device.managedDevice(), ManagedDeviceId{5});
    QVERIFY(!DeviceKey(ManagedDeviceId{}).isValid());
    QCOMPARE(DeviceKey::fromValue(device.value), device);
}

void tst_device_merge::identityIsIntunes()
{
    const Merge merge({aDevice(1).set(C::Imei, u"35").set(C::DeviceModel, u"iPhone12,1")},
        intune(7).set(C::Imei, u"99").set(C::DeviceModel, u"iPhone 11"));
    const auto row = merge.row();
    QCOMPARE(row.id, DeviceKey(ManagedDeviceId{7}));
    QCOMPARE(textOf(row, C::Name), u"ann_iPhone_11"_s);
    QCOMPARE(textOf(row, C::UserName), u"Ann Archer"_s);
    QCOMPARE(textOf(row, C::Imei), u"99"_s);
    QCOMPARE(textOf(row, C::DeviceModel), u"iPhone 11"_s);
    QCOMPARE(textOf(row, C::OsVersion), u"17.1.2"_s);
    QCOMPARE(numberOf(row, C::ComplianceState), qint64(ComplianceState::Compliant));
}

void tst_device_merge::exchangeFillsWhatIntuneLeavesOut()
{
    const Merge merge({aDevice(1)
                              .set(C::Imei, u"35")
                              .set(C::EmailAddress, u"ann@contoso.com")
                              .set(C::IntuneLicensed, qint64(1))
                              .set(C::SerialNumber, u"guessed")},
        intune(7).set(C::SerialNumber, u""));
    const auto row = merge.row();
    QCOMPARE(textOf(row, C::Imei), u"35"_s);
    QCOMPARE(textOf(row, C::EmailAddress), u"ann@contoso.com"_s);
    QCOMPARE(numberOf(row, C::IntuneLicensed), 1);
    QCOMPARE(textOf(row, C::SerialNumber), QString()); // only Intune knows that
}

void tst_device_merge::accessIsExchanges()
{
    const Merge merge({aDevice(1).blocked().set(C::AccessControlRule, u"No old phones")},
        intune(7)
            .set(C::AccessState, qint64(AccessState::Allowed))
            .set(C::EasDeviceId, u"Intune's")
            .set(C::LastSuccessSync, now));
    const auto row = merge.row();
    QCOMPARE(numberOf(row, C::AccessState), qint64(AccessState::Blocked));
    QCOMPARE(textOf(row, C::AccessControlRule), u"No old phones"_s);
    QCOMPARE(textOf(row, C::EasDeviceId), u"Appl000000000001"_s);
    QCOMPARE(numberOf(row, C::LastSuccessSync), now - 2 * 3600 * 1000);
}

void tst_device_merge::worstStateShows_data()
{
    QTest::addColumn<std::vector<DeviceFactory>>("partnerships");
    QTest::addColumn<int>("leading");
    using D = std::vector<DeviceFactory>;
    QTest::newRow("blocked before all") << D{aDevice(1).quarantined(), aDevice(2).blocked(),
        aDevice(3).in(AccessState::Unknown), aDevice(4).allowed()}
                                        << 1;
    QTest::newRow("quarantined before unknown")
        << D{aDevice(1).in(AccessState::Unknown), aDevice(2).quarantined()} << 1;
    QTest::newRow("unknown before allowed")
        << D{aDevice(1).allowed(), aDevice(2).in(AccessState::Unknown)} << 1;
    QTest::newRow("allowed before empty")
        << D{aDevice(1).set(C::AccessState, frame::noValue), aDevice(2).allowed()} << 1;
    QTest::newRow("the last that synchronized")
        << D{aDevice(1).blocked().lastSync(3_days_ago), aDevice(2).blocked().lastSync(1_days_ago)} << 1;
    QTest::newRow("never synchronized comes last")
        << D{aDevice(1).blocked().neverSynced(), aDevice(2).blocked().lastSync(9_days_ago)} << 1;
    QTest::newRow("the first of equals") << D{aDevice(5), aDevice(4)} << 1;
    QTest::newRow("none") << D{} << -1;
}

void tst_device_merge::worstStateShows()
{
    QFETCH(std::vector<DeviceFactory>, partnerships);
    QFETCH(int, leading);
    std::vector<frame::DeviceRow> rows;
    for (const DeviceFactory& one : partnerships)
        rows.push_back(one.row());
    QCOMPARE(frame::leadingPartnership(rows), leading);
    if (leading < 0)
        return;
    const Merge merge(partnerships); // the row's texts point into it
    const auto row = merge.row();
    QCOMPARE(textOf(row, C::EasDeviceId), textOf(rows[std::size_t(leading)], C::EasDeviceId));
    QCOMPARE(numberOf(row, C::AccessState), numberOf(rows[std::size_t(leading)], C::AccessState));
}

void tst_device_merge::timesOfAllPartnerships()
{
    const auto row = Merge({aDevice(1)
                                   .blocked()
                                   .lastSync(9_days_ago)
                                   .set(C::FirstSyncTime, now - 100)
                                   .set(C::ExchangeDataAsOf, now - 50)
                                   .set(C::Stale, qint64(0)),
                               aDevice(2)
                                   .lastSync(1_hours_ago)
                                   .set(C::FirstSyncTime, now - 900)
                                   .set(C::ExchangeDataAsOf, now - 70)
                                   .set(C::Stale, qint64(1))})
                         .row();
    QCOMPARE(numberOf(row, C::LastSuccessSync), now - 3600 * 1000); // although the other one is worse
    QCOMPARE(numberOf(row, C::FirstSyncTime), now - 900);
    QCOMPARE(numberOf(row, C::ExchangeDataAsOf), now - 70);
    QCOMPARE(numberOf(row, C::Stale), 1);
    QCOMPARE(numberOf(row, C::PartnershipCount), 2);
}

void tst_device_merge::wipeUnderWayShows()
{
    const auto row = Merge({aDevice(1).blocked().set(C::WipeStatus, qint64(WipeStatus::Acknowledged)),
                               aDevice(2).set(C::WipeStatus, qint64(WipeStatus::Pending)),
                               aDevice(3).set(C::WipeStatus, qint64(WipeStatus::None))})
                         .row();
    QCOMPARE(numberOf(row, C::WipeStatus), qint64(WipeStatus::Pending));
}

void tst_device_merge::strongestEvidenceShows()
{
    const auto row = Merge({aDevice(1).blocked().set(C::MatchKind, qint64(MatchKind::Serial)),
                               aDevice(2).set(C::MatchKind, qint64(MatchKind::EasDeviceId)), aDevice(3)})
                         .row();
    QCOMPARE(numberOf(row, C::MatchKind), qint64(MatchKind::EasDeviceId));
}

void tst_device_merge::withoutPartnerships()
{
    const Merge merge({});
    const auto row = merge.row();
    QCOMPARE(numberOf(row, C::Enrolled), 1);
    QCOMPARE(numberOf(row, C::PartnershipCount), 0);
    QCOMPARE(numberOf(row, C::MatchKind), qint64(MatchKind::None));
    QCOMPARE(numberOf(row, C::AccessState), frame::noValue);
    QCOMPARE(textOf(row, C::Name), u"ann_iPhone_11"_s);
}

void tst_device_merge::unmatchedPartnershipIsNotEnrolled()
{
    const DeviceFactory device = aDevice(1);
    frame::DeviceRow row = device.row();
    frame::setUnmatched(row);
    QCOMPARE(numberOf(row, C::Enrolled), 0);
    QCOMPARE(numberOf(row, C::PartnershipCount), 1);
    QCOMPARE(numberOf(row, C::MatchKind), qint64(MatchKind::None));
}

// A partnership becomes linked: its row goes, the device's comes; and back.
void tst_device_merge::goesIntoAFrame()
{
    frame::DeviceFrameBuilder builder;
    builder.apply(aDevice(1).row());
    builder.apply(aDevice(2).row());
    QCOMPARE(builder.publish()->rowCount(), 2U);
    const Merge merge({aDevice(1).blocked()});
    builder.apply(aDevice(1).gone().row());
    builder.apply(merge.row());
    auto frame = builder.publish();
    QCOMPARE(frame->rowCount(), 2U);
    QVERIFY(!frame->rowOf(PartnershipId{1}));
    const auto at = frame->rowOf(ManagedDeviceId{7});
    QVERIFY(at);
    QVERIFY(frame->id(*at).isManaged());
    QCOMPARE(frame->text(*at, C::SerialNumber), u"F2LX"_s);
    QCOMPARE(frame->number(*at, C::AccessState), qint64(AccessState::Blocked));
    builder.apply(intune(7).gone().row());
    builder.apply(aDevice(1).row());
    frame = builder.publish();
    QVERIFY(frame->rowOf(PartnershipId{1}) && !frame->rowOf(ManagedDeviceId{7}));
}

// Both sides filled in as in a tenant where every phone is managed: ids and serial numbers repeat nowhere.
void tst_device_merge::memoryStaysInBounds()
{
    constexpr qint64 rows = 20'000;
    QRandomGenerator random(20261124);
    const auto guid = [&random] {
        const quint64 high = random.generate64(), low = random.generate64();
        return QUuid(quint32(high), quint16(high >> 32), quint16(high >> 48), uchar(low), uchar(low >> 8),
            uchar(low >> 16), uchar(low >> 24), uchar(low >> 32), uchar(low >> 40), uchar(low >> 48),
            uchar(low >> 56))
            .toString(QUuid::WithoutBraces);
    };
    frame::DeviceFrameBuilder builder;
    for (qint64 n = 1; n <= rows; ++n) {
        const Merge merge({organisationDevice(n).set(C::MatchKind, qint64(MatchKind::EasDeviceId))},
            intune(n)
                .named(u"user%1_iPhone"_s.arg(n))
                .set(C::UserName, u"")
                .set(C::SerialNumber, QString::number(random.generate64(), 36).left(12).toUpper())
                .set(C::OsVersion, u"17.%1"_s.arg(random.bounded(6)))
                .set(C::IntuneDeviceId, guid())
                .set(C::EntraDeviceId, guid())
                .set(C::IntuneLastCheckIn, now - 1000 * qint64(random.bounded(2'000'000)))
                .set(C::EnrolledAt, now - 1000 * qint64(random.bounded(60'000'000)))
                .set(C::ComplianceState, qint64(random.bounded(3))));
        builder.apply(merge.row());
    }
    const auto frame = builder.publish();
    QCOMPARE(frame->rowCount(), frame::RowIndex(rows));
    const double bytes = double(frame->memoryBytes()) / double(rows);
    qInfo("%.0f bytes a device with both sides", bytes);
    QVERIFY2(bytes < 300, qPrintable(QString::number(bytes)));
}

QTEST_GUILESS_MAIN(tst_device_merge)
#include "tst_device_merge.moc"
