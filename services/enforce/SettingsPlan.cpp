#include "services/enforce/SettingsPlan.h"

#include <algorithm>
#include <set>

using namespace Qt::StringLiterals;

namespace postern::enforce {

namespace {

using RuleKey = std::pair<AccessRuleCharacteristic, QString>;

RuleKey keyOf(const AccessRule& rule)
{
    return {rule.characteristic, rule.query.trimmed().toCaseFolded()};
}

QString ruleName(const AccessRule& rule)
{
    return u"Device access rule %1 \"%2\""_s.arg(enumText(rule.characteristic).toString(), rule.query);
}

QString text(AccessLevel level)
{
    return enumText(level).toString();
}

// How much a level keeps out.
int strictness(AccessLevel level)
{
    switch (level) {
    case AccessLevel::Allow:
        return 0;
    case AccessLevel::Quarantine:
        return 1;
    case AccessLevel::Block:
        break;
    }
    return 2;
}

// Addresses in any order and any case.
std::set<QString> addresses(const QStringList& list)
{
    std::set<QString> folded;
    for (const QString& address : list)
        folded.insert(address.trimmed().toCaseFolded());
    return folded;
}

class Planner
{
public:
    Planner(const ConnectorSettings& wanted, const ExchangeState& present)
        : m_wanted(wanted)
        , m_present(present)
    {
    }

    std::vector<SettingsStep> plan()
    {
        if (m_wanted.access.manage) {
            configuredRules();
            droppedRules();
            organization();
        }
        policy();
        int stage = stages::settingsGive;
        for (SettingsStep& step : m_giving)
            step.stage = stage++;
        stage = stages::settingsTake;
        for (SettingsStep& step : m_taking)
            step.stage = stage++;
        std::move(m_taking.begin(), m_taking.end(), std::back_inserter(m_giving));
        return std::move(m_giving);
    }

private:
    void add(bool takes, ExchangeWrite write, const QString& difference)
    {
        (takes ? m_taking : m_giving).push_back({std::move(write), 0, difference});
    }

    void configuredRules()
    {
        for (const AccessRule& rule : m_wanted.access.rules) {
            const auto found = std::find_if(m_present.rules.begin(), m_present.rules.end(),
                [&rule](const AccessRule& other) { return keyOf(other) == keyOf(rule); });
            if (found == m_present.rules.end()) {
                add(rule.level != AccessLevel::Allow, AccessRuleCreate{rule},
                    u"%1: Exchange has none, configured is %2"_s.arg(ruleName(rule), text(rule.level)));
            } else if (found->level != rule.level) {
                add(strictness(rule.level) > strictness(found->level),
                    AccessRuleChange{found->identity, rule.level},
                    u"%1: Exchange has %2, configured is %3"_s.arg(
                        ruleName(rule), text(found->level), text(rule.level)));
            }
        }
    }

    // Rules of ours that are configured no longer.
    void droppedRules()
    {
        std::set<RuleKey> configured;
        for (const AccessRule& rule : m_wanted.access.rules)
            configured.insert(keyOf(rule));
        for (const AccessRule& rule : m_present.rules) {
            const bool ours = std::find(m_present.written.begin(), m_present.written.end(), keyOf(rule))
                != m_present.written.end();
            if (ours && !configured.contains(keyOf(rule)))
                add(rule.level == AccessLevel::Allow, AccessRuleRemove{rule.identity},
                    u"%1: Exchange has %2, it is not configured any more"_s.arg(
                        ruleName(rule), text(rule.level)));
        }
    }

    // After the rules: who is allowed by a rule does not lose access in between.
    void organization()
    {
        const AccessRulesSettings& access = m_wanted.access;
        const OrganizationSettings settings{
            access.defaultLevel, access.userMailInsert, access.adminMailRecipients};
        if (!m_present.organization) {
            add(access.defaultLevel != AccessLevel::Allow, OrganizationWrite{settings},
                u"Organization settings: not read yet"_s);
            return;
        }
        const OrganizationSettings& has = *m_present.organization;
        QStringList differences;
        if (has.defaultAccessLevel != access.defaultLevel)
            differences << u"Default access level: Exchange has %1, configured is %2"_s.arg(
                text(has.defaultAccessLevel), text(access.defaultLevel));
        if (addresses(has.adminMailRecipients) != addresses(access.adminMailRecipients))
            differences << u"Administrators notified: Exchange has \"%1\", configured is \"%2\""_s.arg(
                has.adminMailRecipients.join(u", "), access.adminMailRecipients.join(u", "));
        if (has.userMailInsert != access.userMailInsert)
            differences << u"Text of Exchange's own mail differs from the configured one"_s;
        if (differences.isEmpty())
            return;
        add(strictness(access.defaultLevel) > strictness(has.defaultAccessLevel), OrganizationWrite{settings},
            differences.join(u"; "));
    }

    // Only groups that differ, each of them whole.
    template <class Group>
    void group(std::optional<Group> MailboxPolicySettings::*member, QLatin1String name,
        MailboxPolicySettings& changed, QStringList& names) const
    {
        const std::optional<Group>& wanted = m_wanted.policy.*member;
        if (!wanted)
            return;
        if (m_present.defaultPolicy && (*m_present.defaultPolicy).*member == wanted)
            return;
        changed.*member = wanted;
        names << name;
    }

    void policy()
    {
        const bool external = m_wanted.allowExternalDeviceManagement;
        if (m_wanted.policy.isEmpty() && !external)
            return;
        const MailboxPolicy* const present = defaultPolicyOf(m_present.policies);
        if (!present) {
            add(true, MailboxPolicyCreate{freeName(), true, m_wanted.policy, external},
                u"Default mailbox policy: Exchange has none"_s);
            return;
        }
        MailboxPolicySettings changed;
        QStringList names;
        group(&MailboxPolicySettings::general, "General"_L1, changed, names);
        group(&MailboxPolicySettings::password, "Password"_L1, changed, names);
        group(&MailboxPolicySettings::email, "Email Management"_L1, changed, names);
        group(&MailboxPolicySettings::security, "Security"_L1, changed, names);
        group(&MailboxPolicySettings::application, "Application"_L1, changed, names);
        const bool sendExternal = external && !m_present.externalDeviceManagementSet;
        if (sendExternal)
            names << u"external device management"_s;
        if (!names.isEmpty())
            add(true, MailboxPolicyChange{present->identity, changed, sendExternal},
                u"Mailbox policy %1 differs in: %2"_s.arg(present->name, names.join(u", ")));
    }

    [[nodiscard]] QString freeName() const
    {
        const auto taken = [this](const QString& name) {
            return std::any_of(
                m_present.policies.begin(), m_present.policies.end(), [&name](const MailboxPolicy& policy) {
                    return policy.name.compare(name, Qt::CaseInsensitive) == 0;
                });
        };
        QString name = u"Default"_s;
        for (int i = 1; taken(name); ++i)
            name = i == 1 ? u"Postern Default"_s : u"Postern Default %1"_s.arg(i);
        return name;
    }

    const ConnectorSettings& m_wanted;
    const ExchangeState& m_present;
    std::vector<SettingsStep> m_giving, m_taking;
};

} // namespace

const MailboxPolicy* defaultPolicyOf(const std::vector<MailboxPolicy>& policies)
{
    const auto found = std::find_if(
        policies.begin(), policies.end(), [](const MailboxPolicy& policy) { return policy.isDefault; });
    return found == policies.end() ? nullptr : &*found;
}

std::vector<SettingsStep> planSettings(const ConnectorSettings& wanted, const ExchangeState& present)
{
    return Planner(wanted, present).plan();
}

} // namespace postern::enforce
