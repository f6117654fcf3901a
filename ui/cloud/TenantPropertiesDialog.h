// Properties of a tenant: the wizard's forms as tabs; OK, Cancel, Apply (SHL-15). What somebody else changed
// meanwhile is said, not overwritten. GUI thread.
#pragma once

#include <QDialog>

#include "models/base/Error.h"
#include "models/domain/Tenant.h"

class QDialogButtonBox;
class QTabWidget;

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class FilePrompter;
class PlainLabel;
} // namespace postern::widgets

namespace postern::cloud {

class TenantForm;
class TenantGeneralForm;
class TenantSignInForm;
class TenantSyncForm;

class TenantPropertiesDialog final : public QDialog
{
    Q_OBJECT
public:
    TenantPropertiesDialog(
        site::SiteClient& site, widgets::FilePrompter& prompter, Tenant tenant, QWidget* parent = nullptr);
    void accept() override; // saves; closes when that has worked
    [[nodiscard]] QString message() const;

private:
    void build();
    void edited();
    [[nodiscard]] bool apply(); // false: there is something wrong with a field
    [[nodiscard]] Tenant draft() const;
    void saved(const postern::Tenant& tenant);
    void refused(const postern::Tenant& tenant, const postern::Error& error);
    void say(const QString& sentence);

    site::SiteClient& m_site;
    Tenant m_tenant;
    TenantGeneralForm* m_general;
    TenantSignInForm* m_account;
    TenantSyncForm* m_sync;
    QList<TenantForm*> m_forms;
    QTabWidget* m_tabs = nullptr;
    widgets::PlainLabel* m_message = nullptr;
    QDialogButtonBox* m_buttons = nullptr;
    bool m_saving = false;
    bool m_closeWhenSaved = false;
};

} // namespace postern::cloud
