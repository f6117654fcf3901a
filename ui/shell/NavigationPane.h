// The left side: the workspace's name, its node tree, and the workspace buttons at the bottom (SHL-01). Shows
// what it is told by setCurrent(); a click says nodeChosen(). GUI thread.
#pragma once

#include <QHash>
#include <QWidget>

class QToolButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace postern::widgets {
class PlainLabel;
}

namespace postern::shell {

class NavigationPane : public QWidget
{
    Q_OBJECT
public:
    explicit NavigationPane(QWidget* parent = nullptr);

    void setCurrent(const QString& path);
    // The workspaces that have nodes, in order: Ctrl+1 is the first of the four, shown or not.
    [[nodiscard]] bool chooseWorkspace(int number); // 0 to 3; false: has no nodes
    void focusTree();
    [[nodiscard]] QTreeWidget* tree() const { return m_tree; }

signals:
    void nodeChosen(const QString& path);

private:
    void buildWorkspaceButtons(QWidget* area);
    void markWorkspace();
    void fillTree(const QString& workspace);
    void currentItemChanged(QTreeWidgetItem* item);
    void workspaceClicked(const QString& workspace);

    widgets::PlainLabel* m_title;
    QTreeWidget* m_tree;
    QList<QToolButton*> m_buttons; // no exclusive group: Tab and arrows would then choose without a click
    QString m_workspace;
    QHash<QString, QString> m_lastOf; // workspace -> last node
};

} // namespace postern::shell
