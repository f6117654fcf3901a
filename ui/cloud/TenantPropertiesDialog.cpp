#include "ui/cloud/TenantPropertiesDialog.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QScrollArea>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "models/base/ErrorText.h"
#include "services/site/SiteClient.h"
#include "ui/cloud/TenantForms.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::cloud {

using namespace Qt::StringLiterals;
using widgets::PlainLabel;
namespace spacing = widgets::spacing;

TenantPropertiesDialog::TenantPropertiesDialog(
    site::SiteClient& site, widgets::FilePrompter& prompter, Tenant tenant, QWidget* parent)
    : QDialog(parent)
    , m_site(site)
    , m_tenant(std::move(tenant))
    , m_general(new TenantGeneralForm(prompter))
    , m_account(new TenantSignInForm(prompter, true))
    , m_sync(new TenantSyncForm)
    , m_forms{m_general, m_account, m_sync}
{
    setWindowTitle(tr("%1 Properties").arg(m_tenant.name));
    setWindowIcon(widgets::icon(u"properties"_s));
    QStringList taken;
    for (const Tenant& other : site.tenants()) {
        if (!(other.id == m_tenant.id))
            taken.append(other.name);
    }
    m_general->setTakenNames(taken);
    build();
    for (TenantForm* form : m_forms) {
        form->load(m_tenant);
        connect(form, &widgets::Form::edited, this, &TenantPropertiesDialog::edited);
    }
    connect(m_account, &TenantSignInForm::methodChanged, m_general, &TenantGeneralForm::setSignIn);
    connect(&m_site, &site::SiteClient::tenantSaved, this, &TenantPropertiesDialog::saved);
    connect(&m_site, &site::SiteClient::tenantRefused, this, &TenantPropertiesDialog::refused);
    m_buttons->button(QDialogButtonBox::Apply)->setEnabled(false);
    resize(640, 600);
}

void TenantPropertiesDialog::build()
{
    auto* column = new QVBoxLayout(this);
    m_tabs = new QTabWidget(this);
    m_tabs->setAccessibleName(tr("Properties"));
    m_tabs->tabBar()->setAccessibleName(tr("Properties"));
    const QString titles[] = {tr("General"), tr("Sign-in"), tr("Synchronization")};
    for (int i = 0; i < m_forms.size(); ++i) {
        auto* area = new QScrollArea(m_tabs);
        area->setFrameShape(QFrame::NoFrame);
        area->setWidgetResizable(true);
        area->setFocusPolicy(Qt::NoFocus);
        m_forms[i]->setContentsMargins(spacing::normal, spacing::normal, spacing::normal, spacing::normal);
        area->setWidget(m_forms[i]);
        m_tabs->addTab(area, titles[i]);
    }
    m_message = new PlainLabel({}, PlainLabel::Look::Body, this);
    m_message->setMessage();
    m_message->setTone(widgets::Tone::Bad);
    m_message->hide();
    m_buttons = new QDialogButtonBox(
        QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::Apply, this);
    column->addWidget(m_tabs, 1);
    column->addWidget(m_message);
    column->addWidget(m_buttons);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &TenantPropertiesDialog::accept);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(m_buttons->button(QDialogButtonBox::Apply), &QPushButton::clicked, this, [this] {
        m_closeWhenSaved = false;
        static_cast<void>(apply());
    });
}

void TenantPropertiesDialog::edited()
{
    m_buttons->button(QDialogButtonBox::Apply)->setEnabled(!m_saving);
}

Tenant TenantPropertiesDialog::draft() const
{
    Tenant tenant = m_tenant;
    for (const TenantForm* form : m_forms)
        form->store(tenant);
    return tenant;
}

void TenantPropertiesDialog::accept()
{
    const auto credential = m_account->credential();
    if (draft() == m_tenant && credential && credential->isEmpty()) {
        QDialog::accept(); // nothing to save
        return;
    }
    m_closeWhenSaved = true;
    static_cast<void>(apply());
}

bool TenantPropertiesDialog::apply()
{
    for (int i = 0; i < m_forms.size(); ++i) {
        if (!m_forms[i]->isAcceptable()) {
            m_tabs->setCurrentIndex(i);
            return m_forms[i]->validate();
        }
    }
    const auto credential = m_account->credential();
    if (!credential) {
        say(credential.error().detail);
        return false;
    }
    m_saving = true;
    m_message->hide();
    m_buttons->button(QDialogButtonBox::Apply)->setEnabled(false);
    m_site.saveTenant(draft(), *credential);
    return true;
}

void TenantPropertiesDialog::saved(const postern::Tenant& tenant)
{
    if (!m_saving || !(tenant.id == m_tenant.id))
        return;
    m_saving = false;
    m_tenant = tenant;
    m_account->clearSecret();
    if (m_closeWhenSaved)
        QDialog::accept();
}

void TenantPropertiesDialog::refused(const postern::Tenant& tenant, const postern::Error& error)
{
    if (!m_saving || !(tenant.id == m_tenant.id))
        return;
    m_saving = false;
    edited();
    say(ErrorText::sentence(error));
}

void TenantPropertiesDialog::say(const QString& sentence)
{
    m_message->setText(sentence);
    m_message->show();
}

QString TenantPropertiesDialog::message() const
{
    return m_message->isHidden() ? QString() : m_message->text();
}

} // namespace postern::cloud
