// A donut of a few counted states with its legend: each slice has a name, a count and a tone, so colour is
// never alone; the whole reads as one sentence to screen readers. Painted by hand (no chart library for five
// arcs). GUI thread.
#pragma once

#include <QWidget>

#include "ui/widgets/Theme.h"

class QPainter;

namespace postern::widgets {

struct StateSlice
{
    QString key;
    QString name; // translated
    qint64 count = 0;
    Tone tone = Tone::Neutral;
    bool operator==(const StateSlice&) const = default;
};

class StateChart : public QWidget
{
    Q_OBJECT
public:
    explicit StateChart(QWidget* parent = nullptr);
    void setSlices(const QList<StateSlice>& slices, const QString& totalLabel);
    [[nodiscard]] qint64 total() const;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintRing(QPainter& painter, const QRectF& ring) const;
    void paintLegend(QPainter& painter, const QRect& area) const;
    QList<StateSlice> m_slices;
    QString m_totalLabel;
};

} // namespace postern::widgets
