// The node Exchange Server Connectors: the list of connectors, and the details of the selected one below
// (SHL-05, 46). GUI thread.
#pragma once

#include "models/domain/Connector.h"
#include "models/domain/Work.h"
#include "ui/widgets/NodePage.h"

class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class EmptyState;
class FactList;
} // namespace postern::widgets

namespace postern::connectors {

class KeyedList;

class ConnectorsPage final : public widgets::NodePage
{
    Q_OBJECT
public:
    explicit ConnectorsPage(site::SiteClient& site, QWidget* parent = nullptr);

    [[nodiscard]] widgets::Selection selection() const override;
    [[nodiscard]] QVariantMap saveState() const override;
    void restoreState(const QVariantMap& state) override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(QSettings& settings) override;
    void focusMain() override;
    bool focusDetails() override;
    void refresh() override;
    bool copySelection() override;
    void selectAll() override;
    [[nodiscard]] QString statusText() const override;

private:
    void build();
    QWidget* buildDetails();
    void fillList();
    void fillDetails();
    void fillHistory(ConnectorId connector);
    [[nodiscard]] bool isSyncing(ConnectorId connector) const;
    [[nodiscard]] QString stateCell(const Connector& connector) const;

    site::SiteClient& m_site;
    QStackedWidget* m_stack = nullptr;
    QSplitter* m_splitter = nullptr;
    KeyedList* m_list = nullptr;
    QTabWidget* m_details = nullptr;
    widgets::FactList* m_summary = nullptr;
    widgets::FactList* m_settings = nullptr;
    KeyedList* m_history = nullptr;
};

} // namespace postern::connectors
