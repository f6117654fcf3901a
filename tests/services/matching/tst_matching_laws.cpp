// What must hold for every estate: nobody's phone is linked to another's mailbox, the order of the input is
// nothing, and a second run on the same facts says the same. Generated estates with many collisions, compared
// with a matcher that reads the specification literally and slowly.
#include <QtTest>
#include <random>
#include <set>

#include "services/sync/matching/Matching.h"

using namespace Qt::StringLiterals;
using namespace postern;
using namespace postern::matching;

namespace {

struct Estate
{
    std::vector<PartnershipFacts> partnerships;
    std::vector<DeviceFacts> devices;
    std::vector<Answer> answers;
};

// Few values for each field, so that they meet often.
Estate generate(unsigned seed)
{
    std::mt19937 dice(seed);
    const auto roll = [&dice](int sides) { return int(dice() % unsigned(sides)); };
    const auto text = [&](const QString& prefix, int of) {
        const int value = roll(of + 1);
        return value == of ? QString() : prefix + QString::number(value);
    };
    Estate estate;
    const int people = 1 + roll(5);
    for (int i = 0, n = roll(14); i < n; ++i) {
        PartnershipFacts facts;
        facts.key = i + 1;
        facts.person.value = roll(people + 1) - 1;
        facts.easId = text(u"appl"_s, 6);
        facts.imei = text(u"i"_s, 8);
        facts.model = text(u"m"_s, 2);
        facts.platform = Platform(roll(3));
        facts.lastSeen = roll(4);
        estate.partnerships.push_back(facts);
    }
    for (int i = 0, n = roll(14); i < n; ++i) {
        DeviceFacts facts;
        facts.key = i + 100;
        facts.person.value = roll(people + 1) - 1;
        facts.easId = text(u"appl"_s, 6);
        facts.imei = text(u"i"_s, 8);
        facts.serial = text({}, 6);
        facts.model = text(u"m"_s, 2);
        facts.platform = Platform(roll(3));
        facts.lastCheckIn = roll(3);
        estate.devices.push_back(facts);
    }
    for (int i = 0, n = roll(4); i < n && !estate.partnerships.empty() && !estate.devices.empty(); ++i)
        estate.answers.push_back(Answer{
            1 + roll(int(estate.partnerships.size())), 100 + roll(int(estate.devices.size())), roll(2) == 1});
    // One answer a pair, as the store has it.
    std::ranges::sort(
        estate.answers, {}, [](const Answer& a) { return std::tuple(a.partnership, a.device, a.accepted); });
    const auto rest = std::ranges::unique(
        estate.answers, {}, [](const Answer& a) { return std::tuple(a.partnership, a.device); });
    estate.answers.erase(rest.begin(), rest.end());
    return estate;
}

// By keys, so that shuffled inputs compare.
struct Said
{
    std::map<qint64, std::pair<qint64, MatchKind>> links;
    std::vector<std::tuple<qint64, qint64, CandidateKind>> candidates;
    std::vector<qint64> resets;
    bool operator==(const Said&) const = default;
};

Said said(const Estate& estate)
{
    const Matches matches = match(estate.partnerships, estate.devices, estate.answers);
    Said result;
    for (size_t i = 0; i < matches.links.size(); ++i) {
        if (matches.links[i].device >= 0)
            result.links[estate.partnerships[i].key]
                = {estate.devices[size_t(matches.links[i].device)].key, matches.links[i].kind};
    }
    for (const Candidate& candidate : matches.candidates)
        result.candidates.emplace_back(estate.partnerships[size_t(candidate.partnership)].key,
            estate.devices[size_t(candidate.device)].key, candidate.kind);
    for (const int i : matches.probablyReset)
        result.resets.push_back(estate.partnerships[size_t(i)].key);
    return result;
}

// SYN-11 (a) to (d), read aloud.
std::map<qint64, std::pair<qint64, MatchKind>> literalLinks(const Estate& estate)
{
    std::map<qint64, std::pair<qint64, MatchKind>> links;
    for (const PartnershipFacts& p : estate.partnerships) {
        const auto best = [&](auto hits) {
            const DeviceFacts* found = nullptr;
            for (const DeviceFacts& d : estate.devices) {
                if (p.person.isValid() && d.person == p.person && hits(d)
                    && (!found
                        || std::pair(d.lastCheckIn, d.key) > std::pair(found->lastCheckIn, found->key)))
                    found = &d;
            }
            return found;
        };
        const bool known = !p.easId.isEmpty();
        if (const auto* d = best([&](const DeviceFacts& x) { return known && x.easId == p.easId; }))
            links[p.key] = {d->key, MatchKind::EasDeviceId};
        else if (known
            && std::ranges::any_of(estate.devices, [&](const DeviceFacts& x) { return x.easId == p.easId; }))
            continue; // (b)
        else if (const auto* c
            = best([&](const DeviceFacts& x) { return !p.imei.isEmpty() && x.imei == p.imei; }))
            links[p.key] = {c->key, MatchKind::Imei};
        else if (const auto* s = best([&](const DeviceFacts& x) {
                     return !x.serial.isEmpty() && p.easId == u"appl"_s + x.serial;
                 }))
            links[p.key] = {s->key, MatchKind::Serial};
    }
    return links;
}

constexpr unsigned estates = 20'000;

} // namespace

class TestMatchingLaws : public QObject
{
    Q_OBJECT
private slots:
    void neverLinksTwoPeople();
    void orderIsNothing();
    void asTheSpecificationReads();
    void suggestionsAreOneToOne();
};

void TestMatchingLaws::neverLinksTwoPeople()
{
    qint64 links = 0;
    for (unsigned seed = 0; seed < estates; ++seed) {
        const Estate estate = generate(seed);
        const Matches matches = match(estate.partnerships, estate.devices, estate.answers);
        for (size_t i = 0; i < matches.links.size(); ++i) {
            if (matches.links[i].device < 0)
                continue;
            ++links;
            const PersonId owner = estate.partnerships[i].person;
            QVERIFY2(owner.isValid() && owner == estate.devices[size_t(matches.links[i].device)].person,
                qPrintable(u"seed %1"_s.arg(seed)));
        }
    }
    QVERIFY(links > estates); // there was something to get wrong
}

void TestMatchingLaws::orderIsNothing()
{
    for (unsigned seed = 0; seed < estates; ++seed) {
        Estate estate = generate(seed);
        const Said before = said(estate);
        QVERIFY2(said(estate) == before, qPrintable(u"seed %1, again"_s.arg(seed)));
        std::mt19937 dice(seed + 1);
        std::ranges::shuffle(estate.partnerships, dice);
        std::ranges::shuffle(estate.devices, dice);
        std::ranges::shuffle(estate.answers, dice);
        QVERIFY2(said(estate) == before, qPrintable(u"seed %1, shuffled"_s.arg(seed)));
    }
}

void TestMatchingLaws::asTheSpecificationReads()
{
    for (unsigned seed = 0; seed < estates; ++seed) {
        const Estate estate = generate(seed);
        auto links = said(estate).links;
        std::erase_if(links, [](const auto& link) { return link.second.second == MatchKind::Confirmed; });
        QVERIFY2(links == literalLinks(estate), qPrintable(u"seed %1"_s.arg(seed)));
    }
}

void TestMatchingLaws::suggestionsAreOneToOne()
{
    qint64 suggestions = 0;
    for (unsigned seed = 0; seed < estates; ++seed) {
        const Estate estate = generate(seed);
        const Matches matches = match(estate.partnerships, estate.devices, estate.answers);
        std::set<int> partnerships, devices;
        for (const Candidate& candidate : matches.candidates) {
            QCOMPARE(matches.links[size_t(candidate.partnership)], Link());
            if (candidate.kind != CandidateKind::Suggested)
                continue;
            ++suggestions;
            QVERIFY(partnerships.insert(candidate.partnership).second);
            QVERIFY(devices.insert(candidate.device).second);
            QVERIFY(std::ranges::none_of(
                matches.links, [&](const Link& link) { return link.device == candidate.device; }));
        }
    }
    QVERIFY(suggestions > 100);
}

QTEST_APPLESS_MAIN(TestMatchingLaws)
#include "tst_matching_laws.moc"
