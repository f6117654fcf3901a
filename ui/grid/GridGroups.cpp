// The part of GridView that shows groups: one band over all columns for a group's head, opened and shut by
// click, Space, Return, Left and Right.
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>

#include "ui/grid/GridView.h"
#include "ui/widgets/IconSet.h"
#include "ui/widgets/Theme.h"

using namespace Qt::StringLiterals;

namespace postern::grid {

namespace spacing = widgets::spacing;

void GridView::setGroupBy(std::optional<int> column)
{
    if (column && (!m_table || !m_table->canGroupBy(*column)))
        column.reset();
    if (column == m_groupBy)
        return;
    m_groupBy = column;
    m_sortedByUser = true; // the answer shows the current row, not the old place
    emit groupingChanged();
}

std::set<int> GridView::selectedRows() const
{
    std::set<int> rows;
    for (const QItemSelectionRange& range : selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            if (!m_table->isGroupRow(row))
                rows.insert(row);
        }
    }
    return rows;
}

void GridView::paintEvent(QPaintEvent* event)
{
    QTableView::paintEvent(event);
    if (!m_table || !m_groupBy || m_table->rowCount() == 0)
        return;
    QPainter painter(viewport());
    const int first = std::max(0, rowAt(0));
    for (int row = first; row < m_table->rowCount() && rowViewportPosition(row) < viewport()->height();
         ++row) {
        if (m_table->isGroupRow(row))
            paintGroupHead(painter, row);
    }
}

void GridView::paintGroupHead(QPainter& painter, int row)
{
    const auto head = m_table->groupHead(row);
    if (!head)
        return;
    const bool current = currentIndex().row() == row && hasFocus();
    const QRect band(0, rowViewportPosition(row), viewport()->width(), rowHeight(row));
    painter.fillRect(band, palette().color(QPalette::Base));
    painter.fillRect(band, widgets::toneFill(widgets::Tone::Accent, palette()));
    const int side = fontMetrics().height();
    const QRect arrow(band.left() + spacing::normal, band.center().y() - side / 2 + 1, side, side);
    const QIcon icon = widgets::icon(head->collapsed ? u"forward"_s : u"chevron-down"_s);
    icon.paint(&painter, arrow);
    painter.setPen(palette().color(QPalette::Text));
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    //: head of a group: %1 its title, %2 a number of rows
    const QString text = tr("%1 (%2)").arg(head->title, QLocale().toString(head->count));
    const QRect place = band.adjusted(2 * spacing::normal + side, 0, -spacing::normal, 0);
    painter.drawText(place, Qt::AlignVCenter | Qt::AlignLeft | Qt::TextSingleLine,
        QFontMetrics(bold).elidedText(text, Qt::ElideRight, place.width()));
    painter.setPen(
        current ? widgets::toneColor(widgets::Tone::Accent, palette()) : widgets::lineColor(palette()));
    if (current)
        painter.drawRect(band.adjusted(0, 0, -1, -1));
    else
        painter.drawLine(band.bottomLeft(), band.bottomRight());
}

void GridView::mousePressEvent(QMouseEvent* event)
{
    const int row = m_groupBy ? rowAt(int(event->position().y())) : -1;
    if (event->button() == Qt::LeftButton && m_table && m_table->isGroupRow(row)) {
        emit groupToggled(row);
        return;
    }
    QTableView::mousePressEvent(event);
}

bool GridView::toggleByKey(QKeyEvent* event)
{
    const int row = currentIndex().row();
    const auto head = m_groupBy && m_table ? m_table->groupHead(row) : std::nullopt;
    if (!head || event->modifiers().testFlag(Qt::ControlModifier))
        return false;
    const int key = event->key();
    const bool toggles = key == Qt::Key_Space || key == Qt::Key_Return || key == Qt::Key_Enter
        || (key == Qt::Key_Left && !head->collapsed) || (key == Qt::Key_Right && head->collapsed);
    if (toggles)
        emit groupToggled(row);
    return toggles;
}

} // namespace postern::grid
