// CON-19 to 25: the five groups of mailbox policy settings as tabs, and whether other device management is
// allowed. GUI thread.
#pragma once

#include "ui/connectors/ConnectorForm.h"

class QTabWidget;

namespace postern::widgets {
class FormCheckInput;
}

namespace postern::connectors {

class SettingsGroupForm;

class ConnectorSettingsForm final : public ConnectorForm
{
    Q_OBJECT
public:
    explicit ConnectorSettingsForm(QWidget* parent = nullptr);
    void load(const Connector& connector) override;
    void store(Connector& connector) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;
    [[nodiscard]] QString help() const override;
    bool validate() override; // brings the group that is wrong to the front
    [[nodiscard]] bool isAcceptable() const override;
    void focusFirst() override;

private:
    void markTabs();
    QTabWidget* m_tabs;
    QList<SettingsGroupForm*> m_groups;
    widgets::FormCheckInput* m_external;
};

} // namespace postern::connectors
