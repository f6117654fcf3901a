// Paints grid cells: a state as icon and text, everything as plain text; a cell that does not fit says its
// whole text in a tool tip, never read as markup. GUI thread.
#pragma once

#include <QStyledItemDelegate>

#include "ui/grid/StateIcons.h"

namespace postern::grid {

class GridDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option,
        const QModelIndex& index) override;
    // What helpEvent shows: the model's tool tip, or the text when it is cut; empty: nothing.
    [[nodiscard]] QString toolTip(const QStyleOptionViewItem& option, const QModelIndex& index) const;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    StateIcons m_icons;
};

} // namespace postern::grid
