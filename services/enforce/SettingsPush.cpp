#include "services/enforce/SettingsPush.h"

#include <QCoroFuture>

#include "services/enforce/StoredState.h"
#include "services/enforce/WriteMessages.h"
#include "services/store/OrganizationRepository.h"
#include "services/store/StatusMessageRepository.h"

using namespace Qt::StringLiterals;

namespace postern::enforce {

bool configuresAnything(const ConnectorSettings& settings)
{
    return settings.access.manage || !settings.policy.isEmpty() || settings.allowExternalDeviceManagement;
}

SettingsPush::SettingsPush(Connector connector, Apply::Dependencies dependencies, PushOptions options)
    : m_connector(std::move(connector))
    , m_with(dependencies)
    , m_options(std::move(options))
{
}

QCoro::Task<Expected<PushOutcome>> SettingsPush::run(
    std::function<void(const ApplyProgress&)> progress, std::stop_token token)
{
    PushOutcome outcome;
    std::vector<SettingsStep> steps;
    Apply settling(m_connector, m_with, m_options.apply);
    const ApplyOutcome settled = co_await settling.settle(token);
    if (settled.error)
        co_return fail(*settled.error);
    if (configuresAnything(m_connector.settings)) {
        const Expected<ExchangeState> state = co_await readState(token);
        if (!state)
            co_return fail(state.error());
        steps = planSettings(m_connector.settings, *state);
    }
    for (const SettingsStep& step : steps)
        outcome.differences << step.difference;
    if (!steps.empty()) {
        const Expected<void> said = co_await announce(outcome.differences);
        if (!said)
            co_return fail(said.error());
    }
    const Expected<void> planned = co_await plan(std::move(steps));
    if (!planned)
        co_return fail(planned.error());
    Apply apply(m_connector, m_with, m_options.apply);
    outcome.applied = co_await apply.run(std::move(progress), token);
    if (outcome.applied.confirmed > 0 && !outcome.applied.error) {
        const Expected<ExchangeState> now = co_await readState(token); // for previews
        if (!now)
            m_with.log.write(tracelog::TraceLine{tracelog::TraceLine::Type::Warning,
                u"Exchange Connector: settings not read again: %1"_s.arg(now.error().toLogText()),
                m_connector.name});
    }
    outcome.applied.confirmed += settled.confirmed;
    outcome.applied.failed += settled.failed;
    outcome.applied.problems = settled.problems + outcome.applied.problems;
    const qint64 set = outcome.applied.confirmed;
    if (outcome.differences.isEmpty() && set == 0)
        outcome.sentence = u"Exchange has the configured settings."_s;
    else if (outcome.applied.isClean())
        outcome.sentence = u"%1 change(s) were made in Exchange and confirmed."_s.arg(set);
    else
        outcome.sentence = u"%1 change(s) were made in Exchange, %2 failed, %3 are still open."_s.arg(set)
                               .arg(outcome.applied.failed)
                               .arg(outcome.applied.open);
    if (!outcome.applied.problems.isEmpty())
        outcome.sentence += u' ' + outcome.applied.problems.first();
    co_return outcome;
}

QCoro::Task<Expected<ExchangeState>> SettingsPush::readState(std::stop_token token)
{
    exchange::ExchangeOrganization& organization = m_with.organization;
    ExchangeState state;
    const Expected<OrganizationSettings> settings = co_await organization.organizationSettings(token);
    if (!settings)
        co_return fail(settings.error());
    state.organization = *settings;
    Expected<std::vector<AccessRule>> rules = co_await organization.accessRules(token);
    if (!rules)
        co_return fail(rules.error());
    state.rules = std::move(*rules);
    Expected<std::vector<MailboxPolicy>> policies = co_await organization.mailboxPolicies(token);
    if (!policies)
        co_return fail(policies.error());
    state.policies = std::move(*policies);
    const MailboxPolicy* const policy = defaultPolicyOf(state.policies);
    if (policy && !m_connector.settings.policy.isEmpty()) {
        Expected<MailboxPolicySettings> contents
            = co_await organization.policySettings(policy->identity, token);
        if (!contents)
            co_return fail(contents.error());
        state.defaultPolicy = std::move(*contents);
    }
    Expected<ExchangeState> whole = co_await storeState(std::move(state));
    co_return whole;
}

// For previews and the console; and what only the journal knows.
QCoro::Task<Expected<ExchangeState>> SettingsPush::storeState(ExchangeState state)
{
    auto work = m_with.store.write([state, id = m_connector.id, now = m_with.clock.now()](
                                       store::Session& session) -> Expected<ExchangeState> {
        store::OrganizationRepository organizations(session);
        auto stored = organizations.replaceSettings(id, *state.organization);
        if (stored)
            stored = organizations.replaceAccessRules(id, state.rules);
        if (stored)
            stored = organizations.replaceMailboxPolicies(id, state.policies);
        const MailboxPolicy* const policy = defaultPolicyOf(state.policies);
        if (stored && policy && state.defaultPolicy)
            stored = organizations.replacePolicySettings(id, policy->identity, *state.defaultPolicy, now);
        if (!stored)
            return fail(stored.error());
        ExchangeState whole = state;
        if (auto added = addJournalState(session, id, whole); !added)
            return fail(added.error());
        return whole;
    });
    Expected<ExchangeState> whole = co_await work;
    co_return whole;
}

// Before it is overwritten.
QCoro::Task<Expected<void>> SettingsPush::announce(QStringList differences)
{
    const auto type
        = m_options.expected ? tracelog::TraceLine::Type::Information : tracelog::TraceLine::Type::Warning;
    for (const QString& difference : std::as_const(differences))
        m_with.log.write(tracelog::TraceLine{
            type, u"Exchange Connector: settings drift: %1"_s.arg(difference), m_connector.name});
    const MessageSource source{m_connector, m_options.apply.machine, m_with.clock.now()};
    StatusMessage message = settingsDiffer(source, differences, m_options.expected);
    auto work = m_with.store.write([message](store::Session& session) -> Expected<void> {
        auto said = store::StatusMessageRepository(session).append(message);
        return said ? Expected<void>() : Expected<void>(fail(said.error()));
    });
    const Expected<void> said = co_await work;
    co_return said;
}

QCoro::Task<Expected<void>> SettingsPush::plan(std::vector<SettingsStep> steps)
{
    std::vector<store::PlannedWrite> writes;
    for (SettingsStep& step : steps) {
        store::PlannedWrite planned;
        planned.origin = WriteOrigin::Settings;
        planned.cause = u"%1: %2"_s.arg(m_options.cause, step.difference);
        planned.write = std::move(step.write);
        planned.stage = step.stage;
        writes.push_back(std::move(planned));
    }
    Journal journal(m_with.store, m_with.clock);
    const Expected<std::vector<WriteId>> planned
        = co_await journal.plan(m_connector.id, std::move(writes), WriteOrigin::Settings);
    if (!planned)
        co_return fail(planned.error());
    co_return Expected<void>();
}

} // namespace postern::enforce
