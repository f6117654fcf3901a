// The device list of a site with Intune: what is one row (SYN-14), and that reading the changes always gives
// what reading everything gives, over random walks of links, devices, people and removals.
#include <random>

#include "services/store/cloud/CloudObjects.h"
#include "services/store/cloud/MatchRepository.h"
#include "services/store/cloud/SiteDeviceReader.h"
#include "services/store/cloud/TenantRepository.h"
#include "tests/services/store/EstateTest.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

using frame::DeviceColumn;

constexpr int phones = 12;

ManagedDevice deviceOf(int number, int version)
{
    ManagedDevice device;
    device.id = u"d%1"_s.arg(number);
    device.deviceName = u"phone %1"_s.arg(number);
    device.operatingSystem = u"iOS"_s;
    device.osVersion = u"17.%1"_s.arg(version);
    device.model = u"iPhone 15"_s;
    device.userId = u"u%1"_s.arg(number % 4);
    device.userDisplayName = u"User %1"_s.arg(number % 4);
    device.complianceState = version % 2 ? ComplianceState::Noncompliant : ComplianceState::Compliant;
    device.jailBroken = u"False"_s;
    device.lastSyncDateTime = sampleTime(version);
    return device;
}

DirectoryUser userOf(int number, int version)
{
    DirectoryUser user;
    user.id = u"u%1"_s.arg(number);
    user.userPrincipalName = u"user%1@contoso.lab"_s.arg(number);
    user.department = u"Department %1"_s.arg(version);
    user.hasIntuneLicence = version % 2 == 0;
    return user;
}

} // namespace

class SiteDevicesTest : public EstateTest
{
    Q_OBJECT
public:
    SiteDevicesTest()
        : EstateTest(Dialect::POSTERN_TEST_DIALECT)
    {
    }
private slots:
    void withoutTenantsTheRowsAreExchanges();
    void oneRowADevice();
    void unmatchedIsARowOfItsOwn();
    void changesAreWhatAllIs_data();
    void changesAreWhatAllIs();
    void removedTenantStartsAgain();

private:
    void addTenant();
    void putDevices(const std::vector<ManagedDevice>& devices)
    {
        const TenantId tenant = m_tenant;
        VERIFY_OK(write(
            [=](Session& s) { return ManagedDeviceTable(s).upsertPage(tenant, devices, sampleTime()); }));
    }
    void link(const std::vector<StoredMatch>& matches)
    {
        VERIFY_OK(write([=](Session& s) { return MatchRepository(s).replaceMatches(matches); }));
    }
    [[nodiscard]] Devices all();
    void follow(Devices& devices, qint64& since);
    void step(std::mt19937& dice);
    [[nodiscard]] qint64 number(const Devices& rows, DeviceKey key, DeviceColumn column)
    {
        return rows.at(key.value).number[std::size_t(column)];
    }
    [[nodiscard]] std::string text(const Devices& rows, DeviceKey key, DeviceColumn column)
    {
        return rows.at(key.value).text[std::size_t(column)];
    }

    TenantId m_tenant;
    std::vector<PartnershipId> m_phones;
    int m_version = 0;
};

namespace {

std::function<void(const frame::DeviceRow&)> into(Devices& devices)
{
    return [&devices](const frame::DeviceRow& row) {
        if (row.gone) {
            devices.erase(row.id.value);
            return;
        }
        DeviceCopy& copy = devices[row.id.value];
        copy = DeviceCopy();
        for (std::size_t i = 0; i < copy.text.size(); ++i)
            copy.text[i] = std::string(row.text[i]);
        copy.number = row.number;
    };
}

} // namespace

void SiteDevicesTest::addTenant()
{
    Tenant tenant;
    tenant.name = u"Contoso"_s;
    tenant.tenantId = u"contoso.lab"_s;
    tenant.siteCode = u"PS1"_s;
    m_tenant = write([tenant](Session& s) { return TenantRepository(s).insert(tenant); })->id;
    std::vector<DirectoryUser> users;
    for (int i = 0; i < 4; ++i)
        users.push_back(userOf(i, 0));
    const TenantId id = m_tenant;
    VERIFY_OK(write([=](Session& s) { return UserTable(s).upsertPage(id, users, sampleTime()); }));
    std::vector<PartnershipRow> rows;
    for (int i = 0; i < phones; ++i)
        rows.push_back(m_estate.row(i));
    VERIFY_OK(upsert(rows));
    m_phones.clear();
    for (const PartnershipRow& row : rows)
        m_phones.push_back(stored(row).id);
    std::vector<ManagedDevice> devices;
    for (int i = 0; i < phones; ++i)
        devices.push_back(deviceOf(i, 0));
    putDevices(devices);
}

Devices SiteDevicesTest::all()
{
    Devices devices;
    const auto read_ = read([&](Session& s) { return readSiteDevices(s, 0, into(devices)); });
    return read_ ? devices : Devices();
}

void SiteDevicesTest::follow(Devices& devices, qint64& since)
{
    auto changes = read([&](Session& s) { return readSiteDevices(s, since, into(devices)); });
    VERIFY_OK(changes);
    if (changes->restartNeeded) {
        devices.clear();
        changes = read([&](Session& s) { return readSiteDevices(s, 0, into(devices)); });
    }
    since = changes->revision;
}

void SiteDevicesTest::withoutTenantsTheRowsAreExchanges()
{
    VERIFY_OK(upsert({m_estate.row(1), m_estate.row(2)}));
    QCOMPARE(all(), readAll());
    QCOMPARE(all().size(), 2U);
}

void SiteDevicesTest::oneRowADevice()
{
    addTenant();
    link({{m_phones[0], {1}, MatchKind::EasDeviceId, false}, {m_phones[1], {1}, MatchKind::Imei, false}});
    const Devices rows = all();
    QCOMPARE(rows.size(), std::size_t(phones + phones - 2)); // every device, and the phones that are left
    const DeviceKey key = ManagedDeviceId{1};
    QCOMPARE(number(rows, key, DeviceColumn::PartnershipCount), 2);
    QCOMPARE(number(rows, key, DeviceColumn::Enrolled), 1);
    QCOMPARE(number(rows, key, DeviceColumn::MatchKind), qint64(MatchKind::EasDeviceId));
    QCOMPARE(number(rows, key, DeviceColumn::ComplianceState), qint64(ComplianceState::Compliant));
    QCOMPARE(number(rows, key, DeviceColumn::Platform), qint64(DevicePlatform::IOS));
    QCOMPARE(number(rows, key, DeviceColumn::JailBroken), qint64(JailBroken::No));
    QCOMPARE(number(rows, key, DeviceColumn::IntuneLicensed), 1);
    QCOMPARE(text(rows, key, DeviceColumn::OsVersion), "17.0");
    QCOMPARE(text(rows, key, DeviceColumn::Department), "Department 0");
    QVERIFY(!rows.contains(DeviceKey(m_phones[0]).value));
    // A phone that has never synchronized mail is a row, too.
    const DeviceKey quiet = ManagedDeviceId{5};
    QCOMPARE(number(rows, quiet, DeviceColumn::PartnershipCount), 0);
    QCOMPARE(text(rows, quiet, DeviceColumn::Name), "User 0_iOS");
    QCOMPARE(number(rows, quiet, DeviceColumn::AccessState), frame::noValue);
}

void SiteDevicesTest::unmatchedIsARowOfItsOwn()
{
    addTenant();
    const Devices rows = all();
    QCOMPARE(number(rows, m_phones[3], DeviceColumn::Enrolled), 0);
    QCOMPARE(number(rows, m_phones[3], DeviceColumn::PartnershipCount), 1);
    QCOMPARE(number(rows, m_phones[3], DeviceColumn::IntuneLicensed), frame::noValue); // nobody knows whose
    const std::vector<MailboxPerson> people{{m_estate.mailboxes[3], {1}, 3}};
    VERIFY_OK(write([=](Session& s) { return MatchRepository(s).replacePeople(people); }));
    QCOMPARE(number(all(), m_phones[3], DeviceColumn::IntuneLicensed), 1);
}

void SiteDevicesTest::step(std::mt19937& dice)
{
    const auto roll = [&dice](int sides) { return int(dice() % unsigned(sides)); };
    const TenantId tenant = m_tenant;
    ++m_version;
    switch (roll(7)) {
    case 0:
        putDevices({deviceOf(roll(phones), m_version)});
        break;
    case 1: {
        const QStringList removed{u"d%1"_s.arg(roll(phones))};
        const QDateTime now = sampleTime(m_version);
        VERIFY_OK(write([=](Session& s) { return ManagedDeviceTable(s).markRemoved(tenant, removed, now); }));
        break;
    }
    case 2: {
        const DirectoryUser user = userOf(roll(4), m_version);
        VERIFY_OK(write([=](Session& s) { return UserTable(s).upsertPage(tenant, {user}, sampleTime()); }));
        break;
    }
    case 3: {
        std::vector<MailboxPerson> people;
        for (const MailboxId mailbox : m_estate.mailboxes) {
            if (roll(2) == 0)
                people.push_back({mailbox, {1 + roll(4)}, 1});
        }
        VERIFY_OK(write([=](Session& s) { return MatchRepository(s).replacePeople(people); }));
        break;
    }
    case 4:
        VERIFY_OK(upsert({m_estate.row(roll(phones), m_version)}));
        break;
    default: {
        std::vector<StoredMatch> matches;
        for (const PartnershipId phone : m_phones) {
            if (roll(3) != 0)
                matches.push_back({phone, {1 + roll(phones)}, MatchKind::EasDeviceId, roll(5) == 0});
        }
        link(matches);
        break;
    }
    }
}

void SiteDevicesTest::changesAreWhatAllIs_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 6; ++seed)
        QTest::addRow("seed %u", seed) << seed;
}

void SiteDevicesTest::changesAreWhatAllIs()
{
    QFETCH(unsigned, seed);
    addTenant();
    std::mt19937 dice(seed);
    Devices followed;
    qint64 since = 0;
    follow(followed, since);
    for (int i = 0; i < 60; ++i) {
        for (unsigned n = 1 + dice() % 3; n > 0; --n)
            step(dice);
        follow(followed, since);
        const Devices whole = all();
        if (followed == whole)
            continue;
        for (const auto& [key, row] : whole) {
            const auto other = followed.find(key);
            for (std::size_t at = 0; at < row.text.size() && other != followed.end(); ++at) {
                if (other->second.text[at] != row.text[at] || other->second.number[at] != row.number[at])
                    qWarning() << "row" << key << frame::deviceColumnInfo(DeviceColumn(at)).key;
            }
        }
        QFAIL(qPrintable(
            u"step %1: %2 rows followed, %3 in all"_s.arg(i).arg(followed.size()).arg(whole.size())));
    }
}

void SiteDevicesTest::removedTenantStartsAgain()
{
    addTenant();
    link({{m_phones[0], {1}, MatchKind::EasDeviceId, false}});
    Devices followed;
    qint64 since = 0;
    follow(followed, since);
    const TenantId tenant = m_tenant;
    VERIFY_OK(write([tenant](Session& s) { return TenantRepository(s).remove(tenant); }));
    follow(followed, since);
    QCOMPARE(followed.size(), std::size_t(phones));
    QCOMPARE(followed, readAll());
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::SiteDevicesTest)
#include "tst_site_devices.moc"
