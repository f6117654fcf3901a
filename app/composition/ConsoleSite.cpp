#include "app/composition/ConsoleSite.h"

#include <QDir>
#include <QStandardPaths>

#include "app/composition/SitePaths.h"

using namespace Qt::StringLiterals;

namespace postern::composition {

namespace {

const QString labSiteCode = u"LAB"_s;

QString ownSite()
{
    const QString folder
        = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/Postern"_s;
    QDir().mkpath(folder);
    return folder + u"/ps1.db"_s;
}

Connector labConnector(const LabAddresses& lab)
{
    Connector connector;
    connector.name = u"Lab Exchange"_s;
    connector.serverAddress = lab.exchangeUrl;
    connector.authentication = Authentication::Basic;
    connector.user = lab.user;
    connector.caFile = lab.caFile;
    connector.fullSchedule = u"1d@00:00"_s;
    connector.parallelSessions = 4;
    return connector;
}

Tenant labTenant(const LabAddresses& lab)
{
    Tenant tenant;
    tenant.name = lab.organization.isEmpty() ? u"Lab Intune"_s : lab.organization;
    tenant.tenantId = lab.tenant;
    tenant.clientId = lab.clientId;
    tenant.authority = lab.authority;
    tenant.graphUrl = lab.graphUrl;
    tenant.caFile = lab.caFile;
    tenant.signIn = TenantSignIn::Secret;
    return tenant;
}

} // namespace

ConsoleSite::ConsoleSite(ConsoleSiteOptions options, QObject* parent)
    : QObject(parent)
    , m_options(std::move(options))
{
    connect(&m_labProcess, &LabProcess::failed, this, &ConsoleSite::failed);
    connect(&m_labProcess, &LabProcess::ready, this, [this](const LabAddresses& lab) {
        m_lab = lab;
        m_client->open();
    });
}

ConsoleSite::~ConsoleSite() = default;

Expected<site::SiteOptions> ConsoleSite::siteOptions()
{
    QString text = m_options.site;
    if (text.isEmpty() && m_options.lab) {
        m_folder.emplace();
        if (!m_folder->isValid())
            return fail(
                ErrorCode::StoreUnavailable, m_folder->errorString(), u"a folder for the lab's site"_s);
        text = m_folder->filePath(u"lab.db"_s);
    }
    const auto address = store::SiteAddress::parse(text.isEmpty() ? ownSite() : text);
    if (!address)
        return fail(address.error());
    site::SiteOptions options;
    options.address = *address;
    options.create = m_options.lab || m_options.site.isEmpty();
    options.siteCode = m_options.lab ? labSiteCode : u"PS1"_s;
    options.logPath = traceLogPath(*address);
    // The lab prints its passwords; a key ring would only keep them longer than the lab lives.
    if (m_options.lab)
        options.makeSecretStore = [] { return std::make_unique<identity::MemorySecretStore>(); };
    return options;
}

void ConsoleSite::open()
{
    Expected<site::SiteOptions> options = siteOptions();
    if (!options) {
        emit failed(options.error());
        return;
    }
    m_client = std::make_unique<site::LocalSiteClient>(std::move(*options));
    connect(m_client.get(), &site::SiteClient::connectorSaved, this, &ConsoleSite::addLabTenant);
    connect(m_client.get(), &site::SiteClient::connectorRefused, this, &ConsoleSite::addLabTenant);
    connect(m_client.get(), &site::SiteClient::tenantSaved, this, &ConsoleSite::becomeReady);
    // A site of a former lab has both: the window says what is wrong with it.
    connect(m_client.get(), &site::SiteClient::tenantRefused, this, &ConsoleSite::becomeReady);
    connect(m_client.get(), &site::LocalSiteClient::opened, this, [this] {
        if (m_lab)
            addLabConnector();
        else
            emit ready();
    });
    if (m_options.lab)
        m_labProcess.start(m_options.labArguments);
    else
        m_client->open();
}

void ConsoleSite::addLabConnector()
{
    m_client->saveConnector(labConnector(*m_lab), m_lab->password);
}

void ConsoleSite::addLabTenant()
{
    if (!m_lab)
        return;
    if (m_lab->tenant.isEmpty())
        becomeReady();
    else
        m_client->saveTenant(labTenant(*m_lab), m_lab->clientSecret);
}

// Once: people save connectors and tenants of their own later.
void ConsoleSite::becomeReady()
{
    if (std::exchange(m_lab, std::nullopt))
        emit ready();
}

} // namespace postern::composition
