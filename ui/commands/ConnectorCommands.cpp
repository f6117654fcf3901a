#include "ui/commands/ConnectorCommands.h"

#include <QDialog>

#include "models/base/ErrorText.h"
#include "services/site/SiteClient.h"
#include "ui/connectors/AddExchangeServerWizard.h"
#include "ui/connectors/CheckConnectorDialog.h"
#include "ui/connectors/ConnectorLogDialog.h"
#include "ui/connectors/ConnectorPropertiesDialog.h"
#include "ui/connectors/DeleteConnectorDialog.h"
#include "ui/widgets/Prompter.h"

namespace postern::commands {

using namespace Qt::StringLiterals;

namespace {

// Window-modal without a nested event loop; gone when closed.
void openDialog(QDialog* dialog)
{
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

QString idText(const char16_t* id)
{
    return QString::fromUtf16(id);
}

void sayRefused(CommandContext& context, const std::optional<Connector>& connector, const Error& error)
{
    if (error.code != ErrorCode::AlreadyRunning) {
        context.announce(widgets::Tone::Bad, SynchronizeNowCommand::tr("The synchronization was not started"),
            ErrorText::sentence(error));
        return;
    }
    context.announce(widgets::Tone::Accent, SynchronizeNowCommand::tr("A synchronization is already running"),
        connector
            ? SynchronizeNowCommand::tr("\"%1\" is being synchronized; its progress is in the status bar.")
                  .arg(connector->name)
            : QString());
}

} // namespace

AddConnectorCommand::AddConnectorCommand(CommandContext& context)
    : Command(context,
        {idText(commandId), tr("&Add Exchange Server"), tr("Connect an Exchange organization"),
            u"add-server"_s},
        {})
{
}

void AddConnectorCommand::execute(const widgets::Selection&)
{
    if (m_wizard) {
        m_wizard->raise();
        return;
    }
    m_wizard = new connectors::AddExchangeServerWizard(context().site, context().files, context().window);
    openDialog(m_wizard);
}

SynchronizeNowCommand::SynchronizeNowCommand(CommandContext& context)
    : Command(context,
        {idText(commandId), tr("&Synchronize Now"),
            tr("Read all mailboxes and devices of the selected connectors now"), u"synchronize"_s},
        Restriction::NeedsConnector | Restriction::NotWhileSyncing)
{
    connect(&context.site, &site::SiteClient::requestRefused, this, &SynchronizeNowCommand::refused);
}

void SynchronizeNowCommand::execute(const widgets::Selection& selection)
{
    std::vector<Connector> chosen;
    for (const ConnectorId id : selection.connectors) {
        const auto found = connector(id);
        if (found && !runningSync(context().site, id))
            chosen.push_back(*found);
    }
    if (chosen.empty() || !confirmed(chosen))
        return;
    for (const Connector& each : chosen) {
        Request request;
        request.kind = RequestKind::SynchronizeFull;
        request.connectorId = each.id;
        request.requestedAt = QDateTime::currentDateTimeUtc();
        context().site.submit(request);
    }
}

bool SynchronizeNowCommand::confirmed(const std::vector<Connector>& connectors)
{
    QStringList names;
    for (const Connector& each : connectors)
        names.append(each.name);
    widgets::Question question;
    question.title = tr("Synchronize Now");
    question.text = connectors.size() == 1
        ? tr("Start a full synchronization of \"%1\" now?").arg(names.first())
        : tr("Start a full synchronization of %n connectors now?", nullptr, int(connectors.size()));
    question.detail = tr(
        "All mailboxes and their devices are read again. In a large organization this can take hours; the "
        "console stays usable, and Cancel keeps what was already read.");
    if (connectors.size() > 1)
        question.detail += u"\n\n"_s + names.join(u'\n');
    question.yes = tr("&Yes");
    return context().messages.ask(context().window, question);
}

void SynchronizeNowCommand::refused(const postern::Request& request, const postern::Error& error)
{
    if (request.kind == RequestKind::SynchronizeFull)
        sayRefused(context(), connector(request.connectorId), error);
}

SynchronizeDeltaCommand::SynchronizeDeltaCommand(CommandContext& context)
    : Command(context,
        {idText(commandId), tr("Delta &Only"),
            tr("Read what changed since the last synchronization of the selected connectors"),
            u"synchronize"_s, {}, idText(SynchronizeNowCommand::commandId)},
        Restriction::NeedsConnector | Restriction::NotWhileSyncing)
{
    connect(&context.site, &site::SiteClient::requestRefused, this, &SynchronizeDeltaCommand::refused);
}

void SynchronizeDeltaCommand::execute(const widgets::Selection& selection)
{
    QStringList withoutFull;
    for (const ConnectorId id : selection.connectors) {
        const auto found = connector(id);
        if (!found || runningSync(context().site, id))
            continue;
        if (!found->watermark) {
            withoutFull.append(found->name);
            continue;
        }
        Request request;
        request.kind = RequestKind::SynchronizeDelta;
        request.connectorId = id;
        request.requestedAt = QDateTime::currentDateTimeUtc();
        context().site.submit(request);
    }
    if (!withoutFull.isEmpty())
        context().announce(widgets::Tone::Accent, tr("A full synchronization comes first"),
            tr("No full synchronization has succeeded yet: %1. Use Synchronize Now.")
                .arg(withoutFull.join(u", "_s)));
}

void SynchronizeDeltaCommand::refused(const postern::Request& request, const postern::Error& error)
{
    if (request.kind == RequestKind::SynchronizeDelta)
        sayRefused(context(), connector(request.connectorId), error);
}

CheckConnectorCommand::CheckConnectorCommand(CommandContext& context)
    : Command(context,
        {idText(commandId), tr("&Test Connection"),
            tr("Check address, certificate, account and permissions of the selected connector"),
            u"test-connection"_s},
        Restriction::SingleConnector)
{
}

void CheckConnectorCommand::execute(const widgets::Selection& selection)
{
    // An empty password: the one in the key ring is used.
    if (const auto found = connector(selection.connectors.front()))
        openDialog(new connectors::CheckConnectorDialog(context().site, *found, {}, context().window));
}

ShowPropertiesCommand::ShowPropertiesCommand(CommandContext& context)
    : Command(context,
        {idText(commandId), tr("P&roperties"), tr("Show and change the selected connector"), u"properties"_s,
            QKeySequence(Qt::ALT | Qt::Key_Return)},
        Restriction::SingleConnector)
{
}

void ShowPropertiesCommand::execute(const widgets::Selection& selection)
{
    const ConnectorId id = selection.connectors.front();
    if (const auto open = m_open.value(id)) {
        open->raise();
        return;
    }
    if (const auto found = connector(id)) {
        auto* dialog = new connectors::ConnectorPropertiesDialog(
            context().site, context().files, *found, context().window);
        m_open.insert(id, dialog);
        openDialog(dialog);
    }
}

EnableConnectorCommand::EnableConnectorCommand(CommandContext& context, bool enable)
    : Command(context,
        enable ? CommandText{u"enable-connector"_s, tr("&Enable"),
            tr("Synchronize the selected connectors again"), u"enable"_s}
               : CommandText{u"disable-connector"_s, tr("D&isable"),
                   tr("Stop synchronizing the selected connectors; their devices stay"), u"disable"_s},
        Restriction::NeedsConnector | Restriction::NotRemoving
            | (enable ? Restriction::NeedsDisabled : Restriction::NeedsEnabled))
    , m_enable(enable)
{
    connect(&context.site, &site::SiteClient::connectorRefused, this, &EnableConnectorCommand::refused);
    connect(&context.site, &site::SiteClient::connectorSaved, this, &EnableConnectorCommand::saved);
}

void EnableConnectorCommand::execute(const widgets::Selection& selection)
{
    std::vector<Connector> chosen;
    QStringList names;
    for (const ConnectorId id : selection.connectors) {
        const auto found = connector(id);
        if (!found || found->enabled == m_enable)
            continue;
        chosen.push_back(*found);
        names.append(found->name);
    }
    if (chosen.empty() || (!m_enable && !confirmed(names)))
        return;
    for (Connector& each : chosen) {
        each.enabled = m_enable;
        m_asked.insert(each.id);
        context().site.saveConnector(each, {}); // the password stays
    }
}

bool EnableConnectorCommand::confirmed(const QStringList& names)
{
    widgets::Question question;
    question.title = tr("Disable");
    question.text = names.size() == 1 ? tr("Disable the connector \"%1\"?").arg(names.first())
                                      : tr("Disable %n connectors?", nullptr, int(names.size()));
    question.detail
        = tr("It is not synchronized until it is enabled again, and nothing is written to Exchange. Its "
             "devices stay, with what was read last.");
    if (names.size() > 1)
        question.detail += u"\n\n"_s + names.join(u'\n');
    question.yes = tr("&Disable");
    return context().messages.ask(context().window, question);
}

void EnableConnectorCommand::saved(const postern::Connector& connector)
{
    m_asked.remove(connector.id);
}

void EnableConnectorCommand::refused(const postern::Connector& connector, const postern::Error& error)
{
    if (m_asked.remove(connector.id))
        context().announce(widgets::Tone::Bad,
            m_enable ? tr("The connector was not enabled") : tr("The connector was not disabled"),
            ErrorText::sentence(error));
}

ShowLogCommand::ShowLogCommand(CommandContext& context)
    : Command(context,
        {idText(commandId), tr("Sho&w Log"), tr("What EasDisc.log says of the selected connector"), u"log"_s},
        Restriction::SingleConnector)
{
}

void ShowLogCommand::execute(const widgets::Selection& selection)
{
    if (const auto found = connector(selection.connectors.front()))
        openDialog(
            new connectors::ConnectorLogDialog(context().site.logFile(), found->name, context().window));
}

DeleteConnectorCommand::DeleteConnectorCommand(CommandContext& context)
    : Command(context,
        {idText(commandId), tr("&Delete"), tr("Remove the selected connectors from Postern"), u"delete"_s,
            QKeySequence(QKeySequence::Delete)},
        Restriction::NeedsConnector | Restriction::NotRemoving)
{
    connect(&context.site, &site::SiteClient::connectorRefused, this, &DeleteConnectorCommand::refused);
}

void DeleteConnectorCommand::execute(const widgets::Selection& selection)
{
    if (m_dialog) {
        m_dialog->raise();
        return;
    }
    std::vector<Connector> chosen;
    for (const ConnectorId id : selection.connectors) {
        if (const auto found = connector(id))
            chosen.push_back(*found);
    }
    if (chosen.empty())
        return;
    auto* dialog = new connectors::DeleteConnectorDialog(context().site, std::move(chosen), context().window);
    connect(dialog, &connectors::DeleteConnectorDialog::requested, this, &DeleteConnectorCommand::remove);
    m_dialog = dialog;
    openDialog(dialog);
}

void DeleteConnectorCommand::remove(const QList<qint64>& connectorIds, bool keepEntries)
{
    for (const qint64 id : connectorIds) {
        m_asked.insert(ConnectorId{id});
        context().site.removeConnector(ConnectorId{id}, keepEntries);
    }
}

void DeleteConnectorCommand::refused(const postern::Connector& connector, const postern::Error& error)
{
    if (m_asked.remove(connector.id))
        context().announce(
            widgets::Tone::Bad, tr("The connector was not deleted"), ErrorText::sentence(error));
}

} // namespace postern::commands
