// CON-01 to 05, 17: environment, name, server address, the site that runs the connector, further servers. GUI
// thread.
#pragma once

#include "ui/connectors/ConnectorForm.h"

namespace postern::widgets {
class FormCheckInput;
class FormChoiceInput;
class FormRadioInput;
class FormTextInput;
} // namespace postern::widgets

namespace postern::connectors {

class ClientAccessInput;

class ConnectorGeneralForm final : public ConnectorForm
{
    Q_OBJECT
public:
    // `siteName`: the primary site, the only one that can run a connector.
    explicit ConnectorGeneralForm(const QString& siteName, QWidget* parent = nullptr);
    void load(const Connector& connector) override;
    void store(Connector& connector) const override;
    [[nodiscard]] QList<widgets::Fact> facts() const override;
    [[nodiscard]] QString help() const override;
    // The rules of the address depend on it.
    void setAuthentication(Authentication authentication);
    // Names that other connectors have.
    void setTakenNames(const QStringList& names) { m_takenNames = names; }

private:
    void buildAddress();
    void showExpansion();
    widgets::FormRadioInput* m_environment;
    widgets::FormTextInput* m_name;
    widgets::FormTextInput* m_address = nullptr;
    widgets::FormChoiceInput* m_site = nullptr;
    widgets::FormCheckInput* m_discover = nullptr;
    ClientAccessInput* m_servers = nullptr;
    QString m_siteName;
    Authentication m_authentication = Authentication::Negotiate;
    QStringList m_takenNames;
};

} // namespace postern::connectors
