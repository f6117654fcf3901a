// A wizard page that is one ConnectorForm. GUI thread.
#pragma once

#include <QVBoxLayout>

#include "ui/connectors/ConnectorForm.h"
#include "ui/widgets/FormField.h"
#include "ui/wizard/WizardPage.h"

namespace postern::connectors {

class FormPage final : public wizard::WizardPage
{
    Q_OBJECT
public:
    FormPage(const QString& title, const QString& subtitle, ConnectorForm* form)
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
    ConnectorForm* m_form;
};

} // namespace postern::connectors
