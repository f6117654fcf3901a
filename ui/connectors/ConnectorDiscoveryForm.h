// CON-13 to 16, 18: when devices are read, and which. GUI thread.
#pragma once

#include "ui/connectors/ConnectorForm.h"

namespace postern::widgets {
class FormCheckInput;
class FormListInput;
class FormNumberInput;
class FormRadioInput;
} // namespace postern::widgets

namespace postern::connectors {

class ScheduleInput;

class ConnectorDiscoveryForm final : public ConnectorForm
{
    Q_OBJECT
public:
    explicit ConnectorDiscoveryForm(QWidget* parent = nullptr);
    void load(const Connector& connector) override;
    void store(Connector& connector) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;
    [[nodiscard]] QString help() const override;

private:
    void buildTimes();
    void buildScope();
    void showUsable();
    ScheduleInput* m_schedule = nullptr;
    widgets::FormNumberInput* m_delta = nullptr;
    widgets::FormCheckInput* m_ignoreInactive = nullptr;
    widgets::FormNumberInput* m_inactiveDays = nullptr;
    widgets::FormRadioInput* m_scope = nullptr;
    widgets::FormListInput* m_containers = nullptr;
    widgets::FormNumberInput* m_sessions = nullptr;
};

} // namespace postern::connectors
