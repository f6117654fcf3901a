// SYN-09 and SYN-11, case by case: each rule and its nearest neighbour that must not link.
#include <QtTest>

#include "services/sync/matching/Matching.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::matching;

Q_DECLARE_METATYPE(PartnershipFacts)
Q_DECLARE_METATYPE(DeviceFacts)

namespace {

constexpr PersonId anna{0};
constexpr PersonId bob{1};

PartnershipFacts partnership(qint64 key, PersonId person, const QString& easId = {})
{
    PartnershipFacts facts;
    facts.key = key;
    facts.person = person;
    facts.easId = easId;
    facts.platform = Platform::Apple;
    facts.model = u"iphone12c1"_s;
    return facts;
}

DeviceFacts device(qint64 key, PersonId person, const QString& easId = {})
{
    DeviceFacts facts;
    facts.key = key;
    facts.person = person;
    facts.easId = easId;
    facts.platform = Platform::Apple;
    facts.model = u"other"_s;
    return facts;
}

} // namespace

class TestMatching : public QObject
{
    Q_OBJECT
private slots:
    void rule_data();
    void rule();
    void newestRecordWins();
    void twoMailboxesOnOnePhone();
    void suggestions();
    void answersAreKept();
    void confirmedPairNeedsTheSamePerson();
    void resetHint();
    void peopleInOrder_data();
    void peopleInOrder();
    void sharedAddressProvesNothing();
    void keys_data();
    void keys();
};

void TestMatching::rule_data()
{
    QTest::addColumn<PartnershipFacts>("p");
    QTest::addColumn<DeviceFacts>("d");
    QTest::addColumn<int>("kind");
    QTest::addColumn<bool>("candidate");

    QTest::newRow("a") << partnership(1, anna, u"appl1"_s) << device(1, anna, u"appl1"_s) << 1 << false;
    QTest::newRow("a: other id") << partnership(1, anna, u"appl1"_s) << device(1, anna, u"appl2"_s) << 0
                                 << false;
    QTest::newRow("b: other user") << partnership(1, anna, u"appl1"_s) << device(1, bob, u"appl1"_s) << 0
                                   << true;
    QTest::newRow("b: no user") << partnership(1, anna, u"appl1"_s) << device(1, {}, u"appl1"_s) << 0 << true;
    QTest::newRow("nobody on both sides")
        << partnership(1, {}, u"appl1"_s) << device(1, {}, u"appl1"_s) << 0 << true;
    QTest::newRow("no id on both sides") << partnership(1, anna) << device(1, anna) << 0 << false;
    PartnershipFacts p = partnership(1, anna, u"android1"_s);
    DeviceFacts d = device(1, anna);
    p.imei = d.imei = imeiKey(u"490154203237518"_s);
    QTest::newRow("c") << p << d << 2 << false;
    d.person = bob;
    QTest::newRow("c: other user") << p << d << 0 << false;
    p = partnership(1, anna, u"appldnpxk1abc"_s);
    d = device(1, anna);
    d.serial = u"dnpxk1abc"_s;
    QTest::newRow("d") << p << d << 3 << false;
    d.person = bob;
    QTest::newRow("d: other user") << p << d << 0 << false;
    d.person = anna;
    p.easId = u"dnpxk1abc"_s;
    QTest::newRow("d: not an iPhone's id") << p << d << 0 << false;
}

void TestMatching::rule()
{
    QFETCH(PartnershipFacts, p);
    QFETCH(DeviceFacts, d);
    const Matches matches = match({&p, 1}, {&d, 1}, {});
    QTEST(int(matches.links.at(0).kind), "kind");
    QCOMPARE(matches.links.at(0).device >= 0, matches.links.at(0).kind != MatchKind::None);
    QTEST(!matches.candidates.empty(), "candidate");
    if (!matches.candidates.empty())
        QCOMPARE(matches.candidates.at(0).kind, CandidateKind::Transferred);
}

void TestMatching::newestRecordWins()
{
    const PartnershipFacts p = partnership(1, anna, u"appl1"_s);
    std::vector<DeviceFacts> devices{
        device(7, anna, u"appl1"_s), device(8, anna, u"appl1"_s), device(9, bob, u"appl1"_s)};
    devices[0].lastCheckIn = 2000;
    devices[1].lastCheckIn = 1000;
    devices[2].lastCheckIn = 3000;
    const Matches matches = match({&p, 1}, devices, {});
    QCOMPARE(matches.links.at(0), (Link{0, MatchKind::EasDeviceId}));
    QVERIFY(matches.candidates.empty()); // the right one is there: no transfer to ask about
}

void TestMatching::twoMailboxesOnOnePhone()
{
    const std::vector<PartnershipFacts> both{
        partnership(1, anna, u"appl1"_s), partnership(2, anna, u"appl1"_s), partnership(3, bob, u"appl1"_s)};
    const DeviceFacts d = device(1, anna, u"appl1"_s);
    const Matches matches = match(both, {&d, 1}, {});
    QCOMPARE(matches.links.at(0).device, 0);
    QCOMPARE(matches.links.at(1).device, 0);
    QCOMPARE(matches.links.at(2), Link()); // the shared mailbox is somebody else's
    QCOMPARE(matches.candidates, (std::vector{Candidate{2, 0, CandidateKind::Transferred}}));
}

void TestMatching::suggestions()
{
    std::vector<PartnershipFacts> ps{partnership(1, anna, u"x"_s)};
    std::vector<DeviceFacts> ds{device(1, anna)};
    ds[0].model = ps[0].model;
    QCOMPARE(match(ps, ds, {}).candidates, (std::vector{Candidate{0, 0, CandidateKind::Suggested}}));
    QCOMPARE(match(ps, ds, {}).links.at(0), Link()); // never by itself

    ds.push_back(device(2, anna, u"x"_s)); // linked: does not stand in the way, and nothing is open any more
    QVERIFY(match(ps, ds, {}).candidates.empty());
    ds.back().easId.clear();
    ds.back().model = ps[0].model; // two to choose from
    QVERIFY(match(ps, ds, {}).candidates.empty());
    ds.pop_back();
    ps.push_back(partnership(2, anna, u"y"_s));
    QVERIFY(match(ps, ds, {}).candidates.empty());
    ps.pop_back();
    ds[0].person = bob;
    QVERIFY(match(ps, ds, {}).candidates.empty());
    ds[0].person = anna;
    ds[0].platform = Platform::Android;
    QVERIFY(match(ps, ds, {}).candidates.empty());
    ds[0].platform = ps[0].platform = Platform::Unknown;
    QVERIFY(match(ps, ds, {}).candidates.empty());
}

void TestMatching::answersAreKept()
{
    std::vector<PartnershipFacts> ps{partnership(1, anna, u"x"_s)};
    std::vector<DeviceFacts> ds{device(10, anna)};
    ds[0].model = ps[0].model;
    const Answer no{1, 10, false};
    QVERIFY(match(ps, ds, {&no, 1}).candidates.empty());
    const Answer yes{1, 10, true};
    QCOMPARE(match(ps, ds, {&yes, 1}).links.at(0), (Link{0, MatchKind::Confirmed}));
    // A second phone of that model later does not take the first one's answer away, and is suggested itself.
    ps.push_back(partnership(2, anna, u"y"_s));
    ds.push_back(device(11, anna));
    ds[1].model = ps[0].model;
    const Matches both = match(ps, ds, {&yes, 1});
    QCOMPARE(both.links.at(0), (Link{0, MatchKind::Confirmed}));
    QCOMPARE(both.candidates, (std::vector{Candidate{1, 1, CandidateKind::Suggested}}));
}

void TestMatching::confirmedPairNeedsTheSamePerson()
{
    const PartnershipFacts p = partnership(1, anna, u"x"_s);
    DeviceFacts d = device(10, bob);
    d.model = p.model;
    const Answer yes{1, 10, true};
    QCOMPARE(match({&p, 1}, {&d, 1}, {&yes, 1}).links.at(0), Link());
}

void TestMatching::resetHint()
{
    std::vector<PartnershipFacts> ps{partnership(1, anna, u"old"_s), partnership(2, anna, u"new"_s)};
    ps[0].lastSeen = 1000;
    ps[1].lastSeen = 2000;
    const DeviceFacts d = device(10, anna, u"new"_s);
    QCOMPARE(match(ps, {&d, 1}, {}).probablyReset, std::vector{0});
    ps[0].person = bob;
    QVERIFY(match(ps, {&d, 1}, {}).probablyReset.empty());
}

void TestMatching::peopleInOrder_data()
{
    QTest::addColumn<QStringList>("who"); // objectId, sid, address, signInName
    QTest::addColumn<int>("person");
    QTest::addColumn<int>("evidence");
    QTest::newRow("object id") << QStringList{u"ID-A"_s, u"S-B"_s, u"bob@x"_s, u"bob@x"_s} << 0 << 1;
    QTest::newRow("sid") << QStringList{u""_s, u"s-b"_s, u"anna@x"_s, u"anna@x"_s} << 1 << 2;
    QTest::newRow("address") << QStringList{u""_s, u""_s, u"SMTP:Anna.Berg@X"_s, u"bob@x"_s} << 0 << 3;
    QTest::newRow("sign-in name") << QStringList{u""_s, u""_s, u"smtp:nobody@x"_s, u"BOB@x"_s} << 1 << 4;
    QTest::newRow("an unknown object id is not the end")
        << QStringList{u"id-z"_s, u""_s, u"anna@x"_s, u""_s} << 0 << 3;
    QTest::newRow("nobody") << QStringList{u""_s, u""_s, u"smtp:nobody@x"_s, u"nobody@x"_s} << -1 << 0;
    QTest::newRow("another kind of address")
        << QStringList{u""_s, u""_s, u"x500:anna@x"_s, u"zoe@x"_s} << -1 << 0;
}

void TestMatching::peopleInOrder()
{
    QFETCH(QStringList, who);
    People people;
    people.add({u"id-a"_s, u"S-A"_s, {u"smtp:anna@x"_s, u"SMTP:anna.berg@x"_s}, u"a.berg@x"_s});
    people.add({u"id-b"_s, u"S-B"_s, {u"SMTP:bob@y"_s}, u"bob@x"_s});
    const Identity identity{who[0], who[1], {who[2]}, who[3]};
    const People::Found found = people.find(identity);
    QTEST(found.person.value, "person");
    QTEST(int(found.evidence), "evidence");
    if (found.person.isValid())
        return;
    const People::Found added = people.findOrAdd(identity);
    QCOMPARE(added.person.value, 2);
    QCOMPARE(people.find(identity).person.value, 2); // the second source finds the same
}

void TestMatching::sharedAddressProvesNothing()
{
    People people;
    people.add({u"a"_s, {}, {u"smtp:info@x"_s, u"smtp:anna@x"_s}, u"anna@x"_s});
    people.add({u"b"_s, {}, {u"smtp:info@x"_s}, u"bob@x"_s});
    const People::Found shared = people.findOrAdd({{}, {}, {u"info@x"_s}, u"anna@x"_s});
    QCOMPARE(shared.evidence, People::Evidence::Ambiguous);
    QVERIFY(!shared.person.isValid());
    QCOMPARE(people.size(), 2);
    // Addresses of two people in one mailbox: neither.
    People distinct;
    distinct.add({u"a"_s, {}, {u"anna@x"_s}, {}});
    distinct.add({u"b"_s, {}, {u"bob@x"_s}, {}});
    QCOMPARE(distinct.find({{}, {}, {u"anna@x"_s, u"bob@x"_s}, {}}).evidence, People::Evidence::Ambiguous);
}

void TestMatching::keys_data()
{
    QTest::addColumn<QString>("imei");
    QTest::addColumn<QString>("key");
    QTest::newRow("fifteen") << u"490154203237518"_s << u"49015420323751"_s;
    QTest::newRow("with version") << u"4901542032375101"_s << u"49015420323751"_s;
    QTest::newRow("dashes") << u"49-015420-323751-8"_s << u"49015420323751"_s;
    QTest::newRow("zeros") << u"000000000000000"_s << QString();
    QTest::newRow("short") << u"4901542"_s << QString();
    QTest::newRow("an MEID") << u"A0000000002329"_s << QString();
    QTest::newRow("nothing") << QString() << QString();
}

void TestMatching::keys()
{
    QFETCH(QString, imei);
    QTEST(imeiKey(imei), "key");
    QCOMPARE(platformOf(u"iPadOS"_s), Platform::Apple);
    QCOMPARE(platformOf(u"SAMSUNGSMG991B"_s), Platform::Android);
    QCOMPARE(platformOf(u"WP8"_s), Platform::Windows);
    QCOMPARE(platformOf(u"macOS"_s), Platform::Mac);
    QCOMPARE(platformOf(u"TestActiveSyncConnectivity"_s), Platform::Unknown);
    QCOMPARE(modelKey(u"iPhone 12C1"_s), u"iphone12c1"_s);
}

QTEST_APPLESS_MAIN(TestMatching)
#include "tst_matching.moc"
