#include "services/graph/DirectoryMapper.h"

namespace postern::graph {

using namespace Qt::StringLiterals;

namespace {

#define POSTERN_FIELD(TYPE, NAME, EXPRESSION)                                                                \
    {                                                                                                        \
        NAME, [](TYPE& o, JsonElement value, JsonRow& row) { EXPRESSION; }                                   \
    }

// Basic mobility of Office 365 answers to the same service name, but is no Intune.
const QUuid basicMobility(u"882e1d05-acd1-4ccb-8708-6ee03664b117"_s);
// Every subscription has it; it gives no mailbox.
const QUuid exchangeFoundation(u"113feb6c-3fe4-4440-bddc-54d774bf0318"_s);

struct Plan
{
    QString service, status, name;
    QUuid id;
    // Warning: the subscription has expired and still works.
    [[nodiscard]] bool isOn() const
    {
        return status.compare("Enabled"_L1, Qt::CaseInsensitive) == 0
            || status.compare("Warning"_L1, Qt::CaseInsensitive) == 0;
    }
};

const FieldTable<Plan>& planFields()
{
    static const FieldTable<Plan> table{
        POSTERN_FIELD(Plan, "service", o.service = row.shared(value)),
        POSTERN_FIELD(Plan, "capabilityStatus", o.status = row.shared(value)),
        POSTERN_FIELD(Plan, "provisioningStatus", o.status = row.shared(value)),
        POSTERN_FIELD(Plan, "servicePlanId", o.id = row.guid(value)),
        POSTERN_FIELD(Plan, "servicePlanName", o.name = row.shared(value)),
    };
    return table;
}

// Calls `use` with each object of a list.
template <class T, class Use>
void eachIn(JsonElement value, JsonRow& row, const FieldTable<T>& table, Use use)
{
    simdjson::dom::array list;
    if (value.get(list) != simdjson::SUCCESS) {
        if (!value.is_null())
            row.problem(u"not a list"_s);
        return;
    }
    FieldReader<T> reader(table);
    for (const JsonElement item : list) {
        simdjson::dom::object object;
        if (item.get(object) != simdjson::SUCCESS)
            continue;
        T read;
        reader.read(read, object, row);
        use(read);
    }
}

void readPlans(DirectoryUser& user, JsonElement value, JsonRow& row)
{
    eachIn<Plan>(value, row, planFields(), [&user](const Plan& plan) {
        if (!plan.isOn())
            return;
        const auto is = [&plan](QLatin1StringView name) {
            return plan.service.compare(name, Qt::CaseInsensitive) == 0;
        };
        if (is("SCO"_L1) && plan.id != basicMobility)
            user.hasIntuneLicence = true;
        if (is("exchange"_L1) && plan.id != exchangeFoundation)
            user.hasExchangeOnlineLicence = true;
    });
}

struct LicenceText
{
    QUuid sku;
};

const FieldTable<LicenceText>& licenceFields()
{
    static const FieldTable<LicenceText> table{POSTERN_FIELD(LicenceText, "skuId", o.sku = row.guid(value))};
    return table;
}

void readLicences(DirectoryUser& user, JsonElement value, JsonRow& row)
{
    eachIn<LicenceText>(value, row, licenceFields(), [&user](const LicenceText& licence) {
        if (!licence.sku.isNull())
            user.skuIds.push_back(licence.sku);
    });
}

const FieldTable<DirectoryUser>& userFields()
{
    static const FieldTable<DirectoryUser> table{
        POSTERN_FIELD(DirectoryUser, "id", o.id = row.text(value)),
        POSTERN_FIELD(DirectoryUser, "userPrincipalName", o.userPrincipalName = row.text(value)),
        POSTERN_FIELD(DirectoryUser, "displayName", o.displayName = row.text(value)),
        POSTERN_FIELD(DirectoryUser, "mail", o.mail = row.text(value)),
        POSTERN_FIELD(DirectoryUser, "proxyAddresses", o.proxyAddresses = row.texts(value)),
        POSTERN_FIELD(DirectoryUser, "mailNickname", o.mailNickname = row.text(value)),
        POSTERN_FIELD(DirectoryUser, "department", o.department = row.shared(value)),
        POSTERN_FIELD(DirectoryUser, "jobTitle", o.jobTitle = row.shared(value)),
        POSTERN_FIELD(DirectoryUser, "officeLocation", o.officeLocation = row.shared(value)),
        POSTERN_FIELD(DirectoryUser, "userType", o.userType = row.shared(value)),
        POSTERN_FIELD(DirectoryUser, "accountEnabled", o.accountEnabled = row.flag(value, true)),
        POSTERN_FIELD(DirectoryUser, "onPremisesImmutableId", o.onPremisesImmutableId = row.text(value)),
        POSTERN_FIELD(
            DirectoryUser, "onPremisesSecurityIdentifier", o.onPremisesSecurityIdentifier = row.text(value)),
        POSTERN_FIELD(
            DirectoryUser, "onPremisesSamAccountName", o.onPremisesSamAccountName = row.text(value)),
        POSTERN_FIELD(DirectoryUser, "onPremisesDomainName", o.onPremisesDomainName = row.shared(value)),
        POSTERN_FIELD(
            DirectoryUser, "onPremisesDistinguishedName", o.onPremisesDistinguishedName = row.text(value)),
        POSTERN_FIELD(
            DirectoryUser, "onPremisesUserPrincipalName", o.onPremisesUserPrincipalName = row.text(value)),
        POSTERN_FIELD(DirectoryUser, "onPremisesSyncEnabled", o.onPremisesSyncEnabled = row.maybeFlag(value)),
        POSTERN_FIELD(DirectoryUser, "assignedLicenses", readLicences(o, value, row)),
        POSTERN_FIELD(DirectoryUser, "assignedPlans", readPlans(o, value, row)),
    };
    return table;
}

const FieldTable<DirectoryGroup>& groupFields()
{
    static const FieldTable<DirectoryGroup> table{
        POSTERN_FIELD(DirectoryGroup, "id", o.id = row.text(value)),
        POSTERN_FIELD(DirectoryGroup, "displayName", o.displayName = row.text(value)),
        POSTERN_FIELD(DirectoryGroup, "description", o.description = row.text(value)),
        POSTERN_FIELD(DirectoryGroup, "mail", o.mail = row.text(value)),
        POSTERN_FIELD(DirectoryGroup, "groupTypes", o.groupTypes = row.texts(value)),
        POSTERN_FIELD(DirectoryGroup, "membershipRule", o.membershipRule = row.text(value)),
        POSTERN_FIELD(DirectoryGroup, "securityEnabled", o.securityEnabled = row.flag(value)),
        POSTERN_FIELD(DirectoryGroup, "mailEnabled", o.mailEnabled = row.flag(value)),
        POSTERN_FIELD(
            DirectoryGroup, "onPremisesSecurityIdentifier", o.onPremisesSecurityIdentifier = row.text(value)),
        POSTERN_FIELD(
            DirectoryGroup, "onPremisesSyncEnabled", o.onPremisesSyncEnabled = row.maybeFlag(value)),
    };
    return table;
}

const FieldTable<DirectoryDevice>& deviceFields()
{
    static const FieldTable<DirectoryDevice> table{
        POSTERN_FIELD(DirectoryDevice, "id", o.id = row.text(value)),
        POSTERN_FIELD(DirectoryDevice, "deviceId", o.deviceId = row.text(value)),
        POSTERN_FIELD(DirectoryDevice, "displayName", o.displayName = row.text(value)),
        POSTERN_FIELD(DirectoryDevice, "operatingSystem", o.operatingSystem = row.shared(value)),
        POSTERN_FIELD(
            DirectoryDevice, "operatingSystemVersion", o.operatingSystemVersion = row.shared(value)),
        POSTERN_FIELD(DirectoryDevice, "trustType", o.trustType = row.shared(value)),
        POSTERN_FIELD(DirectoryDevice, "managementType", o.managementType = row.shared(value)),
        POSTERN_FIELD(DirectoryDevice, "mdmAppId", o.mdmAppId = row.shared(value)),
        POSTERN_FIELD(DirectoryDevice, "profileType", o.profileType = row.shared(value)),
        POSTERN_FIELD(DirectoryDevice, "deviceOwnership", o.deviceOwnership = row.shared(value)),
        POSTERN_FIELD(DirectoryDevice, "accountEnabled", o.accountEnabled = row.flag(value, true)),
        POSTERN_FIELD(DirectoryDevice, "isCompliant", o.isCompliant = row.maybeFlag(value)),
        POSTERN_FIELD(DirectoryDevice, "isManaged", o.isManaged = row.maybeFlag(value)),
        POSTERN_FIELD(DirectoryDevice, "registrationDateTime", o.registrationDateTime = row.time(value)),
        POSTERN_FIELD(DirectoryDevice, "approximateLastSignInDateTime",
            o.approximateLastSignInDateTime = row.time(value)),
        POSTERN_FIELD(DirectoryDevice, "complianceExpirationDateTime",
            o.complianceExpirationDateTime = row.time(value)),
    };
    return table;
}

// "#microsoft.graph.user"; what a member is stands only there.
GroupMemberKind kindOf(const QString& type)
{
    const QString name = type.mid(type.lastIndexOf(u'.') + 1);
    return enumFromText<GroupMemberKind>(name).value_or(GroupMemberKind::Other);
}

const FieldTable<GroupMember>& memberFields()
{
    static const FieldTable<GroupMember> table{
        POSTERN_FIELD(GroupMember, "@odata.type", o.kind = kindOf(row.shared(value))),
        POSTERN_FIELD(GroupMember, "id", o.id = row.text(value)),
        POSTERN_FIELD(GroupMember, "displayName", o.displayName = row.text(value)),
    };
    return table;
}

struct Domain
{
    QString name;
    bool isDefault = false;
};

const FieldTable<Domain>& domainFields()
{
    static const FieldTable<Domain> table{
        POSTERN_FIELD(Domain, "name", o.name = row.text(value)),
        POSTERN_FIELD(Domain, "isDefault", o.isDefault = row.flag(value)),
    };
    return table;
}

void readDomains(TenantInfo& tenant, JsonElement value, JsonRow& row)
{
    eachIn<Domain>(value, row, domainFields(), [&tenant](const Domain& domain) {
        if (domain.isDefault || tenant.defaultDomain.isEmpty())
            tenant.defaultDomain = domain.name;
    });
}

const FieldTable<TenantInfo>& tenantFields()
{
    static const FieldTable<TenantInfo> table{
        POSTERN_FIELD(TenantInfo, "id", o.id = row.text(value)),
        POSTERN_FIELD(TenantInfo, "displayName", o.displayName = row.text(value)),
        POSTERN_FIELD(TenantInfo, "verifiedDomains", readDomains(o, value, row)),
        POSTERN_FIELD(TenantInfo, "mobileDeviceManagementAuthority",
            o.mobileDeviceManagementAuthority = row.word<MdmAuthority>(value)),
        POSTERN_FIELD(TenantInfo, "onPremisesSyncEnabled", o.onPremisesSyncEnabled = row.maybeFlag(value)),
        POSTERN_FIELD(
            TenantInfo, "onPremisesLastSyncDateTime", o.onPremisesLastSyncDateTime = row.time(value)),
    };
    return table;
}

// A subscription has no use for its own id here; its SKU is the key.
struct SubscriptionRow : Subscription
{
    QString id;
};

void readUnits(SubscriptionRow& sku, JsonElement value, JsonRow& row)
{
    JsonElement enabled;
    if (value["enabled"].get(enabled) == simdjson::SUCCESS)
        sku.enabledUnits = row.number(enabled);
}

void readServicePlans(SubscriptionRow& sku, JsonElement value, JsonRow& row)
{
    eachIn<Plan>(value, row, planFields(), [&sku](const Plan& plan) {
        if (plan.name.startsWith("INTUNE_"_L1) && plan.id != basicMobility
            && plan.name.compare("INTUNE_O365"_L1, Qt::CaseInsensitive) != 0)
            sku.includesIntune = true;
        if (plan.name.startsWith("EXCHANGE_S_"_L1) && plan.id != exchangeFoundation
            && plan.name.compare("EXCHANGE_S_FOUNDATION"_L1, Qt::CaseInsensitive) != 0)
            sku.includesExchangeOnline = true;
    });
}

const FieldTable<SubscriptionRow>& subscriptionFields()
{
    static const FieldTable<SubscriptionRow> table{
        POSTERN_FIELD(SubscriptionRow, "id", o.id = row.text(value)),
        POSTERN_FIELD(SubscriptionRow, "skuId", o.skuId = row.guid(value)),
        POSTERN_FIELD(SubscriptionRow, "skuPartNumber", o.skuPartNumber = row.text(value)),
        POSTERN_FIELD(SubscriptionRow, "capabilityStatus", o.capabilityStatus = row.shared(value)),
        POSTERN_FIELD(SubscriptionRow, "consumedUnits", o.consumedUnits = row.number(value)),
        POSTERN_FIELD(SubscriptionRow, "prepaidUnits", readUnits(o, value, row)),
        POSTERN_FIELD(SubscriptionRow, "servicePlans", readServicePlans(o, value, row)),
    };
    return table;
}

#undef POSTERN_FIELD

template <class T> MapBody<T> mapperOf(const FieldTable<T>& table, const QString& what)
{
    return [&table, what](const JsonBody& body, qint64 first, DeltaMarks* marks) {
        return mapList(table, body, first, marks, what);
    };
}

} // namespace

QString userSelect()
{
    return u"id,userPrincipalName,displayName,mail,proxyAddresses,mailNickname,department,jobTitle,"
           u"officeLocation,"
           "userType,accountEnabled,onPremisesImmutableId,onPremisesSecurityIdentifier,"
           "onPremisesSamAccountName,onPremisesDomainName,onPremisesDistinguishedName,"
           "onPremisesUserPrincipalName,onPremisesSyncEnabled,assignedLicenses,assignedPlans"_s;
}

QString groupSelect()
{
    return u"id,displayName,description,mail,groupTypes,membershipRule,securityEnabled,mailEnabled,"
           "onPremisesSecurityIdentifier,onPremisesSyncEnabled"_s;
}

QString directoryDeviceSelect()
{
    return u"id,deviceId,displayName,operatingSystem,operatingSystemVersion,trustType,managementType,"
           u"mdmAppId,"
           "profileType,deviceOwnership,accountEnabled,isCompliant,isManaged,registrationDateTime,"
           "approximateLastSignInDateTime,complianceExpirationDateTime"_s;
}

QString memberSelect()
{
    return u"id,displayName"_s;
}

QString organizationSelect()
{
    return u"id,displayName,verifiedDomains,mobileDeviceManagementAuthority,onPremisesSyncEnabled,"
           "onPremisesLastSyncDateTime"_s;
}

MapBody<DirectoryUser> userMapper()
{
    return mapperOf(userFields(), u"users"_s);
}

MapBody<DirectoryGroup> groupMapper()
{
    return mapperOf(groupFields(), u"groups"_s);
}

MapBody<DirectoryDevice> directoryDeviceMapper()
{
    return mapperOf(deviceFields(), u"devices"_s);
}

MapBody<GroupMember> memberMapper()
{
    return mapperOf(memberFields(), u"members"_s);
}

template <>
Expected<DirectoryUser> directoryObjectOf<DirectoryUser>(const QByteArray& object, const QString& origin)
{
    return mapOne(userFields(), object, origin);
}

template <>
Expected<DirectoryGroup> directoryObjectOf<DirectoryGroup>(const QByteArray& object, const QString& origin)
{
    return mapOne(groupFields(), object, origin);
}

template <>
Expected<DirectoryDevice> directoryObjectOf<DirectoryDevice>(const QByteArray& object, const QString& origin)
{
    return mapOne(deviceFields(), object, origin);
}

Page<TenantInfo> organizationsIn(const JsonBody& body)
{
    return mapList(tenantFields(), body, 0, nullptr, u"organization"_s);
}

std::vector<Subscription> subscriptionsIn(const JsonBody& body, std::vector<ObjectProblem>& problems)
{
    Page<SubscriptionRow> page = mapList(subscriptionFields(), body, 0, nullptr, u"subscribedSkus"_s);
    std::vector<Subscription> list;
    for (SubscriptionRow& row : page.items)
        list.push_back(std::move(row));
    problems.insert(problems.end(), page.problems.begin(), page.problems.end());
    return list;
}

} // namespace postern::graph
