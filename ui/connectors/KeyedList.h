// A short list (connectors, jobs: tens of rows) kept by key: an update touches only what differs, so
// selection, current row and scroll position stay. Sorts by column; the header's context menu chooses columns
// (SHL-06). GUI thread.
#pragma once

#include <QTreeWidget>
#include <vector>

#include "ui/widgets/Theme.h"

namespace postern::connectors {

struct ListCell
{
    QString text;
    QVariant sortValue; // by this instead of the text, e.g. a number or a time
    QString iconName{};
    widgets::Tone tone = widgets::Tone::Neutral;
};

struct ListRow
{
    qint64 key = 0;
    QList<ListCell> cells;
};

class KeyedList final : public QTreeWidget
{
    Q_OBJECT
public:
    KeyedList(const QString& accessibleName, const QStringList& headers, QWidget* parent = nullptr);
    void setRows(const QList<ListRow>& rows);
    [[nodiscard]] std::vector<qint64> selectedKeys() const;
    void selectKeys(const std::vector<qint64>& keys);
    [[nodiscard]] QTreeWidgetItem* itemOf(qint64 key) const;
    void copySelection() const; // tab-separated with header
    [[nodiscard]] QVariantMap saveState() const;
    void restoreState(const QVariantMap& state);

signals:
    void keysSelected();
    void rowActivated();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void showColumnMenu(const QPoint& at);
};

} // namespace postern::connectors
