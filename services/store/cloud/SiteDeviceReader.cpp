#include "services/store/cloud/SiteDeviceReader.h"

#include <algorithm>
#include <deque>

#include "models/domain/DeviceMatch.h"
#include "models/domain/Intune.h"
#include "models/frame/DeviceMerge.h"
#include "services/store/DeviceRowBuilder.h"
#include "services/store/IdList.h"
#include "services/store/Store.h"

namespace postern::store {

namespace {

using frame::DeviceColumn;
using Callback = std::function<void(const frame::DeviceRow&)>;

// What a managed device selects, of managed_device d, its tenant t and its user u.
const char* const deviceColumns
    = "d.id, d.gone_since, d.as_of, t.devices_as_of, t.site_code, d.user_display_name, d.user_principal_name,"
      " d.email_address, u.department, d.model, d.operating_system, d.os_version, d.serial_number, d.imei,"
      " d.phone_number, d.subscriber_carrier, d.device_category, d.object_id, d.directory_device_id,"
      " d.manufacturer, d.owner_type, d.management_state, d.compliance_state, d.jail_broken, d.enrolled_at,"
      " d.grace_expires_at, d.is_encrypted, d.last_sync_at, d.eas_activated, d.directory_registered,"
      " u.intune_licensed";
enum DeviceField {
    Id,
    GoneSince,
    AsOf,
    ReadAt,
    Site,
    UserName,
    SignInName,
    Email,
    Department,
    Model,
    System,
    Version,
    Serial,
    Imei,
    Phone,
    Carrier,
    Category,
    ObjectId,
    EntraId,
    Manufacturer,
    Owner,
    Management,
    Compliance,
    JailBreak,
    EnrolledAt,
    Grace,
    Encrypted,
    CheckIn,
    Activated,
    Registered,
    Licensed,
    DeviceFieldCount
};

// Enum texts repeat by the hundred thousand.
template <class E> class CodeOf
{
public:
    [[nodiscard]] qint64 operator()(std::string_view text)
    {
        const auto found = m_known.find(std::string(text));
        if (found != m_known.end())
            return found->second;
        const auto value = enumFromText<E>(QString::fromUtf8(text.data(), qsizetype(text.size())));
        return m_known.emplace(std::string(text), value ? qint64(*value) : qint64(E{})).first->second;
    }

private:
    std::unordered_map<std::string, qint64> m_known;
};

// A row that outlives the statement's step.
class OwnedRow
{
public:
    explicit OwnedRow(const frame::DeviceRow& row)
        : m_row(row)
    {
        std::size_t size = 0;
        for (const std::string_view& view : row.text)
            size += view.size();
        m_text.reserve(size);
        for (std::string_view& view : m_row.text) {
            const std::size_t at = m_text.size();
            m_text.append(view);
            view = std::string_view(m_text).substr(at); // reserved: it does not move
        }
    }
    OwnedRow(const OwnedRow&) = delete;
    OwnedRow& operator=(const OwnedRow&) = delete;

    [[nodiscard]] const frame::DeviceRow& row() const { return m_row; }

private:
    std::string m_text;
    frame::DeviceRow m_row;
};

// Groups the rows of the joined statement, which come by device.
class DeviceMerger
{
public:
    DeviceMerger(const Connectors& connectors, Callback callback)
        : m_partnership(connectors, DeviceFieldCount + 1)
        , m_callback(std::move(callback))
    {
    }

    void add(const Query& query)
    {
        const qint64 id = query.integer(Id);
        if (id != m_current)
            begin(query, id);
        if (query.isNull(DeviceFieldCount + 1)) // no partnership
            return;
        frame::DeviceRow& row = m_partnership.build(query);
        row.number[std::size_t(DeviceColumn::MatchKind)] = query.integer(DeviceFieldCount);
        m_partnerships.emplace_back(row);
    }

    // The last one.
    void finish()
    {
        if (!m_device)
            return;
        std::vector<frame::DeviceRow> rows;
        for (const OwnedRow& row : m_partnerships)
            rows.push_back(row.row());
        frame::DeviceRow managed = m_device->row();
        if (!rows.empty()) // Exchange's name, which people know the phone by (SYN-13)
            managed.text[std::size_t(DeviceColumn::Name)] = {};
        m_callback(frame::mergedRow(managed, rows));
        m_device.reset();
        m_partnerships.clear();
    }

private:
    void begin(const Query& query, qint64 id)
    {
        finish();
        m_current = id;
        const frame::DeviceRow row = rowOf(query);
        m_device.emplace(row);
    }

    frame::DeviceRow rowOf(const Query& query);

    DeviceRowBuilder m_partnership;
    Callback m_callback;
    CodeOf<DeviceOwnerType> m_owners;
    CodeOf<ManagementState> m_management;
    CodeOf<ComplianceState> m_compliance;
    qint64 m_current = 0;
    std::optional<OwnedRow> m_device;
    std::deque<OwnedRow> m_partnerships;
    std::string m_name;
};

qint64 jailBroken(std::string_view text)
{
    const auto is = [text](const char* word) {
        return QLatin1String(text.data(), qsizetype(text.size()))
                   .compare(QLatin1String(word), Qt::CaseInsensitive)
            == 0;
    };
    return qint64(is("true") ? JailBroken::Yes : is("false") ? JailBroken::No : JailBroken::Unknown);
}

frame::DeviceRow DeviceMerger::rowOf(const Query& query)
{
    frame::DeviceRow row;
    row.number.fill(frame::noValue);
    row.id = ManagedDeviceId{query.integer(Id)};
    row.gone = !query.isNull(GoneSince);
    static constexpr std::pair<DeviceColumn, DeviceField> texts[] = {{DeviceColumn::UserName, UserName},
        {DeviceColumn::UserPrincipalName, SignInName}, {DeviceColumn::EmailAddress, Email},
        {DeviceColumn::Department, Department}, {DeviceColumn::DeviceModel, Model},
        {DeviceColumn::DeviceOS, System}, {DeviceColumn::OsVersion, Version},
        {DeviceColumn::SerialNumber, Serial}, {DeviceColumn::Imei, Imei}, {DeviceColumn::PhoneNumber, Phone},
        {DeviceColumn::MobileOperator, Carrier}, {DeviceColumn::DeviceCategory, Category},
        {DeviceColumn::IntuneDeviceId, ObjectId}, {DeviceColumn::EntraDeviceId, EntraId},
        {DeviceColumn::SiteCode, Site}};
    for (const auto& [column, field] : texts)
        row.text[std::size_t(column)] = query.utf8(field);
    static constexpr std::pair<DeviceColumn, DeviceField> numbers[] = {{DeviceColumn::EnrolledAt, EnrolledAt},
        {DeviceColumn::GraceExpires, Grace}, {DeviceColumn::Encrypted, Encrypted},
        {DeviceColumn::IntuneLastCheckIn, CheckIn}, {DeviceColumn::EasActivated, Activated},
        {DeviceColumn::EntraRegistered, Registered}, {DeviceColumn::IntuneLicensed, Licensed}};
    const auto number = [&row](DeviceColumn column) -> qint64& { return row.number[std::size_t(column)]; };
    for (const auto& [column, field] : numbers)
        number(column) = query.isNull(field) ? frame::noValue : query.integer(field);
    number(DeviceColumn::Owner) = m_owners(query.utf8(Owner));
    number(DeviceColumn::ManagementState) = m_management(query.utf8(Management));
    number(DeviceColumn::ComplianceState) = m_compliance(query.utf8(Compliance));
    number(DeviceColumn::JailBroken) = jailBroken(query.utf8(JailBreak));
    number(DeviceColumn::Platform) = qint64(devicePlatform(query.text(System), query.text(Manufacturer)));
    number(DeviceColumn::IntuneDataAsOf)
        = std::max(query.integer(AsOf), query.isNull(ReadAt) ? frame::noValue : query.integer(ReadAt));
    // SYN-13's name, as Exchange would make it.
    m_name.assign(query.utf8(UserName).empty() ? query.utf8(SignInName) : query.utf8(UserName));
    m_name += '_';
    m_name += query.utf8(System);
    row.text[std::size_t(DeviceColumn::Name)] = m_name;
    return row;
}

std::string devicesWhere(const std::string& condition)
{
    std::string sql = "SELECT ";
    sql.append(deviceColumns).append(", x.kind, ").append(DeviceRowBuilder::columns());
    sql += " FROM managed_device d JOIN tenant t ON t.id = d.tenant_id"
           " LEFT JOIN directory_user u ON u.tenant_id = d.tenant_id AND u.object_id = d.user_object_id"
           " LEFT JOIN partnership_match x ON x.device_id = d.id"
           " LEFT JOIN partnership p ON p.id = x.partnership_id AND p.gone_since IS NULL"
           " LEFT JOIN mailbox m ON m.id = p.mailbox_id WHERE ";
    sql.append(condition).append(" ORDER BY d.id, p.id");
    return sql;
}

// Columns behind the partnership's: whether it is linked to a device that is there, its user's licence.
std::string partnershipsWhere(const std::string& condition)
{
    std::string sql = "SELECT ";
    sql.append(DeviceRowBuilder::columns());
    sql += ", CASE WHEN d.id IS NULL THEN 0 ELSE 1 END, u.intune_licensed FROM partnership p"
           " CROSS JOIN mailbox m LEFT JOIN partnership_match x ON x.partnership_id = p.id"
           " LEFT JOIN managed_device d ON d.id = x.device_id AND d.gone_since IS NULL"
           " LEFT JOIN mailbox_person y ON y.mailbox_id = m.id LEFT JOIN directory_user u ON u.id = y.user_id"
           " WHERE m.id = p.mailbox_id AND ";
    sql.append(condition);
    return sql;
}

class Reader
{
public:
    Reader(Session& session, Connectors connectors, const Callback& callback)
        : m_session(session)
        , m_connectors(std::move(connectors))
        , m_callback(callback)
    {
    }

    [[nodiscard]] Expected<qint64> all();
    [[nodiscard]] Expected<qint64> changed(qint64 since);

private:
    [[nodiscard]] Expected<void> partnerships(Query& query, bool withLinked);
    [[nodiscard]] Expected<void> devices(Query& query);
    [[nodiscard]] Expected<std::vector<qint64>> ids(Sql sql, qint64 since);
    [[nodiscard]] Expected<void> inChunks(
        const std::vector<qint64>& ids, const std::string& sql, Expected<void> (Reader::*read)(Query&));
    [[nodiscard]] Expected<void> changedPartnerships(Query& query) { return partnerships(query, true); }

    Session& m_session;
    const Connectors m_connectors;
    const Callback& m_callback;
    qint64 m_rows = 0;
};

Expected<void> Reader::partnerships(Query& query, bool withLinked)
{
    DeviceRowBuilder builder(m_connectors);
    const int linked = DeviceRowBuilder::columnCount();
    while (query.next()) {
        frame::DeviceRow& row = builder.build(query);
        if (query.flag(linked)) {
            if (!withLinked)
                continue;
            row.gone = true; // its device's row has it
        }
        frame::setUnmatched(row);
        row.number[std::size_t(DeviceColumn::IntuneLicensed)]
            = query.isNull(linked + 1) ? frame::noValue : query.integer(linked + 1);
        m_callback(row);
        ++m_rows;
    }
    return query.result();
}

Expected<void> Reader::devices(Query& query)
{
    DeviceMerger merger(m_connectors, [this](const frame::DeviceRow& row) {
        m_callback(row);
        ++m_rows;
    });
    while (query.next())
        merger.add(query);
    merger.finish();
    return query.result();
}

// Partnerships first: their keys lie below those of devices, so that rows come in key order.
Expected<qint64> Reader::all()
{
    static const std::string unmatched = partnershipsWhere("p.gone_since IS NULL");
    static const std::string managed = devicesWhere("d.gone_since IS NULL");
    {
        Query query(m_session, Sql::constant(unmatched));
        if (auto read = partnerships(query.stream(), false); !read)
            return tl::unexpected(read.error());
    }
    Query query(m_session, Sql::constant(managed));
    if (auto read = devices(query.stream()); !read)
        return tl::unexpected(read.error());
    return m_rows;
}

Expected<std::vector<qint64>> Reader::ids(Sql sql, qint64 since)
{
    Query query(m_session, sql);
    query.bind(":since", since).stream();
    std::vector<qint64> found;
    while (query.next())
        found.push_back(query.integer(0));
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

Expected<void> Reader::inChunks(
    const std::vector<qint64>& ids, const std::string& sql, Expected<void> (Reader::*read)(Query&))
{
    constexpr std::size_t chunk = 1000;
    for (std::size_t at = 0; at < ids.size(); at += chunk) {
        Query query(m_session, Sql::constant(sql));
        query.bind(":list", jsonIds(ids.data() + at, std::min(chunk, ids.size() - at)));
        if (auto done = (this->*read)(query.stream()); !done)
            return done;
    }
    return {};
}

Expected<qint64> Reader::changed(qint64 since)
{
    auto touched = ids(
        "SELECT id FROM partnership WHERE revision > :since UNION ALL"
        " SELECT q.id FROM mailbox n JOIN partnership q ON q.mailbox_id = n.id WHERE n.revision > :since"
        " UNION ALL SELECT partnership_id FROM partnership_match WHERE revision > :since UNION ALL"
        " SELECT x.partnership_id FROM managed_device d JOIN partnership_match x ON x.device_id = d.id"
        " WHERE d.revision > :since UNION ALL"
        " SELECT q.id FROM mailbox_person y JOIN partnership q ON q.mailbox_id = y.mailbox_id"
        " WHERE y.revision > :since UNION ALL"
        " SELECT q.id FROM directory_user u JOIN mailbox_person y ON y.user_id = u.id"
        " JOIN partnership q ON q.mailbox_id = y.mailbox_id WHERE u.revision > :since",
        since);
    auto managed
        = ids("SELECT id FROM managed_device WHERE revision > :since UNION ALL"
              " SELECT x.device_id FROM partnership p JOIN partnership_match x ON x.partnership_id = p.id"
              " WHERE p.revision > :since AND x.device_id IS NOT NULL UNION ALL"
              " SELECT x.device_id FROM mailbox n JOIN partnership q ON q.mailbox_id = n.id"
              " JOIN partnership_match x ON x.partnership_id = q.id"
              " WHERE n.revision > :since AND x.device_id IS NOT NULL UNION ALL"
              " SELECT d.id FROM directory_user u JOIN managed_device d ON d.tenant_id = u.tenant_id"
              " AND d.user_object_id = u.object_id WHERE u.revision > :since",
            since);
    if (!touched || !managed)
        return tl::unexpected(touched ? managed.error() : touched.error());
    const std::string list = idList(m_session.dialect());
    if (auto done = inChunks(*touched, partnershipsWhere("p.id " + list), &Reader::changedPartnerships);
        !done)
        return tl::unexpected(done.error());
    if (auto done = inChunks(*managed, devicesWhere("d.id " + list), &Reader::devices); !done)
        return tl::unexpected(done.error());
    return m_rows;
}

// Rows of one of these that were deleted for good leave nothing to read.
Expected<bool> forgotten(Session& session, qint64 since)
{
    Query query(session,
        "SELECT 1 FROM change_state WHERE table_number IN (:first, :second, :third)"
        " AND forgotten_before > :since");
    query.bind(":first", int(Table::Partnership))
        .bind(":second", int(Table::ManagedDevice))
        .bind(":third", int(Table::Match))
        .bind(":since", since);
    const bool found = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

Expected<bool> hasTenants(Session& session)
{
    Query query(session, "SELECT 1 FROM tenant LIMIT 1");
    const bool found = query.next();
    if (auto result = query.result(); !result)
        return tl::unexpected(result.error());
    return found;
}

} // namespace

Expected<DeviceRead> readSiteDevices(Session& session, qint64 sinceRevision, const Callback& callback)
{
    auto lost = forgotten(session, sinceRevision);
    auto cloud = hasTenants(session);
    if (!lost || !cloud)
        return tl::unexpected(lost ? cloud.error() : lost.error());
    if (!*cloud && !(*lost && sinceRevision > 0))
        return readDevices(session, sinceRevision, callback);
    auto revision = currentRevision(session);
    auto connectors = loadConnectors(session);
    if (!revision || !connectors)
        return tl::unexpected(revision ? connectors.error() : revision.error());
    DeviceRead read{*revision, 0, sinceRevision > 0 && *lost};
    if (read.restartNeeded)
        return read;
    Reader reader(session, std::move(*connectors), callback);
    auto rows = sinceRevision == 0 ? reader.all() : reader.changed(sinceRevision);
    if (!rows)
        return tl::unexpected(rows.error());
    read.rows = *rows;
    return read;
}

} // namespace postern::store
