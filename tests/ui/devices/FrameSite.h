// A site that has devices and nothing else: shows the frames a test gives it. GUI thread.
#pragma once

#include "services/site/SiteClient.h"

namespace postern::test {

class FrameSite final : public site::SiteClient
{
public:
    void show(std::shared_ptr<const frame::DeviceFrame> frame)
    {
        m_frame = frame;
        emit devicesChanged(frame);
    }
    [[nodiscard]] QString siteName() const override { return QStringLiteral("PS1 - test organisation"); }
    [[nodiscard]] std::shared_ptr<const frame::DeviceFrame> devices() const override { return m_frame; }
    [[nodiscard]] std::vector<Connector> connectors() const override { return {}; }
    [[nodiscard]] std::vector<Job> jobs() const override { return {}; }
    void submit(const Request&) override { }
    void cancelJob(JobId) override { }
    void saveConnector(const Connector&, const QString&) override { }
    void removeConnector(ConnectorId, bool) override { }
    void checkConnector(const Connector&, const QString&) override { }
    void stopCheck() override { }
    void loadDeviceDetail(DeviceKey device) override
    {
        asked.push_back(device);
        if (details.contains(device))
            emit deviceDetailLoaded(details.value(device));
    }
    void answerSuggestion(PartnershipId partnership, ManagedDeviceId device, bool accept) override
    {
        decisions.append({partnership.value, device.value, accept ? 1 : 0});
    }

    std::vector<DeviceKey> asked;
    QHash<DeviceKey, DeviceDetail> details;
    QList<std::array<qint64, 3>> decisions; // partnership, device, accepted

private:
    std::shared_ptr<const frame::DeviceFrame> m_frame = frame::DeviceFrame::empty();
};

} // namespace postern::test
