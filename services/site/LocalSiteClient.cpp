#include "services/site/LocalSiteClient.h"

#include "services/core/Logging.h"
#include "services/core/Scope.h"
#include "services/site/TenantDesk.h"

using namespace Qt::StringLiterals;

namespace postern::site {

namespace {

Error alreadyRunning(const Request& request)
{
    return {ErrorCode::AlreadyRunning,
        u"request %1, asked for by %2"_s.arg(request.id.value).arg(request.requestedBy),
        enumText(request.kind).toString(), {}};
}

} // namespace

// Lives on the service thread; everything it says crosses to the GUI thread as a queued signal.
class LocalSiteClient::Worker : public QObject
{
    Q_OBJECT
public:
    explicit Worker(SiteOptions options)
        : m_options(std::move(options))
        , m_desk(new TenantDesk(this)) // a child: it moves to the service thread with us
    {
    }
    [[nodiscard]] TenantDesk* desk() const { return m_desk; }

    void open()
    {
        m_session = std::make_unique<SiteSession>(std::move(m_options));
        m_scope.start(openSession(), u"open site"_s);
    }

    // Ends the thread's event loop when everything has stopped.
    void close()
    {
        m_check.request_stop();
        closeAll();
    }

    void submit(const Request& request) { m_scope.start(submitRequest(request), u"submit"_s); }
    void cancelJob(JobId job) { m_scope.start(cancel(job), u"cancel job"_s); }
    void saveConnector(const Connector& connector, const QString& password)
    {
        m_scope.start(save(connector, password), u"save connector"_s);
    }
    void removeConnector(ConnectorId connector, bool keepEntries)
    {
        m_scope.start(remove(connector, keepEntries), u"remove connector"_s);
    }
    void loadStatusMessages(const StatusMessageQuery& query)
    {
        m_scope.start(readMessages(query), u"status messages"_s);
    }
    void loadLastCheck(ConnectorId connector) { m_scope.start(readCheck(connector), u"last check"_s); }
    void loadWrites(ConnectorId connector, int limit)
    {
        m_scope.start(readWrites(connector, limit), u"writes"_s);
    }
    void previewSettings(const Connector& connector)
    {
        m_scope.start(preview(connector), u"preview of settings"_s);
    }
    void checkConnector(const Connector& connector, const QString& password)
    {
        m_check.request_stop();
        m_check = std::stop_source();
        m_scope.start(check(connector, password, m_check.get_token()), u"check connector"_s);
    }
    void stopCheck() { m_check.request_stop(); }

signals:
    void sessionOpened(const QString& siteName);
    void devicesChanged(std::shared_ptr<const postern::frame::DeviceFrame> frame);
    void connectorsChanged(const std::vector<postern::Connector>& connectors);
    void jobsChanged(const std::vector<postern::Job>& jobs);
    void statusMessageAdded(const postern::StatusMessage& message);
    void requestAccepted(const postern::Request& request);
    void requestRefused(const postern::Request& request, const postern::Error& error);
    void connectorSaved(const postern::Connector& connector);
    void connectorRefused(const postern::Connector& connector, const postern::Error& error);
    void checkReported(const postern::CheckResult& line);
    void checkFinished(const postern::Error& error, bool ok);
    void statusMessagesLoaded(
        const postern::site::StatusMessageQuery& query, const std::vector<postern::StatusMessage>& messages);
    void lastCheckLoaded(postern::ConnectorId connector, const std::vector<postern::CheckResult>& lines,
        const QDateTime& checkedAt);
    void writesLoaded(postern::ConnectorId connector, const std::vector<postern::WriteRecord>& writes);
    void settingsPreviewed(const postern::Connector& connector, const QStringList& commands);
    void siteFailed(const postern::Error& error);
    void siteRecovered();
    void tenantsChanged(const std::vector<postern::Tenant>& tenants);
    void usersChanged(postern::SharedUsers users);
    void deviceActionMoved(postern::ManagedDeviceId device);

private:
    [[nodiscard]] Expected<void> ready() const
    {
        if (!m_session || !m_open)
            return fail(ErrorCode::StoreUnavailable, u"the site is not open"_s);
        return {};
    }

    QCoro::Task<Expected<void>> openSession()
    {
        const Expected<store::SiteInfo> info = co_await m_session->open();
        if (!info) {
            emit siteFailed(info.error());
            co_return fail(info.error());
        }
        m_open = true;
        m_desk->open(m_session.get());
        if (Feed* const feed = m_session->feed()) {
            connect(feed, &Feed::devicesChanged, this, &Worker::devicesChanged);
            connect(feed, &Feed::connectorsChanged, this, &Worker::connectorsChanged);
            connect(feed, &Feed::jobsChanged, this, &Worker::jobsChanged);
            connect(feed, &Feed::tenantsChanged, this, &Worker::tenantsChanged);
            connect(feed, &Feed::usersChanged, this, &Worker::usersChanged);
            connect(feed, &Feed::deviceActionMoved, this, &Worker::deviceActionMoved);
            connect(feed, &Feed::statusMessageAdded, this, &Worker::statusMessageAdded);
            connect(feed, &Feed::failed, this, &Worker::siteFailed);
            connect(feed, &Feed::recovered, this, &Worker::siteRecovered);
        }
        emit sessionOpened(info->siteCode);
        co_return Expected<void>{};
    }

    QCoro::Task<Expected<void>> submitRequest(Request request)
    {
        if (const Expected<void> open = ready(); !open) {
            emit requestRefused(request, open.error());
            co_return Expected<void>{};
        }
        const Expected<Submission> submitted = co_await m_session->submit(request);
        if (!submitted)
            emit requestRefused(request, submitted.error());
        else if (submitted->existed)
            emit requestRefused(submitted->request, alreadyRunning(submitted->request));
        else
            emit requestAccepted(submitted->request);
        co_return Expected<void>{};
    }

    QCoro::Task<Expected<void>> cancel(JobId job)
    {
        if (auto open = ready(); !open)
            co_return open;
        Expected<void> cancelled = co_await m_session->cancelJob(job, SiteSession::accountName());
        if (!cancelled && cancelled.error().code == ErrorCode::Conflict)
            co_return Expected<void>{}; // it ended meanwhile: what was wanted
        co_return cancelled;
    }

    QCoro::Task<Expected<void>> save(Connector connector, QString password)
    {
        if (const Expected<void> open = ready(); !open) {
            emit connectorRefused(connector, open.error());
            co_return Expected<void>{};
        }
        const Expected<Connector> saved = co_await m_session->saveConnector(connector, password);
        if (saved)
            emit connectorSaved(*saved);
        else
            emit connectorRefused(connector, saved.error());
        co_return Expected<void>{};
    }

    QCoro::Task<Expected<void>> remove(ConnectorId id, bool keepEntries)
    {
        Connector connector;
        connector.id = id;
        if (const Expected<void> open = ready(); !open) {
            emit connectorRefused(connector, open.error());
            co_return Expected<void>{};
        }
        const Expected<Submission> asked = co_await m_session->removeConnector(id, keepEntries);
        if (!asked)
            emit connectorRefused(connector, asked.error());
        else if (asked->existed)
            emit requestRefused(asked->request, alreadyRunning(asked->request));
        else
            emit requestAccepted(asked->request);
        co_return Expected<void>{};
    }

    // A list that cannot be read is empty; that the site cannot be read is said by the feed.
    QCoro::Task<Expected<void>> readMessages(StatusMessageQuery query)
    {
        Expected<std::vector<StatusMessage>> messages = fail(ErrorCode::StoreUnavailable, {}, {});
        if (ready())
            messages = co_await m_session->statusMessages(query);
        emit statusMessagesLoaded(query, messages.value_or(std::vector<StatusMessage>()));
        co_return messages ? Expected<void>() : Expected<void>(fail(messages.error()));
    }

    QCoro::Task<Expected<void>> readCheck(ConnectorId connector)
    {
        Expected<store::StoredCheck> check = fail(ErrorCode::NotFound, {}, {});
        if (ready())
            check = co_await m_session->lastCheck(connector);
        const store::StoredCheck found = check.value_or(store::StoredCheck());
        emit lastCheckLoaded(connector, found.lines, found.checkedAt);
        if (!check && check.error().code != ErrorCode::NotFound)
            co_return fail(check.error());
        co_return Expected<void>{};
    }

    QCoro::Task<Expected<void>> readWrites(ConnectorId connector, int limit)
    {
        Expected<std::vector<WriteRecord>> records = fail(ErrorCode::StoreUnavailable, {}, {});
        if (ready())
            records = co_await m_session->writes(connector, limit);
        emit writesLoaded(connector, records.value_or(std::vector<WriteRecord>()));
        co_return records ? Expected<void>() : Expected<void>(fail(records.error()));
    }

    QCoro::Task<Expected<void>> preview(Connector connector)
    {
        Expected<QStringList> commands = fail(ErrorCode::StoreUnavailable, {}, {});
        if (ready())
            commands = co_await m_session->previewSettings(connector);
        emit settingsPreviewed(connector, commands.value_or(QStringList()));
        co_return commands ? Expected<void>() : Expected<void>(fail(commands.error()));
    }

    QCoro::Task<Expected<void>> check(Connector connector, QString password, std::stop_token token)
    {
        if (auto open = ready(); !open) {
            emit checkFinished(open.error(), false);
            co_return open;
        }
        std::function<void(const CheckResult&)> report
            = [this](const CheckResult& line) { emit checkReported(line); };
        const Expected<std::vector<CheckResult>> results
            = co_await m_session->check(connector, password, report, token);
        if (!results) {
            emit checkFinished(results.error(), false);
            co_return Expected<void>{};
        }
        const bool ok = std::none_of(results->begin(), results->end(), [](const CheckResult& line) {
            return line.required && line.outcome == CheckResult::Outcome::Fail;
        });
        emit checkFinished(Error{ErrorCode::Internal, {}, {}, {}}, ok);
        co_return Expected<void>{};
    }

    // Not in the scope: it ends the scope.
    QCoro::Task<void> closeAll()
    {
        co_await m_desk->close();
        co_await m_scope.stop();
        if (m_session)
            co_await m_session->close();
        m_session.reset();
        QThread::currentThread()->quit();
    }

    SiteOptions m_options;
    TenantDesk* m_desk;
    core::Scope m_scope;
    std::unique_ptr<SiteSession> m_session;
    std::stop_source m_check;
    bool m_open = false;
};

LocalSiteClient::LocalSiteClient(SiteOptions options, QObject* parent)
    : SiteClient(parent)
    , m_logFile(options.logPath)
    , m_worker(new Worker(std::move(options)))
    , m_devices(frame::DeviceFrame::empty())
{
    qRegisterMetaType<std::shared_ptr<const frame::DeviceFrame>>();
    qRegisterMetaType<SharedUsers>();
    m_desk = m_worker->desk();
    m_thread.setObjectName(u"service"_s);
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    connectWorker();
    connectTenants();
    m_thread.start();
}

LocalSiteClient::~LocalSiteClient()
{
    QMetaObject::invokeMethod(m_worker, &Worker::close, Qt::QueuedConnection);
    m_thread.wait(); // bounded: every operation of the service watches its stop token
}

void LocalSiteClient::connectWorker()
{
    connect(m_worker, &Worker::sessionOpened, this, [this](const QString& siteName) {
        m_siteName = siteName;
        emit opened();
    });
    connect(m_worker, &Worker::devicesChanged, this, [this](std::shared_ptr<const frame::DeviceFrame> frame) {
        m_devices = std::move(frame);
        emit devicesChanged(m_devices);
    });
    connect(m_worker, &Worker::connectorsChanged, this, [this](const std::vector<Connector>& connectors) {
        m_connectors = connectors;
        emit connectorsChanged(m_connectors);
    });
    connect(m_worker, &Worker::jobsChanged, this, [this](const std::vector<Job>& jobs) {
        m_jobs = jobs;
        emit jobsChanged(m_jobs);
    });
    connect(m_worker, &Worker::statusMessageAdded, this, &SiteClient::statusMessageAdded);
    connect(m_worker, &Worker::requestAccepted, this, &SiteClient::requestAccepted);
    connect(m_worker, &Worker::requestRefused, this, &SiteClient::requestRefused);
    connect(m_worker, &Worker::connectorSaved, this, &SiteClient::connectorSaved);
    connect(m_worker, &Worker::connectorRefused, this, &SiteClient::connectorRefused);
    connect(m_worker, &Worker::checkReported, this, &SiteClient::checkReported);
    connect(m_worker, &Worker::checkFinished, this, &SiteClient::checkFinished);
    connect(m_worker, &Worker::statusMessagesLoaded, this, &SiteClient::statusMessagesLoaded);
    connect(m_worker, &Worker::lastCheckLoaded, this, &SiteClient::lastCheckLoaded);
    connect(m_worker, &Worker::writesLoaded, this, &SiteClient::writesLoaded);
    connect(m_worker, &Worker::settingsPreviewed, this, &SiteClient::settingsPreviewed);
    connect(m_worker, &Worker::siteFailed, this, &SiteClient::siteFailed);
    connect(m_worker, &Worker::siteRecovered, this, &SiteClient::siteRecovered);
}

void LocalSiteClient::connectTenants()
{
    connect(m_worker, &Worker::tenantsChanged, this, [this](const std::vector<Tenant>& tenants) {
        m_tenants = tenants;
        emit tenantsChanged(m_tenants);
    });
    connect(m_worker, &Worker::usersChanged, this, [this](SharedUsers users) {
        m_users = std::move(users);
        emit usersChanged(m_users);
    });
    connect(m_desk, &TenantDesk::tenantSaved, this, &SiteClient::tenantSaved);
    connect(m_desk, &TenantDesk::tenantRefused, this, &SiteClient::tenantRefused);
    connect(m_desk, &TenantDesk::tenantCheckReported, this, &SiteClient::tenantCheckReported);
    connect(m_desk, &TenantDesk::tenantCheckFinished, this, &SiteClient::tenantCheckFinished);
    connect(m_desk, &TenantDesk::signInBrowserRequested, this, &SiteClient::signInBrowserRequested);
    connect(m_desk, &TenantDesk::signInCodeIssued, this, &SiteClient::signInCodeIssued);
    connect(m_desk, &TenantDesk::signInFinished, this, &SiteClient::signInFinished);
    connect(m_desk, &TenantDesk::deviceDetailLoaded, this, &SiteClient::deviceDetailLoaded);
    connect(m_desk, &TenantDesk::suggestionAnswered, this, &SiteClient::suggestionAnswered);
    connect(m_desk, &TenantDesk::deviceActionAnswered, this, &SiteClient::deviceActionAnswered);
    connect(m_worker, &Worker::deviceActionMoved, this, &SiteClient::deviceActionMoved);
}

template <class F> void LocalSiteClient::atDesk(F work)
{
    QMetaObject::invokeMethod(
        m_desk, [desk = m_desk, work = std::move(work)] { work(*desk); }, Qt::QueuedConnection);
}

void LocalSiteClient::saveTenant(const Tenant& tenant, const QString& credential)
{
    atDesk([=](TenantDesk& desk) { desk.saveTenant(tenant, credential); });
}

void LocalSiteClient::removeTenant(TenantId tenant)
{
    atDesk([=](TenantDesk& desk) { desk.removeTenant(tenant); });
}

void LocalSiteClient::checkTenant(const Tenant& tenant, const QString& credential)
{
    atDesk([=](TenantDesk& desk) { desk.checkTenant(tenant, credential); });
}

void LocalSiteClient::stopTenantCheck()
{
    atDesk([](TenantDesk& desk) { desk.stopTenantCheck(); });
}

void LocalSiteClient::startSignIn(const Tenant& tenant)
{
    atDesk([=](TenantDesk& desk) { desk.startSignIn(tenant); });
}

void LocalSiteClient::stopSignIn()
{
    atDesk([](TenantDesk& desk) { desk.stopSignIn(); });
}

void LocalSiteClient::synchronizeTenant(TenantId tenant)
{
    atDesk([=](TenantDesk& desk) { desk.synchronizeTenant(tenant); });
}

void LocalSiteClient::loadDeviceDetail(DeviceKey device)
{
    atDesk([=](TenantDesk& desk) { desk.loadDeviceDetail(device); });
}

void LocalSiteClient::answerSuggestion(PartnershipId partnership, ManagedDeviceId device, bool accept)
{
    atDesk([=](TenantDesk& desk) { desk.answerSuggestion(partnership, device, accept); });
}

void LocalSiteClient::performDeviceAction(const DeviceActionRequest& request)
{
    atDesk([=](TenantDesk& desk) { desk.performDeviceAction(request); });
}

void LocalSiteClient::open()
{
    QMetaObject::invokeMethod(m_worker, &Worker::open, Qt::QueuedConnection);
}

void LocalSiteClient::submit(const Request& request)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, request] { worker->submit(request); }, Qt::QueuedConnection);
}

void LocalSiteClient::cancelJob(JobId job)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, job] { worker->cancelJob(job); }, Qt::QueuedConnection);
}

void LocalSiteClient::saveConnector(const Connector& connector, const QString& password)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, connector, password] { worker->saveConnector(connector, password); },
        Qt::QueuedConnection);
}

void LocalSiteClient::removeConnector(ConnectorId connector, bool keepEntries)
{
    QMetaObject::invokeMethod(
        m_worker,
        [worker = m_worker, connector, keepEntries] { worker->removeConnector(connector, keepEntries); },
        Qt::QueuedConnection);
}

void LocalSiteClient::loadStatusMessages(const StatusMessageQuery& query)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, query] { worker->loadStatusMessages(query); }, Qt::QueuedConnection);
}

void LocalSiteClient::loadLastCheck(ConnectorId connector)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, connector] { worker->loadLastCheck(connector); }, Qt::QueuedConnection);
}

void LocalSiteClient::loadWrites(ConnectorId connector, int limit)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, connector, limit] { worker->loadWrites(connector, limit); },
        Qt::QueuedConnection);
}

void LocalSiteClient::previewSettings(const Connector& connector)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, connector] { worker->previewSettings(connector); },
        Qt::QueuedConnection);
}

void LocalSiteClient::checkConnector(const Connector& connector, const QString& password)
{
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, connector, password] { worker->checkConnector(connector, password); },
        Qt::QueuedConnection);
}

void LocalSiteClient::stopCheck()
{
    QMetaObject::invokeMethod(m_worker, &Worker::stopCheck, Qt::QueuedConnection);
}

} // namespace postern::site

#include "LocalSiteClient.moc"
