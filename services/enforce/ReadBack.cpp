#include "services/enforce/ReadBack.h"

#include <algorithm>
#include <set>

#include "services/exchange/DeviceIdentity.h"

using namespace Qt::StringLiterals;

namespace postern::enforce {

namespace {

using exchange::ExchangeOrganization;

QString keyOf(const QString& text)
{
    return text.trimmed().toCaseFolded();
}

QStringList notIn(const QStringList& ids, const QStringList& list)
{
    QStringList missing;
    for (const QString& id : ids) {
        if (!list.contains(id.trimmed(), Qt::CaseInsensitive))
            missing.append(id);
    }
    return missing;
}

// As the list spells them.
QStringList stillIn(const QStringList& ids, const QStringList& list)
{
    QStringList present;
    for (const QString& entry : list) {
        if (ids.contains(entry, Qt::CaseInsensitive))
            present.append(entry);
    }
    return present;
}

std::set<QString> keysOf(const QStringList& list)
{
    std::set<QString> keys;
    for (const QString& text : list)
        keys.insert(keyOf(text));
    return keys;
}

Observation seen(bool done, const QString& observed)
{
    Observation observation;
    observation.done = done;
    if (!done)
        observation.observed = observed;
    return observation;
}

template <class T> const T* find(const std::vector<T>& list, const QString& identity)
{
    const auto found = std::find_if(list.begin(), list.end(),
        [&identity](const T& item) { return item.identity.compare(identity, Qt::CaseInsensitive) == 0; });
    return found == list.end() ? nullptr : &*found;
}

QCoro::Task<Expected<Observation>> observeLists(
    ExchangeOrganization* organization, ListWrite write, std::stop_token token)
{
    const Expected<MailboxLists> lists = co_await organization->readLists(write.mailboxIdentity, token);
    if (!lists) {
        // A mailbox that is gone has no entries: what only removes has nothing to do.
        const bool onlyRemoves = write.addAllowed.isEmpty() && write.addBlocked.isEmpty();
        if (lists.error().code == ErrorCode::NotFound && onlyRemoves)
            co_return seen(true, {});
        co_return fail(lists.error());
    }
    const ListWrite missing = missingOf(write, *lists);
    Observation observation = seen(missing.isEmpty(),
        u"Exchange has allowed: %1; blocked: %2"_s.arg(
            lists->allowedIds.join(u", "), lists->blockedIds.join(u", ")));
    observation.lists = *lists;
    co_return observation;
}

QCoro::Task<Expected<Observation>> observeOrganization(
    ExchangeOrganization* organization, OrganizationSettings wanted, std::stop_token token)
{
    const Expected<OrganizationSettings> has = co_await organization->organizationSettings(token);
    if (!has)
        co_return fail(has.error());
    const bool same = has->defaultAccessLevel == wanted.defaultAccessLevel
        && has->userMailInsert == wanted.userMailInsert
        && keysOf(has->adminMailRecipients) == keysOf(wanted.adminMailRecipients);
    co_return seen(same,
        u"Exchange has the default access level %1"_s.arg(enumText(has->defaultAccessLevel).toString()));
}

Observation judgeRules(const ExchangeWrite& write, const std::vector<AccessRule>& rules)
{
    if (const auto* create = std::get_if<AccessRuleCreate>(&write)) {
        for (const AccessRule& rule : rules) {
            if (rule.characteristic != create->rule.characteristic
                || keyOf(rule.query) != keyOf(create->rule.query))
                continue;
            Observation observation = seen(rule.level == create->rule.level,
                u"Exchange has the level %1"_s.arg(enumText(rule.level).toString()));
            observation.ruleIdentity = rule.identity;
            return observation;
        }
        return seen(false, u"Exchange has no such rule"_s);
    }
    if (const auto* change = std::get_if<AccessRuleChange>(&write)) {
        const AccessRule* const rule = find(rules, change->identity);
        return seen(rule && rule->level == change->level,
            rule ? u"Exchange has the level %1"_s.arg(enumText(rule->level).toString())
                 : u"Exchange has no such rule"_s);
    }
    const auto& remove = std::get<AccessRuleRemove>(write);
    return seen(find(rules, remove.identity) == nullptr, u"Exchange still has the rule"_s);
}

QCoro::Task<Expected<Observation>> observeRules(
    ExchangeOrganization* organization, ExchangeWrite write, std::stop_token token)
{
    const Expected<std::vector<AccessRule>> rules = co_await organization->accessRules(token);
    if (!rules)
        co_return fail(rules.error());
    co_return judgeRules(write, *rules);
}

// Every group that was sent is there, whole.
bool contains(const MailboxPolicySettings& has, const MailboxPolicySettings& sent)
{
    return (!sent.general || has.general == sent.general) && (!sent.password || has.password == sent.password)
        && (!sent.email || has.email == sent.email) && (!sent.security || has.security == sent.security)
        && (!sent.application || has.application == sent.application);
}

QCoro::Task<Expected<Observation>> observePolicy(
    ExchangeOrganization* organization, QString identity, MailboxPolicySettings sent, std::stop_token token)
{
    if (sent.isEmpty())
        co_return seen(true, {}); // external device management alone cannot be read
    const Expected<MailboxPolicySettings> has = co_await organization->policySettings(identity, token);
    if (!has)
        co_return fail(has.error());
    co_return seen(contains(*has, sent), u"Exchange has other values in policy %1"_s.arg(identity));
}

QCoro::Task<Expected<Observation>> observeNewPolicy(
    ExchangeOrganization* organization, MailboxPolicyCreate create, std::stop_token token)
{
    const Expected<std::vector<MailboxPolicy>> policies = co_await organization->mailboxPolicies(token);
    if (!policies)
        co_return fail(policies.error());
    for (size_t i = 0; i < policies->size(); ++i) {
        const MailboxPolicy policy = policies->at(i);
        if (policy.name.compare(create.name, Qt::CaseInsensitive) != 0)
            continue;
        if (create.isDefault && !policy.isDefault)
            co_return seen(false, u"policy %1 is not the default one"_s.arg(policy.name));
        Expected<Observation> contents
            = co_await observePolicy(organization, policy.identity, create.settings, token);
        co_return contents;
    }
    co_return seen(false, u"Exchange has no policy %1"_s.arg(create.name));
}

bool isWiped(const DeviceClear& clear, WipeStatus status)
{
    const bool off = status == WipeStatus::None || status == WipeStatus::Cancelled;
    return clear.cancel ? off : !off && status != WipeStatus::Failed;
}

Observation judgeDevice(const ExchangeWrite& write, const exchange::StatisticsBatch& batch)
{
    const QString identity = targetOf(write);
    const auto found = std::find_if(
        batch.items.begin(), batch.items.end(), [&identity](const PartnershipStatistics& phone) {
            return phone.deviceIdentity.compare(identity, Qt::CaseInsensitive) == 0;
        });
    const bool present = found != batch.items.end();
    if (std::holds_alternative<DeviceRemove>(write))
        return seen(!present, u"Exchange still lists the partnership"_s);
    if (!present)
        return seen(false, u"Exchange does not list the partnership"_s);
    return seen(isWiped(std::get<DeviceClear>(write), found->wipeStatus),
        u"Exchange has the wipe status %1"_s.arg(enumText(found->wipeStatus).toString()));
}

QCoro::Task<Expected<Observation>> observeDevice(
    ExchangeOrganization* organization, ExchangeWrite write, std::stop_token token)
{
    const exchange::DeviceIdentity device = exchange::cutDeviceIdentity(targetOf(write));
    if (!device.isValid())
        co_return fail(ErrorCode::InvalidInput, u"not a device identity of Exchange"_s, targetOf(write));
    std::vector<QString> mailboxes(1, device.owner);
    const Expected<exchange::StatisticsBatch> batch
        = co_await organization->statistics(std::move(mailboxes), token);
    if (!batch)
        co_return fail(batch.error());
    if (!batch->problems.empty())
        co_return fail(ErrorCode::CmdletFailed, batch->problems.front().reason, device.owner);
    Observation observation = judgeDevice(write, *batch);
    observation.phones = batch->items;
    co_return observation;
}

} // namespace

ListWrite missingOf(const ListWrite& write, const MailboxLists& lists)
{
    ListWrite missing;
    missing.mailboxIdentity = write.mailboxIdentity;
    missing.addAllowed = notIn(write.addAllowed, lists.allowedIds);
    missing.removeAllowed = stillIn(write.removeAllowed, lists.allowedIds);
    missing.addBlocked = notIn(write.addBlocked, lists.blockedIds);
    missing.removeBlocked = stillIn(write.removeBlocked, lists.blockedIds);
    return missing;
}

QCoro::Task<Expected<Observation>> observe(
    ExchangeOrganization* organization, ExchangeWrite write, std::stop_token token)
{
    Expected<Observation> seenNow = fail(ErrorCode::Internal, {}, {});
    if (const auto* list = std::get_if<ListWrite>(&write))
        seenNow = co_await observeLists(organization, *list, token);
    else if (const auto* settings = std::get_if<OrganizationWrite>(&write))
        seenNow = co_await observeOrganization(organization, settings->settings, token);
    else if (const auto* create = std::get_if<MailboxPolicyCreate>(&write))
        seenNow = co_await observeNewPolicy(organization, *create, token);
    else if (const auto* change = std::get_if<MailboxPolicyChange>(&write))
        seenNow = co_await observePolicy(organization, change->identity, change->settings, token);
    else if (std::holds_alternative<DeviceClear>(write) || std::holds_alternative<DeviceRemove>(write))
        seenNow = co_await observeDevice(organization, write, token);
    else
        seenNow = co_await observeRules(organization, write, token);
    co_return seenNow;
}

} // namespace postern::enforce
