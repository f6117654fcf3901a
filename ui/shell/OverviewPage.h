// Assets and Compliance > Overview: devices by access state, how each connector is doing, and what to do next
// while there is little to see. GUI thread.
#pragma once

#include <array>

#include "models/domain/Exchange.h"
#include "ui/widgets/FactList.h"
#include "ui/widgets/NodePage.h"

class QPushButton;

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class PlainLabel;
class StateChart;
} // namespace postern::widgets
namespace postern::frame {
class DeviceFrame;
}

namespace postern::shell {

// Devices by access state, in the enum's order.
using StateCounts = std::array<qint64, 5>;
[[nodiscard]] StateCounts countStates(const frame::DeviceFrame& frame);

class OverviewPage final : public widgets::NodePage
{
    Q_OBJECT
public:
    explicit OverviewPage(site::SiteClient& site, QWidget* parent = nullptr);
    void focusMain() override;
    void refresh() override;
    [[nodiscard]] QString statusText() const override;

private:
    QWidget* buildNext();
    void fillChart();
    void fillConnectors();
    void fillNext();
    void nextClicked();

    site::SiteClient& m_site;
    widgets::StateChart* m_chart = nullptr;
    widgets::PlainLabel* m_asOf = nullptr;
    QPushButton* m_showDevices = nullptr;
    QPushButton* m_showConnectors = nullptr;
    widgets::FactList* m_connectors = nullptr;
    QWidget* m_next = nullptr;
    widgets::PlainLabel* m_nextTitle = nullptr;
    widgets::PlainLabel* m_nextText = nullptr;
    QPushButton* m_nextButton = nullptr;
    QString m_nextNode; // empty: the button adds a connector
    qint64 m_deviceCount = 0;
};

} // namespace postern::shell
