#include "services/sync/matching/Matching.h"

#include <algorithm>
#include <bit>
#include <map>
#include <tuple>
#include <unordered_map>

using namespace Qt::StringLiterals;

namespace postern::matching {

Platform platformOf(const QString& text)
{
    // Exchange's DeviceType is the phone's own word; what is listed here is what phones say.
    static constexpr struct
    {
        QLatin1String begins;
        Platform platform;
    } words[] = {
        {"iphone"_L1, Platform::Apple},
        {"ipad"_L1, Platform::Apple},
        {"ipod"_L1, Platform::Apple},
        {"ios"_L1, Platform::Apple},
        {"android"_L1, Platform::Android},
        {"samsung"_L1, Platform::Android},
        {"wp"_L1, Platform::Windows},
        {"windows"_L1, Platform::Windows},
        {"universaloutlook"_L1, Platform::Windows},
        {"mac"_L1, Platform::Mac},
    };
    const QString trimmed = text.trimmed();
    for (const auto& word : words) {
        if (trimmed.startsWith(word.begins, Qt::CaseInsensitive))
            return word.platform;
    }
    return Platform::Unknown;
}

QString modelKey(const QString& model)
{
    QString key = model.toLower();
    key.removeIf([](QChar c) { return c.isSpace(); });
    return key;
}

QString imeiKey(const QString& imei)
{
    QString digits;
    for (const QChar c : imei) {
        if (c >= u'0' && c <= u'9')
            digits.append(c);
        else if (c != u'-' && c != u' ' && c != u'/')
            return {};
    }
    if (digits.size() < 14 || digits.size() > 16 || digits.count(digits.front()) == digits.size())
        return {};
    return digits.left(14);
}

namespace {

// A chained hash table in two arrays: nothing is allocated for each row.
class Index
{
public:
    Index(std::span<const DeviceFacts> devices, QString DeviceFacts::*field)
        : m_devices(devices)
        , m_field(field)
        , m_first(std::bit_ceil(devices.size() + 1), -1)
        , m_next(devices.size(), -1)
    {
        for (int i = 0; i < int(devices.size()); ++i) {
            const QString& text = devices[size_t(i)].*field;
            if (text.isEmpty())
                continue;
            int& first = m_first[bucketOf(text)];
            m_next[size_t(i)] = first;
            first = i;
        }
    }

    template <class F> void each(const QString& text, F use) const
    {
        if (text.isEmpty())
            return;
        for (int i = m_first[bucketOf(text)]; i >= 0; i = m_next[size_t(i)]) {
            if (m_devices[size_t(i)].*m_field == text)
                use(i);
        }
    }

private:
    [[nodiscard]] size_t bucketOf(const QString& text) const { return qHash(text) & (m_first.size() - 1); }

    std::span<const DeviceFacts> m_devices;
    QString DeviceFacts::*m_field;
    std::vector<int> m_first; // by hash, -1: none
    std::vector<int> m_next; // of the device, in its bucket
};

struct Group // what (e) compares
{
    int person = -1;
    Platform platform = Platform::Unknown;
    QString model;
    bool operator==(const Group&) const = default;
};

struct GroupHash
{
    size_t operator()(const Group& group) const
    {
        return qHash(group.model, size_t(group.person) * 31 + size_t(group.platform));
    }
};

class Matcher
{
public:
    Matcher(std::span<const PartnershipFacts> partnerships, std::span<const DeviceFacts> devices,
        std::span<const Answer> answers)
        : m_partnerships(partnerships)
        , m_devices(devices)
        , m_byEasId(devices, &DeviceFacts::easId)
        , m_byImei(devices, &DeviceFacts::imei)
        , m_bySerial(devices, &DeviceFacts::serial)
        , m_taken(devices.size(), false)
    {
        for (const Answer& answer : answers)
            m_answers[{answer.partnership, answer.device}] = answer.accepted;
        m_result.links.resize(partnerships.size());
    }

    Matches run()
    {
        m_settled.assign(m_partnerships.size(), false);
        for (int i = 0; i < int(m_partnerships.size()); ++i)
            linkByIds(i);
        suggest();
        sortAnswer();
        return std::move(m_result);
    }

private:
    [[nodiscard]] bool samePerson(int partnership, int device) const
    {
        const PersonId person = m_partnerships[size_t(partnership)].person;
        return person.isValid() && person == m_devices[size_t(device)].person;
    }

    // Of several records of one phone the one that checked in last; then by key, so that order is nothing.
    [[nodiscard]] bool better(int device, int than) const
    {
        if (than < 0)
            return true;
        const DeviceFacts& a = m_devices[size_t(device)];
        const DeviceFacts& b = m_devices[size_t(than)];
        return std::tie(a.lastCheckIn, a.key) > std::tie(b.lastCheckIn, b.key);
    }

    [[nodiscard]] int bestOf(const Index& index, const QString& text, int partnership) const
    {
        int best = -1;
        index.each(text, [&](int device) {
            if (samePerson(partnership, device) && better(device, best))
                best = device;
        });
        return best;
    }

    void link(int partnership, int device, MatchKind kind)
    {
        m_result.links[size_t(partnership)] = Link{device, kind};
        m_settled[size_t(partnership)] = true;
        m_taken[size_t(device)] = true;
    }

    // (a) to (d): the first that hits ends it.
    void linkByIds(int i)
    {
        const PartnershipFacts& facts = m_partnerships[size_t(i)];
        if (const int device = bestOf(m_byEasId, facts.easId, i); device >= 0)
            return link(i, device, MatchKind::EasDeviceId);
        m_byEasId.each(facts.easId, [&](int device) {
            m_result.candidates.push_back(Candidate{i, device, CandidateKind::Transferred});
            m_settled[size_t(i)] = true;
        });
        if (m_settled[size_t(i)])
            return;
        if (const int device = bestOf(m_byImei, facts.imei, i); device >= 0)
            return link(i, device, MatchKind::Imei);
        if (facts.easId.startsWith("appl"_L1)) {
            if (const int device = bestOf(m_bySerial, facts.easId.mid(4), i); device >= 0)
                link(i, device, MatchKind::Serial);
        }
    }

    static Group groupOf(const auto& facts) { return Group{facts.person.value, facts.platform, facts.model}; }
    static bool canGroup(const auto& facts)
    {
        return facts.person.isValid() && facts.platform != Platform::Unknown && !facts.model.isEmpty();
    }

    struct Left
    {
        std::vector<int> partnerships, devices;
    };

    // (e), and what was said of it before.
    void suggest()
    {
        std::unordered_map<Group, Left, GroupHash> groups;
        for (int i = 0; i < int(m_partnerships.size()); ++i) {
            if (!m_settled[size_t(i)] && canGroup(m_partnerships[size_t(i)]))
                groups[groupOf(m_partnerships[size_t(i)])].partnerships.push_back(i);
        }
        findResets(groups);
        for (int i = 0; i < int(m_devices.size()); ++i) {
            if (m_taken[size_t(i)] || !canGroup(m_devices[size_t(i)]))
                continue;
            if (const auto at = groups.find(groupOf(m_devices[size_t(i)])); at != groups.end())
                at->second.devices.push_back(i);
        }
        for (auto& [group, left] : groups) {
            const auto key = [this](int i) { return m_partnerships[size_t(i)].key; };
            std::ranges::sort(left.partnerships, {}, key); // the order of the input is nothing
            suggestIn(left);
        }
    }

    void suggestIn(const Left& left)
    {
        // A confirmed pair stays linked when more phones of that model come: the operator looked.
        std::vector<int> open;
        std::vector<bool> used(left.devices.size(), false);
        for (const int i : left.partnerships) {
            const int at = confirmedOf(i, left.devices, used);
            if (at < 0) {
                open.push_back(i);
                continue;
            }
            used[size_t(at)] = true;
            link(i, left.devices[size_t(at)], MatchKind::Confirmed);
        }
        if (open.size() != 1 || std::count(used.begin(), used.end(), false) != 1)
            return;
        const int device = left.devices[size_t(std::find(used.begin(), used.end(), false) - used.begin())];
        if (answerTo(open.front(), device) != 0) // not refused
            m_result.candidates.push_back(Candidate{open.front(), device, CandidateKind::Suggested});
    }

    // 1 accepted, 0 refused, -1 never asked.
    [[nodiscard]] int answerTo(int partnership, int device) const
    {
        const auto at
            = m_answers.find({m_partnerships[size_t(partnership)].key, m_devices[size_t(device)].key});
        return at == m_answers.end() ? -1 : int(at->second);
    }

    [[nodiscard]] int confirmedOf(
        int partnership, const std::vector<int>& devices, const std::vector<bool>& used) const
    {
        int best = -1;
        for (int at = 0; at < int(devices.size()); ++at) {
            const int device = devices[size_t(at)];
            if (!used[size_t(at)] && answerTo(partnership, device) == 1
                && (best < 0 || better(device, devices[size_t(best)])))
                best = at;
        }
        return best;
    }

    // Looks at what is not linked; the newer one may be linked already.
    void findResets(const std::unordered_map<Group, Left, GroupHash>& groups)
    {
        std::unordered_map<Group, qint64, GroupHash> newest;
        for (const PartnershipFacts& facts : m_partnerships) {
            if (!canGroup(facts) || !groups.contains(groupOf(facts)))
                continue;
            qint64& at = newest[groupOf(facts)];
            at = std::max(at, facts.lastSeen);
        }
        for (const auto& [group, left] : groups) {
            for (const int i : left.partnerships) {
                if (m_partnerships[size_t(i)].lastSeen < newest[group])
                    m_result.probablyReset.push_back(i);
            }
        }
    }

    void sortAnswer()
    {
        const auto keys = [this](const Candidate& candidate) {
            return std::tuple(
                m_partnerships[size_t(candidate.partnership)].key, m_devices[size_t(candidate.device)].key);
        };
        std::ranges::sort(m_result.candidates, {}, keys);
        std::ranges::sort(
            m_result.probablyReset, {}, [this](int i) { return m_partnerships[size_t(i)].key; });
    }

    std::span<const PartnershipFacts> m_partnerships;
    std::span<const DeviceFacts> m_devices;
    Index m_byEasId, m_byImei, m_bySerial;
    std::vector<bool> m_taken; // a device that is linked is not suggested
    std::vector<bool> m_settled; // partnerships
    std::map<std::pair<qint64, qint64>, bool> m_answers;
    Matches m_result;
};

} // namespace

Matches match(std::span<const PartnershipFacts> partnerships, std::span<const DeviceFacts> devices,
    std::span<const Answer> answers)
{
    return Matcher(partnerships, devices, answers).run();
}

} // namespace postern::matching
