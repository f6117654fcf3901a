#include "ui/commands/TenantCommands.h"

#include <QDialog>

#include "models/base/ErrorText.h"
#include "services/site/SiteClient.h"
#include "ui/cloud/ConnectTenantWizard.h"
#include "ui/cloud/TenantCheckDialog.h"
#include "ui/cloud/TenantPropertiesDialog.h"
#include "ui/widgets/Prompter.h"

namespace postern::commands {

using namespace Qt::StringLiterals;
using widgets::Tone;

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

} // namespace

std::optional<Tenant> TenantCommand::tenant(TenantId id) const
{
    for (const Tenant& candidate : context().site.tenants()) {
        if (candidate.id == id)
            return candidate;
    }
    return std::nullopt;
}

std::vector<Tenant> TenantCommand::chosen(const widgets::Selection& selection) const
{
    std::vector<Tenant> tenants;
    for (const TenantId id : selection.tenants) {
        if (auto found = tenant(id))
            tenants.push_back(*std::move(found));
    }
    return tenants;
}

ConnectTenantCommand::ConnectTenantCommand(CommandContext& context)
    : TenantCommand(context,
        {idText(commandId), tr("&Connect Tenant"), tr("Connect Microsoft Intune and Entra"), u"cloud"_s}, {})
{
}

void ConnectTenantCommand::execute(const widgets::Selection&)
{
    if (m_wizard) {
        m_wizard->raise();
        return;
    }
    m_wizard = new cloud::ConnectTenantWizard(
        context().site, context().files, cloud::systemBrowser(), context().window);
    openDialog(m_wizard);
}

SignInAgainCommand::SignInAgainCommand(CommandContext& context)
    : TenantCommand(context,
        {idText(commandId), tr("Sign &In Again"),
            tr("Sign in to the selected tenant; the synchronization goes on where it stopped"), u"sign-in"_s},
        Restriction::SingleTenant)
    , m_open(cloud::systemBrowser())
{
}

void SignInAgainCommand::execute(const widgets::Selection& selection)
{
    const auto found = tenant(selection.tenants.front());
    if (!found)
        return;
    if (!isInteractive(found->signIn)) {
        context().announce(Tone::Accent, tr("An app signs in by itself"),
            tr("\"%1\" uses a certificate or a secret. Give a new one in its properties.").arg(found->name));
        return;
    }
    delete m_flow; // a second one stops the first
    m_flow = new cloud::SignInFlow(context().site, m_open, context().window);
    connect(m_flow, &cloud::SignInFlow::waitingForPerson, this,
        [this](const QString& sentence) { context().announce(Tone::Accent, tr("Sign In Again"), sentence); });
    connect(m_flow, &cloud::SignInFlow::succeeded, this, [this, name = found->name](const QString& account) {
        context().announce(Tone::Good, tr("Signed in"), tr("%1: %2").arg(name, account));
        m_flow->deleteLater();
    });
    connect(m_flow, &cloud::SignInFlow::failed, this, [this](const postern::Error& error) {
        context().announce(Tone::Bad, tr("The sign-in did not succeed"), ErrorText::sentence(error));
        m_flow->deleteLater();
    });
    m_flow->start(*found);
}

SynchronizeTenantCommand::SynchronizeTenantCommand(CommandContext& context)
    : TenantCommand(context,
        {idText(commandId), tr("S&ynchronize Now"),
            tr("Read people, groups and phones of the selected tenants now"), u"synchronize"_s},
        Restriction::NeedsTenant)
{
}

void SynchronizeTenantCommand::execute(const widgets::Selection& selection)
{
    for (const Tenant& each : chosen(selection)) {
        if (each.state == TenantState::Synchronizing)
            context().announce(Tone::Accent, tr("A synchronization is already running"), each.name);
        else
            context().site.synchronizeTenant(each.id);
    }
}

CheckTenantCommand::CheckTenantCommand(CommandContext& context)
    : TenantCommand(context,
        {idText(commandId), tr("&Test Connection"),
            tr("Check sign-in, permissions and subscription of the selected tenant"), u"test-connection"_s},
        Restriction::SingleTenant)
{
}

void CheckTenantCommand::execute(const widgets::Selection& selection)
{
    // An empty credential: the one in the key ring is used.
    if (const auto found = tenant(selection.tenants.front()))
        openDialog(new cloud::TenantCheckDialog(context().site, *found, {}, context().window));
}

TenantPropertiesCommand::TenantPropertiesCommand(CommandContext& context)
    : TenantCommand(context,
        {idText(commandId), tr("P&roperties"), tr("Show and change the selected tenant"), u"properties"_s,
            QKeySequence(Qt::ALT | Qt::Key_Return)},
        Restriction::SingleTenant)
{
}

void TenantPropertiesCommand::execute(const widgets::Selection& selection)
{
    const TenantId id = selection.tenants.front();
    if (const auto open = m_open.value(id)) {
        open->raise();
        return;
    }
    if (const auto found = tenant(id)) {
        auto* dialog
            = new cloud::TenantPropertiesDialog(context().site, context().files, *found, context().window);
        m_open.insert(id, dialog);
        openDialog(dialog);
    }
}

DeleteTenantCommand::DeleteTenantCommand(CommandContext& context)
    : TenantCommand(context,
        {idText(commandId), tr("&Delete"), tr("Disconnect the selected tenants from Postern"), u"delete"_s,
            QKeySequence(QKeySequence::Delete)},
        Restriction::NeedsTenant)
{
    connect(&context.site, &site::SiteClient::tenantRefused, this, &DeleteTenantCommand::refused);
}

void DeleteTenantCommand::execute(const widgets::Selection& selection)
{
    const std::vector<Tenant> tenants = chosen(selection);
    if (tenants.empty())
        return;
    QStringList names;
    for (const Tenant& each : tenants)
        names.append(each.name);
    widgets::Question question;
    question.title = tr("Delete");
    question.text = names.size() == 1 ? tr("Disconnect the tenant \"%1\"?").arg(names.first())
                                      : tr("Disconnect %n tenants?", nullptr, int(names.size()));
    question.detail
        = tr("Its phones count as not enrolled from then on, which a policy may answer by blocking "
             "them. Nothing is changed in Intune or Entra; the stored sign-in is deleted.");
    if (names.size() > 1)
        question.detail += u"\n\n"_s + names.join(u'\n');
    question.yes = tr("&Disconnect");
    question.dangerous = true;
    if (!context().messages.ask(context().window, question))
        return;
    for (const Tenant& each : tenants) {
        m_asked.insert(each.id);
        context().site.removeTenant(each.id);
    }
}

void DeleteTenantCommand::refused(const postern::Tenant& tenant, const postern::Error& error)
{
    if (m_asked.remove(tenant.id))
        context().announce(Tone::Bad, tr("The tenant was not disconnected"), ErrorText::sentence(error));
}

ShowDevicesCommand::ShowDevicesCommand(CommandContext& context)
    : Command(context,
        {idText(commandId), tr("Show &Devices"), tr("Show the devices of the selected user"), u"devices"_s},
        Restriction::SingleUser)
{
}

void ShowDevicesCommand::execute(const widgets::Selection& selection)
{
    const SharedUsers users = context().site.users();
    const auto found = std::ranges::lower_bound(*users, selection.users.front(), {}, &SiteUser::id);
    if (found == users->end() || !(found->id == selection.users.front()) || !context().openNode)
        return;
    const QString wanted
        = found->userPrincipalName.isEmpty() ? found->emailAddress : found->userPrincipalName;
    context().openNode(u"Assets and Compliance/Devices"_s, {{u"search"_s, wanted}});
}

} // namespace postern::commands
