// The cloud side of the Devices page: groups, partnerships beneath a device, what Intune says, how it was
// matched, and suggestions that somebody confirms or rejects.
#include <QPushButton>
#include <QTabBar>
#include <QtTest>

#include "models/domain/Intune.h"
#include "models/frame/DeviceFrameBuilder.h"
#include "models/frame/DeviceMerge.h"
#include "models/items/PartnershipModel.h"
#include "tests/support/DeviceFactory.h"
#include "tests/ui/devices/FrameSite.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/devices/DataAge.h"
#include "ui/devices/DeviceDetails.h"
#include "ui/devices/DeviceSentences.h"
#include "ui/devices/DevicesPage.h"
#include "ui/devices/LargeResultBar.h"
#include "ui/devices/MatchPanel.h"
#include "ui/devices/MatchSentences.h"
#include "ui/grid/GridView.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::test;
using devices::DevicesPage;
using C = frame::DeviceColumn;

namespace {

const qint64 now = testNow().toMSecsSinceEpoch();
const DeviceKey phone(ManagedDeviceId{7});

DeviceFactory managedPhone(ComplianceState state = ComplianceState::Noncompliant)
{
    DeviceFactory device = aDevice(7).managed();
    return device.set(C::ComplianceState, qint64(state))
        .set(C::Owner, qint64(DeviceOwnerType::Company))
        .set(C::IntuneLastCheckIn, now - 2 * 3'600'000)
        .set(C::IntuneDataAsOf, now - 60'000)
        .set(C::MatchKind, qint64(MatchKind::EasDeviceId));
}

DevicePartnership partnership(qint64 id, AccessState state)
{
    DevicePartnership one;
    one.id = {id};
    one.mailboxName = u"Ann \u202EArcher"_s;
    one.mailboxAddress = u"ann@contoso.com"_s;
    one.accessState = state;
    one.easDeviceId = EasDeviceId(u"Appl%1"_s.arg(id));
    one.match = MatchKind::EasDeviceId;
    return one;
}

MatchCandidate suggestion()
{
    return {PartnershipId{12}, ManagedDeviceId{7}, CandidateKind::Suggested, u"ann_iPad"_s, u"Ann"_s,
        u"ApplX"_s, u"ann's iPad"_s, u"ann@contoso.com"_s, u"DMPX"_s, u"iPad"_s};
}

struct Fixture
{
    FrameSite site;
    std::unique_ptr<DevicesPage> page;

    explicit Fixture(std::shared_ptr<const frame::DeviceFrame> frame)
    {
        site.show(std::move(frame));
        page = std::make_unique<DevicesPage>(site);
        page->setNow([] { return now; });
        page->resize(1280, 900);
        page->show();
        if (!QTest::qWaitForWindowActive(page.get()))
            qWarning("The page never became active");
        settle();
    }
    void settle() const
    {
        QVERIFY(QTest::qWaitFor([this] { return page->isSettled(); }));
    }
    void choose(DeviceKey key) const { page->grid().selectKeys({key.value}, key.value); }
    [[nodiscard]] QString match() const { return page->details().match().toText(); }
};

} // namespace

class tst_device_cloud : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase()
    {
        QLocale::setDefault(QLocale::c());
        QStandardPaths::setTestModeEnabled(true);
        qputenv("TZ", "UTC");
    }
    void groupsByTheMenu();
    void partnershipsComeForTheDeviceOneStaysAt();
    void partnershipsAreAskedAgainWhenTheListChanges();
    void intuneTab();
    void intuneSentences_data();
    void intuneSentences();
    void matchSaysHowAndWhy_data();
    void matchSaysHowAndWhy();
    void suggestionIsConfirmed();
    void suggestionIsRefused();
    void transferredIsOnlyAHint();
    void resetIsHinted();
    void whatIsLateFollowsThePeriods();
    void everyTabIsAccessible();
};

void tst_device_cloud::groupsByTheMenu()
{
    Fixture f(organisation(400));
    f.page->grid().setGroupBy(int(C::AccessState));
    f.settle();
    QVERIFY(f.page->table().isGroupRow(0));
    const int all = f.page->table().rowCount();
    QVERIFY(all > 400);
    const int first = f.page->table().groupHead(0)->count;
    emit f.page->grid().groupToggled(0);
    f.settle();
    QCOMPARE(f.page->table().rowCount(), all - first);
    QVERIFY(f.page->table().groupHead(0)->collapsed);
    QCOMPARE(f.page->statusText(), u"400 device(s)"_s);
    QVERIFY(f.page->findChild<devices::LargeResultBar*>()->isHidden());
    emit f.page->grid().groupToggled(0);
    f.settle();
    QCOMPARE(f.page->table().rowCount(), all);
    f.page->grid().setGroupBy(std::nullopt);
    f.settle();
    QCOMPARE(f.page->table().rowCount(), 400);
}

void tst_device_cloud::partnershipsComeForTheDeviceOneStaysAt()
{
    Fixture f(frameOf({aDevice(1), aDevice(2), managedPhone()}));
    f.site.details.insert(
        phone, {phone, {partnership(1, AccessState::Blocked), partnership(2, AccessState::Allowed)}, {}});
    f.choose(DeviceKey(PartnershipId{1}));
    f.choose(DeviceKey(PartnershipId{2}));
    f.choose(phone);
    const items::PartnershipModel& list = f.page->details().partnerships();
    QTRY_COMPARE(list.rowCount(), 2);
    QCOMPARE(f.site.asked, std::vector<DeviceKey>{phone}); // not for those the selection ran over
    using P = items::PartnershipModel;
    QCOMPARE(list.index(0, P::Mailbox).data().toString(), u"Ann [U+202E]Archer <ann@contoso.com>"_s);
    QCOMPARE(list.index(0, P::AccessStateColumn).data().toString(), u"Blocked"_s);
    QCOMPARE(list.index(0, P::LastSuccessSync).data().toString(), u"Never"_s);
    f.choose(DeviceKey(PartnershipId{1}));
    QCOMPARE(list.rowCount(), 0); // those of another device are not shown meanwhile
    emit f.site.deviceDetailLoaded(f.site.details.value(phone)); // late
    QCOMPARE(list.rowCount(), 0);
}

void tst_device_cloud::partnershipsAreAskedAgainWhenTheListChanges()
{
    Fixture f(frameOf({managedPhone()}));
    f.site.details.insert(phone, {phone, {partnership(1, AccessState::Blocked)}, {}});
    f.choose(phone);
    const items::PartnershipModel& list = f.page->details().partnerships();
    QTRY_COMPARE(list.rowCount(), 1);
    f.site.details.insert(phone, {phone, {partnership(1, AccessState::Allowed)}, {}});
    f.site.show(frameOf({managedPhone(ComplianceState::Compliant)}));
    QTRY_COMPARE(list.index(0, items::PartnershipModel::AccessStateColumn).data().toString(), u"Allowed"_s);
}

void tst_device_cloud::intuneTab()
{
    Fixture f(frameOf({aDevice(1), managedPhone()}));
    f.choose(phone);
    auto* tabs = &f.page->details();
    tabs->setCurrentIndex(3);
    QCOMPARE(tabs->tabText(3), u"Intune"_s);
    const auto text = [tabs] {
        QString all;
        for (const auto* facts : tabs->currentWidget()->findChildren<widgets::FactList*>())
            all += facts->toText();
        return all;
    };
    QVERIFY2(text().contains(u"Compliance State: Not compliant"_s), qPrintable(text()));
    QVERIFY(text().contains(u"Device Owner: Company"_s));
    QVERIFY(f.page->details().summaryText().contains(u"Read from Intune 1 minute(s) ago."_s));
    QVERIFY(f.page->details().summaryText().contains(u"Compliance State: Not compliant"_s));
    f.choose(DeviceKey(PartnershipId{1}));
    QVERIFY2(text().startsWith(u"Not enrolled"_s), qPrintable(text()));
    QVERIFY(!text().contains(u"Serial"_s));
}

void tst_device_cloud::intuneSentences_data()
{
    QTest::addColumn<std::vector<DeviceFactory>>("device");
    QTest::addColumn<QString>("sentence");
    using D = std::vector<DeviceFactory>;
    const QString company = u"managed by Intune as a company device; last check-in 2 hour(s) ago."_s;
    QTest::newRow("not compliant") << D{managedPhone()} << QString(u"Not compliant; "_s + company);
    QTest::newRow("grace")
        << D{managedPhone(ComplianceState::InGracePeriod).set(C::GraceExpires, now + 5 * 3'600'000)}
        << QString(u"In grace period; "_s + company + u" The grace period ends in 5 hour(s)."_s);
    QTest::newRow("grace is over")
        << D{managedPhone(ComplianceState::InGracePeriod).set(C::GraceExpires, now - 5 * 3'600'000)}
        << QString(u"In grace period; "_s + company + u" The grace period is over."_s);
    QTest::newRow("nothing known") << D{aDevice(7).managed()}
                                   << u"Compliance not evaluated; managed by Intune; last check-in never."_s;
    QTest::newRow("no device") << D{aDevice(7)}
                               << u"Not enrolled: no device in Intune belongs to this partnership."_s;
}

void tst_device_cloud::intuneSentences()
{
    QFETCH(std::vector<DeviceFactory>, device);
    QTEST(devices::intuneSentence(*frameOf(device), 0, now), "sentence");
}

void tst_device_cloud::matchSaysHowAndWhy_data()
{
    QTest::addColumn<std::vector<DeviceFactory>>("device");
    QTest::addColumn<QString>("part");
    using D = std::vector<DeviceFactory>;
    const auto by = [](MatchKind kind) { return D{managedPhone().set(C::MatchKind, qint64(kind))}; };
    QTest::newRow("EAS id") << by(MatchKind::EasDeviceId) << u"also activates Exchange ActiveSync"_s;
    QTest::newRow("IMEI") << by(MatchKind::Imei) << u"Matched by the IMEI"_s;
    QTest::newRow("serial") << by(MatchKind::Serial) << u"Exchange ActiveSync is not activated"_s;
    QTest::newRow("confirmed") << by(MatchKind::Confirmed) << u"an operator confirmed it"_s;
    QTest::newRow("device alone") << by(MatchKind::None)
                                  << u"No partnership of Exchange belongs to this device"_s;
    QTest::newRow("partnership alone")
        << D{aDevice(7)} << u"No device of Intune belongs to this partnership"_s;
}

void tst_device_cloud::matchSaysHowAndWhy()
{
    QFETCH(std::vector<DeviceFactory>, device);
    QFETCH(QString, part);
    Fixture f(frameOf(device));
    f.page->details().setCurrentIndex(4);
    f.page->focusMain();
    QVERIFY2(f.match().contains(part), qPrintable(f.match()));
    QVERIFY(!f.match().contains(u"Candidates"_s)); // there are none
}

void tst_device_cloud::suggestionIsConfirmed()
{
    Fixture f(frameOf({managedPhone()}));
    f.site.details.insert(phone, {phone, {}, {suggestion()}});
    f.page->details().setCurrentIndex(4);
    f.choose(phone);
    QTRY_VERIFY(f.match().contains(u"Partnership ann_iPad of Ann (ApplX)"_s));
    QVERIFY2(f.match().contains(u"Device ann's iPad of ann@contoso.com, serial number DMPX"_s),
        qPrintable(f.match()));
    QPushButton* confirm = nullptr;
    for (auto* each : f.page->details().match().findChildren<QPushButton*>()) {
        if (each->text() == u"Confirm"_s)
            confirm = each;
    }
    QVERIFY(confirm);
    QVERIFY(confirm->accessibleName().contains(u"ann_iPad"_s));
    confirm->click();
    QCOMPARE(f.site.decisions, (QList<std::array<qint64, 3>>{{12, 7, 1}}));
    QVERIFY(!confirm->isEnabled()); // until the site has answered
    emit f.site.suggestionAnswered(PartnershipId{12}, ManagedDeviceId{7}, std::nullopt);
    QVERIFY(f.match().contains(u"The decision was saved."_s));
}

void tst_device_cloud::suggestionIsRefused()
{
    Fixture f(frameOf({managedPhone()}));
    f.site.details.insert(phone, {phone, {}, {suggestion()}});
    f.page->details().setCurrentIndex(4);
    f.choose(phone);
    QTRY_VERIFY(f.match().contains(u"ann_iPad"_s));
    test::click(&f.page->details().match(), u"Reject"_s);
    QCOMPARE(f.site.decisions, (QList<std::array<qint64, 3>>{{12, 7, 0}}));
    emit f.site.suggestionAnswered(
        PartnershipId{12}, ManagedDeviceId{7}, Error{ErrorCode::PermissionDenied, {}, u"the suggestion"_s});
    QVERIFY(!f.match().contains(u"was saved"_s));
    QVERIFY(test::button(&f.page->details().match(), u"Reject"_s)->isEnabled());
    emit f.site.suggestionAnswered(PartnershipId{99}, ManagedDeviceId{98}, std::nullopt); // somebody else's
    QVERIFY(!f.match().contains(u"was saved"_s));
}

void tst_device_cloud::transferredIsOnlyAHint()
{
    MatchCandidate other = suggestion();
    other.kind = CandidateKind::Transferred;
    Fixture f(frameOf({managedPhone()}));
    f.site.details.insert(phone, {phone, {}, {other}});
    f.page->details().setCurrentIndex(4);
    f.choose(phone);
    QTRY_VERIFY(f.match().contains(u"perhaps the phone was passed on"_s));
    QVERIFY(f.page->details().match().findChildren<QPushButton*>().isEmpty());
}

void tst_device_cloud::resetIsHinted()
{
    DevicePartnership left = partnership(1, AccessState::Allowed);
    left.probablyReset = true;
    Fixture f(frameOf({managedPhone()}));
    f.site.details.insert(phone, {phone, {left}, {}});
    f.page->details().setCurrentIndex(4);
    f.choose(phone);
    QTRY_VERIFY(f.match().contains(u"when it was reset"_s));
}

void tst_device_cloud::whatIsLateFollowsThePeriods()
{
    constexpr qint64 minute = 60'000;
    QVERIFY(devices::freshnessLimits({}, {}) == items::FreshnessLimits());
    Connector quick, slow;
    quick.fullSchedule = u"12h"_s;
    quick.deltaMinutes = 30;
    slow.fullSchedule = u"1d@00:00"_s;
    slow.deltaMinutes = 0; // only full ones renew
    auto limits = devices::freshnessLimits({quick}, {});
    QCOMPARE(limits.exchangeLate, 60 * minute);
    QCOMPARE(limits.exchangeOutOfDate, 24 * 60 * minute);
    limits = devices::freshnessLimits({quick, slow}, {});
    QCOMPARE(limits.exchangeLate, 48 * 60 * minute);
    QVERIFY(limits.exchangeOutOfDate >= limits.exchangeLate);
    Tenant tenant;
    tenant.pollSeconds = 60;
    limits = devices::freshnessLimits({}, {tenant});
    QCOMPARE(limits.intuneLate, 10 * minute); // not after two minutes
    tenant.pollSeconds = 3600;
    QCOMPARE(devices::freshnessLimits({}, {tenant}).intuneLate, 120 * minute);
    slow.fullSchedule = u"nonsense"_s; // of another version: a day
    QCOMPARE(devices::freshnessLimits({slow}, {}).exchangeLate, 48 * 60 * minute);
}

void tst_device_cloud::everyTabIsAccessible()
{
    Fixture f(frameOf({managedPhone()}));
    f.site.details.insert(phone, {phone, {partnership(1, AccessState::Blocked)}, {suggestion()}});
    f.choose(phone);
    QTRY_COMPARE(f.page->details().partnerships().rowCount(), 1);
    QStringList problems;
    for (int tab = 0; tab < f.page->details().count(); ++tab) {
        f.page->details().setCurrentIndex(tab);
        for (const QString& problem : test::accessibilityProblems(f.page.get()))
            problems.append(f.page->details().tabText(tab) + u": "_s + problem);
    }
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

QTEST_MAIN(tst_device_cloud)
#include "tst_device_cloud.moc"
