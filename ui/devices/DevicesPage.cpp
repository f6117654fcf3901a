#include "ui/devices/DevicesPage.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QSplitter>
#include <QToolButton>

#include "services/site/SiteClient.h"
#include "ui/devices/DataAge.h"
#include "ui/devices/DeviceDetails.h"
#include "ui/devices/LargeResultBar.h"
#include "ui/grid/GridView.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

using namespace Qt::StringLiterals;

namespace postern::devices {

namespace spacing = widgets::spacing;
using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""min;

DevicesPage::DevicesPage(site::SiteClient& site, QWidget* parent)
    : NodePage(parent)
    , m_site(site)
    , m_now([] { return QDateTime::currentMSecsSinceEpoch(); })
    , m_table(new items::DeviceTableModel(this))
    , m_worker(new items::DeviceViewWorker(*m_table, this))
    , m_limit(LargeResultBar::firstRows)
{
    m_typing.setSingleShot(true);
    m_typing.setInterval(120ms); // below what feels like waiting, above the gap between two keys
    m_slow.setSingleShot(true);
    m_slow.setInterval(300ms);
    m_asking.setSingleShot(true);
    m_asking.setInterval(80ms);
    m_clock.setInterval(1min);
    m_clock.start();
    build();
    connectParts();
    connectDetails();
    takeFreshness();
    applyQuery();
    m_worker->setFrame(m_site.devices());
    showPlaceholder();
    showDetails();
}

void DevicesPage::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildSearchLine());
    m_largeResult = new LargeResultBar(this);
    column->addWidget(m_largeResult);
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setChildrenCollapsible(false);
    m_grid = new grid::GridView(tr("Devices"), m_splitter);
    m_grid->setTable(m_table);
    m_details = new DeviceDetails(*m_table, m_splitter);
    m_splitter->addWidget(m_grid);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({520, 260});
    column->addWidget(m_splitter, 1);
    m_noDevices = new widgets::EmptyState(u"devices"_s, tr("No devices yet"),
        tr("Devices appear here when an Exchange organization has been synchronized. Go to Administration > "
           "Hierarchy "
           "Configuration > Exchange Server Connectors, select the connector and choose Synchronize Now."),
        tr("Go to Exchange Server Connectors"), this);
    m_noMatch = new widgets::EmptyState(u"search"_s, tr("No device matches"),
        tr("No device has this text in its name, user, e-mail address, Exchange ActiveSync device ID or "
           "IMEI."),
        tr("Clear Search"), this);
    m_noDevices->hide();
    m_noMatch->hide();
}

QWidget* DevicesPage::buildSearchLine()
{
    auto* bar = new QWidget(this);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(spacing::normal, spacing::normal, spacing::normal, spacing::normal);
    line->setSpacing(spacing::normal);
    m_search = new QLineEdit(bar);
    m_search->setPlaceholderText(tr("Search by name, user, e-mail, device ID or IMEI (Ctrl+L)"));
    m_search->setAccessibleName(tr("Search devices"));
    m_search->setAccessibleDescription(tr("Looks into name, user, e-mail address, device ID and IMEI"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(widgets::icon(u"search"_s, widgets::Tone::Neutral), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(520);
    m_search->installEventFilter(this);
    m_count = new widgets::PlainLabel({}, widgets::PlainLabel::Look::Muted, bar);
    m_columns = new QToolButton(bar);
    m_columns->setIcon(widgets::icon(u"columns"_s));
    m_columns->setText(tr("Columns"));
    m_columns->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_columns->setAutoRaise(true);
    m_columns->setToolTip(tr("Choose and reset columns"));
    m_columns->setAccessibleName(tr("Columns"));
    m_columns->setFocusPolicy(Qt::StrongFocus);
    line->addWidget(m_search, 1);
    line->addWidget(m_count);
    line->addStretch();
    line->addWidget(m_columns);
    return bar;
}

void DevicesPage::connectParts()
{
    connect(&m_site, &site::SiteClient::devicesChanged, m_worker, &items::DeviceViewWorker::setFrame);
    connect(m_search, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, &DevicesPage::search);
    connect(&m_typing, &QTimer::timeout, this, &DevicesPage::search);
    connect(m_columns, &QToolButton::clicked, this,
        [this] { m_grid->showColumnMenu(m_columns->mapToGlobal(QPoint(0, m_columns->height()))); });
    connect(m_grid, &grid::GridView::sortChanged, this, &DevicesPage::applyQuery);
    connect(m_grid, &grid::GridView::selectionChangedByKey, this, &DevicesPage::showDetails);
    connect(m_grid, &grid::GridView::selectionChangedByKey, this, &NodePage::selectionChanged);
    connect(m_grid, &grid::GridView::selectionChangedByKey, this, &NodePage::statusTextChanged);
    connect(m_grid, &grid::GridView::rowActivated, this, &NodePage::activated);
    m_grid->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_grid, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& at) { emit contextMenuRequested(m_grid->viewport()->mapToGlobal(at)); });
    connect(m_worker, &items::DeviceViewWorker::viewInstalled, this, &DevicesPage::showCounts);
    connect(m_worker, &items::DeviceViewWorker::busyChanged, this, [this](bool busy) {
        busy ? m_slow.start() : m_slow.stop();
        if (!busy)
            m_largeResult->setBusy(false);
    });
    connect(&m_slow, &QTimer::timeout, m_largeResult, [this] { m_largeResult->setBusy(true); });
    connect(m_largeResult, &LargeResultBar::loadRequested, this, [this] {
        m_limit = LargeResultBar::mostRows;
        applyQuery();
    });
    connect(m_largeResult, &LargeResultBar::cancelRequested, m_worker, &items::DeviceViewWorker::cancel);
    connect(m_noDevices, &widgets::EmptyState::activated, this, [this] {
        emit nodeRequested(u"Administration/Hierarchy Configuration/Exchange Server Connectors"_s);
    });
    connect(m_noMatch, &widgets::EmptyState::activated, m_search, &QLineEdit::clear);
}

void DevicesPage::connectDetails()
{
    connect(&m_site, &site::SiteClient::connectorsChanged, this, &DevicesPage::takeFreshness);
    connect(&m_site, &site::SiteClient::tenantsChanged, this, &DevicesPage::takeFreshness);
    connect(&m_site, &site::SiteClient::deviceDetailLoaded, m_details, &DeviceDetails::showDetail);
    connect(&m_site, &site::SiteClient::suggestionAnswered, m_details, &DeviceDetails::showAnswer);
    connect(m_details, &DeviceDetails::suggestionDecided, this,
        [this](PartnershipId partnership, ManagedDeviceId device, bool accept) {
            m_site.answerSuggestion(partnership, device, accept);
        });
    connect(&m_site, &site::SiteClient::deviceActionMoved, this, [this](ManagedDeviceId device) {
        if (m_details->device() == DeviceKey(device))
            m_asking.start();
    });
    connect(&m_asking, &QTimer::timeout, this, &DevicesPage::askForDetail);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        m_grid->viewport()->update();
        showDetails();
    });
    connect(m_grid, &grid::GridView::groupingChanged, this, &DevicesPage::applyQuery);
    connect(m_grid, &grid::GridView::groupToggled, this, &DevicesPage::toggleGroup);
}

void DevicesPage::takeFreshness()
{
    m_freshness = freshnessLimits(m_site.connectors(), m_site.tenants());
    m_table->setFreshness(m_freshness, m_now);
    m_grid->viewport()->update();
    applyQuery();
    showDetails();
}

void DevicesPage::toggleGroup(int row)
{
    const items::DeviceGroup* group = m_table->groupAt(row);
    if (group == nullptr)
        return;
    const QString key = group->key;
    if (!m_collapsed.remove(key))
        m_collapsed.insert(key);
    applyQuery();
}

void DevicesPage::askForDetail()
{
    m_detailIsOld = false;
    if (m_details->device().isValid())
        m_site.loadDeviceDetail(m_details->device());
}

void DevicesPage::search()
{
    m_typing.stop();
    applyQuery();
}

void DevicesPage::applyQuery()
{
    items::DeviceQuery query;
    query.text = m_search->text().trimmed();
    query.limit = m_limit;
    if (const auto sort = m_grid->sort())
        query.sort.push_back({frame::DeviceColumn(sort->column), sort->order});
    if (const auto column = m_grid->groupBy())
        query.groupBy = frame::DeviceColumn(*column);
    query.collapsed = m_collapsed;
    query.freshness = m_freshness;
    m_worker->setQuery(std::move(query));
}

void DevicesPage::showCounts()
{
    const auto counts = m_worker->counts();
    const QLocale locale;
    if (counts.shown == counts.total)
        m_count->setText(tr("%n device(s)", nullptr, counts.total));
    else
        m_count->setText(
            tr("%1 of %2 shown").arg(locale.toString(counts.shown), locale.toString(counts.total)));
    m_largeResult->update(counts, m_worker->query().limit);
    showPlaceholder();
    restoreSelection();
    m_detailIsOld = true;
    showDetails();
    emit statusTextChanged();
}

void DevicesPage::showPlaceholder()
{
    if (m_worker->counts().total > 0)
        m_grid->setPlaceholder(m_noMatch);
    else // rows that are still being worked out are no reason to say that there are none
        m_grid->setPlaceholder(
            m_worker->isBusy() && m_site.devices()->rowCount() > 0 ? nullptr : m_noDevices);
}

void DevicesPage::showDetails()
{
    // A current row that is not selected is only where the keyboard would go on; after a search that may be
    // the neighbour of the device one looked at, and must not be taken for it.
    const bool chosen = m_grid->selectionModel()->isSelected(m_grid->currentIndex());
    const DeviceKey before = m_details->device();
    m_details->showDevice(DeviceKey::fromValue(chosen ? m_grid->currentKey() : 0), m_now());
    if (m_detailIsOld || !(before == m_details->device()))
        m_asking.start();
}

bool DevicesPage::isSettled() const
{
    return !m_typing.isActive() && !m_worker->isBusy();
}

void DevicesPage::setNow(std::function<qint64()> now)
{
    m_now = now;
    m_worker->setNow(now);
    m_table->setFreshness(m_freshness, std::move(now));
    showDetails();
}

void DevicesPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !m_search->text().isEmpty()) {
        m_search->clear();
        search();
        return;
    }
    NodePage::keyPressEvent(event);
}

// Down and Return lead from the search box into the list, without a detour through Tab.
bool DevicesPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        if (static_cast<QKeyEvent*>(event)->key() == Qt::Key_Down) {
            search();
            focusMain();
            return true;
        }
    }
    return NodePage::eventFilter(watched, event);
}

} // namespace postern::devices
