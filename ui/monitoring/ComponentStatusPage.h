// Monitoring > System Status > Component Status (CON-63): a row a component with state, counts and last
// message of the viewing period; Show Messages opens them. GUI thread.
#pragma once

#include "models/items/ComponentStatusModel.h"
#include "ui/monitoring/MessageFeed.h"
#include "ui/widgets/NodePage.h"

class QSplitter;

namespace postern::grid {
class GridView;
}
namespace postern::widgets {
class FactList;
class PlainLabel;
} // namespace postern::widgets

namespace postern::monitoring {

class ComponentStatusPage final : public widgets::NodePage, public PeriodHost
{
    Q_OBJECT
public:
    explicit ComponentStatusPage(site::SiteClient& site, QWidget* parent = nullptr);

    [[nodiscard]] ViewingPeriod viewingPeriod() const override { return m_feed->period(); }
    void setViewingPeriod(ViewingPeriod period) override;
    [[nodiscard]] QStringList selectedComponents() const;
    [[nodiscard]] MessageFeed& feed() const { return *m_feed; }

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
    void fill();
    void fillDetails();

    MessageFeed* m_feed;
    items::ComponentStatusModel* m_model;
    QStringList m_components; // in the order of their first row; their places are the rows' keys
    widgets::PlainLabel* m_period = nullptr;
    QSplitter* m_splitter = nullptr;
    grid::GridView* m_list = nullptr;
    widgets::FactList* m_details = nullptr;
};

} // namespace postern::monitoring
