#include "ui/connectors/ConnectorGeneralForm.h"

#include "ui/connectors/ClientAccessInput.h"
#include "ui/connectors/ConnectorRules.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/widgets/FormInputs.h"
#include "ui/widgets/FormRadioInput.h"

namespace postern::connectors {

using namespace widgets;
using namespace Qt::StringLiterals;

ConnectorGeneralForm::ConnectorGeneralForm(const QString& siteName, QWidget* parent)
    : ConnectorForm(parent)
    , m_environment(new FormRadioInput({tr("Environment"), {}}, this))
    , m_name(new FormTextInput({tr("Na&me"), tr("How this connector is called in Postern.")}, this))
    , m_siteName(siteName)
{
    m_environment->addChoice(tr("&On-premises Exchange Server"), int(ConnectorKind::OnPremises));
    m_environment->addChoice(tr("&Hosted Exchange Server (Exchange Online)"), int(ConnectorKind::Hosted),
        tr("This version of Postern does not connect to Exchange Online yet."));
    m_name->setMaxLength(128);
    m_name->setRule([this](const QString& name) {
        const bool taken = m_takenNames.contains(name, Qt::CaseInsensitive);
        return taken ? tr("Another connector has this name.") : nameComplaint(name);
    });
    add(m_name);
    add(m_environment);
    buildAddress();
    m_site = add(new FormChoiceInput(
        {tr("S&ite"), tr("The site that runs this connector: connectors run in the primary site.")}, this));
    m_site->addChoice(siteName, siteName);
    m_discover = add(new FormCheckInput(
        {tr("&Discover other Client Access servers"),
            tr("Others of the organization are used when this one fails. Off: only this server is used.")},
        this));
    m_servers = add(new ClientAccessInput(this));
    addStretch();
    showExpansion();
    m_discover->setChecked(Connector().discoverServers);
}

void ConnectorGeneralForm::buildAddress()
{
    m_address = add(new FormTextInput({tr("Server &address"), {}}, this));
    m_address->setPlaceholder(u"ex1.contoso.com"_s);
    m_address->setRule([this](const QString& typed) { return addressComplaint(typed, m_authentication); });
    m_address->setAdvice([this](const QString& typed) { return addressAdvice(typed, m_authentication); });
    connect(m_address, &FormField::edited, this, &ConnectorGeneralForm::showExpansion);
}

void ConnectorGeneralForm::load(const Connector& connector)
{
    m_authentication = connector.authentication;
    m_environment->setValue(int(connector.kind));
    m_environment->setEnabled(!connector.id.isValid()); // CON-47: the kind stays
    m_name->setText(connector.name);
    m_address->setText(connector.serverAddress);
    m_discover->setChecked(connector.discoverServers);
    m_servers->setServers(connector.clientAccessServers);
}

void ConnectorGeneralForm::store(Connector& connector) const
{
    connector.kind = ConnectorKind(m_environment->value().toInt());
    connector.name = m_name->text();
    connector.serverAddress = expandedAddress(m_address->text(), m_authentication);
    connector.discoverServers = m_discover->isChecked();
    connector.clientAccessServers = m_servers->servers();
}

QList<Fact> ConnectorGeneralForm::facts() const
{
    Connector connector;
    store(connector);
    return QList<Fact>{{tr("Environment"), kindText(connector.kind)}, {tr("Name"), connector.name},
               {tr("Server address"), connector.serverAddress}, {tr("Site"), m_siteName}}
    + serverFacts(connector);
}

QString ConnectorGeneralForm::help() const
{
    return tr(
        "A connector reads one Exchange organization, through the remote PowerShell of a Client Access "
        "server. Enter the server's full name: Kerberos and the certificate use it. When the server fails, "
        "those of the table are tried in their order, then the ones that Exchange names. Two connectors "
        "cannot serve the same organization; that is checked by the organization's id when the connection "
        "is tested and when it is saved.");
}

void ConnectorGeneralForm::setAuthentication(Authentication authentication)
{
    m_authentication = authentication;
    if (!m_address->text().isEmpty())
        m_address->validate();
    showExpansion();
}

void ConnectorGeneralForm::showExpansion()
{
    const QString typed = m_address->text();
    const QString expanded = expandedAddress(typed, m_authentication);
    if (typed.isEmpty() || expanded == typed)
        m_address->setHint(
            tr("The Client Access server: its full name, or the address of its PowerShell directory."));
    else
        m_address->setHint(tr("Will connect to %1").arg(expanded));
}

} // namespace postern::connectors
