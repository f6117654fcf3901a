#include "ui/shell/NavigationPane.h"

#include <QHeaderView>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "ui/shell/NodeTable.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::shell {

using namespace Qt::StringLiterals;
using widgets::PlainLabel;

namespace {

constexpr int pathRole = Qt::UserRole;

QString firstNodeOf(const QString& workspace)
{
    for (const NodeRow& row : nodeTable()) {
        if (workspaceOf(row.path) == workspace && row.makePage)
            return row.path;
    }
    return {};
}

} // namespace

NavigationPane::NavigationPane(QWidget* parent)
    : QWidget(parent)
    , m_title(new PlainLabel({}, PlainLabel::Look::Heading, this))
    , m_tree(new QTreeWidget(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_title->setContentsMargins(12, 10, 12, 8);
    column->addWidget(m_title);
    m_tree->setObjectName(u"nodeTree"_s);
    m_tree->setAccessibleName(tr("Node tree"));
    m_tree->header()->hide();
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setIconSize({18, 18});
    m_tree->setIndentation(16);
    m_tree->setTabKeyNavigation(false);
    connect(m_tree, &QTreeWidget::currentItemChanged, this, &NavigationPane::currentItemChanged);
    column->addWidget(m_tree, 1);
    auto* area = new QWidget(this);
    buildWorkspaceButtons(area);
    column->addWidget(area);
}

void NavigationPane::setCurrent(const QString& path)
{
    const QString workspace = workspaceOf(path);
    m_lastOf.insert(workspace, path);
    if (workspace != m_workspace)
        fillTree(workspace);
    for (QTreeWidgetItemIterator it(m_tree); *it != nullptr; ++it) {
        if ((*it)->data(0, pathRole).toString() != path)
            continue;
        const QSignalBlocker blocker(m_tree);
        m_tree->setCurrentItem(*it);
        break;
    }
    markWorkspace();
}

bool NavigationPane::chooseWorkspace(int number)
{
    const QString workspace = workspaceTable()[std::size_t(number)].name;
    if (firstNodeOf(workspace).isEmpty())
        return false;
    workspaceClicked(workspace);
    return true;
}

void NavigationPane::focusTree()
{
    m_tree->setFocus(Qt::ShortcutFocusReason);
}

void NavigationPane::buildWorkspaceButtons(QWidget* area)
{
    auto* column = new QVBoxLayout(area);
    column->setContentsMargins(4, 4, 4, 4);
    column->setSpacing(2);
    int number = 0;
    for (const WorkspaceRow& row : workspaceTable()) {
        ++number;
        if (firstNodeOf(row.name).isEmpty())
            continue;
        auto* button = new QToolButton(area);
        button->setObjectName(u"workspace%1"_s.arg(number));
        button->setProperty("workspace", row.name);
        button->setText(segmentText(row.name));
        button->setIcon(widgets::icon(row.iconName));
        button->setIconSize({22, 22});
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setMinimumHeight(34);
        button->setCheckable(true);
        button->setAutoRaise(true);
        button->setToolTip(tr("%1 (Ctrl+%2)").arg(segmentText(row.name)).arg(number));
        m_buttons.append(button);
        connect(button, &QToolButton::clicked, this, [this, name = row.name] { workspaceClicked(name); });
        column->addWidget(button);
    }
}

void NavigationPane::markWorkspace()
{
    for (QToolButton* button : std::as_const(m_buttons))
        button->setChecked(button->property("workspace").toString() == m_workspace);
}

void NavigationPane::fillTree(const QString& workspace)
{
    m_workspace = workspace;
    m_title->setText(segmentText(workspace));
    const QSignalBlocker blocker(m_tree);
    m_tree->clear();
    QHash<QString, QTreeWidgetItem*> items;
    for (const NodeRow& row : nodeTable()) {
        if (workspaceOf(row.path) != workspace)
            continue;
        const QString parentPath = row.path.section(u'/', 0, -2);
        auto* item = items.contains(parentPath) ? new QTreeWidgetItem(items.value(parentPath))
                                                : new QTreeWidgetItem(m_tree);
        item->setText(0, segmentText(row.path.section(u'/', -1)));
        item->setIcon(0, widgets::icon(row.iconName));
        item->setToolTip(0, nodeText(row.description));
        item->setData(0, pathRole, row.path);
        items.insert(row.path, item);
    }
    m_tree->expandAll();
}

void NavigationPane::currentItemChanged(QTreeWidgetItem* item)
{
    if (item != nullptr)
        emit nodeChosen(item->data(0, pathRole).toString());
}

void NavigationPane::workspaceClicked(const QString& workspace)
{
    emit nodeChosen(m_lastOf.value(workspace, firstNodeOf(workspace)));
    markWorkspace(); // a click on the one that is in front has unchecked it
}

} // namespace postern::shell
