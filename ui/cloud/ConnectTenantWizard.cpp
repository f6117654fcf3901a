#include "ui/cloud/ConnectTenantWizard.h"

#include "models/base/ErrorText.h"
#include "services/site/SiteClient.h"
#include "ui/cloud/TenantFormPage.h"
#include "ui/cloud/TenantTexts.h"

namespace postern::cloud {

using namespace Qt::StringLiterals;
using widgets::Step;

namespace {

const QString signInStep = u"sign-in"_s;
const QString savingStep = u"save"_s;

} // namespace

ConnectTenantWizard::ConnectTenantWizard(
    site::SiteClient& site, widgets::FilePrompter& prompter, OpenUrl open, QWidget* parent)
    : Wizard(tr("Connect Tenant"), u"cloud"_s, parent)
    , m_site(site)
    , m_signIn(new SignInFlow(site, std::move(open), this))
    , m_general(new TenantGeneralForm(prompter))
    , m_account(new TenantSignInForm(prompter, false))
    , m_sync(new TenantSyncForm)
{
    QStringList taken;
    for (const Tenant& tenant : site.tenants())
        taken.append(tenant.name);
    m_general->setTakenNames(taken);
    addPage(new TenantFormPage(tr("General"), tr("Which Microsoft Entra tenant this is."), m_general));
    addPage(new TenantFormPage(
        tr("Sign-in"), tr("Who reads Intune and Entra for Postern, and with what."), m_account));
    addPage(new TenantFormPage(tr("Synchronization"), tr("When people and phones are read."), m_sync));
    connect(m_account, &TenantSignInForm::methodChanged, m_general, &TenantGeneralForm::setSignIn);
    connectSite();
    start();
}

void ConnectTenantWizard::connectSite()
{
    connect(m_signIn, &SignInFlow::waitingForPerson, this, [this](const QString& sentence) {
        reportStep({signInStep, tr("Sign in"), Step::Outcome::Running, sentence});
    });
    connect(m_signIn, &SignInFlow::succeeded, this, &ConnectTenantWizard::signedIn);
    connect(m_signIn, &SignInFlow::failed, this, &ConnectTenantWizard::signInFailed);
    connect(&m_site, &site::SiteClient::tenantCheckReported, this, [this](const postern::CheckResult& line) {
        if (m_phase != Phase::Checking)
            return;
        m_lines.push_back(line);
        reportStep(stepOf(line));
    });
    connect(&m_site, &site::SiteClient::tenantCheckFinished, this, &ConnectTenantWizard::checkEnded);
    connect(&m_site, &site::SiteClient::tenantSaved, this, &ConnectTenantWizard::saved);
    connect(&m_site, &site::SiteClient::tenantRefused, this, &ConnectTenantWizard::refused);
}

Tenant ConnectTenantWizard::draft() const
{
    Tenant tenant;
    m_general->store(tenant);
    m_account->store(tenant);
    m_sync->store(tenant);
    return tenant;
}

void ConnectTenantWizard::beginWork()
{
    m_tenant = draft();
    m_stopped = false;
    m_lines.clear();
    const auto credential = m_account->credential();
    if (!credential) { // the file has changed since the page was left
        finishWork(false, credential.error().detail + u' ' + tr("Nothing was saved."));
        return;
    }
    m_credential = *credential;
    if (!isInteractive(m_tenant.signIn)) {
        check();
        return;
    }
    m_phase = Phase::SigningIn;
    m_signIn->start(m_tenant);
}

void ConnectTenantWizard::stopWork()
{
    m_stopped = true;
    if (m_phase == Phase::SigningIn)
        m_signIn->cancel();
    else if (m_phase == Phase::Checking)
        m_site.stopTenantCheck();
}

void ConnectTenantWizard::signedIn(const QString& account)
{
    if (m_phase != Phase::SigningIn)
        return;
    m_tenant.account = account;
    reportStep({signInStep, tr("Sign in"), Step::Outcome::Pass,
        account.isEmpty() ? QString() : tr("Signed in as %1").arg(account)});
    check();
}

void ConnectTenantWizard::signInFailed(const postern::Error& error)
{
    if (m_phase != Phase::SigningIn)
        return;
    m_phase = Phase::Input;
    const bool given = m_stopped || error.code == ErrorCode::Cancelled;
    const QString sentence = given ? tr("The sign-in was canceled.") : ErrorText::sentence(error);
    reportStep({signInStep, tr("Sign in"), Step::Outcome::Fail, sentence});
    finishWork(false, sentence + u' ' + tr("Nothing was saved."));
}

void ConnectTenantWizard::check()
{
    m_phase = Phase::Checking;
    m_site.checkTenant(m_tenant, m_credential);
}

void ConnectTenantWizard::checkEnded(const postern::Error& error, bool ok)
{
    if (m_phase != Phase::Checking)
        return;
    m_phase = Phase::Input;
    if (m_stopped) {
        finishWork(false, tr("Canceled. Nothing was saved."));
        return;
    }
    if (ok) {
        save();
        return;
    }
    finishWork(false, failureSentence(error) + u' ' + tr("Nothing was saved."));
    offerAfterFailure(
        tr("Save &Anyway"), tr("Saves the tenant; it works as soon as the permissions are granted"), [this] {
            resumeWork();
            save();
        });
}

// CON-39: missing permissions by name.
QString ConnectTenantWizard::failureSentence(const postern::Error& error) const
{
    const QStringList missing = missingPermissions(m_lines);
    if (!missing.isEmpty())
        return tr(
            "Missing permissions: %1. An administrator of the tenant grants them in the app registration.")
            .arg(missing.join(u", "_s));
    for (const CheckResult& line : m_lines) {
        if (line.outcome == CheckResult::Outcome::Fail && line.required)
            //: %1 what was checked, %2 what is wrong with it
            return tr("%1: %2").arg(line.name, line.detail);
    }
    return ErrorText::sentence(error);
}

void ConnectTenantWizard::save()
{
    m_phase = Phase::Saving;
    reportStep({savingStep, tr("Save the tenant"), Step::Outcome::Running, {}});
    m_site.saveTenant(m_tenant, m_credential);
}

void ConnectTenantWizard::saved(const postern::Tenant& tenant)
{
    if (m_phase != Phase::Saving || tenant.name != m_tenant.name)
        return;
    m_phase = Phase::Input;
    m_credential.fill(u'\0');
    m_credential.clear();
    m_account->clearSecret();
    reportStep({savingStep, tr("Save the tenant"), Step::Outcome::Pass, {}});
    const QStringList missing = missingPermissions(m_lines);
    const QString sentence
        = tr("The tenant \"%1\" is connected. Press Synchronize Now to read its people and phones.")
              .arg(tenant.name);
    finishWork(true,
        missing.isEmpty()
            ? sentence
            : sentence + u' ' + tr("Not granted, with features lost: %1.").arg(missing.join(u", "_s)));
}

void ConnectTenantWizard::refused(const postern::Tenant& tenant, const postern::Error& error)
{
    if (m_phase != Phase::Saving || tenant.name != m_tenant.name)
        return;
    m_phase = Phase::Input;
    const QString sentence = ErrorText::sentence(error);
    reportStep({savingStep, tr("Save the tenant"), Step::Outcome::Fail, sentence});
    finishWork(false, sentence);
}

} // namespace postern::cloud
