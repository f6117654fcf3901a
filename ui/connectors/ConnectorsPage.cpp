#include "ui/connectors/ConnectorsPage.h"

#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "services/site/SiteClient.h"
#include "ui/connectors/CheckPane.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/SettingsFacts.h"
#include "ui/connectors/ShrinkGuardBar.h"
#include "ui/connectors/SyncChart.h"
#include "ui/connectors/WritesPane.h"
#include "ui/grid/GridView.h"
#include "ui/grid/RecordGrid.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/FactList.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;
using items::ConnectorTableModel;
using items::JobListModel;

namespace {
constexpr int shownWrites = 500;
}

ConnectorsPage::ConnectorsPage(site::SiteClient& site, QWidget* parent)
    : RecordPage(parent)
    , m_site(site)
{
    buildList({tr("Exchange Server Connectors"), u"connectorList"_s}, m_model,
        {ConnectorTableModel::Name, Qt::AscendingOrder});
    setColumns();
    buildFrame(buildDetails(), buildEmpty(), {340, 280});
    addAbove(new ShrinkGuardBar(site, this));
    connectSite();
    ConnectorsPage::fill();
}

void ConnectorsPage::connectSite()
{
    connect(&m_site, &site::SiteClient::connectorsChanged, this, &ConnectorsPage::fill);
    connect(&m_site, &site::SiteClient::jobsChanged, this, &ConnectorsPage::fill);
    connect(&m_site, &site::SiteClient::writesLoaded, this, &ConnectorsPage::writesLoaded);
    connect(&m_site, &site::SiteClient::lastCheckLoaded, this, &ConnectorsPage::checkLoaded);
    // What they wrote or found is in the store by then.
    connect(&m_site, &site::SiteClient::checkFinished, this, [this] { askForDetails(m_asked); });
    connect(
        &m_site, &site::SiteClient::statusMessageAdded, this, [this](const postern::StatusMessage& message) {
            if (message.connectorId == m_asked)
                askForDetails(m_asked);
        });
}

Selection ConnectorsPage::selection() const
{
    Selection selection;
    for (const qint64 key : selectedKeys())
        selection.connectors.push_back(ConnectorId{key});
    selection.rows = int(selection.connectors.size());
    return selection;
}

bool ConnectorsPage::focusDetails()
{
    m_details->tabBar()->setFocus(Qt::ShortcutFocusReason);
    return true;
}

QString ConnectorsPage::statusText() const
{
    const QString all = tr("%n connector(s)", nullptr, m_model.rowCount());
    const int selected = list().selectedRowCount();
    return selected == 0 ? all : tr("%1, %n selected", nullptr, selected).arg(all);
}

void ConnectorsPage::refresh()
{
    fill();
    askForDetails(m_asked);
}

QWidget* ConnectorsPage::buildEmpty()
{
    auto* empty = new EmptyState(u"server"_s, tr("No Exchange organization is connected"),
        tr("Postern reads phones and their access state from an Exchange organization. Connect the first "
           "one."),
        tr("Add Exchange Server..."), this);
    connect(empty, &EmptyState::activated, this, [this] { emit commandRequested(u"add-connector"_s); });
    return empty;
}

// How a connector does comes right after its name, with its error in the same row.
void ConnectorsPage::setColumns()
{
    static constexpr int first[] = {ConnectorTableModel::Name, ConnectorTableModel::State,
        ConnectorTableModel::StateDetail, ConnectorTableModel::Devices, ConnectorTableModel::LastFullSync,
        ConnectorTableModel::Organization};
    const auto place = [](const grid::ColumnState& state) {
        return std::find(std::begin(first), std::end(first), state.column) - std::begin(first);
    };
    grid::ColumnLayout layout = list().columnLayout();
    std::ranges::stable_sort(layout.columns, {}, place);
    for (grid::ColumnState& state : layout.columns)
        state.visible = state.visible || state.column == ConnectorTableModel::StateDetail;
    list().setColumnLayout(layout);
}

QWidget* ConnectorsPage::buildDetails()
{
    m_details = new QTabWidget;
    m_details->setDocumentMode(true);
    m_details->tabBar()->setAccessibleName(tr("Details of the connector"));
    m_summary = new FactList;
    m_settings = new FactList;
    m_check = new CheckPane;
    m_writesPane = new WritesPane;
    connect(m_check, &CheckPane::runRequested, this, [this] { emit commandRequested(u"check-connector"_s); });
    m_details->addTab(scrolled(m_summary, m_details), tr("Summary"));
    m_details->addTab(buildHistory(), tr("Sync History"));
    m_details->addTab(scrolled(m_settings, m_details), tr("Settings in Force"));
    m_details->addTab(m_check, tr("Cmdlet Check"));
    m_details->addTab(m_writesPane, tr("Writes"));
    return m_details;
}

QWidget* ConnectorsPage::buildHistory()
{
    auto* pane = new QWidget;
    auto* column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_chart = new SyncChart(pane);
    m_history = new grid::GridView(tr("Synchronizations of this connector"), pane);
    m_history->setTable(&m_jobs);
    m_history->setColumnVisible(JobListModel::Connector, false); // the same in every row
    m_history->setSort(grid::GridSort{JobListModel::Started, Qt::DescendingOrder});
    connect(m_history, &grid::GridView::sortChanged, this, &ConnectorsPage::fillDetails);
    column->addWidget(m_chart);
    column->addWidget(m_history, 1);
    return pane;
}

void ConnectorsPage::fill()
{
    m_model.setConnectors(grid::sortedRecords(connectorsAsShown(), m_sorting, list().sort()));
    showEmpty(m_model.rowCount() == 0);
    selectionMoved();
}

const Connector* ConnectorsPage::chosen() const
{
    const auto keys = selectedKeys();
    return keys.size() == 1 ? m_model.connectorAt(m_model.rowOfKey(keys.front())) : nullptr;
}

void ConnectorsPage::fillDetails()
{
    const Connector* connector = chosen();
    if (connector == nullptr) {
        const int count = list().selectedRowCount();
        sayNothing(count > 1 ? tr("%n connectors are selected.", nullptr, count)
                             : tr("Select a connector to see its details."));
        return;
    }
    m_summary->setFacts(summaryFacts(*connector));
    fillHistory(connector->id);
    if (m_asked != connector->id) {
        m_writes.clear();
        m_writesPane->setWrites({});
        m_check->setWaiting();
        askForDetails(connector->id);
    }
    fillSettings(*connector);
}

void ConnectorsPage::sayNothing(const QString& text)
{
    m_asked = {};
    m_writes.clear();
    m_summary->setFacts({{text, {}, Tone::Neutral, true}});
    m_settings->setFacts({{text, {}, Tone::Neutral, true}});
    m_jobs.setJobs({});
    m_chart->setJobs({});
    m_check->setNothing();
    m_writesPane->setWrites({});
}

void ConnectorsPage::fillHistory(ConnectorId connector)
{
    std::vector<Job> jobs = m_site.jobs();
    std::erase_if(jobs, [connector](const Job& job) { return job.connectorId != connector; });
    m_chart->setJobs(jobs);
    m_jobs.setJobs(grid::sortedRecords(std::move(jobs), m_jobSorting, m_history->sort()));
}

void ConnectorsPage::fillSettings(const Connector& connector)
{
    QList<Fact> facts = driftFacts(m_writes);
    if (!facts.isEmpty())
        facts.prepend({tr("Settings in Exchange"), {}, Tone::Neutral, true});
    m_settings->setFacts(facts + settingsFacts(connector));
}

void ConnectorsPage::askForDetails(ConnectorId connector)
{
    m_asked = connector;
    if (!connector.isValid())
        return;
    m_site.loadLastCheck(connector);
    m_site.loadWrites(connector, shownWrites);
}

void ConnectorsPage::writesLoaded(ConnectorId connector, const std::vector<WriteRecord>& writes)
{
    if (connector != m_asked)
        return;
    m_writes = writes;
    m_writesPane->setWrites(writes);
    if (const Connector* shown = chosen())
        fillSettings(*shown);
}

void ConnectorsPage::checkLoaded(
    ConnectorId connector, const std::vector<CheckResult>& lines, const QDateTime& checkedAt)
{
    if (connector == m_asked)
        m_check->setLines(lines, checkedAt);
}

// While a synchronisation runs, its progress is the connector's state (CON-40): full or delta, n of m.
std::vector<Connector> ConnectorsPage::connectorsAsShown() const
{
    std::vector<Connector> connectors = m_site.connectors();
    for (const Job& job : m_site.jobs()) {
        const bool isSync
            = job.kind == RequestKind::SynchronizeFull || job.kind == RequestKind::SynchronizeDelta;
        if (job.isOver() || !isSync)
            continue;
        for (Connector& connector : connectors) {
            if (connector.id != job.connectorId || connector.state == ConnectorState::Removing)
                continue;
            connector.state = ConnectorState::Synchronizing;
            connector.stateDetail = activityText(job);
        }
    }
    return connectors;
}

} // namespace postern::connectors
