#include "ui/connectors/ConnectorPropertiesDialog.h"

#include <QDialogButtonBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMessageBox>
#include <QPushButton>
#include <QScrollArea>
#include <QTabWidget>
#include <QVBoxLayout>

#include "models/base/ErrorText.h"
#include "services/site/SiteClient.h"
#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/connectors/CommandPreviewDialog.h"
#include "ui/connectors/ConnectorAccessForm.h"
#include "ui/connectors/ConnectorAccountForm.h"
#include "ui/connectors/ConnectorDiscoveryForm.h"
#include "ui/connectors/ConnectorGeneralForm.h"
#include "ui/connectors/ConnectorSettingsForm.h"
#include "ui/connectors/LogPanel.h"
#include "ui/connectors/SecurityPanel.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;

ConnectorPropertiesDialog::ConnectorPropertiesDialog(
    site::SiteClient& site, FilePrompter& prompter, Connector connector, QWidget* parent)
    : QDialog(parent)
    , m_site(site)
    , m_connector(std::move(connector))
{
    setWindowTitle(tr("%1 Properties").arg(m_connector.name));
    setWindowIcon(icon(u"properties"_s));
    build(prompter);
    loadForms();
    resize(720, 680);
    connect(&m_site, &site::SiteClient::connectorSaved, this, &ConnectorPropertiesDialog::saved);
    connect(&m_site, &site::SiteClient::connectorRefused, this, &ConnectorPropertiesDialog::refused);
}

QString ConnectorPropertiesDialog::message() const
{
    return m_messageRow->isHidden() ? QString() : m_message->text();
}

void ConnectorPropertiesDialog::accept()
{
    if (!m_dirty) {
        QDialog::accept();
        return;
    }
    m_closeWhenSaved = true;
    apply();
}

void ConnectorPropertiesDialog::build(FilePrompter& prompter)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 12, 12, 12);
    column->setSpacing(spacing::normal);
    m_tabs = new QTabWidget(this);
    m_tabs->tabBar()->setAccessibleName(tr("Property pages"));
    m_general = new ConnectorGeneralForm(m_site.siteName());
    m_account = new ConnectorAccountForm(prompter, true);
    m_access = new ConnectorAccessForm;
    m_access->setDevices(m_site.devices());
    addTab(m_general, tr("General"));
    addTab(m_account, tr("Account"));
    addTab(new ConnectorDiscoveryForm, tr("Discovery"));
    addTab(m_access, tr("Access Rules"));
    addTab(new ConnectorSettingsForm, tr("Settings"));
    addPanels();
    connect(m_account, &ConnectorAccountForm::verifyRequested, this,
        &ConnectorPropertiesDialog::verifyNotificationAccount);
    connect(m_account, &ConnectorAccountForm::authenticationChanged, m_general,
        &ConnectorGeneralForm::setAuthentication);
    column->addWidget(m_tabs, 1);
    column->addWidget(buildMessageRow());
    column->addWidget(buildButtons());
}

QWidget* ConnectorPropertiesDialog::buildMessageRow()
{
    m_messageRow = new QWidget(this);
    auto* row = new QHBoxLayout(m_messageRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(spacing::normal);
    auto* mark = new QLabel(m_messageRow);
    mark->setPixmap(icon(u"error"_s, Tone::Bad).pixmap(18, 18));
    m_message = new PlainLabel({}, PlainLabel::Look::Body, m_messageRow);
    m_message->setMessage();
    m_message->setTone(Tone::Bad);
    m_reload = new QPushButton(icon(u"refresh"_s), tr("Re&load"), m_messageRow);
    m_reload->setToolTip(tr("Shows the values as they are now; what you changed here is lost"));
    m_reload->setAutoDefault(false);
    connect(m_reload, &QPushButton::clicked, this, &ConnectorPropertiesDialog::reload);
    row->addWidget(mark, 0, Qt::AlignTop);
    row->addWidget(m_message, 1);
    row->addWidget(m_reload, 0, Qt::AlignTop);
    m_messageRow->hide();
    return m_messageRow;
}

QWidget* ConnectorPropertiesDialog::buildButtons()
{
    auto* bar = new QWidget(this);
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(0, 0, 0, 0);
    auto* testButton = new QPushButton(icon(u"test-connection"_s), tr("&Test Connection"), bar);
    auto* command = new QPushButton(tr("Sho&w Command"), bar);
    // Not in the box: with two buttons of its own Qt 6.4 makes a ring of them that Tab does not leave.
    auto* buttons = new QDialogButtonBox(
        QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::Apply | QDialogButtonBox::Help,
        bar);
    testButton->setAutoDefault(false);
    command->setAutoDefault(false);
    nameButtons(*buttons);
    m_ok = buttons->button(QDialogButtonBox::Ok);
    m_apply = buttons->button(QDialogButtonBox::Apply);
    m_apply->setEnabled(false);
    row->addWidget(testButton);
    row->addWidget(command);
    row->addWidget(buttons, 1);
    connect(buttons, &QDialogButtonBox::accepted, this, &ConnectorPropertiesDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::helpRequested, this, &ConnectorPropertiesDialog::showHelp);
    connect(m_apply, &QPushButton::clicked, this, &ConnectorPropertiesDialog::apply);
    connect(testButton, &QPushButton::clicked, this, &ConnectorPropertiesDialog::test);
    connect(command, &QPushButton::clicked, this, &ConnectorPropertiesDialog::showCommand);
    return bar;
}

void ConnectorPropertiesDialog::nameButtons(QDialogButtonBox& buttons)
{
    const struct
    {
        QDialogButtonBox::StandardButton which;
        QString text;
    } names[] = {{QDialogButtonBox::Ok, tr("OK")}, {QDialogButtonBox::Cancel, tr("Cancel")},
        {QDialogButtonBox::Apply, tr("Apply")}, {QDialogButtonBox::Help, tr("Help")}};
    for (const auto& name : names) {
        buttons.button(name.which)->setText(name.text);
        buttons.button(name.which)->setIcon({});
    }
    buttons.button(QDialogButtonBox::Help)->setAutoDefault(false);
}

void ConnectorPropertiesDialog::addTab(ConnectorForm* form, const QString& title)
{
    auto* scroll = new QScrollArea(m_tabs);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    form->setContentsMargins(12, 12, 12, 12);
    scroll->setWidget(form);
    m_tabs->addTab(scroll, title);
    m_forms.append(form);
    m_help.append(form->help());
    connect(form, &Form::edited, this, &ConnectorPropertiesDialog::edited);
}

void ConnectorPropertiesDialog::addPanels()
{
    m_tabs->addTab(new SecurityPanel(m_site.siteName(), m_tabs), tr("Security"));
    m_help.append(tr("Only a full administrator of the site changes connectors for now."));
    auto* log = new LogPanel(m_site.logFile(), m_connector.name, m_tabs);
    log->layout()->setContentsMargins(12, 12, 12, 12);
    m_tabs->addTab(log, tr("Log"));
    m_help.append(
        tr("EasDisc.log has what the service did and what Exchange answered. CMTrace and any editor "
           "open it."));
}

void ConnectorPropertiesDialog::apply()
{
    if (m_saving)
        return;
    for (int tab = 0; tab < m_forms.size(); ++tab) {
        if (m_forms[tab]->isAcceptable())
            continue;
        m_tabs->setCurrentIndex(tab);
        m_forms[tab]->validate();
        m_closeWhenSaved = false;
        return;
    }
    m_saving = true;
    m_messageRow->hide();
    m_apply->setEnabled(false);
    m_ok->setEnabled(false);
    m_site.saveConnector(draft(), m_account->secret());
}

void ConnectorPropertiesDialog::test()
{
    auto* dialog = new CheckConnectorDialog(m_site, draft(), m_account->secret(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void ConnectorPropertiesDialog::verifyNotificationAccount()
{
    auto* dialog = new CheckConnectorDialog(
        m_site, draft(), m_account->secret(), this, CheckScope::NotificationAccount);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void ConnectorPropertiesDialog::showCommand()
{
    (new CommandPreviewDialog(m_site, draft(), this))->open();
}

void ConnectorPropertiesDialog::showHelp()
{
    const int tab = m_tabs->currentIndex();
    //: %1 is the title of a tab
    auto* box = new QMessageBox(QMessageBox::Information, tr("Help: %1").arg(m_tabs->tabText(tab)),
        m_help.value(tab), QMessageBox::NoButton, this);
    box->setTextFormat(Qt::PlainText);
    box->addButton(tr("Close"), QMessageBox::AcceptRole);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void ConnectorPropertiesDialog::reload()
{
    for (const Connector& connector : m_site.connectors()) {
        if (connector.id == m_connector.id)
            m_connector = connector;
    }
    loadForms();
}

void ConnectorPropertiesDialog::edited()
{
    m_dirty = true;
    m_apply->setEnabled(!m_saving);
}

void ConnectorPropertiesDialog::saved(const postern::Connector& connector)
{
    if (!m_saving || connector.id != m_connector.id)
        return;
    m_saving = false;
    m_ok->setEnabled(true);
    m_connector = connector;
    loadForms();
    if (m_closeWhenSaved)
        QDialog::accept();
}

void ConnectorPropertiesDialog::refused(const postern::Connector& connector, const postern::Error& error)
{
    if (!m_saving || connector.id != m_connector.id)
        return;
    m_saving = false;
    m_closeWhenSaved = false;
    m_ok->setEnabled(true);
    m_apply->setEnabled(true);
    say(ErrorText::sentence(error), error.code == ErrorCode::Conflict);
}

void ConnectorPropertiesDialog::say(const QString& sentence, bool canReload)
{
    m_message->setText(sentence);
    m_reload->setVisible(canReload);
    m_messageRow->show();
}

void ConnectorPropertiesDialog::loadForms()
{
    QStringList others;
    for (const Connector& other : m_site.connectors()) {
        if (other.id != m_connector.id)
            others.append(other.name);
    }
    m_general->setTakenNames(others);
    for (ConnectorForm* form : m_forms)
        form->load(m_connector);
    m_messageRow->hide();
    m_dirty = false;
    m_apply->setEnabled(false);
}

Connector ConnectorPropertiesDialog::draft() const
{
    Connector connector = m_connector;
    for (ConnectorForm* form : m_forms)
        form->store(connector);
    return connector;
}

} // namespace postern::connectors
