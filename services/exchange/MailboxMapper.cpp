#include "services/exchange/MailboxMapper.h"

#include "services/exchange/ExchangeText.h"

namespace postern::exchange {

using namespace Qt::StringLiterals;

namespace {

struct Properties
{
    Names guid = namesOf({u"Guid"});
    Names identity = namesOf({u"Identity"});
    Names distinguishedName = namesOf({u"DistinguishedName"});
    Names upn = namesOf({u"UserPrincipalName", u"WindowsLiveID"});
    Names samAccountName = namesOf({u"SamAccountName"});
    Names displayName = namesOf({u"DisplayName", u"Name"});
    Names primarySmtp = namesOf({u"PrimarySmtpAddress", u"WindowsEmailAddress"});
    Names addresses = namesOf({u"EmailAddresses"});
    Names unit = namesOf({u"OrganizationalUnit"});
    Names department = namesOf({u"Department"});
    Names server = namesOf({u"ServerName"});
    Names policy = namesOf({u"ActiveSyncMailboxPolicy"});
    Names easEnabled = namesOf({u"ActiveSyncEnabled"});
    Names allowed = namesOf({u"ActiveSyncAllowedDeviceIDs"});
    Names blocked = namesOf({u"ActiveSyncBlockedDeviceIDs"});
};

const Properties& properties()
{
    static const Properties made;
    return made;
}

// The part of a canonical name before the first slash, and the part before the last one that is not escaped.
QString domainOf(const QString& canonical)
{
    const qsizetype slash = canonical.indexOf(u'/');
    return slash > 0 ? canonical.first(slash) : QString();
}

QString containerOf(const QString& canonical)
{
    qsizetype slash = canonical.lastIndexOf(u'/');
    while (slash > 0 && canonical.at(slash - 1) == u'\\')
        slash = canonical.lastIndexOf(u'/', slash - 1);
    return slash > 0 ? canonical.first(slash) : QString();
}

// Lists of addresses come as a list, or as one text when the depth ran out.
QStringList addressesOf(QStringList list)
{
    if (list.size() == 1 && list.constFirst().contains(u", "_s))
        list = list.constFirst().split(u", "_s, Qt::SkipEmptyParts);
    return list;
}

} // namespace

std::optional<Mailbox> MailboxMapper::map(
    const clixml::PropertyBag& bag, std::vector<ObjectProblem>& problems)
{
    const Properties& p = properties();
    m_row.begin(bag, problems);
    Mailbox mailbox;
    mailbox.identity = m_row.text(p.identity);
    if (mailbox.identity.isEmpty() || mailbox.identity.startsWith(u"CN="_s, Qt::CaseInsensitive)) {
        const QString dn = mailbox.identity.isEmpty() ? m_row.text(p.distinguishedName) : mailbox.identity;
        mailbox.identity = canonicalFromDistinguishedName(dn);
    }
    m_row.name(mailbox.identity);
    mailbox.guid = m_row.guid(p.guid);
    if (mailbox.identity.isEmpty() || mailbox.guid.isNull()) {
        m_row.problem(
            mailbox.identity.isEmpty() ? u"Identity is missing"_s : u"Guid is missing or no GUID"_s);
        return std::nullopt;
    }
    mailbox.upn = m_row.text(p.upn);
    mailbox.samAccountName = m_row.text(p.samAccountName);
    mailbox.domain = domainOf(mailbox.identity);
    mailbox.displayName = m_row.text(p.displayName);
    mailbox.primarySmtp = m_row.text(p.primarySmtp);
    mailbox.proxyAddresses = addressesOf(m_row.list(p.addresses));
    mailbox.organizationalUnit = m_row.shared(p.unit);
    if (mailbox.organizationalUnit.isEmpty())
        mailbox.organizationalUnit = containerOf(mailbox.identity);
    mailbox.department = m_row.shared(p.department);
    mailbox.serverName = m_row.shared(p.server);
    mailbox.easMailboxPolicy = m_row.shared(p.policy);
    mailbox.easEnabled = m_row.flag(p.easEnabled, true);
    mailbox.allowedIds = addressesOf(m_row.list(p.allowed));
    mailbox.blockedIds = addressesOf(m_row.list(p.blocked));
    return mailbox;
}

Expected<MailboxLists> mapLists(const clixml::PropertyBag& bag)
{
    const Properties& p = properties();
    for (const Names* names : {&p.allowed, &p.blocked}) {
        if (!bag.has(names->front()))
            return fail(ErrorCode::Malformed,
                u"%1 is missing"_s.arg(QString::fromUtf8(names->front().utf8())), u"Get-CASMailbox"_s);
    }
    return MailboxLists{
        addressesOf(bag.stringList(p.allowed.front())), addressesOf(bag.stringList(p.blocked.front()))};
}

} // namespace postern::exchange
