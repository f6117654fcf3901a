// What tests ask of the cloud half: POST /lab/cloud/settings, /devices, /users, /groups, /signin, /consent,
// /revoke; GET /lab/cloud, /lab/cloud/mail. Bodies and answers are JSON objects.
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

#include "app/lab/graph/Cloud.h"
#include "app/lab/text/Text.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

QString q(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

std::string text(const QJsonObject& body, const char* name)
{
    return body.value(QLatin1String(name)).toString().toStdString();
}

bool asks(const QJsonObject& body, const char* name)
{
    return body.value(QLatin1String(name)).toBool();
}

WebAnswer json(const QJsonObject& object, int status = 200)
{
    WebAnswer answer;
    answer.status = status;
    answer.contentType = "application/json; charset=utf-8";
    answer.body = QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
    return answer;
}

WebAnswer problem(const QString& what, int status = 400)
{
    return json({{"error"_L1, what}}, status);
}

// Records hold views of Graph's words: only these constants may get in.
constexpr auto complianceStates = std::to_array<std::string_view>(
    {"unknown", "compliant", "noncompliant", "conflict", "error", "inGracePeriod", "configManager"});
constexpr auto registrationStates = std::to_array<std::string_view>({"notRegistered", "registered", "revoked",
    "keyConflict", "approvalPending", "certificateReset", "notRegisteredPendingEnrollment", "unknown"});
constexpr auto managementStates = std::to_array<std::string_view>(
    {"managed", "retirePending", "retireFailed", "wipePending", "wipeFailed", "unhealthy", "deletePending",
        "retireIssued", "wipeIssued", "wipeCanceled", "retireCanceled", "discovered"});
constexpr auto jailBrokenStates = std::to_array<std::string_view>({"True", "False", "Unknown"});
constexpr auto owners = std::to_array<std::string_view>({"unknown", "company", "personal"});

struct Setting
{
    const char* name;
    std::span<const std::string_view> allowed;
    std::string_view Enrolment::*field;
};

const std::array<Setting, 5> deviceSettings{{{"complianceState", complianceStates, &Enrolment::compliance},
    {"deviceRegistrationState", registrationStates, &Enrolment::registration},
    {"managementState", managementStates, &Enrolment::managementState},
    {"jailBroken", jailBrokenStates, &Enrolment::jailBroken},
    {"managedDeviceOwnerType", owners, &Enrolment::owner}}};

} // namespace

WebAnswer Cloud::control(const WebRequest& request)
{
    const std::string what
        = request.path.size() > 10 ? request.path.substr(11) : std::string(); // "/lab/cloud/"
    if (request.method == "GET" && what.empty())
        return json(settings());
    if (request.method == "GET" && what == "mail")
        return json(mail());
    using Change = Expected<QJsonObject> (Cloud::*)(const QJsonObject&);
    static const std::map<std::string, Change> changes{{"settings", &Cloud::changeSettings},
        {"devices", &Cloud::changeDevice}, {"users", &Cloud::changeUser}, {"groups", &Cloud::changeGroup},
        {"signin", &Cloud::signIn}, {"consent", &Cloud::consent}, {"revoke", &Cloud::revoke}};
    const auto change = changes.find(what);
    if (request.method != "POST" || change == changes.end())
        return problem(
            u"unknown: GET /lab/cloud, /lab/cloud/mail; POST /lab/cloud/settings, devices, users, groups, signin, consent, revoke"_s,
            404);
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(request.body), &error);
    if (!document.isObject())
        return problem(u"not a JSON object: %1 at offset %2"_s.arg(error.errorString()).arg(error.offset));
    const auto made = (this->*change->second)(document.object());
    if (!made)
        return problem(made.error().detail, made.error().code == ErrorCode::NotFound ? 404 : 400);
    return json(*made);
}

QJsonObject Cloud::settings() const
{
    QJsonObject out = m_addresses.toJson();
    out.insert("managedDevices"_L1, qint64(m_tenant.recordCount()));
    out.insert("users"_L1, qint64(m_directory.userCount()));
    out.insert("groups"_L1, qint64(m_directory.groupCount()));
    out.insert("directoryDevices"_L1, qint64(m_directory.deviceCount()));
    out.insert("lagMs"_L1, qint64(m_tenant.lag()));
    return out;
}

Expected<QJsonObject> Cloud::changeSettings(const QJsonObject& body)
{
    Throttle::Limits limits = m_graph.throttle().limits();
    const std::map<QString, std::function<void(const QJsonValue&)>> known{
        {u"lagMs"_s, [this](const QJsonValue& v) { m_tenant.setLag(v.toInt()); }},
        {u"actionMs"_s, [this](const QJsonValue& v) { m_tenant.setActionTime(v.toInt()); }},
        {u"pageSize"_s, [this](const QJsonValue& v) { m_graph.options().pageSize.store(v.toInt()); }},
        {u"throttling"_s, [this](const QJsonValue& v) { m_graph.options().throttling.store(v.toBool()); }},
        {u"tokenSeconds"_s, [this](const QJsonValue& v) { m_tokens.setSeconds(v.toInt()); }},
        {u"deviceInterval"_s, [this](const QJsonValue& v) { m_entra.setDeviceInterval(v.toInt()); }},
        {u"exportMs"_s, [this](const QJsonValue& v) { m_graph.exports().setDuration(v.toInt()); }},
        {u"intuneLimit"_s, [&limits](const QJsonValue& v) { limits.intuneAny = v.toInt(); }},
        {u"intuneWriteLimit"_s, [&limits](const QJsonValue& v) { limits.intuneWrites = v.toInt(); }},
        {u"directoryLimit"_s, [&limits](const QJsonValue& v) { limits.directoryUnits = v.toInt(); }}};
    for (auto at = body.begin(); at != body.end(); ++at) {
        const auto setting = known.find(at.key());
        if (setting == known.end())
            return fail(ErrorCode::InvalidInput, u"unknown setting: %1"_s.arg(at.key()));
        setting->second(at.value());
    }
    m_graph.throttle().set(limits);
    return settings();
}

// By the ActiveSync id of a partnership, and its mailbox when several phones send the same id.
Expected<std::uint32_t> Cloud::phoneOf(const QJsonObject& body) const
{
    const std::string device = text(body, "device"), mailbox = text(body, "mailbox");
    std::vector<std::uint32_t> phones = m_tenant.estate().phonesNamed(device);
    if (!mailbox.empty()) {
        const std::vector<std::uint32_t> users = m_tenant.people().usersNamed(mailbox);
        std::erase_if(phones, [&](std::uint32_t phone) {
            const std::uint32_t owner = m_tenant.estate().phone(phone).facts.owner;
            return std::find(users.begin(), users.end(), owner) == users.end();
        });
    }
    if (phones.size() != 1)
        return fail(phones.empty() ? ErrorCode::NotFound : ErrorCode::InvalidInput,
            u"%1 phones are %2: say \"id\", or \"device\" and \"mailbox\""_s.arg(phones.size())
                .arg(q(device)));
    const std::uint32_t phone = phones.front();
    return phone < m_tenant.people().phoneCount() ? physicalPhone(m_tenant.people(), phone) : phone;
}

Expected<std::uint32_t> Cloud::deviceOf(const QJsonObject& body)
{
    if (const auto id = Guid::parse(text(body, "id"))) {
        if (const auto record = m_tenant.recordById(*id))
            return *record;
        return fail(ErrorCode::NotFound, u"no managed device %1"_s.arg(q(text(body, "id"))));
    }
    const auto phone = phoneOf(body);
    if (!phone)
        return fail(phone.error());
    const auto record = m_tenant.recordOfPhone(*phone);
    if (record && !m_tenant.record(*record).removed)
        return *record;
    if (asks(body, "enrol"))
        return m_tenant.enrol(*phone);
    return fail(
        ErrorCode::NotFound, u"%1 is not enrolled; \"enrol\": true enrols it"_s.arg(q(text(body, "device"))));
}

namespace {

using Wanted = std::vector<std::pair<std::string_view Enrolment::*, std::string_view>>;

Expected<Wanted> wantedOf(const QJsonObject& body)
{
    Wanted wanted;
    for (const Setting& setting : deviceSettings) {
        const std::string value = text(body, setting.name);
        if (value.empty())
            continue;
        const auto at = std::find(setting.allowed.begin(), setting.allowed.end(), value);
        if (at == setting.allowed.end())
            return fail(ErrorCode::InvalidInput, u"%1 cannot be %2"_s.arg(q(setting.name), q(value)));
        wanted.emplace_back(setting.field, *at);
    }
    return wanted;
}

void change(ManagedRecord& record, const QJsonObject& body, const Wanted& wanted, std::int64_t now)
{
    for (const auto& [field, value] : wanted)
        record.state.*field = value;
    if (body.contains("easDeviceId"_L1))
        record.state.easDeviceId = text(body, "easDeviceId");
    if (body.contains("easActivated"_L1)) {
        record.state.easActivated = asks(body, "easActivated");
        record.state.easActivatedMs = record.state.easActivated ? now : 0;
    }
    if (body.contains("graceSeconds"_L1))
        record.state.graceMs = now + std::int64_t(body.value("graceSeconds"_L1).toDouble() * 1000);
    // An administrator's change does not let the phone check in.
    if (!asks(body, "silent"))
        record.state.lastSyncMs = now;
    record.removed = record.removed || asks(body, "remove");
}

} // namespace

Expected<QJsonObject> Cloud::changeDevice(const QJsonObject& body)
{
    const auto wanted = wantedOf(body);
    if (!wanted)
        return fail(wanted.error());
    std::optional<std::uint32_t> user;
    if (body.contains("user"_L1)) {
        user = m_directory.userNamed(text(body, "user"));
        if (!user)
            return fail(ErrorCode::NotFound, u"no user %1"_s.arg(q(text(body, "user"))));
    }
    const auto number = deviceOf(body);
    if (!number)
        return fail(number.error());
    m_tenant.change(*number, [&](ManagedRecord& record) {
        change(record, body, *wanted, m_tenant.estate().nowMs());
        if (user)
            record.state.user = *user;
    });
    const auto device = m_tenant.deviceText(*number, View::Now);
    std::string out;
    if (device)
        device->appendTo(out, unaskedOf(types::managedDevice));
    return QJsonObject{{"id"_L1, q(m_tenant.record(*number).id.lower())},
        {"managedDevice"_L1, QJsonDocument::fromJson(QByteArray::fromStdString(out)).object()}};
}

Expected<QJsonObject> Cloud::changeUser(const QJsonObject& body)
{
    const auto user = m_directory.userNamed(text(body, "user"));
    if (!user)
        return fail(ErrorCode::NotFound, u"no user %1"_s.arg(q(text(body, "user"))));
    const std::map<std::string, Licence> licences{{"Microsoft365E3", Licence::Microsoft365E3},
        {"Office365WithEms", Licence::Office365WithEms}, {"Office365", Licence::Office365},
        {"Microsoft365WithoutIntune", Licence::Microsoft365WithoutIntune}, {"None", Licence::None}};
    const auto licence = licences.find(text(body, "licence"));
    if (body.contains("licence"_L1) && licence == licences.end())
        return fail(ErrorCode::InvalidInput, u"unknown licence %1"_s.arg(q(text(body, "licence"))));
    const Guid id = m_directory.userId(*user);
    m_directory.changeUser(*user, [&](UserChanges& changes) {
        if (body.contains("licence"_L1))
            changes.licence = licence->second;
        if (body.contains("accountEnabled"_L1))
            changes.enabled = asks(body, "accountEnabled");
        if (body.contains("department"_L1))
            changes.department = text(body, "department");
        if (body.contains("displayName"_L1))
            changes.displayName = text(body, "displayName");
        changes.removed = changes.removed || asks(body, "remove");
    });
    return QJsonObject{{"id"_L1, q(id.lower())}};
}

Expected<QJsonObject> Cloud::changeGroup(const QJsonObject& body)
{
    const std::string name = text(body, "group");
    const auto id = Guid::parse(name);
    auto group = id ? m_directory.groupById(*id) : m_directory.groupNamed(name);
    if (!group && asks(body, "create"))
        group = m_directory.addGroup(name);
    if (!group)
        return fail(ErrorCode::NotFound, u"no group %1; \"create\": true makes it"_s.arg(q(name)));
    const QJsonObject out{{"id"_L1, q(m_directory.group(*group).id.lower())}};
    for (const char* list : {"add", "remove"}) {
        for (const auto& entry : body.value(QLatin1String(list)).toArray()) {
            const std::string member = entry.toString().toStdString();
            const auto user = m_directory.userNamed(member);
            const auto inner = m_directory.groupNamed(member);
            if (!user && !inner)
                return fail(ErrorCode::NotFound, u"no user or group %1"_s.arg(q(member)));
            const Member who = user ? Member{ObjectKind::User, *user} : Member{ObjectKind::Group, *inner};
            m_directory.setMember(*group, who, list[0] == 'a');
        }
    }
    if (asks(body, "delete"))
        m_directory.removeGroup(*group);
    return out;
}

Expected<QJsonObject> Cloud::signIn(const QJsonObject& body)
{
    const std::string upn = text(body, "as");
    if (!upn.empty() && !m_applications.person(upn))
        return fail(ErrorCode::NotFound, u"no user %1"_s.arg(q(upn)));
    if (asks(body, "decline"))
        m_entra.declineNext();
    else if (body.contains("deviceCode"_L1)) {
        if (!m_entra.approveDeviceCode(text(body, "deviceCode"), upn))
            return fail(ErrorCode::NotFound, u"no device code %1"_s.arg(q(text(body, "deviceCode"))));
    } else {
        m_entra.signInAs(upn);
    }
    return QJsonObject{{"as"_L1, q(upn)}};
}

Expected<QJsonObject> Cloud::consent(const QJsonObject& body)
{
    const std::string client = body.contains("clientId"_L1) ? text(body, "clientId") : m_addresses.clientId;
    const std::string permission = text(body, "permission");
    const auto& known = Applications::permissions();
    if (std::find(known.begin(), known.end(), permission) == known.end())
        return fail(ErrorCode::InvalidInput, u"unknown permission %1"_s.arg(q(permission)));
    if (!m_applications.consent(client, permission, body.value("given"_L1).toBool(true)))
        return fail(ErrorCode::NotFound, u"no application %1"_s.arg(q(client)));
    return QJsonObject{{"clientId"_L1, q(client)}};
}

Expected<QJsonObject> Cloud::revoke(const QJsonObject& body)
{
    if (asks(body, "tokens"))
        m_tokens.expireAll();
    if (asks(body, "refreshTokens"))
        m_entra.revokeRefreshTokens();
    return body;
}

QJsonObject Cloud::mail() const
{
    QJsonArray list;
    for (const SentMail& mail : m_graph.mail())
        list.append(QJsonObject{
            {"from"_L1, q(mail.from)}, {"message"_L1, mail.message}, {"time"_L1, q(graphTime(mail.timeMs))}});
    return {{"mail"_L1, list}};
}

QJsonObject Cloud::truthOf(std::uint32_t phone) const
{
    static constexpr std::array<const char*, 6> forms{
        "exact", "otherCase", "formatted", "spaced", "empty", "beforeReset"};
    const Population& people = m_tenant.people();
    const std::uint32_t owner = m_tenant.estate().phone(phone).facts.owner;
    const bool generated = phone < people.phoneCount();
    const std::uint32_t physical = generated ? physicalPhone(people, phone) : phone;
    const auto record = m_tenant.recordOfPhone(physical);
    const bool managed = record && !m_tenant.record(*record).removed;
    QJsonObject out{{"userId"_L1, q(m_directory.userId(owner).lower())}, {"managedDevice"_L1, QJsonValue()},
        {"onAnotherPartnershipsPhone"_L1, physical != phone}};
    if (!managed)
        return out;
    const ManagedRecord known = m_tenant.record(*record);
    out.insert("managedDevice"_L1, q(known.id.lower()));
    out.insert("sameUser"_L1, known.state.user == owner);
    out.insert("easDeviceId"_L1, q(known.state.easDeviceId));
    out.insert("idForm"_L1, QLatin1String(forms[size_t(known.state.idForm)]));
    out.insert("complianceState"_L1, q(known.state.compliance));
    return out;
}

} // namespace postern::lab
