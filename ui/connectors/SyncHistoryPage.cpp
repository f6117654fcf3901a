#include "ui/connectors/SyncHistoryPage.h"

#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "services/site/SiteClient.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/RecordGrid.h"
#include "ui/grid/GridView.h"
#include "ui/widgets/EmptyState.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;
using items::JobListModel;

SyncHistoryPage::SyncHistoryPage(site::SiteClient& site, QWidget* parent)
    : NodePage(parent)
    , m_site(site)
{
    for (JobListModel* model : {&m_model, &m_sorting})
        model->setConnectorNames([this](ConnectorId id) { return connectorName(id); });
    build();
    connect(&m_site, &site::SiteClient::jobsChanged, this, &SyncHistoryPage::fill);
    connect(&m_site, &site::SiteClient::connectorsChanged, this, &SyncHistoryPage::fill);
    fill();
}

Selection SyncHistoryPage::selection() const
{
    Selection chosen;
    for (const qint64 key : m_list->selectedKeys())
        chosen.jobs.push_back(JobId{key});
    chosen.rows = int(chosen.jobs.size());
    return chosen;
}

QVariantMap SyncHistoryPage::saveState() const
{
    return saveGrid(*m_list);
}

void SyncHistoryPage::restoreState(const QVariantMap& state)
{
    restoreGrid(*m_list, state);
}

void SyncHistoryPage::saveSettings(QSettings& settings) const
{
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    saveGridSettings(*m_list, settings);
}

void SyncHistoryPage::restoreSettings(QSettings& settings)
{
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    restoreGridSettings(*m_list, settings);
}

void SyncHistoryPage::focusMain()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
    m_list->selectSomething();
}

void SyncHistoryPage::refresh()
{
    fill();
}

bool SyncHistoryPage::copySelection()
{
    return m_list->copySelection();
}

void SyncHistoryPage::selectAll()
{
    m_list->selectAll();
}

QString SyncHistoryPage::statusText() const
{
    return tr("%n synchronization(s)", nullptr, m_model.rowCount());
}

void SyncHistoryPage::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget(this);
    m_splitter = new QSplitter(Qt::Vertical, m_stack);
    m_splitter->setChildrenCollapsible(false);
    buildList();
    m_splitter->addWidget(buildDetails());
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({380, 220});
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(new EmptyState(u"history"_s, tr("Nothing has been synchronized yet"),
        tr("Select a connector under Administration > Hierarchy Configuration > Exchange Server Connectors "
           "and press "
           "Synchronize Now."),
        {}, m_stack));
    column->addWidget(m_stack);
}

void SyncHistoryPage::buildList()
{
    m_list = new grid::GridView(tr("Synchronizations"), m_splitter);
    m_list->setObjectName(u"jobList"_s);
    m_list->setTable(&m_model);
    m_list->setSort(grid::GridSort{JobListModel::Started, Qt::DescendingOrder});
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_splitter->addWidget(m_list);
    connect(m_list, &grid::GridView::sortChanged, this, &SyncHistoryPage::fill);
    connect(m_list, &grid::GridView::selectionChangedByKey, this, [this] {
        fillDetails();
        emit selectionChanged();
    });
    connect(m_list, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& at) { emit contextMenuRequested(m_list->viewport()->mapToGlobal(at)); });
}

QWidget* SyncHistoryPage::buildDetails()
{
    m_details = new FactList;
    m_details->setContentsMargins(12, 12, 12, 12);
    auto* area = new QScrollArea(m_splitter);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setMinimumHeight(100);
    area->setWidget(m_details);
    return area;
}

void SyncHistoryPage::fill()
{
    m_model.setJobs(sortedRecords(m_site.jobs(), m_sorting, m_list->sort()));
    m_stack->setCurrentIndex(m_model.rowCount() == 0 ? 1 : 0);
    fillDetails();
    emit selectionChanged();
    emit statusTextChanged();
}

void SyncHistoryPage::fillDetails()
{
    const auto keys = m_list->selectedKeys();
    const Job* job = keys.size() == 1 ? m_model.jobAt(m_model.rowOfKey(keys.front())) : nullptr;
    if (job == nullptr)
        m_details->setFacts({{tr("Select a synchronization to see its details."), {}, Tone::Neutral, true}});
    else
        m_details->setFacts(jobFacts(*job, connectorName(job->connectorId)));
}

QString SyncHistoryPage::connectorName(ConnectorId id) const
{
    for (const Connector& connector : m_site.connectors()) {
        if (connector.id == id)
            return connector.name;
    }
    return tr("Deleted connector");
}

} // namespace postern::connectors
