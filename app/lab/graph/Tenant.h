// The lab's cloud tenant: Entra's and Intune's records over the population of the estate, and everything that
// Graph calls and the lab's controls change. Lists lag behind: a change is in a single GET at once and in
// listings a little later, as in the real services. Any thread; nothing is handed out by reference.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <shared_mutex>
#include <unordered_map>

#include "app/lab/directory/Estate.h"
#include "app/lab/graph/Entity.h"
#include "app/lab/population/CloudUser.h"
#include "app/lab/population/Enrolment.h"

namespace postern::lab {

struct ManagedAction
{
    std::string name; // Graph's: factoryReset, retire, syncDevice, remoteLock, resetPasscode
    std::string_view state = "pending"; // pending, active, done, failed
    std::int64_t startedMs = 0, updatedMs = 0; // lab time
};

// What Intune stores of a device beside what the population says of its hardware.
struct ManagedRecord
{
    std::uint32_t phone = nobody; // index in the estate; nobody: a device without a partnership …
    std::uint32_t extraOf = nobody; // … which then is this user's
    bool former = false; // an older record of the same phone
    bool removed = false;
    Guid id, azureDeviceId, directoryId;
    Enrolment state;
    std::string givenName, notes; // set by PATCH
    std::vector<ManagedAction> actions;
};

struct GuidHash
{
    size_t operator()(const Guid& g) const
    {
        size_t out = 0;
        for (const std::uint8_t byte : g.bytes)
            out = out * 1099511628211ULL + byte;
        return out;
    }
};

enum class View { Now, Listed, Yesterday };

class Tenant
{
public:
    explicit Tenant(Estate& estate);

    [[nodiscard]] Estate& estate() const { return m_estate; }
    [[nodiscard]] const Population& people() const { return m_estate.people(); }
    [[nodiscard]] const Guid& id() const { return m_id; }

    // Intune. Records keep their number for ever; removed ones stay as holes.
    [[nodiscard]] std::uint32_t recordCount() const;
    [[nodiscard]] std::optional<std::uint32_t> recordById(const Guid& id) const;
    [[nodiscard]] std::optional<std::uint32_t> recordOfPhone(std::uint32_t physicalPhone) const;
    [[nodiscard]] ManagedRecord record(std::uint32_t number) const;
    // nullptr: not there in this view.
    [[nodiscard]] std::shared_ptr<const EntityText> deviceText(std::uint32_t number, View view) const;
    [[nodiscard]] std::vector<std::uint32_t> recordsOfUser(std::uint32_t user) const;
    void change(std::uint32_t number, const std::function<void(ManagedRecord&)>& change);
    // Taken at once, done after a while: retire and wipe end the record. Again while pending: starts over.
    void startAction(std::uint32_t number, const std::string& name);
    void advanceActions(); // what is due by now
    void setActionTime(std::int64_t ms) { m_actionMs.store(ms); } // real time; negative: phones never answer
    // A phone of the estate becomes managed by its owner; the number of its record.
    std::uint32_t enrol(std::uint32_t phone);

    [[nodiscard]] Hardware hardware(const ManagedRecord& record) const;

    // Told of every change of a record, after it: Entra's device objects follow.
    void onChange(std::function<void(std::uint32_t)> told) { m_onChange = std::move(told); }
    void setLag(std::int64_t ms) { m_lagMs.store(ms); }
    [[nodiscard]] std::int64_t lag() const { return m_lagMs.load(); }

    // For --state: the records that are no longer as the seed made them, by number.
    [[nodiscard]] std::map<std::uint32_t, ManagedRecord> changedRecords() const;
    // In ascending order; the next number adds one. InvalidInput when the number cannot be.
    [[nodiscard]] Expected<void> restore(std::uint32_t number, ManagedRecord record);
    [[nodiscard]] std::uint64_t revision() const { return m_revision.load(); }

    // Entra's people: the population, by number.
    [[nodiscard]] std::optional<std::uint32_t> userById(const Guid& id) const;
    [[nodiscard]] std::optional<std::uint32_t> userByName(std::string_view upn) const;
    [[nodiscard]] CloudUser user(std::uint32_t number) const;

private:
    struct Version // what listings still show until `untilMs` (real time)
    {
        std::int64_t untilMs = 0;
        std::shared_ptr<const EntityText> text; // nullptr: not there yet
    };
    void add(ManagedRecord record);
    void touched(std::uint32_t number); // m_mutex held
    void makeRecords();
    [[nodiscard]] EntityText written(const ManagedRecord& record) const;
    [[nodiscard]] std::shared_ptr<const EntityText> current(std::uint32_t number) const;
    [[nodiscard]] std::shared_ptr<const EntityText> yesterday(std::uint32_t number) const;
    struct Due
    {
        std::int64_t atMs = 0; // real time
        std::uint32_t number = 0;
        std::string name;
    };
    void finishAction(const Due& due);
    void rememberListed(std::uint32_t number, std::shared_ptr<const EntityText> before);

    Estate& m_estate;
    Guid m_id;
    mutable std::shared_mutex m_mutex;
    std::vector<ManagedRecord> m_records;
    std::uint32_t m_generated = 0; // records that the seed made
    std::unordered_map<Guid, std::uint32_t, GuidHash> m_recordById, m_userById;
    std::unordered_map<std::uint32_t, std::uint32_t> m_recordOfPhone;
    std::unordered_multimap<std::uint32_t, std::uint32_t> m_recordsOfUser;
    std::unordered_map<std::uint32_t, std::deque<Version>> m_lagging;
    mutable std::mutex m_textMutex;
    mutable std::vector<std::shared_ptr<const EntityText>> m_texts; // written when first asked for
    std::set<std::uint32_t> m_changed;
    std::atomic<std::uint64_t> m_revision{0};
    std::mutex m_dueMutex;
    std::vector<Due> m_due;
    std::atomic<std::int64_t> m_lagMs{1000}, m_actionMs{3000};
    std::function<void(std::uint32_t)> m_onChange;
};

} // namespace postern::lab
