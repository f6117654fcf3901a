#include "ui/connectors/ConnectorsPage.h"

#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "services/site/SiteClient.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/RecordGrid.h"
#include "ui/grid/GridView.h"
#include "ui/widgets/EmptyState.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;
using items::ConnectorTableModel;
using items::JobListModel;

namespace {

QScrollArea* scrolled(QWidget* content, QWidget* parent)
{
    auto* area = new QScrollArea(parent);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    content->setContentsMargins(12, 12, 12, 12);
    area->setWidget(content);
    return area;
}

} // namespace

ConnectorsPage::ConnectorsPage(site::SiteClient& site, QWidget* parent)
    : NodePage(parent)
    , m_site(site)
{
    build();
    connect(&m_site, &site::SiteClient::connectorsChanged, this, &ConnectorsPage::fillList);
    connect(&m_site, &site::SiteClient::jobsChanged, this, &ConnectorsPage::fillList);
    fillList();
}

Selection ConnectorsPage::selection() const
{
    Selection chosen;
    for (const qint64 key : m_list->selectedKeys())
        chosen.connectors.push_back(ConnectorId{key});
    chosen.rows = int(chosen.connectors.size());
    return chosen;
}

QVariantMap ConnectorsPage::saveState() const
{
    return saveGrid(*m_list);
}

void ConnectorsPage::restoreState(const QVariantMap& state)
{
    restoreGrid(*m_list, state);
}

void ConnectorsPage::saveSettings(QSettings& settings) const
{
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    saveGridSettings(*m_list, settings);
}

void ConnectorsPage::restoreSettings(QSettings& settings)
{
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    restoreGridSettings(*m_list, settings);
}

void ConnectorsPage::focusMain()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
    m_list->selectSomething();
}

bool ConnectorsPage::focusDetails()
{
    m_details->tabBar()->setFocus(Qt::ShortcutFocusReason);
    return true;
}

void ConnectorsPage::refresh()
{
    fillList();
}

bool ConnectorsPage::copySelection()
{
    return m_list->copySelection();
}

void ConnectorsPage::selectAll()
{
    m_list->selectAll();
}

QString ConnectorsPage::statusText() const
{
    const QString all = tr("%n connector(s)", nullptr, m_model.rowCount());
    const int selected = m_list->selectedRowCount();
    return selected == 0 ? all : tr("%1, %n selected", nullptr, selected).arg(all);
}

void ConnectorsPage::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget(this);
    m_splitter = new QSplitter(Qt::Vertical, m_stack);
    m_splitter->setChildrenCollapsible(false);
    buildList();
    buildDetails();
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({360, 260});
    auto* empty = new EmptyState(u"server"_s, tr("No Exchange organization is connected"),
        tr("Postern reads phones and their access state from an Exchange organization. Connect the first "
           "one."),
        tr("Add Exchange Server..."), m_stack);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(empty);
    column->addWidget(m_stack);
    connect(empty, &EmptyState::activated, this, [this] { emit commandRequested(u"add-connector"_s); });
}

void ConnectorsPage::buildList()
{
    m_list = new grid::GridView(tr("Exchange Server Connectors"), m_splitter);
    m_list->setObjectName(u"connectorList"_s);
    m_list->setTable(&m_model);
    m_list->setSort(grid::GridSort{ConnectorTableModel::Name, Qt::AscendingOrder});
    setColumns();
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_splitter->addWidget(m_list);
    connect(m_list, &grid::GridView::sortChanged, this, &ConnectorsPage::fillList);
    connect(m_list, &grid::GridView::selectionChangedByKey, this, &ConnectorsPage::selectionMoved);
    connect(m_list, &grid::GridView::rowActivated, this, &NodePage::activated);
    connect(m_list, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& at) { emit contextMenuRequested(m_list->viewport()->mapToGlobal(at)); });
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
    grid::ColumnLayout layout = m_list->columnLayout();
    std::ranges::stable_sort(layout.columns, {}, place);
    for (grid::ColumnState& state : layout.columns)
        state.visible = state.visible || state.column == ConnectorTableModel::StateDetail;
    m_list->setColumnLayout(layout);
}

void ConnectorsPage::buildDetails()
{
    m_details = new QTabWidget(m_splitter);
    m_details->setDocumentMode(true);
    m_details->tabBar()->setAccessibleName(tr("Details of the connector"));
    m_summary = new FactList;
    m_settings = new FactList;
    m_history = new grid::GridView(tr("Synchronizations of this connector"));
    m_history->setTable(&m_jobs);
    m_history->setColumnVisible(JobListModel::Connector, false); // the same in every row
    m_history->setSort(grid::GridSort{JobListModel::Started, Qt::DescendingOrder});
    connect(m_history, &grid::GridView::sortChanged, this, &ConnectorsPage::fillDetails);
    m_details->addTab(scrolled(m_summary, m_details), tr("Summary"));
    m_details->addTab(m_history, tr("Sync History"));
    m_details->addTab(scrolled(m_settings, m_details), tr("Settings in Force"));
    m_details->setMinimumHeight(120);
    m_splitter->addWidget(m_details);
}

void ConnectorsPage::fillList()
{
    m_model.setConnectors(sortedRecords(connectorsAsShown(), m_sorting, m_list->sort()));
    m_stack->setCurrentIndex(m_model.rowCount() == 0 ? 1 : 0);
    selectionMoved();
}

void ConnectorsPage::selectionMoved()
{
    fillDetails();
    emit selectionChanged();
    emit statusTextChanged();
}

void ConnectorsPage::fillDetails()
{
    const auto keys = m_list->selectedKeys();
    const Connector* chosen
        = keys.size() == 1 ? m_model.connectorAt(m_model.rowOfKey(keys.front())) : nullptr;
    if (chosen == nullptr) {
        const QString text = keys.size() > 1 ? tr("%n connectors are selected.", nullptr, int(keys.size()))
                                             : tr("Select a connector to see its details.");
        m_summary->setFacts({{text, {}, Tone::Neutral, true}});
        m_settings->setFacts({{text, {}, Tone::Neutral, true}});
        m_jobs.setJobs({});
        return;
    }
    m_summary->setFacts(summaryFacts(*chosen));
    m_settings->setFacts(settingsFacts(*chosen));
    fillHistory(chosen->id);
}

void ConnectorsPage::fillHistory(ConnectorId connector)
{
    std::vector<Job> jobs = m_site.jobs();
    std::erase_if(jobs, [connector](const Job& job) { return job.connectorId != connector; });
    m_jobs.setJobs(sortedRecords(std::move(jobs), m_jobSorting, m_history->sort()));
}

// While a synchronisation runs, its progress is the connector's state (CON-40): full or delta, n of m.
std::vector<Connector> ConnectorsPage::connectorsAsShown() const
{
    std::vector<Connector> connectors = m_site.connectors();
    for (const Job& job : m_site.jobs()) {
        if (job.isOver() || job.kind == RequestKind::CheckConnector)
            continue;
        for (Connector& connector : connectors) {
            if (connector.id != job.connectorId)
                continue;
            connector.state = ConnectorState::Synchronizing;
            connector.stateDetail = activityText(job);
        }
    }
    return connectors;
}

} // namespace postern::connectors
