// The write side of the organisation of numbers: every write changes the estate as Exchange would change
// itself.
#include "services/exchange/ExchangeWriter.h"
#include "services/exchange/WriteCommand.h"
#include "tests/services/sync/FakeOrganization.h"

namespace postern::sync::test {

using namespace Qt::StringLiterals;

namespace {

using Done = Expected<void>;

tl::unexpected<Error> notFound(const QString& identity)
{
    return fail(ErrorCode::NotFound,
        u"The operation couldn't be performed because object '%1' couldn't be "
        u"found."_s.arg(identity),
        identity);
}

bool same(const QString& a, const QString& b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

void change(QStringList& list, const QStringList& add, const QStringList& remove)
{
    for (const QString& id : remove)
        list.removeIf([&id](const QString& known) { return same(known, id); });
    for (const QString& id : add) {
        if (!list.contains(id, Qt::CaseInsensitive))
            list.append(id);
    }
}

template <class T> auto named(std::vector<T>& items, const QString& identity)
{
    return std::find_if(
        items.begin(), items.end(), [&identity](const T& item) { return same(item.identity, identity); });
}

class Applier
{
public:
    explicit Applier(FakeEstate& estate)
        : m_estate(estate)
    {
    }

    Done operator()(const ListWrite& write) const
    {
        for (const int number : m_estate.mailboxes) {
            if (!same(mailboxIdentity(number), write.mailboxIdentity))
                continue;
            change(m_estate.allowedIds[number], write.addAllowed, write.removeAllowed);
            change(m_estate.blockedIds[number], write.addBlocked, write.removeBlocked);
            return {};
        }
        return notFound(write.mailboxIdentity);
    }
    Done operator()(const OrganizationWrite& write) const
    {
        m_estate.settings = write.settings;
        return {};
    }
    Done operator()(const AccessRuleCreate& write) const
    {
        AccessRule rule = write.rule;
        rule.name = rule.identity = u"%1 (%2)"_s.arg(rule.query, enumText(rule.characteristic));
        if (named(m_estate.rules, rule.identity) != m_estate.rules.end())
            return fail(ErrorCode::Conflict, u"The object '%1' already exists."_s.arg(rule.name), rule.name);
        m_estate.rules.push_back(std::move(rule));
        return {};
    }
    Done operator()(const AccessRuleChange& write) const
    {
        const auto at = named(m_estate.rules, write.identity);
        if (at == m_estate.rules.end())
            return notFound(write.identity);
        at->level = write.level;
        return {};
    }
    Done operator()(const AccessRuleRemove& write) const
    {
        const auto at = named(m_estate.rules, write.identity);
        if (at == m_estate.rules.end())
            return notFound(write.identity);
        m_estate.rules.erase(at);
        return {};
    }
    Done operator()(const MailboxPolicyCreate& write) const
    {
        if (named(m_estate.policies, write.name) != m_estate.policies.end())
            return fail(
                ErrorCode::Conflict, u"The object '%1' already exists."_s.arg(write.name), write.name);
        for (MailboxPolicy& policy : m_estate.policies)
            policy.isDefault = policy.isDefault && !write.isDefault;
        MailboxPolicy policy;
        policy.name = policy.identity = write.name;
        policy.isDefault = write.isDefault;
        m_estate.policies.push_back(policy);
        m_estate.policySettings[write.name] = FakeEstate::unconfiguredPolicy();
        return (*this)(MailboxPolicyChange{write.name, write.settings, write.allowExternalDeviceManagement});
    }
    Done operator()(const MailboxPolicyChange& write) const
    {
        const auto at = named(m_estate.policies, write.identity);
        if (at == m_estate.policies.end())
            return notFound(write.identity);
        MailboxPolicySettings& now = m_estate.settingsOf(at->identity);
        now.general = write.settings.general ? write.settings.general : now.general;
        now.password = write.settings.password ? write.settings.password : now.password;
        now.email = write.settings.email ? write.settings.email : now.email;
        now.security = write.settings.security ? write.settings.security : now.security;
        now.application = write.settings.application ? write.settings.application : now.application;
        at->allowNonProvisionableDevices = now.general->allowNonProvisionableDevices;
        at->passwordEnabled = now.password->required;
        if (write.allowExternalDeviceManagement)
            m_estate.externallyManaged.insert(at->identity);
        return {};
    }
    Done operator()(const DeviceClear& write) const
    {
        if (phone(write.deviceIdentity) == m_estate.phones.end())
            return notFound(write.deviceIdentity);
        if (write.cancel)
            m_estate.wipes.remove(write.deviceIdentity);
        else
            m_estate.wipes.insert(write.deviceIdentity, write.accountOnly);
        return {};
    }
    Done operator()(const DeviceRemove& write) const
    {
        const auto at = phone(write.deviceIdentity);
        if (at == m_estate.phones.end())
            return notFound(write.deviceIdentity);
        m_estate.phones.erase(at);
        return {};
    }

private:
    std::vector<FakePhone>::iterator phone(const QString& identity) const
    {
        return std::find_if(m_estate.phones.begin(), m_estate.phones.end(), [&](const FakePhone& candidate) {
            return same(partnershipOf(candidate).deviceIdentity, identity);
        });
    }

    FakeEstate& m_estate;
};

} // namespace

MailboxPolicySettings FakeEstate::unconfiguredPolicy()
{
    MailboxPolicySettings settings;
    settings.general.emplace();
    settings.password.emplace();
    settings.email.emplace();
    settings.security.emplace();
    settings.application.emplace();
    return settings;
}

MailboxPolicySettings& FakeEstate::settingsOf(const QString& policy)
{
    return policySettings.try_emplace(policy, unconfiguredPolicy()).first->second;
}

QCoro::Task<Expected<void>> FakeOrganization::apply(ExchangeWrite write, std::stop_token token)
{
    const int call = calls + 1;
    // What the real one refuses before it sends anything is refused here, too.
    const auto command = exchange::commandFor(write, exchange::CommandSet());
    if (!command)
        co_return fail(command.error());
    const Expected<void> went = co_await step(token);
    if (!went)
        co_return fail(went.error());
    Expected<void> done;
    if (!ignoresWrites)
        done = std::visit(Applier(estate), write);
    applied.push_back(std::move(write));
    if (done && losesAnswers.erase(call) > 0)
        co_return fail(ErrorCode::SessionLost, u"the answer is lost, the write is not"_s, address());
    co_return done;
}

QString FakeOrganization::commandText(const ExchangeWrite& write) const
{
    return exchange::textOfWrite(write, exchange::CommandSet());
}

QCoro::Task<Expected<MailboxLists>> FakeOrganization::readLists(
    QString mailboxIdentityText, std::stop_token token)
{
    const Expected<void> went = co_await step(token);
    if (!went)
        co_return fail(went.error());
    for (const int number : estate.mailboxes) {
        if (!same(mailboxIdentity(number), mailboxIdentityText))
            continue;
        MailboxLists lists;
        lists.allowedIds = estate.allowedIds[number];
        lists.blockedIds = estate.blockedIds[number];
        co_return lists;
    }
    co_return notFound(mailboxIdentityText);
}

QCoro::Task<Expected<MailboxPolicySettings>> FakeOrganization::policySettings(
    QString policyIdentity, std::stop_token token)
{
    const Expected<void> went = co_await step(token);
    if (!went)
        co_return fail(went.error());
    const auto at = named(estate.policies, policyIdentity);
    if (at == estate.policies.end())
        co_return notFound(policyIdentity);
    const MailboxPolicySettings settings = estate.settingsOf(at->identity);
    co_return settings;
}

} // namespace postern::sync::test
