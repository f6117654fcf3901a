#include "ui/connectors/SyncHistoryPage.h"

#include <QHeaderView>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "services/site/SiteClient.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/JobRows.h"
#include "ui/widgets/EmptyState.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;

SyncHistoryPage::SyncHistoryPage(site::SiteClient& site, QWidget* parent)
    : NodePage(parent)
    , m_site(site)
{
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
    return m_list->saveState();
}

void SyncHistoryPage::restoreState(const QVariantMap& state)
{
    m_list->restoreState(state);
}

void SyncHistoryPage::saveSettings(QSettings& settings) const
{
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    settings.setValue(u"columns"_s, m_list->header()->saveState());
}

void SyncHistoryPage::restoreSettings(QSettings& settings)
{
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    m_list->header()->restoreState(settings.value(u"columns"_s).toByteArray());
}

void SyncHistoryPage::focusMain()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
}

void SyncHistoryPage::refresh()
{
    fill();
}

bool SyncHistoryPage::copySelection()
{
    m_list->copySelection();
    return true;
}

void SyncHistoryPage::selectAll()
{
    m_list->selectAll();
}

QString SyncHistoryPage::statusText() const
{
    return tr("%n synchronization(s)", nullptr, m_list->topLevelItemCount());
}

void SyncHistoryPage::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget(this);
    m_splitter = new QSplitter(Qt::Vertical, m_stack);
    m_splitter->setChildrenCollapsible(false);
    m_list = new KeyedList(tr("Synchronizations"), jobHeaders(), m_splitter);
    m_list->setObjectName(u"jobList"_s);
    setJobColumns(*m_list, true);
    m_splitter->addWidget(m_list);
    m_details = new FactList;
    m_details->setContentsMargins(12, 12, 12, 12);
    auto* area = new QScrollArea(m_splitter);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    area->setMinimumHeight(100);
    area->setWidget(m_details);
    m_splitter->addWidget(area);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({380, 220});
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(new EmptyState(u"history"_s, tr("Nothing has been synchronized yet"),
        tr("Select a connector under Administration > Hierarchy Configuration > Exchange Server Connectors "
           "and press "
           "Synchronize Now."),
        {}, m_stack));
    column->addWidget(m_stack);
    connect(m_list, &KeyedList::keysSelected, this, [this] {
        fillDetails();
        emit selectionChanged();
    });
    connect(m_list, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& at) { emit contextMenuRequested(m_list->viewport()->mapToGlobal(at)); });
}

void SyncHistoryPage::fill()
{
    QList<ListRow> rows;
    for (const Job& job : m_site.jobs())
        rows.append(jobRow(job, connectorName(job.connectorId.value)));
    m_list->setRows(rows);
    m_stack->setCurrentIndex(rows.isEmpty() ? 1 : 0);
    fillDetails();
    emit selectionChanged();
    emit statusTextChanged();
}

void SyncHistoryPage::fillDetails()
{
    const auto keys = m_list->selectedKeys();
    const QTreeWidgetItem* item = keys.size() == 1 ? m_list->itemOf(keys.front()) : nullptr;
    if (item == nullptr) {
        m_details->setFacts({{tr("Select a synchronization to see its details."), {}, Tone::Neutral, true}});
        return;
    }
    QList<Fact> facts;
    const QStringList names = jobHeaders();
    for (int i = 0; i < names.size(); ++i) {
        if (!item->text(i).isEmpty())
            facts.append({names[i], item->text(i)});
    }
    m_details->setFacts(facts);
}

QString SyncHistoryPage::connectorName(qint64 id) const
{
    for (const Connector& connector : m_site.connectors()) {
        if (connector.id.value == id)
            return connector.name;
    }
    return tr("Deleted connector");
}

} // namespace postern::connectors
