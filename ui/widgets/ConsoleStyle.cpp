#include "ui/widgets/ConsoleStyle.h"

#include <QStyleOption>

namespace postern::widgets {

ConsoleStyle::ConsoleStyle()
    : QProxyStyle(QStringLiteral("Fusion"))
{
}

QSize ConsoleStyle::sizeFromContents(
    ContentsType type, const QStyleOption* option, const QSize& size, const QWidget* widget) const
{
    QSize result = QProxyStyle::sizeFromContents(type, option, size, widget);
    switch (type) {
    case CT_PushButton:
        result.rwidth() += 16;
        result.setHeight(std::max(result.height() + 4, 28));
        break;
    case CT_LineEdit:
    case CT_ComboBox:
    case CT_SpinBox:
        result.setHeight(std::max(result.height() + 2, 28));
        break;
    case CT_ItemViewItem:
        result.setHeight(result.height() + 6);
        break;
    case CT_HeaderSection:
        result.setHeight(result.height() + 6);
        break;
    case CT_MenuItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
            item == nullptr || item->menuItemType != QStyleOptionMenuItem::Separator)
            result.rheight() += 4;
        break;
    case CT_TabBarTab:
        result += QSize(8, 2);
        break;
    default:
        break;
    }
    return result;
}

int ConsoleStyle::pixelMetric(PixelMetric metric, const QStyleOption* option, const QWidget* widget) const
{
    switch (metric) {
    case PM_HeaderMargin:
        return 6;
    case PM_FocusFrameHMargin: // cells of lists: a number at the right keeps its distance to the next text
        return 5;
    case PM_SmallIconSize:
    case PM_ListViewIconSize:
        return 16;
    case PM_MenuVMargin:
        return 4;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

// Smallest at the top is an arrow that points up, as administrators know it from their other consoles; Qt
// means the opposite outside of Windows.
void ConsoleStyle::drawPrimitive(
    PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option);
    if (element != PE_IndicatorHeaderArrow || header == nullptr) {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        return;
    }
    QStyleOptionHeader turned = *header;
    if (header->sortIndicator == QStyleOptionHeader::SortUp)
        turned.sortIndicator = QStyleOptionHeader::SortDown;
    else if (header->sortIndicator == QStyleOptionHeader::SortDown)
        turned.sortIndicator = QStyleOptionHeader::SortUp;
    QProxyStyle::drawPrimitive(element, &turned, painter, widget);
}

int ConsoleStyle::styleHint(
    StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const
{
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, data);
}

} // namespace postern::widgets
