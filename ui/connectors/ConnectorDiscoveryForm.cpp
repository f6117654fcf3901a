#include "ui/connectors/ConnectorDiscoveryForm.h"

#include "ui/connectors/ConnectorRules.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/ScheduleInput.h"
#include "ui/widgets/FormInputs.h"
#include "ui/widgets/FormListInput.h"
#include "ui/widgets/FormRadioInput.h"

namespace postern::connectors {

using namespace widgets;
using namespace Qt::StringLiterals;

ConnectorDiscoveryForm::ConnectorDiscoveryForm(QWidget* parent)
    : ConnectorForm(parent)
{
    buildTimes();
    buildScope();
    m_sessions
        = add(new FormNumberInput({tr("Pa&rallel sessions"),
                                      tr("1 is right for most organizations. More than 1 from about 5,000 "
                                         "devices on, and only with an account reserved for Postern.")},
            1, 8, {}, this));
    addStretch();
    load({});
}

void ConnectorDiscoveryForm::buildTimes()
{
    m_schedule = add(new ScheduleInput(this));
    m_delta = add(new FormNumberInput(
        {tr("&Delta synchronization, every"), tr("Reads what changed since the last one. 0: off.")}, 0, 9999,
        tr(" minutes"), this));
    m_delta->setRule([this](int minutes) { return deltaComplaint(minutes, m_schedule->schedule()); });
    m_delta->setAdvice(deltaAdvice);
    m_ignoreInactive = add(
        new FormCheckInput({tr("&Ignore devices that have not synchronized for a long time"), {}}, this));
    m_inactiveDays = add(
        new FormNumberInput({tr("Not synchroni&zed for more than"), tr("Such devices are not imported.")}, 1,
            9999, tr(" days"), this));
    connect(m_ignoreInactive, &FormField::edited, this, &ConnectorDiscoveryForm::showUsable);
    connect(m_schedule, &FormField::edited, m_delta, [this] { m_delta->validate(); });
}

void ConnectorDiscoveryForm::buildScope()
{
    m_scope = add(new FormRadioInput({tr("Find devices"), {}}, this));
    m_scope->addChoice(tr("&All mobile devices in the Exchange organization"), false);
    m_scope->addChoice(tr("&Only of users in these Active Directory containers"), true);
    m_containers = add(new FormListInput(
        {tr("&Containers"),
            tr("Distinguished names, one or several lines. Containers below them are included.")},
        tr("Containers, list"), this));
    m_containers->setPlaceholder(u"OU=Sales,DC=contoso,DC=com"_s);
    m_containers->setEntryRule(containerComplaint);
    m_containers->setListRule([](const QStringList& entries) {
        return entries.isEmpty() ? tr("Enter at least one container, or choose all devices.") : QString();
    });
    connect(m_scope, &FormField::edited, this, &ConnectorDiscoveryForm::showUsable);
}

void ConnectorDiscoveryForm::load(const Connector& connector)
{
    m_schedule->setKept(
        connector.fullSchedule.isEmpty() ? ScheduleInput::usual().toText() : connector.fullSchedule);
    m_delta->setValue(connector.deltaMinutes);
    m_ignoreInactive->setChecked(connector.maxInactiveDays > 0);
    m_inactiveDays->setValue(connector.maxInactiveDays > 0 ? connector.maxInactiveDays : 60);
    m_scope->setValue(!connector.adContainers.isEmpty());
    m_containers->setEntries(connector.adContainers);
    m_sessions->setValue(connector.parallelSessions);
    showUsable();
}

void ConnectorDiscoveryForm::store(Connector& connector) const
{
    connector.fullSchedule = m_schedule->kept();
    connector.deltaMinutes = m_delta->value();
    connector.maxInactiveDays = m_ignoreInactive->isChecked() ? m_inactiveDays->value() : 0;
    connector.adContainers = m_scope->value().toBool() ? m_containers->entries() : QStringList();
    connector.parallelSessions = m_sessions->value();
}

QList<Fact> ConnectorDiscoveryForm::facts() const
{
    Connector values;
    store(values);
    return discoveryFacts(values);
}

QString ConnectorDiscoveryForm::help() const
{
    return tr(
        "A full synchronization reads every mailbox and device and also notices what is gone. Between two of "
        "them a delta synchronization reads what changed. A missed full synchronization is made up for once, "
        "however many were missed. Devices outside of the containers, and those that have not synchronized "
        "for a long time, are not imported.");
}

void ConnectorDiscoveryForm::showUsable()
{
    m_inactiveDays->setEnabled(m_ignoreInactive->isChecked());
    const bool some = m_scope->value().toBool();
    m_containers->setEnabled(some);
    m_containers->setVisible(some);
}

} // namespace postern::connectors
