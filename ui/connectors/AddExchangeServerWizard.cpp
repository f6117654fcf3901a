#include "ui/connectors/AddExchangeServerWizard.h"

#include "models/base/ErrorText.h"
#include "services/site/SiteClient.h"
#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/connectors/ConnectorForms.h"
#include "ui/connectors/FormPage.h"

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
    , m_general(new ConnectorGeneralForm)
    , m_account(new ConnectorAccountForm(prompter, false))
    , m_discovery(new ConnectorDiscoveryForm)
{
    QStringList taken;
    for (const Connector& connector : site.connectors())
        taken.append(connector.name);
    m_general->setTakenNames(taken);
    addPage(new FormPage(
        tr("General"), tr("Which on-premises Exchange organization this connector serves."), m_general));
    addPage(new FormPage(tr("Account"),
        tr("The account that reads devices through Exchange's remote PowerShell."), m_account));
    addPage(new FormPage(tr("Discovery"), tr("When devices are read, and which."), m_discovery));
    m_general->setAuthentication(m_account->authentication());
    connect(m_account, &ConnectorAccountForm::authenticationChanged, m_general,
        &ConnectorGeneralForm::setAuthentication);
    connect(&m_site, &site::SiteClient::checkReported, this, [this](const postern::CheckResult& line) {
        if (m_phase == Phase::Checking)
            reportStep(stepOf(line));
    });
    connect(&m_site, &site::SiteClient::checkFinished, this, &AddExchangeServerWizard::checkEnded);
    connect(&m_site, &site::SiteClient::connectorSaved, this, &AddExchangeServerWizard::saved);
    connect(&m_site, &site::SiteClient::connectorRefused, this, &AddExchangeServerWizard::refused);
    start();
}

Connector AddExchangeServerWizard::draft() const
{
    Connector connector;
    m_account->store(connector);
    m_general->store(connector);
    m_discovery->store(connector);
    return connector;
}

void AddExchangeServerWizard::beginWork()
{
    m_connector = draft();
    m_stopped = false;
    m_phase = Phase::Checking;
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
