#include "services/store/cloud/MatchRepository.h"

#include <algorithm>

#include "services/store/BulkWriter.h"
#include "services/store/IdList.h"
#include "services/store/cloud/DeviceActionRepository.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

constexpr auto byMailbox = [](const MailboxPerson& row) { return row.mailbox.value; };
constexpr auto byPartnership = [](const StoredMatch& row) { return row.partnership.value; };
constexpr auto byPair
    = [](const StoredCandidate& row) { return std::pair(row.partnership.value, row.device.value); };

// What is new or different, and the keys of what is not wanted any more. Both sorted by `key`.
template <class Row, class Key> struct Difference
{
    std::vector<Row> put;
    std::vector<Row> drop;

    Difference(const std::vector<Row>& before, const std::vector<Row>& after, Key key)
    {
        auto old = before.begin();
        for (const Row& row : after) {
            while (old != before.end() && key(*old) < key(row))
                drop.push_back(*old++);
            const bool known = old != before.end() && key(*old) == key(row);
            if (!known || !(*old == row))
                put.push_back(row);
            if (known)
                ++old;
        }
        drop.insert(drop.end(), old, before.end());
    }
    [[nodiscard]] int size() const { return int(put.size() + drop.size()); }
};

template <class Row, class Key> std::vector<qint64> keysOf(const std::vector<Row>& rows, Key key)
{
    std::vector<qint64> keys;
    for (const Row& row : rows)
        keys.push_back(key(row));
    return keys;
}

Expected<void> removeRows(Session& session, const std::string& from, const std::vector<qint64>& ids)
{
    const std::string sql = "DELETE FROM " + from + " " + idList(session.dialect());
    auto done = runForIds(session, Sql::constant(sql), ids, [](Query&) {});
    return done ? Expected<void>() : tl::unexpected(done.error());
}

// The rows of the device list that lost or won a partnership: readers of changes find them by revision.
Expected<void> touchDevices(
    Session& session, const std::vector<StoredMatch>& before, const std::vector<StoredMatch>& changed)
{
    std::vector<qint64> devices;
    for (const StoredMatch& match : changed) {
        if (match.device.isValid())
            devices.push_back(match.device.value);
        const auto old = std::ranges::lower_bound(before, match.partnership.value, {}, byPartnership);
        if (old != before.end() && old->partnership == match.partnership && old->device.isValid())
            devices.push_back(old->device.value);
    }
    auto revision = session.touch(Table::ManagedDevice);
    if (!revision)
        return tl::unexpected(revision.error());
    const std::string sql
        = std::string("UPDATE managed_device SET revision = :revision WHERE id ") + idList(session.dialect());
    auto done = runForIds(session, Sql::constant(sql), devices,
        [&revision](Query& query) { query.bind(":revision", *revision); });
    return done ? Expected<void>() : tl::unexpected(done.error());
}

// A mailbox that is nobody's any more leaves no row here: its own says that something changed.
Expected<void> touchMailboxes(Session& session, const std::vector<qint64>& mailboxes)
{
    if (mailboxes.empty())
        return {};
    auto revision = session.touch(Table::Mailbox);
    if (!revision)
        return tl::unexpected(revision.error());
    const std::string sql
        = std::string("UPDATE mailbox SET revision = :revision WHERE id ") + idList(session.dialect());
    auto done = runForIds(session, Sql::constant(sql), mailboxes,
        [&revision](Query& query) { query.bind(":revision", *revision); });
    return done ? Expected<void>() : tl::unexpected(done.error());
}

DevicePartnership partnershipOf(const Query& row)
{
    DevicePartnership partnership;
    partnership.id = row.id<PartnershipTag>(0);
    partnership.mailboxName = row.text(1);
    partnership.mailboxAddress = row.text(2);
    partnership.easDeviceId = EasDeviceId(row.text(3));
    partnership.deviceType = row.text(4);
    partnership.deviceModel = row.text(5);
    partnership.clientType = ClientType(row.number(6));
    partnership.accessState = AccessState(row.number(7));
    partnership.accessStateReason = AccessStateReason(row.number(8));
    partnership.accessControlRule = row.text(9);
    partnership.policyApplicationStatus = row.text(10);
    partnership.wipeStatus = WipeStatus(row.number(11));
    partnership.lastSuccessSync = row.time(12);
    partnership.dataAsOf = row.time(13);
    partnership.connectorName = row.text(14);
    partnership.match = MatchKind(row.number(15));
    partnership.probablyReset = row.flag(16);
    return partnership;
}

// OBJ-23: the worst first.
int badness(AccessState state)
{
    switch (state) {
    case AccessState::Blocked:
        return 0;
    case AccessState::Quarantined:
        return 1;
    case AccessState::Unknown:
        return 2;
    case AccessState::Allowed:
        return 3;
    case AccessState::NotSeen:
        break;
    }
    return 4;
}

const std::string selectCandidates
    = "SELECT k.partnership_id, k.device_id, k.kind, p.friendly_name, m.display_name, p.eas_device_id,"
      " d.device_name, d.user_display_name, d.serial_number, d.model FROM match_candidate k"
      " JOIN partnership p ON p.id = k.partnership_id JOIN mailbox m ON m.id = p.mailbox_id"
      " JOIN managed_device d ON d.id = k.device_id ";

Expected<std::vector<MatchCandidate>> readCandidates(Query& query)
{
    std::vector<MatchCandidate> found;
    while (query.next()) {
        MatchCandidate candidate;
        candidate.partnership = query.id<PartnershipTag>(0);
        candidate.device = query.id<ManagedDeviceTag>(1);
        candidate.kind = CandidateKind(query.number(2));
        candidate.partnershipName = query.text(3);
        candidate.mailboxName = query.text(4);
        candidate.easDeviceId = query.text(5);
        candidate.deviceName = query.text(6);
        candidate.deviceUser = query.text(7);
        candidate.serialNumber = query.text(8);
        candidate.model = query.text(9);
        found.push_back(std::move(candidate));
    }
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

} // namespace

Expected<void> MatchRepository::eachMailbox(const std::function<void(MailboxIdentity&&)>& each)
{
    Query query(m_session,
        "SELECT id, upn, primary_smtp, proxy_addresses FROM mailbox WHERE gone_since IS NULL ORDER BY id");
    query.stream();
    while (query.next())
        each({query.id<MailboxTag>(0), query.text(1), query.text(2), query.list(3)});
    return query.result();
}

Expected<void> MatchRepository::eachPartnership(const std::function<void(PartnershipFact&&)>& each)
{
    Query query(m_session,
        "SELECT id, mailbox_id, eas_key, imei, device_model, device_type, device_os, first_sync,"
        " last_success_sync FROM partnership WHERE gone_since IS NULL ORDER BY id");
    query.stream();
    while (query.next())
        each({query.id<PartnershipTag>(0), query.id<MailboxTag>(1), query.text(2), query.text(3),
            query.text(4), query.text(5), query.text(6), query.time(7), query.time(8)});
    return query.result();
}

Expected<std::vector<StoredAnswer>> MatchRepository::answers()
{
    Query query(m_session,
        "SELECT partnership_id, device_id, accepted FROM match_answer ORDER BY partnership_id, device_id");
    std::vector<StoredAnswer> found;
    while (query.next())
        found.push_back({query.id<PartnershipTag>(0), query.id<ManagedDeviceTag>(1), query.flag(2)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<std::vector<MailboxPerson>> MatchRepository::people()
{
    Query query(m_session, "SELECT mailbox_id, user_id, evidence FROM mailbox_person ORDER BY mailbox_id");
    query.stream();
    std::vector<MailboxPerson> found;
    while (query.next())
        found.push_back({query.id<MailboxTag>(0), query.id<UserTag>(1), query.number(2)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<std::vector<StoredMatch>> MatchRepository::matches()
{
    Query query(m_session,
        "SELECT partnership_id, device_id, kind, probably_reset FROM partnership_match"
        " ORDER BY partnership_id");
    query.stream();
    std::vector<StoredMatch> found;
    while (query.next())
        found.push_back(
            {query.id<PartnershipTag>(0), query.isNull(1) ? ManagedDeviceId() : query.id<ManagedDeviceTag>(1),
                MatchKind(query.number(2)), query.flag(3)});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<std::vector<StoredCandidate>> MatchRepository::candidates()
{
    Query query(m_session,
        "SELECT partnership_id, device_id, kind FROM match_candidate ORDER BY partnership_id, device_id");
    std::vector<StoredCandidate> found;
    while (query.next())
        found.push_back(
            {query.id<PartnershipTag>(0), query.id<ManagedDeviceTag>(1), CandidateKind(query.number(2))});
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<int> MatchRepository::replacePeople(std::vector<MailboxPerson> wanted)
{
    auto before = people();
    if (!before)
        return tl::unexpected(before.error());
    std::ranges::sort(wanted, {}, byMailbox);
    const Difference difference(*before, wanted, byMailbox);
    if (difference.size() == 0)
        return 0;
    auto revision = m_session.touch(Table::Match);
    if (!revision)
        return tl::unexpected(revision.error());
    std::vector<qint64> stale = keysOf(difference.drop, byMailbox);
    for (const MailboxPerson& person : difference.put)
        stale.push_back(person.mailbox.value);
    if (auto done = removeRows(m_session, "mailbox_person WHERE mailbox_id", stale); !done)
        return tl::unexpected(done.error());
    if (auto done = touchMailboxes(m_session, keysOf(difference.drop, byMailbox)); !done)
        return tl::unexpected(done.error());
    static const BulkShape shape{4,
        {"INSERT INTO mailbox_person (mailbox_id, user_id, evidence, revision) VALUES (?1, ?2, ?3, ?4)"}, {},
        "COPY mailbox_person (mailbox_id, user_id, evidence, revision) FROM STDIN (FORMAT binary)", {}};
    BulkWriter writer(m_session, shape);
    for (const MailboxPerson& person : difference.put) {
        writer.beginRow();
        writer.integer(person.mailbox.value);
        writer.integer(person.user.value);
        writer.integer(person.evidence);
        writer.integer(*revision);
        if (auto done = writer.endRow(); !done)
            return tl::unexpected(done.error());
    }
    if (auto done = difference.put.empty() ? Expected<void>() : writer.finish(); !done)
        return tl::unexpected(done.error());
    return difference.size();
}

// A row that is not wanted any more stays as "none", with the revision at which it became so: readers of
// changes find it there.
Expected<int> MatchRepository::replaceMatches(std::vector<StoredMatch> wanted)
{
    auto before = matches();
    if (!before)
        return tl::unexpected(before.error());
    std::ranges::sort(wanted, {}, byPartnership);
    Difference difference(*before, wanted, byPartnership);
    std::erase_if(difference.drop, [](const StoredMatch& match) {
        return match.kind == MatchKind::None && !match.device.isValid() && !match.probablyReset;
    });
    for (const StoredMatch& match : difference.drop)
        difference.put.push_back(StoredMatch{match.partnership, {}, MatchKind::None, false});
    if (difference.put.empty())
        return 0;
    auto revision = m_session.touch(Table::Match);
    if (!revision)
        return tl::unexpected(revision.error());
    if (auto done = removeRows(
            m_session, "partnership_match WHERE partnership_id", keysOf(difference.put, byPartnership));
        !done)
        return tl::unexpected(done.error());
    static const BulkShape shape{5,
        {"INSERT INTO partnership_match (partnership_id, device_id, kind, probably_reset, revision)"
         " VALUES (?1, ?2, ?3, ?4, ?5)"},
        {},
        "COPY partnership_match (partnership_id, device_id, kind, probably_reset, revision) FROM STDIN"
        " (FORMAT binary)",
        {}};
    BulkWriter writer(m_session, shape);
    for (const StoredMatch& match : difference.put) {
        writer.beginRow();
        writer.integer(match.partnership.value);
        if (match.device.isValid())
            writer.integer(match.device.value);
        else
            writer.null();
        writer.integer(int(match.kind));
        writer.integer(match.probablyReset ? 1 : 0);
        writer.integer(*revision);
        if (auto done = writer.endRow(); !done)
            return tl::unexpected(done.error());
    }
    if (auto done = writer.finish(); !done)
        return tl::unexpected(done.error());
    if (auto done = touchDevices(m_session, *before, difference.put); !done)
        return tl::unexpected(done.error());
    return int(difference.put.size());
}

Expected<int> MatchRepository::replaceCandidates(std::vector<StoredCandidate> wanted)
{
    auto before = candidates();
    if (!before)
        return tl::unexpected(before.error());
    std::ranges::sort(wanted, {}, byPair);
    const Difference difference(*before, wanted, byPair);
    if (difference.size() == 0)
        return 0;
    if (auto revision = m_session.touch(Table::Match); !revision)
        return tl::unexpected(revision.error());
    for (const StoredCandidate& candidate : difference.drop) {
        Query query(m_session,
            "DELETE FROM match_candidate WHERE partnership_id = :partnership AND device_id = :device");
        if (auto done
            = query.bind(":partnership", candidate.partnership).bind(":device", candidate.device).run();
            !done)
            return tl::unexpected(done.error());
    }
    for (const StoredCandidate& candidate : difference.put) {
        Query query(m_session,
            "INSERT INTO match_candidate (partnership_id, device_id, kind) VALUES (:partnership, :device,"
            " :kind) ON CONFLICT (partnership_id, device_id) DO UPDATE SET kind = excluded.kind");
        query.bind(":partnership", candidate.partnership).bind(":device", candidate.device);
        if (auto done = query.bind(":kind", qint64(candidate.kind)).run(); !done)
            return tl::unexpected(done.error());
    }
    return difference.size();
}

Expected<void> MatchRepository::answer(
    const StoredAnswer& answer, const QString& account, const QDateTime& now)
{
    if (auto revision = m_session.touch(Table::Match); !revision)
        return tl::unexpected(revision.error());
    Query taken(m_session,
        "DELETE FROM match_candidate WHERE partnership_id = :partnership AND device_id = :device AND kind ="
        " :kind");
    taken.bind(":partnership", answer.partnership)
        .bind(":device", answer.device)
        .bind(":kind", qint64(CandidateKind::Suggested));
    if (auto done = taken.run(); !done)
        return done;
    if (taken.affected() == 0)
        return fail(ErrorCode::NotFound, u"the suggestion is not there any more"_s);
    Query query(m_session,
        "INSERT INTO match_answer (partnership_id, device_id, accepted, answered_by, answered_at) VALUES"
        " (:partnership, :device, :accepted, :account, :now) ON CONFLICT (partnership_id, device_id) DO"
        " UPDATE SET accepted = excluded.accepted, answered_by = excluded.answered_by,"
        " answered_at = excluded.answered_at");
    return query.bind(":partnership", answer.partnership)
        .bind(":device", answer.device)
        .bind(":accepted", answer.accepted)
        .bind(":account", account)
        .bind(":now", now)
        .run();
}

Expected<std::vector<DevicePartnership>> MatchRepository::partnershipsOf(DeviceKey device)
{
    static const std::string select
        = "SELECT p.id, m.display_name, m.primary_smtp, p.eas_device_id, p.device_type, p.device_model,"
          " p.client_type, p.access_state, p.access_reason, p.access_control_rule, p.policy_status,"
          " p.wipe_status, p.last_success_sync, p.as_of, c.name, coalesce(x.kind, 0),"
          " coalesce(x.probably_reset, 0) FROM partnership p JOIN mailbox m ON m.id = p.mailbox_id"
          " JOIN connector c ON c.id = p.connector_id"
          " LEFT JOIN partnership_match x ON x.partnership_id = p.id WHERE p.gone_since IS NULL AND ";
    static const std::string ofDevice = select + "x.device_id = :id ORDER BY p.id";
    static const std::string alone = select + "p.id = :id";
    Query query(m_session, Sql::constant(device.isManaged() ? ofDevice : alone));
    query.bind(":id", device.isManaged() ? device.managedDevice().value : device.partnership().value);
    std::vector<DevicePartnership> found;
    while (query.next())
        found.push_back(partnershipOf(query));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    std::ranges::stable_sort(
        found, {}, [](const DevicePartnership& partnership) { return badness(partnership.accessState); });
    return found;
}

Expected<std::vector<MatchCandidate>> MatchRepository::candidatesOf(DeviceKey device)
{
    static const std::string ofDevice
        = selectCandidates + "WHERE k.device_id = :id ORDER BY k.partnership_id, k.device_id";
    static const std::string ofPartnership
        = selectCandidates + "WHERE k.partnership_id = :id ORDER BY k.partnership_id, k.device_id";
    Query query(m_session, Sql::constant(device.isManaged() ? ofDevice : ofPartnership));
    query.bind(":id", device.isManaged() ? device.managedDevice().value : device.partnership().value);
    return readCandidates(query);
}

Expected<std::vector<MatchCandidate>> MatchRepository::allCandidates()
{
    static const std::string all
        = selectCandidates + "ORDER BY m.display_name, k.partnership_id, k.device_id";
    Query query(m_session, Sql::constant(all));
    return readCandidates(query);
}

Expected<DeviceDetail> MatchRepository::detail(DeviceKey device)
{
    auto partnerships = partnershipsOf(device);
    if (!partnerships)
        return tl::unexpected(partnerships.error());
    auto candidates = candidatesOf(device);
    if (!candidates)
        return tl::unexpected(candidates.error());
    std::vector<DeviceActionStatus> actions;
    if (device.isManaged()) {
        auto latest = DeviceActionRepository(m_session).latest(device.managedDevice());
        if (!latest)
            return tl::unexpected(latest.error());
        actions = std::move(*latest);
    }
    return DeviceDetail{device, std::move(*partnerships), std::move(*candidates), std::move(actions)};
}

Expected<qint64> MatchRepository::suggestionCount()
{
    Query query(m_session, "SELECT count(*) FROM match_candidate WHERE kind = :kind");
    query.bind(":kind", qint64(CandidateKind::Suggested));
    const bool row = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return row ? query.integer(0) : 0;
}

} // namespace postern::store
