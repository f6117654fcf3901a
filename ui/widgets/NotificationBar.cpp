#include "ui/widgets/NotificationBar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/widgets/IconSet.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Toast.h"

namespace postern::widgets {

using namespace Qt::StringLiterals;

namespace {

class NoticeLine final : public QWidget
{
public:
    NoticeLine(Tone tone, QWidget* parent)
        : QWidget(parent)
        , m_tone(tone)
    {
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), toneFill(m_tone, palette()));
        painter.fillRect(QRect(0, 0, 3, height()), toneColor(m_tone, palette()));
        painter.fillRect(QRect(0, height() - 1, width(), 1), lineColor(palette()));
    }

private:
    Tone m_tone;
};

} // namespace

NotificationBar::NotificationBar(QWidget* parent)
    : QWidget(parent)
    , m_lines(new QVBoxLayout(this))
{
    setObjectName(u"notificationBar"_s);
    setAccessibleName(tr("Notifications"));
    m_lines->setContentsMargins(0, 0, 0, 0);
    m_lines->setSpacing(0);
    hide();
}

void NotificationBar::setNotices(const QList<Notice>& notices)
{
    QList<Notice> shown;
    for (const Notice& notice : notices) {
        if (m_dismissed.value(notice.key) != notice.text)
            shown.append(notice);
    }
    if (shown == m_notices)
        return;
    m_notices = shown;
    rebuild();
}

QStringList NotificationBar::texts() const
{
    QStringList list;
    for (const Notice& notice : m_notices)
        list.append(notice.text);
    return list;
}

void NotificationBar::rebuild()
{
    while (QLayoutItem* item = m_lines->takeAt(0)) {
        item->widget()->hide(); // a button inside may be the sender
        item->widget()->deleteLater();
        delete item;
    }
    for (const Notice& notice : m_notices)
        m_lines->addWidget(makeLine(notice));
    setVisible(!m_notices.isEmpty());
}

QWidget* NotificationBar::makeLine(const Notice& notice)
{
    auto* line = new NoticeLine(notice.tone, this);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(12, 4, 8, 5);
    row->setSpacing(spacing::normal);
    auto* mark = new QLabel(line);
    mark->setPixmap(icon(toneIconName(notice.tone), notice.tone).pixmap(18, 18));
    auto* text = new PlainLabel(notice.text, PlainLabel::Look::Body, line);
    text->setWordWrap(true);
    row->addWidget(mark);
    row->addWidget(text, 1);
    if (!notice.action.isEmpty()) {
        auto* button = new QPushButton(notice.action, line);
        connect(
            button, &QPushButton::clicked, this, [this, target = notice.target] { emit activated(target); });
        row->addWidget(button);
    }
    if (notice.dismissible) {
        auto* close = new QToolButton(line);
        close->setIcon(icon(u"cancel"_s));
        close->setAutoRaise(true);
        close->setToolTip(tr("Dismiss"));
        close->setAccessibleName(tr("Dismiss: %1").arg(notice.text));
        connect(close, &QToolButton::clicked, this, [this, notice] {
            m_dismissed.insert(notice.key, notice.text);
            setNotices(QList<Notice>(m_notices));
        });
        row->addWidget(close);
    }
    return line;
}

} // namespace postern::widgets
