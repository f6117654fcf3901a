// The node Devices: quick search, the device list, and the details of the current device below it
// (SHL-05..09, 11, 17). Shows the frames of a SiteClient; filtering and sorting happen on the thread pool.
// GUI thread.
#pragma once

#include <QTimer>
#include <functional>

#include "models/items/DeviceViewWorker.h"
#include "ui/widgets/NodePage.h"

class QLineEdit;
class QSplitter;
class QToolButton;

namespace postern::site {
class SiteClient;
}
namespace postern::grid {
class GridView;
}
namespace postern::widgets {
class EmptyState;
class PlainLabel;
} // namespace postern::widgets

namespace postern::devices {

class DeviceDetails;
class LargeResultBar;

class DevicesPage final : public widgets::NodePage
{
    Q_OBJECT
public:
    explicit DevicesPage(site::SiteClient& site, QWidget* parent = nullptr);

    [[nodiscard]] widgets::Selection selection() const override;
    [[nodiscard]] QVariantMap saveState() const override;
    void restoreState(const QVariantMap& state) override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(QSettings& settings) override;
    void focusMain() override;
    bool focusSearch() override;
    bool focusDetails() override;
    void refresh() override;
    bool copySelection() override;
    void selectAll() override;
    [[nodiscard]] QString statusText() const override;

    void setNow(std::function<qint64()> now); // for tests; UTC, msecs since the epoch
    [[nodiscard]] grid::GridView& grid() const { return *m_grid; }
    [[nodiscard]] items::DeviceTableModel& table() const { return *m_table; }
    [[nodiscard]] DeviceDetails& details() const { return *m_details; }
    [[nodiscard]] QLineEdit& searchBox() const { return *m_search; }
    [[nodiscard]] bool
    isSettled() const; // nothing typed is still to be searched, nothing is being worked out

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    [[nodiscard]] QWidget* buildSearchLine();
    void connectParts();
    void connectDetails();
    void search();
    void applyQuery();
    void showCounts();
    void showPlaceholder();
    void showDetails();
    void askForDetail();
    void toggleGroup(int row);
    void takeFreshness(); // how old is old follows the connectors' and tenants' periods
    void restoreSelection();

    site::SiteClient& m_site;
    std::function<qint64()> m_now;
    items::DeviceTableModel* m_table;
    items::DeviceViewWorker* m_worker;
    grid::GridView* m_grid = nullptr;
    DeviceDetails* m_details = nullptr;
    QSplitter* m_splitter = nullptr;
    QLineEdit* m_search = nullptr;
    QToolButton* m_columns = nullptr;
    widgets::PlainLabel* m_count = nullptr;
    LargeResultBar* m_largeResult = nullptr;
    widgets::EmptyState* m_noDevices = nullptr;
    widgets::EmptyState* m_noMatch = nullptr;
    QTimer m_typing; // waits for a pause in typing
    QTimer m_slow; // shows the cancel button only when work takes long enough to be noticed
    QTimer m_asking; // details of the device one stays at, not of all that the selection runs over
    QTimer m_clock; // "as of" cells and ages go on by themselves
    int m_limit;
    QSet<QString> m_collapsed; // groups, of whatever column
    items::FreshnessLimits m_freshness;
    bool m_detailIsOld = false; // the list has changed since it was asked for
    QVariantMap m_toRestore; // selection that waits for its rows
};

} // namespace postern::devices
