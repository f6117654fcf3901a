// The node Exchange Server Connectors: the list of connectors, and the details of the selected one below
// (SHL-05, 46). GUI thread.
#pragma once

#include "models/items/ConnectorTableModel.h"
#include "models/items/JobListModel.h"
#include "ui/widgets/NodePage.h"

class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace postern::grid {
class GridView;
}
namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class FactList;
}

namespace postern::connectors {

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
    void buildList();
    void setColumns();
    void buildDetails();
    void fillList();
    void fillDetails();
    void fillHistory(ConnectorId connector);
    void selectionMoved();
    [[nodiscard]] std::vector<Connector> connectorsAsShown() const;

    site::SiteClient& m_site;
    items::ConnectorTableModel m_model, m_sorting;
    items::JobListModel m_jobs, m_jobSorting;
    QStackedWidget* m_stack = nullptr;
    QSplitter* m_splitter = nullptr;
    grid::GridView* m_list = nullptr;
    QTabWidget* m_details = nullptr;
    widgets::FactList* m_summary = nullptr;
    widgets::FactList* m_settings = nullptr;
    grid::GridView* m_history = nullptr;
};

} // namespace postern::connectors
