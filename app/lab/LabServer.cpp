#include "app/lab/LabServer.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QTemporaryDir>
#include <chrono>

#include "app/lab/auth/Kerberos.h"
#include "app/lab/directory/PhoneTraffic.h"
#include "app/lab/graph/Cloud.h"
#include "app/lab/http/FrontDoor.h"
#include "app/lab/http/HttpsServer.h"

using namespace Qt::StringLiterals;

namespace postern::lab {

namespace {

constexpr std::int64_t dayMs = 86400000;

QString q(const std::string& text)
{
    return QString::fromStdString(text);
}

std::int64_t realNow()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t today()
{
    return realNow() / dayMs * dayMs;
}

// The reference date and size must be those the directory was made with, or its changes would land on other
// phones.
PopulationOptions populationOf(const LabOptions& options, const QJsonObject& saved)
{
    PopulationOptions population;
    population.users = options.users;
    population.devicesPerUser = options.devicesPerUser;
    population.seed = options.seed;
    population.referenceMs = options.referenceMs != 0 ? options.referenceMs : today();
    if (saved.contains("referenceMs"_L1) && options.referenceMs == 0)
        population.referenceMs = qint64(saved.value("referenceMs"_L1).toDouble());
    return population;
}

std::vector<std::string> namesOf(const std::vector<ClientAccessServer>& servers)
{
    std::vector<std::string> names;
    for (const ClientAccessServer& server : servers)
        names.push_back(server.fqdn);
    return names;
}

// CON-10: people whose mailbox may, and may not, send what Postern has to say.
void addNotificationAccounts(const Population& people, std::vector<LabAccount>& accounts)
{
    bool fits = false, differs = false;
    for (std::uint32_t i = 0; i < people.userCount() && !(fits && differs); ++i) {
        const Person p = people.person(i);
        bool& found = p.smtp == p.upn ? fits : differs;
        if (std::exchange(found, true))
            continue;
        accounts.push_back({"CONTOSO\\" + p.alias, p.upn, people.passwordOf(i),
            p.smtp == p.upn ? "notification" : "notificationUpnDiffers",
            p.smtp == p.upn ? "a mailbox that may send notifications"
                            : "a mailbox whose address is " + p.smtp});
    }
}

} // namespace

QByteArray LabAddresses::toJson() const
{
    QJsonArray list;
    for (const LabAccount& account : accounts)
        list.append(QJsonObject{{"user"_L1, q(account.user)}, {"upn"_L1, q(account.upn)},
            {"password"_L1, q(account.password)}, {"role"_L1, q(account.role)},
            {"may"_L1, q(account.description)}});
    QJsonObject out{
        {"exchange"_L1,
            QJsonObject{{"url"_L1, q(powerShell)}, {"ews"_L1, q(ews)}, {"autodiscover"_L1, q(autodiscover)},
                {"autodiscoverJson"_L1, q(autodiscoverJson)}, {"activesync"_L1, q(activeSync)}}},
        {"caFile"_L1, q(caFile)}, {"accounts"_L1, list}, {"organization"_L1, q(organization)},
        {"users"_L1, qint64(users)}, {"devices"_L1, qint64(devices)}, {"labUrl"_L1, q(lab)},
        {"cloud"_L1, cloud}};
    if (!expired.empty())
        out.insert("badTls"_L1,
            QJsonObject{{"expired"_L1, q(expired)}, {"wrongHost"_L1, q(wrongHost)},
                {"selfSigned"_L1, q(selfSigned)}, {"untrusted"_L1, q(untrusted)}});
    return QJsonDocument(out).toJson(QJsonDocument::Compact);
}

struct LabServer::Parts
{
    explicit Parts(const LabOptions& given, const PopulationOptions& population)
        : options(given)
        , estate(population)
        , accounts(estate.people(), given.seed)
        , faults(given.seed, given.throttling)
        , powerShell(estate, faults, counters, {given.culture, given.servers})
        , api(estate, faults, counters, powerShell.shells())
    {
    }

    Expected<LabAddresses> open(const Certificates& certificates);
    Expected<void> listen(const Certificates& certificates, LabAddresses& addresses);
    Expected<void> listenElsewhere(const Certificates& certificates, int port);
    Expected<std::string> listenBadly(const Certificates& certificates, Flaw flaw);
    void save();

    LabOptions options;
    std::unique_ptr<QTemporaryDir> temporary;
    std::string directory;
    Estate estate;
    Accounts accounts;
    FaultPlan faults;
    Counters counters;
    PowerShellEndpoint powerShell;
    LabApi api;
    std::unique_ptr<Gate> gate;
    std::unique_ptr<Cloud> cloud;
    std::unique_ptr<FrontDoor> door;
    HttpsServer server;
    std::vector<std::unique_ptr<HttpsServer>> badServers, otherServers;
    std::unique_ptr<PhoneTraffic> traffic;
    std::uint64_t savedRevision = 0;
};

LabServer::LabServer() = default;
LabServer::~LabServer()
{
    stop();
}

void LabServer::Parts::save()
{
    const std::uint64_t revision = estate.revision() + cloud->revision();
    if (options.stateDirectory.empty() || revision == savedRevision)
        return;
    // Both, always: the reference date of the one is that of the other.
    for (const auto& [name, data] :
        {std::pair{u"/lab-state.json"_s, estate.saved()}, {u"/lab-cloud.json"_s, cloud->saved()}}) {
        QSaveFile file(q(directory) + name);
        if (!file.open(QIODevice::WriteOnly)
            || file.write(data.data(), qint64(data.size())) != qint64(data.size()) || !file.commit())
            return;
    }
    savedRevision = revision;
}

Expected<void> LabServer::Parts::listen(const Certificates& certificates, LabAddresses& addresses)
{
    // The port is known only after listening, and the addresses are part of answers: the door comes right
    // after.
    const auto handler = [this](WebRequest& request) {
        return door ? door->answer(request, options.servers.front().fqdn)
                    : WebAnswer{503, {}, "text/plain", {}, false, 0, 0};
    };
    const auto port
        = server.start({options.host, options.port, options.maximumThreads}, certificates.server(), handler);
    if (!port)
        return fail(port.error());
    const std::string name = options.host == "127.0.0.1" || options.host == "0.0.0.0" || options.host == "::"
        ? "localhost"
        : options.host;
    ServiceUrls urls{"https://" + name + ":" + std::to_string(*port)};
    addresses.powerShell = urls.powerShell();
    addresses.ews = urls.ews();
    addresses.autodiscover = urls.autodiscover();
    addresses.autodiscoverJson = urls.base + "/autodiscover/autodiscover.json";
    addresses.activeSync = urls.activeSync();
    addresses.lab = urls.base + "/lab/";
    addresses.caFile = certificates.caFile();
    auto opened = Cloud::open(estate, faults, counters, directory, urls.base, options.timeScale);
    if (!opened)
        return fail(opened.error());
    cloud = std::move(*opened);
    QFile known(q(directory) + u"/lab-cloud.json"_s);
    if (known.open(QIODevice::ReadOnly)) {
        if (const auto restored = cloud->restore(QJsonDocument::fromJson(known.readAll()).object());
            !restored)
            return fail(restored.error());
    }
    addresses.cloud = cloud->addresses().toJson();
    api.alsoTell([this](std::uint32_t phone) { return cloud->truthOf(phone); });
    door = std::make_unique<FrontDoor>(
        estate, faults, counters, powerShell, api, *gate, *cloud, urls, options.latencyMs);
    return listenElsewhere(certificates, *port);
}

// The other Client Access servers: the same organisation on the same port of other addresses.
Expected<void> LabServer::Parts::listenElsewhere(const Certificates& certificates, int port)
{
    for (size_t i = 1; i < options.servers.size(); ++i) {
        const ClientAccessServer& other = options.servers[i];
        if (!other.listens)
            continue;
        otherServers.push_back(std::make_unique<HttpsServer>());
        const auto opened
            = otherServers.back()->start({other.fqdn, port, options.maximumThreads}, certificates.server(),
                [this, name = other.fqdn](WebRequest& request) { return door->answer(request, name); });
        if (!opened)
            return fail(opened.error());
    }
    return {};
}

Expected<std::string> LabServer::Parts::listenBadly(const Certificates& certificates, Flaw flaw)
{
    badServers.push_back(std::make_unique<HttpsServer>());
    const auto port = badServers.back()->start({options.host, 0, 16}, certificates.server(flaw),
        [this](WebRequest& request) { return door->answer(request, {}); });
    if (!port)
        return fail(port.error());
    return "https://localhost:" + std::to_string(*port) + "/PowerShell/";
}

Expected<LabAddresses> LabServer::Parts::open(const Certificates& certificates)
{
    std::shared_ptr<KerberosAcceptor> kerberos;
    if (!options.kerberosKeytab.empty()) {
        auto opened = KerberosAcceptor::open(options.kerberosKeytab, options.kerberosService);
        if (!opened)
            return fail(opened.error());
        kerberos = *opened;
    }
    gate = std::make_unique<Gate>(accounts, kerberos);
    LabAddresses addresses;
    if (const auto listening = listen(certificates, addresses); !listening)
        return fail(listening.error());
    for (const auto& [flaw, url] :
        {std::pair{Flaw::Expired, &addresses.expired}, {Flaw::WrongHost, &addresses.wrongHost},
            {Flaw::SelfSigned, &addresses.selfSigned}, {Flaw::Untrusted, &addresses.untrusted}}) {
        if (!options.badCertificates)
            continue;
        auto bad = listenBadly(certificates, flaw);
        if (!bad)
            return fail(bad.error());
        *url = *bad;
    }
    addresses.organization = "Contoso Lab";
    addresses.users = estate.people().userCount();
    addresses.devices = estate.phoneCount();
    for (const Account& account : accounts.all())
        addresses.accounts.push_back(
            {account.user, account.upn, account.password, account.role, account.description});
    addNotificationAccounts(estate.people(), addresses.accounts);
    return addresses;
}

Expected<LabAddresses> LabServer::start(const LabOptions& options)
{
    stop();
    std::unique_ptr<QTemporaryDir> temporary;
    std::string directory = options.stateDirectory;
    QJsonObject saved;
    if (directory.empty()) {
        temporary = std::make_unique<QTemporaryDir>(QDir::tempPath() + u"/postern-lab-XXXXXX"_s);
        directory = temporary->path().toStdString();
    } else {
        if (!QDir().mkpath(q(directory)))
            return fail(ErrorCode::StoreUnavailable, u"cannot make the directory %1"_s.arg(q(directory)));
        QFile file(q(directory) + u"/lab-state.json"_s);
        if (file.open(QIODevice::ReadOnly))
            saved = QJsonDocument::fromJson(file.readAll()).object();
    }
    auto parts = std::make_unique<Parts>(options, populationOf(options, saved));
    parts->temporary = std::move(temporary);
    parts->directory = directory;
    parts->estate.setTimeScale(options.timeScale);
    // What changes from now on changes now: a client's delta asks for what is newer than its own clock's
    // last run. A lab on a day of its own has its own clock.
    if (options.referenceMs == 0)
        parts->estate.setNow(realNow());
    if (!saved.isEmpty()) {
        if (const auto restored = parts->estate.restore(QJsonDocument(saved).toJson().toStdString());
            !restored)
            return fail(restored.error());
    }
    const auto certificates = Certificates::open(directory, options.host, namesOf(options.servers));
    if (!certificates)
        return fail(certificates.error());
    auto addresses = parts->open(*certificates);
    if (!addresses)
        return addresses;
    Parts* raw = parts.get();
    parts->traffic = std::make_unique<PhoneTraffic>(parts->estate, options.timeScale, [raw] {
        raw->powerShell.shells().endIdle();
        raw->cloud->everySecond();
        raw->save();
    });
    m_parts = std::move(parts);
    return addresses;
}

void LabServer::stop()
{
    if (!m_parts)
        return;
    m_parts->traffic.reset();
    m_parts->powerShell.shells().endAll();
    m_parts->server.stop();
    for (const auto& other : m_parts->otherServers)
        other->stop();
    for (const auto& bad : m_parts->badServers)
        bad->stop();
    m_parts->save();
    m_parts.reset();
}

} // namespace postern::lab
