#include "services/exchange/OrganizationMapper.h"

#include "services/exchange/ExchangeText.h"
#include "services/exchange/RowMapping.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

struct Properties
{
    Names name = namesOf({u"Name"});
    Names identity = namesOf({u"Identity"});
    Names distinguishedName = namesOf({u"DistinguishedName"});
    Names defaultLevel = namesOf({u"DefaultAccessLevel"});
    Names userInsert = namesOf({u"UserMailInsert"});
    Names recipients = namesOf({u"AdminMailRecipients"});
    Names query = namesOf({u"QueryString"});
    Names characteristic = namesOf({u"Characteristic"});
    Names level = namesOf({u"AccessLevel"});
    Names isDefault = namesOf({u"IsDefault", u"IsDefaultPolicy"});
    Names nonProvisionable = namesOf({u"AllowNonProvisionableDevices"});
    Names password = namesOf({u"PasswordEnabled", u"DevicePasswordEnabled"});
    Names fqdn = namesOf({u"Fqdn"});
    Names version = namesOf({u"AdminDisplayVersion"});
    Names legacyDn = namesOf({u"ExchangeLegacyDN"});
    Names site = namesOf({u"Site"});
    Names role = namesOf({u"ServerRole"});
    Names isClientAccess = namesOf({u"IsClientAccessServer"});
    Names isMailbox = namesOf({u"IsMailboxServer"});
    Names isEdge = namesOf({u"IsEdgeServer"});
};

const Properties& properties()
{
    static const Properties made;
    return made;
}

QString valueOf(QStringView relativeName)
{
    return relativeName.mid(relativeName.indexOf(u'=') + 1).toString();
}

// "CN=EX1,…,CN=Contoso,CN=Microsoft Exchange,CN=Services,CN=Configuration,DC=contoso,DC=lab": the
// organisation is the container below "Microsoft Exchange", and its distinguished name tells organisations
// apart.
OrganizationInfo organizationOfServer(const QString& dn)
{
    QStringView rest = dn;
    QStringView before; // dn from the relative name before this one on
    OrganizationInfo info;
    while (!rest.isEmpty()) {
        const QStringView here = rest;
        const QStringView name = takeRelativeName(rest);
        if (name.compare(u"CN=Microsoft Exchange", Qt::CaseInsensitive) == 0 && !before.isEmpty()) {
            info.id = before.toString();
            info.name = valueOf(takeRelativeName(before));
            return info;
        }
        before = here;
    }
    return info;
}

// "/o=Contoso/ou=…" when there is no such place.
OrganizationInfo organizationOfLegacyDn(const QString& legacyDn)
{
    OrganizationInfo info;
    if (!legacyDn.startsWith("/o="_L1, Qt::CaseInsensitive))
        return info;
    const qsizetype end = legacyDn.indexOf(u'/', 1);
    info.id = end < 0 ? legacyDn : legacyDn.first(end);
    info.name = info.id.mid(3);
    return info;
}

} // namespace

Expected<OrganizationSettings> mapOrganizationSettings(const clixml::PropertyBag& bag)
{
    const Properties& p = properties();
    RowMapping row;
    std::vector<ObjectProblem> problems;
    row.begin(bag, problems);
    const QString level = row.text(p.defaultLevel);
    const auto known = enumFromText<AccessLevel>(level);
    if (!known)
        return fail(ErrorCode::Malformed,
            u"DefaultAccessLevel is not understood: \"%1\""_s.arg(level.left(100)),
            u"Get-ActiveSyncOrganizationSettings"_s);
    OrganizationSettings settings;
    settings.defaultAccessLevel = *known;
    settings.userMailInsert = row.text(p.userInsert);
    settings.adminMailRecipients = row.list(p.recipients);
    return settings;
}

std::optional<AccessRule> mapAccessRule(const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems)
{
    const Properties& p = properties();
    RowMapping row;
    row.begin(bag, problems);
    AccessRule rule;
    rule.identity = row.text(p.identity);
    rule.name = row.text(p.name);
    row.name(rule.identity.isEmpty() ? rule.name : rule.identity);
    rule.query = row.text(p.query);
    const auto characteristic = enumFromText<AccessRuleCharacteristic>(row.text(p.characteristic));
    const auto level = enumFromText<AccessLevel>(row.text(p.level));
    if (rule.identity.isEmpty())
        row.problem(u"Identity is missing"_s);
    else if (!characteristic)
        row.problem(u"Characteristic is not understood: %1"_s.arg(row.text(p.characteristic).left(100)));
    else if (!level)
        row.problem(u"AccessLevel is not understood: %1"_s.arg(row.text(p.level).left(100)));
    else if (rule.query.isEmpty())
        row.problem(u"QueryString is missing"_s);
    else {
        rule.characteristic = *characteristic;
        rule.level = *level;
        return rule;
    }
    return std::nullopt;
}

std::optional<MailboxPolicy> mapMailboxPolicy(
    const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems)
{
    const Properties& p = properties();
    RowMapping row;
    row.begin(bag, problems);
    MailboxPolicy policy;
    policy.identity = row.text(p.identity);
    policy.name = row.text(p.name);
    row.name(policy.identity);
    if (policy.name.isEmpty())
        policy.name = policy.identity;
    if (policy.identity.isEmpty()) {
        row.name(policy.name);
        row.problem(u"Identity is missing"_s);
        return std::nullopt;
    }
    policy.isDefault = row.flag(p.isDefault, false);
    policy.allowNonProvisionableDevices = row.flag(p.nonProvisionable, true);
    policy.passwordEnabled = row.flag(p.password, false);
    return policy;
}

std::optional<ExchangeServer> mapExchangeServer(
    const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems)
{
    const Properties& p = properties();
    RowMapping row;
    row.begin(bag, problems);
    ExchangeServer server;
    server.name = row.text(p.name);
    server.fqdn = row.text(p.fqdn);
    row.name(server.fqdn.isEmpty() ? server.name : server.fqdn);
    if (server.name.isEmpty() && server.fqdn.isEmpty()) {
        row.problem(u"Name is missing"_s);
        return std::nullopt;
    }
    const QString version = row.text(p.version);
    server.version = versionFromText(version);
    if (server.version.isEmpty())
        row.problem(u"AdminDisplayVersion is not understood: %1"_s.arg(version.left(100)));
    const QString site = row.text(p.site); // canonical, a distinguished name, or the name alone
    server.site = site.startsWith("CN="_L1, Qt::CaseInsensitive)
        ? canonicalFromDistinguishedName(site).section(u'/', -1)
        : site.section(u'/', -1);
    const QString role = row.text(p.role);
    server.isClientAccess = row.flag(p.isClientAccess, role.contains("ClientAccess"_L1, Qt::CaseInsensitive));
    server.isMailbox = row.flag(p.isMailbox, role.contains("Mailbox"_L1, Qt::CaseInsensitive));
    server.isEdge = row.flag(p.isEdge, role.contains("Edge"_L1, Qt::CaseInsensitive));
    server.organization = organizationOfServer(row.text(p.distinguishedName));
    if (server.organization.id.isEmpty())
        server.organization = organizationOfLegacyDn(row.text(p.legacyDn));
    return server;
}

OrganizationInfo organizationOf(const std::vector<ExchangeServer>& servers, const QString& host)
{
    OrganizationInfo info;
    const ExchangeServer* answering = nullptr;
    for (const ExchangeServer& server : servers) {
        const bool named = server.fqdn.compare(host, Qt::CaseInsensitive) == 0
            || server.name.compare(host, Qt::CaseInsensitive) == 0;
        if (!answering || named)
            answering = &server;
        if (info.id.isEmpty())
            info = server.organization;
        if (named)
            break;
    }
    if (!answering)
        return info;
    if (!answering->organization.id.isEmpty())
        info = answering->organization;
    info.serverName = answering->fqdn.isEmpty() ? answering->name : answering->fqdn;
    info.version = answering->version;
    return info;
}

} // namespace postern::exchange
