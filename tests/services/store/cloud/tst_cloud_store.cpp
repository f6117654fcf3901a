// Tenants and what they list, people and matches, the same class on both databases (POSTERN_TEST_DIALECT).
#include "services/store/MailboxRepository.h"
#include "services/store/cloud/CloudObjects.h"
#include "services/store/cloud/MatchRepository.h"
#include "services/store/cloud/TenantRepository.h"
#include "tests/services/store/EstateTest.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

Tenant sampleTenant(const QString& name = u"Contoso"_s)
{
    Tenant tenant;
    tenant.name = name;
    tenant.cloud = NationalCloud::UsGovHigh;
    tenant.tenantId = u"6ba7b810-9dad-11d1-80b4-"_s + name;
    tenant.clientId = u"client"_s;
    tenant.authority = u"https://login.lab"_s;
    tenant.graphUrl = u"https://graph.lab"_s;
    tenant.caFile = u"/ca.pem"_s;
    tenant.signIn = TenantSignIn::Secret;
    tenant.siteCode = u"PS1"_s;
    tenant.pollSeconds = 30;
    tenant.enabled = false;
    return tenant;
}

ManagedDevice sampleDevice(int number)
{
    ManagedDevice device;
    device.id = u"DEVICE-%1"_s.arg(number);
    device.deviceName = u"Anna's phone 'é' %1"_s.arg(number);
    device.operatingSystem = u"iOS"_s;
    device.osVersion = u"17.2"_s;
    device.serialNumber = u"SER%1"_s.arg(number);
    device.userId = u"user-%1"_s.arg(number);
    device.easDeviceId = EasDeviceId(u"{ApplSER%1}"_s.arg(number));
    device.easActivated = true;
    device.azureADRegistered = number % 2 ? std::optional(false) : std::nullopt;
    device.complianceState = ComplianceState::InGracePeriod;
    device.managementState = OpenEnum<ManagementState>::fromText(u"someNewState");
    device.jailBroken = u"Unknown"_s;
    device.isEncrypted = true;
    device.lastSyncDateTime = sampleTime(number);
    return device;
}

DirectoryUser sampleUser(int number)
{
    DirectoryUser user;
    user.id = u"User-%1"_s.arg(number);
    user.userPrincipalName = u"user%1@contoso.lab"_s.arg(number);
    user.displayName = u"User %1"_s.arg(number);
    user.proxyAddresses = {u"SMTP:u%1@contoso.lab"_s.arg(number), u"smtp:x%1@contoso.lab"_s.arg(number)};
    user.onPremisesSyncEnabled = true;
    user.skuIds = {QUuid::createUuidV5(QUuid(), u"sku"_s)};
    user.hasIntuneLicence = true;
    return user;
}

} // namespace

class CloudStoreTest : public EstateTest
{
    Q_OBJECT
public:
    CloudStoreTest()
        : EstateTest(Dialect::POSTERN_TEST_DIALECT)
    {
    }
private slots:
    void tenantKeepsEveryField();
    void tenantIsLockedOptimistically();
    void namesAndTenantsAreUnique();
    void oneServiceHoldsATenant();
    void askedForSynchronisation();
    void objectsKeepEveryField();
    void unchangedRowsAreNotWritten();
    void goneAndBack();
    void membersAreADifference();
    void deltaLinks();
    void matchesAreADifference();
    void answersTakeSuggestionsAway();
    void detailOfARow();
    void removingATenantRemovesWhatItHad();

private:
    TenantId addTenant();
    std::vector<qint64> addDevices(TenantId tenant, int count);
    std::vector<PartnershipId> addPhones(int count);
};

TenantId CloudStoreTest::addTenant()
{
    return write([](Session& s) { return TenantRepository(s).insert(sampleTenant()); })->id;
}

std::vector<qint64> CloudStoreTest::addDevices(TenantId tenant, int count)
{
    std::vector<ManagedDevice> devices;
    for (int i = 0; i < count; ++i)
        devices.push_back(sampleDevice(i));
    return write([=](Session& s) {
        return ManagedDeviceTable(s).upsertPage(tenant, devices, sampleTime());
    })->ids;
}

std::vector<PartnershipId> CloudStoreTest::addPhones(int count)
{
    std::vector<PartnershipRow> rows;
    for (int i = 0; i < count; ++i)
        rows.push_back(m_estate.row(i));
    if (!upsert(rows))
        return {};
    std::vector<PartnershipId> ids;
    for (const PartnershipRow& row : rows)
        ids.push_back(stored(row).id);
    return ids;
}

void CloudStoreTest::tenantKeepsEveryField()
{
    Tenant tenant = sampleTenant(u"O'Brien; DROP TABLE tenant; --"_s);
    const auto added = write([tenant](Session& s) { return TenantRepository(s).insert(tenant); });
    VERIFY_OK(added);
    tenant.id = added->id;
    tenant.revision = added->revision;
    QCOMPARE(*added, tenant);
    tenant.state = TenantState::Degraded;
    tenant.stateDetail = u"why"_s;
    tenant.organizationName = u"Contoso Ltd"_s;
    tenant.account = u"admin@contoso.lab"_s;
    tenant.permissions = {{u"User.Read.All"_s, true, true, u"no people"_s}, {u"X"_s, false, false, {}}};
    tenant.permissionsAt = sampleTime(1);
    tenant.credentialExpires = sampleTime(2);
    tenant.lastSyncStart = sampleTime(3);
    tenant.lastSyncEnd = sampleTime(4);
    tenant.lastPoll = sampleTime(5);
    tenant.lastSyncResult = u"fine"_s;
    tenant.deviceCount = 1;
    tenant.userCount = 2;
    tenant.groupCount = 3;
    tenant.matchedCount = 4;
    tenant.suggestionCount = 5;
    VERIFY_OK(write([tenant](Session& s) { return TenantRepository(s).record(tenant); }));
    QCOMPARE(*read([tenant](Session& s) { return TenantRepository(s).find(tenant.id); }), tenant);
}

void CloudStoreTest::tenantIsLockedOptimistically()
{
    const auto added = write([](Session& s) { return TenantRepository(s).insert(sampleTenant()); });
    Tenant mine = *added, theirs = *added;
    theirs.pollSeconds = 120;
    VERIFY_OK(write([theirs](Session& s) { return TenantRepository(s).update(theirs); }));
    mine.enabled = true;
    QCOMPARE(write([mine](Session& s) { return TenantRepository(s).update(mine); }).error().code,
        ErrorCode::Conflict);
    // What the service writes does not disturb the lock.
    const auto fresh = read([mine](Session& s) { return TenantRepository(s).find(mine.id); });
    VERIFY_OK(write([mine](Session& s) {
        return TenantRepository(s).setState(mine.id, TenantState::Connected, u"x"_s);
    }));
    Tenant again = **fresh;
    again.enabled = true;
    VERIFY_OK(write([again](Session& s) { return TenantRepository(s).update(again); }));
}

void CloudStoreTest::namesAndTenantsAreUnique()
{
    addTenant();
    Tenant sameTenant = sampleTenant();
    sameTenant.name = u"Another name"_s;
    const auto refused = write([=](Session& s) { return TenantRepository(s).insert(sameTenant); });
    QCOMPARE(refused.error().code, ErrorCode::AlreadyRunning);
    QVERIFY(refused.error().origin.contains(u"Contoso"));
    Tenant sameName = sampleTenant();
    sameName.name = u"CONTOSO"_s;
    sameName.tenantId = u"other"_s;
    QCOMPARE(write([=](Session& s) { return TenantRepository(s).insert(sameName); }).error().code,
        ErrorCode::Conflict);
}

void CloudStoreTest::oneServiceHoldsATenant()
{
    const TenantId id = addTenant();
    const auto hold = [&](const QString& owner, int minute) {
        return write([=](Session& s) {
            return TenantRepository(s).hold(id, owner, sampleTime(minute), std::chrono::minutes(1));
        });
    };
    VERIFY_OK(hold(u"a"_s, 0));
    const auto refused = hold(u"b"_s, 0);
    QCOMPARE(refused.error().code, ErrorCode::LeaseHeld);
    QCOMPARE(refused.error().detail, u"a"_s);
    VERIFY_OK(hold(u"a"_s, 0)); // prolonged
    VERIFY_OK(hold(u"b"_s, 2)); // expired
    QCOMPARE(hold(u"a"_s, 2).error().code, ErrorCode::LeaseHeld);
    VERIFY_OK(write([=](Session& s) { return TenantRepository(s).release(id, u"a"_s); })); // not the owner
    QCOMPARE(hold(u"a"_s, 2).error().code, ErrorCode::LeaseHeld);
    VERIFY_OK(write([=](Session& s) { return TenantRepository(s).release(id, u"b"_s); }));
    VERIFY_OK(hold(u"a"_s, 2));
}

void CloudStoreTest::askedForSynchronisation()
{
    const TenantId id = addTenant();
    const auto asked
        = [&] { return *read([=](Session& s) { return TenantRepository(s).isSyncRequested(id); }); };
    QVERIFY(!asked());
    VERIFY_OK(write([=](Session& s) { return TenantRepository(s).requestSync(id, sampleTime(1)); }));
    QVERIFY(asked());
    Tenant tenant = **read([=](Session& s) { return TenantRepository(s).find(id); });
    tenant.lastSyncStart = sampleTime(2);
    VERIFY_OK(write([=](Session& s) { return TenantRepository(s).record(tenant); }));
    QVERIFY(!asked());
    QCOMPARE(
        write([](Session& s) { return TenantRepository(s).requestSync({99}, sampleTime()); }).error().code,
        ErrorCode::NotFound);
}

void CloudStoreTest::objectsKeepEveryField()
{
    const TenantId tenant = addTenant();
    const auto devices = addDevices(tenant, 3);
    for (int i = 0; i < 3; ++i) {
        const auto found
            = read([&](Session& s) { return ManagedDeviceTable(s).find(devices[std::size_t(i)]); });
        VERIFY_OK(found);
        ManagedDevice expected = sampleDevice(i);
        expected.id = objectKey(expected.id);
        QCOMPARE(**found, expected);
    }
    const DirectoryUser user = sampleUser(1);
    const auto users
        = write([=](Session& s) { return UserTable(s).upsertPage(tenant, {user}, sampleTime()); });
    DirectoryUser expected = user;
    expected.id = objectKey(user.id);
    QCOMPARE(**read([&](Session& s) { return UserTable(s).find(users->ids[0]); }), expected);
    DirectoryGroup group;
    group.id = u"group"_s;
    group.displayName = u"Sales"_s;
    group.groupTypes = {u"Unified"_s};
    group.securityEnabled = true;
    const auto groups
        = write([=](Session& s) { return GroupTable(s).upsertPage(tenant, {group}, sampleTime()); });
    QCOMPARE(**read([&](Session& s) { return GroupTable(s).find(groups->ids[0]); }), group);
}

void CloudStoreTest::unchangedRowsAreNotWritten()
{
    const TenantId tenant = addTenant();
    const auto put = [&](const std::vector<ManagedDevice>& rows) {
        return *write(
            [=](Session& s) { return ManagedDeviceTable(s).upsertPage(tenant, rows, sampleTime()); });
    };
    QCOMPARE(put({sampleDevice(1), sampleDevice(2)}).counts, (PageCounts{2, 0, 0}));
    const qint64 before = revision();
    QCOMPARE(put({sampleDevice(2), sampleDevice(1)}).counts, (PageCounts{0, 0, 2}));
    QCOMPARE(revision(), before);
    ManagedDevice changed = sampleDevice(2);
    changed.id = changed.id.toLower(); // the same object, however it is spelt
    changed.complianceState = ComplianceState::Noncompliant;
    ManagedDevice twice = changed;
    twice.complianceState = ComplianceState::Compliant;
    const auto page = put({sampleDevice(1), changed, twice});
    QCOMPARE(page.counts, (PageCounts{0, 1, 1}));
    QCOMPARE(page.ids[1], page.ids[2]);
    QCOMPARE((*read([&](Session& s) { return ManagedDeviceTable(s).find(page.ids[1]); }))->complianceState,
        OpenEnum(ComplianceState::Compliant));
    ManagedDevice nameless = sampleDevice(3);
    nameless.id.clear();
    QCOMPARE(put({nameless}).ids, std::vector<qint64>{0});
}

void CloudStoreTest::goneAndBack()
{
    const TenantId tenant = addTenant();
    const auto ids = addDevices(tenant, 3);
    IdBitmap seen;
    seen.add(ids[0]);
    const auto count = [&] { return *read([=](Session& s) { return ManagedDeviceTable(s).count(tenant); }); };
    QCOMPARE(
        *write([=](Session& s) { return ManagedDeviceTable(s).markGone(tenant, seen, sampleTime(1)); }), 2);
    QCOMPARE(count(), 1);
    QCOMPARE(*write([=](Session& s) {
        return ManagedDeviceTable(s).markRemoved(
            tenant, {u"device-0"_s, u"device-1"_s, u"nobody"_s}, sampleTime(2));
    }),
        1); // the other one is gone already
    QCOMPARE(count(), 0);
    const auto back = addDevices(tenant, 2);
    QCOMPARE(back[0], ids[0]);
    QCOMPARE(count(), 2);
    QCOMPARE(*write([](Session& s) { return ManagedDeviceTable(s).purgeGone(sampleTime(1)); }), 0);
    QCOMPARE(*write([](Session& s) { return ManagedDeviceTable(s).purgeGone(sampleTime(9)); }), 1);
}

void CloudStoreTest::membersAreADifference()
{
    const TenantId tenant = addTenant();
    std::vector<DirectoryUser> users;
    for (int i = 0; i < 4; ++i)
        users.push_back(sampleUser(i));
    const auto ids
        = write([=](Session& s) { return UserTable(s).upsertPage(tenant, users, sampleTime()); })->ids;
    DirectoryGroup group;
    group.id = u"g"_s;
    const qint64 id
        = write([=](Session& s) { return GroupTable(s).upsertPage(tenant, {group}, sampleTime()); })->ids[0];
    const auto set = [&](std::vector<qint64> members) {
        return *write([=](Session& s) { return GroupTable(s).replaceMembers(id, members); });
    };
    QCOMPARE(set({ids[2], ids[0], ids[2]}), 2);
    const qint64 before = revision();
    QCOMPARE(set({ids[0], ids[2]}), 0);
    QCOMPARE(revision(), before);
    QCOMPARE(set({ids[0], ids[3]}), 2);
    QCOMPARE(*read([=](Session& s) { return GroupTable(s).members(id); }), (std::vector{ids[0], ids[3]}));
    std::vector<std::pair<qint64, qint64>> found;
    VERIFY_OK(read([&](Session& s) {
        return GroupTable(s).eachMembership(
            tenant, [&](qint64 user, qint64 of) { found.emplace_back(user, of); });
    }));
    QCOMPARE(found, (std::vector<std::pair<qint64, qint64>>{{ids[0], id}, {ids[3], id}}));
}

void CloudStoreTest::deltaLinks()
{
    const TenantId tenant = addTenant();
    const auto link = [&](DeltaList list) {
        return *read([=](Session& s) { return TenantRepository(s).deltaLink(tenant, list); });
    };
    QCOMPARE(link(DeltaList::Users), QString());
    for (const QString& text : {u"https://graph/1"_s, u"https://graph/2"_s}) {
        VERIFY_OK(write(
            [=](Session& s) { return TenantRepository(s).setDeltaLink(tenant, DeltaList::Users, text); }));
    }
    QCOMPARE(link(DeltaList::Users), u"https://graph/2"_s);
    QCOMPARE(link(DeltaList::Groups), QString());
}

void CloudStoreTest::matchesAreADifference()
{
    const auto devices = addDevices(addTenant(), 2);
    const auto phones = addPhones(3);
    const StoredMatch first{phones[0], {devices[0]}, MatchKind::EasDeviceId, false};
    const StoredMatch second{phones[1], {devices[1]}, MatchKind::Imei, false};
    const StoredMatch reset{phones[2], {}, MatchKind::None, true};
    const auto put = [&](const std::vector<StoredMatch>& matches) {
        return *write([=](Session& s) { return MatchRepository(s).replaceMatches(matches); });
    };
    const auto all = [&] { return *read([](Session& s) { return MatchRepository(s).matches(); }); };
    QCOMPARE(put({second, first, reset}), 3);
    QCOMPARE(all(), (std::vector{first, second, reset}));
    const qint64 before = revision();
    QCOMPARE(put({first, reset, second}), 0);
    QCOMPARE(revision(), before);
    StoredMatch moved = second;
    moved.device = {devices[0]};
    QCOMPARE(put({first, moved}), 2);
    // What is unlinked stays as none, for readers of changes.
    QCOMPARE(all(), (std::vector{first, moved, StoredMatch{phones[2], {}, MatchKind::None, false}}));
    QCOMPARE(put({first, moved}), 0);
}

void CloudStoreTest::answersTakeSuggestionsAway()
{
    const auto devices = addDevices(addTenant(), 2);
    const auto phones = addPhones(2);
    const std::vector<StoredCandidate> candidates{{phones[0], {devices[0]}, CandidateKind::Suggested},
        {phones[1], {devices[1]}, CandidateKind::Transferred}};
    const auto put = [&](const std::vector<StoredCandidate>& rows) {
        return *write([=](Session& s) { return MatchRepository(s).replaceCandidates(rows); });
    };
    QCOMPARE(put(candidates), 2);
    QCOMPARE(put({candidates[1], candidates[0]}), 0);
    QCOMPARE(*read([](Session& s) { return MatchRepository(s).suggestionCount(); }), 1);
    const StoredAnswer yes{phones[0], {devices[0]}, true};
    const auto say = [&](const StoredAnswer& answer) {
        return write([=](Session& s) { return MatchRepository(s).answer(answer, u"me"_s, sampleTime()); });
    };
    VERIFY_OK(say(yes));
    QCOMPARE(say(yes).error().code, ErrorCode::NotFound); // somebody was faster
    QCOMPARE(say({phones[1], {devices[1]}, true}).error().code, ErrorCode::NotFound); // not a suggestion
    const auto answers = *read([](Session& s) { return MatchRepository(s).answers(); });
    QCOMPARE(answers.size(), 1U);
    QVERIFY(answers[0].accepted && answers[0].partnership == phones[0]);
    QCOMPARE(put({}), 1);
}

void CloudStoreTest::detailOfARow()
{
    const auto devices = addDevices(addTenant(), 2);
    const auto phones = addPhones(3);
    const std::vector<StoredMatch> matches{{phones[0], {devices[0]}, MatchKind::EasDeviceId, false},
        {phones[1], {devices[0]}, MatchKind::Serial, false}};
    const std::vector<StoredCandidate> candidates{{phones[2], {devices[1]}, CandidateKind::Suggested}};
    VERIFY_OK(write([=](Session& s) { return MatchRepository(s).replaceMatches(matches); }));
    VERIFY_OK(write([=](Session& s) { return MatchRepository(s).replaceCandidates(candidates); }));
    const auto detail
        = [&](DeviceKey key) { return *read([=](Session& s) { return MatchRepository(s).detail(key); }); };
    const DeviceDetail first = detail(ManagedDeviceId{devices[0]});
    QCOMPARE(first.partnerships.size(), 2U);
    QVERIFY(first.candidates.empty());
    QCOMPARE(detail(ManagedDeviceId{devices[1]}).candidates.size(), 1U);
    const DeviceDetail alone = detail(phones[2]);
    QCOMPARE(alone.partnerships.size(), 1U);
    QCOMPARE(alone.candidates.size(), 1U);
    QCOMPARE(alone.candidates[0].device, ManagedDeviceId{devices[1]});
    QCOMPARE(alone.candidates[0].serialNumber, u"SER1"_s);
}

void CloudStoreTest::removingATenantRemovesWhatItHad()
{
    const TenantId tenant = addTenant();
    const auto devices = addDevices(tenant, 1);
    const auto phones = addPhones(1);
    const std::vector<StoredMatch> matches{{phones[0], {devices[0]}, MatchKind::EasDeviceId, false}};
    VERIFY_OK(write([=](Session& s) { return MatchRepository(s).replaceMatches(matches); }));
    VERIFY_OK(write([=](Session& s) { return TenantRepository(s).remove(tenant); }));
    QVERIFY(read([](Session& s) { return TenantRepository(s).list(); })->empty());
    QVERIFY(!*read([&](Session& s) { return ManagedDeviceTable(s).find(devices[0]); }));
    QVERIFY(read([](Session& s) { return MatchRepository(s).matches(); })->empty());
    QCOMPARE(write([=](Session& s) { return TenantRepository(s).remove(tenant); }).error().code,
        ErrorCode::NotFound);
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::CloudStoreTest)
#include "tst_cloud_store.moc"
