// The estate's changes as JSON, for --state: only what differs from the generated organisation.
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <mutex>

#include "app/lab/directory/Estate.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

QString q(const std::string& text)
{
    return QString::fromStdString(text);
}
std::string s(const QJsonValue& value)
{
    return value.toString().toStdString();
}
std::int64_t ms(const QJsonValue& value)
{
    return std::int64_t(value.toDouble());
}
// Times fit a double exactly until the year 287396.
QJsonValue ms(std::int64_t value)
{
    return double(value);
}

QJsonArray array(const std::vector<std::string>& list)
{
    QJsonArray out;
    for (const std::string& text : list)
        out.append(q(text));
    return out;
}

std::vector<std::string> list(const QJsonValue& value)
{
    std::vector<std::string> out;
    for (const QJsonValue& item : value.toArray())
        out.push_back(s(item));
    return out;
}

QJsonObject toJson(const CasSettings& c)
{
    return {{"allowed"_L1, array(c.allowedIds)}, {"blocked"_L1, array(c.blockedIds)},
        {"eas"_L1, c.easEnabled}, {"debug"_L1, c.debugLogging}, {"suppress"_L1, c.suppressReadReceipt},
        {"owa"_L1, c.owaForDevices}, {"policy"_L1, q(c.policy)}, {"changed"_L1, ms(c.changedMs)}};
}

CasSettings casOf(const QJsonObject& o)
{
    return {list(o.value("allowed"_L1)), list(o.value("blocked"_L1)), o.value("eas"_L1).toBool(),
        o.value("debug"_L1).toBool(), o.value("suppress"_L1).toBool(), o.value("owa"_L1).toBool(),
        s(o.value("policy"_L1)), ms(o.value("changed"_L1))};
}

QJsonObject toJson(const PhoneState& p)
{
    return {{"access"_L1, int(p.access)}, {"reason"_L1, int(p.reason)}, {"wipe"_L1, int(p.wipe)},
        {"accountOnly"_L1, p.accountOnly}, {"removed"_L1, p.removed}, {"rule"_L1, int(p.rule)},
        {"changed"_L1, ms(p.changedMs)}, {"success"_L1, ms(p.lastSuccessMs)},
        {"attempt"_L1, ms(p.lastAttemptMs)}, {"policy"_L1, ms(p.policyMs)},
        {"wipeRequested"_L1, ms(p.wipeRequestedMs)}, {"wipeSent"_L1, ms(p.wipeSentMs)},
        {"wipeAcked"_L1, ms(p.wipeAckedMs)}, {"requestor"_L1, int(p.requestor)}};
}

// Numbers of a file are checked before they become enums.
template <class E> E enumOf(const QJsonValue& value, E last, bool& ok)
{
    const int number = value.toInt(-1);
    ok = ok && number >= 0 && number <= int(last);
    return ok ? static_cast<E>(number) : E{};
}

PhoneState stateOf(const QJsonObject& o, bool& ok)
{
    PhoneState p;
    p.access = enumOf(o.value("access"_L1), Access::DeviceDiscovery, ok);
    p.reason = enumOf(o.value("reason"_L1), Reason::Policy, ok);
    p.wipe = enumOf(o.value("wipe"_L1), Wipe::Acknowledged, ok);
    p.accountOnly = o.value("accountOnly"_L1).toBool();
    p.removed = o.value("removed"_L1).toBool();
    p.rule = std::uint32_t(o.value("rule"_L1).toInt());
    p.changedMs = ms(o.value("changed"_L1));
    p.lastSuccessMs = ms(o.value("success"_L1));
    p.lastAttemptMs = ms(o.value("attempt"_L1));
    p.policyMs = ms(o.value("policy"_L1));
    p.wipeRequestedMs = ms(o.value("wipeRequested"_L1));
    p.wipeSentMs = ms(o.value("wipeSent"_L1));
    p.wipeAckedMs = ms(o.value("wipeAcked"_L1));
    p.requestor = std::uint32_t(o.value("requestor"_L1).toInt());
    return p;
}

QJsonObject toJson(const PhoneFacts& f)
{
    return {{"owner"_L1, qint64(f.owner)}, {"id"_L1, q(f.deviceId)}, {"type"_L1, q(f.type)},
        {"model"_L1, q(f.model)}, {"os"_L1, q(f.os)}, {"agent"_L1, q(f.userAgent)},
        {"name"_L1, q(f.friendlyName)}, {"guid"_L1, q(f.guid.lower())}, {"first"_L1, ms(f.firstSyncMs)}};
}

QJsonObject toJson(const AccessRule& r)
{
    return {{"number"_L1, int(r.number)}, {"query"_L1, q(r.query)},
        {"characteristic"_L1, int(r.characteristic)}, {"level"_L1, int(r.level)},
        {"created"_L1, ms(r.createdMs)}, {"changed"_L1, ms(r.changedMs)}};
}

QJsonObject toJson(const MailboxPolicyRecord& p)
{
    QJsonObject settings;
    for (const auto& [name, value] : p.settings)
        settings.insert(q(name), q(value));
    return {{"name"_L1, q(p.name)}, {"default"_L1, p.isDefault}, {"guid"_L1, q(p.guid.lower())},
        {"created"_L1, ms(p.createdMs)}, {"changed"_L1, ms(p.changedMs)}, {"settings"_L1, settings}};
}

PhoneFacts factsOf(const QJsonObject& o, std::uint32_t index)
{
    PhoneFacts f;
    f.index = index;
    f.owner = std::uint32_t(o.value("owner"_L1).toInteger(UINT32_MAX));
    f.deviceId = s(o.value("id"_L1));
    f.type = s(o.value("type"_L1));
    f.model = s(o.value("model"_L1));
    f.os = s(o.value("os"_L1));
    f.userAgent = s(o.value("agent"_L1));
    f.friendlyName = s(o.value("name"_L1));
    f.osLanguage = "en-US";
    f.protocol = "16.1";
    f.guid = Guid::parse(s(o.value("guid"_L1))).value_or(Guid::random());
    f.firstSyncMs = ms(o.value("first"_L1));
    return f;
}

AccessRule ruleOf(const QJsonObject& o, bool& ok)
{
    return {std::uint32_t(o.value("number"_L1).toInt()), s(o.value("query"_L1)),
        enumOf(o.value("characteristic"_L1), Characteristic::XMSWLHeader, ok),
        enumOf(o.value("level"_L1), Level::Quarantine, ok), ms(o.value("created"_L1)),
        ms(o.value("changed"_L1))};
}

MailboxPolicyRecord policyRecordOf(const QJsonObject& o)
{
    MailboxPolicyRecord policy{s(o.value("name"_L1)), o.value("default"_L1).toBool(),
        Guid::parse(s(o.value("guid"_L1))).value_or(Guid::random()), ms(o.value("created"_L1)),
        ms(o.value("changed"_L1)), {}};
    const QJsonObject settings = o.value("settings"_L1).toObject();
    for (auto at = settings.begin(); at != settings.end(); ++at)
        policy.settings[at.key().toStdString()] = s(at.value());
    return policy;
}

tl::unexpected<Error> malformed(const QString& place)
{
    return fail(ErrorCode::Malformed, u"lab-state.json: %1 is out of range"_s.arg(place));
}

} // namespace

std::string Estate::saved() const
{
    const std::shared_lock lock(m_mutex);
    QJsonObject root{{"version"_L1, 1}, {"users"_L1, qint64(m_people.userCount())},
        {"devices"_L1, qint64(m_people.phoneCount())}, {"seed"_L1, QString::number(m_people.options().seed)},
        {"referenceMs"_L1, ms(m_people.options().referenceMs)}, {"nextRule"_L1, int(m_nextRule)}};
    QJsonArray cas, phones, adopted, rules, policies;
    for (const auto& [user, settings] : m_cas) {
        QJsonObject o = toJson(settings);
        o.insert("user"_L1, qint64(user));
        cas.append(o);
    }
    for (const auto& [phone, changed] : m_changedPhones) {
        QJsonObject o = toJson(m_states[phone]);
        o.insert("phone"_L1, qint64(phone));
        phones.append(o);
    }
    for (const PhoneFacts& facts : m_adopted)
        adopted.append(toJson(facts));
    for (const AccessRule& rule : m_rules)
        rules.append(toJson(rule));
    for (const MailboxPolicyRecord& policy : m_policies)
        policies.append(toJson(policy));
    root.insert("cas"_L1, cas);
    root.insert("phones"_L1, phones);
    root.insert("adopted"_L1, adopted);
    root.insert("rules"_L1, rules);
    root.insert("policies"_L1, policies);
    root.insert("requestors"_L1, array(m_requestors));
    root.insert("settings"_L1,
        QJsonObject{{"default"_L1, int(m_settings.defaultLevel)},
            {"userInsert"_L1, q(m_settings.userMailInsert)}, {"otaInsert"_L1, q(m_settings.otaMailInsert)},
            {"recipients"_L1, array(m_settings.adminMailRecipients)},
            {"unsupported"_L1, m_settings.allowUnsupportedPlatform},
            {"changed"_L1, ms(m_settings.changedMs)}});
    return QJsonDocument(root).toJson(QJsonDocument::Compact).toStdString();
}

Expected<void> Estate::restore(const std::string& json)
{
    const QJsonObject root = QJsonDocument::fromJson(QByteArray::fromStdString(json)).object();
    if (root.value("users"_L1).toInteger() != m_people.userCount()
        || root.value("devices"_L1).toInteger() != m_people.phoneCount()
        || root.value("seed"_L1).toString() != QString::number(m_people.options().seed))
        return fail(ErrorCode::Conflict,
            u"the state directory belongs to a lab of %1 users, %2 devices and seed %3"_s
                .arg(root.value("users"_L1).toInteger())
                .arg(root.value("devices"_L1).toInteger())
                .arg(root.value("seed"_L1).toString()));
    const std::unique_lock lock(m_mutex);
    if (auto phones = restorePhones(root); !phones)
        return phones;
    return restoreOrganization(root);
}

Expected<void> Estate::restorePhones(const QJsonObject& root)
{
    for (const QJsonValue& value : root.value("adopted"_L1).toArray()) {
        const PhoneFacts facts = factsOf(value.toObject(), std::uint32_t(m_states.size()));
        if (facts.owner >= m_people.userCount())
            return malformed(u"adopted[%1].owner"_s.arg(m_adopted.size()));
        m_adopted.push_back(facts);
        m_states.emplace_back();
    }
    for (const QJsonValue& value : root.value("phones"_L1).toArray()) {
        const auto phone = value.toObject().value("phone"_L1).toInteger(-1);
        bool ok = phone >= 0 && size_t(phone) < m_states.size();
        const PhoneState state = stateOf(value.toObject(), ok);
        if (!ok)
            return malformed(u"the state of phone %1"_s.arg(phone));
        m_states[size_t(phone)] = state;
        m_changedPhones[std::uint32_t(phone)] = true;
    }
    for (const QJsonValue& value : root.value("cas"_L1).toArray()) {
        const auto user = value.toObject().value("user"_L1).toInteger(-1);
        if (user < 0 || user >= qint64(m_people.userCount()))
            return malformed(u"cas of user %1"_s.arg(user));
        m_cas[std::uint32_t(user)] = casOf(value.toObject());
    }
    return {};
}

Expected<void> Estate::restoreOrganization(const QJsonObject& root)
{
    bool ok = true;
    m_rules.clear();
    for (const QJsonValue& value : root.value("rules"_L1).toArray())
        m_rules.push_back(ruleOf(value.toObject(), ok));
    std::vector<MailboxPolicyRecord> policies;
    for (const QJsonValue& value : root.value("policies"_L1).toArray())
        policies.push_back(policyRecordOf(value.toObject()));
    if (!policies.empty())
        m_policies = std::move(policies);
    const QJsonObject settings = root.value("settings"_L1).toObject();
    m_settings
        = {enumOf(settings.value("default"_L1), Level::Quarantine, ok), s(settings.value("userInsert"_L1)),
            s(settings.value("otaInsert"_L1)), list(settings.value("recipients"_L1)),
            settings.value("unsupported"_L1).toBool(), ms(settings.value("changed"_L1))};
    if (!ok)
        return malformed(u"a rule or the default access level"_s);
    m_requestors = list(root.value("requestors"_L1));
    if (m_requestors.empty())
        m_requestors.emplace_back();
    m_nextRule = std::uint32_t(root.value("nextRule"_L1).toInt(1000));
    return {};
}

} // namespace postern::lab
