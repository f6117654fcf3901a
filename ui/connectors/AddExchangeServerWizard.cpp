#include "ui/connectors/AddExchangeServerWizard.h"

#include "models/base/ErrorText.h"
#include "services/site/SiteClient.h"
#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/connectors/ConnectorAccessForm.h"
#include "ui/connectors/ConnectorAccountForm.h"
#include "ui/connectors/ConnectorDiscoveryForm.h"
#include "ui/connectors/ConnectorGeneralForm.h"
#include "ui/connectors/ConnectorSettingsForm.h"
#include "ui/connectors/FormPage.h"
#include "ui/wizard/ClosingPages.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using widgets::Step;

namespace {
const QString savingStep = u"save"_s;
}

AddExchangeServerWizard::AddExchangeServerWizard(
    site::SiteClient& site, widgets::FilePrompter& prompter, QWidget* parent)
    : Wizard(tr("Add Exchange Server"), u"add-server"_s, parent)
    , m_site(site)
    , m_general(new ConnectorGeneralForm(site.siteName()))
    , m_account(new ConnectorAccountForm(prompter, false))
    , m_discovery(new ConnectorDiscoveryForm)
    , m_settings(new ConnectorSettingsForm)
    , m_access(new ConnectorAccessForm)
    , m_forms{m_account, m_general, m_discovery, m_settings, m_access}
{
    QStringList taken;
    for (const Connector& connector : site.connectors())
        taken.append(connector.name);
    m_general->setTakenNames(taken);
    m_access->setDevices(site.devices());
    addPages();
    m_general->setAuthentication(m_account->authentication());
    connect(m_account, &ConnectorAccountForm::authenticationChanged, m_general,
        &ConnectorGeneralForm::setAuthentication);
    connect(m_account, &ConnectorAccountForm::verifyRequested, this,
        &AddExchangeServerWizard::verifyNotificationAccount);
    connectSite();
    start();
}

void AddExchangeServerWizard::addPages()
{
    addPage(new FormPage(
        tr("General"), tr("Which on-premises Exchange organization this connector serves."), m_general));
    addPage(new FormPage(tr("Account"),
        tr("The account that reads and writes through Exchange's remote PowerShell, and the one that writes "
           "to "
           "users."),
        m_account));
    addPage(new FormPage(tr("Discovery"), tr("When devices are read, and which."), m_discovery));
    addPage(new FormPage(
        tr("Settings"), tr("What phones must and may do, by Exchange's mailbox policy."), m_settings));
    addPage(new FormPage(
        tr("Access Rules"), tr("Which phones Exchange lets in when nothing else decides."), m_access));
}

void AddExchangeServerWizard::connectSite()
{
    connect(&m_site, &site::SiteClient::checkReported, this, [this](const postern::CheckResult& line) {
        if (m_phase == Phase::Checking)
            reportStep(stepOf(line));
    });
    connect(&m_site, &site::SiteClient::checkFinished, this, &AddExchangeServerWizard::checkEnded);
    connect(&m_site, &site::SiteClient::connectorSaved, this, &AddExchangeServerWizard::saved);
    connect(&m_site, &site::SiteClient::connectorRefused, this, &AddExchangeServerWizard::refused);
    connect(&m_site, &site::SiteClient::settingsPreviewed, this, &AddExchangeServerWizard::previewed);
}

Connector AddExchangeServerWizard::draft() const
{
    Connector connector;
    for (const ConnectorForm* form : m_forms)
        form->store(connector);
    return connector;
}

void AddExchangeServerWizard::verifyNotificationAccount()
{
    auto* dialog = new CheckConnectorDialog(
        m_site, draft(), m_account->secret(), this, CheckScope::NotificationAccount);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void AddExchangeServerWizard::summaryShown()
{
    m_connector = draft();
    summaryPage().awaitCommands(tr("Commands that will run in Exchange"));
    m_site.previewSettings(m_connector);
}

void AddExchangeServerWizard::previewed(const postern::Connector& connector, const QStringList& commands)
{
    if (m_phase == Phase::Input
        && connector == m_connector) // an answer for what the pages said before comes late
        summaryPage().setCommands(
            commands, tr("None: with these values the connector changes nothing in Exchange."));
}

void AddExchangeServerWizard::beginWork()
{
    m_connector = draft();
    m_stopped = false;
    m_phase = Phase::Checking;
    completionPage().setFile(tr("Open &EasDisc.log"), m_site.logFile());
    m_site.checkConnector(m_connector, m_account->secret());
}

void AddExchangeServerWizard::stopWork()
{
    m_stopped = true;
    if (m_phase == Phase::Checking)
        m_site.stopCheck();
}

void AddExchangeServerWizard::checkEnded(const postern::Error& error, bool ok)
{
    if (m_phase != Phase::Checking)
        return;
    m_phase = Phase::Input;
    if (m_stopped) {
        finishWork(false, tr("Canceled. Nothing was saved."));
    } else if (ok) {
        save();
    } else {
        finishWork(false, checkSentence(error, ok, steps()) + u' ' + tr("Nothing was saved."));
        offerAfterFailure(
            tr("&Add Anyway"), tr("Saves the connector; it is tried again every 60 minutes"), [this] {
                resumeWork();
                save();
            });
    }
}

void AddExchangeServerWizard::save()
{
    m_phase = Phase::Saving;
    reportStep({savingStep, tr("Save the connector"), Step::Outcome::Running, {}});
    m_site.saveConnector(m_connector, m_account->secret());
}

void AddExchangeServerWizard::saved(const postern::Connector& connector)
{
    if (m_phase != Phase::Saving || connector.name != m_connector.name)
        return;
    m_phase = Phase::Input;
    m_account->clearSecret();
    reportStep({savingStep, tr("Save the connector"), Step::Outcome::Pass, {}});
    finishWork(true,
        tr("The connector \"%1\" was added. Press Synchronize Now to read its devices.").arg(connector.name));
}

void AddExchangeServerWizard::refused(const postern::Connector& connector, const postern::Error& error)
{
    if (m_phase != Phase::Saving || connector.name != m_connector.name)
        return;
    m_phase = Phase::Input;
    const QString sentence = ErrorText::sentence(error);
    reportStep({savingStep, tr("Save the connector"), Step::Outcome::Fail, sentence});
    finishWork(false, sentence);
}

} // namespace postern::connectors
