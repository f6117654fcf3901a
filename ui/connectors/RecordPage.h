// A node's page that is a short list of records (connectors, jobs) above the details of the selected one,
// with something else in place of both while there are none (SHL-05). GUI thread.
#pragma once

#include "ui/grid/ColumnLayout.h"
#include "ui/widgets/NodePage.h"

class QSplitter;
class QStackedWidget;
class QVBoxLayout;

namespace postern::grid {
class GridView;
}
namespace postern::items {
class IndexedTableModel;
}

namespace postern::connectors {

class RecordPage : public widgets::NodePage
{
    Q_OBJECT
public:
    [[nodiscard]] QVariantMap saveState() const override;
    void restoreState(const QVariantMap& state) override;
    void saveSettings(QSettings& settings) const override;
    void restoreSettings(QSettings& settings) override;
    void focusMain() override;
    void refresh() override { fill(); }
    bool copySelection() override;
    void selectAll() override;

protected:
    using NodePage::NodePage;
    struct ListText
    {
        QString accessibleName;
        QString objectName;
    };
    // The constructor of a subclass calls both, in this order.
    void buildList(const ListText& text, items::IndexedTableModel& model, grid::GridSort sort);
    void buildFrame(QWidget* details, QWidget* empty, const QList<int>& heights);
    void addAbove(QWidget* bar);
    void showEmpty(bool empty);
    [[nodiscard]] grid::GridView& list() const { return *m_list; }
    [[nodiscard]] std::vector<qint64> selectedKeys() const;

    virtual void fill() = 0; // the list, from the site
    virtual void fillDetails() = 0; // of what is selected
    void selectionMoved();

private:
    QVBoxLayout* m_column = nullptr;
    QStackedWidget* m_stack = nullptr;
    QSplitter* m_splitter = nullptr;
    grid::GridView* m_list = nullptr;
};

// Content that scrolls in a details pane.
[[nodiscard]] QWidget* scrolled(QWidget* content, QWidget* parent);

} // namespace postern::connectors
