// The cloud side to look at: cloud_preview [--dark] --picture FILE-WITHOUT-SUFFIX. Writes FILE-tenants.png,
// -permissions, -wizard, -code, -users, -groups, -partnerships, -intune and -match, and ends.
#include <QApplication>
#include <QElapsedTimer>
#include <QTabWidget>

#include "models/domain/Intune.h"
#include "models/frame/DeviceFrameBuilder.h"
#include "models/frame/DeviceMerge.h"
#include "tests/support/DeviceFactory.h"
#include "tests/ui/support/FakePrompter.h"
#include "tests/ui/support/FakeSiteClient.h"
#include "tests/ui/support/FormDriver.h"
#include "ui/cloud/ConnectTenantWizard.h"
#include "ui/cloud/DeviceCodeDialog.h"
#include "ui/cloud/TenantsPage.h"
#include "ui/devices/DeviceDetails.h"
#include "ui/devices/DevicesPage.h"
#include "ui/grid/GridView.h"
#include "ui/users/UsersPage.h"
#include "ui/widgets/Theme.h"

using namespace Qt::StringLiterals;
using namespace postern;
using C = frame::DeviceColumn;

namespace {

const qint64 now = test::testNow().toMSecsSinceEpoch();

void addDevices(test::FakeSiteClient& site)
{
    frame::DeviceFrameBuilder builder;
    for (qint64 n = 1; n <= 300; ++n) {
        const auto partnership = test::organisationDevice(n);
        if (n % 4 == 0) {
            frame::DeviceRow row = partnership.row();
            frame::setUnmatched(row);
            builder.apply(row);
            continue;
        }
        test::DeviceFactory managed(n);
        managed.managed()
            .set(C::SerialNumber, u"F2LX%1"_s.arg(n))
            .set(C::OsVersion, u"17.%1"_s.arg(n % 5))
            .set(C::Platform, qint64(n % 3 == 0 ? DevicePlatform::AndroidWork : DevicePlatform::IOS))
            .set(C::Owner, qint64(n % 2 == 0 ? DeviceOwnerType::Company : DeviceOwnerType::Personal))
            .set(C::ManagementState, qint64(ManagementState::Managed))
            .set(C::ComplianceState,
                qint64(n % 7 == 0     ? ComplianceState::Noncompliant
                        : n % 11 == 0 ? ComplianceState::InGracePeriod
                                      : ComplianceState::Compliant))
            .set(C::JailBroken, qint64(n % 14 == 0 ? JailBroken::Yes : JailBroken::No))
            .set(C::Encrypted, qint64(1))
            .set(C::IntuneLicensed, qint64(1))
            .set(C::IntuneLastCheckIn, now - n * 400'000)
            .set(C::EnrolledAt, now - n * 86'400'000)
            .set(C::IntuneDataAsOf, now - (n % 9 == 0 ? 3'600'000 : 30'000))
            .set(C::IntuneDeviceId, u"0f8fad5b-d9cb-469f-a165-70867728950e");
        std::vector<frame::DeviceRow> rows{partnership.row()};
        rows.front().number[std::size_t(C::MatchKind)] = qint64(MatchKind::EasDeviceId);
        builder.apply(frame::mergedRow(managed.row(), rows));
    }
    site.setFrame(builder.publish());
}

DeviceDetail aDetail(DeviceKey key)
{
    DevicePartnership native;
    native.id = {7};
    native.mailboxName = u"Anna Berg"_s;
    native.mailboxAddress = u"anna.berg@contoso.com"_s;
    native.easDeviceId = EasDeviceId(u"ApplF2LX7"_s);
    native.deviceType = u"iPhone"_s;
    native.accessState = AccessState::Blocked;
    native.accessStateReason = AccessStateReason::ExchangeIndividualRule;
    native.match = MatchKind::EasDeviceId;
    native.lastSuccessSync = test::testNow().addSecs(-7200);
    DevicePartnership outlook = native;
    outlook.id = {8};
    outlook.easDeviceId = EasDeviceId(u"5B6A77C0D1"_s);
    outlook.deviceType = u"Outlook"_s;
    outlook.clientType = ClientType::Outlook;
    outlook.accessState = AccessState::Allowed;
    outlook.accessStateReason = AccessStateReason::ExchangeGlobalRule;
    outlook.match = MatchKind::Confirmed;
    MatchCandidate suggestion{PartnershipId{12}, key.managedDevice(), CandidateKind::Suggested,
        u"Anna Berg_iPad"_s, u"Anna Berg"_s, u"ApplXYZ"_s, u"anna_iPad"_s, u"anna.berg@contoso.com"_s,
        u"DMPX9"_s, u"iPad"_s};
    MatchCandidate transferred = suggestion;
    transferred.kind = CandidateKind::Transferred;
    transferred.mailboxName = u"Bo Lind"_s;
    return {key, {native, outlook}, {suggestion, transferred}};
}

SiteUsers somePeople()
{
    SiteUsers users;
    for (qint64 id = 1; id <= 60; ++id) {
        SiteUser user;
        user.id = {id};
        const auto device = test::organisationDevice(id);
        user.name = QString::fromStdString(device.text(C::UserName));
        user.userPrincipalName = QString::fromStdString(device.text(C::UserPrincipalName));
        user.department = QString::fromStdString(device.text(C::Department));
        user.mailbox = id % 5 == 0 ? MailboxLocation::Online : MailboxLocation::OnPremises;
        user.intuneLicensed = id % 6 != 0;
        user.licenses = {u"Enterprise Mobility + Security E3"_s};
        user.groups = {u"All Staff"_s, u"MDM Pilot"_s};
        user.deviceCount = int(id % 3);
        user.lastSeen = test::testNow().addSecs(-id * 5000);
        users.push_back(user);
    }
    return users;
}

class Pictures
{
public:
    explicit Pictures(QString base)
        : m_base(std::move(base))
    {
    }
    void take(QWidget& widget, const QString& name)
    {
        for (int i = 0; i < 5; ++i) { // layouts inside layouts settle in a few rounds
            QApplication::processEvents();
            QApplication::sendPostedEvents();
        }
        m_ok = widget.grab().save(m_base + u'-' + name + u".png"_s) && m_ok;
    }
    [[nodiscard]] bool ok() const { return m_ok; }

private:
    QString m_base;
    bool m_ok = true;
};

template <class Settled> void waitUntil(Settled settled)
{
    QElapsedTimer waited;
    waited.start();
    while (!settled() && waited.elapsed() < 20'000)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
}

void takeTenants(test::FakeSiteClient& site, Pictures& pictures)
{
    cloud::TenantsPage page(site);
    page.resize(1100, 680);
    page.show();
    page.focusMain();
    pictures.take(page, u"tenants"_s);
    page.findChild<QTabWidget*>()->setCurrentIndex(1);
    pictures.take(page, u"permissions"_s);
    test::FakePrompter prompter;
    const auto open = [](const QUrl&) { return true; };
    cloud::ConnectTenantWizard wizard(site, prompter, open);
    wizard.show();
    test::fill(&wizard, u"Name"_s, u"Fabrikam"_s);
    test::fill(&wizard, u"Tenant"_s, u"fabrikam"_s);
    test::click(&wizard, u"Next >"_s);
    pictures.take(wizard, u"wizard"_s);
    cloud::DeviceCodeDialog code(
        {u"FJC3-GHT8K"_s, u"https://microsoft.com/devicelogin"_s, test::testNow().addSecs(900)}, open);
    code.show();
    pictures.take(code, u"code"_s);
}

void takeDevices(test::FakeSiteClient& site, Pictures& pictures)
{
    devices::DevicesPage page(site);
    page.setNow([] { return now; });
    page.resize(1280, 820);
    page.show();
    page.grid().setColumnVisible(int(C::ClientType), false);
    page.grid().setColumnVisible(int(C::EmailAddress), false);
    for (const C column : {C::AccessState, C::ComplianceState, C::Platform, C::IntuneDataAsOf})
        page.grid().setColumnVisible(int(column), true);
    page.grid().setGroupBy(int(C::ComplianceState));
    waitUntil([&page] { return page.isSettled(); });
    const DeviceKey key(ManagedDeviceId{7});
    site.details.insert(key, aDetail(key));
    page.grid().selectKeys({key.value}, key.value);
    waitUntil([&site] { return !site.askedDetails.empty(); });
    pictures.take(page, u"groups"_s);
    const QString names[] = {u"partnerships"_s, u"intune"_s, u"match"_s};
    for (int tab = 2; tab < 5; ++tab) {
        page.details().setCurrentIndex(tab);
        pictures.take(page, names[tab - 2]);
    }
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    widgets::applyTheme(application,
        arguments.contains(u"--dark"_s) ? widgets::ThemeChoice::Dark : widgets::ThemeChoice::Light);
    test::FakeSiteClient site;
    Tenant tenant = test::aTenant(u"Contoso"_s);
    site.addTenant(tenant);
    tenant.name = u"Fabrikam (test)"_s;
    tenant.state = TenantState::SignInRequired;
    tenant.stateDetail = u"AADSTS50173: the password of the account was changed."_s;
    site.addTenant(tenant);
    addDevices(site);
    site.setUsers(somePeople());
    Pictures pictures(arguments.last());
    takeTenants(site, pictures);
    users::UsersPage people(site);
    people.resize(1200, 720);
    people.show();
    waitUntil([&people] { return people.isSettled(); });
    people.focusMain();
    pictures.take(people, u"users"_s);
    takeDevices(site, pictures);
    return pictures.ok() ? 0 : 1;
}
