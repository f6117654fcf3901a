// A site that answers as a test tells it to: keeps what was asked, changes only when a test says so. GUI
// thread.
#pragma once

#include <set>

#include "models/frame/DeviceFrameBuilder.h"
#include "services/site/SiteClient.h"

namespace postern::test {

class FakeSiteClient final : public site::SiteClient
{
    Q_OBJECT
public:
    FakeSiteClient();

    // What a test sets up or makes happen; each tells the news as the real client does.
    ConnectorId addConnector(Connector connector);
    void changeConnector(const Connector& connector);
    void setDevices(const std::vector<AccessState>& states); // one device each
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
    QStringList passwords; // of saveConnector and checkConnector, in order
    bool checkStopped = false;

    // How it answers.
    std::optional<Error> refuseRequests;
    std::optional<Error> refuseSaves; // once
    bool answersSaves = true; // false: the test answers itself
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

private:
    std::vector<Connector> m_connectors;
    std::vector<Job> m_jobs;
    frame::DeviceFrameBuilder m_builder;
    std::shared_ptr<const frame::DeviceFrame> m_devices;
    qint64 m_nextId = 1;
};

// A connector that is connected and has been synchronised.
[[nodiscard]] Connector aConnector(const QString& name);

} // namespace postern::test
