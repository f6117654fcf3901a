// What the shell needs of a node's page, whatever it shows: what is selected, where the keyboard goes, how to
// come back to where one was (SHL-04), what to keep between sessions (SHL-05, 06). GUI thread.
#pragma once

#include <QVariantMap>
#include <QWidget>
#include <vector>

#include "models/base/Ids.h"

class QSettings;

namespace postern::widgets {

// What a command acts on.
struct Selection
{
    std::vector<ConnectorId> connectors;
    std::vector<JobId> jobs;
    std::vector<TenantId> tenants;
    std::vector<UserId> users;
    std::vector<DeviceKey> devices; // at most 500 (ACT-10); rows says how many there are
    int rows = 0; // selected rows of whatever the page lists
    bool operator==(const Selection&) const = default;
};

class NodePage : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    [[nodiscard]] virtual Selection selection() const { return {}; }
    // Selection, scroll position, search text, sort: for Back and Forward.
    [[nodiscard]] virtual QVariantMap saveState() const { return {}; }
    virtual void restoreState(const QVariantMap& state) { Q_UNUSED(state) }
    // Columns and splitter: for the next session. The group of the node is already open.
    virtual void saveSettings(QSettings& settings) const { Q_UNUSED(settings) }
    virtual void restoreSettings(QSettings& settings) { Q_UNUSED(settings) }

    virtual void focusMain() { setFocus(); }
    // False: this page has none.
    virtual bool focusSearch() { return false; }
    virtual bool focusDetails() { return false; }
    virtual void refresh() { }
    virtual bool copySelection() { return false; }
    virtual void selectAll() { }
    // What the status bar says at the left: "700 devices, 3 selected".
    [[nodiscard]] virtual QString statusText() const { return {}; }

signals:
    void selectionChanged();
    void statusTextChanged();
    void contextMenuRequested(const QPoint& globalPosition);
    void activated(); // double-click or Return on a row
    void nodeRequested(const QString& path); // a link to another node
    void commandRequested(const QString& command); // a link that runs a command: "add-connector"
};

} // namespace postern::widgets
