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
#include "services/site/SiteClient.h"
#include "services/site/SiteService.h"
#include "services/site/cloud/TenantAdministration.h"
#include "services/site/cloud/TenantService.h"
#include "services/store/CheckRepository.h"
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
    [[nodiscard]] QString siteCode() const { return m_site.siteCode; }

    QCoro::Task<Expected<Submission>> submit(Request request);
    QCoro::Task<Expected<void>> cancelJob(JobId job, QString requestedBy);
    // Adds (id 0) or changes a connector. `password` empty: the stored one stays. InvalidInput; Conflict,
    // also when the new address turns out to be another organisation (CON-06); an address that does not
    // answer is taken, and the next run sees. Changed settings are asked to be applied at once (SYN-02).
    QCoro::Task<Expected<Connector>> saveConnector(Connector connector, QString password);
    // CON-48: asks the service; it says in the job how far it came.
    QCoro::Task<Expected<Submission>> removeConnector(ConnectorId connector, bool keepEntries);
    // Prerequisite checks. `password` empty: the stored one.
    QCoro::Task<Expected<std::vector<CheckResult>>> check(Connector connector, QString password,
        std::function<void(const CheckResult&)> report, std::stop_token token);

    // Lists for consoles, newest first.
    QCoro::Task<Expected<std::vector<StatusMessage>>> statusMessages(StatusMessageQuery query);
    QCoro::Task<Expected<std::vector<WriteRecord>>> writes(ConnectorId connector, int limit);
    // NotFound: never checked.
    QCoro::Task<Expected<store::StoredCheck>> lastCheck(ConnectorId connector);
    // SHL-25: what saving `connector` would send for its settings, against what was read last.
    QCoro::Task<Expected<QStringList>> previewSettings(Connector connector);

    // Tenants. Saving, signing in and asking wake the service, here or elsewhere.
    [[nodiscard]] TenantAdministration& tenantAdministration() { return *m_administration; }
    QCoro::Task<Expected<Tenant>> saveTenant(Tenant tenant, QString credential);
    QCoro::Task<Expected<void>> removeTenant(TenantId tenant);
    QCoro::Task<Expected<void>> synchronizeTenant(TenantId tenant);
    void retryTenant(TenantId tenant); // somebody signed in
    // Null: this process does not serve the site.
    [[nodiscard]] TenantService* tenantService() { return m_tenants.get(); }
    // SYN-11 e, and matching again at once.
    QCoro::Task<Expected<void>> answerSuggestion(
        PartnershipId partnership, ManagedDeviceId device, bool accept);
    // ACT-03, 04, 12: written down with who asked, then sent to Intune. Conflict, AlreadyRunning, those of
    // graph::CloudTenant::act.
    QCoro::Task<Expected<void>> performDeviceAction(DeviceActionRequest request, std::stop_token token);

    // Whether `leaseOwner` is the service of this session.
    [[nodiscard]] bool owns(const QString& leaseOwner) const
    {
        return m_service && m_service->owner() == leaseOwner;
    }

    // The program's account, for requestedBy.
    [[nodiscard]] static QString accountName();

private:
    void makeDoorbell();
    void startTenants();
    void wakeServices(); // of this process and of others
    QCoro::Task<CheckResult> checkOrganization(ConnectorId self, OrganizationInfo info);
    QCoro::Task<Expected<void>> confirmOrganization(Connector connector, QString password);
    QCoro::Task<Expected<OrganizationInfo>> whoAnswers(Connector connector, QString password);
    QCoro::Task<void> storeCheck(Connector connector, std::vector<CheckResult> lines);

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
    std::unique_ptr<TenantAdministration> m_administration;
    std::unique_ptr<TenantService> m_tenants;
};

// The request that follows from saving `connector` with other settings. It names the revision: settings that
// are changed while former ones are being applied are asked for anew.
[[nodiscard]] Request applySettingsRequest(const Connector& connector);

// What is wrong with a connector as entered, or nothing; the field is named. Pure.
[[nodiscard]] Expected<void> validateConnector(const Connector& connector);

} // namespace postern::site
