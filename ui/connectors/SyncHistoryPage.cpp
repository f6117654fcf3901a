#include "ui/connectors/SyncHistoryPage.h"

#include "services/site/SiteClient.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/grid/GridView.h"
#include "ui/grid/RecordGrid.h"
#include "ui/widgets/EmptyState.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;
using items::JobListModel;

SyncHistoryPage::SyncHistoryPage(site::SiteClient& site, QWidget* parent)
    : RecordPage(parent)
    , m_site(site)
    , m_details(new FactList)
{
    for (JobListModel* model : {&m_model, &m_sorting})
        model->setConnectorNames([this](ConnectorId id) { return connectorName(id); });
    buildList({tr("Synchronizations"), u"jobList"_s}, m_model, {JobListModel::Started, Qt::DescendingOrder});
    auto* empty = new EmptyState(u"history"_s, tr("Nothing has been synchronized yet"),
        tr("Select a connector under Administration > Hierarchy Configuration > Exchange Server Connectors "
           "and "
           "press Synchronize Now."),
        {}, this);
    buildFrame(scrolled(m_details, this), empty, {380, 220});
    connect(&m_site, &site::SiteClient::jobsChanged, this, &SyncHistoryPage::fill);
    connect(&m_site, &site::SiteClient::connectorsChanged, this, &SyncHistoryPage::fill);
    SyncHistoryPage::fill();
}

Selection SyncHistoryPage::selection() const
{
    Selection chosen;
    for (const qint64 key : selectedKeys())
        chosen.jobs.push_back(JobId{key});
    chosen.rows = int(chosen.jobs.size());
    return chosen;
}

QString SyncHistoryPage::statusText() const
{
    return tr("%n synchronization(s)", nullptr, m_model.rowCount());
}

void SyncHistoryPage::fill()
{
    m_model.setJobs(grid::sortedRecords(m_site.jobs(), m_sorting, list().sort()));
    showEmpty(m_model.rowCount() == 0);
    selectionMoved();
}

void SyncHistoryPage::fillDetails()
{
    const auto keys = selectedKeys();
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
