#include "ui/cloud/TenantsPage.h"

#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "services/site/SiteClient.h"
#include "ui/cloud/TenantTexts.h"
#include "ui/grid/GridView.h"
#include "ui/grid/RecordGrid.h"
#include "ui/widgets/EmptyState.h"

namespace postern::cloud {

using namespace Qt::StringLiterals;
using namespace widgets;
using items::TenantTableModel;

namespace {

QScrollArea* scrolled(QWidget* content, QWidget* parent)
{
    auto* area = new QScrollArea(parent);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setFocusPolicy(Qt::NoFocus);
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->setContentsMargins(12, 12, 12, 12);
    column->addWidget(content, 1);
    area->setWidget(body);
    return area;
}

} // namespace

TenantsPage::TenantsPage(site::SiteClient& site, QWidget* parent)
    : NodePage(parent)
    , m_site(site)
{
    build();
    connect(&m_site, &site::SiteClient::tenantsChanged, this, &TenantsPage::fill);
    fill();
}

void TenantsPage::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_stack = new QStackedWidget(this);
    m_splitter = new QSplitter(Qt::Vertical, m_stack);
    m_splitter->setChildrenCollapsible(false);
    buildList();
    buildDetails();
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setSizes({300, 320});
    auto* empty = new EmptyState(u"cloud"_s, tr("No tenant is connected"),
        tr("With Microsoft Intune connected, Postern knows which phones are enrolled and compliant, and "
           "whose "
           "they are."),
        tr("Connect Tenant..."), m_stack);
    m_stack->addWidget(m_splitter);
    m_stack->addWidget(empty);
    column->addWidget(m_stack);
    connect(empty, &EmptyState::activated, this, [this] { emit commandRequested(u"connect-tenant"_s); });
}

void TenantsPage::buildList()
{
    m_list = new grid::GridView(tr("Tenants"), m_splitter);
    m_list->setObjectName(u"tenantList"_s);
    m_list->setTable(&m_model);
    m_list->setSort(grid::GridSort{TenantTableModel::Name, Qt::AscendingOrder});
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_splitter->addWidget(m_list);
    connect(m_list, &grid::GridView::sortChanged, this, &TenantsPage::fill);
    connect(m_list, &grid::GridView::rowActivated, this, &NodePage::activated);
    connect(m_list, &grid::GridView::selectionChangedByKey, this, [this] {
        fillDetails();
        emit selectionChanged();
        emit statusTextChanged();
    });
    connect(m_list, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& at) { emit contextMenuRequested(m_list->viewport()->mapToGlobal(at)); });
}

void TenantsPage::buildDetails()
{
    m_details = new QTabWidget(m_splitter);
    m_details->setAccessibleName(tr("Details of the tenant"));
    m_details->tabBar()->setAccessibleName(tr("Details of the tenant"));
    m_details->setDocumentMode(true);
    m_summary = new FactList;
    m_permissions = new FactList;
    m_details->addTab(scrolled(m_summary, m_details), tr("Summary"));
    m_details->addTab(scrolled(m_permissions, m_details), tr("Permissions"));
    m_details->setMinimumHeight(120);
    m_splitter->addWidget(m_details);
}

void TenantsPage::fill()
{
    items::TenantTableModel scratch;
    m_model.setTenants(grid::sortedRecords(m_site.tenants(), scratch, m_list->sort()));
    m_stack->setCurrentIndex(m_model.rowCount() == 0 ? 1 : 0);
    fillDetails();
    emit selectionChanged();
    emit statusTextChanged();
}

void TenantsPage::fillDetails()
{
    const auto keys = m_list->selectedKeys();
    const Tenant* tenant = keys.size() == 1 ? m_model.tenantAt(m_model.rowOfKey(keys.front())) : nullptr;
    if (tenant == nullptr) {
        const QString text = keys.size() > 1 ? tr("%n tenants are selected.", nullptr, int(keys.size()))
                                             : tr("Select a tenant to see its details.");
        m_summary->setFacts({{text, {}, Tone::Neutral, true}});
        m_permissions->setFacts({{text, {}, Tone::Neutral, true}});
        return;
    }
    m_summary->setFacts(summaryFacts(*tenant));
    m_permissions->setFacts(permissionFacts(*tenant));
}

Selection TenantsPage::selection() const
{
    Selection chosen;
    for (const qint64 key : m_list->selectedKeys())
        chosen.tenants.push_back(TenantId{key});
    chosen.rows = int(chosen.tenants.size());
    return chosen;
}

QVariantMap TenantsPage::saveState() const
{
    return grid::saveGrid(*m_list);
}

void TenantsPage::restoreState(const QVariantMap& state)
{
    grid::restoreGrid(*m_list, state);
}

void TenantsPage::saveSettings(QSettings& settings) const
{
    settings.setValue(u"splitter"_s, m_splitter->saveState());
    grid::saveGridSettings(*m_list, settings);
}

void TenantsPage::restoreSettings(QSettings& settings)
{
    m_splitter->restoreState(settings.value(u"splitter"_s).toByteArray());
    grid::restoreGridSettings(*m_list, settings);
}

void TenantsPage::focusMain()
{
    m_list->setFocus(Qt::ShortcutFocusReason);
    m_list->selectSomething();
}

bool TenantsPage::focusDetails()
{
    m_details->tabBar()->setFocus(Qt::ShortcutFocusReason);
    return true;
}

void TenantsPage::refresh()
{
    fill();
}

bool TenantsPage::copySelection()
{
    return m_list->copySelection();
}

void TenantsPage::selectAll()
{
    m_list->selectAll();
}

QString TenantsPage::statusText() const
{
    const QString all = tr("%n tenant(s)", nullptr, m_model.rowCount());
    const int selected = m_list->selectedRowCount();
    return selected == 0 ? all : tr("%1, %n selected", nullptr, selected).arg(all);
}

} // namespace postern::cloud
