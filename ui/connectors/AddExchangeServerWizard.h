// Add Exchange Server (spec 3.1): General, Account, Discovery, Settings, Access Rules, Summary with the
// commands that will run, Progress (test, then save), Completion. Nothing is saved when a required test
// fails, unless Add Anyway is pressed; Cancel anywhere writes nothing (CON-28). GUI thread.
#pragma once

#include "models/base/Error.h"
#include "models/domain/Connector.h"
#include "ui/wizard/Wizard.h"

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class FilePrompter;
}

namespace postern::connectors {

class ConnectorAccessForm;
class ConnectorAccountForm;
class ConnectorDiscoveryForm;
class ConnectorForm;
class ConnectorGeneralForm;
class ConnectorSettingsForm;

class AddExchangeServerWizard final : public wizard::Wizard
{
    Q_OBJECT
public:
    AddExchangeServerWizard(
        site::SiteClient& site, widgets::FilePrompter& prompter, QWidget* parent = nullptr);
    // What the pages say now.
    [[nodiscard]] Connector draft() const;

protected:
    void summaryShown() override;
    void beginWork() override;
    void stopWork() override;

private:
    enum class Phase { Input, Checking, Saving };
    void addPages();
    void connectSite();
    void verifyNotificationAccount();
    void previewed(const postern::Connector& connector, const QStringList& commands);
    void checkEnded(const postern::Error& error, bool ok);
    void save();
    void saved(const postern::Connector& connector);
    void refused(const postern::Connector& connector, const postern::Error& error);

    site::SiteClient& m_site;
    ConnectorGeneralForm* m_general;
    ConnectorAccountForm* m_account;
    ConnectorDiscoveryForm* m_discovery;
    ConnectorSettingsForm* m_settings;
    ConnectorAccessForm* m_access;
    QList<ConnectorForm*> m_forms;
    Connector m_connector;
    Phase m_phase = Phase::Input;
    bool m_stopped = false;
};

} // namespace postern::connectors
