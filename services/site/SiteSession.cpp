#include "services/site/SiteSession.h"

#include <QCoroFuture>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include "models/base/ErrorText.h"
#include "services/core/Logging.h"
#include "services/exchange/Connect.h"
#include "services/site/Installation.h"
#include "services/store/ConnectorRepository.h"
#include "services/store/JobRepository.h"
#include "services/store/RequestRepository.h"
#include "services/store/StatusMessageRepository.h"

using namespace Qt::StringLiterals;

namespace postern::site {

namespace {

// A person waits for the answer of a new address.
constexpr std::chrono::seconds answerWithin{20};

// Also asks for what follows from the change, in the same transaction.
Expected<Connector> storeConnector(
    store::Session& session, const Connector& connector, const QString& by, const QDateTime& now)
{
    store::ConnectorRepository connectors(session);
    if (!connector.id.isValid()) { // its first full synchronization applies the settings
        auto added = connectors.insert(connector);
        if (!added)
            return added;
        const auto said = store::StatusMessageRepository(session).append(installedMessage(*added, now));
        return said ? added : Expected<Connector>(fail(said.error()));
    }
    const auto before = connectors.find(connector.id);
    if (!before)
        return fail(before.error());
    auto saved = connectors.update(connector);
    if (!saved || !*before || saved->settings == (*before)->settings || !saved->enabled
        || !saved->lastFullEnd)
        return saved;
    Request request = applySettingsRequest(*saved);
    request.requestedBy = by;
    request.requestedAt = now;
    if (auto asked = store::RequestRepository(session).insert(request); !asked)
        return fail(asked.error());
    return saved;
}

bool isRequiredFailure(const CheckResult& line)
{
    return line.required && line.outcome == CheckResult::Outcome::Fail;
}

} // namespace

Request applySettingsRequest(const Connector& connector)
{
    Request request;
    request.kind = RequestKind::ApplySettings;
    request.connectorId = connector.id;
    request.parameters = "{\"revision\":" + QByteArray::number(connector.revision) + '}';
    return request;
}

SiteSession::SiteSession(SiteOptions options, QObject* parent)
    : QObject(parent)
    , m_options(std::move(options))
{
}

SiteSession::~SiteSession() = default;

QString SiteSession::accountName()
{
    return qEnvironmentVariable("USER", qEnvironmentVariable("USERNAME", u"unknown"_s));
}

QCoro::Task<Expected<store::SiteInfo>> SiteSession::open()
{
    m_secrets = m_options.makeSecretStore ? m_options.makeSecretStore()
                                          : std::make_unique<identity::KeyringSecretStore>();
    store::OpenOptions options;
    options.create = m_options.create;
    if (m_options.address.dialect() == store::Dialect::Postgres) {
        // None stored: the server's trust or the user's own pgpass decide.
        const Expected<QString> password = co_await m_secrets->read(m_options.address.secretKey());
        if (password)
            m_databasePassword = *password;
        options.password = m_databasePassword;
    }
    Expected<std::unique_ptr<store::Store>> opened = store::Store::open(m_options.address, options);
    if (!opened)
        co_return fail(opened.error());
    m_store = std::move(*opened);
    auto future = m_options.create ? m_store->initialise(m_options.siteCode, m_clock.now()) : m_store->site();
    const Expected<store::SiteInfo> info = co_await future;
    if (!info)
        co_return fail(info.error());
    m_site = *info;
    m_log = std::make_unique<tracelog::TraceLogWriter>(tracelog::TraceLogOptions{m_options.logPath}, m_clock);
    makeDoorbell();
    if (m_options.feed) {
        m_feed = std::make_unique<Feed>(*m_store);
        connect(m_doorbell.get(), &Doorbell::rung, m_feed.get(), &Feed::wake);
        m_feed->start();
    }
    if (m_options.serve) {
        ConnectFunction connectTo = exchange::rememberingConnect({*m_log, m_clock, m_site.siteCode});
        m_service = std::make_unique<SiteService>(SiteService::Dependencies{
            *m_store, *m_secrets, *m_log, m_clock, std::move(connectTo), m_options.schedules});
        connect(m_doorbell.get(), &Doorbell::rung, m_service.get(), &SiteService::wake);
        m_service->start();
        startTenants();
    }
    m_administration = std::make_unique<TenantAdministration>(*m_store, *m_secrets, m_clock);
    // A copy: QCoro 0.8 moves out of whatever name stands behind co_return, a member too.
    co_return store::SiteInfo(m_site);
}

void SiteSession::makeDoorbell()
{
    if (m_options.address.dialect() == store::Dialect::Postgres)
        m_doorbell = std::make_unique<PostgresDoorbell>(m_options.address, m_databasePassword);
    else
        m_doorbell
            = std::make_unique<LocalDoorbell>(QFileInfo(m_options.address.filePath()).absoluteFilePath());
    if (auto listening = m_doorbell->listen(); !listening)
        qCWarning(core::logSite).noquote()
            << "no doorbell, polling instead:" << listening.error().toLogText();
    // The service's commits are news for consoles of other processes, but not more often than they repaint.
    m_news.setSingleShot(true);
    m_news.setInterval(Feed::coalesce);
    connect(&m_news, &QTimer::timeout, m_doorbell.get(), &Doorbell::ring);
    connect(m_store.get(), &store::Store::changed, this, [this] {
        if (!m_news.isActive())
            m_news.start();
    });
}

QCoro::Task<void> SiteSession::close()
{
    if (m_tenants)
        co_await m_tenants->stop();
    if (m_service)
        co_await m_service->stop();
    if (m_feed)
        co_await m_feed->stop();
    m_news.stop();
    m_tenants.reset();
    m_administration.reset();
    m_service.reset();
    m_feed.reset();
    m_doorbell.reset();
    m_store.reset();
}

QCoro::Task<Expected<Submission>> SiteSession::submit(Request request)
{
    request.requestedAt = m_clock.now();
    if (request.requestedBy.isEmpty())
        request.requestedBy = accountName();
    auto work = m_store->write(
        [request](store::Session& session) { return store::RequestRepository(session).insert(request); });
    const Expected<store::RequestInsertion> inserted = co_await work;
    if (!inserted)
        co_return fail(inserted.error());
    m_doorbell->ring();
    Submission submission;
    submission.request = inserted->request;
    submission.existed = inserted->existed;
    co_return submission;
}

QCoro::Task<Expected<void>> SiteSession::cancelJob(JobId job, QString requestedBy)
{
    auto work = m_store->write(
        [job](store::Session& session) { return store::JobRepository(session).requestCancel(job); });
    const Expected<void> asked = co_await work;
    if (asked)
        qCInfo(core::logSite).noquote() << "job" << job.value << "cancelled by" << requestedBy;
    m_doorbell->ring();
    co_return asked;
}

QCoro::Task<Expected<Connector>> SiteSession::saveConnector(Connector connector, QString password)
{
    if (auto valid = validateConnector(connector); !valid)
        co_return fail(valid.error());
    connector.siteCode = m_site.siteCode;
    // A refused name must not have replaced the password of the connector that has it.
    auto look = m_store->read([name = connector.name](store::Session& session) {
        return store::ConnectorRepository(session).byName(name);
    });
    const Expected<std::optional<Connector>> holder = co_await look;
    if (!holder)
        co_return fail(holder.error());
    if (*holder && (*holder)->id != connector.id)
        co_return fail(
            ErrorCode::Conflict, u"the name is taken"_s, u"connector \"%1\""_s.arg((*holder)->name));
    if (connector.id.isValid()) {
        const Expected<void> same = co_await confirmOrganization(connector, password);
        if (!same)
            co_return fail(same.error());
    }
    // The password first: a connector that cannot log in is of no use, a secret without a connector does no
    // harm.
    if (!password.isEmpty()) {
        const Expected<void> kept = co_await m_secrets->write(connector.secretKey(), password);
        if (!kept)
            co_return fail(kept.error());
    }
    auto work = m_store->write([connector, by = accountName(), now = m_clock.now()](store::Session& session) {
        return storeConnector(session, connector, by, now);
    });
    const Expected<Connector> saved = co_await work;
    if (!saved && !connector.id.isValid() && !password.isEmpty() && saved.error().code != ErrorCode::Conflict)
        co_await m_secrets->remove(connector.secretKey());
    if (saved && !connector.id.isValid())
        logInstallation(m_options.logPath, *saved, m_clock);
    if (saved)
        m_doorbell->ring();
    co_return saved;
}

QCoro::Task<Expected<Submission>> SiteSession::removeConnector(ConnectorId id, bool keepEntries)
{
    Request request;
    request.kind = RequestKind::RemoveConnector;
    request.connectorId = id;
    request.parameters
        = QJsonDocument(QJsonObject{{u"keepEntries"_s, keepEntries}}).toJson(QJsonDocument::Compact);
    const Expected<Submission> submitted = co_await submit(request);
    co_return submitted;
}

QCoro::Task<Expected<std::vector<CheckResult>>> SiteSession::check(Connector connector, QString password,
    std::function<void(const CheckResult&)> report, std::stop_token token)
{
    if (auto valid = validateConnector(connector); !valid)
        co_return fail(valid.error());
    if (password.isEmpty() && !connector.user.isEmpty()) {
        connector.siteCode = m_site.siteCode;
        const Expected<QString> stored = co_await m_secrets->read(connector.secretKey());
        if (!stored)
            co_return fail(stored.error());
        password = *stored;
    }
    m_log->addSecret(password);
    const exchange::ConnectDependencies with{*m_log, m_clock, m_site.siteCode};
    const std::unique_ptr<exchange::ExchangeOrganization> organization
        = exchange::connect(connector, password, with);
    Expected<std::vector<CheckResult>> results = co_await organization->check(report, token);
    const bool reachable = results && std::none_of(results->begin(), results->end(), isRequiredFailure);
    if (reachable) {
        const Expected<OrganizationInfo> info = co_await organization->open(token);
        if (info) {
            const CheckResult line = co_await checkOrganization(connector.id, *info);
            results->push_back(line);
            report(line);
        }
    }
    co_await organization->close();
    if (results)
        co_await storeCheck(connector, *results);
    co_return results;
}

// SHL-46. Only of the connector as it is saved: what was tried in a dialog is not how it is doing.
QCoro::Task<void> SiteSession::storeCheck(Connector connector, std::vector<CheckResult> lines)
{
    if (!connector.id.isValid())
        co_return;
    const store::StoredCheck check{std::move(lines), m_clock.now()};
    auto work = m_store->write([connector, check](store::Session& session) -> Expected<void> {
        const auto stored = store::ConnectorRepository(session).find(connector.id);
        if (!stored)
            return fail(stored.error());
        if (!*stored || (*stored)->serverAddress != connector.serverAddress
            || (*stored)->user != connector.user)
            return {};
        return store::CheckRepository(session).replace(connector.id, check);
    });
    const Expected<void> kept = co_await work;
    if (!kept)
        qCWarning(core::logSite).noquote() << "check not stored:" << kept.error().toLogText();
}

// CON-06, CON-47: another address must be the same organisation.
QCoro::Task<Expected<void>> SiteSession::confirmOrganization(Connector connector, QString password)
{
    auto look = m_store->read([id = connector.id](store::Session& session) {
        return store::ConnectorRepository(session).find(id);
    });
    const Expected<std::optional<Connector>> stored = co_await look;
    if (!stored)
        co_return fail(stored.error());
    if (!*stored || (*stored)->organizationId.isEmpty()
        || (*stored)->serverAddress == connector.serverAddress)
        co_return Expected<void>{};
    if (password.isEmpty() && !connector.user.isEmpty()) {
        const Expected<QString> kept = co_await m_secrets->read((*stored)->secretKey());
        if (!kept)
            co_return Expected<void>{};
        password = *kept;
    }
    const Expected<OrganizationInfo> info = co_await whoAnswers(connector, password);
    if (!info) {
        qCInfo(core::logSite).noquote()
            << "the new address of" << connector.name << "does not answer yet:" << info.error().toLogText();
        co_return Expected<void>{};
    }
    if (info->id == (*stored)->organizationId)
        co_return Expected<void>{};
    const CheckResult other = co_await checkOrganization(connector.id, *info);
    const bool served = other.outcome == CheckResult::Outcome::Fail;
    co_return fail(ErrorCode::Conflict,
        served ? other.detail
               : u"the server belongs to organization %1, the connector to %2"_s.arg(
                   info->name, (*stored)->organizationName),
        connector.serverAddress);
}

QCoro::Task<Expected<OrganizationInfo>> SiteSession::whoAnswers(Connector connector, QString password)
{
    m_log->addSecret(password);
    const exchange::ConnectDependencies with{*m_log, m_clock, m_site.siteCode};
    const std::unique_ptr<exchange::ExchangeOrganization> organization
        = exchange::connect(connector, password, with);
    std::stop_source stop;
    QTimer::singleShot(answerWithin, this, [stop]() mutable { stop.request_stop(); });
    Expected<OrganizationInfo> info = co_await organization->open(stop.get_token());
    co_await organization->close();
    co_return info;
}

// CON-06: by the organisation's own id, never by the server's name.
QCoro::Task<CheckResult> SiteSession::checkOrganization(ConnectorId self, OrganizationInfo info)
{
    CheckResult line;
    line.id = u"CON-06"_s;
    line.name = u"One connector for each organization"_s;
    auto work = m_store->read([id = info.id](store::Session& session) {
        return store::ConnectorRepository(session).byOrganizationId(id);
    });
    const Expected<std::optional<Connector>> other = co_await work;
    if (!other) {
        line.outcome = CheckResult::Outcome::Warning;
        line.detail = ErrorText::sentence(other.error());
    } else if (*other && (*other)->id != self) {
        line.outcome = CheckResult::Outcome::Fail;
        line.detail
            = u"Organization %1 is already served by connector %2. Use that one, or delete it first."_s.arg(
                info.name, (*other)->name);
    } else {
        line.detail = u"organization %1 has no other"_s.arg(info.name);
    }
    co_return line;
}

} // namespace postern::site
