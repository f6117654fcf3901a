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

private:
    using Pairs = std::vector<std::pair<int, int>>; // phone, version
    [[nodiscard]] Pairs somePairs(int most);
    // Each does one thing to store and model, and compares what they say.
    void step();
    void beginOrEndRun();
    void mailboxNotRead();
    void applySome();
    void purge();
    void upsertSome();
    void follow();
    void compareEnd();

    QRandomGenerator m_random;
    Model m_model;
    Devices m_replica;
    qint64 m_replicaRevision = 0;
    SyncRunId m_run;
    std::set<int> m_seen; // in m_run
    int m_minute = 0;
};

void PartnershipSequenceTest::randomSequences_data()
{
    QTest::addColumn<int>("seed");
    for (int seed = 1; seed <= 6; ++seed)
        QTest::addRow("seed %d", seed) << seed;
}

PartnershipSequenceTest::Pairs PartnershipSequenceTest::somePairs(int most)
{
    Pairs pairs;
    std::set<int> once;
    for (int i = m_random.bounded(most); i >= 0; --i) {
        const int number = m_random.bounded(120);
        if (once.insert(number).second)
            pairs.emplace_back(number, m_random.bounded(4));
    }
    return pairs;
}

void PartnershipSequenceTest::beginOrEndRun()
{
    if (!m_run.isValid()) {
        m_run = beginRun();
        m_seen.clear();
        return;
    }
    int expected = 0;
    for (auto& entry : m_model.phones) {
        if (entry.second.gone || m_seen.contains(entry.first))
            continue;
        entry.second.gone = true;
        ++entry.second.changes;
        ++expected;
    }
    QCOMPARE(endRun(m_run, m_minute), expected);
    m_run = {};
}

void PartnershipSequenceTest::mailboxNotRead()
{
    const int mailbox = m_random.bounded(10);
    for (auto& entry : m_model.phones) {
        if (entry.first % 10 == mailbox && !entry.second.gone)
            entry.second.stale = true;
    }
    VERIFY_OK(write([id = m_estate.mailboxes[std::size_t(mailbox)]](
                        Session& s) { return PartnershipRepository(s).markNotRead(std::span(&id, 1)); }));
}

void PartnershipSequenceTest::applySome()
{
    const auto pairs = somePairs(30);
    std::vector<StatisticsRow> rows;
    for (const auto& pair : pairs)
        rows.push_back(
            {m_estate.mailboxes[std::size_t(pair.first) % 10], sampleStatistics(pair.first, pair.second)});
    const auto counts = write([rows, minute = m_minute, c = m_estate.connector](Session& s) {
        return PartnershipRepository(s).applyStatistics(c, rows, sampleTime(minute));
    });
    VERIFY_OK(counts);
    QCOMPARE(*counts, m_model.apply(pairs));
}

void PartnershipSequenceTest::purge()
{
    VERIFY_OK(write([minute = m_minute](
                        Session& s) { return PartnershipRepository(s).purgeGone(sampleTime(minute + 1)); }));
    std::erase_if(m_model.phones, [](const auto& entry) { return entry.second.gone; });
}

void PartnershipSequenceTest::upsertSome()
{
    auto pairs = somePairs(60);
    if (m_random.bounded(2))
        pairs.emplace_back(pairs.front().first, m_random.bounded(4)); // once more, perhaps different
    std::vector<PartnershipRow> rows;
    for (const auto& pair : pairs) {
        rows.push_back(m_estate.row(pair.first, pair.second));
        if (m_run.isValid())
            m_seen.insert(pair.first);
    }
    const auto counts = upsert(rows, m_run, m_minute);
    VERIFY_OK(counts);
    QCOMPARE(*counts, m_model.upsert(pairs));
}

void PartnershipSequenceTest::step()
{
    ++m_minute;
    switch (m_random.bounded(9)) {
    case 0:
        return beginOrEndRun();
    case 1:
        return restart();
    case 2:
        return mailboxNotRead();
    case 3:
    case 4:
        return applySome();
    case 5:
        return purge();
    default:
        return upsertSome();
    }
}

void PartnershipSequenceTest::follow()
{
    auto got = readInto(m_replica, m_replicaRevision);
    VERIFY_OK(got);
    if (got->restartNeeded) {
        m_replica.clear();
        got = readInto(m_replica, 0);
        VERIFY_OK(got);
    }
    m_replicaRevision = got->revision;
}

void PartnershipSequenceTest::compareEnd()
{
    std::size_t present = 0;
    for (const auto& entry : m_model.phones) {
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
    QCOMPARE(m_replica.size(), present);
    VERIFY_OK(write([](Session& s) { return checkIntegrity(s); }));
}

void PartnershipSequenceTest::randomSequences()
{
    QFETCH(int, seed);
    m_random.seed(quint32(seed) * 7919);
    m_model = {};
    m_replica.clear();
    m_replicaRevision = 0;
    m_run = {};
    for (int i = 0; i < 160 && !QTest::currentTestFailed(); ++i) {
        step();
        follow();
        if (i % 8 == 0)
            QVERIFY(m_replica == readAll());
    }
    QVERIFY(m_replica == readAll());
    compareEnd();
}

} // namespace postern::store

QTEST_GUILESS_MAIN(postern::store::PartnershipSequenceTest)
#include "tst_partnership_sequences.moc"
