#include "ui/widgets/StateChart.h"

#include <QLocale>
#include <QPainter>
#include <QStyle>

namespace postern::widgets {

using namespace Qt::StringLiterals;

namespace {
constexpr int ringSize = 156;
constexpr int ringWidth = 22;
constexpr int legendWidth = 220;
constexpr double gapDegrees
    = 1.6; // between slices: they stay apart in high contrast and for colour-blind people
} // namespace

StateChart::StateChart(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void StateChart::setSlices(const QList<StateSlice>& slices, const QString& totalLabel)
{
    m_slices = slices;
    m_totalLabel = totalLabel;
    QStringList parts;
    for (const StateSlice& slice : slices)
        parts.append(tr("%1: %2").arg(slice.name, locale().toString(slice.count)));
    setAccessibleName(tr("Chart: %1 %2").arg(locale().toString(total()), totalLabel));
    setAccessibleDescription(parts.join(u", "_s));
    updateGeometry();
    update();
}

qint64 StateChart::total() const
{
    qint64 sum = 0;
    for (const StateSlice& slice : m_slices)
        sum += slice.count;
    return sum;
}

QSize StateChart::sizeHint() const
{
    const int lines = int(m_slices.size()) * (fontMetrics().height() + 10);
    return {ringSize + spacing::wide * 2 + legendWidth, std::max(ringSize, lines) + 2};
}

QSize StateChart::minimumSizeHint() const
{
    return sizeHint();
}

void StateChart::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const int ringLeft = mirrored ? width() - ringSize - 1 : 1;
    paintRing(painter, QRectF(ringLeft, 1, ringSize, ringSize).adjusted(11, 11, -11, -11));
    const int left = mirrored ? 0 : ringSize + spacing::wide * 2;
    paintLegend(painter, QRect(left, 0, width() - ringSize - spacing::wide * 2, height()));
}

void StateChart::paintRing(QPainter& painter, const QRectF& ring) const
{
    const qint64 sum = total();
    painter.setPen(QPen(toneFill(Tone::Neutral, palette()), ringWidth, Qt::SolidLine, Qt::FlatCap));
    if (sum == 0)
        painter.drawEllipse(ring);
    double angle = 90;
    for (const StateSlice& slice : m_slices) {
        if (slice.count == 0 || sum == 0)
            continue;
        const double span = 360.0 * double(slice.count) / double(sum);
        const double gap = span >= 359.9 ? 0 : std::min(gapDegrees, span / 3);
        painter.setPen(QPen(toneColor(slice.tone, palette()), ringWidth, Qt::SolidLine, Qt::FlatCap));
        painter.drawArc(ring, int((angle - span + gap / 2) * 16), int((span - gap) * 16));
        angle -= span;
    }
    QFont big = font();
    big.setPointSizeF(big.pointSizeF() * 1.8);
    big.setWeight(QFont::DemiBold);
    painter.setFont(big);
    painter.setPen(palette().color(QPalette::WindowText));
    const QRectF upper = ring.adjusted(0, -10, 0, -10);
    painter.drawText(upper, Qt::AlignCenter, locale().toString(sum));
    painter.setFont(font());
    painter.setPen(mutedText(palette()));
    painter.drawText(ring.translated(0, QFontMetrics(big).height() / 2.0), Qt::AlignCenter, m_totalLabel);
}

void StateChart::paintLegend(QPainter& painter, const QRect& area) const
{
    const int lineHeight = fontMetrics().height() + 10;
    int top = area.top() + (std::min(area.height(), ringSize) - int(m_slices.size()) * lineHeight) / 2;
    for (const StateSlice& slice : m_slices) {
        const QRect line(area.left(), top, std::min(area.width(), legendWidth), lineHeight);
        const QRect square = QStyle::visualRect(
            layoutDirection(), line, QRect(line.left(), line.top() + (lineHeight - 12) / 2, 12, 12));
        painter.setPen(Qt::NoPen);
        painter.setBrush(toneColor(slice.tone, palette()));
        painter.drawRoundedRect(square, 2, 2);
        painter.setPen(palette().color(QPalette::WindowText));
        const QRect text = QStyle::visualRect(layoutDirection(), line, line.adjusted(20, 0, 0, 0));
        painter.drawText(text, int(Qt::AlignVCenter | Qt::AlignLeading), slice.name);
        painter.drawText(text, int(Qt::AlignVCenter | Qt::AlignTrailing), locale().toString(slice.count));
        top += lineHeight;
    }
}

} // namespace postern::widgets
