#include "app/lab/population/Population.h"

#include <algorithm>

#include "app/lab/population/Catalogue.h"
#include "app/lab/population/Dice.h"
#include "app/lab/population/Names.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

// Part of every seed: a number changed is another estate.
enum Kind : std::uint64_t {
    PersonKind = 1,
    PhoneKind = 2,
    SplitKind = 4,
    PasswordKind = 5,
    GuidKind = 6,
    ResetKind = 7
};
constexpr std::int64_t dayMs = 86400000;

std::uint64_t hashOf(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : caseFolded(text))
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

std::vector<std::string> namesOf(const Person& p)
{
    return {p.alias, p.upn, p.smtp, p.display, p.commonName, p.canonical(), p.distinguishedName(),
        p.guid.lower(), p.exchangeGuid.lower(), p.legacyDn(), "CONTOSO\\" + p.alias};
}

std::string deviceIdFor(IdKind kind, Dice& dice)
{
    constexpr std::string_view serial = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789";
    switch (kind) {
    case IdKind::ApplSerial:
        return "Appl" + dice.characters(12, serial);
    case IdKind::AndroidC:
        return "androidc" + dice.digits(10);
    case IdKind::Samsung:
        return "SEC" + dice.hex(13);
    case IdKind::Hex32:
        break;
    }
    return dice.hex(32);
}

std::string imeiFor(Dice& dice)
{
    std::string digits = "35" + dice.digits(12);
    int sum = 0;
    for (size_t i = 0; i < digits.size(); ++i) {
        int d = digits[i] - '0';
        if (i % 2 == 1)
            d = d * 2 > 9 ? d * 2 - 9 : d * 2;
        sum += d;
    }
    return digits + char('0' + (10 - sum % 10) % 10);
}

const PhoneModel& modelFor(std::uint64_t roll)
{
    const auto all = phoneModels();
    unsigned total = 0;
    for (const PhoneModel& m : all)
        total += m.weight;
    auto rest = unsigned(roll % total);
    for (const PhoneModel& m : all) {
        if (rest < m.weight)
            return m;
        rest -= m.weight;
    }
    return all.front();
}

} // namespace

Population::Population(PopulationOptions options)
    : m_options(options)
{
    m_firstPhone.reserve(m_options.users + 1);
    m_firstPhone.push_back(0);
    for (std::uint32_t user = 0; user < m_options.users; ++user)
        m_firstPhone.push_back(m_firstPhone.back() + phonesDrawn(user));
    for (std::uint32_t user = 0; user < m_options.users; ++user) {
        const Person p = person(user);
        for (const std::string& name : namesOf(p))
            m_userIndex.push_back({hashOf(name), user});
    }
    m_phoneIndex.reserve(phoneCount());
    m_guidIndex.reserve(phoneCount());
    for (std::uint32_t i = 0; i < phoneCount(); ++i) {
        const PhoneFacts facts = phone(i);
        m_phoneIndex.push_back({hashOf(facts.deviceId), i});
        m_guidIndex.push_back({hashOf(facts.guid.lower()), i});
    }
    const auto order = [](const Entry& a, const Entry& b) {
        return a.hash != b.hash ? a.hash < b.hash : a.index < b.index;
    };
    std::sort(m_userIndex.begin(), m_userIndex.end(), order);
    std::sort(m_phoneIndex.begin(), m_phoneIndex.end(), order);
    std::sort(m_guidIndex.begin(), m_guidIndex.end(), order);
}

// The total is exactly users * devicesPerUser; within a pair of neighbours one may have all of the other's
// phones.
std::uint32_t Population::phonesDrawn(std::uint32_t user) const
{
    const auto upTo
        = [this](std::uint32_t n) { return std::uint32_t(double(n) * m_options.devicesPerUser + 0.5); };
    const auto fair = [&](std::uint32_t n) { return upTo(n + 1) - upTo(n); };
    const std::uint32_t other = user ^ 1U;
    if (other >= m_options.users)
        return fair(user);
    Dice dice(m_options.seed, SplitKind, user / 2);
    const std::uint64_t roll = dice.below(10);
    const std::uint32_t both = fair(user) + fair(other);
    const bool even = user % 2 == 0;
    if (roll == 0)
        return even ? both : 0;
    if (roll == 1)
        return even ? 0 : both;
    if (roll == 2 && both >= 2)
        return even ? both - 1 : 1;
    return fair(user);
}

// The first people have the names that break programs; the others every combination of names once before any
// comes twice.
void Population::name(Person& p) const
{
    const auto hard = hardNames();
    if (p.index < hard.size()) {
        const HardName& name = hard[p.index];
        p.first = name.first;
        p.last = name.last;
        p.display = name.display;
        p.alias = name.alias;
        p.commonName = p.alias == "mgarcia2" ? "Maria Garcia 2" : p.display;
        return;
    }
    const auto given = givenNames(), family = familyNames();
    const std::uint64_t combinations = given.size() * family.size();
    const std::uint64_t n = p.index - hard.size();
    // 4099 is prime and not a factor of the number of combinations.
    const std::uint64_t combination = (n * 4099 + m_options.seed * 7919) % combinations,
                        round = n / combinations;
    const GivenName& g = given[size_t(combination % given.size())];
    const GivenName& f = family[size_t(combination / given.size())];
    p.first = g.text;
    p.last = f.text;
    p.display = p.first + " " + p.last;
    p.alias
        = std::string(g.ascii) + "." + std::string(f.ascii) + (round > 0 ? std::to_string(round + 1) : "");
    p.commonName = p.display + (round > 0 ? " " + std::to_string(round + 1) : "");
}

Person Population::person(std::uint32_t user) const
{
    Dice dice(m_options.seed, PersonKind, user);
    Person p;
    p.index = user;
    name(p);
    const Place& place = places()[size_t(dice.below(places().size()))];
    p.city = place.city;
    p.unit = place.unit;
    p.phone = std::string(place.areaCode) + " " + dice.digits(7);
    p.department = departments()[size_t(dice.below(departments().size()))];
    p.title = titles()[size_t(dice.below(titles().size()))];
    p.office = std::string(place.city) + " " + std::to_string(1 + dice.below(9)) + "." + dice.digits(2);
    p.upn = p.alias + "@contoso.lab";
    p.smtp = dice.percent(12) ? p.alias + "@mail.contoso.example" : p.upn;
    p.guid = Guid::fromNumbers(dice.next(), dice.next());
    p.exchangeGuid = Guid::fromNumbers(dice.next(), dice.next());
    p.createdMs = m_options.referenceMs - std::int64_t(400 + dice.below(2600)) * dayMs
        - std::int64_t(dice.below(86400)) * 1000;
    return p;
}

std::uint32_t Population::ownerOf(std::uint32_t phone) const
{
    const auto next = std::upper_bound(m_firstPhone.begin(), m_firstPhone.end(), phone);
    return std::uint32_t(next - m_firstPhone.begin()) - 1;
}

// One phone in two mailboxes: the second mailbox is that of the user after.
std::uint32_t Population::neighboursBodyOf(std::uint32_t phone, std::uint32_t owner) const
{
    if (owner == 0 || phone != m_firstPhone[owner] || owner % 50 != 7)
        return phone;
    return phoneCountOf(owner - 1) > 0 ? m_firstPhone[owner - 1] : phone;
}

// The second partnership of some users is their first phone after a factory reset (SYN-15).
bool Population::isReset(std::uint32_t phone, std::uint32_t owner) const
{
    return owner % 50 == 31 && phone == m_firstPhone[owner] + 1 && phoneCountOf(owner) > 1;
}

std::uint32_t Population::bodyOf(std::uint32_t phone) const
{
    const std::uint32_t owner = ownerOf(phone);
    return isReset(phone, owner) ? phone - 1 : neighboursBodyOf(phone, owner);
}

std::string Population::idAfterReset(std::uint32_t body) const
{
    const std::uint32_t owner = ownerOf(body);
    const bool reset = body == m_firstPhone[owner] && isReset(body + 1, owner);
    return phone(reset ? body + 1 : body).deviceId;
}

void Population::dress(PhoneFacts& p, std::uint32_t body) const
{
    Dice dice(m_options.seed, PhoneKind, body);
    // Two iPhones of the same name: the second phone of every 25th user repeats the model of the first, which
    // is an iPhone.
    const std::uint32_t bodyOwner = ownerOf(body);
    const std::uint64_t roll = dice.next();
    const bool twins
        = bodyOwner % 25 == 3 && body < m_firstPhone[bodyOwner] + 2 && phoneCountOf(bodyOwner) > 1;
    const PhoneModel& model = twins ? phoneModels().front() : modelFor(roll);
    p.type = model.type;
    p.model = model.model;
    p.friendlyName = model.friendly;
    p.os = model.os;
    p.userAgent = model.userAgent;
    p.protocol = model.protocol;
    p.client = model.client;
    p.provisionable = model.provisionable && !dice.oneIn(40);
    p.osLanguage = dice.percent(60) ? "en-US" : "de-DE";
    const bool cellular = p.client == PhoneClient::Eas && p.type != "WindowsMail" && !dice.percent(15);
    p.imei = imeiFor(dice);
    p.number = dice.digits(10);
    p.carrier = dice.percent(50) ? "Contoso Mobile" : "Fabrikam Telecom";
    p.deviceId = deviceIdFor(model.id, dice);
    if (!cellular)
        p.imei = p.number = p.carrier = {};
}

PhoneFacts Population::phone(std::uint32_t phone) const
{
    PhoneFacts p;
    p.index = phone;
    p.owner = ownerOf(phone);
    dress(p, bodyOf(phone));
    if (isReset(phone, p.owner))
        p.deviceId = Dice(m_options.seed, ResetKind, phone).hex(32);
    // A different phone that happens to send the same id as the neighbour's: only (mailbox, id) is unique.
    if (p.owner > 0 && p.owner % 50 == 19 && phone == m_firstPhone[p.owner]
        && phoneCountOf(p.owner - 1) > 0) {
        PhoneFacts other;
        dress(other, m_firstPhone[p.owner - 1]);
        p.deviceId = other.deviceId;
    }
    Dice dice(m_options.seed, GuidKind, phone);
    p.guid = Guid::fromNumbers(dice.next(), dice.next());
    p.hasStatistics = !dice.oneIn(60);
    p.firstSyncMs = m_options.referenceMs - std::int64_t(2 + dice.below(900)) * dayMs
        - std::int64_t(dice.below(86400)) * 1000;
    return p;
}

std::vector<std::uint32_t> Population::matches(const std::vector<Entry>& entries, std::uint64_t hash)
{
    std::vector<std::uint32_t> out;
    auto at = std::lower_bound(
        entries.begin(), entries.end(), hash, [](const Entry& e, std::uint64_t h) { return e.hash < h; });
    for (; at != entries.end() && at->hash == hash; ++at) {
        if (out.empty() || out.back() != at->index)
            out.push_back(at->index);
    }
    return out;
}

std::vector<std::uint32_t> Population::usersNamed(std::string_view identity) const
{
    std::vector<std::uint32_t> out = matches(m_userIndex, hashOf(identity));
    const std::string folded = caseFolded(identity);
    std::erase_if(out, [&](std::uint32_t user) {
        const auto names = namesOf(person(user));
        return std::none_of(
            names.begin(), names.end(), [&](const std::string& n) { return caseFolded(n) == folded; });
    });
    return out;
}

std::vector<std::uint32_t> Population::phonesWithId(std::string_view deviceId) const
{
    std::vector<std::uint32_t> out = matches(m_phoneIndex, hashOf(deviceId));
    std::erase_if(out, [&](std::uint32_t p) { return !equalsIgnoreCase(phone(p).deviceId, deviceId); });
    return out;
}

std::vector<std::uint32_t> Population::phonesWithGuid(const Guid& guid) const
{
    std::vector<std::uint32_t> out = matches(m_guidIndex, hashOf(guid.lower()));
    std::erase_if(out, [&](std::uint32_t p) { return phone(p).guid != guid; });
    return out;
}

std::string Population::passwordOf(std::uint32_t user) const
{
    Dice dice(m_options.seed, PasswordKind, user);
    return "Phone-" + dice.characters(12, "abcdefghjkmnpqrstuvwxyz23456789");
}

} // namespace postern::lab
