// SiteClient over a SiteSession on a thread of its own. The GUI thread never waits: calls are queued to the
// service thread, answers come back as signals. The destructor stops the service thread and waits for it.
#pragma once

#include <QThread>
#include <functional>
#include <memory>

#include "services/site/SiteClient.h"
#include "services/site/SiteSession.h"

namespace postern::site {

class TenantDesk;

class LocalSiteClient final : public SiteClient
{
    Q_OBJECT
public:
    explicit LocalSiteClient(SiteOptions options, QObject* parent = nullptr);
    ~LocalSiteClient() override;

    // Answers by opened or siteFailed.
    void open();

    [[nodiscard]] QString siteName() const override { return m_siteName; }
    [[nodiscard]] std::shared_ptr<const frame::DeviceFrame> devices() const override { return m_devices; }
    [[nodiscard]] std::vector<Connector> connectors() const override { return m_connectors; }
    [[nodiscard]] std::vector<Job> jobs() const override { return m_jobs; }
    [[nodiscard]] QString logFile() const override { return m_logFile; }
    [[nodiscard]] std::vector<Tenant> tenants() const override { return m_tenants; }
    [[nodiscard]] SharedUsers users() const override { return m_users; }

    void submit(const Request& request) override;
    void cancelJob(JobId job) override;
    void saveConnector(const Connector& connector, const QString& password) override;
    void removeConnector(ConnectorId connector, bool keepEntries) override;
    void checkConnector(const Connector& connector, const QString& password) override;
    void stopCheck() override;
    void loadStatusMessages(const StatusMessageQuery& query) override;
    void loadLastCheck(ConnectorId connector) override;
    void loadWrites(ConnectorId connector, int limit) override;
    void previewSettings(const Connector& connector) override;
    void saveTenant(const Tenant& tenant, const QString& credential) override;
    void removeTenant(TenantId tenant) override;
    void checkTenant(const Tenant& tenant, const QString& credential) override;
    void stopTenantCheck() override;
    void startSignIn(const Tenant& tenant) override;
    void stopSignIn() override;
    void synchronizeTenant(TenantId tenant) override;
    void loadDeviceDetail(DeviceKey device) override;
    void answerSuggestion(PartnershipId partnership, ManagedDeviceId device, bool accept) override;
    void performDeviceAction(const DeviceActionRequest& request) override;

signals:
    void opened();

private:
    // Runs `work(*this worker)` on the service thread.
    class Worker;
    void connectWorker();
    void connectTenants();
    // Calls `work` on the service thread's TenantDesk.
    template <class F> void atDesk(F work);

    QString m_logFile;
    QThread m_thread;
    Worker* m_worker; // lives on m_thread, deleted there
    QString m_siteName;
    std::shared_ptr<const frame::DeviceFrame> m_devices;
    std::vector<Connector> m_connectors;
    std::vector<Job> m_jobs;
    std::vector<Tenant> m_tenants;
    SharedUsers m_users = std::make_shared<const SiteUsers>();
    TenantDesk* m_desk; // the worker's, lives on m_thread
};

} // namespace postern::site
