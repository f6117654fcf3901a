// Monitoring > Exchange Connector: synchronizations that run or have run, with a details pane. GUI thread.
#pragma once

#include "models/items/JobListModel.h"
#include "ui/widgets/NodePage.h"

class QSplitter;
class QStackedWidget;

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

class SyncHistoryPage final : public widgets::NodePage
{
    Q_OBJECT
public:
    explicit SyncHistoryPage(site::SiteClient& site, QWidget* parent = nullptr);

    [[nodiscard]] widgets::Selection selection() const override;
    [[nodiscard]] QVariantMap saveState() const override;
    void restoreState(const QVariantMap& state) override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(QSettings& settings) override;
    void focusMain() override;
    void refresh() override;
    bool copySelection() override;
    void selectAll() override;
    [[nodiscard]] QString statusText() const override;

private:
    void build();
    void buildList();
    QWidget* buildDetails();
    void fill();
    void fillDetails();
    [[nodiscard]] QString connectorName(ConnectorId id) const;

    site::SiteClient& m_site;
    items::JobListModel m_model, m_sorting;
    QStackedWidget* m_stack = nullptr;
    QSplitter* m_splitter = nullptr;
    grid::GridView* m_list = nullptr;
    widgets::FactList* m_details = nullptr;
};

} // namespace postern::connectors
