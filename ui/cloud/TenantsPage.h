// Administration > Cloud Services > Microsoft Intune: the tenants, and the details of the selected one below:
// Summary and Permissions (CON-39). GUI thread.
#pragma once

#include "models/items/TenantTableModel.h"
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

namespace postern::cloud {

class TenantsPage final : public widgets::NodePage
{
    Q_OBJECT
public:
    explicit TenantsPage(site::SiteClient& site, QWidget* parent = nullptr);

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
    void buildDetails();
    void fill();
    void fillDetails();

    site::SiteClient& m_site;
    items::TenantTableModel m_model;
    QStackedWidget* m_stack = nullptr;
    QSplitter* m_splitter = nullptr;
    grid::GridView* m_list = nullptr;
    QTabWidget* m_details = nullptr;
    widgets::FactList* m_summary = nullptr;
    widgets::FactList* m_permissions = nullptr;
};

} // namespace postern::cloud
