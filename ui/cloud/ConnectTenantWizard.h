// Connect Tenant: General, Sign-in, Synchronization, Summary, Progress (sign in, check the permissions,
// save), Completion. Nothing is saved when an essential permission is missing, unless Save Anyway is pressed.
// GUI thread.
#pragma once

#include "models/domain/Exchange.h"
#include "ui/cloud/SignInFlow.h"
#include "ui/wizard/Wizard.h"

namespace postern::widgets {
class FilePrompter;
}

namespace postern::cloud {

class TenantGeneralForm;
class TenantSignInForm;
class TenantSyncForm;

class ConnectTenantWizard final : public wizard::Wizard
{
    Q_OBJECT
public:
    ConnectTenantWizard(
        site::SiteClient& site, widgets::FilePrompter& prompter, OpenUrl open, QWidget* parent = nullptr);
    [[nodiscard]] Tenant draft() const; // what the pages say now

protected:
    void beginWork() override;
    void stopWork() override;

private:
    enum class Phase { Input, SigningIn, Checking, Saving };
    void connectSite();
    void signedIn(const QString& account);
    void signInFailed(const postern::Error& error);
    void check();
    void checkEnded(const postern::Error& error, bool ok);
    [[nodiscard]] QString failureSentence(const postern::Error& error) const;
    void save();
    void saved(const postern::Tenant& tenant);
    void refused(const postern::Tenant& tenant, const postern::Error& error);

    site::SiteClient& m_site;
    SignInFlow* m_signIn;
    TenantGeneralForm* m_general;
    TenantSignInForm* m_account;
    TenantSyncForm* m_sync;
    Tenant m_tenant;
    QString m_credential;
    std::vector<CheckResult> m_lines;
    Phase m_phase = Phase::Input;
    bool m_stopped = false;
};

} // namespace postern::cloud
