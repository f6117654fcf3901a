// Random sequences of pages, statistics, runs, purges and restarts against a model in memory; a replica that
// follows by incremental reads stays equal to a full read. The same class on both databases
// (POSTERN_TEST_DIALECT).
#include <QRandomGenerator>
#include <set>

#include "services/store/Query.h"
#include "tests/services/store/EstateTest.h"

namespace postern::store {

// What the store should say, worked out the slow way.
class Model
{
public:
    struct Phone
    {
        int version = 0;
        int statistics = -1;
        bool gone = false, stale = false;
        AccessState state = AccessState::NotSeen;
        AccessStateReason reason = AccessStateReason::None;
        int changes = 0; // of state or reason, gone and back included
    };
    std::map<int, Phone> phones;

    PageCounts upsert(const std::vector<std::pair<int, int>>& rows)
    {
        PageCounts counts;
        std::map<int, int> last;
        for (const auto& row : rows)
            last[row.first] = row.second;
        for (const auto& row : last) {
            const auto known = phones.find(row.first);
            const Partnership content = samplePhone(row.first, row.second);
            if (known == phones.end()) {
                phones[row.first]
                    = {row.second, -1, false, false, content.accessState, content.accessStateReason, 0};
                ++counts.added;
                continue;
            }
            Phone& phone = known->second;
            if (!phone.gone && phone.version == row.second) {
                ++counts.unchanged;
                continue;
            }
            ++(phone.gone ? counts.added : counts.changed);
            setState(phone, content.accessState, content.accessStateReason, phone.gone);
            phone.gone = false;
            phone.version = row.second;
        }
        return counts;
    }
    StatisticsCounts apply(const std::vector<std::pair<int, int>>& rows)
    {
        StatisticsCounts counts;
        for (const auto& row : std::map<int, int>(rows.begin(), rows.end())) {
            const auto known = phones.find(row.first);
            if (known == phones.end() || known->second.gone) {
                ++counts.unknown;
                continue;
            }
            Phone& phone = known->second;
            if (phone.statistics == row.second && !phone.stale) {
                ++counts.unchanged;
                continue;
            }
            ++counts.changed;
            phone.stale = false;
            phone.statistics = row.second;
            const auto content = sampleStatistics(row.first, row.second);
            if (content.accessState != AccessState::Unknown
                || content.accessStateReason != AccessStateReason::None)
                setState(phone, content.accessState, content.accessStateReason, false);
        }
        return counts;
    }
    static void setState(Phone& phone, AccessState state, AccessStateReason reason, bool back)
    {
        phone.changes += back || phone.state != state || phone.reason != reason ? 1 : 0;
        phone.state = state;
        phone.reason = reason;
    }
};

class PartnershipSequenceTest : public EstateTest
{
    Q_OBJECT
public:
    PartnershipSequenceTest()
        : EstateTest(Dialect::POSTERN_TEST_DIALECT)
    {
    }
private slots:
    void randomSequences_data();
    void randomSequences();
};

void PartnershipSequenceTest::randomSequences_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 6; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

void PartnershipSequenceTest::randomSequences()
{
    QFETCH(int, seed);
    QRandomGenerator random(quint32(seed) * 7919);
    Model model;
    Devices replica;
    qint64 replicaRevision = 0;
    SyncRunId run;
    std::set<int> seen;
    int minute = 0;
    const auto somePairs = [&](int most) {
        std::vector<std::pair<int, int>> pairs;
        std::set<int> once;
        for (int i = random.bounded(most); i >= 0; --i) {
            const int number = random.bounded(120);
            if (once.insert(number).second)
                pairs.emplace_back(number, random.bounded(4));
        }
        return pairs;
    };
    for (int step = 0; step < 160; ++step) {
        ++minute;
        switch (random.bounded(9)) {
        case 0: // begin a run, or end it as complete
            if (!run.isValid()) {
                run = beginRun();
                seen.clear();
                break;
            } else {
                int expected = 0;
                for (auto& entry : model.phones) {
                    if (entry.second.gone || seen.contains(entry.first))
                        continue;
                    entry.second.gone = true;
                    ++entry.second.changes;
                    ++expected;
                }
                QCOMPARE(endRun(run, minute), expected);
                run = {};
            }
            break;
        case 1: { // the service dies
            restart();
            break;
        }
        case 2: { // a mailbox cannot be read
            const int mailbox = random.bounded(10);
            for (auto& entry : model.phones) {
                if (entry.first % 10 == mailbox && !entry.second.gone)
                    entry.second.stale = true;
            }
            VERIFY_OK(write([id = m_estate.mailboxes[std::size_t(mailbox)]](Session& s) {
                return PartnershipRepository(s).markNotRead(std::span(&id, 1));
            }));
            break;
        }
        case 3:
        case 4: {
            const auto pairs = somePairs(30);
            std::vector<StatisticsRow> rows;
            for (const auto& pair : pairs)
                rows.push_back({m_estate.mailboxes[std::size_t(pair.first) % 10],
                    sampleStatistics(pair.first, pair.second)});
            const auto counts = write([=, c = m_estate.connector](Session& s) {
                return PartnershipRepository(s).applyStatistics(c, rows, sampleTime(minute));
            });
            VERIFY_OK(counts);
            QCOMPARE(*counts, model.apply(pairs));
            break;
        }
        case 5: { // purge; the model forgets too
            VERIFY_OK(write(
                [minute](Session& s) { return PartnershipRepository(s).purgeGone(sampleTime(minute + 1)); }));
            std::erase_if(model.phones, [](const auto& entry) { return entry.second.gone; });
            break;
        }
        default: {
            auto pairs = somePairs(60);
            if (!pairs.empty() && random.bounded(2))
                pairs.emplace_back(pairs.front().first, random.bounded(4)); // once more, perhaps different
            std::vector<PartnershipRow> rows;
            for (const auto& pair : pairs) {
                rows.push_back(m_estate.row(pair.first, pair.second));
                if (run.isValid())
                    seen.insert(pair.first);
            }
            const auto counts = upsert(rows, run, minute);
            VERIFY_OK(counts);
            QCOMPARE(*counts, model.upsert(pairs));
            break;
        }
        }
        auto got = readInto(replica, replicaRevision);
        VERIFY_OK(got);
        if (got->restartNeeded) {
            replica.clear();
            got = readInto(replica, 0);
        }
        replicaRevision = got->revision;
        if (step % 8 == 0)
            QVERIFY(replica == readAll());
    }
    QVERIFY(replica == readAll());
    std::size_t present = 0;
    for (const auto& entry : model.phones) {
        const auto found = stored(m_estate.row(entry.first));
        const auto& phone = entry.second;
        QVERIFY(found.id.isValid());
        QCOMPARE(found.goneSince.has_value(), phone.gone);
        QCOMPARE(found.stale, phone.stale);
        QCOMPARE(found.partnership.userAgent, samplePhone(entry.first, phone.version).userAgent);
        QCOMPARE(found.partnership.accessState, phone.state);
        QCOMPARE(found.partnership.accessStateReason, phone.reason);
        if (phone.statistics >= 0)
            QCOMPARE(found.statistics.statusNote, sampleStatistics(entry.first, phone.statistics).statusNote);
        QCOMPARE(int(history(found.id).size()), phone.changes);
        present += phone.gone ? 0 : 1;
    }
    QCOMPARE(replica.size(), present);
    VERIFY_OK(write([](Session& s) { return checkIntegrity(s); }));
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::PartnershipSequenceTest)
#include "tst_partnership_sequences.moc"
