// A connector's properties (SHL-15, CON-47): tabs General, Account, Discovery, Access Rules, Settings,
// Security, Log; OK, Cancel, Apply, Help. Saves by revision: when somebody changed the connector meanwhile,
// says so and offers to reload, and overwrites nothing. GUI thread.
#pragma once

#include <QDialog>

#include "models/base/Error.h"
#include "models/domain/Connector.h"

class QDialogButtonBox;
class QPushButton;
class QTabWidget;

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class FilePrompter;
class PlainLabel;
} // namespace postern::widgets

namespace postern::connectors {

class ConnectorAccessForm;
class ConnectorAccountForm;
class ConnectorForm;
class ConnectorGeneralForm;

class ConnectorPropertiesDialog final : public QDialog
{
    Q_OBJECT
public:
    ConnectorPropertiesDialog(site::SiteClient& site, widgets::FilePrompter& prompter, Connector connector,
        QWidget* parent = nullptr);

    [[nodiscard]] QString message() const; // what the line above the buttons says
    void accept() override; // OK: apply, then close when it was saved

private:
    void build(widgets::FilePrompter& prompter);
    QWidget* buildMessageRow();
    QWidget* buildButtons();
    void nameButtons(QDialogButtonBox& buttons);
    void addTab(ConnectorForm* form, const QString& title);
    void addPanels();
    void apply();
    void test();
    void verifyNotificationAccount();
    void showCommand();
    void showHelp();
    void reload();
    void edited();
    void saved(const postern::Connector& connector);
    void refused(const postern::Connector& connector, const postern::Error& error);
    void say(const QString& sentence, bool canReload);
    void loadForms();
    [[nodiscard]] Connector draft() const;

    site::SiteClient& m_site;
    Connector m_connector;
    bool m_saving = false;
    bool m_closeWhenSaved = false;
    bool m_dirty = false;
    QTabWidget* m_tabs = nullptr;
    ConnectorGeneralForm* m_general = nullptr;
    ConnectorAccountForm* m_account = nullptr;
    ConnectorAccessForm* m_access = nullptr;
    QList<ConnectorForm*> m_forms;
    QWidget* m_messageRow = nullptr;
    widgets::PlainLabel* m_message = nullptr;
    QPushButton* m_reload = nullptr;
    QPushButton* m_ok = nullptr;
    QPushButton* m_apply = nullptr;
    QStringList m_help; // by tab
};

} // namespace postern::connectors
