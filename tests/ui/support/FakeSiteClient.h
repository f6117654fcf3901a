// A site that answers as a test tells it to: keeps what was asked, changes only when a test says so. GUI
// thread.
#pragma once

#include <set>

#include "models/frame/DeviceFrameBuilder.h"
#include "services/site/SiteClient.h"

namespace postern::test {

struct FakeDevice
{
    QString type, model;
    AccessState state = AccessState::Allowed;
    AccessStateReason reason = AccessStateReason::ExchangeGlobalRule;
    QString connectorName{};
};

class FakeSiteClient final : public site::SiteClient
{
    Q_OBJECT
public:
    FakeSiteClient();

    // What a test sets up or makes happen; each tells the news as the real client does.
    ConnectorId addConnector(Connector connector);
    void changeConnector(const Connector& connector);
    void setDevices(const std::vector<AccessState>& states); // one device each
    void setDeviceList(const std::vector<FakeDevice>& devices);
    JobId startJob(ConnectorId connector, const QString& step = {}, qint64 done = 0, qint64 total = -1);
    void progress(JobId job, const QString& step, qint64 done, qint64 total);
    void endJob(JobId job, JobState state, const QString& result = {});
    void setJob(const Job& job);
    [[nodiscard]] Connector connector(ConnectorId id) const;
    [[nodiscard]] Job job(JobId id) const;

    // What was asked.
    std::vector<Request> requests;
    std::vector<JobId> cancelled;
    std::vector<Connector> saved;
    std::vector<Connector> checked;
    std::vector<ConnectorId> removed;
    std::vector<bool> keptEntries; // of removed
    std::vector<Connector> previewed;
    QStringList passwords; // of saveConnector and checkConnector, in order
    bool checkStopped = false;

    std::vector<site::StatusMessageQuery> messageQueries;

    // Newest first is not needed: loadStatusMessages sorts and cuts as the real one does.
    std::vector<StatusMessage> messages;
    void addMessage(StatusMessage message); // and tells it

    // The cloud side.
    TenantId addTenant(Tenant tenant);
    void changeTenant(const Tenant& tenant);
    void setUsers(SiteUsers users); // in id order
    void setFrame(std::shared_ptr<const frame::DeviceFrame> frame);
    std::vector<Tenant> savedTenants, checkedTenants, signIns;
    std::vector<TenantId> removedTenants, synchronizedTenants;
    QStringList credentials; // of saveTenant and checkTenant, in order
    int signInsStopped = 0, tenantChecksStopped = 0;
    std::vector<DeviceKey> askedDetails;
    QHash<DeviceKey, DeviceDetail> details; // what loadDeviceDetail answers
    struct Decision
    {
        PartnershipId partnership;
        ManagedDeviceId device;
        bool accept = false;
        bool operator==(const Decision&) const = default;
    };
    std::vector<Decision> decisions; // a test answers them
    std::vector<DeviceActionRequest> actions; // likewise
    std::optional<Error> refuseTenants; // once

    // How it answers.
    std::optional<Error> refuseRequests;
    std::optional<Error> refuseSaves; // once
    bool answersSaves = true; // false: the test answers itself
    bool answersPreviews = true;
    QStringList previewCommands;
    QString log; // logFile()
    QHash<ConnectorId, std::vector<WriteRecord>> writes;
    QHash<ConnectorId, std::vector<CheckResult>> lastChecks;
    bool removesAtOnce = true; // false: it is shown as Removing until the test takes it away
    bool startsJobs = true; // a request becomes a running job

    [[nodiscard]] QString siteName() const override { return QStringLiteral("PS1 - test organisation"); }
    [[nodiscard]] std::shared_ptr<const frame::DeviceFrame> devices() const override { return m_devices; }
    [[nodiscard]] std::vector<Connector> connectors() const override { return m_connectors; }
    [[nodiscard]] std::vector<Job> jobs() const override { return m_jobs; }
    void submit(const Request& request) override;
    void cancelJob(JobId job) override;
    void saveConnector(const Connector& connector, const QString& password) override;
    void removeConnector(ConnectorId connector, bool keepEntries) override;
    void checkConnector(const Connector& connector, const QString& password) override;
    void stopCheck() override;
    [[nodiscard]] QString logFile() const override { return log; }
    void loadLastCheck(ConnectorId connector) override;
    void loadWrites(ConnectorId connector, int limit) override;
    void previewSettings(const Connector& connector) override;
    void loadStatusMessages(const site::StatusMessageQuery& query) override;
    [[nodiscard]] std::vector<Tenant> tenants() const override { return m_tenants; }
    void saveTenant(const Tenant& tenant, const QString& credential) override;
    void removeTenant(TenantId tenant) override;
    void checkTenant(const Tenant& tenant, const QString& credential) override;
    void stopTenantCheck() override;
    void startSignIn(const Tenant& tenant) override { signIns.push_back(tenant); }
    void stopSignIn() override;
    void synchronizeTenant(TenantId tenant) override { synchronizedTenants.push_back(tenant); }
    void loadDeviceDetail(DeviceKey device) override;
    void answerSuggestion(PartnershipId partnership, ManagedDeviceId device, bool accept) override
    {
        decisions.push_back({partnership, device, accept});
    }
    void performDeviceAction(const DeviceActionRequest& request) override { actions.push_back(request); }
    [[nodiscard]] SharedUsers users() const override { return m_users; }

private:
    std::vector<Tenant> m_tenants;
    SharedUsers m_users = std::make_shared<const SiteUsers>();
    std::vector<Connector> m_connectors;
    std::vector<Job> m_jobs;
    frame::DeviceFrameBuilder m_builder;
    std::shared_ptr<const frame::DeviceFrame> m_devices;
    qint64 m_nextId = 1;
};

// One of SMS_EXCHANGE_CONNECTOR, at that time.
[[nodiscard]] StatusMessage aMessage(qint64 id, Severity severity, int number, const QDateTime& time);

// An entry of the journal that adds a phone to a mailbox' block list.
[[nodiscard]] WriteRecord aBlockWrite(qint64 id, const QString& mailbox, const QString& deviceId);

// A tenant that is connected and has been synchronised; one permission is missing.
[[nodiscard]] Tenant aTenant(const QString& name);

// A connector that is connected and has been synchronised.
[[nodiscard]] Connector aConnector(const QString& name);

} // namespace postern::test
