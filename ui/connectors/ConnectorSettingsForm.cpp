#include "ui/connectors/ConnectorSettingsForm.h"

#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>

#include "ui/connectors/SettingsFacts.h"
#include "ui/connectors/SettingsGroupForm.h"
#include "ui/widgets/FormInputs.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::connectors {

using namespace widgets;
using namespace Qt::StringLiterals;

ConnectorSettingsForm::ConnectorSettingsForm(QWidget* parent)
    : ConnectorForm(parent)
    , m_tabs(new QTabWidget(this))
{
    addNote(
        tr("Settings of the Exchange mailbox policy for mobile devices. Groups that are not configured are "
           "left as they are."));
    m_tabs->tabBar()->setAccessibleName(tr("Groups of settings"));
    m_tabs->setDocumentMode(true);
    for (const SettingsGroup& group : settingsGroups()) {
        auto* form = new SettingsGroupForm(group);
        form->setContentsMargins(0, 12, spacing::normal, 0);
        auto* scroll = new QScrollArea(m_tabs);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setWidgetResizable(true);
        scroll->setFocusPolicy(Qt::NoFocus);
        scroll->setWidget(form);
        m_tabs->addTab(scroll, form->title());
        m_groups.append(form);
        connect(form, &Form::edited, this, [this] {
            markTabs();
            emit edited();
        });
    }
    m_tabs->setMinimumHeight(240);
    addWidget(m_tabs, 1);
    m_external = add(new FormCheckInput({tr("Allow e&xternal mobile device management"),
                                            tr("Needed when the same phones are also enrolled elsewhere, or "
                                               "they stop getting mail.")},
        this));
    markTabs();
}

void ConnectorSettingsForm::load(const Connector& connector)
{
    for (SettingsGroupForm* group : m_groups)
        group->load(connector.settings.policy);
    m_external->setChecked(connector.settings.allowExternalDeviceManagement);
    markTabs();
}

void ConnectorSettingsForm::store(Connector& connector) const
{
    for (const SettingsGroupForm* group : m_groups)
        group->store(connector.settings.policy);
    connector.settings.allowExternalDeviceManagement = m_external->isChecked();
}

QList<Fact> ConnectorSettingsForm::facts() const
{
    Connector connector;
    store(connector);
    return policyFacts(connector.settings);
}

QString ConnectorSettingsForm::help() const
{
    return tr(
        "Exchange keeps the settings of a group together: as soon as one of them is configured here, Postern "
        "sets all of them, and sets them again at each full synchronization when somebody changed them in "
        "Exchange. A group that is not configured is never written.");
}

bool ConnectorSettingsForm::validate()
{
    for (int tab = 0; tab < m_groups.size(); ++tab) {
        if (m_groups[tab]->isAcceptable())
            continue;
        m_tabs->setCurrentIndex(tab);
        m_groups[tab]->validate();
        return false;
    }
    return Form::validate();
}

bool ConnectorSettingsForm::isAcceptable() const
{
    return Form::isAcceptable()
        && std::all_of(m_groups.begin(), m_groups.end(),
            [](const SettingsGroupForm* group) { return group->isAcceptable(); });
}

void ConnectorSettingsForm::focusFirst()
{
    m_tabs->tabBar()->setFocus(Qt::OtherFocusReason);
}

void ConnectorSettingsForm::markTabs()
{
    for (int tab = 0; tab < m_groups.size(); ++tab) {
        const bool configured = m_groups[tab]->isConfigured();
        m_tabs->setTabIcon(tab, configured ? icon(u"check"_s, Tone::Accent) : QIcon());
        //: %1 is a group of settings: "Password"
        m_tabs->setTabToolTip(tab,
            configured ? tr("%1: configured").arg(m_groups[tab]->title())
                       : tr("%1: not configured").arg(m_groups[tab]->title()));
    }
}

} // namespace postern::connectors
