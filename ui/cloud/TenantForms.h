// The fields of a tenant in three forms, hosted by the wizard's pages and by the properties dialog's tabs.
// load() and store() move values; store() leaves what a form does not show. GUI thread.
#pragma once

#include "models/base/Error.h"
#include "models/domain/Tenant.h"
#include "ui/widgets/FactList.h"
#include "ui/widgets/Form.h"

namespace postern::widgets {
class FilePrompter;
class FormChoiceInput;
class FormFileInput;
class FormNumberInput;
class FormPasswordInput;
class FormTextInput;
} // namespace postern::widgets

namespace postern::cloud {

class TenantForm : public widgets::Form
{
    Q_OBJECT
public:
    using Form::Form;
    virtual void load(const Tenant& tenant) = 0;
    virtual void store(Tenant& tenant) const = 0;
    [[nodiscard]] virtual QList<widgets::Fact> facts() const = 0;
};

class TenantGeneralForm final : public TenantForm
{
    Q_OBJECT
public:
    explicit TenantGeneralForm(widgets::FilePrompter& prompter, QWidget* parent = nullptr);
    void load(const Tenant& tenant) override;
    void store(Tenant& tenant) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;
    void setTakenNames(const QStringList& names) { m_takenNames = names; }
    void setSignIn(TenantSignIn method); // the rule of the tenant's id depends on it

private:
    widgets::FormTextInput* m_name;
    widgets::FormChoiceInput* m_cloud;
    widgets::FormTextInput* m_tenantId;
    widgets::FormTextInput* m_clientId;
    widgets::FormTextInput* m_authority;
    widgets::FormTextInput* m_graph;
    widgets::FormFileInput* m_caFile;
    QStringList m_takenNames;
    TenantSignIn m_method = TenantSignIn::Browser;
};

class TenantSignInForm final : public TenantForm
{
    Q_OBJECT
public:
    // `isKept`: a tenant that exists; an empty credential leaves the one in the key ring.
    TenantSignInForm(widgets::FilePrompter& prompter, bool isKept, QWidget* parent = nullptr);
    void load(const Tenant& tenant) override;
    void store(Tenant& tenant) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;
    [[nodiscard]] TenantSignIn method() const;
    // The secret, or the certificate read from its file; empty: a person signs in, or the kept one.
    [[nodiscard]] Expected<QString> credential() const;
    void clearSecret();

signals:
    void methodChanged(postern::TenantSignIn method);

private:
    void methodEdited();
    [[nodiscard]] bool keepsCredential() const;
    widgets::FormChoiceInput* m_method;
    widgets::FormPasswordInput* m_secret;
    widgets::FormFileInput* m_certificate;
    bool m_isKept;
    TenantSignIn m_loadedMethod = TenantSignIn::Browser;
};

class TenantSyncForm final : public TenantForm
{
    Q_OBJECT
public:
    explicit TenantSyncForm(QWidget* parent = nullptr);
    void load(const Tenant& tenant) override;
    void store(Tenant& tenant) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;

private:
    widgets::FormTextInput* m_schedule;
    widgets::FormNumberInput* m_poll;
};

} // namespace postern::cloud
