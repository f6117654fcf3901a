#include "ui/widgets/Toast.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"

namespace postern::widgets {

using namespace Qt::StringLiterals;

namespace {
constexpr auto shownFor = std::chrono::seconds(8);
constexpr int toastWidth = 380;
} // namespace

QString toneIconName(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return u"ok"_s;
    case Tone::Warning:
        return u"warning"_s;
    case Tone::Bad:
        return u"error"_s;
    case Tone::Neutral:
    case Tone::Accent:
        break;
    }
    return u"info"_s;
}

Toast::Toast(QWidget* window)
    : QFrame(window)
    , m_mark(new QLabel(this))
    , m_title(new PlainLabel({}, PlainLabel::Look::Strong, this))
    , m_text(new PlainLabel({}, PlainLabel::Look::Body, this))
{
    setObjectName(u"toast"_s);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 12, 12, 12);
    row->setSpacing(spacing::normal);
    row->addWidget(m_mark, 0, Qt::AlignTop);
    auto* column = new QVBoxLayout;
    column->setSpacing(spacing::tight);
    m_title->setWordWrap(true);
    m_text->setWordWrap(true);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addStretch(1);
    row->addLayout(column, 1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(shownFor);
    connect(&m_timer, &QTimer::timeout, this, &QWidget::hide);
    window->installEventFilter(this);
    QFrame::hide();
}

void Toast::show(Tone tone, const QString& title, const QString& text)
{
    m_tone = tone;
    m_mark->setPixmap(icon(toneIconName(tone), tone).pixmap(20, 20));
    m_title->setText(title);
    m_text->setText(text);
    m_text->setVisible(!text.isEmpty());
    setAccessibleName(text.isEmpty() ? title : title + u". "_s + text);
    QFrame::show();
    place();
    raise();
    m_timer.start();
    QAccessibleEvent news(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&news);
}

QString Toast::title() const
{
    return m_title->text();
}

QString Toast::text() const
{
    return m_text->text();
}

void Toast::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF area = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setPen(lineColor(palette()));
    painter.setBrush(palette().color(QPalette::Base));
    painter.drawRoundedRect(area, 6, 6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(toneColor(m_tone, palette()));
    painter.drawRoundedRect(QRectF(area.left(), area.top() + 6, 3, area.height() - 12), 1.5, 1.5);
}

void Toast::mousePressEvent(QMouseEvent*)
{
    hide();
}

void Toast::enterEvent(QEnterEvent*)
{
    m_timer.stop(); // somebody is reading it
}

void Toast::leaveEvent(QEvent*)
{
    m_timer.start();
}

bool Toast::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible())
        place();
    return QFrame::eventFilter(watched, event);
}

void Toast::place()
{
    const int wide = std::min(toastWidth, parentWidget()->width() - 2 * spacing::wide);
    setFixedWidth(wide);
    layout()->activate();
    resize(wide, layout()->totalHeightForWidth(wide));
    move(parentWidget()->width() - wide - spacing::wide, parentWidget()->height() - height() - 44);
}

} // namespace postern::widgets
