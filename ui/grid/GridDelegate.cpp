#include "ui/grid/GridDelegate.h"

#include <QAbstractItemView>
#include <QHelpEvent>
#include <QToolTip>

using namespace Qt::StringLiterals;

namespace postern::grid {

void GridDelegate::initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const
{
    QStyledItemDelegate::initStyleOption(option, index);
    const QVariant kind = index.data(items::CodeKindRole);
    const QVariant code = index.data(items::CodeRole);
    if (!kind.isValid() || !code.isValid())
        return;
    option->icon = m_icons.icon(items::CodeKind(kind.toInt()), code.toInt());
    if (!option->icon.isNull())
        option->features |= QStyleOptionViewItem::HasDecoration;
}

QString GridDelegate::toolTip(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const QString own = index.data(Qt::ToolTipRole).toString();
    if (!own.isEmpty())
        return own;
    return sizeHint(option, index).width() > option.rect.width() ? index.data(Qt::DisplayRole).toString()
                                                                 : QString();
}

bool GridDelegate::helpEvent(
    QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem& option, const QModelIndex& index)
{
    if (event->type() != QEvent::ToolTip)
        return QStyledItemDelegate::helpEvent(event, view, option, index);
    const QString text = index.isValid() ? toolTip(option, index) : QString();
    if (text.isEmpty())
        QToolTip::hideText();
    else // QToolTip guesses at markup; escaped and wrapped, a name stays a name
        QToolTip::showText(event->globalPos(), u"<qt>%1</qt>"_s.arg(text.toHtmlEscaped()), view);
    return true;
}

} // namespace postern::grid
