#include "services/enforce/StoredState.h"

#include "services/store/OrganizationRepository.h"
#include "services/store/WriteRepository.h"

using namespace Qt::StringLiterals;

namespace postern::enforce {

namespace {

constexpr int writesLookedAt = 50;

bool setsExternalManagement(const WriteRecord& record)
{
    if (const auto* create = std::get_if<MailboxPolicyCreate>(&record.write))
        return create->allowExternalDeviceManagement;
    const auto* change = std::get_if<MailboxPolicyChange>(&record.write);
    return change && change->allowExternalDeviceManagement;
}

} // namespace

Expected<ExchangeState> storedState(store::Session& session, ConnectorId connector)
{
    store::OrganizationRepository organization(session);
    ExchangeState state;
    auto settings = organization.settings(connector);
    auto rules = organization.accessRules(connector);
    auto policies = organization.mailboxPolicies(connector);
    if (!settings || !rules || !policies)
        return fail(!settings ? settings.error() : !rules ? rules.error() : policies.error());
    state.organization = *settings;
    state.rules = std::move(*rules);
    state.policies = std::move(*policies);
    if (!state.organization && state.policies.empty()) {
        MailboxPolicy assumed;
        assumed.name = assumed.identity = u"Default"_s;
        assumed.isDefault = true;
        state.policies.push_back(assumed);
    }
    if (const MailboxPolicy* const policy = defaultPolicyOf(state.policies)) {
        auto contents = organization.policySettings(connector, policy->identity);
        if (!contents)
            return fail(contents.error());
        state.defaultPolicy = std::move(*contents);
    }
    if (auto added = addJournalState(session, connector, state); !added)
        return fail(added.error());
    return state;
}

Expected<void> addJournalState(store::Session& session, ConnectorId connector, ExchangeState& state)
{
    store::WriteRepository writes(session);
    auto ours = writes.writtenRules(connector);
    if (!ours)
        return fail(ours.error());
    state.written = std::move(*ours);
    const MailboxPolicy* const policy = defaultPolicyOf(state.policies);
    if (!policy)
        return {};
    const std::pair<QString, QString> places[]
        = {{u"mailboxPolicyChange"_s, policy->identity}, {u"mailboxPolicyCreate"_s, policy->name}};
    for (const auto& [kind, target] : places) {
        const auto records = writes.confirmedOnes(connector, kind, target, writesLookedAt);
        if (!records)
            return fail(records.error());
        state.externalDeviceManagementSet = state.externalDeviceManagementSet
            || std::any_of(records->begin(), records->end(), setsExternalManagement);
    }
    return {};
}

} // namespace postern::enforce
