#include "ui/users/UsersPage.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QSplitter>
#include <QToolButton>

#include "services/site/SiteClient.h"
#include "ui/grid/GridView.h"
#include "ui/users/UserDetails.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::users {

using namespace Qt::StringLiterals;
using items::UserTableModel;
using std::chrono_literals::operator""ms;
namespace spacing = widgets::spacing;

UsersPage::UsersPage(site::SiteClient& site, QWidget* parent)
    : NodePage(parent)
    , m_site(site)
    , m_model(new UserTableModel(this))
    , m_worker(new items::UserViewWorker(*m_model, this))
{
    m_typing.setSingleShot(true);
    m_typing.setInterval(120ms);
    build();
    connectParts();
    applyQuery();
    m_worker->setUsers(m_site.users());
    installed();
}

void UsersPage::build()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(buildSearchLine());
    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setChildrenCollapsible(false);
    m_grid = new grid::GridView(tr("Users"), m_splitter);
    m_grid->setObjectName(u"userList"_s);
    m_grid->setTable(m_model);
    m_grid->setSort(grid::GridSort{UserTableModel::Name, Qt::AscendingOrder});
    m_details = new UserDetails(m_splitter);
    m_splitter->addWidget(m_grid);
    m_splitter->addWidget(m_details);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({500, 260});
    column->addWidget(m_splitter, 1);
    m_noUsers = new widgets::EmptyState(u"user"_s, tr("No users yet"),
        tr("Users appear here when an Exchange organization or a Microsoft Entra tenant has been "
           "synchronized."),
        tr("Go to Microsoft Intune"), this);
    m_noMatch = new widgets::EmptyState(u"search"_s, tr("No user matches"),
        tr("No user has this text in name, address, department, group or license."), tr("Clear Search"),
        this);
    m_noUsers->hide();
    m_noMatch->hide();
}

QWidget* UsersPage::buildSearchLine()
{
    auto* bar = new QWidget(this);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(spacing::normal, spacing::normal, spacing::normal, spacing::normal);
    line->setSpacing(spacing::normal);
    m_search = new QLineEdit(bar);
    m_search->setPlaceholderText(tr("Search by name, address, department, group or license (Ctrl+L)"));
    m_search->setAccessibleName(tr("Search users"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(widgets::icon(u"search"_s, widgets::Tone::Neutral), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(520);
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

void UsersPage::connectParts()
{
    connect(&m_site, &site::SiteClient::usersChanged, m_worker, &items::UserViewWorker::setUsers);
    connect(&m_site, &site::SiteClient::devicesChanged, this, &UsersPage::showDetails);
    connect(m_worker, &items::UserViewWorker::viewInstalled, this, &UsersPage::installed);
    connect(m_search, &QLineEdit::textChanged, &m_typing, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, &UsersPage::applyQuery);
    connect(&m_typing, &QTimer::timeout, this, &UsersPage::applyQuery);
    connect(m_columns, &QToolButton::clicked, this,
        [this] { m_grid->showColumnMenu(m_columns->mapToGlobal(QPoint(0, m_columns->height()))); });
    connect(m_grid, &grid::GridView::sortChanged, this, &UsersPage::applyQuery);
    connect(m_grid, &grid::GridView::selectionChangedByKey, this, &UsersPage::showDetails);
    connect(m_grid, &grid::GridView::selectionChangedByKey, this, &NodePage::selectionChanged);
    connect(m_grid, &grid::GridView::selectionChangedByKey, this, &NodePage::statusTextChanged);
    connect(m_grid, &grid::GridView::rowActivated, this, &NodePage::activated);
    m_grid->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_grid, &QWidget::customContextMenuRequested, this,
        [this](const QPoint& at) { emit contextMenuRequested(m_grid->viewport()->mapToGlobal(at)); });
    connect(m_noUsers, &widgets::EmptyState::activated, this,
        [this] { emit nodeRequested(u"Administration/Cloud Services/Microsoft Intune"_s); });
    connect(m_noMatch, &widgets::EmptyState::activated, m_search, &QLineEdit::clear);
}

void UsersPage::applyQuery()
{
    m_typing.stop();
    const auto sort = m_grid->sort().value_or(grid::GridSort{UserTableModel::Name, Qt::AscendingOrder});
    m_worker->setQuery({m_search->text().trimmed(), sort.column, sort.order});
}

void UsersPage::installed()
{
    const QLocale locale;
    const int total = m_worker->total();
    m_count->setText(m_model->rowCount() == total
            ? tr("%n user(s)", nullptr, total)
            : tr("%1 of %2 shown").arg(locale.toString(m_model->rowCount()), locale.toString(total)));
    if (total > 0 && m_worker->isBusy())
        m_grid->setPlaceholder(nullptr);
    else
        m_grid->setPlaceholder(total > 0 ? m_noMatch : m_noUsers);
    restoreSelection();
    showDetails();
    emit selectionChanged(); // a selected user may be another one than before
    emit statusTextChanged();
}

void UsersPage::showDetails()
{
    const auto keys = m_grid->selectedKeys();
    const SiteUser* user = keys.size() == 1 ? m_model->userAt(m_model->rowOfKey(keys.front())) : nullptr;
    m_details->showUser(user, int(keys.size()), *m_site.devices());
}

bool UsersPage::isSettled() const
{
    return !m_typing.isActive() && !m_worker->isBusy();
}

void UsersPage::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && !m_search->text().isEmpty()) {
        m_search->clear();
        applyQuery();
        return;
    }
    NodePage::keyPressEvent(event);
}

} // namespace postern::users
