#include "ui/widgets/ConsoleStyle.h"

#include <QPainter>
#include <QStyleOption>

#include "ui/widgets/Theme.h"

namespace postern::widgets {

namespace {

// Fusion outlines fields with a darker shade of the window: on a dark one an empty check box or field cannot
// be seen.
void outlineInDark(const QStyleOption& option, QPainter& painter, bool isRound)
{
    const bool focused = option.state.testFlag(QStyle::State_HasFocus);
    if (!isDark(option.palette) || (focused && !isRound))
        return;
    const bool enabled = option.state.testFlag(QStyle::State_Enabled);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(enabled ? mutedText(option.palette) : lineColor(option.palette));
    const QRectF frame = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5);
    isRound ? painter.drawEllipse(frame) : painter.drawRoundedRect(frame, 2, 2);
    painter.restore();
}

} // namespace

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
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        const bool isField = element == PE_PanelLineEdit && frame != nullptr && frame->lineWidth > 0;
        if (isField || element == PE_IndicatorCheckBox || element == PE_IndicatorRadioButton)
            outlineInDark(*option, *painter, element == PE_IndicatorRadioButton);
        return;
    }
    QStyleOptionHeader turned = *header;
    if (header->sortIndicator == QStyleOptionHeader::SortUp)
        turned.sortIndicator = QStyleOptionHeader::SortDown;
    else if (header->sortIndicator == QStyleOptionHeader::SortDown)
        turned.sortIndicator = QStyleOptionHeader::SortUp;
    QProxyStyle::drawPrimitive(element, &turned, painter, widget);
}

void ConsoleStyle::drawComplexControl(
    ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
    if (control == CC_SpinBox && spin != nullptr && spin->frame)
        outlineInDark(*option, *painter, false);
}

int ConsoleStyle::styleHint(
    StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const
{
    if (hint == SH_DialogButtonBox_ButtonsHaveIcons)
        return 0;
    return QProxyStyle::styleHint(hint, option, widget, data);
}

} // namespace postern::widgets
