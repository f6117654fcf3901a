// The keyboard map (SHL-17), the product menu, and what a window keeps between sessions.
#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QMessageBox>
#include <QScreen>
#include <QSettings>
#include <QSplitter>
#include <QTreeWidget>

#include "services/site/SiteClient.h"
#include "ui/shell/BreadcrumbBar.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/NavigationPane.h"
#include "ui/shell/NodeTable.h"
#include "ui/shell/Ribbon.h"

namespace postern::shell {

using namespace Qt::StringLiterals;

namespace {
constexpr QSize windowFrame(8, 40); // roughly; a first window does not hide its status bar below the screen
}

QMenu* MainWindow::buildProductMenu()
{
    auto* menu = new QMenu(this);
    connect(menu->addAction(tr("&About Postern")), &QAction::triggered, this, &MainWindow::about);
    menu->addSeparator();
    QAction* quit = menu->addAction(tr("E&xit"));
    quit->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_Q));
    addAction(quit);
    connect(quit, &QAction::triggered, this, &QWidget::close);
    return menu;
}

void MainWindow::addKey(const QKeySequence& key, const QString& name, std::function<void()> action)
{
    auto* entry = new QAction(this);
    entry->setObjectName(name);
    entry->setShortcut(key);
    addAction(entry);
    connect(entry, &QAction::triggered, this, std::move(action));
}

void MainWindow::buildKeys()
{
    for (int number = 0; number < 4; ++number) {
        addKey(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_1 + number)), u"goWorkspace%1"_s.arg(number + 1),
            [this, number] { static_cast<void>(m_navigation->chooseWorkspace(number)); });
    }
    addKey(QKeySequence(Qt::CTRL | Qt::Key_M), u"focusMain"_s, [this] { currentPage()->focusMain(); });
    addKey(QKeySequence(Qt::CTRL | Qt::Key_T), u"focusTree"_s, [this] { focusTree(); });
    addKey(QKeySequence(Qt::CTRL | Qt::Key_I), u"focusBreadcrumb"_s, [this] { m_breadcrumb->focusPath(); });
    addKey(QKeySequence(Qt::CTRL | Qt::Key_L), u"focusSearch"_s, [this] { currentPage()->focusSearch(); });
    addKey(QKeySequence(Qt::CTRL | Qt::Key_D), u"focusDetails"_s, [this] { currentPage()->focusDetails(); });
    addKey(QKeySequence(Qt::CTRL | Qt::Key_F1), u"toggleRibbon"_s,
        [this] { m_ribbon->setMinimised(!m_ribbon->isMinimised()); });
}

void MainWindow::focusTree()
{
    // The second press goes to the node one came from.
    if (m_navigation->tree()->hasFocus() && !m_previousNode.isEmpty())
        openNode(m_previousNode);
    m_navigation->focusTree();
}

void MainWindow::restore(const MainWindowOptions& options)
{
    QString node = options.node;
    if (m_settings != nullptr) {
        restoreGeometry(m_settings->value(u"window/geometry"_s).toByteArray());
        m_splitter->restoreState(m_settings->value(u"window/navigation"_s).toByteArray());
        m_ribbon->setMinimised(m_settings->value(u"window/ribbonMinimised"_s, false).toBool());
        if (node.isEmpty())
            node = m_settings->value(u"window/node"_s).toString();
    }
    if (m_settings == nullptr || !m_settings->contains(u"window/geometry"_s))
        resize(QSize(1280, 800).boundedTo(screen()->availableSize() - windowFrame));
    if (!openNode(node))
        openNode(nodeTable().front().path);
    m_navigation->focusTree();
}

void MainWindow::keep()
{
    if (m_settings == nullptr)
        return;
    m_settings->setValue(u"window/geometry"_s, saveGeometry());
    m_settings->setValue(u"window/navigation"_s, m_splitter->saveState());
    m_settings->setValue(u"window/ribbonMinimised"_s, m_ribbon->isMinimised());
    m_settings->setValue(u"window/node"_s, m_node);
    for (auto it = m_pages.constBegin(); it != m_pages.constEnd(); ++it) {
        m_settings->beginGroup(u"nodes/"_s + QString(it.key()).replace(u'/', u'|'));
        it.value()->saveSettings(*m_settings);
        m_settings->endGroup();
    }
    m_settings->sync();
}

void MainWindow::about()
{
    auto* box = new QMessageBox(QMessageBox::NoIcon, tr("About Postern"),
        tr("Postern %1").arg(QApplication::applicationVersion()), QMessageBox::Close, this);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    box->setInformativeText(
        tr("Lets through to Exchange mail only the phones that are enrolled and compliant.\n\n"
           "Free software under the GNU General Public License, version 3 or later.\n\nSite: %1")
            .arg(m_site.siteName()));
    box->setIconPixmap(windowIcon().pixmap(48, 48));
    box->open();
}

} // namespace postern::shell
