// Remote actions: written down before they are sent, sent once, refused when the phone is another one by now,
// followed until they are over.
#include <QCoroTask>
#include <QtTest>

#include "services/store/cloud/CloudObjects.h"
#include "services/store/cloud/DeviceActionRepository.h"
#include "services/store/cloud/TenantRepository.h"
#include "services/sync/cloud/DeviceActions.h"
#include "tests/services/sync/SyncFixture.h"
#include "tests/services/sync/cloud/FakeCloud.h"

using namespace Qt::StringLiterals;

namespace postern::sync::test {

class DeviceActionsTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void sentOnceAndFollowed();
    void refusedByIntune();
    void anotherPhoneByNow_data();
    void anotherPhoneByNow();
    void oneOfAKindAtATime();
    void goneAfterARetireIsDone();
    void nothingHeardForAWeek();
    void oldResultsAreNotOurs();

private:
    [[nodiscard]] DeviceActionRequest request(RemoteAction::Kind kind = RemoteAction::Kind::Retire) const;
    Expected<void> perform(const DeviceActionRequest& request);
    void follow();
    void report(DeviceActionState state, int secondsAfterNow);
    [[nodiscard]] DeviceActionStatus status();

    std::unique_ptr<SyncFixture> m_site;
    FakeCloud m_cloud;
    TenantId m_tenant;
    ManagedDeviceId m_device;
};

void DeviceActionsTest::init()
{
    m_site = std::make_unique<SyncFixture>();
    m_cloud = FakeCloud();
    ManagedDevice phone;
    phone.id = u"d1"_s;
    phone.serialNumber = u"SER1"_s;
    phone.userId = u"u1"_s;
    phone.userPrincipalName = u"anna@contoso.lab"_s;
    m_cloud.devices = {phone};
    const QDateTime now = m_site->clock.now();
    auto made = m_site->site->write([=](store::Session& session) -> Expected<std::pair<TenantId, qint64>> {
        Tenant tenant;
        tenant.name = u"Contoso"_s;
        tenant.tenantId = u"contoso.lab"_s;
        auto stored = store::TenantRepository(session).insert(tenant);
        if (!stored)
            return tl::unexpected(stored.error());
        auto page = store::ManagedDeviceTable(session).upsertPage(stored->id, {phone}, now);
        if (!page)
            return tl::unexpected(page.error());
        return std::pair(stored->id, page->ids[0]);
    });
    made.waitForFinished();
    m_tenant = made.result()->first;
    m_device = {made.result()->second};
}

DeviceActionRequest DeviceActionsTest::request(RemoteAction::Kind kind) const
{
    DeviceActionRequest request;
    request.device = m_device;
    request.kind = kind;
    request.deviceName = u"Anna's phone"_s;
    request.serialNumber = u"SER1"_s;
    request.userPrincipalName = u"Anna@contoso.lab"_s;
    return request;
}

Expected<void> DeviceActionsTest::perform(const DeviceActionRequest& what)
{
    return QCoro::waitFor(
        performAction(m_cloud, *m_site->site, m_site->clock, what, u"helpdesk"_s, std::stop_token()));
}

void DeviceActionsTest::follow()
{
    m_site->clock.time = m_site->clock.time.addSecs(60);
    QVERIFY(
        QCoro::waitFor(followActions(m_cloud, *m_site->site, m_site->clock, m_tenant, std::stop_token())));
}

void DeviceActionsTest::report(DeviceActionState state, int secondsAfterNow)
{
    DeviceActionResult result;
    result.name = u"retire"_s;
    result.state = state;
    result.started = m_site->clock.now().addSecs(secondsAfterNow);
    m_cloud.devices[0].deviceActionResults = {result};
}

DeviceActionStatus DeviceActionsTest::status()
{
    const ManagedDeviceId device = m_device;
    auto future = m_site->site->read(
        [device](store::Session& s) { return store::DeviceActionRepository(s).latest(device); });
    future.waitForFinished();
    return future.result()->empty() ? DeviceActionStatus() : future.result()->front();
}

void DeviceActionsTest::sentOnceAndFollowed()
{
    QVERIFY(perform(request()));
    QCOMPARE(m_cloud.acted.size(), 1U);
    QCOMPARE(m_cloud.acted[0].deviceId, u"d1"_s);
    QCOMPARE(m_cloud.acted[0].userId, u"u1"_s);
    QCOMPARE(status().state, DeviceActionState::Pending);
    QCOMPARE(status().requestedBy, u"helpdesk"_s);
    report(DeviceActionState::Active, 0);
    follow();
    QCOMPARE(status().state, DeviceActionState::Active);
    report(DeviceActionState::Done, -60);
    follow();
    QCOMPARE(status().state, DeviceActionState::Done);
    report(DeviceActionState::Failed, 0); // it is over: not looked at again
    follow();
    QCOMPARE(status().state, DeviceActionState::Done);
}

void DeviceActionsTest::refusedByIntune()
{
    m_cloud.actError = Error{ErrorCode::ConsentRequired, u"Forbidden"_s, u"retire"_s, {}};
    QCOMPARE(perform(request()).error().code, ErrorCode::ConsentRequired);
    QCOMPARE(status().state, DeviceActionState::Failed);
    QVERIFY(!status().problem.isEmpty());
    m_cloud.actError.reset();
    QVERIFY(perform(request())); // a failed one is over
}

void DeviceActionsTest::anotherPhoneByNow_data()
{
    QTest::addColumn<QString>("serial");
    QTest::addColumn<QString>("user");
    QTest::addColumn<int>("code");
    QTest::newRow("serial") << u"SER2"_s << u"anna@contoso.lab"_s << int(ErrorCode::Conflict);
    QTest::newRow("user") << u"SER1"_s << u"bob@contoso.lab"_s << int(ErrorCode::Conflict);
}

void DeviceActionsTest::anotherPhoneByNow()
{
    QFETCH(QString, serial);
    QFETCH(QString, user);
    DeviceActionRequest stale = request();
    stale.serialNumber = serial;
    stale.userPrincipalName = user;
    QTEST(int(perform(stale).error().code), "code");
    DeviceActionRequest gone = request();
    gone.device = {99};
    QCOMPARE(perform(gone).error().code, ErrorCode::NotFound);
    QVERIFY(m_cloud.acted.empty());
}

void DeviceActionsTest::oneOfAKindAtATime()
{
    QVERIFY(perform(request()));
    const auto second = perform(request());
    QCOMPARE(second.error().code, ErrorCode::AlreadyRunning);
    QVERIFY(second.error().detail.contains(u"helpdesk"));
    QCOMPARE(m_cloud.acted.size(), 1U);
    QVERIFY(perform(request(RemoteAction::Kind::SyncDevice)));
}

void DeviceActionsTest::goneAfterARetireIsDone()
{
    QVERIFY(perform(request()));
    m_cloud.devices.clear();
    follow();
    QCOMPARE(status().state, DeviceActionState::Done);
}

void DeviceActionsTest::nothingHeardForAWeek()
{
    QVERIFY(perform(request()));
    follow();
    QCOMPARE(status().state, DeviceActionState::Pending);
    m_site->clock.time = m_site->clock.time.addDays(8);
    follow();
    QCOMPARE(status().state, DeviceActionState::Failed);
    QVERIFY(!status().problem.isEmpty());
}

void DeviceActionsTest::oldResultsAreNotOurs()
{
    report(DeviceActionState::Done, -86'400); // of last month's retire
    QVERIFY(perform(request()));
    follow();
    QCOMPARE(status().state, DeviceActionState::Pending);
}

} // namespace postern::sync::test

QTEST_GUILESS_MAIN(postern::sync::test::DeviceActionsTest)
#include "tst_device_actions.moc"
