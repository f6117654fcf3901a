#include "ui/shell/MainWindow.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

#include "services/site/SiteClient.h"
#include "ui/shell/BreadcrumbBar.h"
#include "ui/shell/FolderPage.h"
#include "ui/shell/JobBar.h"
#include "ui/shell/NavigationPane.h"
#include "ui/shell/NodeTable.h"
#include "ui/shell/Ribbon.h"
#include "ui/shell/SiteNotices.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/NotificationBar.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Toast.h"

namespace postern::shell {

using namespace Qt::StringLiterals;
using widgets::NodePage;

MainWindow::MainWindow(site::SiteClient& site, const MainWindowOptions& options, QWidget* parent)
    : QMainWindow(parent)
    , m_site(site)
    , m_settings(options.settings)
    , m_context{site, options.messages ? *options.messages : m_dialogMessages,
          options.files ? *options.files : m_dialogFiles, this, [this] { return currentPage(); },
          [this](widgets::Tone tone, const QString& title, const QString& text) {
              m_toast->show(tone, title, text);
          },
          [this](const QString& path, const QVariantMap& state) {
              if (openNode(path))
                  currentPage()->restoreState(state);
          }}
{
    setObjectName(u"mainWindow"_s);
    setWindowIcon(widgets::icon(u"product"_s));
    m_commands = std::make_unique<commands::CommandSet>(m_context);
    for (const auto& command : m_commands->all())
        addAction(command->action()); // keys work although the action's button is on another ribbon
    buildLayout();
    buildStatusBar();
    m_toast = new widgets::Toast(this);
    buildKeys();
    connectSite();
    restore(options);
    qApp->installEventFilter(this);
}

MainWindow::~MainWindow()
{
    // Pages say what changed while they go; nobody listens any more.
    for (NodePage* page : std::as_const(m_pages))
        page->disconnect(this);
}

bool MainWindow::openNode(const QString& path)
{
    const QString known = nodePathFromText(path);
    if (known.isEmpty())
        return false;
    if (known == m_node)
        return true;
    m_history.visit(known, currentPage() ? currentPage()->saveState() : QVariantMap());
    showNode(known);
    return true;
}

NodePage* MainWindow::currentPage() const
{
    return m_pages.value(m_node);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    keep();
    QMainWindow::closeEvent(event);
}

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    // Alt pressed and released alone goes to the ribbon; Alt with a key is a mnemonic.
    if (event->type() == QEvent::KeyPress && isActiveWindow())
        m_altAlone = static_cast<QKeyEvent*>(event)->key() == Qt::Key_Alt;
    else if (event->type() == QEvent::MouseButtonPress)
        m_altAlone = false;
    else if (event->type() == QEvent::KeyRelease && m_altAlone && isActiveWindow()
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Alt) {
        m_altAlone = false;
        m_ribbon->focusFirst();
    }
    return QMainWindow::eventFilter(watched, event);
}

void MainWindow::buildLayout()
{
    auto* central = new QWidget(this);
    auto* column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_ribbon = new Ribbon(buildProductMenu(), central);
    m_notifications = new widgets::NotificationBar(central);
    m_breadcrumb = new BreadcrumbBar(m_commands->find(u"refresh"_s)->action(), central);
    m_splitter = new QSplitter(Qt::Horizontal, central);
    m_splitter->setChildrenCollapsible(false);
    m_navigation = new NavigationPane(m_splitter);
    m_navigation->setMinimumWidth(180);
    m_stack = new QStackedWidget(m_splitter);
    m_splitter->addWidget(m_navigation);
    m_splitter->addWidget(m_stack);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({250, 950});
    column->addWidget(m_ribbon);
    column->addWidget(m_notifications);
    column->addWidget(m_breadcrumb);
    column->addWidget(m_splitter, 1);
    setCentralWidget(central);
    addAction(m_breadcrumb->backAction());
    addAction(m_breadcrumb->forwardAction());
    connect(m_navigation, &NavigationPane::nodeChosen, this, &MainWindow::openNode);
    connect(m_breadcrumb, &BreadcrumbBar::nodeChosen, this, &MainWindow::openNode);
    connect(m_breadcrumb, &BreadcrumbBar::stepRequested, this, &MainWindow::goInHistory);
    connect(m_notifications, &widgets::NotificationBar::activated, this, &MainWindow::openNode);
}

void MainWindow::buildStatusBar()
{
    // Labels, not showMessage(): that text does not reach assistive tools.
    m_status = new widgets::PlainLabel({}, widgets::PlainLabel::Look::Body, this);
    m_status->setObjectName(u"statusText"_s);
    m_jobs = new JobBar(this);
    statusBar()->addWidget(m_status, 1);
    statusBar()->addPermanentWidget(m_jobs);
    statusBar()->setContentsMargins(8, 0, 4, 0);
    connect(m_jobs, &JobBar::cancelRequested, this, [this](JobId job) { m_site.cancelJob(job); });
}

void MainWindow::connectSite()
{
    for (const Job& job : m_site.jobs()) {
        if (job.isOver())
            m_knownOver.insert(job.id);
    }
    connect(&m_site, &site::SiteClient::jobsChanged, this, &MainWindow::jobsChanged);
    connect(&m_site, &site::SiteClient::connectorsChanged, this, &MainWindow::siteHasNews);
    connect(&m_site, &site::SiteClient::devicesChanged, this, &MainWindow::siteHasNews);
    connect(&m_site, &site::SiteClient::siteFailed, this, [this](const postern::Error& error) {
        m_siteFailure = error;
        showNotices();
    });
    connect(&m_site, &site::SiteClient::siteRecovered, this, &MainWindow::siteHasNews);
    jobsChanged(m_site.jobs());
}

void MainWindow::connectPage(NodePage* page)
{
    connect(page, &NodePage::selectionChanged, this, [this, page] {
        if (page == currentPage())
            m_commands->setSelection(page->selection());
    });
    connect(page, &NodePage::statusTextChanged, this, &MainWindow::pageChanged);
    connect(page, &NodePage::contextMenuRequested, this, &MainWindow::showContextMenu);
    connect(page, &NodePage::nodeRequested, this, &MainWindow::openNode);
    connect(page, &NodePage::commandRequested, this, [this](const QString& id) {
        if (auto* command = m_commands->find(id))
            command->run();
    });
    connect(page, &NodePage::activated, this, [this] {
        if (auto* command = m_commands->find(findNode(m_node)->defaultCommand))
            command->run();
    });
}

void MainWindow::showNode(const QString& path)
{
    m_previousNode = m_node;
    m_node = path;
    NodePage* page = pageOf(path);
    m_stack->setCurrentWidget(page);
    m_navigation->setCurrent(path);
    m_breadcrumb->show(path, m_history);
    fillRibbon(path);
    m_commands->setSelection(page->selection());
    showTitle();
    pageChanged();
}

NodePage* MainWindow::pageOf(const QString& path)
{
    if (NodePage* known = m_pages.value(path))
        return known;
    const NodeRow* row = findNode(path);
    NodePage* page = row->makePage ? row->makePage(m_site, m_stack) : new FolderPage(path, m_stack);
    page->setObjectName(path);
    page->setAccessibleName(segmentText(path.section(u'/', -1)));
    m_pages.insert(path, page);
    m_stack->addWidget(page);
    connectPage(page);
    if (m_settings != nullptr) {
        m_settings->beginGroup(u"nodes/"_s + QString(path).replace(u'/', u'|'));
        page->restoreSettings(*m_settings);
        m_settings->endGroup();
    }
    return page;
}

void MainWindow::goInHistory(int steps)
{
    const auto place = m_history.go(steps, currentPage()->saveState());
    if (!place)
        return;
    showNode(place->path);
    currentPage()->restoreState(place->state);
}

void MainWindow::fillRibbon(const QString& path)
{
    QList<RibbonGroup> groups;
    for (const RibbonGroupRow& row : findNode(path)->ribbon) {
        RibbonGroup group{nodeText(row.title), {}};
        for (const QString& id : row.commands) {
            if (auto* command = m_commands->find(id))
                group.actions.append(command->action());
        }
        groups.append(group);
    }
    m_ribbon->setGroups(groups);
}

void MainWindow::showContextMenu(const QPoint& at)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(u"contextMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true); // why an entry is disabled
    for (const RibbonGroupRow& row : findNode(m_node)->ribbon) {
        if (!menu->isEmpty())
            menu->addSeparator();
        for (const QString& id : row.commands) {
            if (auto* command = m_commands->find(id))
                menu->addAction(command->action());
        }
    }
    menu->popup(at);
}

void MainWindow::pageChanged()
{
    if (const NodePage* page = currentPage())
        m_status->setText(page->statusText());
}

void MainWindow::jobsChanged(const std::vector<Job>& jobs)
{
    siteHasNews();
    m_jobs->setJobs(jobs, m_site.connectors());
    for (const Job& job : jobs) {
        if (!job.isOver() || m_knownOver.contains(job.id))
            continue;
        m_knownOver.insert(job.id);
        const Announcement news = jobAnnouncement(job, m_site.connectors());
        m_toast->show(news.tone, news.title, news.text);
    }
}

void MainWindow::siteHasNews()
{
    m_siteFailure.reset(); // what could be read again speaks for itself
    showNotices();
    if (!m_node.isEmpty())
        showTitle();
}

void MainWindow::showTitle()
{
    const QString site = m_site.siteName(); // none while it has not been opened
    setWindowTitle(site.isEmpty() ? u"Postern"_s : tr("%1 - Postern", "window title: site").arg(site));
}

void MainWindow::showNotices()
{
    m_notifications->setNotices(siteNotices(m_site.connectors(), m_siteFailure));
}

} // namespace postern::shell
