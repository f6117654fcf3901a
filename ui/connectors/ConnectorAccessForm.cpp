#include "ui/connectors/ConnectorAccessForm.h"

#include "ui/connectors/AccessRulesInput.h"
#include "ui/connectors/ConnectorRules.h"
#include "ui/connectors/DeviceImpact.h"
#include "ui/connectors/SettingsFacts.h"
#include "ui/widgets/FormInputs.h"
#include "ui/widgets/FormListInput.h"
#include "ui/widgets/FormMemoInput.h"

namespace postern::connectors {

using namespace widgets;
using namespace Qt::StringLiterals;
using frame::DeviceColumn;

ConnectorAccessForm::ConnectorAccessForm(QWidget* parent)
    : ConnectorForm(parent)
    , m_manage(new FormCheckInput({tr("&Manage Exchange access rules"),
                                      tr("Off: Postern changes neither the default level nor the rules.")},
          this))
    , m_level(new FormChoiceInput(
          {tr("&Default access level"), tr("For phones that no rule and no decision about the phone names.")},
          this))
    , m_rules(new AccessRulesInput(this))
    , m_devices(frame::DeviceFrame::empty())
{
    add(m_manage);
    add(m_level);
    add(m_rules);
    for (const auto level : {AccessLevel::Allow, AccessLevel::Block, AccessLevel::Quarantine})
        m_level->addChoice(accessLevelText(level), int(level));
    m_level->setAdvice([this](const QVariant&) { return impactSentence(); });
    buildMail();
    addStretch();
    connect(m_manage, &FormField::edited, this, &ConnectorAccessForm::changed);
    connect(m_level, &FormField::edited, this, &ConnectorAccessForm::changed);
    changed();
}

void ConnectorAccessForm::buildMail()
{
    m_recipients
        = add(new FormListInput({tr("Administrators n&otified"),
                                    tr("Exchange writes to these addresses when a phone is quarantined.")},
            tr("Administrators notified, list"), this));
    m_recipients->setPlaceholder(u"mobile-admins@contoso.com"_s);
    m_recipients->setEntryRule(mailComplaint);
    m_insert = add(
        new FormMemoInput({tr("Te&xt for users"),
                              tr("Exchange adds it to the mail that a user of a blocked or quarantined phone "
                                 "gets. At most 256 characters.")},
            256, this));
}

void ConnectorAccessForm::setDevices(std::shared_ptr<const frame::DeviceFrame> devices)
{
    m_devices = std::move(devices);
    m_rules->setSuggestions(
        valuesIn(*m_devices, DeviceColumn::DeviceType), valuesIn(*m_devices, DeviceColumn::DeviceModel));
    m_allowedByDefault = m_connectorName.isEmpty() ? 0 : allowedByDefault(*m_devices, m_connectorName);
    changed();
}

void ConnectorAccessForm::load(const Connector& connector)
{
    const AccessRulesSettings& access = connector.settings.access;
    m_connectorName = connector.id.isValid() ? connector.name : QString();
    m_loadedLevel = access.manage ? access.defaultLevel : AccessLevel::Allow;
    m_manage->setChecked(access.manage);
    m_level->setValue(int(access.defaultLevel));
    m_rules->setRules(access.rules);
    m_recipients->setEntries(access.adminMailRecipients);
    m_insert->setText(access.userMailInsert);
    setDevices(m_devices);
}

void ConnectorAccessForm::store(Connector& connector) const
{
    AccessRulesSettings& access = connector.settings.access;
    access.manage = m_manage->isChecked();
    access.defaultLevel = level();
    access.rules = m_rules->rules();
    access.adminMailRecipients = m_recipients->entries();
    access.userMailInsert = m_insert->text();
}

QList<Fact> ConnectorAccessForm::facts() const
{
    Connector connector;
    store(connector);
    QList<Fact> facts = accessFacts(connector.settings.access);
    if (const QString impact = impactSentence(); !impact.isEmpty())
        facts.append({tr("Who loses mail now"), impact, Tone::Warning});
    return facts;
}

QString ConnectorAccessForm::help() const
{
    return tr(
        "Exchange decides about a phone in this order: what is decided for this phone of this user, the "
        "rules by device type or model, then the default level. With the default level Block or Quarantine "
        "every phone that nothing else allows loses mail at once; the number is shown before you save.");
}

void ConnectorAccessForm::changed()
{
    const bool managed = m_manage->isChecked();
    for (FormField* field : fields()) {
        if (field != m_manage)
            field->setEnabled(managed);
    }
    m_level->validate();
}

QString ConnectorAccessForm::impactSentence() const
{
    if (!m_manage->isChecked() || level() == AccessLevel::Allow || m_loadedLevel != AccessLevel::Allow)
        return {};
    if (m_connectorName.isEmpty())
        return tr(
            "How many phones lose mail by this is not known before they are read: add the connector with "
            "Allow, synchronize, then change it in Properties.");
    if (m_allowedByDefault == 0)
        return tr("No phone that was read gets mail by the default alone: none loses it now.");
    return tr("%n phone(s) get mail by the default alone and lose it as soon as this is saved.", nullptr,
        int(m_allowedByDefault));
}

AccessLevel ConnectorAccessForm::level() const
{
    return AccessLevel(m_level->value().toInt());
}

} // namespace postern::connectors
