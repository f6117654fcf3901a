#include "ui/connectors/ConnectorsPage.h"

#include <QHeaderView>
#include <QLocale>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "services/site/SiteClient.h"
#include "ui/connectors/ConnectorTexts.h"
#include "ui/connectors/JobRows.h"
#include "ui/connectors/KeyedList.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/Toast.h"

namespace postern::connectors {

using namespace Qt::StringLiterals;
using namespace widgets;

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
    return m_list->saveState();
}

void ConnectorsPage::restoreState(const QVariantMap& state)
{
    m_list->restoreState(state);
}

void ConnectorsPage::saveSettings(QSettings& settings) const
{
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    settings.setValue(u"columns"_s, m_list->header()->saveState());
}

void ConnectorsPage::restoreSettings(QSettings& settings)
{
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    m_list->header()->restoreState(settings.value(u"columns"_s).toByteArray());
}

void ConnectorsPage::focusMain()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
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
    m_list->copySelection();
    return true;
}

void ConnectorsPage::selectAll()
{
    m_list->selectAll();
}

QString ConnectorsPage::statusText() const
{
    const int count = m_list->topLevelItemCount();
    const int selected = int(m_list->selectedKeys().size());
    const QString all = tr("%n connector(s)", nullptr, count);
    return selected == 0 ? all : tr("%1, %n selected", nullptr, selected).arg(all);
}

void ConnectorsPage::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget(this);
    m_splitter = new QSplitter(Qt::Vertical, m_stack);
    m_splitter->setChildrenCollapsible(false);
    m_list = new KeyedList(tr("Exchange Server Connectors"),
        {tr("Name"), tr("State"), tr("Organization"), tr("Devices"), tr("Last Full Synchronization"),
            tr("Server Address"), tr("Detail")},
        m_splitter);
    m_list->setObjectName(u"connectorList"_s);
    const int widths[] = {170, 230, 170, 80, 180, 270, 240};
    for (int i = 0; i < int(std::size(widths)); ++i)
        m_list->header()->resizeSection(i, widths[i]);
    m_splitter->addWidget(m_list);
    m_splitter->addWidget(buildDetails());
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
    connect(m_list, &KeyedList::keysSelected, this, [this] {
        fillDetails();
        emit selectionChanged();
        emit statusTextChanged();
    });
    connect(m_list, &KeyedList::rowActivated, this, &NodePage::activated);
    connect(m_list, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& at) { emit contextMenuRequested(m_list->viewport()->mapToGlobal(at)); });
}

QWidget* ConnectorsPage::buildDetails()
{
    m_details = new QTabWidget(m_splitter);
    m_details->setDocumentMode(true);
    m_details->tabBar()->setAccessibleName(tr("Details of the connector"));
    m_summary = new FactList;
    m_settings = new FactList;
    m_history = new KeyedList(tr("Synchronizations of this connector"), jobHeaders());
    setJobColumns(*m_history);
    m_details->addTab(scrolled(m_summary, m_details), tr("Summary"));
    m_details->addTab(m_history, tr("Sync History"));
    m_details->addTab(scrolled(m_settings, m_details), tr("Settings in Force"));
    m_details->setMinimumHeight(120);
    return m_details;
}

void ConnectorsPage::fillList()
{
    QList<ListRow> rows;
    for (const Connector& connector : m_site.connectors()) {
        const Tone tone = stateTone(connector.state);
        const bool runs = isSyncing(connector.id);
        const QString mark = runs ? u"synchronize"_s : toneIconName(tone);
        rows.append({connector.id.value,
            {{connector.name, {}, u"server"_s}, {stateCell(connector), {}, mark, runs ? Tone::Accent : tone},
                {connector.organizationName, {}},
                {QLocale().toString(connector.deviceCount), connector.deviceCount},
                {timeText(connector.lastFullEnd),
                    connector.lastFullEnd.value_or(QDateTime::fromMSecsSinceEpoch(0))},
                {connector.serverAddress, {}}, {connector.stateDetail, {}}}});
    }
    m_list->setRows(rows);
    m_stack->setCurrentIndex(rows.isEmpty() ? 1 : 0);
    fillDetails();
    emit selectionChanged();
    emit statusTextChanged();
}

void ConnectorsPage::fillDetails()
{
    const auto keys = m_list->selectedKeys();
    const auto all = m_site.connectors();
    const auto found = std::find_if(all.begin(), all.end(), [&keys](const Connector& connector) {
        return keys.size() == 1 && connector.id.value == keys.front();
    });
    if (found == all.end()) {
        const QString text = keys.size() > 1 ? tr("%n connectors are selected.", nullptr, int(keys.size()))
                                             : tr("Select a connector to see its details.");
        m_summary->setFacts({{text, {}, Tone::Neutral, true}});
        m_settings->setFacts({{text, {}, Tone::Neutral, true}});
        m_history->setRows({});
        return;
    }
    m_summary->setFacts(summaryFacts(*found));
    m_settings->setFacts(settingsFacts(*found));
    fillHistory(found->id);
}

void ConnectorsPage::fillHistory(ConnectorId connector)
{
    QList<ListRow> rows;
    for (const Job& job : m_site.jobs()) {
        if (job.connectorId == connector)
            rows.append(jobRow(job, {}));
    }
    m_history->setRows(rows);
}

bool ConnectorsPage::isSyncing(ConnectorId connector) const
{
    const auto jobs = m_site.jobs();
    return std::any_of(jobs.begin(), jobs.end(), [connector](const Job& job) {
        return job.connectorId == connector && !job.isOver() && job.kind != RequestKind::CheckConnector;
    });
}

QString ConnectorsPage::stateCell(const Connector& connector) const
{
    for (const Job& job : m_site.jobs()) {
        if (job.connectorId != connector.id || job.isOver() || job.kind == RequestKind::CheckConnector)
            continue;
        const QString progress = progressText(job);
        const QString state = job.kind == RequestKind::SynchronizeFull ? tr("Synchronizing (full)")
                                                                       : tr("Synchronizing (delta)");
        return progress.isEmpty() ? state : tr("%1: %2", "state and progress").arg(state, progress);
    }
    return stateText(connector.state);
}

} // namespace postern::connectors
