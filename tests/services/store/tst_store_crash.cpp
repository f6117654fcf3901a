// A child process writes pages and is killed (SIGKILL) at a random moment, or in the middle of a migration.
// Afterwards the site opens, is sound, has every page that the child reported as committed and no part of any
// other. POSIX.
#include <QProcess>
#include <QRandomGenerator>
#include <cstdio>
#include <set>

#include "services/store/Migrations.h"
#include "services/store/SyncRunIds.h"
#include "services/store/SyncRunRepository.h"
#include "services/store/sqlite/SqliteConnection.h"
#include "tests/services/store/EstateTest.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

constexpr int pageRows = 50;

void say(const char* what, int number)
{
    std::printf("%s %d\n", what, number);
    std::fflush(stdout);
}

// Child: page n has phones n*50 to n*50+49, all with version n of that round; it says so after each commit.
int writePages(const QString& path, qint64 connector, qint64 run, int firstPage)
{
    auto store = Store::open(*SiteAddress::parse(path));
    if (!store)
        return 1;
    SampleEstate estate{{connector}, {}};
    for (qint64 id = 1; id <= 10; ++id)
        estate.mailboxes.push_back({id});
    for (int page = firstPage; page < firstPage + 100'000; ++page) {
        std::vector<PartnershipRow> rows;
        for (int i = 0; i < pageRows; ++i)
            rows.push_back(estate.row(page % 40 * pageRows + i, page / 40 % 4));
        const auto done = finished((*store)->write([=](Session& s) {
            return PartnershipRepository(s).upsertPage(estate.connector, {run}, rows, sampleTime(page));
        }));
        if (!done)
            return 1;
        say("page", page);
    }
    return 0;
}

// Child: migrates a fresh copy again and again, with a long migration at the end.
int migrateSlowly(const QString& path)
{
    auto migrations = shippedMigrations();
    QByteArray script;
    for (int i = 0; i < 400; ++i)
        script += "CREATE TABLE extra_" + QByteArray::number(i) + " (x BIGINT); INSERT INTO extra_"
            + QByteArray::number(i) + " VALUES (1);";
    const int target = migrations.back().version + 1;
    migrations.push_back({target, script});
    auto connection = SqliteConnection::open({path});
    if (!connection)
        return 1;
    say("begin", target);
    return migrate(**connection, migrations, target) ? 0 : 1;
}

} // namespace

class StoreCrashTest : public EstateTest
{
    Q_OBJECT
public:
    StoreCrashTest()
        : EstateTest(Dialect::Sqlite)
    {
    }
private slots:
    void killedWhilePaging();
    void killedWhileMigrating();

private:
    [[nodiscard]] int runAndKill(const QStringList& arguments, int milliseconds);
};

// The last number that the child said before it died; -1: nothing.
int StoreCrashTest::runAndKill(const QStringList& arguments, int milliseconds)
{
    QProcess child;
    child.start(QCoreApplication::applicationFilePath(), arguments);
    if (!child.waitForStarted() || !child.waitForReadyRead(20'000))
        return -1;
    child.waitForFinished(milliseconds);
    child.kill(); // SIGKILL; nothing when it has ended by itself
    child.waitForFinished();
    const auto lines = child.readAllStandardOutput().split('\n');
    for (auto line = lines.crbegin(); line != lines.crend(); ++line) {
        if (line->contains(' '))
            return line->mid(line->indexOf(' ') + 1).toInt();
    }
    return -1;
}

void StoreCrashTest::killedWhilePaging()
{
    const auto run = beginRun();
    QRandomGenerator random(20260302);
    int next = 0;
    for (int round = 0; round < 25; ++round) {
        m_store.reset();
        const QStringList arguments{u"--write-pages"_s, m_fixture->address().filePath(),
            QString::number(m_estate.connector.value), QString::number(run.value), QString::number(next)};
        const int said = runAndKill(arguments, random.bounded(60));
        QVERIFY(said >= next);
        restart();
        VERIFY_OK(read([](Session& s) { return checkIntegrity(s); }));
        // One page more than it said may be in: committed, but not yet told.
        int newest = -1;
        for (int slot = 0; slot < 40; ++slot) {
            std::set<QDateTime> stamps;
            int rows = 0;
            for (int i = 0; i < pageRows; ++i) {
                const auto phone = stored(m_estate.row(slot * pageRows + i));
                rows += phone.id.isValid() ? 1 : 0;
                if (phone.id.isValid())
                    stamps.insert(*phone.asOf);
            }
            QVERIFY2(rows == 0 || rows == pageRows, "half a page");
            QVERIFY(stamps.size() <= 1);
            if (!stamps.empty())
                newest = std::max(newest, int(sampleTime().secsTo(*stamps.begin()) / 60));
        }
        QVERIFY2(
            newest == said || newest == said + 1, qPrintable(u"%1 said, %2 there"_s.arg(said).arg(newest)));
        // What the run has seen is exactly what is there: none would be marked as gone.
        QCOMPARE(read([run, c = m_estate.connector](Session& s) {
            return PartnershipRepository(s).countUnseen(c, run);
        }).value(),
            0);
        next = newest + 1;
    }
    QVERIFY(next > 40);
}

void StoreCrashTest::killedWhileMigrating()
{
    const int before = shippedMigrations().back().version;
    int finishedOnes = 0;
    for (int milliseconds = 0; milliseconds < 40; milliseconds += 2) {
        init();
        m_store.reset();
        QVERIFY(runAndKill({u"--migrate"_s, m_fixture->address().filePath()}, milliseconds) == before + 1);
        auto connection = SqliteConnection::open({m_fixture->address().filePath()});
        VERIFY_OK(connection);
        const auto version = schemaVersion(**connection);
        VERIFY_OK(version);
        QVERIFY(*version == before || *version == before + 1);
        for (const char* table : {"extra_0", "extra_399"}) { // all of it or nothing
            const bool there = (*connection)->runScript(QByteArray("SELECT * FROM ") + table).has_value();
            QCOMPARE(there, *version == before + 1);
        }
        finishedOnes += *version == before + 1 ? 1 : 0;
        connection = fail(ErrorCode::Cancelled, {});
        cleanup();
    }
    qInfo("%d of 20 migrations were faster than the kill", finishedOnes);
}

int runChild(const QStringList& arguments)
{
    if (arguments.value(1) == u"--write-pages"_s)
        return writePages(arguments.value(2), arguments.value(3).toLongLong(),
            arguments.value(4).toLongLong(), arguments.value(5).toInt());
    if (arguments.value(1) == u"--migrate"_s)
        return migrateSlowly(arguments.value(2));
    return -1;
}

} // namespace postern::store

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    if (const int done = postern::store::runChild(QCoreApplication::arguments()); done >= 0)
        return done;
    postern::store::StoreCrashTest test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_store_crash.moc"
