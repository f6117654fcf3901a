// The node Exchange Server Connectors: the list of connectors, and the details of the selected one below
// (SHL-05, 46). Above the list a synchronization that asks for a confirmation says so (SYN-06). GUI thread.
#pragma once

#include "models/domain/WriteRecord.h"
#include "models/items/ConnectorTableModel.h"
#include "models/items/JobListModel.h"
#include "ui/connectors/RecordPage.h"

class QTabWidget;

namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class FactList;
}

namespace postern::connectors {

class CheckPane;
class SyncChart;
class WritesPane;

class ConnectorsPage final : public RecordPage
{
    Q_OBJECT
public:
    explicit ConnectorsPage(site::SiteClient& site, QWidget* parent = nullptr);

    [[nodiscard]] widgets::Selection selection() const override;
    bool focusDetails() override;
    [[nodiscard]] QString statusText() const override;
    void refresh() override;

protected:
    void fill() override;
    void fillDetails() override;

private:
    void setColumns();
    QWidget* buildEmpty();
    QWidget* buildDetails();
    QWidget* buildHistory();
    void connectSite();
    void fillHistory(ConnectorId connector);
    void fillSettings(const Connector& connector);
    void askForDetails(ConnectorId connector);
    void sayNothing(const QString& text);
    void writesLoaded(ConnectorId connector, const std::vector<WriteRecord>& writes);
    void checkLoaded(
        ConnectorId connector, const std::vector<CheckResult>& lines, const QDateTime& checkedAt);
    [[nodiscard]] const Connector* chosen() const; // the one that is selected; null: none or several
    [[nodiscard]] std::vector<Connector> connectorsAsShown() const;

    site::SiteClient& m_site;
    items::ConnectorTableModel m_model, m_sorting;
    items::JobListModel m_jobs, m_jobSorting;
    ConnectorId m_asked; // whose check and writes were asked for
    std::vector<WriteRecord> m_writes; // of that one
    QTabWidget* m_details = nullptr;
    widgets::FactList* m_summary = nullptr;
    widgets::FactList* m_settings = nullptr;
    grid::GridView* m_history = nullptr;
    SyncChart* m_chart = nullptr;
    CheckPane* m_check = nullptr;
    WritesPane* m_writesPane = nullptr;
};

} // namespace postern::connectors
