#include "ui/connectors/ClientAccessInput.h"

#include "ui/connectors/ConnectorRules.h"
#include "ui/widgets/Form.h"
#include "ui/widgets/FormDialog.h"
#include "ui/widgets/FormInputs.h"

namespace postern::connectors {

using namespace widgets;
using namespace Qt::StringLiterals;

namespace {

class ServerForm final : public Form
{
public:
    // `taken`: sites that have a server already.
    ServerForm(const QStringList& row, const QStringList& taken)
        : m_site(add(new FormTextInput(
            {ClientAccessInput::tr("Active Directory &site"), ClientAccessInput::tr("As Exchange names it.")},
            this)))
        , m_server(
              add(new FormTextInput({ClientAccessInput::tr("Client &Access server"),
                                        ClientAccessInput::tr("Full name of the server or of its array.")},
                  this)))
    {
        m_site->setMaxLength(64);
        m_site->setPlaceholder(u"Default-First-Site-Name"_s);
        m_site->setRule([taken](const QString& site) {
            if (site.isEmpty())
                return ClientAccessInput::tr("Enter the Active Directory site.");
            return taken.contains(site, Qt::CaseInsensitive)
                ? ClientAccessInput::tr("\"%1\" has a server already; a site has one.").arg(site)
                : QString();
        });
        m_server->setPlaceholder(u"ex2.contoso.com"_s);
        m_server->setRule(serverComplaint);
        m_site->setText(row.value(0));
        m_server->setText(row.value(1));
    }
    [[nodiscard]] QStringList row() const { return {m_site->text(), m_server->text()}; }

private:
    FormTextInput* m_site;
    FormTextInput* m_server;
};

} // namespace

ClientAccessInput::ClientAccessInput(QWidget* parent)
    : FormTableInput({tr("&Client Access servers by Active Directory site"),
                         tr("Tried in this order when the server above does not answer. Empty: Exchange is "
                            "asked.")},
        {tr("Active Directory Site"), tr("Client Access Server")}, parent)
{
}

std::vector<ClientAccessServer> ClientAccessInput::servers() const
{
    std::vector<ClientAccessServer> servers;
    for (const QStringList& row : rows())
        servers.push_back({row.value(0), row.value(1)});
    return servers;
}

void ClientAccessInput::setServers(const std::vector<ClientAccessServer>& servers)
{
    Rows rows;
    for (const ClientAccessServer& server : servers)
        rows.append({server.adSite, server.server});
    setRows(rows);
}

void ClientAccessInput::openEditor(int row)
{
    QStringList taken;
    for (int other = 0; other < rows().size(); ++other) {
        if (other != row)
            taken.append(rows()[other].value(0));
    }
    auto* form = new ServerForm(row < 0 ? QStringList() : rows()[row], taken);
    auto* dialog = new FormDialog(
        row < 0 ? tr("Add Client Access Server") : tr("Edit Client Access Server"), form, this);
    connect(dialog, &QDialog::accepted, this, [this, row, form] { setRow(row, form->row()); });
    dialog->open();
}

} // namespace postern::connectors
