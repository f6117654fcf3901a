#include "app/lab/cmdlets/Shapes.h"

#include <QLocale>
#include <algorithm>
#include <map>
#include <mutex>

#include "app/lab/text/Text.h"

namespace postern::lab::shapes {

namespace {

const char* const stringMvp = "Microsoft.Exchange.Data.MultiValuedProperty`1[[System.String, mscorlib, "
                              "Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089]]";

Value multiValued(const char* type, std::vector<Value> items)
{
    auto list = std::make_shared<Object>();
    list->types = &chain({type, "Microsoft.Exchange.Data.MultiValuedPropertyBase", "System.Object"});
    list->container = Container::List;
    list->items = std::move(items);
    return ObjectPtr(list);
}

std::shared_ptr<Object> complexObject(const std::vector<std::string>& types, std::string text)
{
    auto object = std::make_shared<Object>();
    object->types = &chain(types);
    object->text = std::move(text);
    object->serializationData = true;
    return object;
}

Value exchangeVersion()
{
    static const Value version = [] {
        auto object = complexObject(
            {"Microsoft.Exchange.Data.ExchangeObjectVersion", "System.Object"}, "0.10 (14.0.100.0)");
        add(*object, "NextMajorVersion", std::string("1.0 (0.0.0.0)"));
        add(*object, "NextMinorVersion", std::string("0.11 (0.0.0.0)"));
        add(*object, "Major", std::uint8_t(0));
        add(*object, "Minor", std::uint8_t(10));
        add(*object, "ExchangeBuild", std::string("14.0.100.0"));
        return Value(ObjectPtr(object));
    }();
    return version;
}

Value organizationId()
{
    static const Value id = [] {
        auto object
            = complexObject({"Microsoft.Exchange.Data.Directory.OrganizationId", "System.Object"}, "");
        add(*object, "OrganizationalUnit", Nil{});
        add(*object, "ConfigurationUnit", Nil{});
        add(*object, "IsConsumerOrganization", false);
        add(*object, "IdForEventLog", std::string());
        return Value(ObjectPtr(object));
    }();
    return id;
}

Value objectCategory(const std::string& category)
{
    static std::mutex mutex;
    static std::map<std::string, Value> known;
    const std::scoped_lock lock(mutex);
    const auto at = known.find(category);
    if (at != known.end())
        return at->second;
    const Value made = adObjectId({"contoso.lab/Configuration/Schema/" + category,
        "CN=" + category + ",CN=Schema,CN=Configuration,DC=contoso,DC=lab", namedGuid(category), category,
        "contoso.lab/Configuration/Schema"});
    known[category] = made;
    return made;
}

} // namespace

const TypeChain& chain(const std::vector<std::string>& names)
{
    static std::mutex mutex;
    static std::map<std::string, TypeChain> known; // nodes stay where they are
    const std::string key = joined(names, "\n");
    const std::scoped_lock lock(mutex);
    auto at = known.find(key);
    if (at == known.end())
        at = known.emplace(key, TypeChain{names}).first;
    return at->second;
}

const TypeChain& directoryChain(const char* shortName)
{
    return chain({std::string("Microsoft.Exchange.Data.Directory.SystemConfiguration.") + shortName,
        "Microsoft.Exchange.Data.Directory.SystemConfiguration.ADConfigurationObject",
        "Microsoft.Exchange.Data.Directory.ADObject", "Microsoft.Exchange.Data.Directory.ADRawEntry",
        "Microsoft.Exchange.Data.ConfigurableObject", "System.Object"});
}

const TypeChain& presentationChain(const char* shortName)
{
    return chain({std::string("Microsoft.Exchange.Data.Directory.Management.") + shortName,
        "Microsoft.Exchange.Data.Directory.Management.ADPresentationObject",
        "Microsoft.Exchange.Data.Directory.ADObject", "Microsoft.Exchange.Data.Directory.ADRawEntry",
        "Microsoft.Exchange.Data.ConfigurableObject", "System.Object"});
}

Guid namedGuid(std::string_view name)
{
    std::uint64_t a = 0xcbf29ce484222325ULL, b = 0x9e3779b97f4a7c15ULL;
    for (const char c : name) {
        a = (a ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
        b = (b ^ a) * 0xbf58476d1ce4e5b9ULL;
    }
    return Guid::fromNumbers(a, b);
}

Value adObjectId(const Id& id)
{
    static const TypeChain& types = chain({"Microsoft.Exchange.Data.Directory.ADObjectId",
        "Microsoft.Exchange.Data.ObjectId", "System.Object"});
    static const Guid partition = namedGuid("contoso.lab partition");
    auto object = std::make_shared<Object>();
    object->types = &types;
    object->text = id.canonical;
    object->serializationData = true;
    auto& p = object->properties;
    p.reserve(12);
    p.push_back({"OrgHierarchyToIgnore", Nil{}});
    p.push_back({"IsDeleted", false});
    p.push_back({"Rdn", id.distinguishedName.substr(0, id.distinguishedName.find(','))});
    p.push_back({"Parent", id.parent});
    p.push_back({"Depth",
        std::int32_t(std::count(id.distinguishedName.begin(), id.distinguishedName.end(), '=')) - 1});
    p.push_back({"DistinguishedName", id.distinguishedName});
    p.push_back({"IsRelativeDn", false});
    p.push_back({"DomainId", std::string(domain)});
    p.push_back({"PartitionGuid", partition});
    p.push_back({"PartitionFQDN", std::string(domain)});
    p.push_back({"ObjectGuid", id.guid});
    p.push_back({"Name", id.name});
    return ObjectPtr(object);
}

Value enumeration(const char* typeName, std::string_view text, int number)
{
    static std::mutex mutex;
    static std::map<std::string, Value> known;
    const std::string key = std::string(typeName) + '\n' + std::string(text);
    const std::scoped_lock lock(mutex);
    const auto at = known.find(key);
    if (at != known.end())
        return at->second;
    auto object = std::make_shared<Object>();
    object->types = &chain({typeName, "System.Enum", "System.ValueType", "System.Object"});
    object->text = std::string(text);
    object->primitive = std::int32_t(number);
    return known.emplace(key, ObjectPtr(object)).first->second;
}

Value strings(const std::vector<std::string>& list)
{
    static const Value empty = multiValued(stringMvp, {});
    if (list.empty())
        return empty;
    return multiValued(stringMvp, std::vector<Value>(list.begin(), list.end()));
}

Value smtpAddress(const std::string& address)
{
    auto object = complexObject(
        {"Microsoft.Exchange.Data.SmtpAddress", "System.ValueType", "System.Object"}, address);
    const auto at = address.find('@');
    add(*object, "IsUTF8", false);
    add(*object, "IsValidAddress", at != std::string::npos);
    add(*object, "Length", std::int32_t(address.size()));
    add(*object, "Local", address.substr(0, at));
    add(*object, "Domain", at == std::string::npos ? std::string() : address.substr(at + 1));
    return ObjectPtr(object);
}

Value smtpAddresses(const std::vector<std::string>& list)
{
    std::vector<Value> items;
    for (const std::string& address : list)
        items.push_back(smtpAddress(address));
    return multiValued("Microsoft.Exchange.Data.MultiValuedProperty`1[[Microsoft.Exchange.Data.SmtpAddress, "
                       "Microsoft.Exchange.Data, Version=15.0.0.0, "
                       "Culture=neutral, PublicKeyToken=31bf3856ad364e35]]",
        std::move(items));
}

Value proxyAddresses(const std::vector<std::string>& list)
{
    std::vector<Value> items(list.begin(), list.end());
    return multiValued("Microsoft.Exchange.Data.ProxyAddressCollection", std::move(items));
}

Value unlimited(const char* argument, const std::string& text)
{
    auto object = complexObject({std::string("Microsoft.Exchange.Data.Unlimited`1[[") + argument + "]]",
                                    "System.ValueType", "System.Object"},
        text);
    add(*object, "IsUnlimited", text == "Unlimited");
    if (text != "Unlimited")
        add(*object, "Value", text);
    return ObjectPtr(object);
}

std::string sizeText(std::int64_t bytes, const std::string& culture)
{
    const QLocale locale(QString::fromStdString(culture).replace(QLatin1Char('-'), QLatin1Char('_')));
    double shown = double(bytes);
    const char* unit = "B";
    for (const char* larger : {"KB", "MB", "GB", "TB"}) {
        if (shown < 1024)
            break;
        shown /= 1024;
        unit = larger;
    }
    QLocale plain(locale);
    plain.setNumberOptions(QLocale::OmitGroupSeparator);
    QString number = plain.toString(shown, 'g', 4);
    return number.toStdString() + " " + unit + " (" + locale.toString(qlonglong(bytes)).toStdString()
        + " bytes)";
}

Value timeSpan(std::int64_t seconds)
{
    auto object
        = complexObject({"Microsoft.Exchange.Data.EnhancedTimeSpan", "System.ValueType", "System.Object"},
            seconds == 0 ? "00:00:00" : std::to_string(seconds / 86400) + ".00:00:00");
    add(*object, "Days", std::int32_t(seconds / 86400));
    add(*object, "Hours", std::int32_t(seconds / 3600 % 24));
    add(*object, "Milliseconds", std::int32_t(0));
    add(*object, "Minutes", std::int32_t(seconds / 60 % 60));
    add(*object, "Seconds", std::int32_t(seconds % 60));
    add(*object, "Ticks", std::int64_t(seconds) * 10000000);
    for (const auto& [name, unit] : {std::pair{"TotalDays", 86400.0}, {"TotalHours", 3600.0},
             {"TotalMilliseconds", 0.001}, {"TotalMinutes", 60.0}, {"TotalSeconds", 1.0}})
        add(*object, name, double(seconds) / unit);
    add(*object, "Sign", std::int32_t(seconds > 0 ? 1 : 0));
    return ObjectPtr(object);
}

Value time(std::int64_t ms)
{
    return ms == 0 ? Value(Nil{}) : Value(DateTime{ms / 1000 * 1000, true});
}
Value text(const std::string& s)
{
    return s;
}

void appendTail(Object& object, const Tail& tail)
{
    auto& p = object.properties;
    const std::int64_t changed = tail.changedMs / 1000 * 1000, created = tail.createdMs / 1000 * 1000;
    static const Value unchanged = enumeration("Microsoft.Exchange.Data.ObjectState", "Unchanged", 1);
    static const std::string origin = "dc1.contoso.lab";
    p.push_back({"AdminDisplayName", std::string()});
    p.push_back({"ExchangeVersion", exchangeVersion()});
    p.push_back({"Name", tail.name});
    p.push_back({"DistinguishedName", tail.identity.distinguishedName});
    p.push_back({"Identity", adObjectId(tail.identity)});
    p.push_back({"Guid", tail.identity.guid});
    p.push_back({"ObjectCategory", objectCategory(tail.category)});
    p.push_back({"ObjectClass", strings(tail.classes)});
    p.push_back({"WhenChanged", DateTime{changed, false}});
    p.push_back({"WhenCreated", DateTime{created, false}});
    p.push_back({"WhenChangedUTC", DateTime{changed, true}});
    p.push_back({"WhenCreatedUTC", DateTime{created, true}});
    p.push_back({"OrganizationId", organizationId()});
    p.push_back({"Id", SameAs{"Identity"}});
    p.push_back({"OriginatingServer", origin});
    p.push_back({"IsValid", true});
    p.push_back({"ObjectState", unchanged});
}

std::shared_ptr<Object> directoryObject(const TypeChain& types, std::string text)
{
    auto object = std::make_shared<Object>();
    object->types = &types;
    object->text = std::move(text);
    object->serializationData = true;
    object->properties.reserve(48);
    return object;
}

Id userId(const Person& person)
{
    return {person.canonical(), person.distinguishedName(), person.guid, person.commonName,
        person.organizationalUnit()};
}

Id phoneId(const PhoneFacts& phone, const Person& owner)
{
    const std::string name = phone.name();
    return {owner.canonical() + "/ExchangeActiveSyncDevices/" + escapedForCanonical(name),
        "CN=" + escapedForDn(name) + ",CN=ExchangeActiveSyncDevices," + owner.distinguishedName(), phone.guid,
        name, owner.canonical() + "/ExchangeActiveSyncDevices"};
}

Id ruleId(const AccessRule& rule)
{
    const std::string name = rule.name();
    return {name, "CN=" + escapedForDn(name) + ",CN=Mobile Mailbox Settings," + std::string(organizationDn),
        namedGuid("rule " + name + std::to_string(rule.number)), name, "Mobile Mailbox Settings"};
}

Id policyId(const MailboxPolicyRecord& policy)
{
    return {policy.name,
        "CN=" + escapedForDn(policy.name) + ",CN=Mobile Mailbox Policies," + std::string(organizationDn),
        policy.guid, policy.name, "Mobile Mailbox Policies"};
}

} // namespace postern::lab::shapes
