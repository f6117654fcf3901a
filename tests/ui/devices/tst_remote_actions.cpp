// Remote actions (ACT-03..10, 12): what may be asked of which device, what is said before, guards of a wipe,
// how answers show, and the ribbon's commands.
#include <QCheckBox>
#include <QMenu>
#include <QPushButton>
#include <QtTest>

#include "models/frame/DeviceFrameBuilder.h"
#include "tests/support/DeviceFactory.h"
#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/devices/DeviceDetails.h"
#include "ui/devices/DevicesPage.h"
#include "ui/devices/RemoteActionDialog.h"
#include "ui/grid/GridView.h"
#include "ui/shell/MainWindow.h"
#include "ui/widgets/FactList.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::devices;
using namespace postern::test;
using C = frame::DeviceColumn;

namespace {

ActionTarget target(DevicePlatform platform, DeviceOwnerType owner = DeviceOwnerType::Company)
{
    ActionTarget one;
    one.id = {7};
    one.name = u"ann_iPhone"_s;
    one.user = u"Ann Archer"_s;
    one.userPrincipalName = u"ann@contoso.lab"_s;
    one.serialNumber = u"F2LX"_s;
    one.platform = platform;
    one.owner = owner;
    one.state = ManagementState::Managed;
    return one;
}

DeviceFactory managed(qint64 id)
{
    DeviceFactory device(id);
    return device.managed()
        .named(u"phone%1"_s.arg(id))
        .set(C::SerialNumber, u"S%1"_s.arg(id))
        .set(C::UserPrincipalName, u"ann@contoso.lab")
        .set(C::Platform, qint64(DevicePlatform::IOS))
        .set(C::Owner, qint64(DeviceOwnerType::Personal))
        .set(C::ManagementState, qint64(ManagementState::Managed));
}

} // namespace

class tst_remote_actions : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void whatMayBeAsked_data();
    void whatMayBeAsked();
    void retireSaysWhatBecomesOfMail();
    void targetsComeFromTheList();
    void nothingIsAskedBeforeTheButton();
    void wipeNeedsTheName();
    void personalWipeNeedsATick();
    void wipeOffersRetire();
    void wipeIsForOne();
    void unusableOnesAreLeftOut();
    void answersShow();
    void commandsNeedManagedDevices();
    void commandOpensTheDialog();
    void statusIsLive();
    void isAccessible();
};

void tst_remote_actions::whatMayBeAsked_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("platform");
    QTest::addColumn<int>("state");
    QTest::addColumn<QString>("refusal"); // a part; empty: it may
    using P = DevicePlatform;
    const int fine = int(ManagementState::Managed);
    const auto row = [](const char* name, ActionKind kind, P platform, int state, const QString& refusal) {
        QTest::newRow(name) << int(kind) << int(platform) << state << refusal;
    };
    row("wipe an iPhone", ActionKind::Wipe, P::IOS, fine, {});
    row("wipe a work profile", ActionKind::Wipe, P::AndroidWork, fine, u"cannot be wiped"_s);
    row("retire a work profile", ActionKind::Retire, P::AndroidWork, fine, {});
    row("lock Windows", ActionKind::RemoteLock, P::Windows, fine, u"cannot lock Windows"_s);
    row("lock a Mac", ActionKind::RemoteLock, P::MacOS, fine, {});
    row("passcode of a Mac", ActionKind::ResetPasscode, P::MacOS, fine, u"Only phones"_s);
    row("wipe twice", ActionKind::Wipe, P::IOS, int(ManagementState::WipePending), u"already under way"_s);
    row("retire while wiping", ActionKind::Retire, P::IOS, int(ManagementState::WipeIssued), u"already"_s);
    row("sync while wiping", ActionKind::SyncDevice, P::IOS, int(ManagementState::WipeIssued), {});
    row("after a failed wipe", ActionKind::Wipe, P::IOS, int(ManagementState::WipeFailed), {});
}

void tst_remote_actions::whatMayBeAsked()
{
    QFETCH(int, kind);
    QFETCH(int, platform);
    QFETCH(int, state);
    QFETCH(QString, refusal);
    ActionTarget one = target(DevicePlatform(platform));
    one.state = ManagementState(state);
    const QString said = devices::refusal(one, ActionKind(kind));
    QCOMPARE(said.isEmpty(), refusal.isEmpty());
    QVERIFY2(said.contains(refusal), qPrintable(said));
    one.id = {};
    QVERIFY(devices::refusal(one, ActionKind(kind)).contains(u"Not enrolled"_s));
}

void tst_remote_actions::retireSaysWhatBecomesOfMail() // ACT-03
{
    const auto said = [](DevicePlatform platform) { return consequence(ActionKind::Retire, platform); };
    QVERIFY(said(DevicePlatform::IOS).contains(u"the mail account that an Intune profile"_s));
    QVERIFY(said(DevicePlatform::AndroidKnox) == said(DevicePlatform::IOS));
    QVERIFY(said(DevicePlatform::Android).contains(u"Mail stays on the phone"_s));
    QVERIFY(said(DevicePlatform::AndroidWork).contains(u"whole work profile"_s));
    QVERIFY(
        consequence(ActionKind::Wipe, DevicePlatform::IOS).contains(u"everything on the device is erased"_s));
}

void tst_remote_actions::targetsComeFromTheList()
{
    const auto frame = frameOf({managed(7), aDevice(1)});
    const auto one = actionTarget(*frame, DeviceKey(ManagedDeviceId{7}));
    QVERIFY(one);
    QCOMPARE(one->id, ManagedDeviceId{7});
    QCOMPARE(one->owner, DeviceOwnerType::Personal);
    const DeviceActionRequest request = requestFor(*one, ActionKind::Retire);
    QCOMPARE(request.serialNumber, u"S7"_s); // for the service to compare
    QCOMPARE(request.userPrincipalName, u"ann@contoso.lab"_s);
    QVERIFY(!actionTarget(*frame, DeviceKey(PartnershipId{1}))->id.isValid());
    QVERIFY(!actionTarget(*frame, DeviceKey(ManagedDeviceId{99})));
}

void tst_remote_actions::nothingIsAskedBeforeTheButton()
{
    FakeSiteClient site;
    {
        RemoteActionDialog dialog(site, ActionKind::Retire, {target(DevicePlatform::IOS)});
        dialog.show();
        const QString text = dialog.toText();
        QVERIFY2(text.contains(u"Company device, Ann Archer"_s), qPrintable(text));
        QVERIFY(text.contains(u"Removing its partnership erases nothing"_s)); // ACT-08, 09
        QTest::keyClick(&dialog, Qt::Key_Return); // Cancel is the default
        QVERIFY(!dialog.isVisible());
    }
    QVERIFY(site.actions.empty());
}

void tst_remote_actions::wipeNeedsTheName() // ACT-04
{
    FakeSiteClient site;
    RemoteActionDialog dialog(site, ActionKind::Wipe, {target(DevicePlatform::IOS)});
    dialog.show();
    auto* act = dialog.findChild<QPushButton*>(u"act"_s);
    QVERIFY(!act->isEnabled());
    fill(&dialog, u"Name of the device"_s, u"ann_iphone"_s); // not as it is written
    QVERIFY(!act->isEnabled());
    fill(&dialog, u"Name of the device"_s, u"ann_iPhone"_s);
    QVERIFY(act->isEnabled());
    act->click();
    QCOMPARE(site.actions.size(), 1U);
    QCOMPARE(site.actions.front().kind, ActionKind::Wipe);
    QCOMPARE(site.actions.front().serialNumber, u"F2LX"_s);
}

void tst_remote_actions::personalWipeNeedsATick() // ACT-06
{
    FakeSiteClient site;
    RemoteActionDialog dialog(
        site, ActionKind::Wipe, {target(DevicePlatform::IOS, DeviceOwnerType::Personal)});
    dialog.show();
    auto* act = dialog.findChild<QPushButton*>(u"act"_s);
    fill(&dialog, u"Name of the device"_s, u"ann_iPhone"_s);
    QVERIFY(!act->isEnabled());
    dialog.findChild<QCheckBox*>()->setChecked(true);
    QVERIFY(act->isEnabled());
    QVERIFY(dialog.toText().contains(u"Personal device"_s));
}

void tst_remote_actions::wipeOffersRetire()
{
    FakeSiteClient site;
    QWidget window;
    auto* dialog = new RemoteActionDialog(
        site, ActionKind::Wipe, {target(DevicePlatform::IOS, DeviceOwnerType::Personal)}, &window);
    window.show();
    dialog->show();
    click(dialog, u"Retire Instead..."_s);
    QVERIFY(!dialog->isVisible());
    RemoteActionDialog* other = nullptr;
    for (auto* each : window.findChildren<RemoteActionDialog*>())
        other = each == dialog ? other : each;
    QVERIFY(other);
    QCOMPARE(other->windowTitle(), u"Retire"_s);
    other->findChild<QPushButton*>(u"act"_s)->click();
    QCOMPARE(site.actions.size(), 1U);
    QCOMPARE(site.actions.front().kind, ActionKind::Retire);
}

void tst_remote_actions::wipeIsForOne()
{
    FakeSiteClient site;
    ActionTarget second = target(DevicePlatform::IOS);
    second.id = {8};
    RemoteActionDialog dialog(site, ActionKind::Wipe, {target(DevicePlatform::IOS), second});
    dialog.show();
    auto* act = dialog.findChild<QPushButton*>(u"act"_s);
    QVERIFY(!act->isEnabled());
    QVERIFY(act->toolTip().contains(u"one device at a time"_s));
}

void tst_remote_actions::unusableOnesAreLeftOut()
{
    FakeSiteClient site;
    ActionTarget computer = target(DevicePlatform::Windows);
    computer.id = {8};
    computer.name = u"PC"_s;
    RemoteActionDialog dialog(site, ActionKind::RemoteLock, {target(DevicePlatform::IOS), computer});
    dialog.show();
    QCOMPARE(dialog.usable(), 1);
    QVERIFY2(
        dialog.toText().contains(u"Left out. Intune cannot lock Windows."_s), qPrintable(dialog.toText()));
    dialog.findChild<QPushButton*>(u"act"_s)->click();
    QCOMPARE(site.actions.size(), 1U);
    RemoteActionDialog nobody(site, ActionKind::RemoteLock, {computer});
    QVERIFY(!nobody.findChild<QPushButton*>(u"act"_s)->isEnabled());
}

void tst_remote_actions::answersShow()
{
    FakeSiteClient site;
    ActionTarget second = target(DevicePlatform::IOS);
    second.id = {8};
    second.name = u"other"_s;
    RemoteActionDialog dialog(site, ActionKind::Retire, {target(DevicePlatform::IOS), second});
    dialog.show();
    dialog.findChild<QPushButton*>(u"act"_s)->click();
    QCOMPARE(site.actions.size(), 2U);
    emit site.deviceActionAnswered(site.actions[0], std::nullopt);
    DeviceActionRequest foreign = site.actions[1];
    foreign.kind = ActionKind::Wipe;
    emit site.deviceActionAnswered(foreign, std::nullopt); // somebody else's
    QVERIFY(!dialog.toText().contains(u"failed"_s));
    emit site.deviceActionAnswered(site.actions[1], Error{ErrorCode::Conflict, {}, u"other"_s});
    QVERIFY2(dialog.toText().contains(u"1 of the requests failed"_s), qPrintable(dialog.toText()));
    QVERIFY(dialog.toText().contains(u"the phone does it when it next answers"_s));
}

void tst_remote_actions::commandsNeedManagedDevices()
{
    FakeSiteClient site;
    site.setFrame(frameOf({aDevice(1), managed(7)}));
    FakePrompter prompter;
    shell::MainWindow window(
        site, shell::MainWindowOptions{nullptr, &prompter, &prompter, u"Assets and Compliance/Devices"_s});
    window.show();
    auto* page = qobject_cast<DevicesPage*>(window.currentPage());
    QTRY_COMPARE(page->table().rowCount(), 2);
    const QAction* wipe = window.commands().find(u"remote-wipe"_s)->action();
    QVERIFY(!wipe->isEnabled());
    page->grid().selectKeys({1}, 1);
    QVERIFY(!wipe->isEnabled());
    QCOMPARE(wipe->toolTip(), u"None of the selected devices is enrolled in Intune"_s);
    const qint64 key = DeviceKey(ManagedDeviceId{7}).value;
    page->grid().selectKeys({1, key}, key);
    QVERIFY(wipe->isEnabled());
}

void tst_remote_actions::commandOpensTheDialog()
{
    FakeSiteClient site;
    site.setFrame(frameOf({managed(7)}));
    FakePrompter prompter;
    shell::MainWindow window(
        site, shell::MainWindowOptions{nullptr, &prompter, &prompter, u"Assets and Compliance/Devices"_s});
    window.show();
    auto* page = qobject_cast<DevicesPage*>(window.currentPage());
    QTRY_COMPARE(page->table().rowCount(), 1);
    page->selectAll();
    window.commands().find(u"remote-actions"_s)->action()->trigger();
    auto* menu = window.findChild<QMenu*>(u"remoteActions"_s);
    QVERIFY(menu && menu->actions().size() == 5);
    menu->close();
    window.commands().find(u"remote-lock"_s)->action()->trigger();
    window.commands().find(u"remote-lock"_s)->action()->trigger(); // the first is raised
    QCOMPARE(window.findChildren<RemoteActionDialog*>().size(), 1);
    window.findChild<RemoteActionDialog*>()->findChild<QPushButton*>(u"act"_s)->click();
    QCOMPARE(site.actions.front().kind, ActionKind::RemoteLock);
}

void tst_remote_actions::statusIsLive() // ACT-07
{
    FakeSiteClient site;
    site.setFrame(frameOf({managed(7)}));
    const DeviceKey key(ManagedDeviceId{7});
    DeviceDetail detail{key, {}, {}, {}};
    DeviceActionStatus wipe;
    wipe.kind = ActionKind::Wipe;
    wipe.state = DeviceActionState::Pending;
    wipe.lastUpdated = testNow().addSecs(-300);
    detail.actions = {wipe};
    site.details.insert(key, detail);
    DevicesPage page(site);
    page.setNow([] { return testNow().toMSecsSinceEpoch(); });
    page.show();
    QTRY_COMPARE(page.table().rowCount(), 1);
    page.details().setCurrentIndex(3);
    page.focusMain();
    const auto text = [&page] {
        QString all;
        for (const auto* facts : page.details().currentWidget()->findChildren<widgets::FactList*>())
            all += facts->toText();
        return all;
    };
    QTRY_VERIFY(text().contains(u"Wipe: Pending: the device has not answered yet, 5 minute(s) ago"_s));
    site.details[key].actions.front().state = DeviceActionState::Done;
    emit site.deviceActionMoved(ManagedDeviceId{99}); // another phone
    emit site.deviceActionMoved(ManagedDeviceId{7});
    QTRY_VERIFY(text().contains(u"Wipe: Done"_s));
}

void tst_remote_actions::isAccessible()
{
    FakeSiteClient site;
    RemoteActionDialog dialog(
        site, ActionKind::Wipe, {target(DevicePlatform::IOS, DeviceOwnerType::Personal)});
    dialog.show();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    fill(&dialog, u"Name of the device"_s, u"ann_iPhone"_s);
    dialog.findChild<QCheckBox*>()->setChecked(true);
    QStringList problems = accessibilityProblems(&dialog);
    dialog.findChild<QPushButton*>(u"act"_s)->click();
    problems += accessibilityProblems(&dialog);
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

QTEST_MAIN(tst_remote_actions)
#include "tst_remote_actions.moc"
