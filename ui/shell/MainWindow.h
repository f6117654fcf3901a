// The console's window in Configuration Manager's shape (SHL-01..05, 17, 19, 22): ribbon, notification bar,
// breadcrumb, workspaces with their node tree, the page of the node in front, status bar with the running
// jobs. It wires them; what nodes there are is NodeTable, what can be done is CommandSet. GUI thread. The
// site outlives the window.
#pragma once

#include <QMainWindow>
#include <QSet>

#include "models/base/Error.h"
#include "models/domain/Work.h"
#include "ui/commands/CommandSet.h"
#include "ui/shell/NavigationHistory.h"
#include "ui/widgets/Prompter.h"

class QSettings;
class QSplitter;
class QStackedWidget;

namespace postern::widgets {
class NotificationBar;
class PlainLabel;
class Toast;
} // namespace postern::widgets

namespace postern::shell {

class BreadcrumbBar;
class JobBar;
class NavigationPane;
class Ribbon;

struct MainWindowOptions
{
    QSettings* settings = nullptr; // null: nothing is kept (tests)
    widgets::MessagePrompter* messages = nullptr; // null: real dialogs
    widgets::FilePrompter* files = nullptr;
    QString node; // path to open; empty: the one of last time, else the first
};

class MainWindow final : public QMainWindow
{
    Q_OBJECT
public:
    explicit MainWindow(
        site::SiteClient& site, const MainWindowOptions& options = {}, QWidget* parent = nullptr);
    ~MainWindow() override;

    // False: there is no such node.
    bool openNode(const QString& path);
    [[nodiscard]] QString currentNode() const { return m_node; }
    [[nodiscard]] widgets::NodePage* currentPage() const;

    [[nodiscard]] commands::CommandSet& commands() { return *m_commands; }
    [[nodiscard]] widgets::Toast& toast() const { return *m_toast; }
    [[nodiscard]] BreadcrumbBar& breadcrumb() const { return *m_breadcrumb; }
    [[nodiscard]] NavigationPane& navigation() const { return *m_navigation; }
    [[nodiscard]] Ribbon& ribbon() const { return *m_ribbon; }
    [[nodiscard]] JobBar& jobBar() const { return *m_jobs; }
    [[nodiscard]] widgets::NotificationBar& notifications() const { return *m_notifications; }

protected:
    void closeEvent(QCloseEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void buildLayout();
    void buildStatusBar();
    QMenu* buildProductMenu();
    void buildKeys();
    void addKey(const QKeySequence& key, const QString& name, std::function<void()> action);
    void connectSite();
    void connectPage(widgets::NodePage* page);

    void showNode(const QString& path);
    widgets::NodePage* pageOf(const QString& path);
    void goInHistory(int steps);
    void fillRibbon(const QString& path);
    void showContextMenu(const QPoint& at);
    void pageChanged();
    void focusTree();
    void jobsChanged(const std::vector<Job>& jobs);
    void siteHasNews();
    void showNotices();
    void showTitle();
    void restore(const MainWindowOptions& options);
    void keep();
    void about();

    site::SiteClient& m_site;
    QSettings* m_settings;
    widgets::DialogMessagePrompter m_dialogMessages;
    widgets::DialogFilePrompter m_dialogFiles;
    commands::CommandContext m_context;
    std::unique_ptr<commands::CommandSet> m_commands;
    NavigationHistory m_history;
    QHash<QString, widgets::NodePage*> m_pages;
    QString m_node;
    QString m_previousNode; // for the second Ctrl+T
    QSet<JobId> m_knownOver; // jobs whose end was said, or that were over before this window
    std::optional<Error> m_siteFailure;
    bool m_altAlone = false;

    Ribbon* m_ribbon = nullptr;
    widgets::NotificationBar* m_notifications = nullptr;
    BreadcrumbBar* m_breadcrumb = nullptr;
    QSplitter* m_splitter = nullptr;
    NavigationPane* m_navigation = nullptr;
    QStackedWidget* m_stack = nullptr;
    widgets::PlainLabel* m_status = nullptr;
    JobBar* m_jobs = nullptr;
    widgets::Toast* m_toast = nullptr;
};

} // namespace postern::shell
