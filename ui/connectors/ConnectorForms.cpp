#include "ui/connectors/ConnectorForms.h"

#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/ScheduleInput.h"
#include "ui/widgets/FormInputs.h"

namespace postern::connectors {

using namespace widgets;
using namespace Qt::StringLiterals;

ConnectorGeneralForm::ConnectorGeneralForm(QWidget* parent)
    : ConnectorForm(parent)
{
    m_name = add(new FormTextInput({tr("Na&me"), tr("How this connector is called in Postern.")}, this));
    m_name->setMaxLength(128);
    m_name->setRule([this](const QString& name) {
        const bool taken = m_takenNames.contains(name, Qt::CaseInsensitive);
        return taken ? tr("Another connector has this name.") : nameComplaint(name);
    });
    m_address = add(new FormTextInput({tr("Server &address"), {}}, this));
    m_address->setPlaceholder(u"ex1.contoso.com"_s);
    m_address->setRule([this](const QString& typed) { return addressComplaint(typed, m_authentication); });
    m_address->setAdvice([this](const QString& typed) { return addressAdvice(typed, m_authentication); });
    connect(m_address, &FormField::edited, this, &ConnectorGeneralForm::showExpansion);
    addStretch();
    showExpansion();
}

void ConnectorGeneralForm::load(const Connector& connector)
{
    m_authentication = connector.authentication;
    m_name->setText(connector.name);
    m_address->setText(connector.serverAddress);
}

void ConnectorGeneralForm::store(Connector& connector) const
{
    connector.name = m_name->text();
    connector.serverAddress = expandedAddress(m_address->text(), m_authentication);
}

QList<Fact> ConnectorGeneralForm::facts() const
{
    return {{tr("Environment"), kindText(ConnectorKind::OnPremises)}, {tr("Name"), m_name->text()},
        {tr("Server address"), expandedAddress(m_address->text(), m_authentication)}};
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

ConnectorAccountForm::ConnectorAccountForm(FilePrompter& prompter, bool passwordIsKept, QWidget* parent)
    : ConnectorForm(parent)
    , m_passwordIsKept(passwordIsKept)
{
    m_authentication = add(new FormChoiceInput({tr("Aut&hentication"), {}}, this));
    for (const auto value : {Authentication::Negotiate, Authentication::Basic})
        m_authentication->addChoice(authenticationText(value), int(value));
    m_user = add(new FormTextInput({tr("&User name"), {}}, this));
    m_user->setPlaceholder(u"CONTOSO\\svc-postern"_s);
    m_user->setRule([this](const QString& user) { return userComplaint(user); });
    m_password
        = add(new FormPasswordInput({tr("Pass&word"),
                                        passwordIsKept ? tr("Leave empty to keep the stored password.")
                                                       : tr("Kept in the key ring of this computer only.")},
            this));
    m_password->setRule([this](const QString&) { return secretComplaint(); });
    m_caFile = add(new FormFileInput({tr("&Certificate authority file"),
                                         tr("PEM file of a private authority, trusted for this connector "
                                            "only. Empty: the authorities of this computer.")},
        prompter, tr("Certificates (*.pem *.crt *.cer);;All files (*)"), this));
    m_caFile->setRule(fileComplaint);
    addStretch();
    connect(m_authentication, &FormField::edited, this, &ConnectorAccountForm::authenticationEdited);
    authenticationEdited();
}

void ConnectorAccountForm::load(const Connector& connector)
{
    m_loadedUser = connector.user;
    m_authentication->setValue(int(connector.authentication));
    m_user->setText(connector.user);
    m_caFile->setText(connector.caFile);
    m_password->clear();
}

void ConnectorAccountForm::store(Connector& connector) const
{
    connector.authentication = authentication();
    connector.user = m_user->text();
    connector.caFile = m_caFile->text();
}

QList<Fact> ConnectorAccountForm::facts() const
{
    const QString user = m_user->text();
    const QString caFile = m_caFile->text();
    return {{tr("Authentication"), authenticationText(authentication())},
        {tr("User name"), user.isEmpty() ? tr("The Kerberos ticket of the account that runs Postern") : user},
        {tr("Password"), secret().isEmpty() ? tr("None") : tr("Given; kept in the key ring")},
        {tr("Certificate authority"), caFile.isEmpty() ? tr("The authorities of this computer") : caFile}};
}

QString ConnectorAccountForm::secret() const
{
    return m_password->secret();
}

void ConnectorAccountForm::clearSecret()
{
    m_password->clear();
}

Authentication ConnectorAccountForm::authentication() const
{
    return Authentication(m_authentication->value().toInt());
}

void ConnectorAccountForm::authenticationEdited()
{
    const bool basic = authentication() == Authentication::Basic;
    m_authentication->setHint(basic
            ? tr("The password is sent inside TLS; the address must start with https://.")
            : tr("Kerberos, as Exchange's own management shell uses."));
    m_user->setHint(basic
            ? tr("DOMAIN\\user or user@domain.")
            : tr(
                "DOMAIN\\user or user@domain. Empty: the Kerberos ticket of the account that runs Postern."));
    for (FormField* field : std::initializer_list<FormField*>{m_user, m_password}) {
        if (!field->error().isEmpty())
            field->validate();
    }
    emit authenticationChanged(authentication());
}

QString ConnectorAccountForm::userComplaint(const QString& user) const
{
    if (user.isEmpty())
        return authentication() == Authentication::Basic ? tr("Enter the user name.") : QString();
    const bool bare = !user.contains(u'\\') && !user.contains(u'@');
    return bare ? tr("Enter the user name with its domain: DOMAIN\\user or user@domain.") : QString();
}

QString ConnectorAccountForm::secretComplaint() const
{
    const bool given = !secret().isEmpty();
    const bool kept = m_passwordIsKept && m_user->text() == m_loadedUser && !m_loadedUser.isEmpty();
    if (m_user->text().isEmpty() || given || kept)
        return {};
    return m_passwordIsKept ? tr("The user name changed: enter this user's password.")
                            : tr("Enter the password.");
}

ConnectorDiscoveryForm::ConnectorDiscoveryForm(QWidget* parent)
    : ConnectorForm(parent)
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
    m_sessions
        = add(new FormNumberInput({tr("Pa&rallel sessions"),
                                      tr("1 is right for most organizations. More than 1 from about 5,000 "
                                         "devices on, and only with an account reserved for Postern.")},
            1, 8, {}, this));
    addStretch();
    connect(m_ignoreInactive, &FormField::edited, this,
        [this] { m_inactiveDays->setEnabled(m_ignoreInactive->isChecked()); });
    connect(m_schedule, &FormField::edited, m_delta, [this] { m_delta->validate(); });
    load({});
}

void ConnectorDiscoveryForm::load(const Connector& connector)
{
    m_schedule->setKept(connector.fullSchedule.isEmpty() ? Schedule().toText() : connector.fullSchedule);
    m_delta->setValue(connector.deltaMinutes);
    m_ignoreInactive->setChecked(connector.maxInactiveDays > 0);
    m_inactiveDays->setEnabled(connector.maxInactiveDays > 0);
    m_inactiveDays->setValue(connector.maxInactiveDays > 0 ? connector.maxInactiveDays : 60);
    m_sessions->setValue(connector.parallelSessions);
}

void ConnectorDiscoveryForm::store(Connector& connector) const
{
    connector.fullSchedule = m_schedule->kept();
    connector.deltaMinutes = m_delta->value();
    connector.maxInactiveDays = m_ignoreInactive->isChecked() ? m_inactiveDays->value() : 0;
    connector.parallelSessions = m_sessions->value();
}

QList<Fact> ConnectorDiscoveryForm::facts() const
{
    Connector values;
    store(values);
    return discoveryFacts(values);
}

} // namespace postern::connectors
