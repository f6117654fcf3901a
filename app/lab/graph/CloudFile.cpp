// The cloud's changes as JSON, for --state: managed devices, users and groups that are no longer as the seed
// made them. Tokens, codes, exports, mail and consent are not kept.
#include <QJsonArray>
#include <QJsonDocument>
#include <algorithm>

#include "app/lab/graph/Cloud.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

QString q(std::string_view text)
{
    return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

std::string s(const QJsonObject& o, const char* name)
{
    return o.value(QLatin1String(name)).toString().toStdString();
}

std::int64_t ms(const QJsonObject& o, const char* name)
{
    return std::int64_t(o.value(QLatin1String(name)).toDouble());
}

// Records hold views of constants; a word that is none of them gets a place for ever.
std::string_view constant(const std::string& word)
{
    static std::mutex mutex;
    static std::set<std::string, std::less<>> words;
    const std::scoped_lock lock(mutex);
    return *words.insert(word).first;
}

struct Word
{
    const char* name;
    std::string_view Enrolment::*field;
};
constexpr std::array<Word, 8> words{{{"compliance", &Enrolment::compliance},
    {"registration", &Enrolment::registration}, {"management", &Enrolment::managementState},
    {"agent", &Enrolment::agent}, {"owner", &Enrolment::owner}, {"type", &Enrolment::enrollmentType},
    {"jailBroken", &Enrolment::jailBroken}, {"threat", &Enrolment::threat}}};

struct Time
{
    const char* name;
    std::int64_t Enrolment::*field;
};
constexpr std::array<Time, 4> times{
    {{"enrolled", &Enrolment::enrolledMs}, {"lastSync", &Enrolment::lastSyncMs},
        {"grace", &Enrolment::graceMs}, {"easActivatedAt", &Enrolment::easActivatedMs}}};

struct Flag
{
    const char* name;
    bool Enrolment::*field;
};
constexpr std::array<Flag, 4> flags{
    {{"easActivated", &Enrolment::easActivated}, {"encrypted", &Enrolment::encrypted},
        {"supervised", &Enrolment::supervised}, {"inDirectory", &Enrolment::inDirectory}}};

QJsonObject toJson(const ManagedRecord& r)
{
    QJsonArray actions;
    for (const ManagedAction& a : r.actions)
        actions.append(QJsonObject{{"name"_L1, q(a.name)}, {"state"_L1, q(a.state)},
            {"started"_L1, double(a.startedMs)}, {"updated"_L1, double(a.updatedMs)}});
    QJsonObject out{{"id"_L1, q(r.id.lower())}, {"azureDeviceId"_L1, q(r.azureDeviceId.lower())},
        {"directoryId"_L1, q(r.directoryId.lower())}, {"phone"_L1, qint64(r.phone)},
        {"extraOf"_L1, qint64(r.extraOf)}, {"former"_L1, r.former}, {"removed"_L1, r.removed},
        {"user"_L1, qint64(r.state.user)}, {"idForm"_L1, int(r.state.idForm)},
        {"easDeviceId"_L1, q(r.state.easDeviceId)}, {"name"_L1, q(r.givenName)}, {"notes"_L1, q(r.notes)},
        {"actions"_L1, actions}};
    if (r.state.azureRegistered)
        out.insert("azureRegistered"_L1, *r.state.azureRegistered);
    for (const Word& word : words)
        out.insert(QLatin1String(word.name), q(r.state.*word.field));
    for (const Time& time : times)
        out.insert(QLatin1String(time.name), double(r.state.*time.field));
    for (const Flag& flag : flags)
        out.insert(QLatin1String(flag.name), r.state.*flag.field);
    return out;
}

bool identified(const QJsonObject& o, ManagedRecord& r)
{
    for (const auto& [name, into] :
        {std::pair{"id", &r.id}, {"azureDeviceId", &r.azureDeviceId}, {"directoryId", &r.directoryId}}) {
        const auto guid = Guid::parse(s(o, name));
        if (!guid)
            return false;
        *into = *guid;
    }
    return true;
}

// A person or phone of this lab, or nobody.
bool number(const QJsonObject& o, const char* name, std::uint32_t limit, std::uint32_t& into)
{
    const double value = o.value(QLatin1String(name)).toDouble(-1);
    if (value < 0 || (value >= limit && value != double(nobody)))
        return false;
    into = std::uint32_t(value);
    return true;
}

Expected<ManagedRecord> recordOf(const QJsonObject& o, const Estate& estate)
{
    ManagedRecord r;
    const std::uint32_t people = estate.people().userCount();
    const int form = o.value("idForm"_L1).toInt(-1);
    if (!identified(o, r) || !number(o, "phone", estate.phoneCount(), r.phone)
        || !number(o, "extraOf", people, r.extraOf) || !number(o, "user", people + 1, r.state.user)
        || form < 0 || form > int(EasIdForm::BeforeReset) || (r.phone == nobody) == (r.extraOf == nobody))
        return fail(ErrorCode::InvalidInput, u"managed device %1 is not of this lab"_s.arg(q(s(o, "id"))));
    r.former = o.value("former"_L1).toBool();
    r.removed = o.value("removed"_L1).toBool();
    r.givenName = s(o, "name");
    r.notes = s(o, "notes");
    r.state.enrolled = true;
    r.state.idForm = static_cast<EasIdForm>(form);
    r.state.easDeviceId = s(o, "easDeviceId");
    if (o.contains("azureRegistered"_L1))
        r.state.azureRegistered = o.value("azureRegistered"_L1).toBool();
    for (const Word& word : words)
        r.state.*word.field = constant(s(o, word.name));
    for (const Time& time : times)
        r.state.*time.field = ms(o, time.name);
    for (const Flag& flag : flags)
        r.state.*flag.field = o.value(QLatin1String(flag.name)).toBool();
    for (const auto& value : o.value("actions"_L1).toArray()) {
        const QJsonObject a = value.toObject();
        r.actions.push_back({s(a, "name"), constant(s(a, "state")), ms(a, "started"), ms(a, "updated")});
    }
    return r;
}

QJsonObject toJson(const UserChanges& c)
{
    QJsonObject out{{"removed"_L1, c.removed}};
    if (c.enabled)
        out.insert("enabled"_L1, *c.enabled);
    if (c.licence)
        out.insert("licence"_L1, int(*c.licence));
    if (c.department)
        out.insert("department"_L1, q(*c.department));
    if (c.displayName)
        out.insert("displayName"_L1, q(*c.displayName));
    return out;
}

Expected<UserChanges> userOf(const QJsonObject& o)
{
    UserChanges c;
    c.removed = o.value("removed"_L1).toBool();
    if (o.contains("enabled"_L1))
        c.enabled = o.value("enabled"_L1).toBool();
    if (o.contains("licence"_L1)) {
        const int licence = o.value("licence"_L1).toInt(-1);
        if (licence < 0 || licence > int(Licence::None))
            return fail(
                ErrorCode::InvalidInput, u"user %1 has no such licence"_s.arg(o.value("user"_L1).toInt()));
        c.licence = static_cast<Licence>(licence);
    }
    if (o.contains("department"_L1))
        c.department = s(o, "department");
    if (o.contains("displayName"_L1))
        c.displayName = s(o, "displayName");
    return c;
}

QJsonObject toJson(const Group& g)
{
    QJsonArray members;
    for (const Member& member : g.members)
        members.append(QJsonArray{int(member.kind), qint64(member.number)});
    return {{"name"_L1, q(g.name)}, {"removed"_L1, g.removed}, {"members"_L1, members}};
}

Expected<Group> groupOf(const QJsonObject& o)
{
    Group g;
    g.name = s(o, "name");
    g.removed = o.value("removed"_L1).toBool();
    for (const auto& value : o.value("members"_L1).toArray()) {
        const int kind = value.toArray().at(0).toInt(-1);
        const double number = value.toArray().at(1).toDouble(-1);
        if (kind < 0 || kind > int(ObjectKind::Device) || number < 0 || number >= double(nobody))
            return fail(ErrorCode::InvalidInput, u"group %1 has a member that cannot be"_s.arg(q(g.name)));
        g.members.push_back({static_cast<ObjectKind>(kind), std::uint32_t(number)});
    }
    return g;
}

template <class T> QJsonArray numbered(const std::map<std::uint32_t, T>& all)
{
    QJsonArray out;
    for (const auto& [number, value] : all) {
        QJsonObject o = toJson(value);
        o.insert("number"_L1, qint64(number));
        out.append(o);
    }
    return out;
}

} // namespace

std::uint64_t Cloud::revision() const
{
    return m_tenant.revision() + m_directory.revision();
}

std::string Cloud::saved() const
{
    const QJsonObject root{{"managedDevices"_L1, numbered(m_tenant.changedRecords())},
        {"users"_L1, numbered(m_directory.changedUsers())},
        {"groups"_L1, numbered(m_directory.changedGroups())}};
    return QJsonDocument(root).toJson(QJsonDocument::Compact).toStdString();
}

Expected<void> Cloud::restore(const QJsonObject& root)
{
    const auto numberOf = [](const QJsonValue& value) {
        return std::uint32_t(
            std::clamp(value.toObject().value("number"_L1).toDouble(nobody), 0.0, double(nobody)));
    };
    for (const auto& value : root.value("managedDevices"_L1).toArray()) {
        auto record = recordOf(value.toObject(), m_tenant.estate());
        if (!record)
            return fail(record.error());
        if (const auto done = m_tenant.restore(numberOf(value), std::move(*record)); !done)
            return done;
    }
    for (const auto& value : root.value("users"_L1).toArray()) {
        auto user = userOf(value.toObject());
        if (!user)
            return fail(user.error());
        if (const auto done = m_directory.restoreUser(numberOf(value), std::move(*user)); !done)
            return done;
    }
    for (const auto& value : root.value("groups"_L1).toArray()) {
        auto group = groupOf(value.toObject());
        if (!group)
            return fail(group.error());
        if (const auto done = m_directory.restoreGroup(numberOf(value), std::move(*group)); !done)
            return done;
    }
    return {};
}

} // namespace postern::lab
