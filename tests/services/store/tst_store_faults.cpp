// The i-th fault: statement i of a whole sync fails, for i = 0, 1, 2 … until a run has no fault. After each
// one the sync is done again and the site must be what an undisturbed one is. The same class on both
// databases.
#include "services/store/ConnectorRepository.h"
#include "services/store/LeaseRepository.h"
#include "services/store/SyncRunRepository.h"
#include "tests/services/store/EstateTest.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace postern::store {

namespace {

// A second sync over an estate of the first: new, changed, unchanged and gone rows in every step.
class SyncScript
{
public:
    SyncScript(Store& store, SampleEstate estate)
        : m_store(store)
        , m_estate(std::move(estate))
    {
    }
    [[nodiscard]] Expected<void> run()
    {
        return lease()
            .and_then([this] { return begin(); })
            .and_then([this] { return mailboxes(); })
            .and_then([this] { return partnerships(0); })
            .and_then([this] { return partnerships(20); })
            .and_then([this] { return statistics(); })
            .and_then([this] { return end(); });
    }

private:
    template <class F> [[nodiscard]] Expected<void> write(F work)
    {
        return finished(m_store.write([work](Session& s) -> Expected<void> { return work(s); }));
    }
    template <class T> [[nodiscard]] static Expected<void> outcome(const Expected<T>& result)
    {
        return result ? Expected<void>() : Expected<void>(tl::unexpected(result.error()));
    }
    [[nodiscard]] Expected<void> lease()
    {
        return write([e = m_estate](Session& s) {
            return outcome(LeaseRepository(s).acquire(e.connector, u"me"_s, sampleTime(), 60s));
        });
    }
    [[nodiscard]] Expected<void> begin() // or goes on with the one that a fault left
    {
        auto begun = finished(m_store.write([e = m_estate](Session& s) -> Expected<SyncRun> {
            SyncRunRepository runs(s);
            auto left = runs.unfinished(e.connector);
            if (!left)
                return tl::unexpected(left.error());
            if (!*left)
                return runs.begin({{}, e.connector, {}, SyncKind::Full, u"mailboxes"_s, sampleTime()});
            auto restarted = runs.restartMailboxes((*left)->id).and_then([&] {
                return runs.restartPartnerships((*left)->id);
            });
            return restarted ? Expected<SyncRun>(**left)
                             : Expected<SyncRun>(tl::unexpected(restarted.error()));
        }));
        m_run = begun ? begun->id : SyncRunId{};
        return outcome(begun);
    }
    [[nodiscard]] Expected<void> mailboxes()
    {
        return write([e = m_estate, run = m_run](Session& s) {
            std::vector<Mailbox> rows;
            for (int i = 1; i < 12; ++i) { // 0 is gone, 10 and 11 are new
                rows.push_back(sampleMailbox(i));
                rows.back().department += i % 3 == 0 ? u"!"_s : QString();
            }
            return outcome(MailboxRepository(s).upsertPage(e.connector, run, rows));
        });
    }
    [[nodiscard]] Expected<void> partnerships(int first)
    {
        return write([e = m_estate, run = m_run, first](Session& s) {
            std::vector<PartnershipRow> rows;
            for (int i = first; i < first + 20; ++i) {
                if (i % 7 != 0)
                    rows.push_back(e.row(i, i % 3));
            }
            return outcome(PartnershipRepository(s).upsertPage(e.connector, run, rows, sampleTime(5)));
        });
    }
    [[nodiscard]] Expected<void> statistics()
    {
        return write([e = m_estate, run = m_run](Session& s) -> Expected<void> {
            std::vector<StatisticsRow> rows;
            for (int i = 0; i < 40; i += 2)
                rows.push_back({e.mailboxes[std::size_t(i) % 10], sampleStatistics(i, 1)});
            auto applied = PartnershipRepository(s).applyStatistics(e.connector, rows, sampleTime(6));
            auto stale = PartnershipRepository(s).markNotRead(std::span(&e.mailboxes[3], 1));
            auto noted = SyncRunRepository(s).markMailboxesDone(run, e.mailboxes);
            return !applied ? outcome(applied) : !stale ? outcome(stale) : noted;
        });
    }
    [[nodiscard]] Expected<void> end()
    {
        return write([e = m_estate, run = m_run](Session& s) -> Expected<void> {
            auto phones = PartnershipRepository(s).markGone(e.connector, run, sampleTime(7));
            auto owners = MailboxRepository(s).markGone(e.connector, run, sampleTime(7));
            if (!phones || !owners)
                return phones ? outcome(owners) : outcome(phones);
            SyncOutcome done{
                SyncKind::Full, sampleTime(), sampleTime(7), u"Succeeded"_s, sampleTime(), 34, 11};
            return ConnectorRepository(s).recordSync(e.connector, done).and_then([&] {
                return SyncRunRepository(s).finish(run);
            });
        });
    }

    Store& m_store;
    SampleEstate m_estate;
    SyncRunId m_run;
};

struct Outcome
{
    std::vector<DeviceCopy> devices; // without ids, which depend on how often a page was tried
    PartnershipCounts counts;
    Connector connector;
    int historyRows = 0;
    bool operator==(const Outcome&) const = default;
};

} // namespace

class StoreFaultTest : public EstateTest
{
    Q_OBJECT
public:
    StoreFaultTest()
        : EstateTest(Dialect::POSTERN_TEST_DIALECT)
    {
    }
private slots:
    void everyStatementFailsOnce();

private:
    void prepareFirstSync();
    [[nodiscard]] Outcome outcome();
};

void StoreFaultTest::prepareFirstSync()
{
    cleanup();
    init();
    std::vector<PartnershipRow> rows;
    for (int i = 0; i < 30; ++i)
        rows.push_back(m_estate.row(i));
    QCOMPARE(upsert(rows).value().added, 30);
}

Outcome StoreFaultTest::outcome()
{
    Outcome result;
    for (const auto& entry : readAll())
        result.devices.push_back(entry.second);
    std::sort(result.devices.begin(), result.devices.end(),
        [](const DeviceCopy& a, const DeviceCopy& b) { return a.text < b.text; });
    result.counts
        = read([e = m_estate](Session& s) { return PartnershipRepository(s).counts(e.connector); }).value();
    result.connector = read([e = m_estate](Session& s) { return ConnectorRepository(s).find(e.connector); })
                           .value()
                           .value();
    for (qint64 id = 1; id < 200; ++id)
        result.historyRows += int(history({id}).size());
    return result;
}

void StoreFaultTest::everyStatementFailsOnce()
{
    prepareFirstSync();
    VERIFY_OK(SyncScript(*m_store, m_estate).run());
    const Outcome expected = outcome();
    QCOMPARE(expected.counts.present, qint64(34));
    QVERIFY(expected.historyRows > 10);
    int i = 0;
    for (bool faulted = true; faulted; ++i) {
        prepareFirstSync();
        m_store.reset();
        const auto left = std::make_shared<std::atomic<int>>(i);
        OpenOptions options;
        options.faultHook = [left] { return left->fetch_sub(1) == 0; };
        auto opened = m_fixture->open(options);
        VERIFY_OK(opened);
        m_store = std::move(*opened);
        const auto first = SyncScript(*m_store, m_estate).run();
        faulted = left->load() < 0;
        QVERIFY2(
            first.has_value() != faulted, "a failed statement is an error of the step, and nothing else is");
        if (faulted) {
            QVERIFY2(first.error().detail.contains(u"injected"_s), qPrintable(first.error().toLogText()));
            VERIFY_OK(SyncScript(*m_store, m_estate).run());
        }
        QVERIFY2(outcome() == expected, qPrintable(u"after fault %1"_s.arg(i)));
        VERIFY_OK(read([](Session& s) { return checkIntegrity(s); }));
    }
    qInfo("%d statements failed, one at a time", i - 1);
    QVERIFY(i > 40);
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::StoreFaultTest)
#include "tst_store_faults.moc"
