// A writer that pages without pause, readers that follow its changes, and other threads that ask for work:
// what a reader sees is always a whole number of pages. For the thread sanitizer. The same class on both
// databases.
#include <atomic>
#include <thread>

#include "services/store/SettingsRepository.h"
#include "tests/services/store/EstateTest.h"

using namespace Qt::StringLiterals;

namespace postern::store {

class StoreThreadTest : public EstateTest
{
    Q_OBJECT
public:
    StoreThreadTest()
        : EstateTest(Dialect::POSTERN_TEST_DIALECT)
    {
    }
private slots:
    void readersSeeWholePages();
    void writesFromManyThreads();
};

void StoreThreadTest::readersSeeWholePages()
{
    constexpr int pages = 60;
    constexpr int pageRows = 20;
    std::atomic<bool> done = false;
    std::atomic<int> torn = 0, failures = 0;
    const auto follow = [&] {
        Devices replica;
        qint64 revision = 0;
        while (!done.load()) {
            auto got = readInto(replica, revision);
            if (!got || got->restartNeeded) {
                ++failures;
                return;
            }
            torn += got->revision < revision || replica.size() % pageRows != 0 ? 1 : 0;
            revision = got->revision;
        }
        auto last = readInto(replica, revision);
        failures += last && replica.size() == pages * pageRows ? 0 : 1;
    };
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i)
        readers.emplace_back(follow);
    QSignalSpy changes(m_store.get(), &Store::changed);
    const auto run = beginRun();
    for (int page = 0; page < pages; ++page) {
        std::vector<PartnershipRow> rows;
        for (int i = 0; i < pageRows; ++i)
            rows.push_back(m_estate.row(page * pageRows + i));
        QCOMPARE(upsert(rows, run, page)->added, pageRows);
        QCoreApplication::sendPostedEvents(m_store.get()); // the feed is heard while the writer writes
    }
    done = true;
    for (auto& reader : readers)
        reader.join();
    QCOMPARE(torn.load(), 0);
    QCOMPARE(failures.load(), 0);
    QTRY_VERIFY(!changes.isEmpty() && changes.last().front().value<ChangeSet>().revision() == revision());
    qint64 last = 0;
    for (const auto& arguments : changes) {
        const auto change = arguments.front().value<ChangeSet>();
        QVERIFY(change.revision() > last);
        last = change.revision();
    }
}

void StoreThreadTest::writesFromManyThreads()
{
    const qint64 before = revision();
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([this, thread, &failures] {
            for (int i = 0; i < 25; ++i) {
                const auto written = write([thread, i](Session& s) {
                    return SettingsRepository(s).set(u"%1 %2"_s.arg(thread).arg(i), u"x"_s);
                });
                const auto seen = read([thread, i](Session& s) {
                    return SettingsRepository(s).value(u"%1 %2"_s.arg(thread).arg(i));
                });
                failures += written && seen && *seen ? 0 : 1; // what is committed is there for every reader
            }
        });
    }
    for (auto& thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    QCOMPARE(revision(), before + 100);
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::StoreThreadTest)
#include "tst_store_threads.moc"
