#include "app/lab/graph/Tenant.h"

#include <algorithm>
#include <chrono>
#include <mutex>

#include "app/lab/population/Dice.h"
#include "app/lab/text/Text.h"

namespace postern::lab {

namespace {

enum Kind : std::uint64_t {
    RecordKind = 100,
    ExtraRecordKind = 101,
    FormerRecordKind = 102,
    NewRecordKind = 103
};
constexpr std::int64_t dayMs = 86400000;

std::int64_t steadyMs()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

void identify(ManagedRecord& record, std::uint64_t seed, std::uint64_t kind, std::uint64_t index)
{
    Dice dice(seed, kind, index);
    for (Guid* id : {&record.id, &record.azureDeviceId, &record.directoryId}) {
        const std::uint64_t high = dice.next();
        *id = Guid::fromNumbers(high, dice.next());
    }
}

// Seen in real tenants: the phone was enrolled anew, its record from before stays, unseen for months.
ManagedRecord formerOf(const ManagedRecord& record, std::uint64_t seed)
{
    ManagedRecord former = record;
    former.former = true;
    identify(former, seed, FormerRecordKind, record.phone);
    former.state.compliance = "noncompliant";
    former.state.enrolledMs -= 400 * dayMs;
    former.state.lastSyncMs = former.state.enrolledMs + 100 * dayMs;
    former.state.easActivatedMs = former.state.enrolledMs;
    return former;
}

// States that last minutes (activation pending, never evaluated) would be over by the time somebody looks.
void makeYoung(Enrolment& state, std::int64_t shiftMs)
{
    state.enrolledMs += shiftMs;
    state.lastSyncMs += shiftMs;
    if (state.easActivatedMs != 0)
        state.easActivatedMs += shiftMs;
}

} // namespace

Tenant::Tenant(Estate& estate)
    : m_estate(estate)
    , m_id(tenantIdOf(estate.people().options().seed))
{
    for (std::uint32_t user = 0; user < people().userCount(); ++user)
        m_userById.emplace(cloudUserOf(people(), people().person(user)).id, user);
    makeRecords();
    m_generated = std::uint32_t(m_records.size());
    m_texts.resize(m_records.size());
}

void Tenant::makeRecords()
{
    const std::uint64_t seed = people().options().seed;
    for (std::uint32_t phone = 0; phone < people().phoneCount(); ++phone) {
        ManagedRecord record;
        record.state = enrolmentOf(people(), phone);
        if (!record.state.enrolled)
            continue;
        record.phone = phone;
        if (record.state.young)
            makeYoung(record.state, m_estate.nowMs() - people().options().referenceMs);
        identify(record, seed, RecordKind, phone);
        if (!record.state.activeAction.empty())
            record.actions.push_back({std::string(record.state.activeAction), "pending",
                people().options().referenceMs - dayMs, people().options().referenceMs - dayMs});
        if (record.state.hasFormerRecord)
            add(formerOf(record, seed));
        add(std::move(record));
    }
    for (std::uint32_t user = 0; user < people().userCount(); ++user) {
        if (!hasExtraDevice(people(), user))
            continue;
        ManagedRecord record;
        record.extraOf = user;
        record.state = extraEnrolmentOf(people(), user);
        identify(record, seed, ExtraRecordKind, user);
        add(std::move(record));
    }
}

void Tenant::add(ManagedRecord record)
{
    const auto number = std::uint32_t(m_records.size());
    m_recordById.emplace(record.id, number);
    if (record.phone != nobody && !record.former)
        m_recordOfPhone[record.phone] = number;
    if (record.state.user != nobody)
        m_recordsOfUser.emplace(record.state.user, number);
    m_records.push_back(std::move(record));
}

std::uint32_t Tenant::recordCount() const
{
    const std::shared_lock lock(m_mutex);
    return std::uint32_t(m_records.size());
}

std::optional<std::uint32_t> Tenant::recordById(const Guid& id) const
{
    const std::shared_lock lock(m_mutex);
    const auto at = m_recordById.find(id);
    return at == m_recordById.end() ? std::nullopt : std::optional(at->second);
}

std::optional<std::uint32_t> Tenant::recordOfPhone(std::uint32_t physicalPhone) const
{
    const std::shared_lock lock(m_mutex);
    const auto at = m_recordOfPhone.find(physicalPhone);
    return at == m_recordOfPhone.end() ? std::nullopt : std::optional(at->second);
}

ManagedRecord Tenant::record(std::uint32_t number) const
{
    const std::shared_lock lock(m_mutex);
    return m_records[number];
}

std::vector<std::uint32_t> Tenant::recordsOfUser(std::uint32_t user) const
{
    const std::shared_lock lock(m_mutex);
    std::vector<std::uint32_t> out;
    const auto [from, to] = m_recordsOfUser.equal_range(user);
    for (auto at = from; at != to; ++at) {
        if (!m_records[at->second].removed && m_records[at->second].state.user == user)
            out.push_back(at->second);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

// Called with m_mutex held, shared or not.
std::shared_ptr<const EntityText> Tenant::current(std::uint32_t number) const
{
    if (m_records[number].removed)
        return nullptr;
    {
        const std::scoped_lock lock(m_textMutex);
        if (m_texts[number])
            return m_texts[number];
    }
    auto made = std::make_shared<const EntityText>(written(m_records[number]));
    const std::scoped_lock lock(m_textMutex);
    m_texts[number] = made;
    return made;
}

// As everything was before anything was changed, and a day older.
std::shared_ptr<const EntityText> Tenant::yesterday(std::uint32_t number) const
{
    if (number >= m_generated)
        return nullptr;
    ManagedRecord before = m_records[number];
    const bool former = before.former;
    before.state = before.phone != nobody ? enrolmentOf(people(), before.phone)
                                          : extraEnrolmentOf(people(), before.extraOf);
    if (former) {
        const ManagedRecord old = formerOf(before, people().options().seed);
        before.state = old.state;
    }
    before.actions.clear();
    if (before.state.lastSyncMs > people().options().referenceMs - dayMs)
        before.state.lastSyncMs -= dayMs;
    return std::make_shared<const EntityText>(written(before));
}

std::shared_ptr<const EntityText> Tenant::deviceText(std::uint32_t number, View view) const
{
    const std::shared_lock lock(m_mutex);
    if (view == View::Yesterday)
        return yesterday(number);
    if (view == View::Listed && !m_lagging.empty()) {
        const auto at = m_lagging.find(number);
        if (at != m_lagging.end()) {
            const std::int64_t now = steadyMs();
            for (const Version& version : at->second) {
                if (now < version.untilMs)
                    return version.text;
            }
        }
    }
    return current(number);
}

void Tenant::rememberListed(std::uint32_t number, std::shared_ptr<const EntityText> before)
{
    const std::int64_t now = steadyMs();
    std::deque<Version>& versions = m_lagging[number];
    while (!versions.empty() && versions.front().untilMs <= now)
        versions.pop_front();
    versions.push_back({now + m_lagMs.load(), std::move(before)});
}

void Tenant::change(std::uint32_t number, const std::function<void(ManagedRecord&)>& change)
{
    {
        const std::unique_lock lock(m_mutex);
        rememberListed(number, current(number));
        const std::uint32_t before = m_records[number].state.user;
        change(m_records[number]);
        if (const std::uint32_t now = m_records[number].state.user; now != before && now != nobody)
            m_recordsOfUser.emplace(now, number);
        touched(number);
    }
    if (m_onChange)
        m_onChange(number);
}

void Tenant::touched(std::uint32_t number)
{
    m_changed.insert(number);
    m_revision.fetch_add(1);
    const std::scoped_lock texts(m_textMutex);
    m_texts.resize(m_records.size());
    m_texts[number].reset();
}

std::map<std::uint32_t, ManagedRecord> Tenant::changedRecords() const
{
    const std::shared_lock lock(m_mutex);
    std::map<std::uint32_t, ManagedRecord> out;
    for (const std::uint32_t number : m_changed)
        out.emplace(number, m_records[number]);
    return out;
}

Expected<void> Tenant::restore(std::uint32_t number, ManagedRecord record)
{
    {
        const std::unique_lock lock(m_mutex);
        if (number > m_records.size() || (number < m_records.size() && m_records[number].id != record.id))
            return fail(ErrorCode::InvalidInput,
                QStringLiteral("there is no such managed device of this lab: number %1").arg(number));
        const std::int64_t reference = people().options().referenceMs;
        for (const ManagedAction& action : record.actions) {
            const bool waiting = action.state == "pending" && action.startedMs >= reference;
            const std::scoped_lock due(m_dueMutex);
            if (waiting)
                m_due.push_back(
                    {steadyMs() + std::max<std::int64_t>(m_actionMs.load(), 0), number, action.name});
        }
        if (number == m_records.size())
            add(std::move(record));
        else
            m_records[number] = std::move(record);
        if (const std::uint32_t user = m_records[number].state.user; user != nobody)
            m_recordsOfUser.emplace(user, number);
        touched(number);
    }
    if (m_onChange)
        m_onChange(number);
    return {};
}

void Tenant::startAction(std::uint32_t number, const std::string& name)
{
    const std::int64_t now = m_estate.nowMs();
    change(number, [&](ManagedRecord& record) {
        std::erase_if(record.actions, [&](const ManagedAction& action) { return action.name == name; });
        record.actions.push_back({name, "pending", now, now});
        if (name == "retire")
            record.state.managementState = "retirePending";
        if (name == "factoryReset")
            record.state.managementState = "wipePending";
    });
    const std::int64_t wait = m_actionMs.load();
    if (wait < 0)
        return;
    const std::scoped_lock lock(m_dueMutex);
    m_due.push_back({steadyMs() + wait, number, name});
}

void Tenant::advanceActions()
{
    std::vector<Due> ready;
    {
        const std::scoped_lock lock(m_dueMutex);
        const std::int64_t now = steadyMs();
        for (const Due& due : m_due) {
            if (due.atMs <= now)
                ready.push_back(due);
        }
        std::erase_if(m_due, [now](const Due& due) { return due.atMs <= now; });
    }
    for (const Due& due : ready)
        finishAction(due);
}

void Tenant::finishAction(const Due& due)
{
    const std::int64_t now = m_estate.nowMs();
    if (due.name == "ended")
        return change(due.number, [](ManagedRecord& record) { record.removed = true; });
    bool ends = false;
    change(due.number, [&](ManagedRecord& record) {
        for (ManagedAction& action : record.actions) {
            if (action.name != due.name)
                continue;
            const bool passcodeOfPc = due.name == "resetPasscode" && hardware(record).os == "Windows";
            action.state = passcodeOfPc ? "failed" : "done";
            action.updatedMs = now;
        }
        record.state.lastSyncMs = now;
        ends = due.name == "retire" || due.name == "factoryReset";
        if (ends)
            record.state.managementState = due.name == "retire" ? "retireIssued" : "wipeIssued";
    });
    // Issued stays visible for a moment; then the record is gone, as in Intune.
    if (!ends)
        return;
    const std::scoped_lock lock(m_dueMutex);
    m_due.push_back({steadyMs() + m_actionMs.load(), due.number, "ended"});
}

std::uint32_t Tenant::enrol(std::uint32_t phone)
{
    const Phone known = m_estate.phone(phone);
    ManagedRecord record;
    record.phone = phone;
    Enrolment& e = record.state;
    e.enrolled = true;
    e.user = known.facts.owner;
    e.easDeviceId = known.facts.client == PhoneClient::Eas ? known.facts.deviceId : std::string();
    e.idForm = e.easDeviceId.empty() ? EasIdForm::Empty : EasIdForm::Exact;
    e.easActivated = !e.easDeviceId.empty();
    e.compliance = "compliant";
    e.registration = "registered";
    e.azureRegistered = true;
    e.managementState = "managed";
    e.agent = "mdm";
    e.owner = "personal";
    e.enrollmentType = "userEnrollment";
    e.jailBroken = "False";
    e.threat = "unknown";
    e.enrolledMs = e.lastSyncMs = m_estate.nowMs();
    e.easActivatedMs = e.easActivated ? e.enrolledMs : 0;
    std::unique_lock lock(m_mutex);
    const auto number = std::uint32_t(m_records.size());
    identify(record, people().options().seed, NewRecordKind, number);
    add(std::move(record));
    touched(number);
    rememberListed(number, nullptr);
    lock.unlock();
    if (m_onChange)
        m_onChange(number);
    return number;
}

std::optional<std::uint32_t> Tenant::userById(const Guid& id) const
{
    const auto at = m_userById.find(id);
    return at == m_userById.end() ? std::nullopt : std::optional(at->second);
}

std::optional<std::uint32_t> Tenant::userByName(std::string_view upn) const
{
    const auto at = upn.find('@');
    std::string name(upn);
    if (at != std::string_view::npos && equalsIgnoreCase(upn.substr(at + 1), cloudDomain))
        name = std::string(upn.substr(0, at)) + "@contoso.lab";
    for (const std::uint32_t candidate : people().usersNamed(name)) {
        if (equalsIgnoreCase(user(candidate).upn, upn))
            return candidate;
    }
    return std::nullopt;
}

CloudUser Tenant::user(std::uint32_t number) const
{
    return cloudUserOf(people(), people().person(number));
}

} // namespace postern::lab
