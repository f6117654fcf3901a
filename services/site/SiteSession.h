// One open site: its store, change feed, doorbell, key ring and, when this process serves it, its service.
// What consoles and agents ask for goes through here; permissions are checked here, where requests are taken,
// not only where they are offered. Lives on the service thread; destroy it only after close() has finished.
#pragma once

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

#include "models/domain/Work.h"
#include "services/core/Clock.h"
#include "services/core/Scope.h"
#include "services/identity/SecretStore.h"
#include "services/site/Doorbell.h"
#include "services/site/Feed.h"
#include "services/site/SiteService.h"
#include "services/store/Store.h"
#include "services/tracelog/TraceLogWriter.h"

namespace postern::site {

struct SiteOptions
{
    store::SiteAddress address;
    bool create = false; // make the site when there is none
    QString siteCode; // used when it is made
    bool serve = true; // take requests in this process
    bool schedules = true; // and synchronise when it is due
    bool feed = true; // hand out frames and lists
    QString logPath; // EasDisc.log
    // Made on the service thread. Empty: the computer's key ring.
    std::function<std::unique_ptr<identity::SecretStore>()> makeSecretStore;
};

struct Submission
{
    Request request;
    bool existed = false; // an equal one is queued or running already: this is it
};

class SiteSession : public QObject
{
    Q_OBJECT
public:
    explicit SiteSession(SiteOptions options, QObject* parent = nullptr);
    ~SiteSession() override;

    QCoro::Task<Expected<store::SiteInfo>> open();
    QCoro::Task<void> close();

    [[nodiscard]] store::Store& store() { return *m_store; }
    [[nodiscard]] identity::SecretStore& secrets() { return *m_secrets; }
    [[nodiscard]] Feed* feed() { return m_feed.get(); }

    QCoro::Task<Expected<Submission>> submit(Request request);
    QCoro::Task<Expected<void>> cancelJob(JobId job, QString requestedBy);
    // Adds (id 0) or changes a connector. `password` empty: the stored one stays. InvalidInput, Conflict.
    QCoro::Task<Expected<Connector>> saveConnector(Connector connector, QString password);
    // With its devices and its password. AlreadyRunning while it synchronises.
    QCoro::Task<Expected<void>> removeConnector(ConnectorId connector);
    // Prerequisite checks. `password` empty: the stored one.
    QCoro::Task<Expected<std::vector<CheckResult>>> check(Connector connector, QString password,
        std::function<void(const CheckResult&)> report, std::stop_token token);

    // Whether `leaseOwner` is the service of this session.
    [[nodiscard]] bool owns(const QString& leaseOwner) const
    {
        return m_service && m_service->owner() == leaseOwner;
    }

    // The program's account, for requestedBy.
    [[nodiscard]] static QString accountName();

private:
    void makeDoorbell();
    QCoro::Task<CheckResult> checkOrganization(ConnectorId self, OrganizationInfo info);

    SiteOptions m_options;
    core::SystemClock m_clock;
    store::SiteInfo m_site;
    QString m_databasePassword; // of a PostgreSQL role, from the key ring
    QTimer m_news;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<identity::SecretStore> m_secrets;
    std::unique_ptr<tracelog::TraceLogWriter> m_log;
    std::unique_ptr<Doorbell> m_doorbell;
    std::unique_ptr<Feed> m_feed;
    std::unique_ptr<SiteService> m_service;
};

// What is wrong with a connector as entered, or nothing; the field is named. Pure.
[[nodiscard]] Expected<void> validateConnector(const Connector& connector);

} // namespace postern::site
