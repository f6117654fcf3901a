// The main job as a person does it, with the mouse and the keyboard, on a real lab: what ./dev run does where
// there is no display, and where the README's pictures come from. Not a test, but it fails when the job
// cannot be done. usage: postern-tour FOLDER [light|dark]
#include <QAbstractButton>
#include <QApplication>
#include <QContextMenuEvent>
#include <QDialog>
#include <QDir>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QTabBar>
#include <QTabWidget>
#include <QTest>
#include <QToolButton>
#include <QTreeWidget>

#include "app/composition/ConsoleSite.h"
#include "app/composition/Translations.h"
#include "models/base/ErrorText.h"
#include "models/frame/DeviceColumns.h"
#include "ui/devices/DevicesPage.h"
#include "ui/grid/GridView.h"
#include "ui/shell/JobBar.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/NavigationPane.h"
#include "ui/widgets/Theme.h"
#include "ui/widgets/Toast.h"

using namespace postern;
using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000;

class Tour
{
public:
    Tour(const QString& folder, composition::ConsoleSite& site)
        : m_folder(folder)
        , m_site(site)
    {
    }

    bool run()
    {
        m_window = std::make_unique<shell::MainWindow>(*m_site.client(), shell::MainWindowOptions{});
        m_window->resize(1800, 1000); // wide enough for the two added columns
        m_window->show();
        return QTest::qWaitForWindowExposed(m_window.get()) && emptyDevices() && synchronize() && connector()
            && properties() && wizard() && devices() && search();
    }

private:
    bool step(const QString& name)
    {
        QTest::qWait(150); // for the eye: animations and hover have ended
        const QString path = m_folder.filePath(name + u".png"_s);
        const bool saved = m_window->grab().save(path);
        std::printf("%s\n", qPrintable(path));
        return saved || failed(u"cannot write "_s + path);
    }

    static bool failed(const QString& what)
    {
        std::fprintf(stderr, "tour: %s\n", qPrintable(what));
        return false;
    }

    static bool until(const std::function<bool()>& condition, const QString& what)
    {
        return QTest::qWaitFor(condition, patience) || failed(what + u" did not happen"_s);
    }

    // Clicks the workspace's button, then the node in its tree.
    bool openNode(const QString& workspace, const QString& node)
    {
        const auto buttons = m_window->navigation().findChildren<QToolButton*>();
        for (QToolButton* button : buttons) {
            if (button->text() == workspace)
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QTreeWidget* const tree = m_window->navigation().tree();
        const auto items = tree->findItems(node, Qt::MatchExactly | Qt::MatchRecursive);
        if (items.isEmpty())
            return failed(u"there is no node "_s + node);
        tree->scrollToItem(items.first());
        QTest::mouseClick(tree->viewport(), Qt::LeftButton, {}, tree->visualItemRect(items.first()).center());
        return until([&] { return m_window->currentNode().endsWith(node); }, u"opening "_s + node);
    }

    // Each tab of the details below the connector.
    bool connector()
    {
        auto* const tabs = m_window->currentPage()->findChild<QTabWidget*>();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, tabs->tabBar()->tabRect(tab).center());
            if (tabs->currentIndex() != tab || !step(u"connector-"_s + nameOf(tabs->tabText(tab))))
                return failed(u"the details tab "_s + tabs->tabText(tab));
        }
        return true;
    }

    bool properties()
    {
        QTest::keyClick(m_window.get(), Qt::Key_Return, Qt::AltModifier);
        QDialog* const dialog = openDialog();
        if (dialog == nullptr)
            return failed(u"Alt+Return does not open the properties"_s);
        auto* const tabs = dialog->findChild<QTabWidget*>();
        for (int tab = 0; tab < tabs->count(); ++tab) {
            QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, tabs->tabBar()->tabRect(tab).center());
            if (!picture(*dialog, u"properties-"_s + nameOf(tabs->tabText(tab))))
                return false;
        }
        QTest::keyClick(dialog, Qt::Key_Escape);
        return until(
            [] { return QApplication::activeModalWidget() == nullptr; }, u"closing the properties"_s);
    }

    // Every page up to the summary, then Cancel: nothing is written.
    bool wizard()
    {
        auto* const button = m_window->findChild<QToolButton*>(u"add-connector"_s);
        QTest::mouseClick(button, Qt::LeftButton);
        QDialog* const dialog = openDialog();
        auto* const pages = dialog == nullptr ? nullptr : dialog->findChild<QListWidget*>(u"wizardPages"_s);
        if (pages == nullptr)
            return failed(u"the wizard did not open"_s);
        QTest::keyClicks(dialog->focusWidget(), u"Branch office"_s);
        for (auto* line : dialog->findChildren<QLineEdit*>()) {
            if (line->isVisible() && line->text().isEmpty())
                QTest::keyClicks(line, u"ex2.contoso.com"_s);
        }
        for (int page = 0; page < 6; ++page) {
            // A button that is pressed by its mnemonic shows it before it acts.
            const bool reached
                = until([pages, page] { return pages->currentRow() == page; }, u"the next page"_s);
            if (!reached || !picture(*dialog, u"wizard-%1"_s.arg(page + 1)))
                return failed(u"page %1 of the wizard"_s.arg(page + 1));
            if (page < 5)
                QTest::keyClick(dialog, Qt::Key_N, Qt::AltModifier);
        }
        QTest::keyClick(dialog, Qt::Key_Escape);
        return until([] { return QApplication::activeModalWidget() == nullptr; }, u"closing the wizard"_s)
            && m_site.client()->connectors().size() == 1;
    }

    QDialog* openDialog()
    {
        const auto dialog = [] { return qobject_cast<QDialog*>(QApplication::activeModalWidget()); };
        until([&dialog] { return dialog() != nullptr && dialog()->isVisible(); }, u"a dialog"_s);
        return dialog();
    }

    bool picture(QWidget& dialog, const QString& name)
    {
        QTest::qWait(150); // as in step()
        const QString path = m_folder.filePath(name + u".png"_s);
        std::printf("%s\n", qPrintable(path));
        return dialog.grab().save(path) || failed(u"cannot write "_s + path);
    }

    static QString nameOf(QString title) { return title.remove(u'&').toLower().replace(u' ', u'-'); }

    devices::DevicesPage* devicesPage()
    {
        return qobject_cast<devices::DevicesPage*>(m_window->currentPage());
    }

    bool emptyDevices()
    {
        return openNode(u"Assets and Compliance"_s, u"Devices"_s) && step(u"devices-empty"_s);
    }

    bool synchronize()
    {
        if (!openNode(u"Administration"_s, u"Exchange Server Connectors"_s))
            return false;
        auto* const list = m_window->findChild<grid::GridView*>(u"connectorList"_s);
        if (!until([&] { return list->model()->rowCount() == 1; }, u"the lab's connector"_s))
            return false;
        QTest::mouseClick(
            list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(0, 0)).center());
        if (!step(u"connectors"_s))
            return false;
        auto* const button = m_window->findChild<QToolButton*>(u"synchronize-now"_s);
        if (button == nullptr || !button->isEnabled())
            return failed(u"Synchronize Now cannot be pressed"_s);
        bool confirmed = false;
        // The question runs an event loop of its own: the click returns when it has been answered.
        QTimer::singleShot(300, m_window.get(), [&] { confirmed = confirm(); });
        QTest::mouseClick(button, Qt::LeftButton);
        if (!confirmed || !until([&] { return m_window->jobBar().isVisible(); }, u"progress"_s))
            return false;
        const auto counting = [this] {
            const auto jobs = m_site.client()->jobs();
            return !jobs.empty() && jobs.front().total > 0;
        };
        return until(counting, u"n of m"_s) && step(u"synchronizing"_s)
            && until([&] { return !m_window->jobBar().isVisible(); }, u"the end"_s) && step(u"synchronized"_s)
            && until([&] { return !m_window->toast().isVisible(); }, u"the end of the message"_s);
    }

    // Answers the question that has come up with yes, by its mnemonic.
    bool confirm()
    {
        QWidget* const question = QApplication::activeModalWidget();
        if (question == nullptr)
            return failed(u"no question came up"_s);
        question->grab().save(m_folder.filePath(u"question.png"_s));
        const auto buttons = question->findChildren<QAbstractButton*>();
        for (QAbstractButton* button : buttons) {
            if (button->text().remove(u'&') == "Yes"_L1
                || button->text().remove(u'&').startsWith("Synchronize"_L1)) {
                QTest::mouseClick(button, Qt::LeftButton);
                return true;
            }
        }
        question->close();
        return failed(u"the question has no yes"_s);
    }

    bool devices()
    {
        if (!openNode(u"Assets and Compliance"_s, u"Devices"_s))
            return false;
        grid::GridView& grid = devicesPage()->grid();
        if (!until([&] { return grid.model()->rowCount() > 500; }, u"the phones"_s))
            return false;
        if (!addColumns(grid))
            return false;
        QTest::mouseClick(
            grid.viewport(), Qt::LeftButton, {}, grid.visualRect(grid.model()->index(3, 0)).center());
        return step(u"devices"_s);
    }

    // Right-clicks the header and ticks the two columns that this program exists for; a third makes room.
    bool addColumns(grid::GridView& grid)
    {
        QWidget* const header = grid.horizontalHeader()->viewport();
        const QPoint at(60, header->height() / 2);
        QContextMenuEvent rightClick(QContextMenuEvent::Mouse, at, header->mapToGlobal(at));
        QApplication::sendEvent(header, &rightClick);
        if (!until([] { return QApplication::activePopupWidget() != nullptr; }, u"the header's menu"_s))
            return false;
        auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        for (const auto column : {frame::DeviceColumn::AccessState, frame::DeviceColumn::LastSuccessSync}) {
            if (menu == nullptr || !tick(*menu, grid.columnTitle(int(column)), true))
                return false;
        }
        if (!tick(*menu, grid.columnTitle(int(frame::DeviceColumn::ClientType)), false))
            return false;
        menu->grab().save(m_folder.filePath(u"columns.png"_s));
        QTest::keyClick(menu, Qt::Key_Escape);
        return until([] { return QApplication::activePopupWidget() == nullptr; }, u"closing the menu"_s);
    }

    static bool tick(QMenu& menu, const QString& title, bool on)
    {
        const auto actions = menu.actions();
        for (QAction* action : actions) {
            if (action->text().remove(u'&') != title)
                continue;
            QTest::mouseClick(&menu, Qt::LeftButton, {}, menu.actionGeometry(action).center());
            return action->isChecked() == on || failed(title + u" could not be ticked"_s);
        }
        return failed(u"the menu does not offer "_s + title);
    }

    bool search()
    {
        QTest::keyClick(m_window.get(), Qt::Key_L, Qt::ControlModifier);
        auto* const box = qobject_cast<QLineEdit*>(QApplication::focusWidget());
        if (box == nullptr)
            return failed(u"Ctrl+L does not go to the search box"_s);
        QTest::keyClicks(box, u"yamada"_s);
        grid::GridView& grid = devicesPage()->grid();
        const int all = m_site.client()->devices() ? int(m_site.client()->devices()->rowCount()) : 0;
        return until([&] { return grid.model()->rowCount() < all; }, u"the search"_s) && step(u"search"_s);
    }

    QDir m_folder;
    composition::ConsoleSite& m_site;
    std::unique_ptr<shell::MainWindow> m_window;
};

} // namespace

int main(int argc, char* argv[])
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(u"postern-tour"_s);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() < 2) {
        std::fprintf(stderr, "usage: postern-tour FOLDER [light|dark]\n");
        return 2;
    }
    composition::installTranslations(application);
    widgets::applyTheme(application,
        arguments.value(2) == "dark"_L1 ? widgets::ThemeChoice::Dark : widgets::ThemeChoice::Light);
    QDir().mkpath(arguments.at(1));
    composition::ConsoleSiteOptions options;
    options.lab = true;
    options.labArguments = {u"--latency"_s, u"400"_s}; // as of a server some way off: progress can be seen
    composition::ConsoleSite site(options);
    int status = 1;
    QObject::connect(&site, &composition::ConsoleSite::ready, &application, [&] {
        Tour tour(arguments.at(1), site);
        status = tour.run() ? 0 : 1;
        QApplication::exit(status);
    });
    QObject::connect(&site, &composition::ConsoleSite::failed, &application, [&](const Error& error) {
        std::fprintf(stderr, "%s\n", qPrintable(ErrorText::sentence(error)));
        QApplication::exit(1);
    });
    QTimer::singleShot(0, &site, &composition::ConsoleSite::open);
    QApplication::exec();
    return status;
}
