#include "ui/connectors/SettingsFacts.h"

#include <QCoreApplication>
#include <QLocale>

#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/SettingsSchema.h"
#include "ui/connectors/WriteTexts.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using widgets::Fact;
using widgets::Tone;

namespace {

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(SettingsFacts)
};

QString listText(const QStringList& list)
{
    return list.isEmpty() ? Texts::tr("None") : list.join(u'\n');
}

} // namespace

QString accessLevelText(AccessLevel level)
{
    switch (level) {
    case AccessLevel::Allow:
        return Texts::tr("Allow", "access level");
    case AccessLevel::Block:
        return Texts::tr("Block", "access level");
    case AccessLevel::Quarantine:
        return Texts::tr("Quarantine", "access level");
    }
    return {};
}

QString characteristicText(AccessRuleCharacteristic characteristic)
{
    switch (characteristic) {
    case AccessRuleCharacteristic::DeviceType:
        return Texts::tr("Type", "of a device");
    case AccessRuleCharacteristic::DeviceModel:
        return Texts::tr("Model", "of a device");
    default:
        return enumText(characteristic).toString();
    }
}

QList<Fact> policyFacts(const ConnectorSettings& settings)
{
    QList<Fact> facts;
    for (const SettingsGroup& group : settingsGroups()) {
        QStringList lines;
        for (const SettingValue& value : valuesOf(group, settings.policy))
            //: %1 the name of a setting, %2 its value
            lines.append(Texts::tr("%1: %2").arg(value.name, value.text));
        facts.append({group.title, lines.isEmpty() ? Texts::tr("Not configured") : lines.join(u'\n')});
    }
    facts.append({Texts::tr("External device management"),
        settings.allowExternalDeviceManagement ? Texts::tr("Allowed") : Texts::tr("Not changed")});
    return facts;
}

QList<Fact> accessFacts(const AccessRulesSettings& access)
{
    if (!access.manage)
        return {{Texts::tr("Exchange access rules"), Texts::tr("Not managed by Postern")}};
    QStringList rules;
    for (const AccessRule& rule : access.rules)
        //: a rule: %1 type or model, %2 its value, %3 allow, block or quarantine
        rules.append(
            Texts::tr("%1 \"%2\": %3")
                .arg(characteristicText(rule.characteristic), rule.query, accessLevelText(rule.level)));
    return {{Texts::tr("Exchange access rules"), Texts::tr("Managed by Postern")},
        {Texts::tr("Default access level"), accessLevelText(access.defaultLevel)},
        {Texts::tr("Rules"), listText(rules)},
        {Texts::tr("Administrators notified"), listText(access.adminMailRecipients)},
        {Texts::tr("Text for users"),
            access.userMailInsert.isEmpty() ? Texts::tr("None") : access.userMailInsert}};
}

QList<Fact> driftFacts(const std::vector<WriteRecord>& writes)
{
    QList<Fact> facts;
    std::optional<QDateTime> confirmed;
    for (const WriteRecord& write : writes) {
        if (write.origin != WriteOrigin::Settings)
            continue;
        if (write.confirmedAt && (!confirmed || *write.confirmedAt > *confirmed))
            confirmed = write.confirmedAt;
        if (write.state == WriteState::Failed)
            facts.append({writeKindText(write.write), Texts::tr("Exchange refused it: %1").arg(write.problem),
                Tone::Bad});
        else if (write.state != WriteState::Confirmed && write.state != WriteState::Superseded)
            facts.append({writeKindText(write.write),
                Texts::tr("Differs in Exchange; %1").arg(writeStateText(write.state)), Tone::Warning});
    }
    if (facts.isEmpty() && confirmed)
        facts.append({Texts::tr("In Exchange"),
            Texts::tr("As configured, read back %1").arg(timeText(confirmed)), Tone::Good});
    return facts;
}

} // namespace postern::connectors
