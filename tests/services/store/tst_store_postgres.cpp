// What only a server can do: refuse, vanish in the middle of a transaction, come back, hold a lock.
#include <libpq-fe.h>

#include "services/store/Query.h"
#include "services/store/SettingsRepository.h"
#include "tests/services/store/StoreTest.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace postern::store {

namespace {

class Outsider
{
public:
    explicit Outsider(const SiteAddress& address)
        : m_session(PQconnectdb(address.toString().toUtf8().constData()))
    {
    }
    Outsider(const Outsider&) = delete;
    Outsider& operator=(const Outsider&) = delete;
    ~Outsider() { PQfinish(m_session); }
    [[nodiscard]] bool run(const char* sql)
    {
        auto* result = PQexec(m_session, sql);
        const auto status = PQresultStatus(result);
        PQclear(result);
        return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    }
    // Ends every other session of this database, as a restart of the server would.
    [[nodiscard]] bool endOthers()
    {
        return run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                   " WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

private:
    PGconn* m_session;
};

} // namespace

class StorePostgresTest : public StoreTest
{
    Q_OBJECT
public:
    StorePostgresTest()
        : StoreTest(Dialect::Postgres)
    {
    }
private slots:
    void nobodyListens();
    void noSuchDatabase();
    void noSiteThere();
    void serverGoneBetweenTransactions();
    void serverGoneInATransaction();
    void lockHeld();
    void longReadEndsWithTheStore();

private:
    [[nodiscard]] Expected<void> set(const QString& key)
    {
        return write([key](Session& s) { return SettingsRepository(s).set(key, u"v"_s); });
    }
    [[nodiscard]] Expected<QMap<QString, QString>> all()
    {
        return read([](Session& s) { return SettingsRepository(s).all(); });
    }
};

void StorePostgresTest::nobodyListens()
{
    const auto refused = Store::open(*SiteAddress::parse(u"postgresql://postern@127.0.0.1:9/ps1"_s));
    QCOMPARE(refused.error().code, ErrorCode::ConnectionRefused);
    QVERIFY(refused.error().origin.contains(u"127.0.0.1:9"_s));
}

void StorePostgresTest::noSuchDatabase()
{
    QUrl url = m_fixture->address().url();
    url.setPath(u"/no_such_database"_s);
    QCOMPARE(Store::open(*SiteAddress::parse(url.toString())).error().code, ErrorCode::NotFound);
}

void StorePostgresTest::noSiteThere()
{
    QUrl url = m_fixture->address().url();
    url.setPath(u"/postgres"_s);
    QCOMPARE(Store::open(*SiteAddress::parse(url.toString())).error().code, ErrorCode::NotFound);
}

void StorePostgresTest::serverGoneBetweenTransactions()
{
    VERIFY_OK(set(u"one"_s));
    QCOMPARE(all()->size(), 1);
    QVERIFY(Outsider(m_fixture->address()).endOthers());
    VERIFY_OK(set(u"two"_s)); // connects again, and prepares its statements again
    QCOMPARE(all()->size(), 2);
}

void StorePostgresTest::serverGoneInATransaction()
{
    VERIFY_OK(set(u"one"_s));
    const auto lost = write([address = m_fixture->address()](Session& s) -> Expected<void> {
        auto first = SettingsRepository(s).set(u"half"_s, u"v"_s);
        if (!first || !Outsider(address).endOthers())
            return fail(ErrorCode::Internal, u"set-up"_s);
        return SettingsRepository(s).set(u"whole"_s, u"v"_s);
    });
    QCOMPARE(lost.error().code, ErrorCode::ConnectionLost);
    QCOMPARE(all()->keys(), QStringList{u"one"_s});
    VERIFY_OK(set(u"two"_s));
    QCOMPARE(all()->size(), 2);
}

void StorePostgresTest::lockHeld()
{
    OpenOptions options;
    options.busyTimeout = 50ms;
    auto store = m_fixture->open(options);
    VERIFY_OK(store);
    Outsider outsider(m_fixture->address());
    QVERIFY(outsider.run("BEGIN") && outsider.run("UPDATE site SET revision = revision"));
    const auto refused
        = finished((*store)->write([](Session& s) { return SettingsRepository(s).set(u"k"_s, u"v"_s); }));
    QCOMPARE(refused.error().code, ErrorCode::ServerBusy);
    QVERIFY(refused.error().retryAfter.has_value());
    QVERIFY(outsider.run("COMMIT"));
    VERIFY_OK(
        finished((*store)->write([](Session& s) { return SettingsRepository(s).set(u"k"_s, u"v"_s); })));
}

void StorePostgresTest::longReadEndsWithTheStore()
{
    QSemaphore started;
    auto future = m_store->read([&started](Session& s) -> Expected<void> {
        started.release();
        Query query(s, "SELECT pg_sleep(60)");
        return query.run();
    });
    started.acquire();
    QElapsedTimer timer;
    timer.start();
    // Interrupts what runs.
    while (!Outsider(m_fixture->address())
                .run("DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname ="
                     " current_database() AND query LIKE 'SELECT pg_sleep%' AND state ="
                     " 'active') THEN RAISE EXCEPTION 'not yet'; END IF; END $$"))
        QVERIFY(timer.elapsed() < 20'000);
    m_store.reset();
    QVERIFY(timer.elapsed() < 30'000);
    QCOMPARE(finished(future).error().code, ErrorCode::Cancelled);
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::StorePostgresTest)
#include "tst_store_postgres.moc"
