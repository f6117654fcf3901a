// What goes wrong with a SQLite site: no file, not a site, newer, damaged, full, read-only, locked, closing.
// Each one is a clear error and leaves nothing half-written.
#include <sqlite3.h>

#include <QFile>

#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/MailboxRepository.h"
#include "services/store/Migrations.h"
#include "services/store/Query.h"
#include "services/store/RequestRepository.h"
#include "services/store/SettingsRepository.h"
#include "services/store/sqlite/SqliteConnection.h"
#include "tests/services/store/StoreTest.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace postern::store {

namespace {

// Another program at the file.
class Outsider
{
public:
    explicit Outsider(const QString& file) { sqlite3_open(file.toUtf8().constData(), &m_database); }
    Outsider(const Outsider&) = delete;
    Outsider& operator=(const Outsider&) = delete;
    ~Outsider() { sqlite3_close_v2(m_database); }
    [[nodiscard]] bool run(const char* sql)
    {
        return sqlite3_exec(m_database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
    }

private:
    sqlite3* m_database = nullptr;
};

} // namespace

class StoreErrorTest : public StoreTest
{
    Q_OBJECT
public:
    StoreErrorTest()
        : StoreTest(Dialect::Sqlite)
    {
    }
private slots:
    void noSite();
    void notAPosternSite();
    void newerSchema();
    void everyOlderSchemaOpens();
    void failingMigrationChangesNothing();
    void damagedFile();
    void diskFull();
    void readOnlyFile();
    void lockHeld();
    void twoStoresOnOneFile();
    void closingAnswersEverybody();
    void fileIsPrivate();

private:
    [[nodiscard]] QString file() const { return m_fixture->address().filePath(); }
};

void StoreErrorTest::noSite()
{
    const auto address = SiteAddress::parse(m_fixture->folder() + u"/none.db"_s);
    const auto refused = Store::open(*address);
    QCOMPARE(refused.error().code, ErrorCode::NotFound);
    QVERIFY(refused.error().origin.contains(u"none.db"_s));
    QVERIFY(!QFile::exists(address->filePath()));
    OpenOptions options;
    options.create = true;
    const auto nowhere
        = Store::open(*SiteAddress::parse(m_fixture->folder() + u"/no/such/folder/x.db"_s), options);
    QCOMPARE(nowhere.error().code, ErrorCode::StoreUnavailable);
}

void StoreErrorTest::notAPosternSite()
{
    const QString other = m_fixture->folder() + u"/other.db"_s;
    QVERIFY(Outsider(other).run("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)"));
    OpenOptions options;
    options.create = true;
    const auto refused = Store::open(*SiteAddress::parse(other), options);
    QCOMPARE(refused.error().code, ErrorCode::StoreFailed);
    QVERIFY(refused.error().detail.contains(u"another program"_s));
    QVERIFY(Outsider(other).run("UPDATE theirs SET x = 2"));
}

void StoreErrorTest::newerSchema()
{
    m_store.reset();
    QVERIFY(Outsider(file()).run("INSERT INTO schema_version VALUES (9999, 0)"));
    const auto refused = m_fixture->open();
    QCOMPARE(refused.error().code, ErrorCode::StoreNewer);
    QVERIFY(refused.error().detail.contains(u"9999"_s));
}

// A connector with a mailbox as schema 1 had them, and what schema 2 added.
static Expected<void> fillOldSite(Session& session, int version)
{
    Query connector(session,
        "INSERT INTO connector (id, name, name_key, kind, server_address, authentication, user_name, ca_file,"
        " notification_account, site_code, full_schedule, delta_minutes, max_inactive_days,"
        " parallel_sessions, ad_containers, enabled, lock_revision, state, organization_id) VALUES (7,"
        " 'Head office', 'head office', 'OnPremises', 'https://ex1/PowerShell/', 'Basic', 'svc', '', '',"
        " 'OLD', '1d@00:00', 240, 60, 2, '[]', 1, 3, 'Connected', 'CN=Contoso')");
    if (auto done = connector.run(); !done)
        return done;
    Query mailbox(session,
        "INSERT INTO mailbox (id, connector_id, guid, content_hash, revision, identity, upn,"
        " sam_account_name, domain, display_name, primary_smtp, proxy_addresses, organizational_unit,"
        " department, server_name, eas_mailbox_policy, eas_enabled, allowed_ids, blocked_ids) VALUES (3, 7,"
        " '11111111-1111-1111-1111-111111111111', 5, 1, 'contoso.lab/Users/Anna', 'anna@contoso.lab', 'anna',"
        " 'CONTOSO', 'Anna', 'anna@contoso.lab', '[]', '', '', 'EX1', 'Default', 1, '[\"APPL1\"]', '[]')");
    if (auto done = mailbox.run(); !done || version < 2)
        return done;
    Query request(session,
        "INSERT INTO request (id, kind, connector_id, requested_by, requested_at, state) VALUES (4,"
        " 'SynchronizeFull', 7, 'admin', 1000, 'Queued')");
    if (auto done = request.run(); !done)
        return done;
    Query job(session,
        "INSERT INTO job (id, request_id, kind, connector_id, owner, state, step, done, total, started_at,"
        " ended_at, devices_read, added, changed, removed, not_read, result) VALUES (5, 4,"
        " 'SynchronizeFull', 7, 'me', 'Succeeded', '', 1, 1, 1000, 2000, 1, 1, 0, 0, 0, 'ok')");
    return job.run();
}

void StoreErrorTest::everyOlderSchemaOpens()
{
    const int newest = shippedMigrations().back().version;
    QVERIFY(newest >= 3);
    for (int version = 1; version < newest; ++version) {
        SiteFixture fixture(Dialect::Sqlite);
        OpenOptions old;
        old.schemaVersion = version;
        auto store = fixture.open(old);
        VERIFY_OK(store);
        VERIFY_OK(finished((*store)->initialise(u"OLD"_s, sampleTime())));
        VERIFY_OK(finished((*store)->write([version](Session& s) { return fillOldSite(s, version); })));
        QCOMPARE(finished((*store)->site())->schemaVersion, version);
        store->reset();
        store = fixture.open();
        VERIFY_OK(store);
        QCOMPARE(finished((*store)->site())->schemaVersion, newest);
        QCOMPARE(finished((*store)->site())->siteCode, u"OLD"_s);
        const auto connector
            = finished((*store)->read([](Session& s) { return ConnectorRepository(s).find({7}); }));
        VERIFY_OK(connector);
        QVERIFY(connector->has_value());
        QCOMPARE((*connector)->organizationId, u"CN=Contoso"_s);
        QCOMPARE((*connector)->revision, 3);
        QVERIFY((*connector)->discoverServers && (*connector)->clientAccessServers.empty());
        QVERIFY((*connector)->settings == ConnectorSettings());
        const auto owner
            = finished((*store)->read([](Session& s) { return MailboxRepository(s).find({3}); }));
        QCOMPARE(owner.value().value().allowedIds, QStringList{u"APPL1"_s});
        if (version >= 2) {
            const auto job = finished((*store)->read([](Session& s) { return JobRepository(s).find({5}); }));
            QVERIFY(job.value().has_value() && !(**job).needsConfirmation);
            const auto queued
                = finished((*store)->read([](Session& s) { return RequestRepository(s).find({4}); }));
            QVERIFY(queued.value().has_value() && (**queued).parameters.isEmpty());
        }
        Connector changed = **connector;
        changed.ewsUrl = u"https://ex1/EWS/Exchange.asmx"_s;
        VERIFY_OK(finished(
            (*store)->write([changed](Session& s) { return ConnectorRepository(s).update(changed); })));
        VERIFY_OK(
            finished((*store)->write([](Session& s) { return SettingsRepository(s).set(u"k"_s, u"v"_s); })));
    }
}

void StoreErrorTest::failingMigrationChangesNothing()
{
    m_store.reset();
    auto migrations = shippedMigrations();
    const int newest = migrations.back().version;
    migrations.push_back({newest + 1, "CREATE TABLE half (x BIGINT); CREATE TABLE whole (y"});
    auto opened = SqliteConnection::open({file()});
    VERIFY_OK(opened);
    const auto migrated = migrate(**opened, migrations, newest + 1);
    QVERIFY(!migrated);
    QCOMPARE(schemaVersion(**opened).value(), newest);
    QVERIFY(!(*opened)->runScript("SELECT * FROM half"));
    migrations.back().script = "CREATE TABLE whole (y BIGINT)";
    QCOMPARE(migrate(**opened, migrations, newest + 1).value(), newest + 1);
    QCOMPARE(m_fixture->open().error().code, ErrorCode::StoreNewer);
}

void StoreErrorTest::damagedFile()
{
    const auto estate = write([](Session& s) { return SampleEstate::make(s, 2000); });
    VERIFY_OK(estate);
    m_store.reset();
    QFile damaged(file());
    QVERIFY(damaged.open(QIODevice::ReadWrite));
    const qint64 size = damaged.size();
    QVERIFY(size > 200'000);
    for (qint64 at = 16'384; at < size; at += 8192) { // leave the schema's pages
        damaged.seek(at);
        damaged.write(QByteArray(600, '\xa5'));
    }
    damaged.close();
    auto reopened = m_fixture->open();
    Expected<void> checked = reopened
        ? finished((*reopened)->read([](Session& s) { return checkIntegrity(s); }))
        : Expected<void>(tl::unexpected(reopened.error()));
    QVERIFY(!checked);
    QCOMPARE(checked.error().code, ErrorCode::StoreFailed);
    QVERIFY2(checked.error().detail.contains(u"damaged"_s), qPrintable(checked.error().toLogText()));
    reopened = fail(ErrorCode::Cancelled, {});
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write("this is a letter, and not a database; it is long enough to have a header of one hundred "
                  "bytes, though.");
    damaged.close();
    QFile::remove(file() + u"-wal"_s);
    QCOMPARE(m_fixture->open().error().code, ErrorCode::StoreFailed);
}

void StoreErrorTest::diskFull()
{
    VERIFY_OK(write([](Session& s) { return SettingsRepository(s).set(u"before"_s, u"x"_s); }));
    const auto full = write([](Session& s) -> Expected<SampleEstate> {
        Query pages(s, "PRAGMA page_count");
        if (!pages.next())
            return tl::unexpected(pages.result().error());
        Query limit(s, "PRAGMA max_page_count = 60");
        if (!limit.next())
            return tl::unexpected(limit.result().error());
        return SampleEstate::make(s, 5000);
    });
    QCOMPARE(full.error().code, ErrorCode::StoreFailed);
    QVERIFY2(full.error().detail.contains(u"disk is full"_s), qPrintable(full.error().toLogText()));
    QCOMPARE(read([](Session& s) { return SettingsRepository(s).all(); })->size(), 1);
    VERIFY_OK(read([](Session& s) { return checkIntegrity(s); }));
    QCOMPARE(write([](Session& s) { return MailboxRepository(s).count({1}); }).value(), 0);
}

void StoreErrorTest::readOnlyFile()
{
    VERIFY_OK(write([](Session& s) { return SettingsRepository(s).set(u"k"_s, u"v"_s); }));
    OpenOptions options;
    options.readOnly = true;
    auto reader = Store::open(m_fixture->address(), options);
    VERIFY_OK(reader);
    QCOMPARE(
        finished((*reader)->read([](Session& s) { return SettingsRepository(s).value(u"k"_s); })).value(),
        u"v"_s);
    const auto refused
        = finished((*reader)->write([](Session& s) { return SettingsRepository(s).set(u"k"_s, {}); }));
    QCOMPARE(refused.error().code, ErrorCode::StoreUnavailable);
}

void StoreErrorTest::lockHeld()
{
    OpenOptions options;
    options.busyTimeout = 50ms;
    auto store = m_fixture->open(options);
    VERIFY_OK(store);
    Outsider outsider(file());
    QVERIFY(outsider.run("BEGIN IMMEDIATE"));
    const auto set = [&store] {
        return finished(
            (*store)->write([](Session& s) { return SettingsRepository(s).set(u"k"_s, u"v"_s); }));
    };
    const auto refused = set();
    QCOMPARE(refused.error().code, ErrorCode::ServerBusy);
    QVERIFY(refused.error().retryAfter.has_value());
    VERIFY_OK(finished((*store)->read([](Session& s) { return currentRevision(s); }))); // readers go on
    QVERIFY(outsider.run("COMMIT"));
    VERIFY_OK(set());
}

void StoreErrorTest::twoStoresOnOneFile()
{
    auto other = m_fixture->open();
    VERIFY_OK(other);
    std::vector<QFuture<Expected<void>>> futures;
    for (int i = 0; i < 100; ++i) {
        Store& store = i % 2 ? *m_store : **other;
        futures.push_back(store.write(
            [i](Session& s) { return SettingsRepository(s).set(u"key %1"_s.arg(i), QString::number(i)); }));
    }
    for (auto& future : futures)
        VERIFY_OK(finished(future));
    QCOMPARE(read([](Session& s) { return SettingsRepository(s).all(); })->size(), 100);
    QCOMPARE(revision(), 100);
    const auto since = finished((*other)->read([](Session& s) { return changesSince(s, 99); }));
    QCOMPARE(since->revision(), 100);
}

void StoreErrorTest::closingAnswersEverybody()
{
    std::vector<QFuture<Expected<int>>> futures;
    for (int i = 0; i < 200; ++i) {
        const auto work = [](Session& s) -> Expected<int> {
            auto set = SettingsRepository(s).set(u"k"_s, u"v"_s);
            return set ? Expected<int>(1) : Expected<int>(tl::unexpected(set.error()));
        };
        const auto look = [](Session& s) -> Expected<int> {
            auto all = SettingsRepository(s).all();
            return all ? Expected<int>(1) : Expected<int>(tl::unexpected(all.error()));
        };
        futures.push_back(i % 2 ? m_store->write(work) : m_store->read(look));
    }
    m_store.reset();
    for (auto& future : futures) {
        QVERIFY(future.isFinished());
        const auto result = future.result();
        QVERIFY2(result || result.error().code == ErrorCode::Cancelled,
            result ? "" : qPrintable(result.error().toLogText()));
    }
}

void StoreErrorTest::fileIsPrivate()
{
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(file()) & others));
    VERIFY_OK(write([](Session& s) { return SettingsRepository(s).set(u"k"_s, u"v"_s); }));
    QVERIFY(!(QFile::permissions(file() + u"-wal"_s) & others));
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::StoreErrorTest)
#include "tst_store_errors.moc"
