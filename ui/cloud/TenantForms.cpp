#include "ui/cloud/TenantForms.h"

#include "models/domain/ScheduleText.h"
#include "ui/cloud/TenantRules.h"
#include "ui/cloud/TenantTexts.h"
#include "ui/connectors/ConnectorRules.h"
#include "ui/widgets/FormInputs.h"

namespace postern::cloud {

using namespace Qt::StringLiterals;
using namespace widgets;

TenantGeneralForm::TenantGeneralForm(FilePrompter& prompter, QWidget* parent)
    : TenantForm(parent)
{
    m_name = add(new FormTextInput({tr("Na&me"), tr("How this tenant is called in Postern.")}, this));
    m_name->setMaxLength(128);
    m_name->setRule([this](const QString& name) {
        return m_takenNames.contains(name, Qt::CaseInsensitive) ? tr("Another tenant has this name.")
                                                                : nameComplaint(name);
    });
    m_cloud = add(new FormChoiceInput({tr("&Cloud"), tr("Where the organization's subscription is.")}, this));
    for (const auto cloud :
        {NationalCloud::Global, NationalCloud::UsGovHigh, NationalCloud::UsGovDod, NationalCloud::China})
        m_cloud->addChoice(cloudText(cloud), int(cloud));
    m_tenantId = add(new FormTextInput({tr("&Tenant"), tr("Its ID, or one of its verified domains.")}, this));
    m_tenantId->setPlaceholder(u"contoso.onmicrosoft.com"_s);
    m_tenantId->setRule([this](const QString& id) { return tenantIdComplaint(id, m_method); });
    m_clientId = add(new FormTextInput(
        {tr("Applicati&on (client) ID"), tr("Of the app registration that Postern uses.")}, this));
    m_clientId->setRule(clientIdComplaint);
    addHeading(tr("Only when there is a proxy, a private cloud or a lab"));
    m_authority = add(new FormTextInput({tr("Sign-in &address"), tr("Empty: the cloud's own.")}, this));
    m_authority->setRule(addressComplaint);
    m_graph = add(new FormTextInput({tr("&Graph address"), tr("Empty: the cloud's own.")}, this));
    m_graph->setRule(addressComplaint);
    m_caFile = add(new FormFileInput({tr("Certificate author&ity file"),
                                         tr("PEM file of a private authority, trusted for this tenant only. "
                                            "Empty: the authorities of this computer.")},
        prompter, tr("Certificates (*.pem *.crt *.cer);;All files (*)"), this));
    m_caFile->setRule(connectors::fileComplaint);
    addStretch();
}

void TenantGeneralForm::load(const Tenant& tenant)
{
    m_method = tenant.signIn;
    m_name->setText(tenant.name);
    m_cloud->setValue(int(tenant.cloud));
    m_tenantId->setText(tenant.tenantId);
    m_clientId->setText(tenant.clientId);
    m_authority->setText(tenant.authority);
    m_graph->setText(tenant.graphUrl);
    m_caFile->setText(tenant.caFile);
}

void TenantGeneralForm::store(Tenant& tenant) const
{
    tenant.name = m_name->text();
    tenant.cloud = NationalCloud(m_cloud->value().toInt());
    tenant.tenantId = m_tenantId->text();
    tenant.clientId = m_clientId->text();
    tenant.authority = m_authority->text();
    tenant.graphUrl = m_graph->text();
    tenant.caFile = m_caFile->text();
}

QList<Fact> TenantGeneralForm::facts() const
{
    Tenant values;
    store(values);
    QList<Fact> facts{{tr("Name"), values.name}, {tr("Cloud"), cloudText(values.cloud)},
        {tr("Tenant"), values.tenantId}, {tr("Application ID"), values.clientId}};
    if (!values.authority.isEmpty())
        facts.append({tr("Sign-in address"), values.authority});
    if (!values.graphUrl.isEmpty())
        facts.append({tr("Graph address"), values.graphUrl});
    if (!values.caFile.isEmpty())
        facts.append({tr("Certificate authority"), values.caFile});
    return facts;
}

void TenantGeneralForm::setSignIn(TenantSignIn method)
{
    m_method = method;
    if (!m_tenantId->error().isEmpty())
        m_tenantId->validate();
}

TenantSignInForm::TenantSignInForm(FilePrompter& prompter, bool isKept, QWidget* parent)
    : TenantForm(parent)
    , m_isKept(isKept)
{
    m_method = add(new FormChoiceInput({tr("&Who signs in"), {}}, this));
    for (const auto method :
        {TenantSignIn::Browser, TenantSignIn::DeviceCode, TenantSignIn::Certificate, TenantSignIn::Secret})
        m_method->addChoice(signInText(method), int(method));
    m_secret = add(
        new FormPasswordInput({tr("Client secr&et"), tr("Its value. Kept in the key ring only.")}, this));
    m_secret->setRule([this](const QString&) {
        if (method() != TenantSignIn::Secret || (keepsCredential() && m_secret->secret().isEmpty()))
            return QString();
        return secretComplaint(m_secret->secret());
    });
    m_certificate
        = add(new FormFileInput({tr("Certificate and private &key"),
                                    tr("PEM file with both. The key ring keeps its content; the file "
                                       "is not needed afterwards.")},
            prompter, tr("Certificates (*.pem);;All files (*)"), this));
    m_certificate->setRule([this](const QString& path) {
        if (method() != TenantSignIn::Certificate || (keepsCredential() && path.isEmpty()))
            return QString();
        if (path.isEmpty())
            return tr("Choose the file with certificate and private key.");
        const auto pem = readCertificate(path);
        return pem ? QString() : pem.error().detail;
    });
    addStretch();
    connect(m_method, &FormField::edited, this, &TenantSignInForm::methodEdited);
    methodEdited();
}

void TenantSignInForm::load(const Tenant& tenant)
{
    m_loadedMethod = tenant.signIn;
    m_method->setValue(int(tenant.signIn));
    m_secret->clear();
    m_certificate->setText({});
    methodEdited();
}

void TenantSignInForm::store(Tenant& tenant) const
{
    tenant.signIn = method();
}

QList<Fact> TenantSignInForm::facts() const
{
    QList<Fact> facts{{tr("Who signs in"), signInText(method())}};
    if (isInteractive(method()))
        facts.append({tr("Next"), tr("You will be asked to sign in before anything is saved.")});
    else if (method() == TenantSignIn::Secret)
        facts.append({tr("Client secret"),
            m_secret->secret().isEmpty() ? tr("The stored one") : tr("Given; kept in the key ring")});
    else
        facts.append({tr("Certificate"),
            m_certificate->text().isEmpty() ? tr("The stored one") : m_certificate->text()});
    return facts;
}

TenantSignIn TenantSignInForm::method() const
{
    return TenantSignIn(m_method->value().toInt());
}

bool TenantSignInForm::keepsCredential() const
{
    return m_isKept && method() == m_loadedMethod;
}

Expected<QString> TenantSignInForm::credential() const
{
    if (method() == TenantSignIn::Secret)
        return m_secret->secret();
    if (method() == TenantSignIn::Certificate && !m_certificate->text().isEmpty())
        return readCertificate(m_certificate->text());
    return QString();
}

void TenantSignInForm::clearSecret()
{
    m_secret->clear();
}

void TenantSignInForm::methodEdited()
{
    m_method->setHint(signInHint(method()));
    m_secret->setVisible(method() == TenantSignIn::Secret);
    m_secret->setHint(keepsCredential() ? tr("Leave empty to keep the stored secret.")
                                        : tr("Its value. Kept in the key ring only."));
    m_certificate->setVisible(method() == TenantSignIn::Certificate);
    emit methodChanged(method());
}

TenantSyncForm::TenantSyncForm(QWidget* parent)
    : TenantForm(parent)
{
    m_schedule = add(new FormTextInput(
        {tr("&Full synchronization"), tr("\"12h\": every 12 hours. \"1d@02:30\": every day at 02:30.")},
        this));
    m_schedule->setRule(connectors::scheduleComplaint);
    m_poll
        = add(new FormNumberInput({tr("&Look for changes every"),
                                      tr("60 seconds let a phone that became compliant have mail within two "
                                         "minutes. 0: off.")},
            0, 86'400, tr(" seconds"), this));
    m_poll->setRule([](int seconds) {
        return seconds > 0 && seconds < 30
            ? tr("Graph throttles apps that ask more often than every 30 seconds.")
            : QString();
    });
    addStretch();
    load({});
}

void TenantSyncForm::load(const Tenant& tenant)
{
    m_schedule->setText(tenant.fullSchedule);
    m_poll->setValue(tenant.pollSeconds);
}

void TenantSyncForm::store(Tenant& tenant) const
{
    tenant.fullSchedule = m_schedule->text();
    tenant.pollSeconds = m_poll->value();
}

QList<Fact> TenantSyncForm::facts() const
{
    return {{tr("Full synchronization"), connectors::scheduleSentence(m_schedule->text())},
        {tr("Look for changes"),
            m_poll->value() == 0 ? tr("Off", "no polling")
                                 : tr("Every %n second(s)", nullptr, m_poll->value())}};
}

} // namespace postern::cloud
