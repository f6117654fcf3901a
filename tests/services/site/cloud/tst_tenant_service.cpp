// The service that reads tenants: state after each outcome, one service at a time, a new sign-in, removal
// while it works, and the end.
#include <QCoroTask>
#include <QSignalSpy>
#include <QtTest>

#include "services/site/cloud/TenantService.h"
#include "services/store/MailboxRepository.h"
#include "services/store/PartnershipRepository.h"
#include "services/store/cloud/CloudObjects.h"
#include "services/store/cloud/TenantRepository.h"
#include "tests/services/sync/SyncFixture.h"
#include "tests/services/sync/cloud/FakeCloud.h"

using namespace Qt::StringLiterals;

namespace postern::site::test {

using sync::test::FakeCloud;
using sync::test::SyncFixture;

namespace {

class FakeLink final : public TenantLink
{
public:
    FakeLink(FakeCloud& cloud, int& open)
        : m_cloud(cloud)
        , m_open(open)
    {
        ++m_open;
    }
    graph::CloudTenant& cloud() override { return m_cloud; }
    QCoro::Task<void> close() override
    {
        --m_open;
        co_return;
    }

private:
    FakeCloud& m_cloud;
    int& m_open;
};

} // namespace

class TenantServiceTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void readsAtOnceAndPolls();
    void stateSaysWhatIsWrong_data();
    void stateSaysWhatIsWrong();
    void signingInAgainTriesAtOnce();
    void onlyWhenAskedWithoutSchedules();
    void anotherServiceHoldsIt();
    void removedTenantIsClosed();
    void partnershipsThatCameAreMatched();
    void stoppingReleases();
    void badSettingsAreSaid();

private:
    std::unique_ptr<TenantService> makeService(bool schedules = true);
    [[nodiscard]] Tenant stored();
    // Lets the service look once.
    [[nodiscard]] bool beginsAnything(TenantService& service)
    {
        QSignalSpy looked(&service, &TenantService::looked);
        service.wake();
        // The store may have answered before anybody waits.
        return (!looked.isEmpty() || looked.wait()) && service.isBusy(m_tenant);
    }
    template <class F> auto write(F work)
    {
        auto future = m_site->site->write(std::move(work));
        future.waitForFinished();
        return future.result();
    }

    std::unique_ptr<SyncFixture> m_site;
    FakeCloud m_cloud;
    TenantId m_tenant;
    int m_open = 0;
    std::vector<std::unique_ptr<TenantService>> m_services;
};

void TenantServiceTest::init()
{
    m_site = std::make_unique<SyncFixture>();
    m_cloud = FakeCloud();
    m_open = 0;
    Tenant tenant;
    tenant.name = u"Contoso"_s;
    tenant.tenantId = u"contoso.lab"_s;
    m_tenant = write([tenant](store::Session& s) { return store::TenantRepository(s).insert(tenant); })->id;
    ManagedDevice device;
    device.id = u"d1"_s;
    m_cloud.devices.push_back(device);
}

void TenantServiceTest::cleanup()
{
    for (auto& service : m_services)
        QCoro::waitFor(service->stop());
    m_services.clear();
    QCOMPARE(m_open, 0); // every connection was closed
}

std::unique_ptr<TenantService> TenantServiceTest::makeService(bool schedules)
{
    TenantService::Dependencies with{*m_site->site, *m_site->trace, m_site->clock,
        [this](const Tenant&) -> Expected<std::unique_ptr<TenantLink>> {
            return std::make_unique<FakeLink>(m_cloud, m_open);
        },
        schedules, QTimeZone::utc()};
    return std::make_unique<TenantService>(std::move(with));
}

Tenant TenantServiceTest::stored()
{
    const TenantId id = m_tenant;
    auto future = m_site->site->read([id](store::Session& s) { return store::TenantRepository(s).find(id); });
    future.waitForFinished();
    return future.result()->value_or(Tenant());
}

void TenantServiceTest::readsAtOnceAndPolls()
{
    m_services.push_back(makeService());
    TenantService& service = *m_services.front();
    service.start();
    QTRY_COMPARE(stored().state, TenantState::Connected);
    QTRY_VERIFY(!service.isBusy(m_tenant));
    QCOMPARE(stored().deviceCount, 1);
    const auto asked = m_cloud.asked.size();
    QVERIFY(!beginsAnything(service)); // not due
    m_site->clock.time = m_site->clock.time.addSecs(60);
    service.wake();
    QTRY_VERIFY(m_cloud.asked.size() > asked);
    QVERIFY(m_cloud.asked.at(asked).startsWith(u"devices since"));
    QCOMPARE(m_open, 1); // one connection, kept
}

void TenantServiceTest::stateSaysWhatIsWrong_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("state");
    QTest::newRow("sign-in") << int(ErrorCode::SignInRequired) << int(TenantState::SignInRequired);
    QTest::newRow("no secret") << int(ErrorCode::SecretMissing) << int(TenantState::SignInRequired);
    QTest::newRow("consent") << int(ErrorCode::ConsentRequired) << int(TenantState::ConsentRequired);
    QTest::newRow("network") << int(ErrorCode::ConnectionLost) << int(TenantState::Disconnected);
}

void TenantServiceTest::stateSaysWhatIsWrong()
{
    QFETCH(int, code);
    m_cloud.openError = Error{ErrorCode(code), u"words"_s, u"contoso"_s, {}};
    m_services.push_back(makeService());
    m_services.front()->start();
    QFETCH(int, state);
    QTRY_COMPARE(int(stored().state), state);
}

void TenantServiceTest::signingInAgainTriesAtOnce()
{
    m_cloud.openError = Error{ErrorCode::SignInRequired, u"AADSTS70043"_s, u"contoso"_s, {}};
    m_services.push_back(makeService());
    TenantService& service = *m_services.front();
    service.start();
    QTRY_COMPARE(stored().state, TenantState::SignInRequired);
    QVERIFY(!stored().stateDetail.isEmpty());
    QTRY_VERIFY(!service.isBusy(m_tenant));
    m_cloud.openError.reset();
    QVERIFY(!beginsAnything(service)); // an hour has not passed
    service.retry(m_tenant);
    QTRY_COMPARE(stored().state, TenantState::Connected);
    QVERIFY(stored().stateDetail.isEmpty());
}

void TenantServiceTest::onlyWhenAskedWithoutSchedules()
{
    m_services.push_back(makeService(false));
    TenantService& service = *m_services.front();
    QVERIFY(!beginsAnything(service));
    const TenantId id = m_tenant;
    const QDateTime now = m_site->clock.now();
    QVERIFY(write([=](store::Session& s) { return store::TenantRepository(s).requestSync(id, now); }));
    m_site->clock.time = now.addSecs(1);
    service.wake();
    QTRY_COMPARE(stored().state, TenantState::Connected);
    QTRY_VERIFY(!service.isBusy(m_tenant));
    QVERIFY(!beginsAnything(service));
}

void TenantServiceTest::anotherServiceHoldsIt()
{
    m_services.push_back(makeService());
    m_services.front()->start();
    QTRY_COMPARE(stored().state, TenantState::Connected);
    QTRY_VERIFY(!m_services.front()->isBusy(m_tenant));
    const auto asked = m_cloud.asked.size();
    m_services.push_back(makeService());
    m_site->clock.time = m_site->clock.time.addSecs(40);
    QVERIFY(!beginsAnything(*m_services.front())); // not due; prolongs what it holds
    m_site->clock.time = m_site->clock.time.addSecs(40);
    (void)beginsAnything(*m_services.back()); // due, but not its tenant
    QTRY_VERIFY(!m_services.back()->isBusy(m_tenant));
    QCOMPARE(m_cloud.asked.size(), asked);
    QCoro::waitFor(m_services.front()->stop());
    m_services.back()->wake();
    QTRY_VERIFY(m_cloud.asked.size() > asked);
}

void TenantServiceTest::removedTenantIsClosed()
{
    m_services.push_back(makeService());
    TenantService& service = *m_services.front();
    service.start();
    QTRY_COMPARE(stored().state, TenantState::Connected);
    QTRY_VERIFY(!service.isBusy(m_tenant));
    QCOMPARE(m_open, 1);
    const TenantId id = m_tenant;
    QVERIFY(write([id](store::Session& s) { return store::TenantRepository(s).remove(id); }));
    service.wake();
    QTRY_COMPARE(m_open, 0);
}

void TenantServiceTest::partnershipsThatCameAreMatched()
{
    DirectoryUser anna;
    anna.id = u"u1"_s;
    anna.proxyAddresses = {u"SMTP:anna@contoso.lab"_s};
    m_cloud.users = {anna};
    m_cloud.devices[0].userId = u"u1"_s;
    m_cloud.devices[0].easDeviceId = EasDeviceId(u"APPL1"_s);
    m_services.push_back(makeService());
    TenantService& service = *m_services.front();
    service.start();
    QTRY_COMPARE(stored().state, TenantState::Connected);
    QCOMPARE(stored().matchedCount, 0);
    const ConnectorId connector = m_site->connector.id;
    const QDateTime now = m_site->clock.now();
    QVERIFY(write([=](store::Session& session) -> Expected<void> {
        Mailbox mailbox;
        mailbox.guid = QUuid::createUuidV5(QUuid(), u"anna"_s);
        mailbox.identity = u"contoso.lab/Users/Anna"_s;
        mailbox.primarySmtp = u"anna@contoso.lab"_s;
        auto page = store::MailboxRepository(session).upsertPage(connector, {}, {mailbox});
        if (!page)
            return tl::unexpected(page.error());
        Partnership phone;
        phone.easDeviceId = EasDeviceId(u"appl1"_s);
        auto put = store::PartnershipRepository(session).upsertPage(
            connector, {}, {store::PartnershipRow{page->ids[0], phone}}, now);
        return put ? Expected<void>() : tl::unexpected(put.error());
    }));
    service.rematch();
    QTRY_COMPARE(stored().matchedCount, 1);
}

void TenantServiceTest::stoppingReleases()
{
    m_services.push_back(makeService());
    m_services.front()->start();
    QTRY_COMPARE(stored().state, TenantState::Connected);
    QCoro::waitFor(m_services.front()->stop());
    const TenantId id = m_tenant;
    const QDateTime now = m_site->clock.now();
    QVERIFY(write([=](store::Session& s) {
        return store::TenantRepository(s).hold(id, u"other"_s, now, std::chrono::seconds(1));
    }));
}

void TenantServiceTest::badSettingsAreSaid()
{
    TenantService::Dependencies with{*m_site->site, *m_site->trace, m_site->clock,
        [](const Tenant&) -> Expected<std::unique_ptr<TenantLink>> {
            return fail(ErrorCode::InvalidAddress, u"enter it as https://host"_s, u"ftp://x"_s);
        },
        true, QTimeZone::utc()};
    m_services.push_back(std::make_unique<TenantService>(std::move(with)));
    m_services.front()->start();
    QTRY_COMPARE(stored().state, TenantState::Disconnected);
    QVERIFY(stored().stateDetail.contains(u"ftp://x"));
}

} // namespace postern::site::test

QTEST_GUILESS_MAIN(postern::site::test::TenantServiceTest)
#include "tst_tenant_service.moc"
