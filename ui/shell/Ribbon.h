// The ribbon (SHL-03): tab Home with groups of commands of the node in front; can be minimised. It shows
// QActions and knows nothing of what they do. An action whose property "variantOf" names another one of its
// group is offered in that one's drop-down (CON-41: Synchronize Now, Delta Only). GUI thread.
#pragma once

#include <QWidget>

class QAction;
class QHBoxLayout;
class QMenu;
class QTabBar;
class QToolButton;

namespace postern::shell {

struct RibbonGroup
{
    QString title;
    QList<QAction*> actions;
};

class Ribbon : public QWidget
{
    Q_OBJECT
public:
    explicit Ribbon(QMenu* productMenu, QWidget* parent = nullptr);
    void setGroups(const QList<RibbonGroup>& groups);
    void setMinimised(bool minimised);
    [[nodiscard]] bool isMinimised() const { return m_minimised; }
    void focusFirst(); // Alt

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget* buildTabs(QMenu* productMenu);
    QWidget* makeGroup(const RibbonGroup& group);
    QToolButton* makeButton(QAction* action, QWidget* parent);
    static void addVariants(QToolButton* button, const QList<QAction*>& variants);

    QTabBar* m_tabs = nullptr;
    QToolButton* m_minimise = nullptr;
    QWidget* m_body;
    QHBoxLayout* m_groups;
    bool m_minimised = false;
};

} // namespace postern::shell
