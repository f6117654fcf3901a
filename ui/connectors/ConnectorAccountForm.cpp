#include "ui/connectors/ConnectorAccountForm.h"

#include <QPushButton>

#include "ui/connectors/ConnectorRules.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/widgets/FormInputs.h"
#include "ui/widgets/FormRadioInput.h"

namespace postern::connectors {

using namespace widgets;
using namespace Qt::StringLiterals;

ConnectorAccountForm::ConnectorAccountForm(FilePrompter& prompter, bool passwordIsKept, QWidget* parent)
    : ConnectorForm(parent)
    , m_passwordIsKept(passwordIsKept)
{
    buildSignIn(prompter);
    buildNotification();
    addStretch();
    connect(m_authentication, &FormField::edited, this, &ConnectorAccountForm::authenticationEdited);
    connect(m_mode, &FormField::edited, this, &ConnectorAccountForm::accountEdited);
    authenticationEdited();
    accountEdited();
}

void ConnectorAccountForm::buildSignIn(FilePrompter& prompter)
{
    m_authentication = add(new FormChoiceInput({tr("Aut&hentication"), {}}, this));
    for (const auto value : {Authentication::Negotiate, Authentication::Basic})
        m_authentication->addChoice(authenticationText(value), int(value));
    m_mode = add(new FormRadioInput({tr("Account"), {}}, this));
    m_mode->addChoice(tr("The site server's own account (its Kerberos tic&ket)"), true);
    m_mode->addChoice(tr("Windows user acc&ount"), false);
    m_user = add(new FormTextInput({tr("&User name"), {}}, this));
    m_user->setPlaceholder(u"CONTOSO\\svc-postern"_s);
    m_user->setRule([this](const QString& user) { return userComplaint(user); });
    m_password
        = add(new FormPasswordInput({tr("Passwor&d"),
                                        m_passwordIsKept ? tr("Leave empty to keep the stored password.")
                                                         : tr("Kept in the key ring of this computer only.")},
            this));
    m_password->setRule([this](const QString&) { return secretComplaint(); });
    m_caFile = add(new FormFileInput({tr("&Certificate authority file"),
                                         tr("PEM file of a private authority, trusted for this connector "
                                            "only. Empty: the authorities of this computer.")},
        prompter, tr("Certificates (*.pem *.crt *.cer);;All files (*)"), this));
    m_caFile->setRule(fileComplaint);
}

void ConnectorAccountForm::buildNotification()
{
    m_notification
        = add(new FormTextInput({tr("Noti&fication account"),
                                    tr("E-mail address of a mailbox of this organization; it writes "
                                       "to users whose device is blocked.")},
            this));
    m_notification->setPlaceholder(u"postern@contoso.com"_s);
    m_notification->setRule(mailComplaint);
    m_notification->setAdvice([](const QString& address) {
        return address.isEmpty()
            ? tr("Without it, conditional access for on-premises Exchange cannot be configured.")
            : QString();
    });
    m_verify = new QPushButton(tr("&Verify Notification Account..."), this);
    m_verify->setAutoDefault(false);
    m_verify->setToolTip(tr("Signs in and looks whether this mailbox can send mail"));
    addWidget(m_verify, 0, Qt::AlignLeading);
    m_ews = add(
        new FormTextInput({tr("&Exchange Web Services address"),
                              tr("Empty: found by Autodiscover. When it is set, Autodiscover is skipped.")},
            this));
    m_ews->setPlaceholder(u"https://mail.contoso.com/EWS/Exchange.asmx"_s);
    m_ews->setRule(ewsComplaint);
    const auto canVerify = [this] {
        m_verify->setEnabled(!m_notification->text().isEmpty() && m_notification->isAcceptable());
    };
    connect(m_notification, &FormField::edited, this, canVerify);
    connect(m_verify, &QPushButton::clicked, this, &ConnectorAccountForm::verifyRequested);
    canVerify();
}

void ConnectorAccountForm::load(const Connector& connector)
{
    m_loadedUser = connector.user;
    m_authentication->setValue(int(connector.authentication));
    m_mode->setValue(connector.user.isEmpty() && connector.authentication == Authentication::Negotiate);
    m_user->setText(connector.user);
    m_caFile->setText(connector.caFile);
    m_notification->setText(connector.notificationAccount);
    m_ews->setText(connector.ewsUrl);
    m_password->clear();
}

void ConnectorAccountForm::store(Connector& connector) const
{
    connector.authentication = authentication();
    connector.user = usesOwnAccount() ? QString() : m_user->text();
    connector.caFile = m_caFile->text();
    connector.notificationAccount = m_notification->text();
    connector.ewsUrl = m_ews->text();
}

QList<Fact> ConnectorAccountForm::facts() const
{
    Connector connector;
    store(connector);
    const QString none = tr("None");
    QList<Fact> facts{{tr("Authentication"), authenticationText(connector.authentication)},
        {tr("User name"), userText(connector)}};
    if (!usesOwnAccount())
        facts.append({tr("Password"),
            !secret().isEmpty()    ? tr("Given; kept in the key ring")
                : m_passwordIsKept ? tr("The stored one")
                                   : none});
    facts.append({tr("Certificate authority"), authorityText(connector)});
    return facts + notificationFacts(connector);
}

QString ConnectorAccountForm::help() const
{
    return tr(
        "The account needs the rights that Test Connection lists; a member of Organization Management has "
        "them all. Its password stays in the key ring of this computer and is never shown. The notification "
        "account must have an active mailbox in this organization whose user principal name is its e-mail "
        "address.");
}

QString ConnectorAccountForm::secret() const
{
    return usesOwnAccount() ? QString() : m_password->secret();
}

void ConnectorAccountForm::clearSecret()
{
    m_password->clear();
}

Authentication ConnectorAccountForm::authentication() const
{
    return Authentication(m_authentication->value().toInt());
}

bool ConnectorAccountForm::usesOwnAccount() const
{
    return m_mode->value().toBool();
}

// Basic sends a name and a password, so there must be some.
void ConnectorAccountForm::authenticationEdited()
{
    const bool basic = authentication() == Authentication::Basic;
    if (basic)
        m_mode->setValue(false);
    m_mode->setEnabled(!basic);
    if (!m_user->error().isEmpty())
        m_user->validate();
    emit authenticationChanged(authentication());
}

void ConnectorAccountForm::accountEdited()
{
    for (widgets::FormField* field : {static_cast<FormField*>(m_user), static_cast<FormField*>(m_password)}) {
        field->setVisible(!usesOwnAccount());
        field->setEnabled(!usesOwnAccount());
    }
}

QString ConnectorAccountForm::userComplaint(const QString& user) const
{
    if (user.isEmpty())
        return tr("Enter the user name.");
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

} // namespace postern::connectors
