// Assets and Compliance > Users (SHL-32): quick search, the people of directory and Exchange, and the details
// of the selected one below. GUI thread; filtering and sorting happen on the thread pool.
#pragma once

#include <QTimer>

#include "models/items/UserViewWorker.h"
#include "ui/widgets/NodePage.h"

class QLineEdit;
class QSplitter;
class QToolButton;

namespace postern::grid {
class GridView;
}
namespace postern::site {
class SiteClient;
}
namespace postern::widgets {
class EmptyState;
class PlainLabel;
} // namespace postern::widgets

namespace postern::users {

class UserDetails;

class UsersPage final : public widgets::NodePage
{
    Q_OBJECT
public:
    explicit UsersPage(site::SiteClient& site, QWidget* parent = nullptr);

    [[nodiscard]] widgets::Selection selection() const override;
    [[nodiscard]] QVariantMap saveState() const override;
    void restoreState(const QVariantMap& state) override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(QSettings& settings) override;
    void focusMain() override;
    bool focusSearch() override;
    bool focusDetails() override;
    void refresh() override;
    bool copySelection() override;
    void selectAll() override;
    [[nodiscard]] QString statusText() const override;

    [[nodiscard]] grid::GridView& grid() const { return *m_grid; }
    [[nodiscard]] QLineEdit& searchBox() const { return *m_search; }
    [[nodiscard]] UserDetails& details() const { return *m_details; }
    [[nodiscard]] bool isSettled() const; // nothing typed is still to be searched, nothing is worked out

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void build();
    [[nodiscard]] QWidget* buildSearchLine();
    void connectParts();
    void applyQuery();
    void installed();
    void showDetails();
    void restoreSelection();

    site::SiteClient& m_site;
    items::UserTableModel* m_model;
    items::UserViewWorker* m_worker;
    QLineEdit* m_search = nullptr;
    widgets::PlainLabel* m_count = nullptr;
    QToolButton* m_columns = nullptr;
    QSplitter* m_splitter = nullptr;
    grid::GridView* m_grid = nullptr;
    UserDetails* m_details = nullptr;
    widgets::EmptyState* m_noUsers = nullptr;
    widgets::EmptyState* m_noMatch = nullptr;
    QTimer m_typing; // waits for a pause in typing
    QVariantMap m_toRestore; // selection that waits for its rows
};

} // namespace postern::users
