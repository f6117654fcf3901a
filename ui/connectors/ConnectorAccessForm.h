// CON-26: Exchange's own access rules and default level, and whom Exchange tells. GUI thread.
#pragma once

#include "models/frame/DeviceFrame.h"
#include "ui/connectors/ConnectorForm.h"

namespace postern::widgets {
class FormCheckInput;
class FormChoiceInput;
class FormListInput;
class FormMemoInput;
} // namespace postern::widgets

namespace postern::connectors {

class AccessRulesInput;

class ConnectorAccessForm final : public ConnectorForm
{
    Q_OBJECT
public:
    explicit ConnectorAccessForm(QWidget* parent = nullptr);
    // From which it takes suggestions and counts who loses mail.
    void setDevices(std::shared_ptr<const frame::DeviceFrame> devices);
    void load(const Connector& connector) override;
    void store(Connector& connector) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;
    [[nodiscard]] QString help() const override;

private:
    void buildMail();
    void changed();
    [[nodiscard]] QString impactSentence() const; // "" while nobody loses mail by the new default
    [[nodiscard]] AccessLevel level() const;
    widgets::FormCheckInput* m_manage;
    widgets::FormChoiceInput* m_level;
    AccessRulesInput* m_rules;
    widgets::FormListInput* m_recipients = nullptr;
    widgets::FormMemoInput* m_insert = nullptr;
    std::shared_ptr<const frame::DeviceFrame> m_devices;
    QString m_connectorName; // of a connector that exists
    AccessLevel m_loadedLevel = AccessLevel::Allow; // what is in force
    qint64 m_allowedByDefault = 0;
};

} // namespace postern::connectors
