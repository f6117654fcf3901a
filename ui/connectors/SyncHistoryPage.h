// Monitoring > Exchange Connector: synchronizations that run or have run, with a details pane. GUI thread.
#pragma once

#include "models/items/JobListModel.h"
#include "ui/connectors/RecordPage.h"

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class FactList;
}

namespace postern::connectors {

class SyncHistoryPage final : public RecordPage
{
    Q_OBJECT
public:
    explicit SyncHistoryPage(site::SiteClient& site, QWidget* parent = nullptr);

    [[nodiscard]] widgets::Selection selection() const override;
    [[nodiscard]] QString statusText() const override;

protected:
    void fill() override;
    void fillDetails() override;

private:
    [[nodiscard]] QString connectorName(ConnectorId id) const;

    site::SiteClient& m_site;
    items::JobListModel m_model, m_sorting;
    widgets::FactList* m_details = nullptr;
};

} // namespace postern::connectors
