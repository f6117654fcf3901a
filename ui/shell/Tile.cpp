#include "ui/shell/Tile.h"

#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/widgets/PlainLabel.h"

namespace postern::shell {

using widgets::PlainLabel;

Tile::Tile(const QString& title, QWidget* parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    setAccessibleName(title);
    m_column->setContentsMargins(16, 14, 16, 14);
    m_column->setSpacing(10);
    m_column->addWidget(new PlainLabel(title, PlainLabel::Look::Strong, this));
    m_column->addStretch(1);
}

QPushButton* Tile::addLink(const QString& text)
{
    auto* row = new QHBoxLayout;
    auto* button = new QPushButton(text, this);
    row->addWidget(button);
    row->addStretch(1);
    m_column->addLayout(row);
    return button;
}

void Tile::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(widgets::lineColor(palette()));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

void Tile::addWidget(QWidget* widget)
{
    m_column->insertWidget(m_column->count() - 1, widget); // above the stretch; links go below it
}

} // namespace postern::shell
