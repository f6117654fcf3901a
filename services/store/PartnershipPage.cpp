#include "services/store/PartnershipPage.h"

#include <bit>

#include "services/store/BulkWriter.h"
#include "services/store/ContentHash.h"

using namespace Qt::StringLiterals;

namespace postern::store {

namespace {

// The numbers of these enums are in the database: append only.
static_assert(int(AccessState::NotSeen) == 0 && int(AccessState::Allowed) == 1
    && int(AccessState::Unknown) == 2 && int(AccessState::Quarantined) == 3
    && int(AccessState::Blocked) == 4);
static_assert(int(AccessStateReason::None) == 0 && int(AccessStateReason::ExchangeGlobalRule) == 2
    && int(AccessStateReason::Other) == 7 && int(AccessStateReason::DeviceNotKnownWithManagedApp) == 15);
static_assert(int(ClientType::Eas) == 0 && int(ClientType::Outlook) == 1 && int(ClientType::Other) == 5);
static_assert(int(WipeStatus::None) == 0 && int(WipeStatus::Failed) == 5);

constexpr int columnCount = 28;
const std::string columns = "id, connector_id, mailbox_id, eas_key, key_hash, content_hash, revision, as_of, "
                            "access_state, access_reason,"
                            " access_reason_text, eas_device_id, device_identity, guid, device_type, "
                            "device_model, friendly_name, device_os,"
                            " user_agent, client_type, client_type_text, client_version, imei, phone_number, "
                            "mobile_operator, first_sync,"
                            " access_control_rule, when_changed";

const BulkShape& insertShape()
{
    static const BulkShape shape{columnCount,
        {"INSERT INTO partnership (" + columns
            + ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
              " ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28)"},
        {}, "COPY partnership (" + columns + ") FROM STDIN (FORMAT binary)", {}};
    return shape;
}

// A row that was gone comes back from NotSeen. Its key is compared too, so that a row of another phone is
// never overwritten, whatever the hashes say.
const BulkShape& updateShape()
{
    static const BulkShape shape{columnCount,
        {"INSERT INTO access_history (partnership_id, changed_at, from_state, from_reason, to_state, "
         "to_reason,"
         " to_reason_text) SELECT id, ?8, CASE WHEN gone_since IS NULL THEN access_state ELSE 0 END,"
         " CASE WHEN gone_since IS NULL THEN access_reason ELSE 0 END, ?9, ?10, ?11 FROM partnership WHERE "
         "id = ?1"
         " AND (access_state <> ?9 OR access_reason <> ?10 OR gone_since IS NOT NULL)",
            "UPDATE partnership SET content_hash = ?6, revision = ?7, as_of = ?8, gone_since = NULL, "
            "access_state = ?9,"
            " access_reason = ?10, access_reason_text = ?11, eas_device_id = ?12, device_identity = ?13, "
            "guid = ?14,"
            " device_type = ?15, device_model = ?16, friendly_name = ?17, device_os = ?18, user_agent = ?19,"
            " client_type = ?20, client_type_text = ?21, client_version = ?22, imei = ?23, phone_number = "
            "?24,"
            " mobile_operator = ?25, first_sync = coalesce(?26, first_sync), access_control_rule = ?27,"
            " when_changed = ?28 WHERE id = ?1 AND mailbox_id = ?3 AND eas_key = ?4"},
        "CREATE TEMP TABLE IF NOT EXISTS partnership_stage ON COMMIT DELETE ROWS AS SELECT " + columns
            + " FROM partnership WITH NO DATA; TRUNCATE partnership_stage",
        "COPY partnership_stage (" + columns + ") FROM STDIN (FORMAT binary)",
        {"INSERT INTO access_history (partnership_id, changed_at, from_state, from_reason, to_state, "
         "to_reason,"
         " to_reason_text) SELECT p.id, s.as_of, CASE WHEN p.gone_since IS NULL THEN p.access_state ELSE 0 "
         "END,"
         " CASE WHEN p.gone_since IS NULL THEN p.access_reason ELSE 0 END, s.access_state, s.access_reason,"
         " s.access_reason_text FROM partnership_stage s JOIN partnership p ON p.id = s.id"
         " WHERE p.access_state <> s.access_state OR p.access_reason <> s.access_reason OR p.gone_since IS "
         "NOT NULL"
         " ORDER BY p.id",
            "UPDATE partnership p SET content_hash = s.content_hash, revision = s.revision, as_of = s.as_of,"
            " gone_since = NULL, access_state = s.access_state, access_reason = s.access_reason,"
            " access_reason_text = s.access_reason_text, eas_device_id = s.eas_device_id,"
            " device_identity = s.device_identity, guid = s.guid, device_type = s.device_type,"
            " device_model = s.device_model, friendly_name = s.friendly_name, device_os = s.device_os,"
            " user_agent = s.user_agent, client_type = s.client_type, client_type_text = s.client_type_text,"
            " client_version = s.client_version, imei = s.imei, phone_number = s.phone_number,"
            " mobile_operator = s.mobile_operator, first_sync = coalesce(s.first_sync, p.first_sync),"
            " access_control_rule = s.access_control_rule, when_changed = s.when_changed FROM "
            "partnership_stage s"
            " WHERE p.id = s.id AND p.mailbox_id = s.mailbox_id AND p.eas_key = s.eas_key"}};
    return shape;
}

quint64 keyHash(quint64 seed, const PartnershipRow& row)
{
    ContentHash hash(seed);
    hash.add(row.mailboxId.value);
    hash.add(storedKey(row.partnership.easDeviceId));
    return hash.value() | 1; // 0 marks a free slot
}

quint64 contentHash(quint64 key, const Partnership& p)
{
    ContentHash hash(key);
    for (const QString* text : {&p.easDeviceId.raw(), &p.deviceIdentity, &p.deviceType, &p.deviceModel,
             &p.friendlyName, &p.deviceOS, &p.userAgent, &p.clientTypeText, &p.clientVersion, &p.imei,
             &p.phoneNumber, &p.mobileOperator, &p.accessStateReasonText, &p.accessControlRule})
        hash.add(*text);
    hash.add((quint64(p.guid.data1) << 32) | (quint64(p.guid.data2) << 16) | p.guid.data3);
    hash.add(qFromLittleEndian<quint64>(p.guid.data4));
    hash.add(int(p.clientType) + 256 * int(p.accessState) + 65536 * int(p.accessStateReason));
    hash.add(p.firstSyncTime);
    hash.add(p.whenChanged);
    return std::max<quint64>(hash.value(), 1); // 0 marks a row that is gone
}

} // namespace

PartnershipPage::PartnershipPage(
    Session& session, ConnectorId connector, const std::vector<PartnershipRow>& rows, const QDateTime& now)
    : m_session(session)
    , m_connector(connector)
    , m_rows(rows)
    , m_now(now)
{
}

Expected<PageCounts> PartnershipPage::upsert(bool whole)
{
    if (auto hashed = hashRows(); !hashed)
        return tl::unexpected(hashed.error());
    dropDuplicates();
    auto index = whole ? PartnershipIndex::ready(m_session, m_connector)
                       : PartnershipIndex::current(m_session, m_connector);
    if (!index)
        return tl::unexpected(index.error());
    if (auto classified = classify(*index); !classified)
        return tl::unexpected(classified.error());
    if (m_added.empty() && m_changed.empty())
        return m_counts;
    if (auto written = writeAll(*index); !written)
        return tl::unexpected(written.error());
    return m_counts;
}

Expected<void> PartnershipPage::hashRows()
{
    auto seed = m_session.hashSeed();
    if (!seed)
        return tl::unexpected(seed.error());
    m_entries.resize(m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const PartnershipRow& row = m_rows[i];
        if (!row.mailboxId.isValid() || row.partnership.easDeviceId.isEmpty())
            return fail(ErrorCode::InvalidInput, u"a partnership has no mailbox or no device id"_s,
                row.partnership.deviceIdentity);
        m_entries[i].key = keyHash(*seed, row);
        m_entries[i].hash = contentHash(m_entries[i].key, row.partnership);
    }
    return {};
}

// From the end: the last row of a key stays. A small open table, as a page has some thousand rows.
void PartnershipPage::dropDuplicates()
{
    const std::size_t capacity = std::bit_ceil(m_entries.size() * 2 + 1);
    std::vector<quint64> keys(capacity);
    for (std::size_t i = m_entries.size(); i-- > 0;) {
        auto slot = std::size_t(m_entries[i].key >> 8) & (capacity - 1);
        while (keys[slot] != 0 && keys[slot] != m_entries[i].key)
            slot = (slot + 1) & (capacity - 1);
        m_entries[i].superseded = keys[slot] != 0;
        keys[slot] = m_entries[i].key;
    }
}

Expected<PartnershipIndex::Found> PartnershipPage::lookUp(std::size_t row)
{
    Query query(
        m_session, "SELECT id, content_hash FROM partnership WHERE mailbox_id = :mailbox AND eas_key = :key");
    query.bind(":mailbox", m_rows[row].mailboxId.value)
        .bind(":key", storedKey(m_rows[row].partnership.easDeviceId));
    PartnershipIndex::Found found;
    if (query.next())
        found = {query.integer(0), quint64(query.integer(1))};
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<void> PartnershipPage::classify(PartnershipIndex* index)
{
    if (index) {
        for (const Entry& entry : m_entries)
            index->prefetch(entry.key);
    }
    m_seen.reserve(m_entries.size());
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        Entry& entry = m_entries[i];
        if (entry.superseded)
            continue;
        auto found = index ? Expected<PartnershipIndex::Found>(index->find(entry.key)) : lookUp(i);
        if (!found)
            return tl::unexpected(found.error());
        entry.id = found->id;
        if (entry.id == 0) {
            m_added.push_back(i);
            continue;
        }
        m_seen.push_back(entry.id);
        if (found->contentHash == entry.hash) {
            ++m_counts.unchanged;
            continue;
        }
        m_changed.push_back(i);
        if (found->contentHash == 0)
            ++m_counts.added; // back after being gone
        else
            ++m_counts.changed;
    }
    m_counts.added += int(m_added.size());
    return {};
}

Expected<void> PartnershipPage::writeAll(PartnershipIndex* index)
{
    auto revision = m_session.touch(Table::Partnership);
    auto first = m_added.empty() ? Expected<qint64>(0)
                                 : m_session.allocateIds(Table::Partnership, qint64(m_added.size()));
    if (!revision || !first)
        return tl::unexpected(revision ? first.error() : revision.error());
    for (const std::size_t i : m_added) {
        m_entries[i].id = (*first)++;
        m_seen.push_back(m_entries[i].id);
    }
    if (index)
        index->follow(m_session, *revision);
    if (auto done = write(insertShape(), m_added, *revision); !done)
        return done;
    if (auto done = write(updateShape(), m_changed, *revision); !done)
        return done;
    for (const auto* rows : {&m_added, &m_changed}) {
        for (const std::size_t i : *rows) {
            if (index)
                index->put(m_entries[i].key, m_entries[i].id, m_entries[i].hash);
        }
    }
    return {};
}

Expected<void> PartnershipPage::write(
    const BulkShape& shape, const std::vector<std::size_t>& rows, qint64 revision)
{
    BulkWriter writer(m_session, shape);
    const qint64 now = m_now.toMSecsSinceEpoch();
    for (const std::size_t i : rows) {
        const Partnership& p = m_rows[i].partnership;
        const Entry& entry = m_entries[i];
        writer.beginRow();
        writer.integer(entry.id);
        writer.integer(m_connector.value);
        writer.integer(m_rows[i].mailboxId.value);
        writer.text(storedKey(p.easDeviceId));
        for (const qint64 value : {qint64(entry.key), qint64(entry.hash), revision, now,
                 qint64(p.accessState), qint64(p.accessStateReason)})
            writer.integer(value);
        for (const QString* text : {&p.accessStateReasonText, &p.easDeviceId.raw(), &p.deviceIdentity})
            writer.text(*text);
        writer.uuid(p.guid);
        for (const QString* text :
            {&p.deviceType, &p.deviceModel, &p.friendlyName, &p.deviceOS, &p.userAgent})
            writer.text(*text);
        writer.integer(int(p.clientType));
        for (const QString* text :
            {&p.clientTypeText, &p.clientVersion, &p.imei, &p.phoneNumber, &p.mobileOperator})
            writer.text(*text);
        writer.time(p.firstSyncTime);
        writer.text(p.accessControlRule);
        writer.time(p.whenChanged);
        if (auto done = writer.endRow(); !done)
            return done;
    }
    return writer.finish();
}

} // namespace postern::store
