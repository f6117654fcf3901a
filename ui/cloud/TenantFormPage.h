// A wizard page that is one TenantForm. GUI thread.
#pragma once

#include <QVBoxLayout>

#include "ui/cloud/TenantForms.h"
#include "ui/widgets/Theme.h"
#include "ui/wizard/WizardPage.h"

namespace postern::cloud {

class TenantFormPage final : public wizard::WizardPage
{
    Q_OBJECT
public:
    TenantFormPage(const QString& title, const QString& subtitle, TenantForm* form)
        : WizardPage(title, subtitle)
        , m_form(form)
    {
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, widgets::spacing::normal, 0);
        column->addWidget(form);
        connect(form, &widgets::Form::edited, this, &WizardPage::edited);
    }

    [[nodiscard]] bool isAcceptable() const override { return m_form->isAcceptable(); }
    bool validate() override { return m_form->validate(); }
    [[nodiscard]] QList<widgets::Fact> summary() const override { return m_form->facts(); }
    void enter() override { m_form->focusFirst(); }

private:
    TenantForm* m_form;
};

} // namespace postern::cloud
