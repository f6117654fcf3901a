// A tenant's synchronisation against a tenant in memory: what a cut, short, empty, garbled or forgotten list
// leaves behind (SYN-05, SYN-06), polls and their watermark (SYN-04, SYN-27), and the matches that come of
// it.
#include <QCoroTask>
#include <QtTest>

#include "services/store/MailboxRepository.h"
#include "services/store/PartnershipRepository.h"
#include "services/store/cloud/CloudObjects.h"
#include "services/store/cloud/MatchRepository.h"
#include "services/store/cloud/TenantRepository.h"
#include "services/sync/cloud/TenantSync.h"
#include "tests/services/sync/SyncFixture.h"
#include "tests/services/sync/cloud/FakeCloud.h"

using namespace Qt::StringLiterals;

namespace postern::sync::test {

namespace {

DirectoryUser userOf(int number)
{
    DirectoryUser user;
    user.id = u"u%1"_s.arg(number);
    user.userPrincipalName = u"user%1@contoso.lab"_s.arg(number);
    user.proxyAddresses = {u"SMTP:mail%1@contoso.lab"_s.arg(number)}; // not the sign-in name (SYN-09)
    user.hasIntuneLicence = true;
    return user;
}

ManagedDevice deviceOf(int number)
{
    ManagedDevice device;
    device.id = u"d%1"_s.arg(number);
    device.userId = u"u%1"_s.arg(number);
    device.operatingSystem = u"iOS"_s;
    device.easDeviceId = EasDeviceId(u"Appl%1"_s.arg(number));
    device.complianceState = ComplianceState::Compliant;
    device.lastSyncDateTime = QDateTime(QDate(2026, 3, 1), QTime(0, 0), Qt::UTC);
    return device;
}

} // namespace

class TenantSyncTest : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void readsAndMatches();
    void whatIsNotListedIsGone();
    void whatAListingSkipsStays();
    void cutListRemovesNothing();
    void shortListAsks_data();
    void shortListAsks();
    void garbledObjectRemovesNothing();
    void peopleByDelta();
    void forgottenDeltaListsAll();
    void shortPeopleAreListedAgain();
    void pollReadsChangesOnly();
    void pollBeforeAFull();
    void failedPollKeepsTheWatermark();
    void membershipThatFailsStays();
    void refusedSignIn();
    void cancelled();

private:
    TenantOutcome full(TenantSyncOptions options = {});
    TenantOutcome poll();
    [[nodiscard]] Tenant stored();
    template <class F> auto read(F work)
    {
        auto future = m_site->site->read(std::move(work));
        future.waitForFinished();
        return *future.result();
    }
    [[nodiscard]] qint64 devices()
    {
        const TenantId id = m_tenant;
        return read([id](store::Session& s) { return store::ManagedDeviceTable(s).count(id); });
    }
    [[nodiscard]] qint64 people()
    {
        const TenantId id = m_tenant;
        return read([id](store::Session& s) { return store::UserTable(s).count(id); });
    }

    std::unique_ptr<SyncFixture> m_site;
    FakeCloud m_cloud;
    TenantId m_tenant;
    std::stop_source m_stop;
};

void TenantSyncTest::init()
{
    m_site = std::make_unique<SyncFixture>();
    m_cloud = FakeCloud();
    m_stop = std::stop_source();
    Tenant tenant;
    tenant.name = u"Contoso"_s;
    tenant.tenantId = u"contoso.lab"_s;
    const ConnectorId connector = m_site->connector.id;
    const QDateTime now = m_site->clock.now();
    auto made = m_site->site->write([=](store::Session& session) -> Expected<Tenant> {
        std::vector<Mailbox> mailboxes;
        for (int i = 0; i < 10; ++i) {
            Mailbox mailbox;
            mailbox.guid = QUuid::createUuidV5(QUuid(), QString::number(i));
            mailbox.identity = u"contoso.lab/Users/User %1"_s.arg(i);
            mailbox.upn = u"other%1@contoso.lab"_s.arg(i);
            mailbox.primarySmtp = u"mail%1@contoso.lab"_s.arg(i);
            mailboxes.push_back(mailbox);
        }
        auto page = store::MailboxRepository(session).upsertPage(connector, {}, mailboxes);
        if (!page)
            return tl::unexpected(page.error());
        std::vector<store::PartnershipRow> phones;
        for (int i = 0; i < 10; ++i) {
            Partnership phone;
            phone.easDeviceId = EasDeviceId(u"appl%1"_s.arg(i));
            phone.deviceType = u"iPhone"_s;
            phones.push_back({page->ids[size_t(i)], phone});
        }
        if (auto put = store::PartnershipRepository(session).upsertPage(connector, {}, phones, now); !put)
            return tl::unexpected(put.error());
        return store::TenantRepository(session).insert(tenant);
    });
    made.waitForFinished();
    m_tenant = made.result()->id;
    for (int i = 0; i < 10; ++i) {
        m_cloud.users.push_back(userOf(i));
        m_cloud.devices.push_back(deviceOf(i));
    }
}

Tenant TenantSyncTest::stored()
{
    const TenantId id = m_tenant;
    return *read([id](store::Session& s) { return store::TenantRepository(s).find(id); });
}

TenantOutcome TenantSyncTest::full(TenantSyncOptions options)
{
    m_site->clock.time = m_site->clock.time.addSecs(60);
    m_cloud.asked.clear();
    TenantSync sync(stored(), {m_cloud, *m_site->site, *m_site->trace, m_site->clock}, options);
    return QCoro::waitFor(sync.full([](const QString&, qint64) {}, m_stop.get_token()));
}

TenantOutcome TenantSyncTest::poll()
{
    m_site->clock.time = m_site->clock.time.addSecs(60);
    m_cloud.asked.clear();
    TenantSync sync(stored(), {m_cloud, *m_site->site, *m_site->trace, m_site->clock}, {});
    return QCoro::waitFor(sync.poll(m_stop.get_token()));
}

void TenantSyncTest::readsAndMatches()
{
    m_cloud.devices[3].userId = u"u4"_s; // somebody else's phone now
    DirectoryGroup group;
    group.id = u"g1"_s;
    group.securityEnabled = true;
    DirectoryGroup list;
    list.id = u"g2"_s;
    m_cloud.groups = {group, list};
    m_cloud.members[u"g1"_s] = {{u"U1"_s, GroupMemberKind::User, {}}, {u"x"_s, GroupMemberKind::Device, {}}};
    const TenantOutcome outcome = full();
    QVERIFY2(outcome.ok, qPrintable(outcome.sentence));
    QCOMPARE(outcome.devices, (TenantCounts{10, 10, 0, 0, 0}));
    QCOMPARE(outcome.matches->linked, 9);
    QCOMPARE(outcome.matches->transferred, 1);
    QCOMPARE(outcome.matches->unknownPeople, 0);
    QVERIFY(m_cloud.asked.contains(u"members g1"_s));
    QVERIFY(!m_cloud.asked.contains(u"members g2"_s)); // a distribution list
    const Tenant tenant = stored();
    QCOMPARE(tenant.organizationName, u"Contoso Ltd"_s);
    QCOMPARE(tenant.deviceCount, 10);
    QCOMPARE(tenant.userCount, 10);
    QCOMPARE(tenant.groupCount, 2);
    QCOMPARE(tenant.matchedCount, 9);
    QCOMPARE(tenant.lastPoll, m_site->clock.time);
    const auto members = read([](store::Session& s) { return store::GroupTable(s).members(1); });
    QCOMPARE(members.size(), 1U);
    // Nothing new: nothing is written but the tenant's own row.
    const TenantOutcome again = full();
    QVERIFY(again.ok);
    QCOMPARE(again.devices, (TenantCounts{10, 0, 0, 0, 0}));
    QCOMPARE(again.matches->changed, 0);
}

void TenantSyncTest::whatIsNotListedIsGone()
{
    QVERIFY(full().ok);
    m_cloud.devices.erase(m_cloud.devices.begin());
    const TenantOutcome outcome = full();
    QVERIFY(outcome.ok);
    QCOMPARE(outcome.devices.removed, 1);
    QCOMPARE(outcome.matches->linked, 9);
    QCOMPARE(devices(), 9);
}

void TenantSyncTest::whatAListingSkipsStays()
{
    QVERIFY(full().ok);
    m_cloud.unlisted = {m_cloud.devices.front().id};
    m_cloud.devices.erase(m_cloud.devices.begin() + 1);
    m_cloud.confirmError = Error{ErrorCode::Timeout, {}, u"graph"_s, {}};
    QVERIFY(!full().ok); // nobody could say
    QCOMPARE(devices(), 10);
    m_cloud.confirmError.reset();
    const TenantOutcome outcome = full();
    QVERIFY(outcome.ok);
    QCOMPARE(outcome.devices.removed, 1); // the other one
    QCOMPARE(devices(), 9);
    QCOMPARE(m_cloud.asked.filter(u"gone: "_s).last().count(u' '), 2); // both, and nobody else
}

void TenantSyncTest::cutListRemovesNothing()
{
    QVERIFY(full().ok);
    const Tenant before = stored();
    m_cloud.devices.erase(m_cloud.devices.begin());
    for (size_t page = 0; page < 5; ++page) {
        m_cloud.devicesFailAtPage = page;
        const TenantOutcome outcome = full();
        QVERIFY(!outcome.ok);
        QCOMPARE(outcome.error->code, ErrorCode::ConnectionLost);
        QCOMPARE(devices(), 10);
        QCOMPARE(stored().lastPoll, before.lastPoll);
        QVERIFY(stored().lastSyncResult.contains(u"connection was lost"));
    }
}

void TenantSyncTest::shortListAsks_data()
{
    QTest::addColumn<int>("left");
    QTest::addColumn<bool>("asks");
    QTest::newRow("none") << 0 << true;
    QTest::newRow("half") << 5 << true;
    QTest::newRow("just under") << 7 << true;
    QTest::newRow("80 %") << 8 << false;
}

void TenantSyncTest::shortListAsks()
{
    QFETCH(int, left);
    QFETCH(bool, asks);
    QVERIFY(full().ok);
    m_cloud.devices.resize(size_t(left));
    const TenantOutcome outcome = full();
    QCOMPARE(outcome.needsConfirmation, asks);
    QCOMPARE(outcome.ok, !asks);
    QCOMPARE(devices(), asks ? 10 : left);
    QCOMPARE(outcome.matches->linked, asks ? 10 : left); // nobody loses his phone meanwhile
    if (!asks)
        return;
    QCOMPARE(outcome.error->code, ErrorCode::ShrinkGuard);
    TenantSyncOptions confirmed;
    confirmed.shrinkConfirmed = true;
    QVERIFY(full(confirmed).ok);
    QCOMPARE(devices(), left);
}

void TenantSyncTest::garbledObjectRemovesNothing()
{
    QVERIFY(full().ok);
    m_cloud.devices.erase(m_cloud.devices.begin());
    m_cloud.garbledDevices = 1; // that one, perhaps
    const TenantOutcome outcome = full();
    QVERIFY(outcome.ok);
    QCOMPARE(outcome.devices.unusable, 1);
    QCOMPARE(devices(), 10);
}

void TenantSyncTest::peopleByDelta()
{
    QVERIFY(full().ok);
    DirectoryUser renamed = userOf(1);
    renamed.displayName = u"New name"_s;
    m_cloud.changedUsers = {renamed, userOf(11)};
    m_cloud.removedUsers = {u"U2"_s};
    const TenantOutcome outcome = full();
    QVERIFY(outcome.ok);
    QVERIFY(m_cloud.asked.contains(u"users since link1"_s));
    QCOMPARE(outcome.users, (TenantCounts{2, 1, 1, 1, 0}));
    QCOMPARE(people(), 10);
    QCOMPARE(outcome.matches->linked, 9); // the phone of the removed one is nobody's
    QCOMPARE(outcome.matches->unknownPeople, 1);
    // A fault keeps the link, so that nothing is missed.
    m_cloud.usersFailAtPage = 0;
    const QStringList before = m_cloud.asked;
    QVERIFY(!full().ok);
    const QString since = m_cloud.asked.first();
    m_cloud.usersFailAtPage.reset();
    QVERIFY(full().ok);
    QCOMPARE(m_cloud.asked.first(), since);
}

void TenantSyncTest::forgottenDeltaListsAll()
{
    QVERIFY(full().ok);
    m_cloud.users.erase(m_cloud.users.begin()); // removed while Graph forgot
    m_cloud.forgetDeltas = true;
    const TenantOutcome outcome = full();
    QVERIFY(outcome.ok);
    QCOMPARE(outcome.users.removed, 1);
    QCOMPARE(people(), 9);
}

void TenantSyncTest::shortPeopleAreListedAgain()
{
    QVERIFY(full().ok);
    const std::vector<DirectoryUser> all = m_cloud.users;
    m_cloud.users.resize(3);
    m_cloud.forgetDeltas = true;
    QVERIFY(full().needsConfirmation);
    QCOMPARE(people(), 10);
    m_cloud.users = all;
    QVERIFY(full().ok);
    QCOMPARE(people(), 10);
}

void TenantSyncTest::pollReadsChangesOnly()
{
    QVERIFY(full().ok);
    const QDateTime watermark = *stored().lastPoll;
    m_cloud.devices[2].complianceState = ComplianceState::Noncompliant;
    m_cloud.devices[2].lastSyncDateTime = watermark.addSecs(-60); // within the overlap
    m_cloud.devices.erase(m_cloud.devices.begin());
    const TenantOutcome outcome = poll();
    QVERIFY(outcome.ok);
    QCOMPARE(outcome.devices, (TenantCounts{1, 0, 1, 0, 0}));
    QCOMPARE(devices(), 10); // never removes
    QCOMPARE(m_cloud.asked.first(), u"devices since "_s + watermark.addSecs(-600).toString(Qt::ISODate));
    QCOMPARE(stored().lastPoll, m_site->clock.time);
    // Nothing changed: no matching.
    m_cloud.devices.clear();
    QVERIFY(!poll().matches);
}

void TenantSyncTest::pollBeforeAFull()
{
    const TenantOutcome outcome = poll();
    QCOMPARE(outcome.error->code, ErrorCode::Incomplete);
    QCOMPARE(devices(), 0);
    // Nor after one that failed.
    m_cloud.devicesFailAtPage = 1;
    QVERIFY(!full().ok);
    QCOMPARE(poll().error->code, ErrorCode::Incomplete);
}

void TenantSyncTest::failedPollKeepsTheWatermark()
{
    QVERIFY(full().ok);
    const auto before = stored().lastPoll;
    m_cloud.devicesFailAtPage = 0;
    QVERIFY(!poll().ok);
    QCOMPARE(stored().lastPoll, before);
}

void TenantSyncTest::membershipThatFailsStays()
{
    DirectoryGroup group;
    group.id = u"g1"_s;
    group.securityEnabled = true;
    m_cloud.groups = {group};
    m_cloud.members[u"g1"_s] = {{u"u1"_s, GroupMemberKind::User, {}}};
    QVERIFY(full().ok);
    const auto members
        = [this] { return read([](store::Session& s) { return store::GroupTable(s).members(1); }).size(); };
    m_cloud.memberErrors[u"g1"_s] = Error{ErrorCode::Incomplete, {}, {}, {}};
    QVERIFY(full().ok);
    QCOMPARE(members(), 1U);
    m_cloud.memberErrors[u"g1"_s] = Error{ErrorCode::ConnectionLost, {}, {}, {}};
    QVERIFY(!full().ok);
    QCOMPARE(members(), 1U);
    m_cloud.memberErrors.clear();
    m_cloud.members[u"g1"_s].clear();
    QVERIFY(full().ok);
    QCOMPARE(members(), 0U);
}

void TenantSyncTest::refusedSignIn()
{
    m_cloud.openError = Error{ErrorCode::SignInRequired, u"AADSTS50173"_s, u"contoso"_s, {}};
    const TenantOutcome outcome = full();
    QCOMPARE(outcome.error->code, ErrorCode::SignInRequired);
    QVERIFY(m_cloud.asked.isEmpty());
    QVERIFY(!stored().lastPoll);
}

void TenantSyncTest::cancelled()
{
    m_stop.request_stop();
    const TenantOutcome outcome = full();
    QCOMPARE(outcome.error->code, ErrorCode::Cancelled);
}

} // namespace postern::sync::test

QTEST_GUILESS_MAIN(postern::sync::test::TenantSyncTest)
#include "tst_tenantsync.moc"
