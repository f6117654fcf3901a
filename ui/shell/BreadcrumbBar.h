// Back, Forward, where one has been, the path of the node as buttons, Refresh (SHL-04). Only shows and asks.
// GUI thread.
#pragma once

#include <QWidget>

class QAction;
class QHBoxLayout;
class QMenu;
class QToolButton;

namespace postern::shell {

class NavigationHistory;

class BreadcrumbBar : public QWidget
{
    Q_OBJECT
public:
    explicit BreadcrumbBar(QAction* refresh, QWidget* parent = nullptr);
    void show(const QString& path, const NavigationHistory& history);
    void focusPath(); // Ctrl+I

    [[nodiscard]] QAction* backAction() const { return m_back; }
    [[nodiscard]] QAction* forwardAction() const { return m_forward; }
    [[nodiscard]] QMenu* historyMenu() const { return m_history; }
    [[nodiscard]] QString pathText() const; // as read: "Administration > …"

signals:
    void stepRequested(int steps); // in the history
    void nodeChosen(const QString& path);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QToolButton* addTool(QAction* action, const QString& name);
    void rebuildPath(const QString& path);
    void rebuildHistory(const NavigationHistory& history);

    QAction* m_back;
    QAction* m_forward;
    QMenu* m_history;
    QHBoxLayout* m_row;
    QHBoxLayout* m_segments;
    QString m_path;
};

} // namespace postern::shell
